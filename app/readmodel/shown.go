package readmodel

import (
	"slices"

	"folkmoot/sync/moot"
)

// Batch is the number of people whose votes must have changed before the room is
// shown a newer map or newer results: fewer could be told apart.
const Batch = 5

// NextShown gives the View that the room is to be shown, after shown (nil: nothing
// yet) and with current just made. Nothing is shown until the host shows results or
// map. From then on the View stands still until at least Batch people voted anew or
// otherwise; a statement that the host takes away leaves it at once.
func NextShown(shown, current *View) *View {
	session := current.Record.Session
	if !session.On(moot.ShowResult) && !session.On(moot.ShowMap) {
		return nil
	}
	if shown == nil && current.quick {
		return nil // groups that were not tested against chance are not for the room
	}
	if shown == nil || !current.quick && votedAnew(shown.Record, current.Record, Batch) {
		return current
	}
	return shown.without(current.Record)
}

// votedAnew says whether the counted votes of at least enough people differ.
func votedAnew(before, now *moot.View, enough int) bool {
	changed := 0
	for _, p := range now.People() {
		if sameVotes(before.Person(p.ID), p) {
			continue
		}
		if changed++; changed == enough {
			return true
		}
	}
	return false
}

func sameVotes(before, now *moot.Person) bool {
	if before == now {
		return true
	}
	if before == nil {
		return now.Counted() == 0
	}
	if before.Counted() != now.Counted() {
		return false
	}
	for id, cell := range now.Votes() {
		if before.Vote(id).Value != cell.Value {
			return false
		}
	}
	return true
}

// without gives the View less the statements that may no longer be voted on; itself
// where there are none.
func (v *View) without(record *moot.View) *View {
	gone := map[string]bool{}
	for _, t := range v.Results.Statements {
		if !votable(record, t.ID) {
			gone[t.ID] = true
		}
	}
	if len(gone) == 0 {
		return v
	}
	less := *v
	r := &less.Results
	r.Statements = slices.DeleteFunc(slices.Clone(r.Statements), func(t Tally) bool { return gone[t.ID] })
	r.Common = slices.DeleteFunc(slices.Clone(r.Common), func(id string) bool { return gone[id] })
	r.Divisive = slices.DeleteFunc(slices.Clone(r.Divisive), func(id string) bool { return gone[id] })
	r.Groups = slices.Clone(r.Groups)
	for i := range r.Groups {
		g := &r.Groups[i]
		g.Apart = slices.DeleteFunc(slices.Clone(g.Apart), func(a Apart) bool { return gone[a.ID] })
	}
	return &less
}

func votable(record *moot.View, id string) bool {
	var sid moot.StatementID
	if sid.UnmarshalText([]byte(id)) != nil {
		return false
	}
	s := record.Statement(sid)
	return s != nil && s.Votable()
}
