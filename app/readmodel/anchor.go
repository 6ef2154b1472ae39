package readmodel

import (
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strings"

	"folkmoot/sync/moot"
)

// anchorsPerGroup is how many people of each group an anchor names, and anchorBytes
// how much of their ids: few enough for a field, enough to turn a map by.
const (
	anchorsPerGroup = 8
	anchorBytes     = 8
)

// Anchor says in a few words how the map lies and what its groups are called, so
// that a map which is made anew, for the report a week later say, has the same
// letters in the same places; "" where there is no map. It is for the record, which
// knows everybody's votes anyhow, and for no screen or public file.
func (v *View) Anchor() string {
	if v.Scene == nil {
		return ""
	}
	named := map[string]int{}
	var lines []string
	ids := slices.SortedFunc(slices.Values(v.onMap), func(a, b moot.ParticipantID) int { return slices.Compare(a[:], b[:]) })
	for _, id := range ids {
		letter := v.letter[id]
		if letter == "" || !v.Map.GroupsFound {
			letter = "-"
		}
		if named[letter]++; named[letter] > anchorsPerGroup {
			continue
		}
		at := v.at[id]
		lines = append(lines, fmt.Sprintf("%s %s %.3g %.3g", hex.EncodeToString(id[:anchorBytes]), letter, at.x, at.y))
	}
	return strings.Join(lines, ";")
}

// anchored gives what is left of the map that the host showed last, to lay a new one
// like it; nil where none was shown. What cannot be read is passed over.
func anchored(record *moot.View) *View {
	text := record.Session.Get(moot.MapAnchor)
	if text == "" {
		return nil
	}
	people := map[string]moot.ParticipantID{}
	for _, p := range record.People() {
		people[hex.EncodeToString(p.ID[:anchorBytes])] = p.ID
	}
	last := &View{at: map[moot.ParticipantID]point{}, letter: map[moot.ParticipantID]string{}}
	letters := map[string]bool{}
	for line := range strings.SplitSeq(text, ";") {
		var short, letter string
		var at point
		if n, err := fmt.Sscan(line, &short, &letter, &at.x, &at.y); n != 4 || err != nil {
			continue
		}
		id, ok := people[short]
		if !ok {
			continue
		}
		last.at[id] = at
		if letter != "-" {
			last.letter[id] = letter
			letters[letter] = true
		}
	}
	if len(letters) > 1 {
		last.Map.K, last.Map.GroupsFound = len(letters), true
	}
	return last
}

// KeepAnchor writes down how the map lies; a host who shows it does so. No items
// where there is no map, or nothing new to write.
func KeepAnchor(record *moot.View, v *View, ids io.Reader) ([]moot.Item, error) {
	text := v.Anchor()
	if text == "" || text == record.Session.Get(moot.MapAnchor) {
		return nil, nil
	}
	m := &itemMaker{ids: ids}
	m.setField(record, moot.MapAnchor, text)
	return m.done()
}
