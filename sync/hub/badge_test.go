package hub_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"folkmoot/sync/badge"
	"folkmoot/sync/moot"
)

// badges switches badge mode on.
func (v *venue) badges() *venue {
	v.do(&moot.SetField{Field: moot.Badges, Value: "on", Rev: 1})
	return v
}

func badgeCode(n int) string {
	c, err := badgeKey.Issue(n)
	if err != nil {
		panic(err)
	}
	return c.Print()
}

// typeBadge joins with ten characters; the body may be changed.
func (v *venue) typeBadge(token, code string, more map[string]any) (int, map[string]any) {
	v.t.Helper()
	body := map[string]any{"token": token, "badge": code, "lang": "en", "name": ""}
	for k, value := range more {
		body[k] = value
	}
	status, doc, _ := v.call("POST", "/api/v1/join", "", body)
	return status, doc
}

// signed sends calls as a page does: signed, and once more where it is told to.
type signed struct {
	v                     *venue
	number                int
	token, session, epoch string
	counter               uint64
}

func (s *signed) call(method, path string, body any) (int, map[string]any) {
	s.v.t.Helper()
	raw, _ := json.Marshal(body)
	if body == nil {
		raw = nil
	}
	for range 3 {
		s.counter++
		c := badge.Call{Method: method, Path: path, Session: s.session, Epoch: s.epoch, Token: s.token, Counter: s.counter, Body: raw}
		status, doc, _ := s.v.call(method, path, "", string(raw), func(r *http.Request) {
			r.Header.Set("Authorization", fmt.Sprintf("Badge %s %s %d %s", s.token, s.epoch, s.counter, c.MAC(badgeKey.CallKey(s.number))))
		})
		if errorCode(doc) != "stale_epoch" {
			return status, doc
		}
		e := doc["error"].(map[string]any)
		s.session, s.epoch = e["session"].(string), e["epoch"].(string)
	}
	return 0, nil
}

// scan joins with a badge's QR code.
func (v *venue) scan(n int, move bool) (*signed, int, map[string]any) {
	v.t.Helper()
	s := &signed{v: v, number: n, token: newToken(), epoch: "-"}
	status, doc := s.call("POST", "/api/v1/join", map[string]any{"code": code, "token": s.token, "number": n, "lang": "en", "name": "", "move": move})
	return s, status, doc
}

func TestTypedBadge(t *testing.T) {
	v := newVenue(t).badges()
	token := newToken()
	for i, text := range []string{badgeCode(12), strings.ToLower(badgeCode(12))} { // the second is an answer that was lost
		status, doc := v.typeBadge(token, text, nil)
		person, _ := doc["person"].(map[string]any)
		pid := badgeKey.PID(12)
		if status != http.StatusCreated || person["number"] != 12.0 || person["id"] != moot.ParticipantID(pid).String() || person["word"] == "" || doc["code"] != code {
			t.Fatalf("join %d: %d %v", i, status, doc)
		}
	}
	if status, doc := v.send(token, voteItem(v.statements[0], "agree", 5)); status != http.StatusCreated || rows(doc, "saved") != 1 {
		t.Errorf("a vote with the token alone: %d %v", status, doc)
	}
	if v.replica.View().PeopleCount() != 1 || v.replica.View().Here() != 1 {
		t.Error("the badge is more than one person")
	}
}

func TestBadgeModeRefuses(t *testing.T) {
	v := newVenue(t)
	before, _ := v.join("")
	cases := []struct {
		name   string
		on     bool
		body   map[string]any
		status int
		code   string
	}{
		{"a badge in open mode", false, map[string]any{"token": newToken(), "badge": badgeCode(12)}, 403, "no_badges"},
		{"the digits in badge mode", true, map[string]any{"token": newToken(), "code": code}, 403, "badge_needed"},
		{"another session's badge", true, map[string]any{"token": newToken(), "badge": "00CWBCZGNJ"}, 403, "wrong_badge"},
		{"nine characters", true, map[string]any{"token": newToken(), "badge": badgeCode(12)[:9]}, 403, "wrong_badge"},
		{"a number without a signature", true, map[string]any{"token": newToken(), "number": 12}, 403, "wrong_badge"},
		{"a number of no badge", true, map[string]any{"token": newToken(), "number": 1 << 40}, 403, "wrong_badge"},
		{"somebody else's token", true, map[string]any{"token": before, "badge": badgeCode(12)}, 409, "bad_token"},
		{"no token", true, map[string]any{"badge": badgeCode(12)}, 400, "bad_token"},
		{"a name that is too long", true, map[string]any{"token": newToken(), "badge": badgeCode(12), "name": strings.Repeat("n", 61)}, 422, "too_long"},
	}
	for _, c := range cases {
		if c.on && !v.replica.View().Session.On(moot.Badges) {
			v.badges()
		}
		if status, doc, _ := v.call("POST", "/api/v1/join", "", c.body); status != c.status || errorCode(doc) != c.code {
			t.Errorf("%s: %d %v, want %d %s", c.name, status, doc, c.status, c.code)
		}
	}
	if status, _ := v.send(before, voteItem(v.statements[0], "agree", 5)); status != http.StatusCreated {
		t.Errorf("who was in before badges were asked for is put out: %d", status)
	}
	if v.replica.View().PeopleCount() != 1 {
		t.Errorf("%d people after refused joins, want 1", v.replica.View().PeopleCount())
	}
}

// Where simulated people may come, the six digits are enough.
func TestRehearsalNeedsNoBadge(t *testing.T) {
	v := newVenue(t).badges()
	v.do(&moot.SetField{Field: moot.Rehearsal, Value: "on", Rev: 1})
	v.join("")
	if _, status, doc := v.scan(12, false); status != http.StatusCreated {
		t.Errorf("a badge in a rehearsal: %d %v", status, doc)
	}
	_, doc, _ := v.call("GET", "/api/v1/alive", "", nil)
	if doc["badges"] != false {
		t.Errorf("the page would ask for a badge: %v", doc)
	}
}

func TestScannedBadge(t *testing.T) {
	v := newVenue(t).badges()
	s, status, doc := v.scan(300, false)
	if status != http.StatusCreated || doc["person"].(map[string]any)["number"] != 300.0 || doc["epoch"] != s.epoch {
		t.Fatalf("join: %d %v", status, doc)
	}
	if status, doc := s.call("POST", "/api/v1/items", items(voteItem(v.statements[0], "agree", 5))); status != http.StatusCreated || rows(doc, "saved") != 1 {
		t.Errorf("a signed vote: %d %v", status, doc)
	}
	if status, doc := s.call("GET", "/api/v1/state?since=3", nil); status != http.StatusOK || doc["session"].(map[string]any)["badges"] != true {
		t.Errorf("signed state: %d %v", status, doc)
	}
	for _, header := range []string{"Bearer " + s.token, "Badge", "Badge " + s.token, "Badge " + s.token + " e -1 m", "Badge " + s.token + " " + s.epoch + " 99 00", "Badge " + newToken() + " e 1 m"} {
		status, doc, _ := v.call("GET", "/api/v1/state", "", nil, func(r *http.Request) { r.Header.Set("Authorization", header) })
		if status != http.StatusUnauthorized || doc["me"] != nil {
			t.Errorf("%q: %d %v", header, status, doc)
		}
	}
	// A call whose answer was lost is sent again by the browser with the same counter.
	s.counter--
	if status, doc := s.call("GET", "/api/v1/state", nil); status != http.StatusUnauthorized || errorCode(doc) != "replayed" {
		t.Errorf("the same counter again: %d %v", status, doc)
	}
	_, doc, _ = v.call("POST", "/api/v1/join", "", map[string]any{"token": s.token, "code": code})
	if errorCode(doc) != "badge_needed" {
		t.Errorf("the token alone tells who it is: %v", doc)
	}
}

// Calls that are under way at the same moment pass in whatever order they come.
func TestSignedCallsAtOnce(t *testing.T) {
	v := newVenue(t).badges()
	s, _, _ := v.scan(12, false)
	var all sync.WaitGroup
	for i := range 32 {
		one := *s
		one.counter += uint64(i)
		all.Go(func() {
			if status, doc := one.call("GET", "/api/v1/state", nil); status != http.StatusOK {
				t.Errorf("call %d: %d %v", i, status, doc)
			}
		})
	}
	all.Wait()
}

func TestMoveBadge(t *testing.T) {
	v := newVenue(t).badges()
	first, _, _ := v.scan(12, false)
	first.call("POST", "/api/v1/items", items(voteItem(v.statements[0], "agree", 5)))
	token := newToken()
	if status, doc := v.typeBadge(token, badgeCode(12), nil); status != http.StatusConflict || errorCode(doc) != "badge_in_use" {
		t.Fatalf("a second device: %d %v", status, doc)
	}
	if status, _ := first.call("GET", "/api/v1/state", nil); status != http.StatusOK {
		t.Errorf("being asked put the first device out: %d", status)
	}
	if status, doc := v.typeBadge(token, badgeCode(12), map[string]any{"move": true}); status != http.StatusCreated {
		t.Fatalf("moving: %d %v", status, doc)
	}
	if status, doc := first.call("GET", "/api/v1/state", nil); status != http.StatusUnauthorized || errorCode(doc) != "badge_moved" {
		t.Errorf("the first device: %d %v", status, doc)
	}
	_, doc, _ := v.call("GET", "/api/v1/state", token, nil)
	if votes := doc["me"].(map[string]any)["votes"].(map[string]any); len(votes) != 1 {
		t.Errorf("the answers did not come along: %v", votes)
	}
	back, status, _ := v.scan(12, true)
	if status, doc, _ := v.call("GET", "/api/v1/state", token, nil); status != http.StatusUnauthorized || errorCode(doc) != "badge_moved" {
		t.Errorf("the second device after moving back: %d %v", status, doc)
	}
	if status != http.StatusCreated || back.token == first.token || v.replica.View().PeopleCount() != 1 {
		t.Errorf("moving back: %d, %d people", status, v.replica.View().PeopleCount())
	}
}

// Of phones that come at once with one badge, one is in without being asked.
func TestOneBadgeAtOnce(t *testing.T) {
	v := newVenue(t).badges()
	var all sync.WaitGroup
	var mu sync.Mutex
	got := map[string]int{}
	for range 20 {
		all.Go(func() {
			_, status, doc := v.scan(12, false)
			mu.Lock()
			defer mu.Unlock()
			got[fmt.Sprint(status, errorCode(doc))]++
		})
	}
	all.Wait()
	if got["201"] != 1 || got["409badge_in_use"]+got["429busy"] != 19 {
		t.Errorf("%v", got)
	}
}

// The stream of a device that was left ends, so that its page hears of it.
func TestMovingEndsStreams(t *testing.T) {
	v := newVenue(t).badges()
	token := newToken()
	v.typeBadge(token, badgeCode(12), nil)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	req, _ := http.NewRequestWithContext(ctx, "GET", v.lan.URL+"/api/v1/live", nil)
	req.Header.Set("Authorization", "Bearer "+token)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	stream := bufio.NewScanner(res.Body)
	if !stream.Scan() {
		t.Fatal("nothing came")
	}
	v.scan(12, true)
	for stream.Scan() { // ends, or the test never does
	}
	if stream.Err() != nil {
		t.Errorf("the stream broke off: %v", stream.Err())
	}
}

func TestWrongBadgesCountAsGuesses(t *testing.T) {
	v := newVenue(t).badges()
	codes := map[string]int{}
	for range 12 {
		_, doc := v.typeBadge(newToken(), "00CWBCZGNJ", nil)
		codes[errorCode(doc)]++
	}
	if codes["wrong_badge"] != 10 || codes["too_many_codes"] != 2 {
		t.Errorf("%v, want ten guesses a minute", codes)
	}
	if status, doc := v.typeBadge(newToken(), badgeCode(12), nil); status != http.StatusTooManyRequests {
		t.Errorf("the right one among guesses: %d %v", status, doc)
	}
	if _, status, doc := v.scan(12, false); status != http.StatusCreated {
		t.Errorf("who guesses keeps out who scans: %d %v", status, doc)
	}
}

func TestSignedBodyTooBig(t *testing.T) {
	v := newVenue(t).badges()
	s, _, _ := v.scan(12, false)
	if status, doc := s.call("GET", "/api/v1/state", strings.Repeat("x", 65<<10)); status != http.StatusRequestEntityTooLarge {
		t.Errorf("%d %v", status, doc)
	}
}
