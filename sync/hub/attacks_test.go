package hub

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"folkmoot/assets/pagetest"
	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
)

// attack is something that must fail against the hub, and must work where just the one
// thing that stops it is taken out: so that the test shows what it is that stops it.
type attack struct {
	name string
	// without is the guard to take out, change what else; or one of the two.
	without guardName
	change  alter
	// status and code are what the attacker gets.
	status int
	code   string
	// try attacks, and says whether it did what it was after.
	try func(s *site) (said, bool)
}

func TestAttacks(t *testing.T) {
	for _, a := range slicesOf(callAttacks, codeAttacks, pathAttacks, bodyAttacks, floodAttacks, hostAttacks) {
		t.Run(a.name, func(t *testing.T) {
			got, done := a.try(newSite(t, "", alter{}))
			if done {
				t.Errorf("it works: %d %.300s", got.status, got.body)
			}
			if got.status != a.status || got.code != a.code {
				t.Errorf("answer %d %q, want %d %q: %.300s", got.status, got.code, a.status, a.code, got.body)
			}
			if got.status == http.StatusTooManyRequests && got.head.Get("Retry-After") == "" {
				t.Error("no word on when to try again")
			}
			if got, done := a.try(newSite(t, a.without, a.change)); !done {
				t.Errorf("without what should stop it it fails too: %d %.300s", got.status, got.body)
			}
		})
	}
}

func slicesOf(lists ...[]attack) (all []attack) {
	for _, list := range lists {
		all = append(all, list...)
	}
	return all
}

// gullible is a record to which every token is the same person's.
type gullible struct {
	Record
	views func() *moot.View
}

func (g gullible) Person(oplog.Hash) (moot.ParticipantID, bool) {
	for _, p := range g.views().People() {
		return p.ID, true
	}
	return moot.ParticipantID{}, false
}

// forgetful is a record that knows no device, and to which no item comes twice.
type forgetful struct {
	Record
	times *uint64
}

func (forgetful) Person(oplog.Hash) (moot.ParticipantID, bool) { return moot.ParticipantID{}, false }

func (f forgetful) Admit(ctx context.Context, token oplog.Hash, person moot.ParticipantID, items ...moot.Item) ([]moot.Outcome, error) {
	*f.times++
	for i := range items {
		copy(items[i].CID[:], freshID(16))
		if p, ok := items[i].Payload.(*moot.SetPerson); ok {
			p.Rev += *f.times
		}
	}
	return f.Record.Admit(ctx, token, person, items...)
}

// lenient is a record that takes everything.
type lenient struct{ Record }

func (lenient) Do(_ context.Context, items ...moot.Item) ([]moot.Outcome, error) {
	out := make([]moot.Outcome, len(items))
	for i := range out {
		out[i].Receipt = "taken"
	}
	return out, nil
}

func believes(r Record) Record { return gullible{r, r.View} }

// Every guard of the list and every limit of the handlers stops an attack: none is there
// that no test would miss.
func TestEveryGuardIsAttacked(t *testing.T) {
	attacked := map[guardName]bool{guardStreams: true, guardReader: true, guardFlight: true} // in TestStreamFlood, TestReaderThatNeverReads, TestAnswersOnTheirWay
	for _, a := range slicesOf(callAttacks, codeAttacks, pathAttacks, bodyAttacks, floodAttacks, hostAttacks) {
		attacked[a.without] = true
	}
	for _, name := range []guardName{guardHost, guardPath, guardOrigin, guardType, guardSize, guardRate, guardShape,
		guardItems, guardStatements, guardJoins, guardCodes, guardAsking, guardStreams, guardReader, guardFlight, guardText} {
		if !attacked[name] {
			t.Errorf("nothing attacks %q", name)
		}
	}
	for _, g := range (&Hub{}).guards(true) {
		if !attacked[g.name] {
			t.Errorf("nothing attacks %q", g.name)
		}
	}
}

// A room behind one address votes as it likes.
func TestNoLimitPerAddress(t *testing.T) {
	s := newSite(t, "", alter{})
	for i := range 12 {
		token, _ := s.join("")
		for j := range itemBurst {
			if out := s.call("POST", "/api/v1/items", token, s.vote("agree", j+1)); out.status != http.StatusCreated {
				t.Fatalf("device %d, vote %d of one address: %d %s", i, j, out.status, out.body)
			}
		}
	}
}

// A full disk is said as such; anything else that went wrong is "again".
func TestFullDisk(t *testing.T) {
	full := errors.New("no room")
	for err, want := range map[error]said{full: {status: 507, code: "full"}, errors.New("other"): {status: 503, code: "again"}} {
		var broken failing
		s := newSite(t, "", alter{record: func(r Record) Record { broken.Record = r; return &broken }})
		token, _ := s.join("")
		broken.err.Store(&err)
		s.hub.options.Full = func(err error) bool { return errors.Is(err, full) }
		out := s.call("POST", "/api/v1/items", token, s.vote("agree", 1))
		if out.status != want.status || out.code != want.code || out.head.Get("Retry-After") == "" {
			t.Errorf("%v: %d %s", err, out.status, out.body)
		}
	}
}

type failing struct {
	Record
	err atomic.Pointer[error] // nil: it works
}

func (f *failing) Do(ctx context.Context, items ...moot.Item) ([]moot.Outcome, error) {
	if err := f.err.Load(); err != nil {
		return nil, *err
	}
	return f.Record.Do(ctx, items...)
}

// The pretend hub, on which the pages are tested, has the same policy.
func TestPolicyOfTheTests(t *testing.T) {
	if contentPolicy != pagetest.Policy {
		t.Errorf("the pages are tested under %q, and served under %q", pagetest.Policy, contentPolicy)
	}
}

func TestModest(t *testing.T) {
	for text, want := range map[string]bool{
		`{"items":[{"cid":"a","value":{"text":"x \" [[[[[[[[[[","lang":"en"}}],"waiting":0}`: true,
		`[[[[[[[[]]]]]]]]`:                     true,
		`[[[[[[[[[]]]]]]]]]`:                   false,
		strings.Repeat(`[],`, 1000):            true,
		strings.Repeat("1", maxNumber):         true,
		strings.Repeat("1", maxNumber+1):       false,
		"[1,2," + strings.Repeat("3, ", 100):   true,
		`"` + strings.Repeat("a", maxString+2): false,
		`"\`:                                   true, // the decoder's part
	} {
		if got := modest([]byte(text)); got != want {
			t.Errorf("%.60s: %t, want %t", text, got, want)
		}
	}
	if whole, err := json.Marshal(itemDoc{}); err != nil || !modest(whole) {
		t.Errorf("an item of our own: %v", err)
	}
}
