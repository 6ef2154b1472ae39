package hub_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"folkmoot/sync/badge"
	"folkmoot/sync/hub"
	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
	"folkmoot/sync/peer"
	"folkmoot/sync/replica"
	"folkmoot/sync/store"
)

// beside gives another hub of the session, on a record of its own that has met v's.
func (v *venue) beside(block int) *venue {
	v.t.Helper()
	return v.besideOf(block, []string{"http://192.168.7.7:8080", "http://192.168.7.8:8080"})
}

// besideOf is beside with the addresses of all hubs.
func (v *venue) besideOf(block int, siblings []string) *venue {
	v.t.Helper()
	file, err := store.Create(v.t.TempDir(), oplog.SessionID{4}, rand.Reader)
	if err != nil {
		v.t.Fatal(err)
	}
	r, err := replica.Open(file, replica.Options{Session: file.Session(), Key: file.Keys().Sign, Now: time.Now, Random: rand.Reader})
	if err != nil {
		v.t.Fatal(err)
	}
	w := &venue{t: v.t, replica: r, clock: v.clock, route: &route{}, statements: v.statements}
	w.hub = hub.New(r, hub.Options{Random: rand.Reader, Now: v.clock.Now, Block: block, BadgeKey: func() (badge.Key, error) { return badgeKey, nil },
		Addresses: func() []string { return []string{"http://192.168.7.8:8080"} },
		Siblings:  func() []string { return siblings }})
	w.lan, w.own = httptest.NewServer(w.hub.Handler()), httptest.NewServer(w.hub.HostHandler())
	v.t.Cleanup(func() { w.hub.Close(); w.lan.Close(); w.own.Close(); r.Close(); file.Close() })
	v.meet(w)
	return w
}

// meet lets two hubs exchange what they have.
func (v *venue) meet(w *venue) {
	v.t.Helper()
	other := peer.New(w.replica, peer.Options{Instance: 2})
	report, err := peer.New(v.replica, peer.Options{Instance: 1}).Exchange(context.Background(),
		func(ctx context.Context, q peer.Request) (peer.Response, error) { return other.Answer(ctx, "v", q) })
	if err != nil || !report.Same || v.replica.View().Digest() != w.replica.View().Digest() {
		v.t.Fatalf("the hubs did not meet: %+v %v", report, err)
	}
}

// joinWith lets a device in, or back in, with its token.
func (v *venue) joinWith(token, digits string) (int, map[string]any) {
	v.t.Helper()
	status, doc, _ := v.call("POST", "/api/v1/join", "", map[string]any{"code": digits, "token": token, "lang": "en", "name": ""})
	person, _ := doc["person"].(map[string]any)
	return status, person
}

// entries counts what a record holds.
func (v *venue) entries() (n uint64) {
	v.t.Helper()
	heads, err := v.replica.Heads()
	if err != nil {
		v.t.Fatal(err)
	}
	for _, h := range heads {
		n += h.Seq
	}
	return n
}

// Who came into the record by merging is known: their device sends at once, and a join
// gives the same person without anything new in the record.
func TestPersonByMerging(t *testing.T) {
	v := newVenue(t)
	w := v.beside(1)
	token, person := v.join("Ada")
	if status, _ := w.send(token, voteItem(v.statements[0], "agree", 1)); status != http.StatusUnauthorized {
		t.Errorf("before the hubs met: %d, want 401", status)
	}
	v.meet(w)
	if status, doc := w.send(token, voteItem(v.statements[1], "agree", 1)); status != http.StatusCreated || rows(doc, "saved") != 1 {
		t.Errorf("after the hubs met: %d %v", status, doc)
	}
	before := w.entries()
	for _, digits := range []string{"000000", code} { // the token alone says who it is
		status, again := w.joinWith(token, digits)
		if status != http.StatusCreated || fmt.Sprint(again) != fmt.Sprint(person) {
			t.Errorf("joined again with %s: %d %v, want %v", digits, status, again, person)
		}
	}
	if now := w.entries(); now != before {
		t.Errorf("joining again wrote %d entries", now-before)
	}
	if status, state, _ := w.call("GET", "/api/v1/state", token, nil); status != http.StatusOK || state["me"].(map[string]any)["id"] != person["id"] {
		t.Errorf("the state: %d %v", status, state["me"])
	}
	if status, _ := w.send(newToken(), voteItem(v.statements[0], "agree", 1)); status != http.StatusUnauthorized {
		t.Errorf("a token of nobody: %d, want 401", status)
	}
}

// A whole room comes to the other hub in one moment, more than may join in one: nobody is
// told to wait, since nobody has to join.
func TestRoomMoves(t *testing.T) {
	v := newVenue(t)
	w := v.beside(1)
	tokens := make([]string, 600)
	var wait sync.WaitGroup
	for i := range tokens {
		if i%300 == 0 {
			wait.Wait()
			v.clock.add(10 * time.Second)
		}
		wait.Go(func() { tokens[i], _ = v.join("") })
	}
	wait.Wait()
	v.meet(w)
	var late atomic.Int64
	for _, token := range tokens {
		wait.Go(func() {
			if status, doc := w.send(token, voteItem(v.statements[0], "agree", 1)); status != http.StatusCreated || rows(doc, "saved") != 1 {
				late.Add(1)
			}
		})
	}
	wait.Wait()
	if n := late.Load(); n > 0 || w.replica.View().Votes != len(tokens) {
		t.Errorf("%d of %d could not save at once; %d votes", n, len(tokens), w.replica.View().Votes)
	}
}

// A device that joins at two hubs which have not met is one person all the same, with
// one of the two numbers everywhere; what it sent to both counts once.
func TestJoinsAtTwoHubs(t *testing.T) {
	v := newVenue(t)
	w := v.beside(1)
	token, person := v.join("Ada")
	vote := voteItem(v.statements[0], "agree", 5)
	v.send(token, vote)
	status, other := w.joinWith(token, code)
	if status != http.StatusCreated || other["id"] != person["id"] {
		t.Fatalf("at the other hub: %d %v", status, other)
	}
	w.send(token, vote, voteItem(v.statements[1], "disagree", 6))
	v.meet(w)
	for name, hub := range map[string]*venue{"first": v, "other": w} {
		view := hub.replica.View()
		if view.PeopleCount() != 1 || view.Here() != 1 || view.Votes != 2 {
			t.Errorf("%s hub: %d people, %d here, %d votes, want 1, 1, 2", name, view.PeopleCount(), view.Here(), view.Votes)
		}
	}
	_, one := v.joinWith(token, code)
	_, two := w.joinWith(token, code)
	if fmt.Sprint(one) != fmt.Sprint(two) {
		t.Errorf("the first hub says %v, the other %v", one, two)
	}
}

// Who goes to a hub that has not heard of them keeps number and word, where nobody there
// has the number; what no hub gives is not taken from anybody.
func TestNumberGoesAlong(t *testing.T) {
	v := newVenue(t)
	w := v.beside(1)
	again := func(number int, word string) map[string]any {
		_, doc, _ := w.call("POST", "/api/v1/join", "", map[string]any{"code": code, "token": newToken(), "lang": "en", "name": "",
			"was": map[string]any{"number": number, "word": word}})
		person, _ := doc["person"].(map[string]any)
		return person
	}
	for _, c := range []struct {
		name   string
		number int
		word   string
		kept   bool
	}{
		{"free", 42, "swan", true}, {"taken", 42, "swan", false}, {"no word of ours", 43, "<b>king</b>", false},
		{"none", 0, "swan", false}, {"below nothing", -7, "swan", false}, {"far too large", 1 << 40, "swan", false},
	} {
		if got := again(c.number, c.word); (got["number"] == float64(c.number) && got["word"] == c.word) != c.kept || got["number"].(float64) < 1 {
			t.Errorf("%s: %v, want it kept %v", c.name, got, c.kept)
		}
	}
}

// Hubs that do not reach each other give numbers from blocks of their own, and beyond
// its block one gives what nobody has.
func TestBlocksOfNumbers(t *testing.T) {
	v := newVenue(t)
	w := v.beside(2)
	taken := map[float64]bool{}
	for i := range 110 {
		v.clock.add(time.Second)
		_, person := w.join("")
		number := person["number"].(float64)
		if taken[number] {
			t.Fatalf("number %v twice", number)
		}
		taken[number] = true
		if inside := number > 200 && number < 300; inside != (i < 99) {
			t.Errorf("person %d has number %v", i+1, number)
		}
	}
	for range 20 {
		_, person := v.join("")
		if number := person["number"].(float64); number > 99 {
			t.Errorf("the hub without a block gave %v", number)
		}
	}
}

// Numbers of people who came by merging are taken.
func TestNumbersByMerging(t *testing.T) {
	v := newVenue(t)
	w := v.beside(0)
	for range 40 {
		v.join("")
	}
	v.meet(w)
	for range 40 {
		w.join("")
	}
	numbers := map[int]bool{}
	for p := range w.replica.View().Everybody() {
		numbers[p.Number()] = true
	}
	if len(numbers) != 80 {
		t.Errorf("80 people have %d numbers", len(numbers))
	}
}

// The same number given twice by hubs that had not met does no harm: they are two
// people, each with their own answers, and the number stays with both.
func TestSameNumberTwice(t *testing.T) {
	v := newVenue(t)
	w := v.beside(0)
	for range 99 { // so many that some are the same: fewer than one in 10²⁰ runs has none
		v.join("")
		w.join("")
	}
	one, first := v.join("")
	two, second := w.join("")
	v.send(one, voteItem(v.statements[0], "agree", 1))
	w.send(two, voteItem(v.statements[0], "disagree", 1))
	v.meet(w)
	numbers := map[int]int{}
	for p := range v.replica.View().Everybody() {
		numbers[p.Number()]++
	}
	if len(numbers) == 200 {
		t.Fatal("no number twice: this shows nothing")
	}
	if view := v.replica.View(); view.PeopleCount() != 200 || view.Votes != 2 {
		t.Errorf("%d people and %d votes, want 200 and 2", view.PeopleCount(), view.Votes)
	}
	for token, want := range map[string]map[string]any{one: first, two: second} {
		if _, got := v.joinWith(token, code); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("got %v, want %v", got, want)
		}
	}
	if _, person := v.join(""); numbers[int(person["number"].(float64))] > 0 {
		t.Errorf("the next person got %v, which somebody has", person["number"])
	}
}

// A badge is the same person at every hub that has the key, with the same number and
// word, and each hub has one live token of it: the newest.
func TestBadgeAtTwoHubs(t *testing.T) {
	v := newVenue(t).badges()
	w := v.beside(1)
	first, status, doc := v.scan(7, false)
	if status != http.StatusCreated {
		t.Fatalf("the first hub: %d %v", status, doc)
	}
	second, status, other := w.scan(7, false)
	if status != http.StatusCreated || fmt.Sprint(other["person"]) != fmt.Sprint(doc["person"]) {
		t.Fatalf("the other hub: %d %v, want %v", status, other["person"], doc["person"])
	}
	for i, s := range []*signed{first, second} {
		if status, doc := s.call("POST", "/api/v1/items", items(voteItem(v.statements[i], "agree", 1))); status != http.StatusCreated {
			t.Errorf("device %d: %d %v", i+1, status, doc)
		}
	}
	v.meet(w)
	if view := w.replica.View(); view.PeopleCount() != 1 || view.Votes != 2 {
		t.Errorf("%d people, %d votes, want 1 and 2", view.PeopleCount(), view.Votes)
	}
	// The first device goes to the other hub, too, which asks before it moves the badge.
	moved := &signed{v: w, number: 7, token: first.token, epoch: "-"}
	join := map[string]any{"code": code, "token": first.token, "number": 7, "lang": "en", "name": "", "move": false}
	if status, doc := moved.call("POST", "/api/v1/join", join); status != http.StatusConflict || errorCode(doc) != "badge_in_use" {
		t.Errorf("a badge in use: %d %v", status, doc)
	}
	join["move"] = true
	if status, doc := moved.call("POST", "/api/v1/join", join); status != http.StatusCreated {
		t.Errorf("moved: %d %v", status, doc)
	}
	if status, doc := second.call("GET", "/api/v1/state", nil); status != http.StatusUnauthorized || errorCode(doc) != "badge_moved" {
		t.Errorf("the device that had it: %d %v", status, doc)
	}
	pid := moot.ParticipantID(badgeKey.PID(7))
	if n := len(w.replica.Others(pid, oplog.Hash{})); n != 1 {
		t.Errorf("%d live tokens, want 1", n)
	}
}

// Pages hear of the session's other hubs, which came with the record, and are let in
// where they were opened at one of them or at a name that hubs announce.
func TestPagesOfOtherHubs(t *testing.T) {
	v := newVenue(t)
	w := v.beside(1)
	token, _ := v.join("")
	v.meet(w)
	_, state, _ := w.call("GET", "/api/v1/state", token, nil)
	if want := "[http://192.168.7.8:8080 http://192.168.7.7:8080]"; fmt.Sprint(state["hubs"]) != want {
		t.Errorf("hubs %v, want %s", state["hubs"], want)
	}
	var many []string
	for i := range 40 {
		many = append(many, fmt.Sprintf("http://10.0.0.%d:8080", i))
	}
	x := v.besideOf(2, many)
	v.meet(x)
	_, state, _ = x.call("GET", "/api/v1/state", token, nil)
	if told := state["hubs"].([]any); len(told) != 17 || told[0] != "http://192.168.7.8:8080" || told[16] != many[39] {
		t.Errorf("of 40 others pages are told %v, want the newest 16", told)
	}
	for origin, want := range map[string]bool{
		"http://192.168.7.7:8080": true, "http://folkmoot.local": true, "http://folkmoot-2.local:8080": true, "http://Folkmoot.local:8080": true,
		"http://192.168.7.9:8080": false, "http://evil.local": false, "http://folkmoot-.local": false, "http://folkmoot--2.local": false,
		"http://folkmoot-02.local": false, "http://folkmoot.local.evil.example": false, "https://folkmoot.local": false, "http://folkmoot": false,
	} {
		status, doc, head := w.call("POST", "/api/v1/items", token, items(voteItem(v.statements[0], "agree", 1)), func(r *http.Request) { r.Header.Set("Origin", origin) })
		if got := status == http.StatusCreated && head.Get("Access-Control-Allow-Origin") == origin; got != want || !want && status != http.StatusForbidden {
			t.Errorf("%s: %d %v, want let in %v", origin, status, doc, want)
		}
	}
}
