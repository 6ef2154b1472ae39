package command

import (
	"context"
	"errors"
	"net"
	"slices"
	"strings"
	"sync"
	"time"

	"folkmoot/app/readmodel"
	"folkmoot/sync/link"
	"folkmoot/sync/mdns"
	"folkmoot/sync/oplog"
	"folkmoot/sync/peer"
	"folkmoot/sync/store"
)

// DeskFollow has this computer follow another laptop: it looks for laptops, asks one, and
// makes its session one of this computer's. Its methods may be called from several
// goroutines, Close from any but those of changed.
type DeskFollow struct {
	desk     *Desk
	identity link.Identity
	changed  func()
	browser  *mdns.Browser // nil where nobody is looked for
	stop     chan struct{}
	once     sync.Once
	work     sync.WaitGroup

	mu       sync.Mutex
	closed   bool
	found    []link.Found
	followed map[link.DeviceID]string // of found ones, the session that is followed here already
	trouble  *readmodel.Trouble
	asked    *joining // nil as long as nobody was
	left     *joining // who was asked before, nil for none
	wish     readmodel.FollowWish
	failed   error // why it came to nothing besides what the attempt says
	session  string
}

// Follow begins to look for laptops that can be followed. changed is called, from
// goroutines of its own, whenever there is something new. Close ends it.
func (d *Desk) Follow(changed func()) (*DeskFollow, error) {
	if err := d.ready(); err != nil {
		return nil, err
	}
	identity, err := d.app.device()
	if err != nil {
		return nil, d.explain(err)
	}
	f := &DeskFollow{desk: d, identity: identity, changed: changed, stop: make(chan struct{}), followed: map[link.DeviceID]string{}}
	if !d.Quiet && !loopbackOnly(net.JoinHostPort(d.Host, "0")) {
		f.browser = mdns.Browse(mdns.Options{})
		f.look()
		f.work.Go(f.watch)
	}
	d.Go(func(ctx context.Context) { // whoever closes the desk need not know of this
		select {
		case <-ctx.Done():
			f.shut()
		case <-f.stop:
		}
	})
	return f, nil
}

// watch follows who is found, and whether there is a network at all.
func (f *DeskFollow) watch() {
	again := time.NewTicker(2 * time.Second) // adapters come without a word
	defer again.Stop()
	for {
		changed := f.browser.Changed()
		if f.look() {
			f.changed()
		}
		select {
		case <-changed:
		case <-again.C:
		case <-f.stop:
			return
		}
	}
}

// look notes who is found now, and says whether that is news.
func (f *DeskFollow) look() bool {
	var found []link.Found
	for _, one := range foundDevices(f.browser.Services()) {
		laptop := one.Role == link.Hub || one.Role == link.Backup
		if laptop && one.Session != "" && len(one.Addresses) > 0 && one.ID != f.identity.ID() {
			found = append(found, one)
		}
	}
	slices.SortFunc(found, func(a, b link.Found) int {
		return strings.Compare(a.Title+"\x00"+a.Name+"\x00"+string(a.ID), b.Title+"\x00"+b.Name+"\x00"+string(b.ID))
	})
	followed := map[link.DeviceID]string{}
	for _, one := range found {
		if id, ok := f.desk.app.followedHere(one.Session, f.identity.ID()); ok {
			followed[one.ID] = id.String()
		}
	}
	trouble := networkTrouble()
	f.mu.Lock()
	defer f.mu.Unlock()
	same := slices.EqualFunc(found, f.found, func(a, b link.Found) bool {
		return a.ID == b.ID && a.Title == b.Title && a.Name == b.Name && slices.Equal(a.Addresses, b.Addresses) && followed[a.ID] == f.followed[a.ID]
	})
	if same && (trouble == nil) == (f.trouble == nil) && (trouble == nil || trouble.Key == f.trouble.Key) {
		return false
	}
	f.found, f.followed, f.trouble = found, followed, trouble
	return true
}

// networkTrouble says what stands against finding anybody at all, nil for nothing.
func networkTrouble() *readmodel.Trouble {
	adapters, _ := mdns.Adapters() // none to be had is none
	facts := readmodel.DeviceFacts{Adapters: deviceAdapters(adapters)}
	if troubles := facts.Troubles(); len(troubles) > 0 {
		return troubles[0]
	}
	return nil
}

// State says how far it has come.
func (f *DeskFollow) State() readmodel.Follow {
	f.mu.Lock()
	defer f.mu.Unlock()
	s := readmodel.Follow{Looking: f.browser != nil, Trouble: f.trouble, Session: f.session}
	for _, one := range f.found {
		s.Offers = append(s.Offers, readmodel.FollowOffer{ID: string(one.ID), Title: one.Title, Host: one.Name, Address: one.Addresses[0], Session: f.followed[one.ID]})
	}
	if f.asked == nil && f.failed == nil {
		return s
	}
	asked := &readmodel.FollowAsked{Stand: readmodel.PairingFailed, Wish: f.wish}
	err := f.failed
	if f.asked != nil {
		stands := f.asked.state()
		asked.Stand, asked.Digits, asked.Host, asked.Title = stands.stand, stands.digits, stands.host, stands.title
		err = errors.Join(err, stands.err)
		if f.failed != nil {
			asked.Stand = readmodel.PairingFailed
		}
	}
	var already *alreadyFollowed
	if errors.As(err, &already) {
		asked.Session = already.session
	}
	if err != nil {
		asked.Why = f.desk.followTrouble(err)
	}
	s.Asked = asked
	return s
}

// Ask asks a laptop to let this one in; another one that was asked before is left.
func (f *DeskFollow) Ask(wish readmodel.FollowWish) {
	f.Cancel()
	to, err := f.target(wish)
	f.mu.Lock()
	if f.closed {
		f.mu.Unlock()
		return
	}
	f.wish, f.failed = wish, err
	if err == nil {
		role := link.Backup
		if wish.Room {
			role = link.Hub
		}
		if to.check = f.check; wish.Again {
			to.check = checkHolds
		}
		to.after = f.left // it cancels by this device's key, and so would cancel what comes now
		asked := f.desk.app.join(f.identity, to, role, f.changed)
		f.asked = asked
		f.work.Go(func() { f.finish(asked) })
	}
	f.mu.Unlock()
	f.changed()
}

// target gives the laptop that a wish is about.
func (f *DeskFollow) target(wish readmodel.FollowWish) (target, error) {
	if wish.ID == "" {
		to, err := targetOf(wish.Text)
		if err != nil {
			return to, &readmodel.Trouble{Key: "follow.no_address", Err: err}
		}
		return to, nil
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, one := range f.found {
		if string(one.ID) == wish.ID {
			return target{addresses: one.Addresses}, nil
		}
	}
	return target{}, &readmodel.Trouble{Key: "follow.unreachable"}
}

// alreadyFollowed says that the session is one of this computer's, which knows the others.
type alreadyFollowed struct{ session string }

func (*alreadyFollowed) Error() string { return "this computer takes part in that session already" }

// errNoSession: the other device holds no session, or does not let others in.
var errNoSession = errors.New("the other device holds no session that can be followed")

// checkHolds says no to a device that holds no session.
func checkHolds(hello link.Hello) error {
	if hello.Session == (oplog.SessionID{}) || hello.Role == link.Tablet {
		return errNoSession
	}
	return nil
}

// check says no to a device that cannot be followed, before it is asked.
func (f *DeskFollow) check(hello link.Hello) error {
	if err := checkHolds(hello); err != nil {
		return err
	}
	if id, ok := f.desk.app.followedHere(hello.Session.String(), f.identity.ID()); ok {
		return &alreadyFollowed{id.String()}
	}
	return nil
}

// followedHere gives the session of which prefix is the beginning of the id, where this
// device takes part in it with others. What cannot be read is not.
func (a *app) followedHere(prefix string, self link.DeviceID) (oplog.SessionID, bool) {
	ids, err := a.sessions()
	i := slices.IndexFunc(ids, func(id oplog.SessionID) bool { return strings.HasPrefix(id.String(), prefix) })
	if err != nil || i < 0 {
		return oplog.SessionID{}, false
	}
	path, err := a.path(ids[i])
	if err != nil {
		return oplog.SessionID{}, false
	}
	file, err := store.Open(path, store.Options{ReadOnly: true, Wait: 100 * time.Millisecond})
	if err != nil {
		return oplog.SessionID{}, false
	}
	defer file.Close()
	with, err := link.InBook(peerBook{file}, self)
	return ids[i], err == nil && with
}

// finish makes the session one of this computer's once the other laptop has let it in.
func (f *DeskFollow) finish(asked *joining) {
	<-asked.done
	grant := asked.state().grant
	if grant == nil {
		return // what stands against it is said
	}
	held, err := f.desk.take(grant.Session, func() (*local, error) { return f.desk.app.adopt(f.identity, *grant) })
	if err == nil {
		err = f.desk.letGo(grant.Session, held)
	}
	f.mu.Lock()
	if f.asked == asked {
		if f.failed = err; err == nil {
			f.session = grant.Session.String()
		}
	}
	f.mu.Unlock()
	f.changed()
}

// Confirm says that both screens show the same digits.
func (f *DeskFollow) Confirm() {
	f.mu.Lock()
	asked := f.asked
	f.mu.Unlock()
	if asked != nil {
		asked.Confirm()
	}
}

// Cancel leaves the laptop that was asked, and tells it.
func (f *DeskFollow) Cancel() {
	f.mu.Lock()
	asked := f.asked
	if f.asked, f.failed = nil, nil; asked != nil {
		f.left = asked
	}
	f.mu.Unlock()
	if asked != nil {
		asked.Cancel()
	}
}

// Close ends it all. Calling it again does nothing.
func (f *DeskFollow) Close() { f.shut() }

func (f *DeskFollow) shut() {
	f.once.Do(func() {
		f.mu.Lock()
		f.closed = true
		f.mu.Unlock()
		close(f.stop)
		f.Cancel()
		if f.browser != nil {
			f.browser.Close()
		}
		f.work.Wait()
	})
}

// followTrouble puts what stands against following a laptop into words.
func (d *Desk) followTrouble(err error) *readmodel.Trouble {
	var known *readmodel.Trouble
	var already *alreadyFollowed
	var refusal *peer.Refusal
	say := func(key string) *readmodel.Trouble { return &readmodel.Trouble{Key: key, Err: err} }
	switch {
	case errors.As(err, &known):
		return known
	case errors.As(err, &already):
		return say("follow.already")
	case errors.Is(err, errNoSession):
		return say("follow.no_session")
	case errors.Is(err, link.ErrImpostor):
		return say("follow.impostor")
	case errors.Is(err, peer.ErrOwnKey):
		return say("follow.own")
	case errors.As(err, &refusal):
		return say(refusalKey(refusal.Code))
	case errors.As(d.explain(err), &known) && known.Key != "desk.fault":
		return known
	}
	return say("follow.unreachable")
}

// refusalKey gives the words for a "no" of the other laptop.
func refusalKey(code peer.Code) string {
	switch code {
	case peer.Declined:
		return "follow.declined"
	case peer.NotAsking, peer.SecretSpent, peer.WrongSecret:
		return "follow.expired"
	case peer.TooNew:
		return "follow.too_new"
	case peer.TooManyAsking, peer.SlowDown, peer.Reopening:
		return "follow.busy"
	case peer.SameDevice:
		return "follow.own"
	case peer.NotPaired:
		return "follow.no_session"
	}
	return "follow.refused"
}
