package peer_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"folkmoot/sync/peer"
)

// TestNextPieceIsAskedForEarly: while one piece is on its way to the disk the next one is
// asked for, and never are two calls under way at a time.
func TestNextPieceIsAskedForEarly(t *testing.T) {
	a, b := newDevice(t, 1, peer.Options{}), newDevice(t, 2, peer.Options{Frames: 3})
	b.say(t, 2, 8) // and the log's first entry: three pieces
	pieces, open := make(chan struct{}, 8), atomic.Int32{}
	ask := func(ctx context.Context, q peer.Request) (peer.Response, error) {
		if open.Add(1) > 1 {
			t.Error("two calls at a time")
		}
		defer open.Add(-1)
		if q.Call == peer.CallSnapshot {
			pieces <- struct{}{}
		}
		return b.side.Answer(ctx, "a", q)
	}
	asked := 0
	a.disk.SetFail(func() (bool, error) { // each writing waits until another piece was asked for
		for limit := time.After(20 * time.Second); asked < 3; {
			select {
			case <-pieces:
				if asked++; asked == 2 || asked == 3 {
					return true, nil
				}
			case <-limit:
				t.Error("the next piece was not asked for")
				return true, nil
			}
		}
		return true, nil
	})
	report, err := a.side.ExchangeAs(context.Background(), "peer", ask, func() int { return 1 << 20 })
	if err != nil || report.Pulled != 9 || asked != 3 {
		t.Errorf("%d pieces asked for: %+v %v", asked, report, err)
	}
	same(t, a, b)
}

// TestEarlyPieceIsLetGo: where a piece is not taken, the call for the next one is ended
// before the exchange comes back.
func TestEarlyPieceIsLetGo(t *testing.T) {
	a, b := newDevice(t, 1, peer.Options{}), newDevice(t, 2, peer.Options{Frames: 3})
	b.say(t, 2, 8)
	calls, ended := 0, atomic.Bool{}
	ask := func(ctx context.Context, q peer.Request) (peer.Response, error) {
		if q.Call == peer.CallSnapshot {
			if calls++; calls == 2 {
				<-ctx.Done()
				ended.Store(true)
				return peer.Response{}, ctx.Err()
			}
		}
		return b.side.Answer(ctx, "a", q)
	}
	broken := errors.New("the disk is broken")
	a.disk.SetFail(func() (bool, error) { return false, broken })
	_, err := a.side.ExchangeAs(context.Background(), "peer", ask, func() int { return 1 << 20 })
	if err == nil || calls != 2 || !ended.Load() {
		t.Errorf("after %d calls, the last one ended: %v, %v", calls, ended.Load(), err)
	}
}
