package replica

import (
	"context"
	"crypto/ed25519"
	"errors"
	"io"
	"log/slog"
	"maps"
	"sync"
	"sync/atomic"
	"time"

	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
)

// Errors that callers tell apart.
var (
	// ErrAgain: it is not known whether the items were stored. Send the same ones again.
	ErrAgain = errors.New("not known to be saved: send it again")
	// ErrFull: the disk has no room; a Disk says so. It comes together with ErrAgain.
	ErrFull = errors.New("the disk is full")
	// ErrReadOnly: writing failed again and again, so it is tried only now and then. It
	// comes together with ErrAgain.
	ErrReadOnly = errors.New("the record can be read only")
	// ErrClosed: the replica was closed.
	ErrClosed = errors.New("the session was closed")
)

// MaxBatch is how many items one transaction takes of several callers; MaxImport is how
// many of one who brings more: rows are spread over the file, so that a few large
// transactions write far fewer pages than many small ones.
const (
	MaxBatch  = 512
	MaxImport = 4096
)

// Options for Open. Session, Key, Now and Random are needed.
type Options struct {
	Session oplog.SessionID
	// Key signs this device's log.
	Key ed25519.PrivateKey
	// NewKey makes and keeps another key for this device; it is called where somebody
	// else wrote with the present one. Nil: then writing ends there.
	NewKey func() (ed25519.PrivateKey, error)
	// Name of the device, for its log's first entry.
	Name string
	// Tablet says that this is a participants' tablet. Its logs say so too: what they say
	// about other devices is not believed.
	Tablet bool
	// Device is the key of this installation, by which its logs say whose they are; nil
	// does not say so.
	Device ed25519.PrivateKey
	// Unclean says that the record was not closed as it should be, so that its rows are
	// compared with its entries, and mended.
	Unclean bool
	// Unsettled says that what can be read may not be on the disk: Recover comes before
	// anybody is told that it is saved.
	Unsettled bool
	// Now gives the wall clock.
	Now func() time.Time
	// Random gives salts and ids.
	Random io.Reader
	// Log takes faults; nil is silent. Names and votes are never logged.
	Log *slog.Logger
}

func (o Options) role() string {
	if o.Tablet {
		return oplog.RoleTablet
	}
	return ""
}

// Replica is one device's copy of a session. See Open.
type Replica struct {
	disk    Disk
	options Options
	asks    chan *ask
	batches chan *batch
	stop    chan struct{} // closed: take nothing more
	ended   chan struct{} // closed: both goroutines are gone
	once    sync.Once

	view    atomic.Pointer[moot.View]
	mu      sync.RWMutex
	changed chan struct{} // closed and replaced at each commit
	tokens  map[oplog.Hash]oplog.Token
	keys    map[oplog.ReplicaID]ed25519.PublicKey
	bare    map[Place]struct{} // see Bare
	own     oplog.ReplicaID
	key     ed25519.PrivateKey // of own
	heads   oplog.Heads        // what is synced
	broken  atomic.Bool        // a commit failed; the writer must reload before it goes on
	low     atomic.Bool
	health  health
}

// Open reads the record from the disk, checks its chain and starts the writer.
// Signatures are checked for the last entry of each log only: every entry's was
// checked when it came. Where something has to be written first and the disk does not
// take it, the record can be read, Health says why, and it is tried again like after a
// failed commit.
func Open(disk Disk, options Options) (*Replica, error) {
	if options.Log == nil {
		options.Log = slog.New(slog.DiscardHandler)
	}
	r := &Replica{disk: disk, options: options, asks: make(chan *ask, 4*MaxBatch), batches: make(chan *batch),
		stop: make(chan struct{}), ended: make(chan struct{}), changed: make(chan struct{}), health: health{now: options.Now}}
	r.broken.Store(options.Unsettled)
	w, err := r.load()
	if err != nil {
		return nil, err
	}
	if err = r.straighten(w); errors.Is(err, ErrAgain) {
		r.broken.Store(true)
		r.fault("opening the record for writing failed", err)
	} else if err != nil {
		return nil, err
	}
	r.view.Store(w.state.View())
	go r.write(w)
	go r.commit()
	return r, nil
}

// straighten brings the disk into line with a record that was just opened. What is
// unsettled has to wait for Recover: until then nothing can be written.
func (r *Replica) straighten(w *writer) (err error) {
	if r.options.Unsettled {
		return nil
	}
	if r.options.Unclean || w.personal && w.state.Unlinked() {
		err = r.mend(w)
	}
	if err == nil {
		err = r.leaveSplitLog(w)
	}
	return err
}

// View gives the session as it stood after the last commit.
func (r *Replica) View() *moot.View { return r.view.Load() }

// Changed gives a channel that is closed at the next commit, and when Health changes.
// Take the channel first and the View after it, so that nothing is missed between the
// two.
func (r *Replica) Changed() <-chan struct{} {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.changed
}

// Person gives the person to whom a device's token belongs.
func (r *Replica) Person(token oplog.Hash) (moot.ParticipantID, bool) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	t, ok := r.tokens[token]
	return t.Person, ok
}

// Own gives the log that this device writes.
func (r *Replica) Own() oplog.ReplicaID {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.own
}

// Vouch signs a message with the key of the log that this device writes, and says which
// that is. The message begins with a tag of its own, so that it is nothing else's.
func (r *Replica) Vouch(message []byte) (oplog.ReplicaID, []byte) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.own, ed25519.Sign(r.key, message)
}

// setOwn takes note of this device's log; its key has to be known before its first entry
// is there, since a peer may have that one already.
func (r *Replica) setOwn(key ed25519.PrivateKey) {
	public := key.Public().(ed25519.PublicKey)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.own, r.key = oplog.ReplicaOf(public), key
	r.keys[r.own] = public
}

// Heads says how far each log is held and synced. The caller owns the map. The error is
// always nil; it makes a Replica an oplog.Log for reading.
func (r *Replica) Heads() (oplog.Heads, error) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return maps.Clone(r.heads), nil
}

// Entries gives the entries of one log from number from on as far as Heads says, until
// yield says no. What was written and is not known to be synced is shown to nobody: a
// peer would hold more of this device's log than the device after a crash.
func (r *Replica) Entries(replica oplog.ReplicaID, from uint64, yield func(oplog.Entry) bool) error {
	r.mu.RLock()
	last := r.heads[replica].Seq
	r.mu.RUnlock()
	if from > last {
		return nil
	}
	return r.disk.Entries(replica, from, func(e oplog.Entry) bool { return e.Seq <= last && yield(e) && e.Seq < last })
}

// committed takes note of entries that are on the disk.
func (r *Replica) committed(entries []oplog.Entry) {
	last := map[oplog.ReplicaID]oplog.Entry{}
	for _, e := range entries {
		last[e.Replica] = e
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for id, e := range last {
		r.heads[id] = oplog.Head{Seq: e.Seq, Hash: e.Hash()}
	}
}

// Do takes items into the record, in their order, and returns after the commit
// with one outcome an item. Items refused or stale do not hold back the others.
// Errors: ErrAgain, ErrClosed, or the context's; after any error nothing is known
// of the items, and sending them again counts them once.
func (r *Replica) Do(ctx context.Context, items ...moot.Item) ([]moot.Outcome, error) {
	return r.items(ctx, nil, items)
}

// Admit is Do with a device's token that belongs to person from the same
// transaction on.
func (r *Replica) Admit(ctx context.Context, token oplog.Hash, person moot.ParticipantID, items ...moot.Item) ([]moot.Outcome, error) {
	return r.items(ctx, []oplog.Token{{Hash: token, Person: person}}, items)
}

func (r *Replica) items(ctx context.Context, tokens []oplog.Token, items []moot.Item) ([]moot.Outcome, error) {
	if len(items) == 0 {
		return nil, nil
	}
	return r.ask(ctx, &ask{items: items, tokens: tokens, outcomes: make([]moot.Outcome, len(items)), left: len(items)})
}

// Close stops taking items, waits for those that are on their way, and returns.
// The disk stays open: who opened it closes it.
func (r *Replica) Close() {
	r.once.Do(func() { close(r.stop) })
	<-r.ended
}

// publish makes a committed batch seen.
func (r *Replica) publish(view *moot.View, tokens []oplog.Token) {
	r.view.Store(view)
	r.mu.Lock()
	for _, t := range tokens {
		r.tokens[t.Hash] = t
	}
	r.mu.Unlock()
	r.signal()
}

// signal wakes those who wait for a change.
func (r *Replica) signal() {
	r.mu.Lock()
	defer r.mu.Unlock()
	close(r.changed)
	r.changed = make(chan struct{})
}
