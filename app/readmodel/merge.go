package readmodel

import (
	"bytes"
	"cmp"
	"errors"
	"slices"
	"strings"

	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
	"folkmoot/sync/replica"
)

// Merge says what a pack would add to a session, or has added.
type Merge struct {
	// ID is the session's, Title the one that it has here, else in the pack.
	ID, Title string
	// New says that the session is not on this computer: it is made.
	New bool
	// Entries are those that are not here, Filled those that were here without what they
	// say of a person.
	Entries, Filled int
	// People, Statements and Votes are how many more count afterwards.
	People, Statements, Votes int
	// Same are people who were here and of whom the pack has something new; Badges says
	// that it is their badge by which they are known.
	Same   int
	Badges bool
	// Devices wrote what is new, those that wrote most first.
	Devices []MergeDevice
	// Newest is when the newest of it was written, in milliseconds since 1970.
	Newest uint64
	// Nameless are new entries of which the pack has not what they say of a person.
	Nameless int
	// Splits are logs that were written on two devices at once.
	Splits int
	// Over are logs for which there is no room in a session.
	Over int
	// Erases says that the names of the session are erased with it.
	Erases bool
	// Changed is how many other files of a pack were changed since it was written.
	Changed int
	// Bad entries were put aside, Left ones could not be taken; both are known afterwards.
	Bad, Left int
}

// MergeDevice is a device that wrote what is new.
type MergeDevice struct {
	ID, Name string
	Entries  int
}

// Nothing says that all of it is here already.
func (m Merge) Nothing() bool {
	return !m.New && m.Entries == 0 && m.Filled == 0 && m.Splits == 0 && m.Over == 0 && !m.Erases
}

// PreviewMerge says what theirs would add to ours, a record that means before. Both are
// read and nothing is written. The counts are those of a state that is folded of both in
// memory; of a log that was written on two devices at once, that which is here is counted.
func PreviewMerge(ours oplog.Log, before *moot.View, theirs oplog.Log) (Merge, error) {
	p := &preview{ours: ours, theirs: theirs, before: before, touched: map[moot.ParticipantID]bool{}}
	p.out = Merge{ID: before.Session.ID.String(), Badges: before.Session.On(moot.Badges)}
	err := p.plan()
	if err != nil {
		return Merge{}, err
	}
	after, err := moot.Fold(before.Session.ID, p.walk)
	if err != nil {
		return Merge{}, err
	}
	view := after.View()
	p.out.Title = cmp.Or(before.Session.Get(moot.Title), view.Session.Get(moot.Title))
	p.out.Badges = p.out.Badges || view.Session.On(moot.Badges)
	p.out.Between(before, view)
	for id := range p.touched {
		if before.Person(id) != nil {
			p.out.Same++
		}
	}
	if view.Unlinked {
		p.out.Nameless, p.out.Filled = 0, 0
	}
	return p.out, nil
}

// Between takes over what counts in after and did not in before.
func (m *Merge) Between(before, after *moot.View) {
	m.People = after.PeopleCount() - before.PeopleCount()
	m.Votes = after.Votes - before.Votes
	m.Statements = originals(after) - originals(before)
	m.Erases = after.Unlinked && !before.Unlinked
}

// originals counts statements, versions in a second language left out.
func originals(view *moot.View) (n int) {
	for _, s := range view.Statements {
		if s.Pair == (moot.StatementID{}) {
			n++
		}
	}
	return n
}

type preview struct {
	ours, theirs oplog.Log
	before       *moot.View
	out          Merge
	from         map[oplog.ReplicaID]uint64 // the first entry that is new, by log
	touched      map[moot.ParticipantID]bool
	counted      bool // the first walk has counted
}

// plan finds what is new, by log.
func (p *preview) plan() error {
	have, err := p.ours.Heads()
	if err != nil {
		return err
	}
	heads, err := p.theirs.Heads()
	if err != nil {
		return err
	}
	p.from = map[oplog.ReplicaID]uint64{}
	room := replica.MaxReplicas - len(have)
	for _, id := range heads.Replicas() {
		mine, other := have[id], heads[id]
		switch {
		case mine.Seq == 0 && room <= 0:
			p.out.Over++
		case mine.Seq == 0:
			room--
			p.from[id] = 1
		default:
			same, err := p.sameAt(id, min(mine.Seq, other.Seq))
			if err != nil {
				return err
			}
			known := slices.ContainsFunc(p.before.Splits, func(s moot.Split) bool { return s.Replica == id })
			if !same && !known {
				p.out.Splits++
			}
			if same && other.Seq > mine.Seq {
				p.from[id] = mine.Seq + 1
			}
		}
	}
	return nil
}

// sameAt says whether both have the same entry at a place.
func (p *preview) sameAt(id oplog.ReplicaID, seq uint64) (bool, error) {
	a, err := entryAt(p.ours, id, seq)
	if err != nil {
		return false, err
	}
	b, err := entryAt(p.theirs, id, seq)
	return a.Hash() == b.Hash(), err
}

func entryAt(log oplog.Log, id oplog.ReplicaID, seq uint64) (found oplog.Entry, err error) {
	err = log.Entries(id, seq, func(e oplog.Entry) bool { found = e; return false })
	if err == nil && found.Seq != seq {
		err = oplog.ErrGap
	}
	return found, err
}

// walk folds what is here and what is new.
func (p *preview) walk(apply func(oplog.Entry) error) error {
	var bare []oplog.Entry
	err := each(p.ours, func(e oplog.Entry) error {
		if e.Redacted() && !p.before.Unlinked {
			bare = append(bare, e)
		}
		return apply(e)
	})
	if err == nil {
		err = p.fill(bare, apply)
	}
	heads, herr := p.theirs.Heads()
	if err = errors.Join(err, herr); err != nil {
		return err
	}
	for _, id := range heads.Replicas() {
		if p.from[id] == 0 {
			continue
		}
		var failed error
		wrote := 0
		err := p.theirs.Entries(id, p.from[id], func(e oplog.Entry) bool {
			wrote++
			p.count(e)
			failed = apply(e)
			return failed == nil
		})
		if err = errors.Join(err, failed); err == nil && !p.counted {
			err = p.device(id, wrote)
		}
		if err != nil {
			return err
		}
	}
	p.counted = true
	return nil
}

func each(log oplog.Log, do func(oplog.Entry) error) error {
	var failed error
	err := oplog.All(log, func(e oplog.Entry) bool { failed = do(e); return failed == nil })
	return errors.Join(err, failed)
}

// fill counts what the other has whole of entries that are here without their payload.
func (p *preview) fill(bare []oplog.Entry, apply func(oplog.Entry) error) error {
	heads, err := p.theirs.Heads()
	for _, e := range bare {
		if err != nil {
			return err
		}
		if heads[e.Replica].Seq < e.Seq {
			continue
		}
		var whole oplog.Entry
		if whole, err = entryAt(p.theirs, e.Replica, e.Seq); err != nil || whole.Redacted() || whole.Hash() != e.Hash() {
			continue
		}
		if !p.counted {
			p.out.Filled++
		}
		err = apply(whole)
	}
	return err
}

// count takes note of a new entry.
func (p *preview) count(e oplog.Entry) {
	if p.counted {
		return
	}
	p.out.Entries++
	p.out.Newest = max(p.out.Newest, e.Time.MS)
	if e.Redacted() {
		p.out.Nameless++
		return
	}
	payload, err := moot.Decode(e.Kind, e.Schema, e.Payload)
	if err != nil {
		return // of a kind that is not known here
	}
	switch payload := payload.(type) {
	case *moot.SetVote:
		p.touched[payload.Person] = true
	case *moot.SetAnswer:
		p.touched[payload.Person] = true
	case *moot.SetPresence:
		p.touched[payload.Person] = true
	case *moot.SetPerson:
		p.touched[payload.Person] = true
	}
}

// device takes note of who wrote so many new entries.
func (p *preview) device(id oplog.ReplicaID, wrote int) error {
	first, err := entryAt(p.theirs, id, 1)
	if err != nil {
		return err
	}
	d := MergeDevice{ID: id.String(), Entries: wrote}
	var pair oplog.Pair
	if oplog.Unmarshal(first.Payload, &pair) == nil {
		d.Name = pair.Name
	}
	p.out.Devices = append(p.out.Devices, d)
	slices.SortStableFunc(p.out.Devices, func(a, b MergeDevice) int {
		return cmp.Or(cmp.Compare(b.Entries, a.Entries), bytes.Compare([]byte(a.ID), []byte(b.ID)))
	})
	return nil
}

// DeviceNames gives what the devices are called; those of one name are told apart by the
// beginning of their log's id.
func (m Merge) DeviceNames() []string {
	times := map[string]int{}
	for _, d := range m.Devices {
		times[d.Name]++
	}
	var names []string
	for _, d := range m.Devices {
		name := d.Name
		if times[name] > 1 || name == "" {
			name = strings.TrimSpace(name + " " + d.ID[:4])
		}
		names = append(names, name)
	}
	return names
}
