package moot

import (
	"bytes"
	"errors"
	"slices"

	"folkmoot/sync/oplog"
)

// rules are what acts say about other entries: which of them count. They hold for
// entries that came before them as well as after; see Fold.
type rules struct {
	splits   map[oplog.ReplicaID]split
	named    map[splitID]Cell[oplog.Hash]
	held     map[splitID]oplog.Hash // the branch that is held here
	unlinked bool
}

type split struct {
	at     uint64
	hashes [2]oplog.Hash
}

type splitID struct {
	replica oplog.ReplicaID
	seq     uint64
}

func newRules() rules {
	return rules{splits: map[oplog.ReplicaID]split{}, named: map[splitID]Cell[oplog.Hash]{}, held: map[splitID]oplog.Hash{}}
}

// governs says whether a payload is itself a rule: it counts wherever it stands.
func governs(p Payload) bool {
	switch p.(type) {
	case *Fork, *Branch, *Unlink:
		return true
	}
	return false
}

// counts says whether an entry's act is to be folded in.
func (s *State) counts(e oplog.Entry) bool {
	if s.rules.unlinked && e.Class == oplog.Personal {
		return false
	}
	split, ok := s.rules.splits[e.Replica]
	if !ok || e.Seq < split.at {
		return true
	}
	at := splitID{e.Replica, split.at}
	if e.Seq == split.at && s.rules.held[at] != e.Hash() {
		s.rules.held[at], s.again = e.Hash(), true
	}
	named := s.rules.named[at].Value
	return named != oplog.Hash{} && named == s.rules.held[at]
}

// Again says that an act changed what earlier entries mean: the state has to be made
// anew from all entries, see Fold.
func (s *State) Again() bool { return s.again }

// Unlinked says whether the session's names were erased.
func (s *State) Unlinked() bool { return s.rules.unlinked }

// Fold gives the state of all entries to which walk applies the function it is given.
// Where an act changes what earlier entries mean, walk is called again. Errors are
// those of walk, which passes on those of the function.
func Fold(id oplog.SessionID, walk func(apply func(oplog.Entry) error) error) (*State, error) {
	s := NewState(id)
	for {
		if err := walk(s.Apply); err != nil {
			return s, err
		}
		if !s.again {
			return s, nil
		}
		rules := s.rules
		s = NewState(id)
		s.rules = rules
	}
}

// FoldLog gives the state of all entries of a log.
func FoldLog(id oplog.SessionID, log oplog.Log) (*State, error) {
	return Fold(id, func(apply func(oplog.Entry) error) error {
		var failed error
		err := oplog.All(log, func(e oplog.Entry) bool { failed = apply(e); return failed == nil })
		return errors.Join(err, failed)
	})
}

// Split is a log that was written on two devices at once.
type Split struct {
	Replica oplog.ReplicaID
	// Seq is the number of the first entry of which there are two.
	Seq uint64
	// Branches are the hashes of the two, the smaller first.
	Branches [2]oplog.Hash
	// Named is the branch that a facilitator chose, zero for none; Held the one that
	// lies here, zero where neither does.
	Named, Held oplog.Hash

	named Cell[oplog.Hash]
}

// Counts says whether what the log says from the split on counts here.
func (s Split) Counts() bool { return s.Named != oplog.Hash{} && s.Named == s.Held }

func (s *State) splitList() []Split {
	var out []Split
	for replica, sp := range s.rules.splits {
		at := splitID{replica, sp.at}
		out = append(out, Split{Replica: replica, Seq: sp.at, Branches: sp.hashes, Named: s.rules.named[at].Value, Held: s.rules.held[at], named: s.rules.named[at]})
	}
	slices.SortFunc(out, func(a, b Split) int { return bytes.Compare(a.Replica[:], b.Replica[:]) })
	return out
}

// Split gives how a log is split, and whether it is.
func (s *State) Split(r oplog.ReplicaID) (Split, bool) {
	for _, sp := range s.splitList() {
		if sp.Replica == r {
			return sp, true
		}
	}
	return Split{}, false
}

// Anew gives an empty state in which the same entries count as in the View, for who
// folds some of them in again in another order.
func (v *View) Anew() *State {
	s := NewState(v.Session.ID)
	s.rules.unlinked = v.Unlinked
	for _, sp := range v.Splits {
		at := splitID{sp.Replica, sp.Seq}
		s.rules.splits[sp.Replica] = split{at: sp.Seq, hashes: sp.Branches}
		s.rules.held[at] = sp.Held
		if sp.Named != (oplog.Hash{}) {
			s.rules.named[at] = sp.named
		}
	}
	return s
}
