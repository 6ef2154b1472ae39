package command

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
	"folkmoot/sync/replica"
	"folkmoot/sync/store"
)

// opened is a session that a command works on.
type opened interface {
	View() *moot.View
	Do(ctx context.Context, items ...moot.Item) ([]moot.Outcome, error)
	// Record gives the entries; it is for reading only.
	Record() oplog.Log
	Close() error
}

// local is a session that this process holds.
type local struct {
	*replica.Replica
	file  *store.File
	fault *atomic.Pointer[error] // what the disk said last
	watch *diskWatch

	backupsOnce sync.Once
	kept        *backups // see guarded
}

// why adds what the disk said to an error of a session that could not be written to.
func (l *local) why(err error) error {
	if said := l.fault.Load(); said != nil && errors.Is(err, replica.ErrAgain) {
		return fmt.Errorf("%w: %w", err, *said)
	}
	return err
}

// Record gives the entries.
func (l *local) Record() oplog.Log { return l.file }

// Close stops the writer and lets go of the file.
func (l *local) Close() error {
	l.Replica.Close()
	if l.Health().Err != nil { // there may be something left to mend
		return l.file.Abandon()
	}
	return l.file.Close()
}

// disk fits a store to what a replica needs.
type disk struct {
	*store.File
	fault *atomic.Pointer[error]
	watch *diskWatch
}

func (d disk) Commit(c oplog.Change) error { return d.said(d.File.Commit(c)) }

func (d disk) Recover() error { return d.said(d.File.Recover()) }

func (d disk) Cut(log oplog.ReplicaID, from uint64) error {
	return d.said(d.File.Cut(log, from))
}

func (d disk) Erase() error { return d.said(d.File.Erase()) }

// said keeps what the disk said, and names the want of room as the replica does.
func (d disk) said(err error) error {
	if err == nil {
		return nil
	}
	if d.watch.full(err) {
		err = fmt.Errorf("%w: %w", replica.ErrFull, err)
	}
	d.fault.Store(&err)
	return err
}

// freeRoom gives what says how much room is left on a disk.
func (a *app) freeRoom() func(string) (uint64, error) {
	if a.free != nil {
		return a.free
	}
	return store.Free
}

// hold opens a session in this process. Errors: those of store.Open.
func (a *app) hold(id oplog.SessionID) (*local, error) {
	path, err := a.path(id)
	if err != nil {
		return nil, err
	}
	file, err := store.Open(path, store.Options{})
	if err != nil {
		return nil, a.damaged(id, err)
	}
	held, err := a.run(file)
	return held, a.damaged(id, err)
}

// create makes a new session and opens it in this process.
func (a *app) create(id oplog.SessionID) (*local, error) {
	dir, err := a.writable()
	if err != nil {
		return nil, err
	}
	file, err := store.Create(dir, id, rand.Reader)
	if err != nil {
		return nil, err
	}
	return a.run(file)
}

// holdOrMake opens a session in this process, and makes it where it is not there
// yet. Errors: those of store.Open; ErrOpenElsewhere where another program has just
// made it.
func (a *app) holdOrMake(id oplog.SessionID) (*local, error) {
	held, err := a.hold(id)
	if errors.Is(err, store.ErrNotFound) {
		held, err = a.create(id)
	}
	if errors.Is(err, store.ErrExists) {
		held, err = a.hold(id)
	}
	return held, err
}

func (a *app) run(file *store.File) (*local, error) {
	identity, err := a.device()
	if err != nil { // said where it is needed: to talk to other devices
		a.log().Error("who this device is", "error", err)
		identity.Name = computerName()
	}
	fault, watch := &atomic.Pointer[error]{}, newDiskWatch(file, a.freeRoom())
	r, err := replica.Open(disk{file, fault, watch}, replica.Options{
		Session: file.Session(), Key: file.Keys().Sign, Name: identity.Name, Device: identity.Key, Tablet: a.tablet, Now: time.Now, Random: rand.Reader, Log: a.log(),
		NewKey: func() (ed25519.PrivateKey, error) { return file.NewKey(rand.Reader) }, Unclean: file.Unclean(), Unsettled: file.Unsettled(),
	})
	if err != nil {
		file.Abandon()
		return nil, fmt.Errorf("session %s: %w", file.Session(), err)
	}
	watch.low, watch.health, watch.wake = r.SetLow, r.Health, r.Wake
	return &local{Replica: r, file: file, fault: fault, watch: watch}, nil
}

// open opens a session here, or asks the process that has it open.
func (a *app) open(id oplog.SessionID) (opened, error) {
	held, err := a.hold(id)
	if err == nil {
		return held, nil
	}
	if !errors.Is(err, store.ErrOpenElsewhere) {
		return nil, err
	}
	asked, askErr := a.ask(id)
	if askErr != nil {
		return nil, &problem{why: fmt.Sprintf("session %s is open in another program", id), try: "close it there first", cause: err}
	}
	return asked, nil
}

// refusals gives the first "no" among outcomes as an error.
func refusals(outcomes []moot.Outcome, err error) error {
	if err != nil {
		return err
	}
	for _, o := range outcomes {
		if o.Refusal != nil {
			return &problem{why: o.Refusal.Error(), try: "change it and try again", cause: o.Refusal}
		}
		if o.Stale != nil {
			return &problem{why: "somebody else changed this at the same moment", try: "look at it and do it again"}
		}
	}
	return nil
}

// itemID makes the id of a new act.
func itemID() oplog.ItemID {
	var id oplog.ItemID
	rand.Read(id[:])
	return id
}

// item gives an act a new id.
func item(p moot.Payload) moot.Item { return itemOf(rand.Reader, p) }

// itemOf gives an act the next id of a source that never ends.
func itemOf(ids io.Reader, p moot.Payload) moot.Item {
	it := moot.Item{Payload: p}
	if _, err := io.ReadFull(ids, it.CID[:]); err != nil {
		panic("command: no more ids: " + err.Error())
	}
	return it
}
