package command

import (
	"context"
	"errors"
	"time"

	"folkmoot/app/readmodel"
	"folkmoot/sync/oplog"
	"folkmoot/sync/store"
)

// sessionID reads an id that a Card gave.
func sessionID(text string) (oplog.SessionID, error) {
	var id oplog.SessionID
	if oplog.ParseHex(id[:], text) != nil {
		return id, &readmodel.Trouble{Key: "desk.not_found", Err: store.ErrNotFound}
	}
	return id, nil
}

// patience is how long a file is waited for that another program may only be looking at.
const patience = 2 * time.Second

// take opens a session for this desk alone. Errors: store.ErrOpenElsewhere, also where
// this desk has it open; those of store.Open.
func (d *Desk) take(id oplog.SessionID, open func() (*local, error)) (*local, error) {
	d.files.Lock()
	defer d.files.Unlock()
	if d.mine(id) != nil {
		return nil, store.ErrOpenElsewhere
	}
	held, err := open()
	if errors.Is(err, store.ErrOpenElsewhere) && (!d.answers(id) || d.app.askToLeave(id)) {
		held, err = d.wait(id) // who only lists its sessions, or has lost its window, lets go in a moment
	}
	if err != nil {
		return nil, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		held.Close()
		return nil, context.Canceled
	}
	d.held[id] = held
	return held, nil
}

func (d *Desk) wait(id oplog.SessionID) (*local, error) {
	path, err := d.app.path(id)
	if err != nil {
		return nil, err
	}
	file, err := store.Open(path, store.Options{Wait: patience})
	if err != nil {
		return nil, err
	}
	return d.app.run(file)
}

// answers says whether the program that has a session open answers for it.
func (d *Desk) answers(id oplog.SessionID) bool {
	asked, err := d.app.ask(id)
	if err == nil {
		asked.Close()
	}
	return err == nil
}

// mine gives a session that this desk has open, nil for none.
func (d *Desk) mine(id oplog.SessionID) *local {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.held[id]
}

// letGo closes a session that take gave.
func (d *Desk) letGo(id oplog.SessionID, held *local) error {
	err := held.Close()
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.held, id)
	return err
}

// borrow gives a session to work on for a while: open here, at hand, or asked of the
// program that has it open. The caller calls done.
func (d *Desk) borrow(id oplog.SessionID, open func() (*local, error)) (session opened, done func(), err error) {
	if held := d.mine(id); held != nil {
		return held, func() {}, nil
	}
	held, err := d.take(id, open)
	if err == nil {
		return held, func() {
			if err := d.letGo(id, held); err != nil {
				d.log(err)
			}
		}, nil
	}
	if !errors.Is(err, store.ErrOpenElsewhere) {
		return nil, nil, err
	}
	asked, askErr := d.app.ask(id)
	if askErr != nil {
		return nil, nil, err
	}
	return asked, func() { asked.Close() }, nil
}
