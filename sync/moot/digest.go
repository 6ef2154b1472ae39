package moot

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"maps"
	"slices"
	"strings"
)

// Digest gives a sum over everything that the session means, as 64 hexadecimal
// digits. Two replicas that hold the same entries have the same digest.
func (v *View) Digest() string {
	sum := sha256.New()
	fmt.Fprintf(sum, "folkmoot state 1\nsession %s\n", v.Session.ID)
	writeCells(sum, "field", v.Session.fields)
	for _, s := range v.Steps {
		fmt.Fprintf(sum, "step %q %q %q %d %d %t %d %d %v\n", s.ID, s.Kind, s.Title, s.Order, s.Minutes, s.Open, s.Started, s.Ends, s.Heads)
	}
	for _, s := range v.Statements {
		fmt.Fprintf(sum, "statement %s %q %q %s %s %q %t %t %q %v\n", s.ID, s.Text, s.Lang, s.Author, s.Standing, s.Reason, s.Seed, s.Meta, s.SourceID, s.Heads)
	}
	for _, p := range v.People() {
		p.digest(sum)
	}
	for _, p := range v.Plans {
		fmt.Fprintf(sum, "plan %s %d %q %d %v %v\n", p.ID, p.Round, p.Mode, p.Seed, p.Tables, p.Unseated)
	}
	return hex.EncodeToString(sum.Sum(nil))
}

func (p *Person) digest(sum hash.Hash) {
	fmt.Fprintf(sum, "person %s %t %v %d\n", p.ID, p.in.Value, p.in.Stamp, p.arrived)
	writeCells(sum, "is", p.fields)
	writeCells(sum, "answer", p.answers)
	writeVotes(sum, "vote", p.votes)
	writeVotes(sum, "late", p.late)
}

func writeCells[K ~string, V any](sum hash.Hash, word string, cells map[K]Cell[V]) {
	for _, key := range slices.Sorted(maps.Keys(cells)) {
		fmt.Fprintf(sum, "%s %q %q %v\n", word, key, fmt.Sprint(cells[key].Value), cells[key].Stamp)
	}
}

func writeVotes(sum hash.Hash, word string, cells map[StatementID]Cell[Vote]) {
	ids := slices.SortedFunc(maps.Keys(cells), func(a, b StatementID) int { return strings.Compare(string(a[:]), string(b[:])) })
	for _, id := range ids {
		fmt.Fprintf(sum, "%s %s %s %v\n", word, id, cells[id].Value, cells[id].Stamp)
	}
}
