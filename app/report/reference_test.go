package report_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/ed25519"
	"encoding/csv"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"folkmoot/app/intake"
	"folkmoot/app/readmodel"
	"folkmoot/app/report"
	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
)

// reference gives the folder of a published export.
func reference(t *testing.T, name string) string {
	t.Helper()
	root := os.Getenv("FOLKMOOT_REFERENCE")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared", "reference")
	}
	dir := filepath.Join(root, "polis", "exports", name)
	if _, err := os.Stat(dir); err != nil {
		t.Fatalf("the reference data is not there (set FOLKMOOT_REFERENCE): %v", err)
	}
	return dir
}

// sourceRows reads a CSV file of a published export.
func sourceRows(t *testing.T, dir, name string) [][]string {
	t.Helper()
	file, err := os.Open(filepath.Join(dir, name))
	var in io.Reader = file
	if err != nil {
		if file, err = os.Open(filepath.Join(dir, name+".gz")); err != nil {
			t.Fatal(err)
		}
		if in, err = gzip.NewReader(file); err != nil {
			t.Fatal(err)
		}
	}
	defer file.Close()
	return rows(t, in)
}

func rows(t *testing.T, in io.Reader) [][]string {
	t.Helper()
	reader := csv.NewReader(in)
	reader.FieldsPerRecord = -1
	list, err := reader.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// importSession folds an import into a session, entry by entry.
func importSession(t *testing.T, items []moot.Item, session oplog.SessionID) (*moot.View, []oplog.Entry) {
	t.Helper()
	seed := [32]byte{3}
	state := moot.NewState(session)
	writer := oplog.NewWriter(session, ed25519.NewKeyFromSeed(seed[:]), oplog.Head{}, oplog.NewClock(oplog.Time{}), rand.NewChaCha8(seed))
	entries := make([]oplog.Entry, 0, len(items))
	for _, item := range items {
		draft, err := item.Draft()
		if err != nil {
			t.Fatal(err)
		}
		e, err := writer.Write(draft, 1_700_000_000_000)
		if err != nil {
			t.Fatal(err)
		}
		state.ApplyPayload(e, item.Payload)
		entries = append(entries, e)
	}
	return state.View(), entries
}

// An imported conversation comes out as it went in: every row of votes.csv and of the
// matrix, every text, every time.
func TestReferencePolisComesOutAsItWentIn(t *testing.T) {
	for _, name := range []string{"vtaiwan.uberx", "brexit-consensus", "15-per-hour-seattle"} {
		dir := reference(t, name)
		read, err := intake.OpenPolis(dir, intake.PolisOptions{})
		if err != nil {
			t.Fatal(err)
		}
		view, entries := importSession(t, read.Items(nil), read.Session())
		start := time.Now()
		v, err := readmodel.Build(context.Background(), view, readmodel.Options{})
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: %d people, %d on the map, view in %v", name, len(v.People), v.Counts.OnMap, time.Since(start).Round(time.Millisecond))
		s, err := report.NewSource(v, report.Options{Random: rand.NewChaCha8([32]byte{}), Now: time.UnixMilli(1_700_000_000_000),
			Entries: func(yield func(oplog.Entry) bool) error {
				for _, e := range entries {
					if !yield(e) {
						break
					}
				}
				return nil
			}})
		if err != nil {
			t.Fatal(err)
		}
		var m report.Memory
		if err := report.WritePolisZip(&m, s); err != nil {
			t.Fatal(err)
		}
		sameVotes(t, name, sourceRows(t, dir, "votes.csv"), rows(t, bytes.NewReader(m.File("votes.csv"))))
		sameMatrix(t, name, sourceRows(t, dir, "participants-votes.csv"), rows(t, bytes.NewReader(m.File("participants-votes.csv"))))
		sameTexts(t, name, sourceRows(t, dir, "comments.csv"), rows(t, bytes.NewReader(m.File("comments.csv"))))
	}
}

func sameVotes(t *testing.T, name string, want, got [][]string) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d rows of votes, want %d", name, len(got), len(want))
	}
	for i := range want {
		if !slices.Equal(got[i], want[i]) {
			t.Fatalf("%s: row %d of votes.csv: got %q, want %q", name, i+1, got[i], want[i])
		}
	}
}

// sameMatrix compares all columns but group-id, which is Polis's own history.
func sameMatrix(t *testing.T, name string, want, got [][]string) {
	t.Helper()
	byPerson := func(list [][]string) map[string][]string {
		all := map[string][]string{}
		for _, row := range list {
			row = slices.Clone(row)
			row[1] = ""
			all[row[0]] = row
		}
		return all
	}
	a, b := byPerson(want), byPerson(got)
	if !maps.EqualFunc(a, b, slices.Equal) {
		for id, row := range a {
			if !slices.Equal(row, b[id]) {
				t.Fatalf("%s: participant %s: got %q, want %q", name, id, b[id], row)
			}
		}
		t.Fatalf("%s: %d people, want %d", name, len(b), len(a))
	}
}

// sameTexts compares id, author, moderation, time and text, in order.
func sameTexts(t *testing.T, name string, want, got [][]string) {
	t.Helper()
	pick := func(list [][]string, columns ...string) [][]string {
		var out [][]string
		for _, row := range list[1:] {
			var cells []string
			for _, column := range columns {
				cells = append(cells, row[slices.Index(list[0], column)])
			}
			out = append(out, cells)
		}
		return out
	}
	columns := []string{"timestamp", "comment-id", "author-id", "moderated", "comment-body"}
	a, b := pick(want, columns...), pick(got, columns...)
	for i := range a {
		if i >= len(b) || !slices.Equal(a[i], b[i]) {
			t.Fatalf("%s: row %d of comments.csv: got %q, want %q", name, i+1, b[min(i, len(b)-1)], a[i])
		}
	}
}
