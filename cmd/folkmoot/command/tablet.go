package command

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"folkmoot/app/readmodel"
	"folkmoot/assets/words"
	"folkmoot/sync/oplog"
)

// On a tablet that nobody touches so long it is asked whether somebody still reads, and
// then the next person may begin.
const (
	tabletIdle   = 90 * time.Second
	tabletAnswer = 30 * time.Second
)

// tabletPause is how far apart at least the screens are drawn anew where entries stream in.
const tabletPause = 250 * time.Millisecond

// TabletOptions say how a tablet works.
type TabletOptions struct {
	// Data is the folder of its record, "" for the usual one.
	Data string
	// Link reaches hubs; nil for a tablet that works alone with what it holds.
	Link TabletLink
	// Lang is the language of who comes first, "" for the session's.
	Lang string
	// Now gives the time; nil for the clock.
	Now func() time.Time
}

// Tablet is the program behind the participants' window. One goroutine, from NewTablet to
// Close, owns all that it knows; Touch and Follow may be called from any.
type Tablet struct {
	app    *app
	link   TabletLink
	now    func() time.Time
	folder string
	ctx    context.Context
	end    context.CancelFunc
	ended  chan struct{}

	mu      sync.Mutex
	touches []readmodel.Touch
	touched chan struct{} // has room for one
	show    func(*readmodel.Handset)

	// What the goroutine owns.
	memory  tabletMemory
	session *tabletSession
	opening TabletGrant // of the session that is open
	pairing TabletPairing
	told    *readmodel.Told
	person  readmodel.HandsetPerson
	badging bool   // a badge is asked for
	moving  string // the characters of the badge that is in use elsewhere
	name    string // what others call this tablet
	notice  *readmodel.HandsetLine
	active  time.Time // when somebody touched the tablet last
	idle    int       // seconds until the next person may begin, 0 while that is not asked
	stale   bool      // told is older than the record
	last    *readmodel.Handset
}

// NewTablet makes the program behind a tablet's window and opens the session of last time.
// Close has to be called.
func NewTablet(ctx context.Context, o TabletOptions, streams Streams) (*Tablet, error) {
	t, err := newTablet(ctx, o, streams)
	if err != nil {
		return nil, err
	}
	go t.run()
	return t, nil
}

func newTablet(ctx context.Context, o TabletOptions, streams Streams) (*Tablet, error) {
	if streams.Env == nil {
		streams.Env = os.Getenv
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	streams.Progress = false
	a := &app{Streams: streams, data: o.Data, tablet: true}
	folder, err := a.writable()
	if err != nil {
		return nil, err
	}
	t := &Tablet{app: a, link: o.Link, now: o.Now, folder: folder, ended: make(chan struct{}), touched: make(chan struct{}, 1), memory: loadTablet(folder)}
	t.ctx, t.end = context.WithCancel(ctx)
	if t.memory.Lang == "" {
		t.memory.Lang = o.Lang
	}
	if identity, err := a.device(); err != nil { // who asks to be let in says so
		t.log(err)
	} else {
		t.name = identity.Name
	}
	t.active = t.now()
	t.resume()
	return t, nil
}

// Follow calls show with what the tablet shows, at once and after every change, from the
// Tablet's goroutine. It is called once, before anything else.
func (t *Tablet) Follow(show func(*readmodel.Handset)) {
	t.mu.Lock()
	t.show = show
	t.mu.Unlock()
	t.Touch(readmodel.Touch{Kind: readmodel.TouchAny})
}

// Touch says what a person did. It comes back at once; what follows is shown.
func (t *Tablet) Touch(touch readmodel.Touch) {
	t.mu.Lock()
	t.touches = append(t.touches, touch)
	t.mu.Unlock()
	select {
	case t.touched <- struct{}{}:
	default:
	}
}

// Close lets what is under way come to its end, and goes from the session.
func (t *Tablet) Close() {
	t.end()
	<-t.ended
}

// run answers touches and changes until Close.
func (t *Tablet) run() {
	defer close(t.ended)
	defer t.leaveSession()
	beat := time.NewTicker(time.Second)
	defer beat.Stop()
	pause := time.NewTimer(tabletPause)
	defer pause.Stop()
	waits := false // what changes meanwhile is looked at when the pause is over
	for t.ctx.Err() == nil {
		changed := t.changes() // before anything is read: a change meanwhile is seen the next time
		t.publish()
		if waits {
			changed = changes{}
		}
		select {
		case <-t.ctx.Done():
		case <-t.touched:
			t.answer()
		case <-beat.C:
			t.tick()
		case <-changed.record:
			t.stale, waits = true, true
			pause.Reset(tabletPause)
		case <-changed.desk:
			t.stale, waits = true, true
			pause.Reset(tabletPause)
		case <-changed.link:
			waits = true
			pause.Reset(tabletPause)
		case <-pause.C:
			waits, t.stale = false, true
		}
		t.linked()
	}
}

// changes are what a Tablet waits for; nil waits for ever.
type changes struct{ record, desk, link <-chan struct{} }

func (t *Tablet) changes() changes {
	var c changes
	if t.session != nil {
		c.record, c.desk = t.session.held.Changed(), t.session.desk.Changed()
	}
	if t.link != nil {
		c.link = t.link.Changed()
	}
	return c
}

// answer carries out what people did since it was called last.
func (t *Tablet) answer() {
	t.mu.Lock()
	touches := t.touches
	t.touches = nil
	t.mu.Unlock()
	for _, touch := range touches {
		t.take(touch)
	}
}

// publish shows what is to be shown now.
func (t *Tablet) publish() {
	t.mu.Lock()
	show := t.show
	t.mu.Unlock()
	h := t.handset()
	if show != nil {
		show(h)
	}
}

// handset works out what is shown.
func (t *Tablet) handset() *readmodel.Handset {
	known := readmodel.HandsetKnown{Dark: t.memory.Dark}
	switch {
	case t.pairing != nil:
		state := t.pairing.State()
		known.Pairing = &readmodel.HandsetPairing{Stand: state.Stand, Reason: state.Reason, Digits: state.Digits, Host: state.Host, Title: state.Title}
	case t.session == nil:
		known.Start = t.offers()
	default:
		known.Reach = t.session.reach()
		t.noteReach(known.Reach)
		if known.Fetching = t.session.empty(); known.Fetching {
			known.Title = t.opening.Title
			break
		}
		t.refresh()
		known.Session, known.Told, known.Person = t.session.told(), t.told, t.person
		known.Badging, known.Moving = t.badging || known.Session.Badges && !t.memory.PassedOn, t.moving != ""
	}
	known.Lang, known.PassedOn, known.Notice, known.Idle = t.lang(), t.memory.PassedOn, t.notice, t.idle
	t.last = readmodel.HandsetOf(known)
	if next := t.last.Next(); next != "" {
		t.person.Current = next
	}
	return t.last
}

// lang gives the language of who takes part, else the tablet's, else the session's.
func (t *Tablet) lang() string {
	switch {
	case t.memory.Person != nil && t.memory.Person.Lang != "":
		return t.memory.Person.Lang
	case t.memory.Lang != "":
		return t.memory.Lang
	case t.session != nil && !t.session.empty():
		return t.session.told().Language
	}
	return words.Chinese
}

// tick is what a second brings: the clock of who does nothing.
func (t *Tablet) tick() {
	if t.memory.Person == nil || t.last != nil && t.last.Rests() {
		t.active, t.idle = t.now(), 0
		return
	}
	still := t.now().Sub(t.active)
	switch {
	case still >= tabletIdle+tabletAnswer:
		t.passOn()
	case still >= tabletIdle:
		t.idle = int((tabletIdle + tabletAnswer - still + time.Second - 1) / time.Second)
	}
}

// leaveSession closes the session that is open. Whoever takes part stays remembered.
func (t *Tablet) leaveSession() {
	if t.session == nil {
		return
	}
	if err := t.session.close(); err != nil {
		t.log(err)
	}
	t.session, t.told = nil, nil
}

// remember writes down what the tablet remembers.
func (t *Tablet) remember() {
	if err := t.memory.save(t.folder); err != nil {
		t.log(err)
	}
}

// log writes a fault down. No name, vote or token is in any.
func (t *Tablet) log(err error) {
	if err != nil && !errors.Is(err, context.Canceled) {
		fmt.Fprintf(t.app.Err, "tablet: %v\n", err)
	}
}

// sessionOf gives the id behind a text, false where it is none.
func sessionOf(text string) (id oplog.SessionID, ok bool) {
	return id, oplog.ParseHex(id[:], text) == nil
}
