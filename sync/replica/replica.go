package replica

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"folkmoot/sync/badge"
	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
)

// Errors that callers tell apart.
var (
	// ErrAgain: it is not known whether the items were stored. Send the same ones again.
	ErrAgain = errors.New("not known to be saved: send it again")
	// ErrClosed: the replica was closed.
	ErrClosed = errors.New("the session was closed")
)

// MaxBatch is how many items one transaction takes.
const MaxBatch = 512

// Token binds the hash of a device's token to a person.
type Token struct {
	Hash   oplog.Hash
	Person moot.ParticipantID
	// Device is about the badge by which it joined, zero in open mode.
	Device badge.Device
}

// Disk holds the record for good. Commit returns once entries and tokens are
// synced; all or none of them. Rewrite does so for all that can be read, which after
// a failed Commit may be more than what was synced.
type Disk interface {
	oplog.Log
	Commit(entries []oplog.Entry, tokens []Token) error
	Rewrite() error
	Tokens() ([]Token, error)
}

// Options for Open. Name, Now and Random are needed.
type Options struct {
	Session oplog.SessionID
	// Key signs this device's log.
	Key ed25519.PrivateKey
	// Name of the device, for its log's first entry.
	Name string
	// Now gives the wall clock.
	Now func() time.Time
	// Random gives salts and ids.
	Random io.Reader
	// Log takes faults; nil is silent. Names and votes are never logged.
	Log *slog.Logger
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
	tokens  map[oplog.Hash]Token
	broken  atomic.Bool // a commit failed; the writer must reload before it goes on
}

// ask is a call of Do on its way through writer and committer.
type ask struct {
	items    []moot.Item
	tokens   []Token
	outcomes []moot.Outcome
	done     chan struct{}

	mu   sync.Mutex
	err  error
	left int // items that are neither committed nor failed
}

// Open reads the record from the disk, checks its chain and starts the writer.
// Signatures are checked for the last entry of each log only: every entry's was
// checked when it came.
func Open(disk Disk, options Options) (*Replica, error) {
	if options.Log == nil {
		options.Log = slog.New(slog.DiscardHandler)
	}
	r := &Replica{disk: disk, options: options, asks: make(chan *ask, 4*MaxBatch), batches: make(chan *batch),
		stop: make(chan struct{}), ended: make(chan struct{}), changed: make(chan struct{})}
	w, err := r.load()
	if err != nil {
		return nil, err
	}
	r.view.Store(w.state.View())
	go r.write(w)
	go r.commit()
	return r, nil
}

// View gives the session as it stood after the last commit.
func (r *Replica) View() *moot.View { return r.view.Load() }

// Changed gives a channel that is closed at the next commit. Take the channel
// first and the View after it, so that nothing is missed between the two.
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

// Do takes items into the record, in their order, and returns after the commit
// with one outcome an item. Items refused or stale do not hold back the others.
// Errors: ErrAgain, ErrClosed, or the context's; after any error nothing is known
// of the items, and sending them again counts them once.
func (r *Replica) Do(ctx context.Context, items ...moot.Item) ([]moot.Outcome, error) {
	return r.ask(ctx, nil, items)
}

// Admit is Do with a device's token that belongs to person from the same
// transaction on.
func (r *Replica) Admit(ctx context.Context, token oplog.Hash, person moot.ParticipantID, items ...moot.Item) ([]moot.Outcome, error) {
	return r.ask(ctx, []Token{{Hash: token, Person: person}}, items)
}

func (r *Replica) ask(ctx context.Context, tokens []Token, items []moot.Item) ([]moot.Outcome, error) {
	if len(items) == 0 {
		return nil, nil
	}
	a := &ask{items: items, tokens: tokens, outcomes: make([]moot.Outcome, len(items)), done: make(chan struct{}), left: len(items)}
	select {
	case r.asks <- a:
	case <-r.stop:
		return nil, ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	select {
	case <-a.done:
	case <-r.ended:
		// It may have come into the queue after the writer's last look.
		if outcomes, err := a.result(); err != nil || a.settled() {
			return outcomes, err
		}
		return nil, ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	return a.result()
}

// Close stops taking items, waits for those that are on their way, and returns.
// The disk stays open: who opened it closes it.
func (r *Replica) Close() {
	r.once.Do(func() { close(r.stop) })
	<-r.ended
}

// publish makes a committed batch seen.
func (r *Replica) publish(view *moot.View, tokens []Token) {
	r.view.Store(view)
	r.mu.Lock()
	for _, t := range tokens {
		r.tokens[t.Hash] = t
	}
	close(r.changed)
	r.changed = make(chan struct{})
	r.mu.Unlock()
}

// load reads the whole record and gives a writer that goes on after it.
func (r *Replica) load() (*writer, error) {
	heads, err := r.disk.Heads()
	if err != nil {
		return nil, fmt.Errorf("replica: read heads: %w", err)
	}
	own := oplog.ReplicaOf(r.options.Key.Public().(ed25519.PublicKey))
	state, chain := moot.NewState(r.options.Session), oplog.NewChain(r.options.Session)
	var last, others oplog.Time
	var failed error
	err = oplog.All(r.disk, func(e oplog.Entry) bool {
		check := chain.Link
		if e.Seq == heads[e.Replica].Seq {
			check = chain.Next
		}
		if failed = check(e); failed == nil {
			failed = state.Apply(e)
		}
		switch {
		case e.Replica == own:
			last = e.Time
		case e.Time.Compare(others) > 0:
			others = e.Time
		}
		return failed == nil
	})
	if err == nil {
		err = failed
	}
	if err != nil {
		return nil, fmt.Errorf("replica: read the record: %w", err)
	}
	if err := sameHeads(heads, chain.Heads()); err != nil {
		return nil, err
	}
	clock := oplog.NewClock(last)
	clock.Observe(others, uint64(r.options.Now().UnixMilli()))
	if earlier := r.view.Load(); earlier != nil {
		state.After(earlier)
	}
	tokens, err := r.disk.Tokens()
	if err != nil {
		return nil, fmt.Errorf("replica: read tokens: %w", err)
	}
	r.mu.Lock()
	r.tokens = make(map[oplog.Hash]Token, len(tokens))
	for _, t := range tokens {
		r.tokens[t.Hash] = t
	}
	r.mu.Unlock()
	pen := oplog.NewWriter(r.options.Session, r.options.Key, chain.Heads()[own], clock, r.options.Random)
	return &writer{state: state, pen: pen, now: r.options.Now, name: r.options.Name}, nil
}

// sameHeads compares what was read with the heads that the disk keeps apart, so
// that a cut-off tail is seen.
func sameHeads(kept, read oplog.Heads) error {
	for id, head := range kept {
		if read[id] != head {
			return fmt.Errorf("replica: log of %s ends at entry %d, not at %d as it should: %w", id, read[id].Seq, head.Seq, oplog.ErrGap)
		}
	}
	return nil
}
