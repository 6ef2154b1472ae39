package readmodel

import (
	"context"
	"sync"
	"time"

	"folkmoot/sync/moot"
)

// Record is what a Desk reads: a replica, or a test's fake.
type Record interface {
	// View gives the record as it stands.
	View() *moot.View
	// Changed gives a channel that is closed when the record changes next.
	Changed() <-chan struct{}
}

// DeskOptions say how a Desk works. The zero value is ready to use.
type DeskOptions struct {
	// Wait is how long the Desk waits for more after a change, 0 for 250 ms: people
	// who vote at the same time cost one map.
	Wait time.Duration
	// Patience is how long newer changes may drop a computation that is under way, 0
	// for 2 s. After it one is finished, so that the groups of a room voting without a
	// pause are examined nonetheless; what is voted meanwhile moves the map as ever.
	Patience time.Duration
	// Seed of the map, 0 for DefaultSeed.
	Seed uint64
	// Workers is how many goroutines a map may use, 0 for one a processor.
	Workers int
	// Now gives the time for View.Examined, in milliseconds since 1970; nil for the clock.
	Now func() uint64
	// Failed is told of a View that could not be made, which is a fault of ours; the
	// View before stays. May be nil.
	Failed func(error)
}

// Desk keeps a View of a record fresh. It owns one goroutine from NewDesk to Close.
// All methods may be called from several goroutines.
type Desk struct {
	record  Record
	options DeskOptions
	stop    context.CancelFunc
	ended   chan struct{}

	mu      sync.Mutex
	current *View
	shown   *View
	changed chan struct{}
}

// NewDesk starts keeping a View of record. Each is published twice: quick, with what was
// known of the groups before, and again when they have been examined. The first quick one is made before it returns; only for a very large record that takes longer
// than a moment.
func NewDesk(record Record, o DeskOptions) (*Desk, error) {
	if o.Wait == 0 {
		o.Wait = 250 * time.Millisecond
	}
	if o.Patience == 0 {
		o.Patience = 2 * time.Second
	}
	if o.Now == nil {
		o.Now = func() uint64 { return uint64(time.Now().UnixMilli()) }
	}
	ctx, stop := context.WithCancel(context.Background())
	d := &Desk{record: record, options: o, stop: stop, ended: make(chan struct{}), changed: make(chan struct{})}
	changed := record.Changed()
	first, err := Build(ctx, record.View(), Options{Seed: o.Seed, Quick: true, Workers: o.Workers})
	if err != nil {
		stop()
		return nil, err
	}
	d.publish(first)
	go d.run(ctx, changed)
	return d, nil
}

// Current gives the newest View.
func (d *Desk) Current() *View {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.current
}

// Shown gives the View that the room may see; nil while the host shows nothing.
func (d *Desk) Shown() *View {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.shown
}

// Changed gives a channel that is closed when Current changes next.
func (d *Desk) Changed() <-chan struct{} {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.changed
}

// Close stops the Desk and waits for its goroutine. The last View stays. Calling it
// again does nothing.
func (d *Desk) Close() {
	d.stop()
	<-d.ended
}

func (d *Desk) publish(v *View) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.current, d.shown = v, NextShown(d.shown, v)
	close(d.changed)
	d.changed = make(chan struct{})
}

// run makes one View after the other: at once for what NewDesk left untested, then
// after each change. since is when the oldest change came that no View shows yet.
func (d *Desk) run(ctx context.Context, changed <-chan struct{}) {
	defer close(d.ended)
	since := time.Now()
	for {
		view, dropped := d.build(ctx, changed, d.options.Patience-time.Since(since))
		if view != nil {
			d.publish(view)
		}
		if !dropped {
			select {
			case <-changed:
			case <-ctx.Done():
				return
			}
			since = time.Now()
		}
		if !d.wait(ctx) {
			return
		}
		changed = d.record.Changed()
	}
}

// wait lets more changes come in, and says whether the Desk goes on.
func (d *Desk) wait(ctx context.Context) bool {
	timer := time.NewTimer(d.options.Wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// make publishes a quick View, and gives the examined one. Where the last map had people
// in groups too unstable to be named the quick one is left out: it would name them.
func (d *Desk) make(ctx context.Context, record *moot.View, last *View) (*View, error) {
	o := Options{Seed: d.options.Seed, Workers: d.options.Workers, Last: last, Quick: true}
	if len(last.Map.Unnamed) == 0 {
		quick, err := Build(ctx, record, o)
		if err != nil {
			return nil, err
		}
		d.publish(quick)
		o.Last = quick
	}
	o.Quick = false
	view, err := Build(ctx, record, o)
	if err == nil && view.Examined == 0 && view.Map.GroupsTested {
		view.Examined = d.options.Now()
	}
	return view, err
}

// build makes a View of the record as it stands; nil where it could not be made. A
// change drops it, unless patience has run out before: then it is finished, and what
// changes is shown quick meanwhile.
func (d *Desk) build(ctx context.Context, changed <-chan struct{}, patience time.Duration) (view *View, dropped bool) {
	whole := ctx
	ctx, drop := context.WithCancel(ctx)
	defer drop()
	done := make(chan error, 1)
	record, last := d.record.View(), d.Current()
	go func() {
		var err error
		view, err = d.make(ctx, record, last)
		done <- err
	}()
	timer := time.NewTimer(patience)
	defer timer.Stop()
	var soon <-chan time.Time // when what changed meanwhile is shown
	finishing, passed := false, false
	for {
		select {
		case err := <-done:
			if err != nil && ctx.Err() == nil && d.options.Failed != nil {
				d.options.Failed(err)
			}
			if passed && view != nil {
				view = d.bringUp(whole, view)
			}
			return view, dropped && view == nil
		case <-timer.C:
			finishing = true
		case <-changed:
			if changed = nil; finishing {
				soon = time.After(d.options.Wait)
			} else {
				drop()
				dropped = true
			}
		case <-soon:
			soon, changed = nil, d.record.Changed()
			current := d.Current()
			if newer := d.bringUp(whole, current); newer != current {
				d.publish(newer)
				passed = true
			}
		}
	}
}

// bringUp gives a quick View of the record as it stands now, which knows of the groups
// what another View does; that one where a quick one would name groups that are too
// unstable, or cannot be made: then the next change tries again.
func (d *Desk) bringUp(ctx context.Context, view *View) *View {
	if len(view.Map.Unnamed) > 0 {
		return view
	}
	newer, err := Build(ctx, d.record.View(), Options{Seed: d.options.Seed, Workers: d.options.Workers, Last: view, Quick: true})
	if err != nil {
		return view
	}
	return newer
}
