package command

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"folkmoot/app/readmodel"
	"folkmoot/app/readmodel/readmodeltest"
	"folkmoot/sync/moot"
)

// watched is a session that changes when a test says so.
type watched struct {
	mu      sync.Mutex
	room    *readmodeltest.Room
	view    *moot.View
	changed chan struct{}
	did     []moot.Item
}

func newWatched(t *testing.T) *watched {
	room := readmodeltest.New(t)
	room.Do(readmodel.NewSession(readmodel.NewSessionOptions{Template: "opinion", Title: "T"}, room.Now, room.IDs))
	return &watched{room: room, view: room.View(), changed: make(chan struct{})}
}

func (w *watched) View() *moot.View { w.mu.Lock(); defer w.mu.Unlock(); return w.view }
func (w *watched) Changed() <-chan struct{} {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.changed
}
func (w *watched) Do(_ context.Context, items ...moot.Item) ([]moot.Outcome, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.did = append(w.did, items...)
	return make([]moot.Outcome, len(items)), nil
}

// change does something to the session.
func (w *watched) change(do func(*readmodeltest.Room)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	do(w.room)
	w.view = w.room.View()
	close(w.changed)
	w.changed = make(chan struct{})
}

func TestGuardWritesWhenItShould(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWatched(t)
		written := 0
		var fails error
		failed := 0
		g := newGuard(w, func(context.Context) error { written++; return fails }, systemClocks(), func(error) { failed++ })
		want := func(what string, n int) {
			t.Helper()
			synctest.Wait()
			if written != n {
				t.Errorf("%s: %d backups, want %d", what, written, n)
			}
		}
		want("at the beginning", 0)
		time.Sleep(5*time.Minute - time.Second)
		want("before five minutes", 0)
		time.Sleep(time.Second)
		want("after five minutes", 1)
		w.change(func(r *readmodeltest.Room) { r.Statement("甲。") })
		want("a statement", 1)
		w.change(func(r *readmodeltest.Room) { r.Do(readmodel.StartStep(r.View(), "opinion", r.Now, r.IDs)) })
		want("a step starts", 2)
		w.change(func(r *readmodeltest.Room) { r.Do(readmodel.ExtendStep(r.View(), "opinion", 2, r.Now, r.IDs)) })
		want("a step takes longer", 2)
		fails = errors.New("no room")
		w.change(func(r *readmodeltest.Room) { r.Do(readmodel.CloseStep(r.View(), "opinion", r.Now, r.IDs)) })
		want("a step closes", 3)
		if failed != 1 {
			t.Errorf("%d failures were said", failed)
		}
		time.Sleep(5 * time.Minute)
		want("again after five minutes", 4)
		g.close()
		want("at the close", 5)
		time.Sleep(time.Hour)
		want("afterwards", 5)
		if len(w.did) > 0 {
			t.Errorf("a clock that goes right was noted: %v", w.did)
		}
	})
}

// Names are erased by another device, while phones can join or before: backups are due.
func TestGuardWritesWhenNamesWereErased(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWatched(t)
		written := 0
		write := func(context.Context) error { written++; return nil }
		g := newGuard(w, write, systemClocks(), func(err error) { t.Error(err) })
		w.change(func(r *readmodeltest.Room) { r.Do([]moot.Item{item(&moot.Unlink{At: r.Now})}, nil) })
		if synctest.Wait(); written != 1 {
			t.Errorf("%d backups when names are erased", written)
		}
		g.close()
		written = 0
		g = newGuard(w, write, systemClocks(), func(err error) { t.Error(err) })
		if synctest.Wait(); written != 1 {
			t.Errorf("%d backups where names were erased before", written)
		}
		g.close()
	})
}

func TestGuardSeesTheClockJump(t *testing.T) {
	for _, c := range []struct {
		name  string
		jumps []time.Duration // of the wall clock, one a look
		want  []time.Duration // that are noted
	}{
		{"right", []time.Duration{0, time.Second, -time.Second}, nil},
		{"two minutes", []time.Duration{2 * time.Minute}, nil},
		{"forward", []time.Duration{0, 12 * time.Minute, 0, 0}, []time.Duration{12 * time.Minute}},
		{"back", []time.Duration{-3 * time.Hour, 0}, []time.Duration{-3 * time.Hour}},
		{"in two parts", []time.Duration{100 * time.Second, 100 * time.Second, 0}, []time.Duration{200 * time.Second}},
		{"there and back", []time.Duration{time.Hour, -time.Hour}, []time.Duration{time.Hour, -time.Hour}},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWatched(t)
				var off time.Duration // guarded by synctest: it moves while the guard waits
				start := time.Now()
				wrong := clocks{wall: func() time.Time { return time.Now().Add(off) }, steady: func() time.Duration { return time.Since(start) }}
				g := newGuard(w, func(context.Context) error { return nil }, wrong, func(err error) { t.Error(err) })
				for _, by := range c.jumps {
					off += by
					time.Sleep(clockEvery)
					synctest.Wait()
				}
				if len(w.did) != len(c.want) {
					t.Fatalf("%d jumps were noted, want %d", len(w.did), len(c.want))
				}
				for i, by := range c.want {
					if audit, ok := w.did[i].Payload.(*moot.Audit); !ok || audit.What != "clock" || audit.At == 0 || audit.Detail == "" {
						t.Errorf("%v: noted %+v", by, w.did[i].Payload)
					}
				}
				jump := g.Jump()
				if len(c.want) == 0 && jump != nil || len(c.want) > 0 && (jump == nil || jump.By != c.want[len(c.want)-1].Milliseconds()) {
					t.Errorf("the desk is told %+v", jump)
				}
				g.close()
			})
		})
	}
}
