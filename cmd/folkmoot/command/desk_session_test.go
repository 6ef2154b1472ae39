package command_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"folkmoot/app/readmodel"
	"folkmoot/cmd/folkmoot/command"
)

// open opens a session at a free port.
func open(t testing.TB, d *command.Desk, id string) *command.DeskSession {
	t.Helper()
	s, err := d.Open(context.Background(), id, freePort(t))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func do(t testing.TB, s *command.DeskSession, act readmodel.Act) {
	t.Helper()
	if err := s.Do(context.Background(), act); err != nil {
		t.Fatalf("%+v: %v", act, err)
	}
}

func undo(t testing.TB, s *command.DeskSession) {
	t.Helper()
	if err := s.Undo(context.Background()); err != nil {
		t.Fatalf("undo: %v", err)
	}
}

// follow gives the sheets that Follow shows; until waits for one that is as wanted.
func follow(s *command.DeskSession) (until func(func(*readmodel.Sheet) bool) *readmodel.Sheet) {
	sheets := make(chan *readmodel.Sheet, 10_000)
	s.Follow(func(sheet *readmodel.Sheet) { sheets <- sheet })
	return func(wanted func(*readmodel.Sheet) bool) *readmodel.Sheet {
		for {
			if sheet := <-sheets; wanted(sheet) {
				return sheet
			}
		}
	}
}

func TestFollow(t *testing.T) {
	d := newDesk(t, t.TempDir())
	id := makeOne(t, d, "The riverside")
	s := open(t, d, id)
	until := follow(s)
	first := until(func(*readmodel.Sheet) bool { return true })
	if first.ID != id || first.Voting || first.Undo != nil || first.Emblem == "" || len(first.Statements) != 3 {
		t.Errorf("%+v", first)
	}
	v := first.Venue
	if !v.Alone || len(v.Addresses) != 1 || !strings.HasPrefix(v.JoinLink, v.Addresses[0]+"/j/") || !strings.HasPrefix(v.WallLink, v.Addresses[0]+"/wall#") || !strings.Contains(v.HostLink, "/host#t=") {
		t.Errorf("venue %+v", v)
	}
	do(t, s, readmodel.Act{Act: "step", Step: "opinion", Do: "start"})
	sheet := until(func(s *readmodel.Sheet) bool { return s.Voting && s.Undo != nil })
	if sheet.Undo.Act.Act != "step" || sheet.Undo.Until <= sheet.Now || sheet.Undo.Until > sheet.Now+60_000 {
		t.Errorf("offered %+v at %d", sheet.Undo, sheet.Now)
	}
	do(t, s, readmodel.Act{Act: "wall", Mode: "rules"})
	until(func(s *readmodel.Sheet) bool { return s.Wall.Mode == "rules" && s.Undo.Act.Act == "step" })
	undo(t, s)
	until(func(s *readmodel.Sheet) bool { return !s.Voting && s.Undo == nil && s.Wall.Mode == "rules" })
	later := until(func(s *readmodel.Sheet) bool { return s.Now > first.Now+1000 }) // the clock goes on by itself
	if later == nil {
		t.Fatal("nothing")
	}
}

// guest joins a session as a page does, and votes.
type guest struct {
	t     testing.TB
	base  string
	token string
	n     int
}

func join(t testing.TB, s *command.DeskSession, seed int) *guest {
	t.Helper()
	sheet := s.Sheet()
	p := &guest{t: t, base: sheet.Venue.Addresses[0], token: fmt.Sprintf("%064x", seed+1), n: 1000 * seed}
	var reply struct{ Session string }
	p.call("/api/v1/join", map[string]string{"code": sheet.Wall.Code, "token": p.token, "lang": "en", "name": fmt.Sprintf("Ann %d", seed)}, &reply)
	if reply.Session != sheet.ID {
		t.Fatalf("joined %q", reply.Session)
	}
	return p
}

func (p *guest) call(path string, body, into any) {
	p.t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		p.t.Fatal(err)
	}
	req, err := http.NewRequest("POST", p.base+path, strings.NewReader(string(raw)))
	if err != nil {
		p.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+p.token)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		p.t.Fatal(err)
	}
	defer res.Body.Close()
	if err := json.NewDecoder(res.Body).Decode(into); err != nil || res.StatusCode != http.StatusCreated {
		p.t.Fatalf("%s: status %d, %v", path, res.StatusCode, err)
	}
}

func (p *guest) send(kind, key string, value any) {
	p.t.Helper()
	p.n++
	var reply struct {
		Saved   []struct{ CID string }
		Refused []struct{ Reason string }
	}
	item := map[string]any{"cid": fmt.Sprintf("%032x", p.n), "kind": kind, "key": key, "rev": p.n, "value": value}
	p.call("/api/v1/items", map[string]any{"items": []any{item}, "waiting": 2}, &reply)
	if len(reply.Saved) != 1 {
		p.t.Fatalf("%s: %+v", kind, reply)
	}
}

// Every kind of act can be taken back, and taking back twice goes back two.
func TestUndoOfEachAct(t *testing.T) {
	d := newDesk(t, t.TempDir())
	s := open(t, d, makeOne(t, d, "The riverside"))
	do(t, s, readmodel.Act{Act: "step", Step: "opinion", Do: "start"})
	seeds := s.Sheet().Statements
	for i := range 3 {
		p := join(t, s, i)
		p.send("vote", seeds[0].ID, []string{"agree", "disagree", "pass"}[i])
	}
	sheet := s.Sheet()
	if sheet.Present != 3 || sheet.Venue.Seen != 3 || sheet.Venue.Waiting != 6 || sheet.Venue.Devices != 3 || sheet.Wall.Votes != 3 {
		t.Fatalf("present %d, venue %+v, votes %d", sheet.Present, sheet.Venue, sheet.Wall.Votes)
	}
	do(t, s, readmodel.Act{Act: "plan", Mode: "random", Min: 3, Max: 4, Seed: 1})
	state := func() string {
		sheet := s.Sheet()
		said := map[string]any{"plan": sheet.Plan.Seed, "present": sheet.Present, "shown": sheet.Shown, "voting": sheet.Voting, "wall": sheet.Wall.Mode, "set": sheet.Settings}
		for _, step := range sheet.Steps {
			said[step.ID] = []any{step.Open, step.Started, step.Ends}
		}
		for _, one := range sheet.Statements {
			if one.State != "hidden" {
				said[one.ID] = []string{one.State, one.Text, one.Other}
			}
		}
		delete(sheet.Settings, "plan")
		raw, err := json.Marshal(said)
		if err != nil {
			t.Fatal(err)
		}
		return string(raw)
	}
	cases := []struct {
		name string
		acts [2]readmodel.Act
	}{
		{"steps", [2]readmodel.Act{{Act: "step", Step: "opinion", Do: "close"}, {Act: "step", Step: "map", Do: "start"}}},
		{"one step", [2]readmodel.Act{{Act: "step", Step: "opinion", Do: "extend", Minutes: 2}, {Act: "step", Step: "opinion", Do: "close"}}},
		{"a start that closes another step", [2]readmodel.Act{{Act: "step", Step: "map", Do: "start"}, {Act: "step", Step: "tables", Do: "start"}}},
		{"decisions", [2]readmodel.Act{{Act: "statement", ID: seeds[0].ID, Do: "hide", Reason: "why"}, {Act: "statement", ID: seeds[1].ID, Do: "remove"}}},
		{"two decisions on one", [2]readmodel.Act{{Act: "statement", ID: seeds[0].ID, Do: "pending"}, {Act: "statement", ID: seeds[0].ID, Do: "approve"}}},
		{"statements", [2]readmodel.Act{{Act: "add", Text: "Benches.", Lang: "en"}, {Act: "add", Text: "長椅。", Lang: "zh-Hant"}}},
		{"an edit and a decision", [2]readmodel.Act{{Act: "edit", ID: seeds[1].ID, Text: "A wide path for bicycles."}, {Act: "statement", ID: seeds[2].ID, Do: "hide"}}},
		{"pairs", [2]readmodel.Act{{Act: "pair", ID: seeds[0].ID, Text: "河邊多種樹。"}, {Act: "pair", ID: seeds[1].ID, With: seeds[2].ID}}},
		{"a pair taken apart", [2]readmodel.Act{{Act: "pair", ID: seeds[0].ID, Text: "河邊多種些樹。"}, {Act: "unpair", ID: seeds[0].ID}}},
		{"what the room sees", [2]readmodel.Act{{Act: "show", What: "results", On: true}, {Act: "show", What: "map", On: true}}},
		{"tables shown", [2]readmodel.Act{{Act: "show", What: "tables", On: true}, {Act: "show", What: "devices_down", On: true}}},
		{"one field twice", [2]readmodel.Act{{Act: "set", Field: "title", Value: "One"}, {Act: "set", Field: "title", Value: "Two"}}},
		{"fields", [2]readmodel.Act{{Act: "set", Field: "question", Value: "How safe is it?"}, {Act: "set", Field: "contact", Value: "Bo"}}},
		{"presence", [2]readmodel.Act{{Act: "present", ID: sheet.People[0].ID}, {Act: "present", ID: sheet.People[1].ID}}},
		{"presence of one", [2]readmodel.Act{{Act: "present", ID: sheet.People[0].ID}, {Act: "present", ID: sheet.People[0].ID, On: true}}},
		{"plans", [2]readmodel.Act{{Act: "plan", Mode: "random", Min: 3, Max: 4, Seed: 2}, {Act: "plan", Mode: "random", Min: 3, Max: 4, Seed: 3}}},
	}
	for _, c := range cases {
		before := state()
		do(t, s, c.acts[0])
		between := state()
		if between == before {
			t.Errorf("%s: the first act changed nothing", c.name)
		}
		do(t, s, c.acts[1])
		if state() == between {
			t.Errorf("%s: the second act changed nothing", c.name)
		}
		if offer := s.Sheet().Undo; offer == nil || offer.Act != c.acts[1] {
			t.Errorf("%s: offered %+v", c.name, offer)
		}
		undo(t, s)
		if got := state(); got != between {
			t.Errorf("%s: undone once:\n%s\nwant\n%s", c.name, got, between)
		}
		undo(t, s)
		if got := state(); got != before {
			t.Errorf("%s: undone twice:\n%s\nwant\n%s", c.name, got, before)
		}
	}
}

func TestUndoThatIsNotThere(t *testing.T) {
	d := newDesk(t, t.TempDir())
	ctx := context.Background()
	s := open(t, d, makeOne(t, d, "T"))
	wantTrouble(t, s.Undo(ctx), "refused.no_undo")
	do(t, s, readmodel.Act{Act: "step", Step: "checkin", Do: "start"})
	do(t, s, readmodel.Act{Act: "step", Step: "checkin", Do: "undo"}) // on the rail
	if offer := s.Sheet().Undo; offer != nil {
		t.Errorf("offered %+v", offer)
	}
	wantTrouble(t, s.Undo(ctx), "refused.no_undo")
	do(t, s, readmodel.Act{Act: "set", Field: "title", Value: "T"}) // as it stands
	if offer := s.Sheet().Undo; offer != nil {
		t.Errorf("an act that changed nothing is offered: %+v", offer)
	}
}

// What the record does not take leaves everything as it was.
func TestActsThatAreRefused(t *testing.T) {
	d := newDesk(t, t.TempDir())
	ctx := context.Background()
	s := open(t, d, makeOne(t, d, "The riverside"))
	do(t, s, readmodel.Act{Act: "set", Field: "question", Value: "How safe is it?"})
	do(t, s, readmodel.Act{Act: "step", Step: "opinion", Do: "start"})
	seeds := s.Sheet().Statements
	do(t, s, readmodel.Act{Act: "pair", ID: seeds[0].ID, Text: "河邊多種樹。"})
	p := join(t, s, 1)
	p.send("vote", seeds[0].ID, "agree")
	p.send("answer", "q1", 3)
	words := func(sheet *readmodel.Sheet) string { // the counts may come later
		said := fmt.Sprint(sheet.Settings, sheet.Steps, sheet.Shown)
		for _, one := range sheet.Statements {
			said += fmt.Sprintln(one.Text, one.Other, one.State, one.Reason)
		}
		return said
	}
	before := words(s.Sheet())
	long := strings.Repeat("x", 5000)
	cases := []struct {
		name string
		act  readmodel.Act
		want string
	}{
		{"edit into what is there", readmodel.Act{Act: "edit", ID: seeds[1].ID, Text: "More trees by the river"}, "refused.there_already"},
		{"edit into nothing", readmodel.Act{Act: "edit", ID: seeds[1].ID, Text: " "}, "refused.empty"},
		{"edit what was voted on", readmodel.Act{Act: "edit", ID: seeds[0].ID, Text: "Trees!"}, "refused.voted_on"},
		{"a long version for one that is there", readmodel.Act{Act: "pair", ID: seeds[0].ID, Text: long}, "refused.too_long"},
		{"a pair in one language", readmodel.Act{Act: "pair", ID: seeds[0].ID, With: seeds[1].ID}, "refused.same_language"},
		{"no pair", readmodel.Act{Act: "unpair", ID: seeds[1].ID}, "refused.unknown_statement"},
		{"a long reason", readmodel.Act{Act: "statement", ID: seeds[1].ID, Do: "hide", Reason: long}, "refused.too_long"},
		{"a statement that is not there", readmodel.Act{Act: "statement", ID: "ffff", Do: "hide"}, "refused.unknown_statement"},
		{"start what runs", readmodel.Act{Act: "step", Step: "opinion", Do: "start"}, "refused.step_open"},
		{"close what does not run", readmodel.Act{Act: "step", Step: "map", Do: "close"}, "refused.step_closed"},
		{"no minutes", readmodel.Act{Act: "step", Step: "opinion", Do: "extend"}, "refused.not_possible"},
		{"no such step", readmodel.Act{Act: "step", Step: "ball", Do: "start"}, "refused.not_possible"},
		{"no such act", readmodel.Act{Act: "dance"}, "refused.not_possible"},
		{"tables before a plan", readmodel.Act{Act: "show", What: "tables", On: true}, "refused.no_plan"},
		{"tables of nobody's size", readmodel.Act{Act: "plan", Mode: "random", Min: 5, Max: 2}, "refused.seats"},
		{"like views without a map", readmodel.Act{Act: "plan", Mode: "alike", Min: 1, Max: 4}, "refused.no_map"},
		{"other words for an answered question", readmodel.Act{Act: "set", Field: "question", Value: "Another?"}, "refused.question_answered"},
		{"a long title", readmodel.Act{Act: "set", Field: "title", Value: strings.Repeat("x", 500)}, "refused.too_long"},
		{"a title of nothing", readmodel.Act{Act: "set", Field: "title"}, "refused.empty"},
		{"a field that is not set here", readmodel.Act{Act: "set", Field: "code", Value: "1"}, "refused.not_possible"},
		{"a person who is not there", readmodel.Act{Act: "present", ID: strings.Repeat("0", 32)}, "refused.not_possible"},
	}
	for _, c := range cases {
		wantTrouble(t, s.Do(ctx, c.act), c.want)
		after := s.Sheet()
		if got := words(after); got != before {
			t.Errorf("%s: something was done:\n%s\n%s", c.name, before, got)
		}
		if after.Undo == nil || after.Undo.Act.Act != "pair" {
			t.Errorf("%s: offered %+v", c.name, after.Undo)
		}
	}
}

func TestAddList(t *testing.T) {
	d := newDesk(t, t.TempDir())
	ctx := context.Background()
	s := open(t, d, makeOne(t, d, "The riverside"))
	list := []string{"Benches.", strings.Repeat("長", 400), "more TREES by the river", "🌳", " ", "Benches", "路燈要亮一點。"}
	added, left, err := s.AddList(ctx, list)
	if err != nil || added != 2 {
		t.Fatalf("%d added, %v", added, err)
	}
	want := []string{"left.long_text", "left.same_text", "left.no_words", "left.empty_text", "left.same_text"}
	if len(left) != len(want) {
		t.Fatalf("left %+v", left)
	}
	for i, l := range left {
		wantSentence(t, l.Why, want[i])
		if l.Row != i+2 {
			t.Errorf("line %d, want %d", l.Row, i+2)
		}
	}
	sheet := s.Sheet()
	if len(sheet.Statements) != 5 || !sheet.Statements[4].Seed || sheet.Statements[4].Lang != "zh-Hant" || sheet.Undo.Act.Act != "add" {
		t.Errorf("%+v, undo %+v", sheet.Statements, sheet.Undo)
	}
	undo(t, s)
	if sheet = s.Sheet(); sheet.Approved != 3 || sheet.Aside != 2 {
		t.Errorf("undone: %d approved, %d aside", sheet.Approved, sheet.Aside)
	}
	many := make([]string, 5000)
	for i := range many {
		many[i] = fmt.Sprintf("Statement %d of many.", i)
	}
	if added, left, err = s.AddList(ctx, many); err != nil || added != 5000 || len(left) != 0 {
		t.Errorf("%d added, %d left, %v", added, len(left), err)
	}
	undo(t, s)
	if sheet = s.Sheet(); sheet.Approved != 3 {
		t.Errorf("undone: %d approved", sheet.Approved)
	}
}

func TestPack(t *testing.T) {
	d := newDesk(t, t.TempDir())
	ctx := context.Background()
	s := open(t, d, makeOne(t, d, "The riverside"))
	to := t.TempDir()
	done, err := s.Pack(ctx, readmodel.PackWish{Folder: to})
	if err != nil {
		t.Fatal(err)
	}
	if done.Public || done.Files < 5 || filepath.Dir(done.Folder) != to {
		t.Errorf("%+v", done)
	}
	if _, err := os.Stat(filepath.Join(done.Folder, "private", "log.jsonl")); err != nil {
		t.Error(err)
	}
	do(t, s, readmodel.Act{Act: "set", Field: "licence", Value: "CC0-1.0"})
	do(t, s, readmodel.Act{Act: "statement", ID: s.Sheet().Statements[0].ID, Do: "hide"})
	done, err = s.Pack(ctx, readmodel.PackWish{Folder: to, Formats: []string{"polis-zip"}, Zip: true})
	if err != nil || !done.Public || done.Withheld != 1 {
		t.Errorf("%+v, %v", done, err)
	}
	_, err = s.Pack(ctx, readmodel.PackWish{})
	wantTrouble(t, err, "desk.no_folder")
	file := filepath.Join(to, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = s.Pack(ctx, readmodel.PackWish{Folder: filepath.Join(file, "below")})
	wantTrouble(t, err, "desk.folder")
	_, err = s.Pack(ctx, readmodel.PackWish{Folder: to, Formats: []string{"docx"}})
	wantTrouble(t, err, "desk.fault")
}

func TestCrowdIsForRehearsals(t *testing.T) {
	d := newDesk(t, t.TempDir())
	ctx := context.Background()
	id := makeOne(t, d, "The riverside")
	s := open(t, d, id)
	wantTrouble(t, s.Crowd(ctx, 3), "desk.not_rehearsal")
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	copied, err := d.Rehearsal(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	s = open(t, d, copied)
	for _, n := range []int{0, -1, 100_000} {
		wantTrouble(t, s.Crowd(ctx, n), "desk.crowd_size")
	}
	for _, one := range s.Sheet().Statements {
		do(t, s, readmodel.Act{Act: "statement", ID: one.ID, Do: "hide"})
	}
	wantTrouble(t, s.Crowd(ctx, 3), "desk.no_statements")
}

// Pretend people come while the step before the vote runs, and vote once it is open.
func TestCloseWhileACrowdRuns(t *testing.T) {
	d := newDesk(t, t.TempDir())
	ctx := context.Background()
	id, err := d.Sample(ctx)
	if err != nil {
		t.Fatal(err)
	}
	s := open(t, d, id)
	before, said := s.Sheet().Wall.Votes, len(s.Sheet().Statements)
	until := follow(s)
	ended := make(chan error, 1)
	d.Go(func(ctx context.Context) { ended <- s.Crowd(ctx, 60) })
	until(func(sheet *readmodel.Sheet) bool { return sheet.Venue.Seen > 1 })
	if got := s.Sheet(); got.Wall.Votes != before || !got.Wall.Rehearsal {
		t.Errorf("%d votes before voting was open, %d before; rehearsal %t", got.Wall.Votes, before, got.Wall.Rehearsal)
	}
	do(t, s, readmodel.Act{Act: "step", Step: "opinion", Do: "start"})
	until(func(sheet *readmodel.Sheet) bool { return sheet.Wall.Votes > before && len(sheet.Statements) == said+2 })
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; err != nil {
		t.Errorf("the crowd: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Errorf("closed twice: %v", err)
	}
	if card := cardOf(t, d, id); card.Votes <= before || card.Elsewhere {
		t.Errorf("%+v", card)
	}
	err = s.Do(ctx, readmodel.Act{Act: "wall", Mode: "clock"})
	wantTrouble(t, err, "desk.not_saved")
	wantTrouble(t, s.Undo(ctx), "desk.not_saved")
	wantTrouble(t, s.Crowd(ctx, 1), "desk.not_saved")
	s.Follow(func(*readmodel.Sheet) { t.Error("shown after Close") })
}

// Closing the desk closes what is open; another desk can have it at once.
func TestDeskCloses(t *testing.T) {
	data := t.TempDir()
	d := newDesk(t, data)
	id := makeOne(t, d, "The riverside")
	s := open(t, d, id)
	until := follow(s)
	until(func(*readmodel.Sheet) bool { return true })
	d.Close()
	open(t, newDesk(t, data), id)
}
