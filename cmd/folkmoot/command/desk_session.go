package command

import (
	"context"
	"strings"
	"sync"
	"time"

	"folkmoot/app/readmodel"
	"folkmoot/sync/hub"
	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
)

// A Sheet is shown at most once a pace, however fast the room votes, and at least once
// a pulse, since clocks run.
const (
	pace  = 100 * time.Millisecond
	pulse = time.Second
)

// deskRecord is what a DeskSession needs of the session that it is about.
type deskRecord interface {
	actor
	Changed() <-chan struct{}
	Record() oplog.Log
	Close() error
}

// DeskSession is a session that is open for the desk's window: phones can join. Its
// methods may be called from several goroutines, Close from any but those of Follow.
type DeskSession struct {
	program *Desk
	record  deskRecord
	desk    *readmodel.Desk
	// What serve started; nil in a test without a network.
	held       *local
	running    *runningHub
	stopSocket func()
	port       int
	others     otherDevices // nil where no other devices are let in

	// within gives a ctx that ends with the given one and with Close.
	within func(context.Context) (context.Context, context.CancelFunc)
	end    context.CancelFunc
	work   sync.WaitGroup
	poked  chan struct{} // what stands beside the record is another, see poke
	once   sync.Once
	err    error // of Close

	mu      sync.Mutex // one act at a time
	written []deed     // of the last minute, the newest last
	last    uint64     // the newest time that an act was given
	clock   func() uint64

	state  sync.Mutex
	closed bool
	undo   *readmodel.UndoOffer
	ladder readmodel.Ladder
}

func newDeskSession(program *Desk, record deskRecord, desk *readmodel.Desk) *DeskSession {
	s := &DeskSession{program: program, record: record, desk: desk, poked: make(chan struct{}, 1), clock: nowMS}
	life, end := program.within(context.Background())
	s.end = end
	s.within = func(ctx context.Context) (context.Context, context.CancelFunc) { return eitherOf(ctx, life) }
	return s
}

// begin says that something goes on in the session, for which Close waits, and gives the
// context in which it does; false after Close.
func (s *DeskSession) begin(ctx context.Context) (within context.Context, done func(), ok bool) {
	s.state.Lock()
	defer s.state.Unlock()
	if s.closed {
		return nil, nil, false
	}
	s.work.Add(1)
	within, cancel := s.within(ctx)
	return within, func() { cancel(); s.work.Done() }, true
}

// errClosed is what a closed session answers.
func errClosed() error { return &readmodel.Trouble{Key: "desk.not_saved", Err: context.Canceled} }

// Follow calls show with the Sheet at once, after every change and once a second, from
// a goroutine of its own, until Close, which waits for the last call: show must not
// wait for who closes.
func (s *DeskSession) Follow(show func(*readmodel.Sheet)) {
	ctx, done, ok := s.begin(context.Background())
	if !ok {
		return
	}
	go func() {
		defer done()
		s.follow(ctx, show)
	}()
}

func (s *DeskSession) follow(ctx context.Context, show func(*readmodel.Sheet)) {
	beat := time.NewTicker(pulse)
	defer beat.Stop()
	for {
		changed, mapped, met := s.record.Changed(), s.desk.Changed(), s.met() // before the Sheet, so that nothing is missed
		show(s.Sheet())
		rest(ctx, pace)
		select {
		case <-changed:
		case <-mapped:
		case <-met:
		case <-s.poked:
		case <-beat.C:
		case <-ctx.Done():
			return
		}
	}
}

// met gives a channel that is closed when something changes about other devices.
func (s *DeskSession) met() <-chan struct{} {
	if s.running == nil {
		return nil
	}
	return s.running.peers.node.Changed()
}

// Sheet gives the session as its screens show it now.
func (s *DeskSession) Sheet() *readmodel.Sheet {
	record, view, now := s.record.View(), s.desk.Current(), s.clock()
	venue := s.venue(record)
	o := readmodel.SheetOptions{Shown: s.desk.Shown(), Venue: venue, Ladder: s.lookAtRoom(record, venue, now), Undo: s.offer(now), Emblem: hub.Emblem(record.Session), Backups: s.Backups(), Disk: diskOf(s.held), Devices: s.devices(now), Fetching: s.fetching()}
	if s.running != nil {
		o.Jump = s.running.guard.Jump()
	}
	return readmodel.NewSheet(view, record, now, o)
}

func (s *DeskSession) venue(record *moot.View) readmodel.Venue {
	if s.running == nil {
		return readmodel.Venue{Alone: true}
	}
	addresses, code := s.running.addresses(), record.Session.Get(moot.JoinCode)
	v := readmodel.Venue{Addresses: addresses, JoinLinks: joinLinks(addresses, code), JoinLink: hub.JoinLink(addresses[0], code), WallLink: hub.WallLink(addresses[0], code), HostLink: s.running.hostLink,
		Alone: len(addresses) == 1 && strings.HasPrefix(addresses[0], "http://127.")}
	if s.running.named != nil {
		if v.NameAddress = s.running.named(); v.NameAddress != "" {
			v.NameLink = hub.JoinLink(v.NameAddress, code)
		}
	}
	v.Waiting, v.Devices, v.Seen = s.running.hub.Waiting()
	v.Wrong, v.WaitUntil = guesses(s.running.hub.Guessing())
	return v
}

// offer gives the act that can be taken back, nil for none.
func (s *DeskSession) offer(now uint64) *readmodel.UndoOffer {
	s.state.Lock()
	defer s.state.Unlock()
	if s.undo == nil || now >= s.undo.Until {
		return nil
	}
	return s.undo
}

// Close ends what goes on in the session, lets phones' calls come to their end, and lets
// go of it. Calling it again gives the same.
func (s *DeskSession) Close() error {
	s.once.Do(func() {
		s.state.Lock()
		s.closed = true
		s.state.Unlock()
		s.end()
		s.work.Wait()
		if s.running != nil {
			s.stopSocket()
			s.running.stop()
			s.err = s.program.explain(s.program.letGo(s.record.View().Session.ID, s.held))
		}
		s.program.mu.Lock()
		delete(s.program.open, s)
		s.program.mu.Unlock()
	})
	return s.err
}
