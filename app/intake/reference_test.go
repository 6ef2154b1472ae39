package intake_test

import (
	"compress/gzip"
	"encoding/csv"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"folkmoot/app/intake"
	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
)

// reference gives a path below the folder of reference data.
func reference(elements ...string) string {
	root := os.Getenv("FOLKMOOT_REFERENCE")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared", "reference")
	}
	return filepath.Join(append([]string{root}, elements...)...)
}

// referenceExports names the exports, and what other programs counted in them.
var referenceExports = []struct {
	name                                    string
	people, statements, rows, votes, hidden int
	url                                     string
}{
	{"15-per-hour-seattle", 339, 54, 2995, 2872, 23, "https://pol.is/2demo"},
	{"brexit-consensus", 204, 50, 5312, 5303, 0, "https://pol.is/7wmvbjcjhp"},
	{"scoop-hivemind.ubi", 234, 71, 7174, 7153, 1, "https://pol.is/4yy3sh84js"},
	{"vtaiwan.uberx", 1921, 197, 49997, 49443, 78, "https://pol.is/3phdex2kjf"},
}

func openReference(t testing.TB, name string) *intake.Polis {
	t.Helper()
	p, err := intake.OpenPolis(reference("polis", "exports", name), intake.PolisOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// readTable reads a whole member with the standard library's reader.
func readTable(t testing.TB, export, name string) [][]string {
	t.Helper()
	path := reference("polis", "exports", export, name)
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		file, err = os.Open(path + ".gz")
	}
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	in := csv.NewReader(file)
	if strings.HasSuffix(file.Name(), ".gz") {
		unpacked, err := gzip.NewReader(file)
		if err != nil {
			t.Fatal(err)
		}
		in = csv.NewReader(unpacked)
	}
	rows, err := in.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// fold applies items to an empty state, as a writer would after its checks.
func fold(t testing.TB, p *intake.Polis, items []moot.Item) *moot.View {
	t.Helper()
	state := moot.NewState(p.Session())
	for i, item := range items {
		e := oplog.Entry{Header: oplog.Header{Seq: uint64(i + 1), Time: oplog.Time{MS: uint64(i + 1)}, CID: item.CID, Kind: item.Payload.Kind()}}
		if err := state.Check(item.Payload); err != nil {
			var old *moot.Old
			if vote, ok := item.Payload.(*moot.SetVote); !ok || !errors.As(err, &old) || old.Rev < vote.Rev {
				t.Fatalf("item %d is refused: %v", i, err)
			}
		}
		state.ApplyPayload(e, item.Payload)
	}
	return state.View()
}

func TestReferenceCounts(t *testing.T) {
	for _, want := range referenceExports {
		t.Run(want.name, func(t *testing.T) {
			p := openReference(t, want.name)
			counts := intake.Counts{Rows: want.rows, Votes: want.votes, Statements: want.statements, Participants: want.people}
			if p.Counts != counts {
				t.Errorf("counts %+v, want %+v", p.Counts, counts)
			}
			if p.Reversed || p.AskSign || p.Flip || len(p.Warnings) > 0 || len(p.Skipped) > 0 {
				t.Errorf("reversed %t, ask %t, warnings %v, skipped %v", p.Reversed, p.AskSign, p.Warnings, p.Skipped)
			}
			if p.URL != want.url {
				t.Errorf("url %q, want %q", p.URL, want.url)
			}
		})
	}
}

// The matrix holds the newest vote of each pair, as Polis itself had folded them.
func TestReferenceMatrix(t *testing.T) {
	for _, want := range referenceExports {
		t.Run(want.name, func(t *testing.T) {
			p := openReference(t, want.name)
			view := fold(t, p, p.Items(nil))
			if view.Votes != want.votes || view.PeopleCount() != want.people || view.Here() != 0 {
				t.Errorf("view has %d votes of %d people, %d here", view.Votes, view.PeopleCount(), view.Here())
			}
			rows := readTable(t, want.name, "participants-votes.csv")
			if len(rows)-1 != want.people {
				t.Errorf("the matrix has %d people", len(rows)-1)
			}
			wrong := 0
			for _, row := range rows[1:] {
				voter, err := strconv.ParseInt(row[0], 10, 64)
				if err != nil {
					t.Fatal(err)
				}
				person := view.Person(p.Person(voter))
				if person == nil || person.Get(moot.PersonID) != row[0] || person.Source() != moot.Imported {
					t.Fatalf("voter %s is not among the people", row[0])
				}
				for i, cell := range row[6:] {
					comment, _ := strconv.ParseInt(rows[0][6+i], 10, 64)
					if cellOf(person.Vote(p.Statement(comment)).Value) != cell {
						wrong++
					}
				}
			}
			if wrong > 0 {
				t.Errorf("%d cells differ from the folded votes", wrong)
			}
		})
	}
}

func cellOf(v moot.Vote) string {
	return map[moot.Vote]string{moot.None: "", moot.Agree: "1", moot.Pass: "0", moot.Disagree: "-1"}[v]
}

func TestReferenceStatements(t *testing.T) {
	for _, want := range referenceExports {
		t.Run(want.name, func(t *testing.T) {
			p := openReference(t, want.name)
			view := fold(t, p, p.Items(nil))
			rows := readTable(t, want.name, "comments.csv")[1:]
			hidden := 0
			for i, s := range view.Statements {
				row := rows[i]
				if s.SourceID != row[2] || s.SourceAuthor != row[3] || s.Text != row[7] || strconv.Itoa(s.SourceMod) != row[6] || p.Zones.Timestamp(int64(s.Made)) != row[0] {
					t.Errorf("statement %d is %+v, want %v", i, s, row)
				}
				if s.Standing == moot.Hidden {
					hidden++
				}
			}
			if hidden != want.hidden || len(view.Statements) != want.statements {
				t.Errorf("%d statements, %d hidden; want %d, %d", len(view.Statements), hidden, want.statements, want.hidden)
			}
		})
	}
}

// The datetime column is text of the exporting machine's zone; what is kept of it
// gives every cell again.
func TestReferenceDatetime(t *testing.T) {
	for _, want := range referenceExports {
		t.Run(want.name, func(t *testing.T) {
			p := openReference(t, want.name)
			zones, err := intake.ParseZones(p.Zones.String())
			if err != nil {
				t.Fatal(err)
			}
			for _, name := range []string{"comments.csv", "votes.csv"} {
				for i, row := range readTable(t, want.name, name)[1:] {
					ms, _ := strconv.ParseInt(row[0], 10, 64)
					if got := zones.Format(ms); got != row[1] {
						t.Fatalf("%s, row %d: %q, want %q", name, i+2, got, row[1])
					}
				}
			}
		})
	}
}

func TestReferenceSameTwice(t *testing.T) {
	first, second := openReference(t, "vtaiwan.uberx"), openReference(t, "vtaiwan.uberx")
	a, b := first.Items(nil), second.Items(nil)
	seen := map[oplog.ItemID]bool{}
	for i := range a {
		if a[i].CID != b[i].CID {
			t.Fatalf("item %d has another id the second time", i)
		}
		if seen[a[i].CID] {
			t.Fatalf("item %d has the id of an earlier one", i)
		}
		seen[a[i].CID] = true
	}
}

func BenchmarkReferenceRead(b *testing.B) {
	for b.Loop() {
		p := openReference(b, "vtaiwan.uberx")
		if items := p.Items(nil); len(items) < p.Counts.Rows {
			b.Fatal(len(items))
		}
	}
}
