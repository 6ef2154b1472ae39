package intake_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"folkmoot/app/intake"
	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
)

// The same small conversation in the ways in which Polis has written it. Voter 5
// agrees with statement 2, then passes; voter 9 agrees with it; both disagree with 7.
var (
	zipOld = map[string]string{
		"summary.csv":  "topic,公園的夜間照明\nurl,https://pol.example/2demo\nviews,31\nvoters,2\nconversation-description,\"兩行\n說明\"\n",
		"comments.csv": "timestamp,datetime,comment-id,author-id,agrees,disagrees,moderated,comment-body\n1435654192085,Tue Jun 30 15:49:52 WIB 2015,7,9,0,2,-1,\"Lamps, please\"\n1435654192000,Tue Jun 30 15:49:52 WIB 2015,2,44,2,0,1,我覺得要有燈\n",
		"votes.csv":    "timestamp,datetime,comment-id,voter-id,vote\n1435654193000,Tue Jun 30 15:49:53 WIB 2015,2,5,1\n1435654199000,Tue Jun 30 15:49:59 WIB 2015,2,5,0\n1435654194000,Tue Jun 30 15:49:54 WIB 2015,2,9,1\n1435654195000,Tue Jun 30 15:49:55 WIB 2015,7,5,-1\n1435654196000,Tue Jun 30 15:49:56 WIB 2015,7,9,-1\n",
	}
	zipNew = map[string]string{
		"summary.csv":            zipOld["summary.csv"],
		"comments.csv":           "timestamp,comment-id,author-id,agrees,disagrees,moderated,is-meta,is-seed,group-informed-consensus,comment-body\n1435654192085,7,9,0,2,-1,true,false,0.25,\"Lamps, please\"\n1435654192000,2,44,2,0,1,false,true,0.5,我覺得要有燈\n",
		"votes.csv":              zipOld["votes.csv"],
		"participants-votes.csv": "participant,group-id,n-comments,n-votes,n-agree,n-disagree,2,7\n5,0,0,2,0,1,0,-1\n9,0,1,2,1,1,1,-1\n",
	}
	report = map[string]string{
		"summary.csv":           "topic,\"公園的夜間照明\"\nurl,https://pol.example/2demo\nvoters,2\nconversation-description,\"兩行\n說明\"",
		"comments.csv":          "timestamp,datetime,comment-id,author-id,agrees,disagrees,moderated,comment-body\n1435654192,Tue Jun 30 2015 08:49:52 GMT+0000 (Coordinated Universal Time),7,9,0,2,-1,\"Lamps, please\"\n1435654192,Tue Jun 30 2015 08:49:52 GMT+0000 (Coordinated Universal Time),2,44,2,0,1,\"我覺得要有燈\"\n",
		"votes.csv":             "timestamp,datetime,comment-id,voter-id,vote\n1435654193,Tue Jun 30 2015 08:49:53 GMT+0000 (Coordinated Universal Time),2,5,1\n1435654199,Tue Jun 30 2015 08:49:59 GMT+0000 (Coordinated Universal Time),2,5,0\n1435654194,Tue Jun 30 2015 08:49:54 GMT+0000 (Coordinated Universal Time),2,9,1\n1435654195,Tue Jun 30 2015 08:49:55 GMT+0000 (Coordinated Universal Time),7,5,-1\n1435654196,Tue Jun 30 2015 08:49:56 GMT+0000 (Coordinated Universal Time),7,9,-1\n",
		"participant-votes.csv": "participant,group-id,n-comments,n-votes,n-agree,n-disagree,2,7\n5,,0,2,0,1,0,-1\n",
	}
)

// with gives a copy of an export with one file changed; "" takes it out.
func with(files map[string]string, name, text string) map[string]string {
	out := map[string]string{}
	for n, t := range files {
		out[n] = t
	}
	if out[name] = text; text == "" {
		delete(out, name)
	}
	return out
}

// each gives a copy with every text changed.
func each(files map[string]string, change func(string) string) map[string]string {
	out := map[string]string{}
	for n, t := range files {
		out[n] = change(t)
	}
	return out
}

func folder(files map[string]string) fs.FS {
	out := fstest.MapFS{}
	for name, text := range files {
		out[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return out
}

func read(files map[string]string) (*intake.Polis, error) {
	return intake.ReadPolis("park", folder(files), intake.PolisOptions{})
}

// withoutColumn takes a column out of a simple table.
func withoutColumn(text, column string) string {
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	at := slices.Index(strings.Split(lines[0], ","), column)
	for i, line := range lines {
		lines[i] = strings.Join(slices.Delete(strings.Split(line, ","), at, at+1), ",")
	}
	return strings.Join(lines, "\n") + "\n"
}

func TestReadPolisDialects(t *testing.T) {
	tests := []struct {
		name  string
		files map[string]string
		zones string
	}{
		{"zip export before 2023", zipOld, "java ms\n0 25200 WIB"},
		{"zip export since 2023", zipNew, "java ms\n0 25200 WIB"},
		{"report export", report, "js s\n0 0 Coordinated Universal Time"},
		{"CRLF", each(zipOld, func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") }), "java ms\n0 25200 WIB"},
		{"byte-order mark", each(zipOld, func(s string) string { return "\ufeff" + s }), "java ms\n0 25200 WIB"},
		{"no datetime", with(zipNew, "votes.csv", withoutColumn(zipNew["votes.csv"], "datetime")), "none ms"},
		{"underscores, capitals", with(zipNew, "comments.csv", strings.NewReplacer("is-seed", "Is_Seed", "comment-body", "comment_body").Replace(zipNew["comments.csv"])), "java ms\n0 25200 WIB"},
		{"other columns", with(report, "votes.csv", strings.NewReplacer(",vote\n", ",vote,important\n", ",1\n", ",1,0\n", ",0\n", ",0,0\n", ",-1\n", ",-1,1\n").Replace(report["votes.csv"])), "js s\n0 0 Coordinated Universal Time"},
		{"gzipped", map[string]string{"summary.csv": zipOld["summary.csv"], "comments.csv.gz": gz(zipOld["comments.csv"]), "votes.csv.gz": gz(zipOld["votes.csv"])}, "java ms\n0 25200 WIB"},
		{"in a folder, with a beginning", map[string]string{
			"old/2025-06-19-1201-park-summary.csv": zipOld["summary.csv"], "old/2025-06-19-1202-park-comments.csv": zipOld["comments.csv"], "old/2025-06-19-1202-park-votes.csv": zipOld["votes.csv"],
		}, "java ms\n0 25200 WIB"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p, err := read(tt.files)
			if err != nil {
				t.Fatal(err)
			}
			checkPark(t, p)
			if got := p.Zones.String(); got != tt.zones {
				t.Errorf("zones %q, want %q", got, tt.zones)
			}
		})
	}
}

// checkPark compares with what all the dialects say alike.
func checkPark(t *testing.T, p *intake.Polis) {
	t.Helper()
	if want := (intake.Counts{Rows: 5, Votes: 4, Statements: 2, Participants: 2}); p.Counts != want {
		t.Fatalf("counts %+v, want %+v", p.Counts, want)
	}
	if p.Topic != "公園的夜間照明" || p.URL != "https://pol.example/2demo" || p.Info != "兩行\n說明" || p.Reversed || p.AskSign || len(p.Warnings) > 0 {
		t.Errorf("read %+v", p)
	}
	first, second := p.Statements[0], p.Statements[1]
	if first.ID != 7 || first.Text != "Lamps, please" || first.Moderated != -1 || first.Author != "9" || first.Row != 1 || first.Disagrees != 2 {
		t.Errorf("first statement %+v", first)
	}
	if second.ID != 2 || second.Text != "我覺得要有燈" || second.Author != "44" || second.Made != 1435654192000 || second.Row != 2 {
		t.Errorf("second statement %+v", second)
	}
	if last := p.LastVotes(); last[0].Value != 0 || last[0].Time != 1435654199000 || last[1].Value != 1 || last[2].Value != -1 {
		t.Errorf("last votes %+v", last)
	}
}

func TestItems(t *testing.T) {
	p, err := read(zipNew)
	if err != nil {
		t.Fatal(err)
	}
	view := fold(t, p, p.Items(nil))
	fields := map[moot.Field]string{
		moot.Title: "公園的夜間照明", moot.SourceTopic: "公園的夜間照明", moot.SourceURL: "https://pol.example/2demo", moot.SourceInfo: "兩行\n說明", moot.SourceViews: "31",
		moot.SourceZone: "java ms\n0 25200 WIB", moot.SourceFields: "timestamp,comment-id,author-id,agrees,disagrees,moderated,is-meta,is-seed,group-informed-consensus,comment-body",
	}
	for field, want := range fields {
		if got := view.Session.Get(field); got != want {
			t.Errorf("%s is %q, want %q", field, got, want)
		}
	}
	lamps, light := view.Statements[0], view.Statements[1]
	if lamps.Standing != moot.Hidden || !lamps.Meta || lamps.Seed || lamps.Lang != "en" || lamps.Author != p.Person(9) || lamps.SourceAuthor != "9" || lamps.Source != moot.Imported {
		t.Errorf("first statement %+v", lamps)
	}
	if light.Standing != moot.Approved || light.Meta || !light.Seed || light.Lang != "zh-Hant" || !light.Author.IsZero() || light.SourceAuthor != "44" || light.ID != p.Statement(2) {
		t.Errorf("second statement %+v", light)
	}
	five := view.Person(p.Person(5))
	if five.Get(moot.PersonID) != "5" || five.Here() || five.Vote(light.ID).Value != moot.Pass || five.Vote(lamps.ID).Value != moot.Disagree {
		t.Errorf("voter 5 is %+v", five)
	}
	if view.Votes != 4 || view.PeopleCount() != 2 {
		t.Errorf("%d votes of %d people", view.Votes, view.PeopleCount())
	}
}

// Identical rows are acts of their own, and all ids follow from the file.
func TestItemsIDs(t *testing.T) {
	row := "1435654193000,Tue Jun 30 15:49:53 WIB 2015,2,5,1\n"
	files := with(zipOld, "votes.csv", zipOld["votes.csv"]+row+row)
	p, err := read(files)
	if err != nil {
		t.Fatal(err)
	}
	again, err := read(files)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[oplog.ItemID]bool{}
	first, second := p.Items(nil), again.Items(nil)
	for i := range first {
		if first[i].CID != second[i].CID || seen[first[i].CID] {
			t.Errorf("id of item %d: %s and %s, seen before: %t", i, first[i].CID, second[i].CID, seen[first[i].CID])
		}
		seen[first[i].CID] = true
	}
	if got := len(first); got != 7+2+4+7 {
		t.Errorf("%d items", got)
	}
	other, err := read(with(files, "summary.csv", "topic,another\n"))
	if err != nil {
		t.Fatal(err)
	}
	if other.Session() == p.Session() || other.Statement(2) == p.Statement(2) || other.Person(5) == p.Person(5) {
		t.Error("another topic has the same ids")
	}
}

// Both dialects of one export are the same rows, though one has whole seconds only.
func TestDialectsGiveTheSameItems(t *testing.T) {
	ids := func(files map[string]string) []oplog.ItemID {
		p, err := read(files)
		if err != nil {
			t.Fatal(err)
		}
		var ids []oplog.ItemID
		for _, item := range p.Items(nil) {
			if _, vote := item.Payload.(*moot.SetVote); vote {
				ids = append(ids, item.CID)
			}
		}
		return ids
	}
	milliseconds, seconds := ids(zipOld), ids(report)
	if len(milliseconds) != 5 || !slices.Equal(milliseconds, seconds) {
		t.Errorf("votes of the zip export %v, of the report %v", milliseconds, seconds)
	}
}

func TestReadPolisTolerates(t *testing.T) {
	comments, votes := zipOld["comments.csv"], zipOld["votes.csv"]
	tests := []struct {
		name    string
		files   map[string]string
		skipped []intake.Skipped
		notices []intake.Code
		counts  intake.Counts
	}{
		{"no summary", with(zipOld, "summary.csv", ""), nil, []intake.Code{intake.NoSummary}, intake.Counts{Rows: 5, Votes: 4, Statements: 2, Participants: 2}},
		{"vote on an unknown comment", with(zipOld, "votes.csv", votes+"1435654199000,,99,5,1\n"), []intake.Skipped{{File: "votes.csv", Row: 7, Why: intake.UnknownComment}}, nil, intake.Counts{Rows: 5, Votes: 4, Statements: 2, Participants: 2, Skipped: 1}},
		{"empty statement", with(zipOld, "comments.csv", comments+"1435654192000,,8,9,0,0,1,\" \n\"\n"), []intake.Skipped{{File: "comments.csv", Row: 4, Why: intake.EmptyText}}, nil, intake.Counts{Rows: 5, Votes: 4, Statements: 2, Participants: 2, Skipped: 1}},
		{"id twice", with(zipOld, "comments.csv", comments+"1435654192000,,7,9,0,0,1,again\n"), []intake.Skipped{{File: "comments.csv", Row: 4, Why: intake.RepeatedID}}, nil, intake.Counts{Rows: 5, Votes: 4, Statements: 2, Participants: 2, Skipped: 1}},
		{"long statement", with(zipOld, "comments.csv", comments+"1435654192000,,8,9,0,0,1,"+strings.Repeat("長", 4001)+"\n"), []intake.Skipped{{File: "comments.csv", Row: 4, Why: intake.LongText}}, nil, intake.Counts{Rows: 5, Votes: 4, Statements: 2, Participants: 2, Skipped: 1}},
		{"other counts", with(zipOld, "comments.csv", strings.Replace(comments, "44,2,0,1", "44,3,0,1", 1)), nil, []intake.Code{intake.CountsDiffer}, intake.Counts{Rows: 5, Votes: 4, Statements: 2, Participants: 2}},
		{"counts of the last votes", with(zipOld, "comments.csv", strings.Replace(comments, "44,2,0,1", "44,1,0,1", 1)), nil, nil, intake.Counts{Rows: 5, Votes: 4, Statements: 2, Participants: 2}},
		{"strange datetime", with(zipOld, "votes.csv", strings.Replace(votes, "Tue Jun 30 15:49:54 WIB 2015", "30/6/2015", 1)), nil, []intake.Code{intake.TimesDiffer}, intake.Counts{Rows: 5, Votes: 4, Statements: 2, Participants: 2}},
		{"no votes yet", with(with(zipOld, "votes.csv", "timestamp,datetime,comment-id,voter-id,vote\n"), "comments.csv", strings.NewReplacer(",0,2,-1", ",0,0,-1", ",2,0,1", ",0,0,1").Replace(comments)), nil, nil, intake.Counts{Statements: 2}},
		{"long description", with(zipOld, "summary.csv", "topic,t\nconversation-description,"+strings.Repeat("長", 4001)), nil, []intake.Code{intake.TextCut}, intake.Counts{Rows: 5, Votes: 4, Statements: 2, Participants: 2}},
		{"description of commas", with(zipOld, "summary.csv", "topic,t\nconversation-description"+strings.Repeat(",", 200000)), nil, []intake.Code{intake.TextCut}, intake.Counts{Rows: 5, Votes: 4, Statements: 2, Participants: 2}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p, err := read(tt.files)
			if err != nil {
				t.Fatal(err)
			}
			if p.Counts != tt.counts || !slices.Equal(p.Skipped, tt.skipped) {
				t.Errorf("counts %+v, skipped %v; want %+v, %v", p.Counts, p.Skipped, tt.counts, tt.skipped)
			}
			var codes []intake.Code
			for _, n := range p.Warnings {
				codes = append(codes, n.Code)
				if n.String() == "" || strings.Contains(n.String(), "%!") {
					t.Errorf("notice %+v reads %q", n, n)
				}
			}
			if !slices.Equal(codes, tt.notices) {
				t.Errorf("warnings %v, want %v", codes, tt.notices)
			}
			fold(t, p, p.Items(nil))
		})
	}
}

func TestReadPolisFaults(t *testing.T) {
	comments, votes := zipOld["comments.csv"], zipOld["votes.csv"]
	tests := []struct {
		name  string
		files map[string]string
		want  string // the whole sentence
	}{
		{"an empty folder", nil, "park: this is no Polis export; choose the folder or the zip that holds comments.csv and votes.csv"},
		{"no votes", with(zipOld, "votes.csv", ""), "park: votes.csv is missing; put it beside comments.csv and choose the folder again"},
		{"no comments", with(zipOld, "comments.csv", ""), "park: comments.csv is missing; put it beside votes.csv and choose the folder again"},
		{"two exports", map[string]string{"a/comments.csv": comments, "a/votes.csv": votes, "b/comments.csv": comments, "b/votes.csv": votes}, "park: there is more than one export in it; choose the folder of one of them"},
		{"missing column", with(zipOld, "votes.csv", withoutColumn(votes, "voter-id")), "votes.csv, row 1, column voter-id: the first row does not name this column; export the conversation again or put the name back"},
		{"no header at all", with(zipOld, "comments.csv", "\n"), "comments.csv, row 1: the first row does not name this column; export the conversation again or put the name back"},
		{"vote of 2", with(zipOld, "votes.csv", strings.Replace(votes, "2,9,1\n", "2,9,2\n", 1)), `votes.csv, row 4, column vote: "2" is not -1, 0 or 1; correct the cell or export again`},
		{"empty vote", with(zipOld, "votes.csv", strings.Replace(votes, "2,9,1\n", "2,9,\n", 1)), `votes.csv, row 4, column vote: "" is not -1, 0 or 1; correct the cell or export again`},
		{"moderated of 2", with(zipOld, "comments.csv", strings.Replace(comments, "2,0,1,", "2,0,2,", 1)), `comments.csv, row 3, column moderated: "2" is not -1, 0 or 1; correct the cell or export again`},
		{"time in words", with(zipOld, "votes.csv", strings.Replace(votes, "1435654194000", "1.43E12", 1)), `votes.csv, row 4, column timestamp: "1.43E12" is not a time in seconds or milliseconds since 1970; correct the cell or export again`},
		{"id in words", with(zipOld, "comments.csv", strings.Replace(comments, ",7,9,", ",seven,9,", 1)), `comments.csv, row 2, column comment-id: "seven" is not a whole number from 0; correct the cell or export again`},
		{"meta of 2", with(zipNew, "comments.csv", strings.Replace(zipNew["comments.csv"], "true", "perhaps", 1)), `comments.csv, row 2, column is-meta: "perhaps" is not true or false; correct the cell or export again`},
		{"cut off", with(zipOld, "votes.csv", votes+"14356"), "votes.csv, row 7, column comment-id: the row ends before this column; export again or complete the row"},
		{"open quote", with(zipOld, "comments.csv", comments+`1435654192000,,8,9,0,0,1,"never closed`), "comments.csv, row 4: the row does not end or is far too long; look for a quotation mark that is never closed, or export again"},
		{"no UTF-8", with(zipOld, "comments.csv", comments+"1435654192000,,8,9,0,0,1,\xa7\xda\n"), "comments.csv, row 4: this is not text in UTF-8; save it as text or CSV in UTF-8 and choose it again"},
		{"broken gzip", map[string]string{"comments.csv": comments, "votes.csv.gz": "no gzip at all"}, "votes.csv.gz: the file is damaged; copy or download it again"},
		{"half a gzip", map[string]string{"comments.csv": comments, "votes.csv.gz": gz(votes)[:60]}, "votes.csv.gz: the file is damaged; copy or download it again"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p, err := read(tt.files)
			var fault *intake.Fault
			if !errors.As(err, &fault) || p != nil {
				t.Fatalf("read %+v, error %v", p, err)
			}
			if got := err.Error(); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestSign(t *testing.T) {
	turn := func(votes string) string {
		return strings.NewReplacer(",1\n", ",-1\n", ",-1\n", ",1\n").Replace(votes)
	}
	swapped := strings.NewReplacer(",0,2,-1", ",2,0,-1", ",2,0,1", ",0,2,1").Replace
	uncounted := withoutColumn(withoutColumn(zipNew["comments.csv"][:strings.Index(zipNew["comments.csv"], "\n")]+"\n1435654192000,2,44,2,0,1,false,true,0.5,light\n", "agrees"), "disagrees")
	tests := []struct {
		name          string
		files         map[string]string
		reversed, ask bool
		best          int64 // the most-agreed statement as imported
		code          intake.Code
	}{
		{"right", zipOld, false, false, 2, ""},
		{"votes turned", with(zipOld, "votes.csv", turn(zipOld["votes.csv"])), true, true, 2, intake.SignReversed},
		// All of it turned alike, in seconds and without a table: October 2024.
		{"all turned", map[string]string{"summary.csv": report["summary.csv"], "comments.csv": swapped(report["comments.csv"]), "votes.csv": turn(report["votes.csv"])}, false, true, 2, intake.SignUnknown},
		{"no counts", with(zipNew, "comments.csv", uncounted), false, true, 2, intake.SignUnknown},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p, err := read(tt.files)
			if err != nil {
				t.Fatal(err)
			}
			if p.Reversed != tt.reversed || p.Flip != tt.reversed || p.AskSign != tt.ask {
				t.Errorf("reversed %t, flip %t, ask %t", p.Reversed, p.Flip, p.AskSign)
			}
			if tt.code != "" && !slices.Contains(p.Warnings, intake.Notice{Code: tt.code}) {
				t.Errorf("warnings %v", p.Warnings)
			}
			if best := p.MostAgreed(3); len(best) != 1 || best[0].Statement.ID != tt.best {
				t.Errorf("most agreed %+v", best) // 7 was rejected
			}
			was := p.MostAgreed(1)[0]
			p.Flip = !p.Flip
			if is := p.MostAgreed(1)[0]; is.Agrees != was.Disagrees || is.Disagrees != was.Agrees || is.All != was.All {
				t.Errorf("flipped: %+v, before %+v", is, was)
			}
			view := fold(t, p, p.Items(nil))
			want := was.Disagrees
			for _, person := range view.People() {
				if person.Vote(p.Statement(tt.best)).Value == moot.Agree {
					want--
				}
			}
			if want != 0 {
				t.Errorf("items have %d agreements fewer than %d", want, was.Disagrees)
			}
		})
	}
}

// The server of October 2024 wrote texts without quotes.
func TestUnquotedText(t *testing.T) {
	p, err := read(with(zipOld, "comments.csv", zipOld["comments.csv"]+`1435654192000,,8,9,0,0,1,Lamps, benches, and "trees"`+"\n"))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := p.Statements[2].Text, `Lamps, benches, and "trees"`; got != want {
		t.Errorf("text %q, want %q", got, want)
	}
}

func TestProgress(t *testing.T) {
	var b strings.Builder
	b.WriteString("timestamp,comment-id,voter-id,vote\n")
	for i := range 2500 {
		fmt.Fprintf(&b, "%d,2,%d,1\n", 1435654193000+i, i)
	}
	var read, made [][2]int
	p, err := intake.ReadPolis("park", folder(with(zipOld, "votes.csv", b.String())), intake.PolisOptions{Progress: func(done, total int) { read = append(read, [2]int{done, total}) }})
	if err != nil {
		t.Fatal(err)
	}
	p.Items(func(done, total int) { made = append(made, [2]int{done, total}) })
	if want := [][2]int{{1000, 0}, {2000, 0}}; !slices.Equal(read, want) {
		t.Errorf("while reading %v, want %v", read, want)
	}
	if want := [][2]int{{1000, 2500}, {2000, 2500}, {2500, 2500}}; !slices.Equal(made, want) {
		t.Errorf("while making %v, want %v", made, want)
	}
}

func TestOpenPolis(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for name, text := range zipOld {
		write("park/"+name, text)
	}
	nested := map[string]string{}
	for name, text := range zipOld {
		nested["park/"+name] = text
		nested["__MACOSX/park/._"+name] = "\x00\x05\x16\x07"
	}
	for name, path := range map[string]string{
		"folder": filepath.Join(dir, "park"), "one of its files": filepath.Join(dir, "park", "votes.csv"),
		"zip": write("plain.zip", zipped(t, zipOld)), "zip of a folder": write("nested.ZIP", zipped(t, nested)),
	} {
		t.Run(name, func(t *testing.T) {
			p, err := intake.OpenPolis(path, intake.PolisOptions{})
			if err != nil {
				t.Fatal(err)
			}
			checkPark(t, p)
		})
	}
	for name, tt := range map[string]struct {
		path string
		code intake.Code
	}{
		"not there": {filepath.Join(dir, "nowhere"), intake.Unreadable}, "a text file": {write("notes.txt", "PS: no zip"), intake.NotPolis},
		"a broken zip": {write("broken.zip", zipped(t, zipOld)[:300]), intake.BrokenFile}, "empty file": {write("empty.zip", ""), intake.NotPolis},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := intake.OpenPolis(tt.path, intake.PolisOptions{})
			var fault *intake.Fault
			if !errors.As(err, &fault) || fault.Code != tt.code {
				t.Errorf("error %v, want %s", err, tt.code)
			}
		})
	}
}
