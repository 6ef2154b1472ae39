package command

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"folkmoot/app/readmodel"
	"folkmoot/sync/moot"
)

const (
	// backupEvery is how often a backup is due while phones can join.
	backupEvery = 5 * time.Minute
	// clockEvery is how often the clock is looked at, mostJump how far it may go another
	// way than time does.
	clockEvery = 10 * time.Second
	mostJump   = 2 * time.Minute
)

// clocks are the two clocks of a computer: the wall clock, which people set, and one that
// only goes on. The second may stand still while the computer sleeps.
type clocks struct {
	wall   func() time.Time
	steady func() time.Duration
}

func systemClocks() clocks {
	start := time.Now()
	return clocks{wall: func() time.Time { return time.Now().Round(0) }, steady: func() time.Duration { return time.Since(start) }}
}

// guarding is what a guard needs of a session.
type guarding interface {
	actor
	Changed() <-chan struct{}
}

// guard watches over a session while phones can join: it has backups written every five
// minutes, at each change of a step, when names are erased and at the close, and sees when
// the clock jumps. It owns two goroutines from newGuard to close.
type guard struct {
	session guarding
	write   func(context.Context) error
	failed  func(error)
	clocks  clocks
	end     context.CancelFunc
	work    sync.WaitGroup
	jump    atomic.Pointer[readmodel.ClockJump]
}

func newGuard(session guarding, write func(context.Context) error, c clocks, failed func(error)) *guard {
	ctx, end := context.WithCancel(context.Background())
	g := &guard{session: session, write: write, clocks: c, end: end, failed: failed}
	due, look := time.NewTicker(backupEvery), time.NewTicker(clockEvery)
	// Where names were erased while no guard was there, backups may still hold them.
	marks, wall, steady := backupMarks(session.View(), false), c.wall(), c.steady()
	g.work.Go(func() { defer due.Stop(); g.keep(ctx, due.C, marks) })
	g.work.Go(func() { defer look.Stop(); g.watch(ctx, look.C, wall, steady) })
	return g
}

// guard watches over a session for as long as its hub runs.
func (a *app) guard(session *local) *guard {
	return newGuard(session, session.guarded(a).Write, systemClocks(), func(err error) { a.log().Warn("backup", "error", err) })
}

// keep writes backups until ctx ends.
func (g *guard) keep(ctx context.Context, due <-chan time.Time, marks string) {
	for ctx.Err() == nil {
		changed := g.session.Changed() // before the View, so that nothing is missed
		view := g.session.View()
		if now := backupMarks(view, view.Unlinked); now != marks {
			marks = now
			g.try(ctx)
			continue
		}
		select {
		case <-due:
			g.try(ctx)
		case <-changed:
		case <-ctx.Done():
		}
	}
}

func (g *guard) try(ctx context.Context) {
	if err := g.write(ctx); err != nil && !errors.Is(err, context.Canceled) {
		g.failed(err)
	}
}

// backupMarks says which steps run and which have run, and whether names were erased: where
// it changes, a backup is due.
func backupMarks(view *moot.View, unlinked bool) string {
	var marks strings.Builder
	fmt.Fprintf(&marks, "%v\n", unlinked)
	for _, s := range view.Steps {
		fmt.Fprintf(&marks, "%q %v %v\n", s.ID, s.Open, s.Started)
	}
	return marks.String()
}

// watch compares the clocks until ctx ends.
func (g *guard) watch(ctx context.Context, look <-chan time.Time, wall time.Time, steady time.Duration) {
	for {
		select {
		case <-look:
		case <-ctx.Done():
			return
		}
		wallNow, steadyNow := g.clocks.wall(), g.clocks.steady()
		by := wallNow.Sub(wall) - (steadyNow - steady)
		if by.Abs() > mostJump {
			g.jumped(ctx, by, wallNow)
		} else if by.Abs() > mostJump/4 {
			continue // it may be on its way: small steps in one direction add up
		}
		wall, steady = wallNow, steadyNow
	}
}

// jumped notes a jump in the record, and for the desk.
func (g *guard) jumped(ctx context.Context, by time.Duration, now time.Time) {
	at := uint64(max(now.UnixMilli(), 0))
	g.jump.Store(&readmodel.ClockJump{By: by.Milliseconds(), At: at})
	way := "forward"
	if by < 0 {
		way = "back"
	}
	act := &moot.Audit{What: "clock", Detail: fmt.Sprintf("the clock of this computer went %s by %s, or it slept", way, by.Abs().Round(time.Second)), At: at}
	if _, err := writeAll(ctx, g.session, []moot.Item{item(act)}); err != nil && ctx.Err() == nil {
		g.failed(err)
	}
}

// Jump gives the last jump of the clock; nil for none.
func (g *guard) Jump() *readmodel.ClockJump { return g.jump.Load() }

// close ends both goroutines and writes the last backup: whatever came until now is in it.
func (g *guard) close() error {
	g.end()
	g.work.Wait()
	return g.write(context.Background())
}
