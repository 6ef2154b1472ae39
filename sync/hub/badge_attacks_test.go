package hub

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"folkmoot/sync/badge"
	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
	"folkmoot/sync/replica"
	"folkmoot/sync/replica/replicatest"
)

var attackKey = badge.Key{7: 1}

// scene is a hub in badge mode with one statement, and what an attack may change.
type scene struct {
	t       *testing.T
	record  *replica.Replica
	hub     *Hub
	sid     string
	session string
	// omit takes parts out of what is signed, on both sides: nil holds everything.
	omit func(*badge.Call)
	// without takes a check out of each hub that the scene starts.
	without func(*badgeChecks)
}

func newScene(t *testing.T, session byte, without func(*badgeChecks), omit func(*badge.Call)) *scene {
	t.Helper()
	key := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{session}, ed25519.SeedSize))
	r, err := replica.Open(replicatest.NewDisk(), replica.Options{Session: oplog.SessionID{session}, Key: key, Now: time.Now, Random: rand.Reader})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.Close)
	s := &scene{t: t, record: r, session: oplog.SessionID{session}.String(), without: without, omit: omit}
	s.act(&moot.SetField{Field: moot.Title, Value: "A square for the market", Rev: 1}, &moot.SetField{Field: moot.JoinCode, Value: "482163", Rev: 1},
		&moot.SetField{Field: moot.Badges, Value: "on", Rev: 1},
		&moot.StepAct{Step: "opinion", Do: "start", Open: true, Started: 1, StepKind: moot.StepOpinion, At: 1},
		&moot.NewStatement{Text: "One", Lang: "en", Standing: moot.Approved, Seed: true})
	s.sid = r.View().Statements[0].ID.String()
	s.restart()
	return s
}

// restart starts the hub anew over the same record.
func (s *scene) restart() {
	h := New(s.record, Options{Random: rand.Reader, Now: time.Now, Addresses: func() []string { return nil }, BadgeKey: func() (badge.Key, error) { return attackKey, nil }})
	s.t.Cleanup(h.Close)
	if s.omit != nil {
		h.badges.checks.holds = func(c badge.Call, k badge.CallKey, mac string) bool { s.omit(&c); return c.Check(k, mac) }
	}
	if s.without != nil {
		s.without(&h.badges.checks)
	}
	s.hub = h
}

func (s *scene) act(payloads ...moot.Payload) {
	s.t.Helper()
	for _, p := range payloads {
		var cid oplog.ItemID
		rand.Read(cid[:])
		if out, err := s.record.Do(context.Background(), moot.Item{CID: cid, Payload: p}); err != nil || out[0].Refusal != nil {
			s.t.Fatal(err, out)
		}
	}
}

func (s *scene) epoch() string { e, _ := s.hub.badges.epoch(); return e }

// heard is a call as it goes over the line: what a listener has.
type heard struct{ method, path, authorization, body string }

// send brings a call to the hub.
func (s *scene) send(c heard) (int, string) {
	r := httptest.NewRequest(c.method, "http://192.168.7.7:8080"+c.path, strings.NewReader(c.body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", c.authorization)
	w := httptest.NewRecorder()
	s.hub.Handler().ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

// must is send for what has to work.
func (s *scene) must(c heard) {
	s.t.Helper()
	if status, body := s.send(c); status/100 != 2 {
		s.t.Fatalf("%s %s: %d %s", c.method, c.path, status, body)
	}
}

// phone scanned a badge.
type phone struct {
	s       *scene
	number  int
	token   string
	counter uint64
}

func (s *scene) phone(number int) *phone {
	raw := make([]byte, 32)
	rand.Read(raw)
	return &phone{s: s, number: number, token: hex.EncodeToString(raw)}
}

// sign makes the next call of the phone.
func (p *phone) sign(method, path, body string) heard {
	p.counter++
	c := badge.Call{Method: method, Path: path, Session: p.s.session, Epoch: p.s.epoch(), Token: p.token, Counter: p.counter, Body: []byte(body)}
	if p.s.omit != nil {
		p.s.omit(&c)
	}
	return heard{method, path, fmt.Sprintf("Badge %s %s %d %s", p.token, p.s.epoch(), p.counter, c.MAC(attackKey.CallKey(p.number))), body}
}

func (p *phone) join(move bool) heard {
	body, _ := json.Marshal(map[string]any{"token": p.token, "number": p.number, "lang": "en", "move": move})
	return p.sign("POST", "/api/v1/join", string(body))
}

func (p *phone) vote(value string) heard {
	var cid [16]byte
	rand.Read(cid[:])
	return p.sign("POST", "/api/v1/items", fmt.Sprintf(`{"items":[{"cid":"%x","kind":"vote","key":"%s","rev":5,"value":%q}],"waiting":0}`, cid, p.s.sid, value))
}

// joined gives a phone that is in.
func (s *scene) joined(number int) *phone {
	s.t.Helper()
	p := s.phone(number)
	s.must(p.join(false))
	return p
}

func typed(token, code string, move bool) heard {
	body, _ := json.Marshal(map[string]any{"token": token, "badge": code, "lang": "en", "move": move})
	return heard{"POST", "/api/v1/join", "", string(body)}
}

// badgeAttack is tried by somebody who hears the network; done says whether it worked.
type badgeAttack struct {
	name string
	code string // of the answer
	// without takes just the check out that stands against it, or omit what a signature holds.
	without func(*badgeChecks)
	omit    func(*badge.Call)
	try     func(*scene) (status int, body string)
	// done says what besides a good status shows that it worked; nil is nothing.
	done func(*scene) bool
}

func voteOf(s *scene, number int) moot.Vote {
	p := s.record.View().Person(moot.ParticipantID(attackKey.PID(number)))
	return p.Vote(s.record.View().Statements[0].ID).Value
}

var badgeAttacks = []badgeAttack{
	{name: "a replayed call", code: "replayed", without: func(c *badgeChecks) { c.fresh = func(*badge.Window, uint64) bool { return true } },
		try: func(s *scene) (int, string) {
			call := s.joined(12).sign("GET", "/api/v1/state", "")
			s.must(call)
			return s.send(call)
		}},
	{name: "a forged signature", code: "bad_mac", without: func(c *badgeChecks) { c.holds = func(badge.Call, badge.CallKey, string) bool { return true } },
		try: func(s *scene) (int, string) {
			call := s.joined(12).vote("agree")
			call.authorization = call.authorization[:len(call.authorization)-64] + strings.Repeat("0", 64)
			return s.send(call)
		}, done: func(s *scene) bool { return voteOf(s, 12) == moot.Agree }},
	{name: "a changed body", code: "bad_mac", omit: func(c *badge.Call) { c.Body = nil },
		try: func(s *scene) (int, string) {
			call := s.joined(12).vote("agree")
			call.body = strings.Replace(call.body, "agree", "disagree", 1)
			return s.send(call)
		}, done: func(s *scene) bool { return voteOf(s, 12) == moot.Disagree }},
	{name: "a changed path", code: "bad_mac", omit: func(c *badge.Call) { c.Path = "" },
		try: func(s *scene) (int, string) {
			call := s.joined(12).sign("GET", "/api/v1/live", "")
			call.path = "/api/v1/state"
			return s.send(call)
		}},
	{name: "a changed query", code: "bad_mac", omit: func(c *badge.Call) { c.Path, _, _ = strings.Cut(c.Path, "?") },
		try: func(s *scene) (int, string) {
			call := s.joined(12).sign("GET", "/api/v1/state?since=1", "")
			call.path = "/api/v1/state"
			return s.send(call)
		}},
	{name: "a call moved to another session", code: "bad_mac", omit: func(c *badge.Call) { c.Session = "" },
		try: func(s *scene) (int, string) {
			other := newScene(s.t, 5, s.without, s.omit)
			epoch := s.epoch() // the same by a wonder, like the badge key
			other.hub.badges.epoch = func() (string, error) { return epoch, nil }
			p := s.joined(12)
			there := &phone{s: other, number: 12, token: p.token, counter: p.counter}
			other.must(there.join(false))
			p.counter = there.counter
			return other.send(p.sign("GET", "/api/v1/state", ""))
		}},
	{name: "a call of before the hub was restarted", code: "stale_epoch", without: func(c *badgeChecks) { c.current = func(string, string) bool { return true } },
		try: func(s *scene) (int, string) {
			call := s.joined(12).sign("GET", "/api/v1/state", "")
			s.must(call)
			s.restart()
			return s.send(call)
		}},
	{name: "a token that was heard, without a signature", code: "bad_mac", without: func(c *badgeChecks) { c.unsigned = func(badge.Device) bool { return true } },
		try: func(s *scene) (int, string) {
			return s.send(heard{"GET", "/api/v1/state", "Bearer " + s.joined(12).token, ""})
		}},
	{name: "a call of the phone before, in the name of the next", code: "bad_mac", omit: func(c *badge.Call) { c.Token = "" },
		try: func(s *scene) (int, string) {
			old, next := s.joined(12), s.phone(12)
			old.counter = 100
			call := old.sign("GET", "/api/v1/state", "")
			s.must(call)
			s.must(next.join(true))
			call.authorization = strings.Replace(call.authorization, old.token, next.token, 1)
			return s.send(call)
		}},
	{name: "a join that was heard, to bring the badge back to a phone that was left", code: "replayed", without: func(c *badgeChecks) { c.fresh = func(*badge.Window, uint64) bool { return true } },
		try: func(s *scene) (int, string) {
			old, next := s.phone(12), s.phone(12)
			join := old.join(true)
			s.must(join)
			s.must(next.join(true))
			return s.send(join)
		}},
	{name: "a call of a phone whose badge has moved", code: "badge_moved", without: func(c *badgeChecks) { c.live = func(badge.Device) bool { return true } },
		try: func(s *scene) (int, string) {
			old := s.joined(12)
			s.must(s.phone(12).join(true))
			return s.send(old.vote("agree"))
		}, done: func(s *scene) bool { return voteOf(s, 12) == moot.Agree }},
	{name: "a call with a badge that was voided", code: "badge_void", without: func(c *badgeChecks) { c.voided = func(*moot.View, int) bool { return false } },
		try: func(s *scene) (int, string) {
			p := s.joined(12)
			s.act(&moot.VoidBadge{Number: 12})
			return s.send(p.vote("agree"))
		}, done: func(s *scene) bool { return voteOf(s, 12) == moot.Agree }},
	{name: "joining with a badge that was voided", code: "badge_void", without: func(c *badgeChecks) { c.voided = func(*moot.View, int) bool { return false } },
		try: func(s *scene) (int, string) {
			s.act(&moot.VoidBadge{Number: 12})
			return s.send(s.phone(12).join(false))
		}},
	{name: "a badge whose characters were made up", code: "wrong_badge", without: func(c *badgeChecks) { c.genuine = func(badge.Key, badge.Code) bool { return true } },
		try: func(s *scene) (int, string) {
			code, _ := badge.Key{9: 9}.Issue(12)
			return s.send(typed(s.phone(12).token, code.String(), false))
		}},
	{name: "a scanned badge with a key that was made up", code: "wrong_badge", without: func(c *badgeChecks) { c.holds = func(badge.Call, badge.CallKey, string) bool { return true } },
		try: func(s *scene) (int, string) {
			join := s.phone(12).join(false)
			join.authorization = join.authorization[:len(join.authorization)-64] + strings.Repeat("0", 64)
			return s.send(join)
		}},
	{name: "a second phone with the same badge, not asked", code: "badge_in_use", without: func(c *badgeChecks) { c.alone = func(int, bool) bool { return true } },
		try: func(s *scene) (int, string) {
			s.joined(12)
			return s.send(s.phone(12).join(false))
		}},
}

// Each attack is run against the hub, where it must fail with its own code, and
// against a hub that lacks just the check which stands against it, where it must
// succeed: else something else stopped it, and nothing is known of the check.
func TestBadgeAttacks(t *testing.T) {
	for _, a := range badgeAttacks {
		t.Run(strings.ReplaceAll(a.name, " ", "_"), func(t *testing.T) {
			s := newScene(t, 4, nil, nil)
			status, body := a.try(s)
			if status/100 == 2 || !strings.Contains(body, fmt.Sprintf("%q", a.code)) {
				t.Errorf("against the hub: %d %.200s, want the code %s", status, body, a.code)
			}
			if a.done != nil && a.done(s) {
				t.Error("against the hub: it was refused, and took effect")
			}
			s = newScene(t, 4, a.without, a.omit)
			if status, body = a.try(s); status/100 != 2 {
				t.Errorf("without the check: %d %.200s", status, body)
			}
			if a.done != nil && !a.done(s) {
				t.Error("without the check: it had no effect")
			}
		})
	}
}

// The answer to an old epoch has what a page needs to sign again.
func TestSignAgain(t *testing.T) {
	s := newScene(t, 4, nil, nil)
	p := s.joined(12)
	s.restart()
	stale := heard{"GET", "/api/v1/state", "Badge " + p.token + " 00 9 00", ""}
	status, body := s.send(stale)
	var doc struct{ Error signProblem }
	if err := json.Unmarshal([]byte(body), &doc); err != nil || status != http.StatusUnauthorized || doc.Error.Code != "stale_epoch" ||
		doc.Error.Epoch != s.epoch() || doc.Error.Session != s.session {
		t.Errorf("%d %s, want epoch %s and session %s", status, body, s.epoch(), s.session)
	}
	p.counter = 500
	s.must(p.sign("GET", "/api/v1/state", ""))
	p.counter = 3 // a browser that was set back
	if status, body = s.send(p.sign("GET", "/api/v1/state", "")); status != http.StatusUnauthorized || !strings.Contains(body, `"counter":501`) {
		t.Errorf("a counter far behind: %d %s, want to be told 501", status, body)
	}
}
