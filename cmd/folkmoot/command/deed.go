package command

import (
	"context"
	"crypto/rand"
	"errors"
	"slices"

	"folkmoot/app/readmodel"
	"folkmoot/sync/moot"
	"folkmoot/sync/replica"
)

// errChanged: somebody else wrote the same thing at the same moment.
var errChanged = errors.New("somebody else changed this at the same moment: look at it and do it again")

// actor is the record that an act goes into.
type actor interface {
	View() *moot.View
	Do(ctx context.Context, items ...moot.Item) ([]moot.Outcome, error)
}

// deed is an act that was carried out, and what is needed to take it back.
type deed struct {
	act    readmodel.Act
	before *moot.View
	items  []moot.Item
	at     uint64 // milliseconds since 1970
}

// carryOut does an act: all of it or, where the record says no to a part, nothing. v is
// the newest View. Errors: those of Act.Items, a moot.Refusal, errChanged, those of Do.
func carryOut(ctx context.Context, session actor, v *readmodel.View, act readmodel.Act, now uint64) (deed, error) {
	done := deed{act: act, before: session.View(), at: now}
	items, err := act.Items(ctx, v, done.before, now, rand.Reader)
	if err != nil {
		return deed{}, err
	}
	// New statements go first: the record may refuse their words, and what gives way to
	// them must then not be gone.
	isNew := func(i moot.Item) bool { _, ok := i.Payload.(*moot.NewStatement); return ok }
	fresh := slices.DeleteFunc(slices.Clone(items), func(i moot.Item) bool { return !isNew(i) })
	rest := slices.DeleteFunc(slices.Clone(items), isNew)
	for _, part := range [][]moot.Item{fresh, rest} {
		written, err := writeAll(ctx, session, part)
		done.items = append(done.items, written...)
		if err != nil {
			return deed{}, errors.Join(err, takeBack(ctx, session, done, now))
		}
	}
	return done, nil
}

// writeAll takes items into the record and gives those that are in; the first "no"
// among them is the error.
func writeAll(ctx context.Context, session actor, items []moot.Item) (written []moot.Item, err error) {
	if len(items) == 0 {
		return nil, nil
	}
	outcomes, err := surely(ctx, session, items)
	if err != nil {
		return nil, err
	}
	for i, o := range outcomes {
		switch {
		case o.Refusal != nil && err == nil:
			err = o.Refusal
		case o.Stale != nil && err == nil:
			err = errChanged
		case o.Refusal == nil && o.Stale == nil:
			written = append(written, items[i])
		}
	}
	return written, err
}

// surely is Do for those who must know what became of the items: a call that ends while
// they are being written does not end the waiting, and what is not known to be saved is
// sent once more.
func surely(ctx context.Context, session actor, items []moot.Item) ([]moot.Outcome, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	ctx = context.WithoutCancel(ctx)
	outcomes, err := session.Do(ctx, items...)
	if errors.Is(err, replica.ErrAgain) {
		outcomes, err = session.Do(ctx, items...)
	}
	return outcomes, err
}

// takeBack undoes the part of an act that came into the record.
func takeBack(ctx context.Context, session actor, done deed, now uint64) error {
	if len(done.items) == 0 {
		return nil
	}
	items, err := done.revert(session.View(), now)
	if err != nil {
		return err
	}
	_, err = writeAll(ctx, session, items)
	return err
}

// revert gives the items that take a deed back, as readmodel.Revert does, and steps
// further back than the last act on each of them. Error: readmodel.ErrNoUndo.
func (d deed) revert(record *moot.View, now uint64) ([]moot.Item, error) {
	var steps []moot.Item
	others := slices.DeleteFunc(slices.Clone(d.items), func(i moot.Item) bool { _, ok := i.Payload.(*moot.StepAct); return ok })
	for _, i := range d.items {
		if act, ok := i.Payload.(*moot.StepAct); ok {
			steps = append(steps, stepBack(d.before.Step(act.Step), record.Step(act.Step), act, now)...)
		}
	}
	items, err := readmodel.Revert(d.before, record, others, now, rand.Reader)
	if errors.Is(err, readmodel.ErrNoUndo) && len(steps) > 0 {
		return steps, nil
	}
	return append(steps, items...), err
}

// stepBack brings a step to where it stood before an act; nothing where it does not
// stand as the act left it.
func stepBack(was, is *moot.Step, act *moot.StepAct, now uint64) []moot.Item {
	if was == nil || is == nil || is.Open != act.Open || is.Started != act.Started || is.Ends != act.Ends {
		return nil
	}
	return []moot.Item{item(&moot.StepAct{Step: is.ID, Do: "undo", Open: was.Open, Started: was.Started, Ends: was.Ends, Replaces: is.Heads,
		Order: was.Order, StepKind: was.Kind, Title: was.Title, Minutes: was.Minutes, At: now})}
}

// after notes in earlier deeds what taking a later one back wrote: the field stands
// again as they left it, under a newer revision, and can be taken back further.
func after(earlier []deed, later deed, wrote []moot.Item) {
	for _, i := range wrote {
		field, ok := i.Payload.(*moot.SetField)
		if !ok {
			continue
		}
		was := later.before.Session.Rev(field.Field)
		for _, d := range earlier {
			for k, old := range d.items {
				if set, ok := old.Payload.(*moot.SetField); ok && set.Field == field.Field && set.Rev == was {
					again := *set
					again.Rev = field.Rev
					d.items[k].Payload = &again
				}
			}
		}
	}
}
