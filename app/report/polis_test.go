package report_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/csv"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"folkmoot/app/intake"
	"folkmoot/app/readmodel"
	"folkmoot/app/readmodel/readmodeltest"
	"folkmoot/app/report"
	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
)

const hour = 3_600_000

// source makes a Source of a room; the same seed gives the same numbers.
func source(t testing.TB, r *readmodeltest.Room, seed byte) *report.Source {
	t.Helper()
	v, err := readmodel.Build(context.Background(), r.View(), readmodel.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s, err := report.NewSource(v, report.Options{
		Entries: func(yield func(oplog.Entry) bool) error {
			for _, e := range r.Entries {
				if !yield(e) {
					break
				}
			}
			return nil
		},
		Random: rand.NewChaCha8([32]byte{seed}), Now: time.UnixMilli(readmodeltest.Start + 2*hour), Software: "test",
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// hybrid is a session with an import and people of the room, small enough to check by
// hand.
func hybrid(t testing.TB) *readmodeltest.Room {
	r := readmodeltest.New(t)
	r.Do(readmodel.NewSession(readmodel.NewSessionOptions{Template: "opinion", Title: "河岸怎麼用", Fields: map[moot.Field]string{
		moot.About: "第一行\n第二行", moot.SourceURL: "https://pol.is/3abc", moot.SourceViews: "40",
		moot.SourceZone: intake.Zones{Style: intake.Java, Spans: []intake.Span{{Offset: 7 * 3600, Name: "WIB"}}}.String(),
	}}, r.Now, r.IDs))
	a := r.ImportStatement("6", "4", "多種樹，\n少鋪水泥。", 1, 1, 1435654000123)
	b := r.ImportStatement("8", "9", "河岸\"要\"有咖啡店", 2, 0, 1435655000456)
	c := r.ImportStatement("10", "4", "罵人的話", 3, -1, 1435656000789)
	p4, p7 := r.ImportPerson("4", 1), r.ImportPerson("7", 2)
	r.ImportVote(p4, a, moot.Agree, 1435654100123)
	r.ImportVote(p7, a, moot.Agree, 1435654200123)
	r.ImportVote(p7, a, moot.Disagree, 1435654300123)
	r.ImportVote(p7, b, moot.Pass, 1435654400123)
	r.ImportVote(p4, c, moot.Disagree, 1435654500123)
	r.Now += hour
	r.Do(readmodel.StartStep(r.View(), "opinion", r.Now, r.IDs))
	r.Now += 77_777
	room := r.Join(12, "王小明")
	r.Join(13, "沒投票的人")
	d := moot.StatementID(r.Put(&moot.NewStatement{Text: "留一塊草地。", Lang: "zh-Hant", Author: room, Standing: moot.Pending, Src: moot.FromPhone, Made: r.Now}))
	e := r.Statement("不該出現的個資")
	r.Vote(room, a, moot.Agree)
	r.Vote(room, e, moot.Disagree)
	r.Do(readmodel.AddStatement(r.View(), "Keep it open at night.", "en", r.Now, r.IDs))
	r.Do(readmodel.Remove(r.View(), e, "個資", r.IDs))
	_ = d
	return r
}

func files(t testing.TB, write func(report.Target, *report.Source) error, s *report.Source) *report.Memory {
	t.Helper()
	var m report.Memory
	if err := write(&m, s); err != nil {
		t.Fatal(err)
	}
	return &m
}

func TestPolisReportDialect(t *testing.T) {
	m := files(t, report.WritePolis, source(t, hybrid(t), 1))
	want := map[string]string{
		"summary.csv": `topic,河岸怎麼用
url,https://pol.is/3abc
voters,3
voters-in-conv,0
commenters,4
comments,6
groups,0
conversation-description,第一行 第二行
`,
		"comments.csv": `timestamp,datetime,comment-id,author-id,agrees,disagrees,moderated,comment-body
1435654000,Tue Jun 30 2015 08:46:40 GMT+0000 (Coordinated Universal Time),6,4,2,1,1,多種樹， 少鋪水泥。
1435655000,Tue Jun 30 2015 09:03:20 GMT+0000 (Coordinated Universal Time),8,9,0,0,0,"河岸""要""有咖啡店"
1435656000,Tue Jun 30 2015 09:20:00 GMT+0000 (Coordinated Universal Time),10,4,0,1,-1,罵人的話
1781420400,Sun Jun 14 2026 07:00:00 GMT+0000 (Coordinated Universal Time),11,11,0,0,-1,（主持人沒有放出 · not released by the facilitator）
1781420400,Sun Jun 14 2026 07:00:00 GMT+0000 (Coordinated Universal Time),12,10,0,1,-1,（主持人已移除 · removed by the facilitator）
1781420400,Sun Jun 14 2026 07:00:00 GMT+0000 (Coordinated Universal Time),13,10,0,0,1,Keep it open at night.
`,
		"votes.csv": `timestamp,datetime,comment-id,voter-id,vote
1435654100,Tue Jun 30 2015 08:48:20 GMT+0000 (Coordinated Universal Time),6,4,1
1435654200,Tue Jun 30 2015 08:50:00 GMT+0000 (Coordinated Universal Time),6,7,1
1435654300,Tue Jun 30 2015 08:51:40 GMT+0000 (Coordinated Universal Time),6,7,-1
1781420400,Sun Jun 14 2026 07:00:00 GMT+0000 (Coordinated Universal Time),6,11,1
1435654400,Tue Jun 30 2015 08:53:20 GMT+0000 (Coordinated Universal Time),8,7,0
1435654500,Tue Jun 30 2015 08:55:00 GMT+0000 (Coordinated Universal Time),10,4,-1
1781420400,Sun Jun 14 2026 07:00:00 GMT+0000 (Coordinated Universal Time),12,11,-1
`,
		"participant-votes.csv": `participant,group-id,n-comments,n-votes,n-agree,n-disagree,6,8,10,11,12,13
4,,2,2,1,1,1,,-1,,,
7,,0,2,0,1,-1,0,,,,
11,,1,2,1,1,1,,,,-1,
`,
		"comment-groups.csv": `comment-id,comment,total-votes,total-agrees,total-disagrees,total-passes
6,多種樹， 少鋪水泥。,3,2,1,0
8,"河岸""要""有咖啡店",1,0,0,1
10,罵人的話,1,0,1,0
11,（主持人沒有放出 · not released by the facilitator）,0,0,0,0
12,（主持人已移除 · removed by the facilitator）,1,0,1,0
13,Keep it open at night.,0,0,0,0
`,
	}
	compare(t, m, want)
}

func TestPolisZipDialect(t *testing.T) {
	m := files(t, report.WritePolisZip, source(t, hybrid(t), 1))
	want := map[string]string{
		"summary.csv": `topic,河岸怎麼用
url,https://pol.is/3abc
views,40
voters,3
voters-in-conv,0
commenters,4
comments,6
groups,0
conversation-description,"第一行
第二行"
`,
		"comments.csv": `timestamp,comment-id,author-id,agrees,disagrees,moderated,is-meta,is-seed,group-informed-consensus,comment-body
1435654000123,6,4,2,1,1,false,false,,"多種樹，
少鋪水泥。"
1435655000456,8,9,0,0,0,false,false,,"河岸""要""有咖啡店"
1435656000789,10,4,0,1,-1,false,false,,罵人的話
1781420400000,11,11,0,0,-1,false,false,,（主持人沒有放出 · not released by the facilitator）
1781420400000,12,10,0,1,-1,false,false,,（主持人已移除 · removed by the facilitator）
1781420400000,13,10,0,0,1,false,false,,Keep it open at night.
`,
		"votes.csv": `timestamp,datetime,comment-id,voter-id,vote
1435654100123,Tue Jun 30 15:48:20 WIB 2015,6,4,1
1435654200123,Tue Jun 30 15:50:00 WIB 2015,6,7,1
1435654300123,Tue Jun 30 15:51:40 WIB 2015,6,7,-1
1781420400000,Sun Jun 14 07:00:00 UTC 2026,6,11,1
1435654400123,Tue Jun 30 15:53:20 WIB 2015,8,7,0
1435654500123,Tue Jun 30 15:55:00 WIB 2015,10,4,-1
1781420400000,Sun Jun 14 07:00:00 UTC 2026,12,11,-1
`,
		"participants-votes.csv": string(files(t, report.WritePolis, source(t, hybrid(t), 1)).File("participant-votes.csv")),
		"stats-history.csv": `n-votes,n-comments,n-visitors,n-voters,n-commenters
0,1,1,0,1
1,1,1,1,1
2,1,2,2,1
3,1,2,2,1
4,1,2,2,1
5,1,2,2,1
5,2,3,2,2
5,3,3,2,2
5,4,4,2,3
5,5,5,2,4
5,6,5,2,4
6,6,5,3,4
7,6,5,3,4
`,
	}
	compare(t, m, want)
}

func compare(t *testing.T, m *report.Memory, want map[string]string) {
	t.Helper()
	if len(m.Paths()) != len(want) {
		t.Errorf("files %v", m.Paths())
	}
	for path, text := range want {
		if got := string(m.File(path)); got != text {
			t.Errorf("%s: got\n%s\nwant\n%s", path, got, text)
		}
	}
}

func TestStatementsBesidePolis(t *testing.T) {
	m := files(t, report.WriteStatements, source(t, hybrid(t), 1))
	rows, err := csv.NewReader(bytes.NewReader(m.File("statements.csv"))).ReadAll()
	if err != nil || len(rows) != 7 || !slices.Equal(rows[0], report.StatementColumns) {
		t.Fatalf("rows %v, %v", rows, err)
	}
	if got := rows[5]; got[0] != "12" || got[3] != "phone" || got[9] != "個資" {
		t.Errorf("the removed statement: %q", got)
	}
}

// Who is who must not follow from the order of numbers.
func TestNumbersAreInRandomOrder(t *testing.T) {
	r := readmodeltest.NewOpen(t)
	pids, _ := r.Rehearse(readmodel.Rehearsal{Seed: 1}, 30, 9)
	order := func(seed byte) []string {
		names := source(t, r, seed).Names()
		list := make([]string, len(pids))
		for i, p := range pids {
			list[i] = names.Participant(p)
		}
		return list
	}
	a, b := order(1), order(2)
	if !slices.Equal(a, order(1)) {
		t.Error("the same random bytes number people differently")
	}
	if slices.Equal(a, b) {
		t.Error("other random bytes number people the same")
	}
	same := 0
	for i, n := range a {
		if n == strconv.Itoa(i) {
			same++
		}
	}
	if same > 6 {
		t.Errorf("%d of 30 people are numbered as they came", same)
	}
}

// What we write is read by our own reader with the same counts, and Agora's strictness
// holds: the columns, the values, a topic, no empty file, no mark.
func TestPolisIsReadAgain(t *testing.T) {
	r := readmodeltest.NewOpen(t)
	r.Rehearse(readmodel.Rehearsal{Seed: 4}, 40, 24)
	s := source(t, r, 3)
	for _, dialect := range []struct {
		name  string
		write func(report.Target, *report.Source) error
	}{{"report", report.WritePolis}, {"zip", report.WritePolisZip}} {
		dir := t.TempDir()
		if err := dialect.write(report.Folder(dir), s); err != nil {
			t.Fatal(err)
		}
		read, err := intake.OpenPolis(dir, intake.PolisOptions{})
		if err != nil {
			t.Fatalf("%s: %v", dialect.name, err)
		}
		if read.Counts.Votes != r.View().Votes || read.Counts.Statements != 24 || read.Counts.Participants != 40 || len(read.Skipped) != 0 || read.Reversed {
			t.Errorf("%s: read %+v, reversed %v, want %d votes", dialect.name, read.Counts, read.Reversed, r.View().Votes)
		}
	}
	m := files(t, report.WritePolis, s)
	for _, path := range m.Paths() {
		data := m.File(path)
		if len(data) == 0 || bytes.HasPrefix(data, []byte("\xef\xbb\xbf")) || bytes.Contains(data, []byte("\r")) {
			t.Errorf("%s: empty, with a mark or with CR", path)
		}
	}
	groups := strings.SplitN(string(m.File("comment-groups.csv")), "\n", 2)[0]
	if !strings.HasSuffix(groups, "group-c-votes,group-c-agrees,group-c-disagrees,group-c-passes") {
		t.Errorf("columns of comment-groups.csv: %s", groups)
	}
}

func TestPolisZipArchive(t *testing.T) {
	s := source(t, hybrid(t), 1)
	var a, b bytes.Buffer
	if err := report.ZipPolis(&a, s); err != nil {
		t.Fatal(err)
	}
	report.ZipPolis(&b, s)
	if !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Error("two archives of one Source differ")
	}
	path := filepath.Join(t.TempDir(), "x.zip")
	if err := os.WriteFile(path, a.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := zip.NewReader(bytes.NewReader(a.Bytes()), int64(a.Len())); err != nil {
		t.Fatal(err)
	}
	read, err := intake.OpenPolis(path, intake.PolisOptions{})
	if err != nil || read.Counts.Rows != 7 {
		t.Errorf("read %+v, %v", read, err)
	}
}
