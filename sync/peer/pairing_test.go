package peer_test

import (
	"crypto/ed25519"
	"fmt"
	"math/rand/v2"
	"regexp"
	"testing"
	"time"

	"folkmoot/sync/peer"
)

// house is a host's door with a clock that can be moved.
type house struct {
	*peer.Door
	key ed25519.PublicKey
	at  time.Time
}

func public(n int) ed25519.PublicKey {
	return key(byte(n), n>>8).Public().(ed25519.PublicKey)
}

func newHouse(n int) *house {
	h := &house{key: public(n), at: noon}
	h.Door = peer.NewDoor(peer.DoorOptions{Self: h.key, Now: func() time.Time { return h.at }, Random: rand.NewChaCha8([32]byte{byte(n), 7})})
	return h
}

// knock begins to ask at a host.
func (h *house) knock(t testing.TB, n int, link *peer.Link) *peer.Knock {
	t.Helper()
	k, err := peer.NewKnock(peer.KnockOptions{Self: public(n), Host: h.key, Link: link, Name: fmt.Sprintf("Tablet %d", n), Role: peer.RoleTablet, Version: "1.2.3",
		Now: func() time.Time { return h.at }, Random: rand.NewChaCha8([32]byte{byte(n), byte(n >> 8), 8})})
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// step makes one call and gives its name.
func (h *house) step(t testing.TB, n int, k *peer.Knock) (peer.PairCall, error) {
	t.Helper()
	call, data, ok := k.Next()
	if !ok {
		t.Fatal("nothing to ask any more")
	}
	return call, k.Take(reply(t, h, public(n), call, data))
}

func reply(t testing.TB, h *house, from ed25519.PublicKey, call peer.PairCall, data []byte) []byte {
	t.Helper()
	answer := h.Answer(from, call, data)
	out, err := peer.Encode(&answer)
	if err != nil || len(out) > peer.MaxPairMessage {
		t.Fatalf("%s: answer of %d bytes, %v", call, len(out), err)
	}
	return out
}

// ask brings a joiner as far as it gets without the host.
func (h *house) ask(t testing.TB, n int, link *peer.Link) (*peer.Knock, error) {
	t.Helper()
	k := h.knock(t, n, link)
	for range 2 {
		if _, err := h.step(t, n, k); err != nil {
			return k, err
		}
	}
	return k, nil
}

func (h *house) mustAsk(t testing.TB, n int, link *peer.Link) *peer.Knock {
	t.Helper()
	k, err := h.ask(t, n, link)
	if err != nil || k.State() != peer.PairWaiting {
		t.Fatalf("joiner %d: %s, %v", n, k.State(), err)
	}
	return k
}

func (h *house) invite() *peer.Link {
	l := h.Invite().Link(session, []string{"192.168.1.5:8443"})
	return &l
}

// call makes a call by hand.
func call[M peer.PairStart | peer.PairReveal | peer.PairProve | peer.PairAsk](h *house, n int, name peer.PairCall, m M) peer.PairAnswer {
	var data []byte
	var err error
	switch m := any(m).(type) {
	case peer.PairStart:
		data, err = peer.Encode(&m)
	case peer.PairReveal:
		data, err = peer.Encode(&m)
	case peer.PairProve:
		data, err = peer.Encode(&m)
	case peer.PairAsk:
		data, err = peer.Encode(&m)
	}
	if err != nil {
		panic(err)
	}
	return h.Answer(public(n), name, data)
}

func byDigits() peer.PairStart {
	return peer.PairStart{Protocol: peer.Protocol, Role: peer.RoleTablet, Commit: make([]byte, 32)}
}

func refused(code peer.Code) error { return &peer.Refusal{Code: code} }

var sixDigits = regexp.MustCompile(`^\d{3} \d{3}$`)

func TestPairByDigits(t *testing.T) {
	h := newHouse(1)
	k := h.knock(t, 2, nil)
	if k.Digits() != "" {
		t.Errorf("digits before the host answered: %q", k.Digits())
	}
	if call, err := h.step(t, 2, k); err != nil || call != peer.CallPairStart || !sixDigits.MatchString(k.Digits()) {
		t.Fatalf("%s, %v, digits %q", call, err, k.Digits())
	}
	if got := h.Pending(); len(got) != 0 {
		t.Errorf("the host sees one that has not shown its nonce: %+v", got)
	}
	if call, err := h.step(t, 2, k); err != nil || call != peer.CallPairReveal {
		t.Fatalf("%s, %v", call, err)
	}
	got := h.Pending()
	want := peer.Asking{Key: public(2), ID: peer.DeviceOf(public(2)), Name: "Tablet 2", Role: peer.RoleTablet, Version: "1.2.3", Digits: k.Digits(), Since: noon, Until: noon.Add(2 * time.Minute)}
	if len(got) != 1 || fmt.Sprint(got[0]) != fmt.Sprint(want) {
		t.Fatalf("got %+v, want %+v", got, want)
	}
	if call, err := h.step(t, 2, k); err != nil || call != peer.CallPairState || k.State() != peer.PairWaiting || k.Trusted() {
		t.Errorf("%s, %v, %s", call, err, k.State())
	}
	if who, err := h.Accept(want.ID); err != nil || !who.Key.Equal(public(2)) || len(h.Pending()) != 0 {
		t.Errorf("%+v, %v", who, err)
	}
	if got := h.State(public(3)); got != peer.PairUnknown {
		t.Errorf("another key hears %s", got)
	}
	if _, err := h.step(t, 2, k); err != nil || k.State() != peer.PairAccepted || k.Trusted() {
		t.Errorf("before the digits are confirmed: %s, trusted %v, %v", k.State(), k.Trusted(), err)
	}
	if k.Confirm(); !k.Trusted() {
		t.Error("not trusted")
	}
	if _, _, more := k.Next(); more {
		t.Error("it goes on asking")
	}
	if got := h.State(public(2)); got != peer.PairUnknown {
		t.Errorf("a second time: %s", got)
	}
}

// Between two who compare digits stands one with a key of its own, that passes on what it
// can. Each side sees other digits, whatever it does.
func TestManInTheMiddle(t *testing.T) {
	equal, seen := 0, map[string]bool{}
	const trials = 1000
	for i := range trials {
		h, middle := newHouse(3*i+1), newHouse(3*i+2) // what the joiner takes for the host
		n := 3*i + 3
		k := middle.knock(t, n, nil)
		middle.step(t, n, k)
		middle.step(t, n, k)
		toHost := h.mustAsk(t, 3*i+2, nil)
		shown := h.Pending()[0].Digits
		if shown != toHost.Digits() {
			t.Fatalf("host shows %s, joiner %s", shown, toHost.Digits())
		}
		if seen[shown] = true; shown == k.Digits() {
			equal++
		}
	}
	if equal > 3 || len(seen) < trials-10 {
		t.Errorf("%d of %d times the same digits; %d different ones", equal, trials, len(seen))
	}
}

// Who passes the joiner's own messages on under another key is found out at once.

func TestPassedOn(t *testing.T) {
	h := newHouse(1)
	k := h.knock(t, 2, nil)
	call, data, _ := k.Next()
	if err := k.Take(reply(t, h, public(3), call, data)); err != nil {
		t.Fatal(err)
	}
	call, data, _ = k.Next()
	if got := h.Answer(public(3), call, data); got.Refused == nil || got.Refused.Code != peer.WrongReveal || len(h.Pending()) != 0 {
		t.Errorf("%+v", got)
	}
}

// Once bound a joiner cannot show another nonce, and having tried it starts anew.

func TestCommitmentBinds(t *testing.T) {
	h := newHouse(1)
	k := h.knock(t, 2, nil)
	h.step(t, 2, k)
	_, right, _ := k.Next()
	if got := call(h, 2, peer.CallPairReveal, peer.PairReveal{Nonce: make([]byte, 32)}); got.Refused == nil || got.Refused.Code != peer.WrongReveal {
		t.Errorf("%+v", got)
	}
	if got := h.Answer(public(2), peer.CallPairReveal, right); got.Refused == nil || got.Refused.Code != peer.NotAsking || len(h.Pending()) != 0 {
		t.Errorf("the right one, too late: %+v", got)
	}
}

// Everything may be sent again when the answer did not arrive.

func TestSentAgain(t *testing.T) {
	for _, byLink := range []bool{false, true} {
		h := newHouse(1)
		var link *peer.Link
		if byLink {
			link = h.invite()
		}
		k := h.knock(t, 2, link)
		lose := func() {
			c, data, _ := k.Next()
			if got := h.Answer(public(2), c, data); got.Refused != nil {
				t.Fatalf("%s: %v", c, got.Refused)
			}
		}
		for range 2 {
			lose()
			if _, err := h.step(t, 2, k); err != nil {
				t.Fatal(err)
			}
		}
		if got := h.Pending(); len(got) != 1 || got[0].Digits != k.Digits() || got[0].ByLink != byLink {
			t.Errorf("by link %v: %+v, digits %s", byLink, got, k.Digits())
		}
	}
}
