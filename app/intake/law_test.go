package intake_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"pgregory.net/rapid"

	"folkmoot/app/intake"
	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
)

// table writes columns in the given order with the standard library's writer.
func table(order []string, rows []map[string]string, crlf bool) string {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.UseCRLF = crlf
	w.Write(order)
	for _, row := range rows {
		cells := make([]string, len(order))
		for i, name := range order {
			cells[i] = row[name]
		}
		w.Write(cells)
	}
	w.Flush()
	return b.String()
}

// Whatever the order of the columns, the unit of time and the ends of lines: what
// was written is read, and folds into the newest vote of each pair.
func TestLawWrittenIsRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[a-z"',;燈樹][ -~\n燈樹]{0,40}[a-z"燈樹]`)
		crlf := rapid.Bool().Draw(t, "crlf")
		unit := rapid.SampledFrom([]int64{1, 1000}).Draw(t, "unit")
		n := rapid.IntRange(1, 8).Draw(t, "statements")
		comments := make([]map[string]string, n)
		for i := range comments {
			comments[i] = map[string]string{"timestamp": "1435654192", "comment-id": strconv.Itoa(3 * i), "author-id": "1", "moderated": strconv.Itoa(i%3 - 1), "comment-body": text.Draw(t, "text")}
		}
		last, when := map[[2]int]int{}, map[[2]int]int64{}
		var votes []map[string]string
		for range rapid.IntRange(0, 60).Draw(t, "votes") {
			pair := [2]int{rapid.IntRange(0, n-1).Draw(t, "statement"), rapid.IntRange(0, 5).Draw(t, "voter")}
			value, second := rapid.IntRange(-1, 1).Draw(t, "vote"), 1435654192+rapid.Int64Range(0, 20).Draw(t, "second")
			votes = append(votes, map[string]string{"timestamp": strconv.FormatInt(second*(1000/unit), 10), "comment-id": strconv.Itoa(3 * pair[0]), "voter-id": strconv.Itoa(pair[1]), "vote": strconv.Itoa(value)})
			if second >= when[pair] {
				last[pair], when[pair] = value, second
			}
		}
		order := func(rows map[string]string) []string {
			return rapid.Permutation(slices.Sorted(maps.Keys(rows))).Draw(t, "order")
		}
		files := map[string]string{
			"comments.csv": table(order(comments[0]), comments, crlf),
			"votes.csv":    table(order(map[string]string{"timestamp": "", "comment-id": "", "voter-id": "", "vote": ""}), votes, crlf),
		}
		p, err := read(files)
		if err != nil {
			t.Fatalf("%v in %q", err, files)
		}
		for i, s := range p.Statements {
			if s.Text != comments[i]["comment-body"] || s.ID != int64(3*i) || int(s.Moderated) != i%3-1 {
				t.Fatalf("statement %d is %+v", i, s)
			}
		}
		if p.Counts.Votes != len(last) || p.Counts.Rows != len(votes) {
			t.Fatalf("counts %+v of %d votes, %d last", p.Counts, len(votes), len(last))
		}
		view := state(p.Session(), p.Items(nil)).View()
		for pair, value := range last {
			got := view.Person(p.Person(int64(pair[1]))).Vote(p.Statement(int64(3 * pair[0]))).Value
			if cellOf(got) != strconv.Itoa(value) {
				t.Fatalf("vote of %d on %d is %s, want %d", pair[1], pair[0], got, value)
			}
		}
	})
}

// state folds items in their order.
func state(session oplog.SessionID, items []moot.Item) *moot.State {
	s := moot.NewState(session)
	for i, item := range items {
		s.ApplyPayload(oplog.Entry{Header: oplog.Header{Seq: uint64(i + 1), Time: oplog.Time{MS: uint64(i + 1)}, CID: item.CID}}, item.Payload)
	}
	return s
}

// checkItems says whether the record takes items: their bytes are read again, no
// id is there twice, and only revisions of votes may repeat.
func checkItems(t *testing.T, session oplog.SessionID, items []moot.Item) {
	s := moot.NewState(session)
	seen := map[oplog.ItemID]bool{}
	for i, item := range items {
		draft, err := item.Draft()
		if err != nil {
			t.Fatalf("item %d: %v", i, err)
		}
		if _, err := moot.Decode(draft.Kind, draft.Schema, draft.Payload); err != nil {
			t.Fatalf("item %d: %v", i, err)
		}
		if seen[item.CID] {
			t.Fatalf("item %d has the id of an earlier one", i)
		}
		seen[item.CID] = true
		if err := s.Check(item.Payload); err != nil {
			if _, vote := item.Payload.(*moot.SetVote); !vote {
				t.Fatalf("item %d is refused: %v", i, err)
			}
		}
		s.ApplyPayload(oplog.Entry{Header: oplog.Header{Seq: uint64(i + 1), Time: oplog.Time{MS: uint64(i + 1)}, CID: item.CID}}, item.Payload)
	}
}

func FuzzPolis(f *testing.F) {
	for _, files := range []map[string]string{zipOld, zipNew, report, each(zipOld, func(s string) string { return "\ufeff" + strings.ReplaceAll(s, "\n", "\r\n") })} {
		f.Add([]byte(files["summary.csv"]), []byte(files["comments.csv"]), []byte(files["votes.csv"]))
	}
	f.Add([]byte("topic,\"a\"b\"c"), []byte("comment-id,comment-body\n1,\"x\"\"y\"z\r\n"), []byte("timestamp,comment-id,voter-id,vote\n5,1,1,1\n5,1,1,1\n"))
	f.Fuzz(func(t *testing.T, summary, comments, votes []byte) {
		files := fstest.MapFS{"summary.csv": {Data: summary}, "comments.csv": {Data: comments}, "votes.csv": {Data: votes}}
		p, err := intake.ReadPolis("fuzz", files, intake.PolisOptions{})
		if err != nil {
			if p != nil || strings.Contains(err.Error(), "\n") {
				t.Fatalf("read %+v, error %v", p, err)
			}
			return
		}
		checkItems(t, p.Session(), p.Items(nil))
		if _, err := intake.ParseZones(p.Zones.String()); err != nil {
			t.Fatal(err)
		}
	})
}

func FuzzList(f *testing.F) {
	names := []string{"a.txt", "a.md", "a.csv", "a.tsv", "a.xlsx"}
	f.Add(0, []byte("- one\n2. two\n\n三"))
	f.Add(1, []byte("---\na: b\n---\n# H\nprose\n===\n- one\n  more\n```\n- x\n```\n"))
	f.Add(2, []byte("id;意見\n1;\"a\"\"b\"\n"))
	f.Add(3, []byte("text\tmoderated\nx\t-1\n"))
	f.Add(4, workbook(f, [][]any{{"text"}, {"one"}}))
	f.Add(0, []byte("\xff\xfea\x00"))
	f.Add(0, []byte("\xa5\xfe"))
	f.Fuzz(func(t *testing.T, kind int, data []byte) {
		lists, err := intake.ReadList(names[uint(kind)%uint(len(names))], bytes.NewReader(data))
		if err != nil {
			return
		}
		for _, list := range lists {
			items, skipped, err := intake.ListItems(list, intake.ListOptions{Random: &counting{}})
			if err != nil || len(items)+len(skipped) != len(list.Statements) || len(list.Statements) == 0 {
				t.Fatalf("%d items, skipped %v of %d, error %v", len(items), skipped, len(list.Statements), err)
			}
			checkItems(t, oplog.SessionID{1}, items)
		}
	})
}

// counting gives bytes that never repeat in 16.
type counting struct{ n int }

func (c *counting) Read(p []byte) (int, error) {
	c.n++
	return copy(p, fmt.Appendf(nil, "%016d", c.n)), nil
}

func FuzzZones(f *testing.F) {
	f.Add("java ms\n0 25200 WIB", int64(1435654192085))
	f.Add("js s\n0 0 Coordinated Universal Time\n5 3600 ", int64(-5))
	f.Add("none ms", int64(0))
	f.Fuzz(func(t *testing.T, text string, ms int64) {
		z, err := intake.ParseZones(text)
		if err != nil {
			return
		}
		again, err := intake.ParseZones(z.String())
		if err != nil || again.String() != z.String() || again.Format(ms) != z.Format(ms) {
			t.Fatalf("%q is read again as %q, %v", z, again, err)
		}
	})
}

// BenchmarkRead reads an export of vtaiwan.uberx's size, made up here.
func BenchmarkRead(b *testing.B) {
	var comments, votes strings.Builder
	comments.WriteString("timestamp,datetime,comment-id,author-id,agrees,disagrees,moderated,comment-body\n")
	votes.WriteString("timestamp,datetime,comment-id,voter-id,vote\n")
	zones := intake.Zones{Style: intake.Java, Spans: []intake.Span{{Offset: 25200, Name: "WIB"}}}
	ms := int64(1435654192085)
	for i := range 200 {
		fmt.Fprintf(&comments, "%d,%s,%d,%d,0,0,1,我覺得第 %d 項很重要，應該要先討論再決定。\n", ms, zones.Format(ms), i, i*9, i)
		for j := range 250 {
			ms += 7001
			fmt.Fprintf(&votes, "%d,%s,%d,%d,%d\n", ms, zones.Format(ms), i, (i*37+j*7)%1900, (i+j)%3-1)
		}
	}
	files := folder(map[string]string{"comments.csv": comments.String(), "votes.csv": votes.String()})
	b.ReportAllocs()
	for b.Loop() {
		p, err := intake.ReadPolis("made up", files, intake.PolisOptions{})
		if err != nil || p.Counts.Rows != 50000 {
			b.Fatal(p, err)
		}
		p.Items(nil)
	}
}
