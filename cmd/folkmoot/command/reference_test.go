package command_test

import (
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"folkmoot/cmd/folkmoot/crowd"
	"folkmoot/sync/oplog"
)

// table reads a CSV file, gzipped or not, as rows by column name.
func table(t *testing.T, parts ...string) []map[string]string {
	t.Helper()
	path := filepath.Join(parts...)
	file, err := os.Open(path)
	if os.IsNotExist(err) {
		file, err = os.Open(path + ".gz")
	}
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var from io.Reader = file
	if strings.HasSuffix(file.Name(), ".gz") {
		if from, err = gzip.NewReader(file); err != nil {
			t.Fatal(err)
		}
	}
	records, err := csv.NewReader(from).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var rows []map[string]string
	for _, record := range records[1:] {
		row := map[string]string{}
		for i, name := range records[0] {
			row[name] = record[i]
		}
		rows = append(rows, row)
	}
	return rows
}

// by gives rows under the value of a column.
func by(rows []map[string]string, column string) map[string]map[string]string {
	out := map[string]map[string]string{}
	for _, r := range rows {
		out[r[column]] = r
	}
	return out
}

type listed struct{ Sessions []struct{ ID, Title string } }

// What went in comes out: three votes of a new person and one hidden statement
// are the only differences between an import and its export.
func TestReferenceRoundTrip(t *testing.T) {
	source, data := reference(t, "polis", "exports", "vtaiwan.uberx"), t.TempDir()
	var imported struct {
		ID       string
		Imported struct{ Rows, Votes, Statements, Participants int }
	}
	runJSON(t, data, &imported, "import", "polis", source)
	if got := imported.Imported; got.Rows != 49997 || got.Votes != 49443 || got.Statements != 197 || got.Participants != 1921 {
		t.Errorf("imported %+v, want 49997 rows, 49443 votes, 197 statements, 1921 people", got)
	}
	hub := serve(t, data, freeAddress(t))
	room := lookAt(t, hub)
	phone := joined(t, room)
	for i := range 3 {
		deliver(t, phone, crowd.Vote(room.Statements[i], i))
	}
	run(t, data, "statement", "hide", imported.ID, "0", "--reason", "a test")
	hub.interrupt()
	hub = serve(t, data, freeAddress(t)) // restarted: nothing is lost
	hub.interrupt()
	var packed struct{ Folder string }
	runJSON(t, data, &packed, "export", imported.ID, "--to", t.TempDir(), "--as", "polis-zip")
	out := filepath.Join(packed.Folder, "private", "polis-zip")
	compareVotes(t, table(t, source, "votes.csv"), table(t, out, "votes.csv"))
	compareComments(t, source, out)
	compareMatrix(t, source, out)

	var again struct {
		Imported struct{ Rows, Votes, Statements, Participants int }
	}
	runJSON(t, data, &again, "import", "polis", source)
	if again.Imported != (struct{ Rows, Votes, Statements, Participants int }{}) {
		t.Errorf("a second import added %+v", again.Imported)
	}
	var sessions listed
	runJSON(t, data, &sessions, "session", "list")
	if len(sessions.Sessions) != 1 {
		t.Errorf("%d sessions after a second import", len(sessions.Sessions))
	}
}

func compareVotes(t *testing.T, source, out []map[string]string) {
	t.Helper()
	key := func(r map[string]string) string {
		return strings.Join([]string{r["timestamp"], r["datetime"], r["comment-id"], r["voter-id"], r["vote"]}, "|")
	}
	left := map[string]int{}
	for _, r := range source {
		left[key(r)]++
	}
	var fresh []map[string]string
	for _, r := range out {
		if left[key(r)] == 0 {
			fresh = append(fresh, r)
			continue
		}
		left[key(r)]--
	}
	for k, n := range left {
		if n != 0 {
			t.Errorf("%d rows of votes.csv are missing: %s", n, k)
		}
	}
	if len(fresh) != 3 {
		t.Fatalf("%d new rows in votes.csv, want 3: %v", len(fresh), fresh)
	}
	for _, r := range fresh {
		if r["voter-id"] != fresh[0]["voter-id"] || by(source, "voter-id")[r["voter-id"]] != nil {
			t.Errorf("the new votes are not those of one new person: %v", fresh)
		}
	}
}

func compareComments(t *testing.T, source, out string) {
	t.Helper()
	was, is := by(table(t, source, "comments.csv"), "comment-id"), by(table(t, out, "comments.csv"), "comment-id")
	if len(was) != len(is) {
		t.Errorf("%d comments, want %d", len(is), len(was))
	}
	for id, old := range was {
		for _, column := range []string{"timestamp", "author-id", "comment-body", "moderated"} {
			want := old[column]
			if id == "0" && column == "moderated" {
				want = "-1"
			}
			if got := is[id][column]; got != want {
				t.Errorf("comment %s, %s: %q, want %q", id, column, got, want)
			}
		}
	}
}

// compareMatrix compares the cells; the new person's row is the only one more.
func compareMatrix(t *testing.T, source, out string) {
	t.Helper()
	was, is := by(table(t, source, "participants-votes.csv"), "participant"), by(table(t, out, "participants-votes.csv"), "participant")
	if len(is) != len(was)+1 {
		t.Errorf("%d people in the matrix, want %d", len(is), len(was)+1)
	}
	for id, old := range was {
		for column, want := range old {
			if _, err := strconv.Atoi(column); err != nil && column != "n-votes" {
				continue // a header that is no statement's: group-id and counts are our own
			}
			if got := is[id][column]; got != want {
				t.Errorf("participant %s, %s: %q, want %q", id, column, got, want)
			}
		}
	}
}

func TestReferenceImportsAll(t *testing.T) {
	data := t.TempDir()
	for _, c := range []struct {
		name                string
		people, rows, votes int
	}{{"15-per-hour-seattle", 339, 2995, 2872}, {"brexit-consensus", 204, 5312, 5303}, {"scoop-hivemind.ubi", 234, 7174, 7153}} {
		var got struct {
			Imported struct{ Rows, Votes, Participants int }
		}
		runJSON(t, data, &got, "import", "polis", reference(t, "polis", "exports", c.name))
		if i := got.Imported; i.Participants != c.people || i.Rows != c.rows || i.Votes != c.votes {
			t.Errorf("%s: %+v, want %+v", c.name, i, c)
		}
	}
}

func TestReferenceSeedStatements(t *testing.T) {
	data, list := t.TempDir(), reference(t, "workshop", "seed-statements.md")
	run(t, data, "session", "new", "--title", "Seeds")
	_, said, status := try(t, data, "import", "statements", list)
	if status != 2 || !strings.Contains(said, `"English"  (8 statements)`) || !strings.Contains(said, `"繁體中文"  (14 statements)`) {
		t.Errorf("exit status %d, said\n%s", status, said)
	}
	run(t, data, "import", "statements", list, "--list", "繁體中文")
	var sessions listed
	runJSON(t, data, &sessions, "session", "list")
	shown := run(t, data, "session", "show", sessions.Sessions[0].ID)
	if got := strings.Count(shown, "approved"); got != 14 || strings.ContainsAny(shown, "•*") || strings.Contains(shown, "  - ") {
		t.Errorf("%d statements, or bullets are left:\n%s", got, shown)
	}
}

// The groups of the polis engine, by way of the command, are those of the
// original program from a cold start.
func TestReferencePolisGroups(t *testing.T) {
	for _, name := range []string{"brexit-consensus", "15-per-hour-seattle"} {
		var want struct {
			Bases []struct {
				ID      int
				Members []int
			} `json:"base-clusters"`
			Groups []struct{ Members []int } `json:"group-clusters"`
		}
		readGzip(t, reference(t, "polis", "cold-start", name+".json.gz"), &want)
		var got struct {
			Bases struct {
				ID      []int
				Members [][]int
			} `json:"base-clusters"`
			Groups []struct{ Members []int } `json:"group-clusters"`
		}
		runJSON(t, t.TempDir(), &got, "map", "--polis", reference(t, "polis", "exports", name), "--engine", "polis")
		wantBases, gotBases := map[int][]int{}, map[int][]int{}
		for _, b := range want.Bases {
			wantBases[b.ID] = b.Members
		}
		for i, id := range got.Bases.ID {
			gotBases[id] = got.Bases.Members[i]
		}
		partition := func(groups []struct{ Members []int }, bases map[int][]int) []string {
			var out []string
			for _, g := range groups {
				var people []int
				for _, b := range g.Members {
					people = append(people, bases[b]...)
				}
				slices.Sort(people)
				out = append(out, fmt.Sprint(people))
			}
			slices.Sort(out)
			return out
		}
		if w, g := partition(want.Groups, wantBases), partition(got.Groups, gotBases); !reflect.DeepEqual(w, g) || len(w) < 2 {
			t.Errorf("%s: groups\n%v\nwant\n%v", name, g, w)
		}
	}
}

func readGzip(t *testing.T, path string, into any) {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	unpacked, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.NewDecoder(unpacked).Decode(into); err != nil {
		t.Fatal(err)
	}
}

type planned struct {
	E      float64
	Rounds []struct {
		Tables []struct {
			Seats []struct{ Participant, Group string }
		}
	}
	Fairness struct{ Unseated, Unmet []any }
}

// seatsOf checks that everybody sits once and every table has 4 to 8 seats.
func seatsOf(t *testing.T, name string, p planned) (people int) {
	t.Helper()
	seen := map[string]bool{}
	for _, table := range p.Rounds[0].Tables {
		if n := len(table.Seats); n < 4 || n > 8 {
			t.Errorf("%s: a table of %d", name, n)
		}
		for _, s := range table.Seats {
			if seen[s.Participant] {
				t.Errorf("%s: %s sits twice", name, s.Participant)
			}
			seen[s.Participant] = true
		}
	}
	if len(p.Fairness.Unseated) > 0 {
		t.Errorf("%s: left over: %v", name, p.Fairness.Unseated)
	}
	return len(seen)
}

func TestReferenceTables(t *testing.T) {
	data, hall := t.TempDir(), reference(t, "groups", "hall-40.json")
	var expected struct {
		Instances map[string]struct {
			Rules struct {
				Best float64 `json:"best_found"`
			} `json:"with_pairs_locks_needs"`
		}
	}
	raw, err := os.ReadFile(reference(t, "groups", "expected.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, &expected); err != nil {
		t.Fatal(err)
	}
	var mixed planned
	runJSON(t, data, &mixed, "tables", "--instance", hall, "--mode", "mixed")
	if best := expected.Instances["hall-40"].Rules.Best; mixed.E > 1.1*best || seatsOf(t, "mixed", mixed) != 40 {
		t.Errorf("mixed: E %.4f, best found %.4f", mixed.E, best)
	}
	var alike planned
	runJSON(t, data, &alike, "tables", "--instance", hall, "--mode", "alike")
	same, pairs := 0, 0
	for _, table := range alike.Rounds[0].Tables {
		for i, a := range table.Seats {
			for _, b := range table.Seats[:i] {
				pairs++
				if a.Group == b.Group {
					same++
				}
			}
		}
	}
	if seatsOf(t, "alike", alike) != 40 || float64(same) < 0.9*float64(pairs) {
		t.Errorf("alike: %d of %d pairs share a group", same, pairs)
	}
	run(t, data, "import", "polis", reference(t, "polis", "exports", "vtaiwan.uberx"))
	first := run(t, data, "tables", "--size", "4-8", "--json")
	var large planned
	if err := json.Unmarshal([]byte(first), &large); err != nil {
		t.Fatal(err)
	}
	if n := seatsOf(t, "vtaiwan", large); n != 1218 {
		t.Errorf("vtaiwan: %d people seated, 1218 are on the map", n)
	}
	if again := run(t, data, "tables", "--size", "4-8", "--json"); again != first {
		t.Error("the same seed gives another plan")
	}
}

// Every vote that a rehearsal was told is received stands in the exported log once.
func TestRehearsalIsInTheLog(t *testing.T) {
	data := t.TempDir()
	hub := serve(t, data, freeAddress(t), "--sample", "--rehearsal")
	entries := func() map[string]int {
		var packed struct{ Folder string }
		runJSON(t, data, &packed, "export", "518369f8", "--to", t.TempDir(), "--as", "log")
		raw, err := os.ReadFile(filepath.Join(packed.Folder, "private", "log.jsonl"))
		if err != nil {
			t.Fatal(err)
		}
		kinds := map[string]int{}
		seen := map[oplog.ItemID]bool{}
		for line := range strings.Lines(string(raw)) {
			var entry struct {
				CID  oplog.ItemID
				Kind string
			}
			if err := json.Unmarshal([]byte(line), &entry); err != nil {
				t.Fatalf("%v in %s", err, line)
			}
			if seen[entry.CID] && entry.Kind != oplog.KindPair {
				t.Errorf("item %s stands in the log twice", entry.CID)
			}
			seen[entry.CID] = true
			kinds[entry.Kind]++
		}
		return kinds
	}
	before := entries()
	var report struct {
		People, Sent, Acknowledged int
		Refused                    map[string]int
	}
	runJSON(t, data, &report, "rehearse", "--url", hub.base, "--people", "60", "--minutes", "0.1")
	after := entries()
	if report.People != 60 || report.Acknowledged != report.Sent || report.Sent < 400 || len(report.Refused) > 0 {
		t.Errorf("rehearsal: %+v", report)
	}
	if got := after["vote"] + after["answer"] - before["vote"] - before["answer"]; got != report.Acknowledged {
		t.Errorf("%d votes and answers more in the log, %d were acknowledged", got, report.Acknowledged)
	}
	hub.interrupt()
	hub = serve(t, data, freeAddress(t), "--sample")
	if _, said, status := try(t, data, "rehearse", "--session", "518369f8", "--people", "5", "--minutes", "0"); status != 0 {
		t.Errorf("a rehearsal on a copy: exit status %d\n%s", status, said)
	}
	hub.interrupt()
}
