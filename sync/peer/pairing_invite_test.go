package peer_test

import (
	"errors"
	"math/rand/v2"
	"testing"
	"time"

	"folkmoot/sync/peer"
)

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
		wrong := *link
		wrong.Secret[0]++
		late := h.knock(t, 4, &wrong)
		h.step(t, 4, late)
		end(h, link)
		if _, err := h.step(t, 4, late); !errors.Is(err, refused(peer.SecretSpent)) {
			t.Errorf("%s: a wrong proof: %v", name, err)
		}
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

// A wrong proof costs a start: the rate of those bounds how many are tried.
func TestOneProofAStart(t *testing.T) {
	h := newHouse(1)
	h.Invite()
	call(h, 2, peer.CallPairStart, peer.PairStart{Protocol: peer.Protocol, Role: peer.RoleHub})
	for i, want := range []peer.Code{peer.WrongSecret, peer.NotAsking} {
		if got := call(h, 2, peer.CallPairProve, peer.PairProve{Proof: make([]byte, 32)}); got.Refused == nil || got.Refused.Code != want {
			t.Errorf("proof %d: %+v", i+1, got)
		}
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
