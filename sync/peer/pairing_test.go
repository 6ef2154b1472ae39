package peer_test

import (
	"crypto/ed25519"
	"errors"
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
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

func TestPairByLink(t *testing.T) {
	h := newHouse(1)
	link := h.invite()
	k := h.mustAsk(t, 2, link)
	got := h.Pending()
	if len(got) != 1 || !got[0].ByLink || got[0].Digits != "" || k.Digits() != "" || k.Trusted() {
		t.Fatalf("%+v, digits %q, trusted %v", got, k.Digits(), k.Trusted())
	}
	if _, open := h.Invited(); open {
		t.Error("the invitation can be used once more")
	}
	h.at = h.at.Add(119 * time.Second) // from when it was proven
	if _, err := h.Accept(got[0].ID); err != nil {
		t.Fatal(err)
	}
	if _, err := h.step(t, 2, k); err != nil || !k.Trusted() {
		t.Errorf("%s, %v", k.State(), err)
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

// A host that gives another nonce for the same commitment gets nothing for it.
func TestOneNonce(t *testing.T) {
	h := newHouse(1)
	k := h.knock(t, 2, nil)
	h.step(t, 2, k)
	digits := k.Digits()
	data, _ := peer.Encode(&peer.PairAnswer{Nonce: slices.Repeat([]byte{1}, 32)})
	if err := k.Take(data); !errors.Is(err, refused(peer.Malformed)) || k.Digits() != digits {
		t.Errorf("%v, digits %s and then %s", err, digits, k.Digits())
	}
	if _, _, more := k.Next(); more {
		t.Error("it goes on")
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

func TestLinkRefused(t *testing.T) {
	for _, c := range []struct {
		name   string
		before func(h *house) *peer.Link
		code   peer.Code
	}{
		{"none was made", func(h *house) *peer.Link { return &peer.Link{Key: h.key} }, peer.SecretSpent},
		{"it ran out", func(h *house) *peer.Link { l := h.invite(); h.at = h.at.Add(peer.InviteLife); return l }, peer.SecretSpent},
		{"the clock was set back", func(h *house) *peer.Link { l := h.invite(); h.at = h.at.Add(-time.Second); return l }, peer.SecretSpent},
		{"another took its place", func(h *house) *peer.Link { l := h.invite(); h.invite(); return l }, peer.SecretSpent},
		{"it was taken back", func(h *house) *peer.Link { l := h.invite(); h.Uninvite(); return l }, peer.SecretSpent},
		{"it was used", func(h *house) *peer.Link { l := h.invite(); h.ask(t, 9, l); return l }, peer.SecretSpent},
		{"it was used, and there is a new one", func(h *house) *peer.Link { l := h.invite(); h.ask(t, 9, l); h.invite(); return l }, peer.SecretSpent},
		{"it is wrong", func(h *house) *peer.Link { l := h.invite(); l.Secret[0]++; return l }, peer.WrongSecret},
	} {
		h := newHouse(1)
		link := c.before(h)
		before := len(h.Pending())
		if _, err := h.ask(t, 2, link); !errors.Is(err, refused(c.code)) || len(h.Pending()) != before {
			t.Errorf("%s: %v, %d ask", c.name, err, len(h.Pending()))
		}
	}
}

// An invitation that ends between a joiner's two calls is not used.
func TestEndsInBetween(t *testing.T) {
	for name, end := range map[string]func(h *house, l *peer.Link){
		"time":         func(h *house, _ *peer.Link) { h.at = h.at.Add(time.Second) },
		"a new one":    func(h *house, _ *peer.Link) { h.invite() },
		"another used": func(h *house, l *peer.Link) { h.mustAsk(t, 3, l) },
	} {
		h := newHouse(1)
		link := h.invite()
		h.at = h.at.Add(peer.InviteLife - time.Second)
		k := h.knock(t, 2, link)
		h.step(t, 2, k)
		end(h, link)
		if _, err := h.step(t, 2, k); !errors.Is(err, refused(peer.SecretSpent)) || h.State(public(2)) != peer.PairUnknown {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Five wrong proofs, whoever brings them, end an invitation; four, and late ones of an
// earlier invitation, do not.
func TestFiveWrongProofs(t *testing.T) {
	h := newHouse(1)
	early := h.invite()
	link := h.invite()
	wrong := *link
	wrong.Secret[15] ^= 1
	for n := range 6 {
		if _, err := h.ask(t, 100+n, early); !errors.Is(err, refused(peer.SecretSpent)) {
			t.Fatalf("late joiner %d: %v", n, err)
		}
	}
	for n := range 5 {
		if _, open := h.Invited(); !open {
			t.Fatalf("ended after %d", n)
		}
		if _, err := h.ask(t, 10+n%2, &wrong); !errors.Is(err, refused(peer.WrongSecret)) {
			t.Fatalf("wrong proof %d: %v", n+1, err)
		}
	}
	if _, open := h.Invited(); open {
		t.Error("still open after five")
	}
	if _, err := h.ask(t, 2, link); !errors.Is(err, refused(peer.SecretSpent)) {
		t.Errorf("the right one after five wrong: %v", err)
	}
}

// What a joiner said to one that was not the host is worth nothing with the host: its
// proof holds for two keys and one nonce.
func TestProofIsWorthNothingElsewhere(t *testing.T) {
	h := newHouse(1)
	link := h.invite()
	k := h.knock(t, 2, link)
	h.step(t, 2, k)
	_, proof, _ := k.Next()
	for name, attempt := range map[string]func() peer.PairAnswer{
		"under another key": func() peer.PairAnswer {
			h.invite()
			call(h, 4, peer.CallPairStart, peer.PairStart{Protocol: peer.Protocol, Role: peer.RoleHub})
			return h.Answer(public(4), peer.CallPairProve, proof)
		},
		"later, with the same key": func() peer.PairAnswer {
			h.invite()
			call(h, 2, peer.CallPairStart, peer.PairStart{Protocol: peer.Protocol, Role: peer.RoleHub})
			return h.Answer(public(2), peer.CallPairProve, proof)
		},
		"at another host": func() peer.PairAnswer {
			other := newHouse(5)
			other.Invite()
			call(other, 2, peer.CallPairStart, peer.PairStart{Protocol: peer.Protocol, Role: peer.RoleHub})
			return other.Answer(public(2), peer.CallPairProve, proof)
		},
	} {
		if got := attempt(); got.Refused == nil || got.Refused.Code != peer.WrongSecret {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// The key in the proof matters, not the secret alone: two hosts with one secret and one
// nonce do not take each other's proofs.
func TestProofNamesTheHost(t *testing.T) {
	a := newHouse(1)
	b := &house{key: public(2), at: noon}
	b.Door = peer.NewDoor(peer.DoorOptions{Self: b.key, Now: func() time.Time { return b.at }, Random: rand.NewChaCha8([32]byte{1, 7})})
	link, twin := a.invite(), b.invite()
	if link.Secret != twin.Secret {
		t.Fatal("the two have different secrets: the test shows nothing")
	}
	k := a.knock(t, 3, link)
	a.step(t, 3, k)
	call(b, 3, peer.CallPairStart, peer.PairStart{Protocol: peer.Protocol, Role: peer.RoleHub})
	_, proof, _ := k.Next()
	if got := b.Answer(public(3), peer.CallPairProve, proof); got.Refused == nil || got.Refused.Code != peer.WrongSecret {
		t.Errorf("%+v", got)
	}
	if _, err := a.step(t, 3, k); err != nil {
		t.Errorf("at the right one: %v", err)
	}
}

func TestNewKnockRefuses(t *testing.T) {
	h := newHouse(1)
	link := h.invite()
	if _, err := peer.NewKnock(peer.KnockOptions{Self: public(2), Host: public(3), Link: link}); err != peer.ErrOtherDevice {
		t.Errorf("an impostor at the link's address: %v", err)
	}
	if _, err := peer.NewKnock(peer.KnockOptions{Self: h.key, Host: h.key}); err != peer.ErrOwnKey {
		t.Errorf("itself: %v", err)
	}
	if got := call(h, 1, peer.CallPairStart, byDigits()); got.Refused == nil || got.Refused.Code != peer.SameDevice {
		t.Errorf("a copy of the host: %+v", got)
	}
}

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
	call(h, 2, peer.CallPairState, peer.PairAsk{Cancel: true}) // does not undo it
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

// Digits that nobody confirmed in time are worth nothing, even if the host let in.
func TestConfirmTooLate(t *testing.T) {
	h := newHouse(1)
	k := h.mustAsk(t, 2, nil)
	h.Accept(h.Pending()[0].ID)
	h.step(t, 2, k)
	h.at = h.at.Add(peer.AskLife)
	if k.Confirm(); k.Trusted() || k.State() != peer.PairExpired {
		t.Errorf("trusted %v, %s", k.Trusted(), k.State())
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

func TestCancel(t *testing.T) {
	h := newHouse(1)
	k := h.mustAsk(t, 2, nil)
	k.Confirm()
	_, data, _ := k.Next() // is on its way
	late := reply(t, h, public(2), peer.CallPairState, data)
	k.Cancel()
	if err := k.Take(late); err != nil {
		t.Fatal(err)
	}
	if call, err := h.step(t, 2, k); err != nil || call != peer.CallPairState || len(h.Pending()) != 0 {
		t.Errorf("%s, %v, %d ask", call, err, len(h.Pending()))
	}
	if _, _, more := k.Next(); more || k.Trusted() {
		t.Error("it goes on")
	}
	early := h.knock(t, 3, nil)
	early.Cancel()
	if _, _, more := early.Next(); more {
		t.Error("cancelled before it began, it asks")
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
	_, err := h.ask(t, 2, nil)
	var refusal *peer.Refusal
	if !errors.As(err, &refusal) || refusal.Code != peer.TooManyAsking || refusal.Wait != 112_000 || len(h.Pending()) != peer.MaxAsking {
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
	if _, err := h.ask(t, 3, h.invite()); !errors.Is(err, refused(peer.TooManyAsking)) {
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
	for i := range 10 {
		if slow(2) > 0 {
			t.Fatalf("start %d of a key is refused", i+1)
		}
		h.at = h.at.Add(time.Second)
	}
	if got := slow(2); got != 50_000 {
		t.Errorf("the eleventh: wait %d ms", got)
	}
	for i := range 20 {
		if slow(10+i) > 0 {
			t.Fatalf("start %d of all is refused", 11+i)
		}
	}
	if got := slow(3); got != 50_000 {
		t.Errorf("the 31st of all: wait %d ms", got)
	}
	h.mustAsk(t, 3, h.invite())
	h.at = h.at.Add(50 * time.Second)
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

// A host that answers nonsense is refused by the joiner.
func TestHostileHost(t *testing.T) {
	h := newHouse(1)
	for name, m := range map[string]peer.PairAnswer{
		"nothing":       {},
		"a short nonce": {Nonce: make([]byte, 31)},
		"in at once":    {State: peer.PairAccepted},
		"another state": {Nonce: make([]byte, 32), State: "married"},
	} {
		k := h.knock(t, 2, nil)
		data, _ := peer.Encode(&m)
		if err := k.Take(data); !errors.Is(err, refused(peer.Malformed)) {
			t.Errorf("%s: %v", name, err)
		}
		k.Confirm()
		if _, _, more := k.Next(); more || k.Trusted() {
			t.Errorf("%s: it goes on", name)
		}
	}
	k := h.knock(t, 2, nil)
	if err := k.Take(make([]byte, peer.MaxPairMessage+1)); !errors.Is(err, refused(peer.TooBig)) {
		t.Errorf("a novel: %v", err)
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
