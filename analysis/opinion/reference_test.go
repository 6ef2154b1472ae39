package opinion_test

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"folkmoot/analysis/opinion"
)

// votes turns the figures into votes; indices stand for the ids in ascending order.
func (c conversation) votes(t testing.TB) opinion.Votes {
	t.Helper()
	values := map[rune]int8{'+': opinion.Agree, '0': opinion.Pass, '-': opinion.Disagree}
	var votes []opinion.Vote
	for p, row := range c.Rows {
		for s, sign := range row {
			if value, voted := values[sign]; voted {
				votes = append(votes, opinion.Vote{Participant: p, Statement: s, Value: value})
			}
		}
	}
	return mustVotes(t, len(c.Participants), len(c.Statements), votes)
}

// cell is one vote by ids, +1 agree, at a time in ms.
type cell struct{ participant, statement, value, time int }

// newConversation folds votes, the later ones replacing earlier ones on the same
// statement.
func newConversation(cells []cell) conversation {
	latest := map[[2]int]int{}
	var c conversation
	for _, one := range cells {
		latest[[2]int{one.participant, one.statement}] = one.value
		c.Participants = append(c.Participants, one.participant)
		c.Statements = append(c.Statements, one.statement)
	}
	slices.Sort(c.Participants)
	slices.Sort(c.Statements)
	c.Participants = slices.Compact(c.Participants)
	c.Statements = slices.Compact(c.Statements)
	for _, p := range c.Participants {
		var row strings.Builder
		for _, s := range c.Statements {
			sign := byte('.')
			if value, voted := latest[[2]int{p, s}]; voted {
				sign = "-0+"[value+1]
			}
			row.WriteByte(sign)
		}
		c.Rows = append(c.Rows, row.String())
	}
	return c
}

// referenceFile reads a file of the reference data, gzipped or not.
func referenceFile(t testing.TB, parts ...string) []byte {
	t.Helper()
	root := os.Getenv("FOLKMOOT_REFERENCE")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared", "reference")
	}
	path := filepath.Join(append([]string{root, "polis"}, parts...)...)
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		path += ".gz"
		data, err = os.ReadFile(path)
	}
	if err != nil {
		t.Fatalf("reference data: %v (FOLKMOOT_REFERENCE names its folder)", err)
	}
	if strings.HasSuffix(path, ".gz") {
		return unzip(t, data)
	}
	return data
}

func unzip(t testing.TB, data []byte) []byte {
	t.Helper()
	reader, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := io.ReadAll(reader)
	if err != nil {
		t.Fatal(err)
	}
	return plain
}

func decode(t testing.TB, data []byte, into any) {
	t.Helper()
	if err := json.Unmarshal(data, into); err != nil {
		t.Fatal(err)
	}
}

// exported reads a conversation from votes.csv.
func exported(t testing.TB, name string) conversation {
	t.Helper()
	return newConversation(exportedCells(t, name))
}

// exportedCells reads votes.csv, where lines come in order of time for each participant
// and statement.
func exportedCells(t testing.TB, name string) []cell {
	t.Helper()
	lines, err := csv.NewReader(bytes.NewReader(referenceFile(t, "exports", name, "votes.csv"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var cells []cell
	for _, line := range lines[1:] {
		var figures [5]int
		for _, i := range []int{0, 2, 3, 4} {
			if figures[i], err = strconv.Atoi(line[i]); err != nil {
				t.Fatal(err)
			}
		}
		cells = append(cells, cell{participant: figures[3], statement: figures[2], value: figures[4], time: figures[0]})
	}
	return inTime(cells)
}

// produced reads a conversation from the votes.json of the production service.
func produced(t testing.TB, name string) conversation {
	t.Helper()
	return newConversation(producedCells(t, name))
}

func producedCells(t testing.TB, name string) []cell {
	t.Helper()
	var records []struct {
		Pid, Tid      *int
		ParticipantID int `json:"participant_id"`
		StatementID   int `json:"statement_id"`
		Vote          int
		Modified      json.RawMessage // ms, as a number or in quotes
	}
	decode(t, referenceFile(t, "production", name, "votes.json"), &records)
	var cells []cell
	for _, r := range records {
		time, err := strconv.ParseFloat(strings.Trim(string(r.Modified), `"`), 64)
		if err != nil {
			t.Fatal(err)
		}
		if name == "legacy-2017-ubi" { // the sign of Polis itself
			r.Vote = -r.Vote
		}
		one := cell{r.ParticipantID, r.StatementID, r.Vote, int(time)}
		if r.Pid != nil && r.Tid != nil {
			one.participant, one.statement = *r.Pid, *r.Tid
		}
		cells = append(cells, one)
	}
	return inTime(cells)
}

// inTime sorts votes by time, keeping the order of those at the same time.
func inTime(cells []cell) []cell {
	slices.SortStableFunc(cells, func(a, b cell) int { return a.time - b.time })
	return cells
}
