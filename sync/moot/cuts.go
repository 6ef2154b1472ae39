package moot

import (
	"bytes"
	"cmp"
	"maps"
	"math"
	"slices"

	"folkmoot/sync/oplog"
)

// cuts are the ends that unpairing sets to logs.
//
// A participants' tablet unpairs nobody: the acts of a log that says in its first entry that
// it is a tablet's are none. (A key may sign two first entries, of which one does not say so.
// Here nothing can be done about that, since each is held by somebody: who takes logs from a
// tablet takes none that does not prove whose it is.) What only tablets pass on
// counts where the log is held that is said to have said it: else a tablet could make up one. Who was unpaired must not unpair others, so an act of another
// log counts up to that log's own cut only; and what cuts it may be cut in turn. Let an act attack another if it sets an
// end to the other's log below the place at which the other stands. Then:
//
//  1. An act stands of which all attackers fall. An act falls that one attacks which
//     stands. This is done as long as it decides anything; the order is of no matter.
//  2. Acts that are left attack each other in a ring: devices that unpaired one another,
//     neither having seen the other's act, or one who claims so. No clock and no number of
//     theirs is to be believed, so of these the act of the oldest log stands, and all that
//     attack it fall: the log that was opened first, then the one of the smaller id. When a
//     log was opened is in its first entry, which cannot be made anew once it is held. Then
//     1 again, until all are decided.
//
// The place of an act is its number in its log, as long as it is held there before any
// split. Else the log's key may have written it at any number since, so its place is the
// end: any cut of its log attacks it, and in a ring it is the youngest.
//
// All this follows from the set of acts, of first entries and of splits, which only grow.
type cuts struct {
	acts map[oplog.Hash]cutAct // by the hash of the entry that said it
	ends map[oplog.ReplicaID]cutAct
	logs map[oplog.ReplicaID]logStart
	seen map[oplog.ReplicaID]uint64 // the highest number that was folded in
}

// cutAct is an Unpair with the place at which it was said.
type cutAct struct {
	by      splitID
	hash    oplog.Hash
	replica oplog.ReplicaID // whose log ends
	seq, at uint64
	direct  bool // it is held in its own log
	hearsay bool // only tablets pass it on
	said    Said // without a key where it was read from its own log
}

type logStart struct {
	time   oplog.Time
	key    []byte
	tablet bool
}

func newCuts() cuts {
	return cuts{acts: map[oplog.Hash]cutAct{}, ends: map[oplog.ReplicaID]cutAct{}, logs: map[oplog.ReplicaID]logStart{}, seen: map[oplog.ReplicaID]uint64{}}
}

func (c *cuts) clone() cuts {
	return cuts{acts: maps.Clone(c.acts), ends: maps.Clone(c.ends), logs: maps.Clone(c.logs), seen: map[oplog.ReplicaID]uint64{}}
}

// add takes an act in, and says whether that may change something.
func (c *cuts) add(act cutAct) bool {
	old, known := c.acts[act.hash]
	if known && (old.direct || !act.direct && (!old.hearsay || act.hearsay)) {
		return false
	}
	c.acts[act.hash] = act
	return true
}

// opened takes note of a log's first entry, and says whether that may change something.
func (c *cuts) opened(e oplog.Entry) bool {
	old, known := c.logs[e.Replica]
	key, err := oplog.KeyIn(e)
	if err != nil {
		return false // the record does not take it
	}
	var pair oplog.Pair
	if err := oplog.Unmarshal(e.Payload, &pair); err != nil {
		return false // as above
	}
	start := logStart{e.Time, key, old.tablet || pair.Role == oplog.RoleTablet}
	if known { // two first entries, in a set that holds both; no record does
		start.time = old.time
	}
	c.logs[e.Replica] = start
	return !known || old.tablet != start.tablet || old.time != start.time
}

// trial is an act while it is decided which of them stand.
type trial struct {
	cutAct
	place  uint64
	start  oplog.Time
	young  bool
	stands bool
	falls  bool
}

func (t *trial) open() bool { return !t.stands && !t.falls }

// attacks says whether t sets an end to u's log before u.
func (t *trial) attacks(u *trial) bool { return t.replica == u.by.replica && t.seq < u.place }

// solve gives the ends that follow from the acts, and from where logs split.
func (c *cuts) solve(splitBefore func(splitID) bool) map[oplog.ReplicaID]cutAct {
	acts := c.trials(splitBefore)
	for c.decide(acts) {
	}
	ends := map[oplog.ReplicaID]cutAct{}
	for _, t := range acts {
		if old, ok := ends[t.replica]; t.stands && (!ok || t.cutAct.before(old)) {
			ends[t.replica] = t.cutAct
		}
	}
	return ends
}

// trials gives the acts, those of the oldest log first.
func (c *cuts) trials(splitBefore func(splitID) bool) []*trial {
	acts := make([]*trial, 0, len(c.acts))
	for _, act := range c.acts {
		t := &trial{cutAct: act, place: act.by.seq}
		start, held := c.logs[act.by.replica]
		if start.tablet || act.hearsay && !held {
			continue
		}
		t.start = start.time
		if t.young = !act.direct || !held || splitBefore(act.by); t.young {
			t.place = math.MaxUint64
		}
		acts = append(acts, t)
	}
	slices.SortFunc(acts, func(a, b *trial) int {
		return cmp.Or(cmp.Compare(btoi(a.young), btoi(b.young)), a.start.Compare(b.start), bytes.Compare(a.by.replica[:], b.by.replica[:]),
			cmp.Compare(a.by.seq, b.by.seq), compareHash(a.hash, b.hash))
	})
	return acts
}

// decide does one step, and says whether there was one to do.
func (c *cuts) decide(acts []*trial) bool {
	sure, maybe := map[oplog.ReplicaID]uint64{}, map[oplog.ReplicaID]uint64{} // the smallest ends of logs
	least := func(ends map[oplog.ReplicaID]uint64, t *trial) {
		if old, ok := ends[t.replica]; !ok || t.seq < old {
			ends[t.replica] = t.seq
		}
	}
	for _, t := range acts {
		if !t.falls {
			least(maybe, t)
		}
		if t.stands {
			least(sure, t)
		}
	}
	moved, first := false, (*trial)(nil)
	for _, t := range acts {
		if !t.open() {
			continue
		}
		if end, cut := sure[t.by.replica]; cut && end < t.place {
			t.falls, moved = true, true
		} else if end, cut := maybe[t.by.replica]; !cut || end >= t.place {
			t.stands, moved = true, true
		} else if first == nil {
			first = t
		}
	}
	if moved || first == nil {
		return moved
	}
	first.stands = true
	for _, t := range acts {
		t.falls = t.falls || t.open() && t.attacks(first)
	}
	return true
}

// before says which of two acts about one log decides.
func (a cutAct) before(b cutAct) bool {
	return cmp.Or(cmp.Compare(a.seq, b.seq), cmp.Compare(a.at, b.at), compareHash(a.hash, b.hash)) < 0
}

// end gives the number above which a log does not count, if there is one.
func (c *cuts) end(r oplog.ReplicaID) (uint64, bool) {
	act, cut := c.ends[r]
	return act.seq, cut
}

// splitBefore says whether a log splits at a place or before it.
func (r *rules) splitBefore(at splitID) bool {
	list := r.splits[at.replica]
	return len(list) > 0 && list[0].at <= at.seq
}

// heeds says whether what an entry says about others is heard: of a log that was unpaired,
// what stands before its end and before any split.
func (r *rules) heeds(e oplog.Entry) bool {
	end, cut := r.cuts.end(e.Replica)
	return !cut || e.Seq <= end && !r.splitBefore(splitID{e.Replica, e.Seq})
}

// recut works out anew where logs end. Where that changes what entries mean which were
// folded in already, the state has to be made anew, and what they named is heard again.
func (s *State) recut() {
	c := &s.rules.cuts
	old := c.ends
	c.ends = c.solve(s.rules.splitBefore)
	for _, ends := range []map[oplog.ReplicaID]cutAct{old, c.ends} {
		for r := range ends {
			was, before := old[r]
			is, now := c.ends[r]
			if before == now && was.hash == is.hash {
				continue
			}
			s.touch()
			s.mark(RowRule, unpairKey(r))
			least := min(was.seq, is.seq)
			if before != now {
				least = max(was.seq, is.seq)
			}
			if (before != now || was.seq != is.seq) && (c.seen[r] > least || len(s.rules.splits[r]) > 0) {
				s.forgetNames()
			}
		}
	}
}

// forgetNames has all that names branches be heard again.
func (s *State) forgetNames() {
	clear(s.rules.named)
	s.again = true
}

// Unpaired is a device of which nothing counts above a number in its log.
type Unpaired struct {
	Replica oplog.ReplicaID
	Seq     uint64
	At      uint64          // when, milliseconds since 1970
	By      oplog.ReplicaID // the log that says so
	// Above is how many entries above Seq are held, which do not count.
	Above uint64
}

// Unpaired gives the devices that were unpaired, by log.
func (v *View) Unpaired() []Unpaired { return v.unpaired }

// Cut gives the number above which nothing of a log counts, false where no end is set.
func (s *State) Cut(r oplog.ReplicaID) (seq uint64, cut bool) { return s.rules.cuts.end(r) }

// Heeds says whether an act that stands in an entry and names a branch is heard.
func (s *State) Heeds(e oplog.Entry) bool { return s.rules.heeds(e) }

func (s *State) unpairedList() []Unpaired {
	c := &s.rules.cuts
	var out []Unpaired
	for r, act := range c.ends {
		u := Unpaired{Replica: r, Seq: act.seq, At: act.at, By: act.by.replica}
		if c.seen[r] > act.seq {
			u.Above = c.seen[r] - act.seq
		}
		out = append(out, u)
	}
	slices.SortFunc(out, func(a, b Unpaired) int { return bytes.Compare(a.Replica[:], b.Replica[:]) })
	return out
}

// list gives the acts that set the ends, each as it was signed.
func (c *cuts) list() []Unpair {
	var out []Unpair
	for r, act := range c.ends {
		said := act.said
		if said.Key == nil {
			said.Key = c.logs[act.by.replica].key
		}
		out = append(out, Unpair{Replica: r, Seq: act.seq, At: act.at, Said: &said})
	}
	slices.SortFunc(out, func(a, b Unpair) int { return bytes.Compare(a.Replica[:], b.Replica[:]) })
	return out
}

// news says whether an act that is passed on would change where logs end.
func (r *rules) newCut(session oplog.SessionID, u *Unpair) bool {
	if u.Said == nil {
		return false // anybody could say so
	}
	act, ok := u.cut(session, oplog.Entry{})
	if _, known := r.cuts.acts[act.hash]; !ok || known {
		return false
	}
	with := r.cuts.clone()
	with.add(act)
	return !maps.EqualFunc(with.solve(r.splitBefore), r.cuts.ends, func(a, b cutAct) bool { return a.seq == b.seq })
}

// lacksCut says whether rules set an end that those of r do not, or an earlier one.
func (r Rules) lacksCut(told Rules) bool {
	ends := map[oplog.ReplicaID]uint64{}
	for _, u := range r.Unpaired {
		ends[u.Replica] = u.Seq
	}
	return slices.ContainsFunc(told.Unpaired, func(u Unpair) bool {
		end, cut := ends[u.Replica]
		return !cut || u.Seq < end
	})
}

const unpairPrefix = "unpair"

func unpairKey(r oplog.ReplicaID) []byte { return append([]byte(unpairPrefix), r[:]...) }
