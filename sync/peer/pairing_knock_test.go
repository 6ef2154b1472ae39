package peer_test

import (
	"errors"
	"slices"
	"sync"
	"testing"

	"folkmoot/sync/peer"
)

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
	declined := h.mustAsk(t, 4, nil)
	h.Decline(peer.DeviceOf(public(4)))
	h.step(t, 4, declined)
	if declined.Cancel(); declined.State() != peer.PairDeclined {
		t.Errorf("cancelled after a no: %s", declined.State())
	}
	early := h.knock(t, 3, nil)
	early.Cancel()
	if _, _, more := early.Next(); more {
		t.Error("cancelled before it began, it asks")
	}
}

// A host that answers nonsense is refused by the joiner.
func TestHostileHost(t *testing.T) {
	h := newHouse(1)
	for name, m := range map[string]peer.PairAnswer{
		"nothing":       {},
		"a short nonce": {Nonce: make([]byte, 31)},
		"in at once":    {State: peer.PairAccepted},
		"another state": {State: "married"},
		"all at once":   {Nonce: make([]byte, 32), State: peer.PairAccepted},
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

// A screen confirms while the messages go on.
func TestKnockAtOnce(t *testing.T) {
	h := newHouse(1)
	k := h.knock(t, 2, nil)
	var all sync.WaitGroup
	stop := make(chan struct{})
	all.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
				k.Digits()
				k.Confirm()
				k.State()
				k.Trusted()
			}
		}
	})
	for range 5 {
		if _, err := h.step(t, 2, k); err != nil {
			t.Error(err)
		}
	}
	h.Accept(peer.DeviceOf(public(2)))
	h.step(t, 2, k)
	close(stop)
	if all.Wait(); k.State() != peer.PairAccepted {
		t.Error(k.State())
	}
}
