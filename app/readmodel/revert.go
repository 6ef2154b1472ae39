package readmodel

import (
	"fmt"
	"io"

	"folkmoot/sync/moot"
)

// Revert gives the items that take an act back: before is the record as it stood, items
// what the act added. A statement that was added is put aside, a plan gives way to a
// copy of the one before it, acts on steps go back as UndoStep does. Nothing is ever
// deleted: the record shows both. What somebody changed since stays as it is now.
// Error: ErrNoUndo, where nothing of it can be taken back.
func Revert(before, record *moot.View, items []moot.Item, now uint64, ids io.Reader) ([]moot.Item, error) {
	m := &itemMaker{ids: ids}
	stepsDone := false
	for i := len(items) - 1; i >= 0; i-- {
		switch p := items[i].Payload.(type) {
		case *moot.SetField:
			if record.Session.Rev(p.Field) == p.Rev {
				m.setField(record, p.Field, before.Session.Get(p.Field))
			}
		case *moot.Moderation:
			m.revertModeration(before, record, p)
		case *moot.NewStatement:
			if s := record.Statement(moot.StatementID(items[i].CID)); s != nil {
				m.add(&moot.Moderation{Statement: s.ID, Standing: moot.Hidden, Replaces: s.Heads})
			}
		case *moot.SetPresence:
			if person := before.Person(p.Person); person != nil {
				m.add(&moot.SetPresence{Person: p.Person, In: person.Present(), Rev: max(now, p.Rev+1), At: now})
			}
		case *moot.NewPlan:
			if plan := NewestPlan(before); plan != nil {
				again := plan.NewPlan
				again.Made = max(now, p.Made+1)
				m.add(&again)
			}
		case *moot.StepAct:
			if stepsDone {
				continue // a start and the close it caused go back together
			}
			stepsDone = true
			undone, err := UndoStep(record, p.Step, now, ids)
			if err != nil {
				return nil, err
			}
			m.items = append(m.items, undone...)
		}
	}
	if len(m.items) == 0 {
		return nil, fmt.Errorf("readmodel: take back: %w", ErrNoUndo)
	}
	return m.done()
}

func (m *itemMaker) revertModeration(before, record *moot.View, p *moot.Moderation) {
	was, is := before.Statement(p.Statement), record.Statement(p.Statement)
	if was == nil || is == nil || is.Standing != p.Standing {
		return
	}
	m.add(&moot.Moderation{Statement: p.Statement, Standing: was.Standing, Reason: was.Reason, Replaces: is.Heads})
}
