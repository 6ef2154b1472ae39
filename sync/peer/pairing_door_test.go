package peer_test

import (
	"crypto/ed25519"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"folkmoot/sync/peer"
)

func TestDecline(t *testing.T) {
	h := newHouse(1)
	k := h.mustAsk(t, 2, nil)
	id := h.Pending()[0].ID
	if err := h.Decline(id); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Accept(id); err != peer.ErrNotAsking {
		t.Errorf("accepted after all: %v", err)
	}
	call(h, 2, peer.CallPairState, peer.PairAsk{Cancel: true}) // these do not undo it
	if got := call(h, 2, peer.CallPairReveal, peer.PairReveal{Nonce: make([]byte, 32)}); got.Refused == nil || got.Refused.Code != peer.NotAsking {
		t.Errorf("another nonce then: %+v", got)
	}
	if _, err := h.step(t, 2, k); err != nil || k.State() != peer.PairDeclined {
		t.Errorf("%s, %v", k.State(), err)
	}
	k.Confirm()
	if _, _, more := k.Next(); more || k.Trusted() {
		t.Error("it goes on")
	}
	h.at = h.at.Add(time.Minute)
	again, err := h.ask(t, 2, nil)
	var refusal *peer.Refusal
	if !errors.As(err, &refusal) || refusal.Code != peer.Declined || refusal.Wait != 60_000 || again.State() != peer.PairDeclined {
		t.Errorf("asked again: %+v", err)
	}
	h.mustAsk(t, 2, h.invite()) // who is shown the link is meant
	other := newHouse(1)
	other.mustAsk(t, 2, nil)
	other.Decline(id)
	other.at = other.at.Add(peer.AskLife)
	other.mustAsk(t, 2, nil)
}

// Times: what waits ends after two minutes for both sides, and is forgotten after four.
func TestAskExpires(t *testing.T) {
	h := newHouse(1)
	k := h.mustAsk(t, 2, nil)
	id := h.Pending()[0].ID
	h.at = h.at.Add(peer.AskLife - time.Millisecond)
	if len(h.Pending()) != 1 || h.State(public(2)) != peer.PairWaiting || k.State() != peer.PairWaiting {
		t.Error("it ended early")
	}
	h.at = h.at.Add(time.Millisecond)
	if _, err := h.Accept(id); err != peer.ErrNotAsking || len(h.Pending()) != 0 || h.State(public(2)) != peer.PairExpired || k.State() != peer.PairExpired {
		t.Errorf("%v, %s", err, h.State(public(2)))
	}
	if k.Confirm(); k.Trusted() {
		t.Error("trusted")
	}
	h.at = h.at.Add(peer.AskLife)
	if got := h.State(public(2)); got != peer.PairUnknown {
		t.Errorf("after four minutes: %s", got)
	}
}

// The second message comes at once or not at all.
func TestStartExpires(t *testing.T) {
	h := newHouse(1)
	k := h.knock(t, 2, nil)
	h.step(t, 2, k)
	h.at = h.at.Add(30 * time.Second)
	if _, err := h.step(t, 2, k); !errors.Is(err, refused(peer.NotAsking)) || k.State() != peer.PairExpired {
		t.Errorf("%v, %s", err, k.State())
	}
}

// A key that asks anew has one request: the new one.
func TestOneRequestAKey(t *testing.T) {
	h := newHouse(1)
	h.mustAsk(t, 2, nil)
	first := h.Pending()[0].Digits
	h.mustAsk(t, 2, nil)
	if got := h.Pending(); len(got) != 1 || got[0].Digits == first {
		t.Errorf("%+v", got)
	}
}

// Eight wait by digits, and however many those are, one with a link finds a place.
func TestTooManyAsking(t *testing.T) {
	h := newHouse(1)
	for n := range peer.MaxAsking {
		h.mustAsk(t, 10+n, nil)
		h.at = h.at.Add(time.Second)
	}
	k := h.knock(t, 2, nil)
	_, err := h.step(t, 2, k)
	var refusal *peer.Refusal
	if !errors.As(err, &refusal) || refusal.Code != peer.TooManyAsking || refusal.Wait != 112_000 || k.Digits() != "" || len(h.Pending()) != peer.MaxAsking {
		t.Errorf("%+v", err)
	}
	h.mustAsk(t, 10, nil) // in its own place
	h.mustAsk(t, 2, h.invite())
	if len(h.Pending()) != peer.MaxAsking+1 {
		t.Errorf("%d ask", len(h.Pending()))
	}
	for n := range peer.MaxAsking - 1 {
		h.mustAsk(t, 30+n, h.invite())
	}
	if _, err := h.step(t, 3, h.knock(t, 3, h.invite())); !errors.Is(err, refused(peer.TooManyAsking)) {
		t.Errorf("by link: %v", err)
	}
	if _, open := h.Invited(); !open {
		t.Error("who found no place used the invitation up")
	}
}

// Nine who began before eight waited do not all find a place.
func TestTooManyReveal(t *testing.T) {
	h := newHouse(1)
	var knocks []*peer.Knock
	for n := range peer.MaxAsking + 1 {
		k := h.knock(t, 10+n, nil)
		h.step(t, 10+n, k)
		knocks = append(knocks, k)
	}
	for n, k := range knocks {
		_, err := h.step(t, 10+n, k)
		if full := errors.Is(err, refused(peer.TooManyAsking)); full != (n == peer.MaxAsking) {
			t.Errorf("%d: %v", n, err)
		}
	}
	h.Decline(h.Pending()[0].ID)
	if _, err := h.step(t, 10+peer.MaxAsking, knocks[peer.MaxAsking]); err != nil {
		t.Errorf("when there is a place again: %v", err)
	}
}

// Ten starts a minute of a key, thirty of all; by link counts for itself.
func TestStartsAMinute(t *testing.T) {
	h := newHouse(1)
	slow := func(n int) uint64 {
		got := call(h, n, peer.CallPairStart, byDigits())
		if got.Refused == nil {
			return 0
		}
		if got.Refused.Code != peer.SlowDown {
			t.Fatalf("%+v", got.Refused)
		}
		return got.Refused.Wait
	}
	slow(9)
	h.at = h.at.Add(time.Second)
	for i := range 10 {
		if slow(2) > 0 {
			t.Fatalf("start %d of a key is refused", i+1)
		}
		h.at = h.at.Add(time.Second)
	}
	if got := slow(2); got != 50_000 {
		t.Errorf("the eleventh: wait %d ms", got)
	}
	for i := range 19 {
		if slow(10+i) > 0 {
			t.Fatalf("start %d of all is refused", 12+i)
		}
	}
	if got := slow(3); got != 49_000 {
		t.Errorf("the 31st of all: wait %d ms", got)
	}
	later := h.knock(t, 3, nil)
	if _, err := h.step(t, 3, later); !errors.Is(err, refused(peer.SlowDown)) {
		t.Errorf("a joiner among them: %v", err)
	}
	h.mustAsk(t, 3, h.invite())
	h.at = h.at.Add(49 * time.Second)
	if _, err := h.step(t, 3, later); err != nil {
		t.Errorf("the same one after its wait: %v", err)
	}
	h.at = h.at.Add(time.Second)
	if slow(3) > 0 || slow(3) == 0 {
		t.Error("after the wait one finds a place, and one only")
	}
	link := h.invite()
	for n := range 30 {
		if got := call(h, 100+n, peer.CallPairStart, peer.PairStart{Protocol: peer.Protocol, Role: peer.RoleHub}); (got.Refused != nil) != (n == 29) { // one was before
			t.Errorf("start %d by link: %+v", n+2, got.Refused)
		}
	}
	h.at = h.at.Add(time.Minute)
	h.mustAsk(t, 3, link)
}

// Names are shown to the host: no tricks with them.
func TestNames(t *testing.T) {
	id := peer.DeviceOf(public(2))
	for name, want := range map[string]string{
		"  Ines'\n tablet ":                 "Ines' tablet",
		"平板三號":                              "平板三號",
		"a\u202egnp.exe\u2066":              "agnp.exe",
		"ta\u200bb\u00adlet\ufeff\x00\x1b[": "tablet[",
		"\u200b\u200d\u2060":                string(id[:8]),
		"":                                  string(id[:8]),
		strings.Repeat("字", 100):            strings.Repeat("字", 60),
		strings.Repeat("字", 59) + " tail":   strings.Repeat("字", 59),
	} {
		h := newHouse(1)
		k, err := peer.NewKnock(peer.KnockOptions{Self: public(2), Host: h.key, Name: "x", Role: peer.RoleBackup})
		if err != nil {
			t.Fatal(err)
		}
		_, data, _ := k.Next()
		var start peer.PairStart
		peer.Decode(data, &start)
		start.Name, start.Version = name, "1\u202e2" // as no program of ours sends them
		data, _ = peer.Encode(&start)
		if err := k.Take(reply(t, h, public(2), peer.CallPairStart, data)); err != nil {
			t.Fatal(err)
		}
		h.step(t, 2, k)
		if got := h.Pending(); len(got) != 1 || got[0].Name != want || got[0].Role != peer.RoleBackup || got[0].Version != "" {
			t.Errorf("%q: %+v", name, got)
		}
	}
}

func TestPairMalformed(t *testing.T) {
	h := newHouse(1)
	h.Invite()
	good, _ := peer.Encode(&peer.PairStart{Protocol: peer.Protocol, Role: peer.RoleTablet, Commit: make([]byte, 32)})
	for name, c := range map[string]struct {
		got  peer.PairAnswer
		code peer.Code
	}{
		"another protocol":     {call(h, 2, peer.CallPairStart, peer.PairStart{Protocol: peer.Protocol + 1, Role: peer.RoleTablet}), peer.TooNew},
		"another role":         {call(h, 2, peer.CallPairStart, peer.PairStart{Protocol: peer.Protocol, Role: "wall"}), peer.Malformed},
		"a short commitment":   {call(h, 2, peer.CallPairStart, peer.PairStart{Protocol: peer.Protocol, Role: peer.RoleTablet, Commit: make([]byte, 31)}), peer.Malformed},
		"a short nonce":        {call(h, 2, peer.CallPairReveal, peer.PairReveal{Nonce: make([]byte, 31)}), peer.Malformed},
		"a long proof":         {call(h, 2, peer.CallPairProve, peer.PairProve{Proof: make([]byte, 33)}), peer.Malformed},
		"no such call":         {h.Answer(public(2), "dance", good), peer.Malformed},
		"no key":               {h.Answer(nil, peer.CallPairStart, good), peer.Malformed},
		"a web page":           {h.Answer(public(2), peer.CallPairStart, []byte("GET / HTTP/1.1")), peer.Malformed},
		"a novel":              {call(h, 2, peer.CallPairStart, peer.PairStart{Protocol: peer.Protocol, Role: peer.RoleTablet, Name: strings.Repeat("a", 2000)}), peer.TooBig},
		"proof without start":  {call(h, 2, peer.CallPairProve, peer.PairProve{Proof: make([]byte, 32)}), peer.NotAsking},
		"reveal without start": {call(h, 2, peer.CallPairReveal, peer.PairReveal{Nonce: make([]byte, 32)}), peer.NotAsking},
	} {
		if c.got.Refused == nil || c.got.Refused.Code != c.code || c.got.State != "" || c.got.Nonce != nil {
			t.Errorf("%s: %+v", name, c.got)
		}
	}
	h.mustAsk(t, 2, nil)
}

// The two ways are not mixed: a proof does not stand for a nonce, nor the other way.
func TestWaysAreApart(t *testing.T) {
	h := newHouse(1)
	h.Invite()
	call(h, 2, peer.CallPairStart, byDigits())
	if got := call(h, 2, peer.CallPairProve, peer.PairProve{Proof: make([]byte, 32)}); got.Refused == nil || got.Refused.Code != peer.NotAsking {
		t.Errorf("%+v", got)
	}
	call(h, 3, peer.CallPairStart, peer.PairStart{Protocol: peer.Protocol, Role: peer.RoleHub})
	if got := call(h, 3, peer.CallPairReveal, peer.PairReveal{Nonce: make([]byte, 32)}); got.Refused == nil || got.Refused.Code != peer.NotAsking {
		t.Errorf("%+v", got)
	}
}

// Changed tells of what the host's screen shows.
func TestDoorChanged(t *testing.T) {
	h := newHouse(1)
	told := func(what string, want bool, do func()) {
		t.Helper()
		changed := h.Changed()
		do()
		select {
		case <-changed:
			if !want {
				t.Errorf("%s: told", what)
			}
		default:
			if want {
				t.Errorf("%s: not told", what)
			}
		}
	}
	link := h.invite()
	told("looking", false, func() { h.Pending(); h.Invited(); h.State(public(2)) })
	told("a start", false, func() { h.step(t, 2, h.knock(t, 2, link)) })
	told("asking", true, func() { h.mustAsk(t, 2, link) })
	told("an invitation", true, func() { h.Invite() })
	told("declined", true, func() { h.Decline(peer.DeviceOf(public(2))) })
	told("it runs out", true, func() { h.at = h.at.Add(peer.InviteLife); h.Invited() })
	h.mustAsk(t, 3, nil)
	told("cancelled", true, func() { call(h, 3, peer.CallPairState, peer.PairAsk{Cancel: true}) })
}

// Of many who have the same link, all at once, one is let ask, while the host looks and
// decides.
func TestDoorAtOnce(t *testing.T) {
	h := newHouse(1)
	link := h.invite()
	const joiners = 20
	var all sync.WaitGroup
	var in, spent atomic.Int32
	stop := make(chan struct{})
	all.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
				h.Pending()
				h.Invited()
				h.Changed()
				h.Decline("nobody")
			}
		}
	})
	var asking sync.WaitGroup
	for n := range joiners {
		asking.Go(func() {
			switch k, err := h.ask(t, 10+n, link); {
			case err == nil && k.State() == peer.PairWaiting:
				in.Add(1)
			case errors.Is(err, refused(peer.SecretSpent)):
				spent.Add(1)
			default:
				t.Errorf("joiner %d: %s, %v", n, k.State(), err)
			}
		})
	}
	asking.Wait()
	close(stop)
	all.Wait()
	if in.Load() != 1 || spent.Load() != joiners-1 {
		t.Errorf("%d let ask, %d refused", in.Load(), spent.Load())
	}
	id := h.Pending()[0].ID
	var accepted, heard atomic.Int32
	for range joiners {
		all.Go(func() {
			if who, err := h.Accept(id); err == nil && who.ID == id {
				accepted.Add(1)
			}
		})
	}
	all.Wait()
	var who ed25519.PublicKey
	for n := range joiners {
		if peer.DeviceOf(public(10+n)) == id {
			who = public(10 + n)
		}
	}
	for range joiners {
		all.Go(func() {
			if h.State(who) == peer.PairAccepted {
				heard.Add(1)
			}
		})
	}
	if all.Wait(); accepted.Load() != 1 || heard.Load() != 1 {
		t.Errorf("accepted %d times, heard %d times", accepted.Load(), heard.Load())
	}
}
