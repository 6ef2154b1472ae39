package command

import (
	"context"
	"errors"
	"io/fs"

	"folkmoot/analysis/seating"
	"folkmoot/app/intake"
	"folkmoot/app/readmodel"
	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
	"folkmoot/sync/replica"
	"folkmoot/sync/store"
)

// explain turns an error into a *readmodel.Trouble, which says what happened, what was
// kept and what to do. What is one already, nil, and the end of a context stay as they are.
func (d *Desk) explain(err error) error {
	var known *readmodel.Trouble
	var fault *intake.Fault
	var refusal *moot.Refusal
	switch {
	case errors.As(err, &known):
		return known
	case err == nil, errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	case errors.As(err, &fault):
		return faultTrouble(fault)
	case errors.As(err, &refusal):
		return refusalTrouble(refusal)
	case errors.Is(err, seating.ErrOptions), errors.Is(err, readmodel.ErrSeats):
		return &readmodel.Trouble{Key: "refused.seats", Err: err}
	case diskFull(err):
		d.log(err)
		return &readmodel.Trouble{Key: "desk.disk_full", Err: err}
	}
	for _, o := range obstacles {
		if errors.Is(err, o.err) {
			if o.code == "" {
				return &readmodel.Trouble{Key: "refused.not_possible", Err: err}
			}
			return &readmodel.Trouble{Key: "refused." + o.code, Err: err}
		}
	}
	for _, known := range faults {
		if errors.Is(err, known.err) {
			if known.key == "desk.not_saved" {
				d.log(err)
			}
			return &readmodel.Trouble{Key: known.key, Args: map[string]any{"Folder": d.folder()}, Err: err}
		}
	}
	d.log(err)
	return &readmodel.Trouble{Key: "desk.fault", Err: err}
}

// diskFull says whether something failed since a disk is full.
func diskFull(err error) bool { return errors.Is(err, replica.ErrFull) || store.NoRoom(err) }

// folder gives the data folder, "" where none is known.
func (d *Desk) folder() string {
	dir, _ := d.app.folder()
	return dir
}

// faults are what can be wrong with the record and its disk; the first that fits is said.
var faults = []struct {
	err error
	key string
}{
	{store.ErrOpenElsewhere, "desk.elsewhere"},
	{store.ErrNewerFormat, "desk.newer"},
	{store.ErrKey, "desk.no_key"},
	{store.ErrNotSession, "desk.unreadable"},
	{store.ErrNotFound, "desk.not_found"},
	{store.ErrExists, "desk.exists"},
	{replica.ErrAgain, "desk.not_saved"},
	{replica.ErrClosed, "desk.not_saved"},
	{oplog.ErrGap, "desk.unreadable"},
	{oplog.ErrChain, "desk.unreadable"},
	{oplog.ErrMalformed, "desk.unreadable"},
	{oplog.ErrPayload, "desk.unreadable"},
	{oplog.ErrSignature, "desk.unreadable"},
	{oplog.ErrSession, "desk.unreadable"},
	{oplog.ErrKey, "desk.unreadable"},
	{fs.ErrPermission, "desk.data_folder"},
}

// refusalTrouble says a "no" of the record's rules to a facilitator. Two of them are
// said otherwise to people who answer.
func refusalTrouble(r *moot.Refusal) *readmodel.Trouble {
	t := &readmodel.Trouble{Key: "refused." + string(r.Code), Args: map[string]any{"Limit": r.Limit}, Err: r}
	switch r.Code {
	case moot.BadValue, moot.BadRev, moot.NotYours, moot.Closed, moot.UnknownQuestion, moot.UnknownPerson:
		t.Key = "refused.not_possible"
	case moot.Duplicate:
		t.Key = "refused.there_already"
	}
	return t
}
