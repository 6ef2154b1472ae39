package moot

import (
	"bytes"
	"cmp"
	"errors"
	"maps"
	"slices"

	"folkmoot/sync/oplog"
)

// rules are what acts say about other entries: which of them count. They hold for
// entries that came before them as well as after; see Fold. They only grow, and two
// sets of them have one union, so that replicas can tell each other what they know
// even where they do not hold the same logs; see Rules.
type rules struct {
	splits   map[oplog.ReplicaID][]*split // by number
	named    map[splitID]naming
	held     map[splitID]place // what is held where a log splits
	unlinked bool
	cuts     cuts
}

// split is a place in a log on which several entries follow: those of one number that
// name the same one before.
type split struct {
	at     uint64
	prev   oplog.Hash
	hashes []oplog.Hash // ascending
	proofs []oplog.ForkProof
}

type splitID struct {
	replica oplog.ReplicaID
	seq     uint64
}

// naming is which branch holds: of several the one of the highest revision, then of
// the greater hash. No time and no log comes into it, so that an act that is written
// again in another log says the same.
type naming struct {
	rev  uint64
	hash oplog.Hash
}

func (n naming) before(m naming) bool {
	return cmp.Or(cmp.Compare(n.rev, m.rev), bytes.Compare(n.hash[:], m.hash[:])) < 0
}

type place struct{ hash, prev oplog.Hash }

func newRules() rules {
	return rules{splits: map[oplog.ReplicaID][]*split{}, named: map[splitID]naming{}, held: map[splitID]place{}, cuts: newCuts()}
}

// add takes a proof in, and says whether it showed a place or a branch that was not known.
func (r *rules) add(proof oplog.ForkProof, at oplog.ForkPlace) (place, branch bool) {
	list := r.splits[at.Replica]
	i, known := slices.BinarySearchFunc(list, at, func(sp *split, at oplog.ForkPlace) int {
		return cmp.Or(cmp.Compare(sp.at, at.Seq), compareHash(sp.prev, at.Prev))
	})
	if place = !known; place {
		list = slices.Insert(list, i, &split{at: at.Seq, prev: at.Prev})
		r.splits[at.Replica] = list
	}
	sp := list[i]
	for _, h := range proof.Hashes() {
		if j, ok := slices.BinarySearchFunc(sp.hashes, h, compareHash); !ok {
			sp.hashes, branch = slices.Insert(sp.hashes, j, h), true
		}
	}
	if branch {
		sp.proofs = append(sp.proofs, proof)
	}
	return place, branch
}

func compareHash(a, b oplog.Hash) int { return bytes.Compare(a[:], b[:]) }

// heard says whether a payload is folded in. What is itself a rule is, wherever it stands:
// proofs, and what carries one, speak for themselves, whose acts set ends cuts decides, and
// names that were erased do not come back. A naming is not heard of who was unpaired, and
// nothing of who has no say, see TabletMay.
func (s *State) heard(e oplog.Entry, p Payload) bool {
	counts := s.counts(e)
	if s.Powerless(e.Replica, p) {
		return false
	}
	switch p.(type) {
	case *Fork, *Unlink, *Unpair:
		return true
	case *Branch:
		return s.rules.heeds(e)
	}
	return counts
}

// counts says whether an entry's act is to be folded in: not where it follows on a
// split of its log of which another branch was named, or none, nor above the end that
// unpairing set to its log. See Powerless for what else is none.
func (s *State) counts(e oplog.Entry) bool {
	out := !s.rules.unlinked || e.Class != oplog.Personal
	seen := s.rules.cuts.seen[e.Replica]
	if e.Seq > seen {
		s.rules.cuts.seen[e.Replica] = e.Seq
	}
	if end, cut := s.rules.cuts.end(e.Replica); cut && e.Seq > end {
		out = false
		if e.Seq > seen {
			s.touchVotes() // one more of them
		}
	}
	for _, sp := range s.rules.splits[e.Replica] {
		if sp.at > e.Seq {
			break
		}
		at := splitID{e.Replica, sp.at}
		if here := (place{e.Hash(), e.Prev}); e.Seq == sp.at && s.rules.held[at] != here {
			s.rules.held[at], s.again = here, true
		}
		switch held := s.rules.held[at]; {
		case held == place{}:
			out = false
		case held.prev == sp.prev: // else it is another branch that splits there
			out = out && s.rules.named[at].hash == held.hash
		}
	}
	return out
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

// Split is a place where a log goes on in several ways, since it was written on
// several devices at once.
type Split struct {
	Replica oplog.ReplicaID
	// Seq is the number of the first entry of which there are several, Prev the hash of
	// the one before.
	Seq  uint64
	Prev oplog.Hash
	// Branches are the hashes of those entries, the smallest first.
	Branches []oplog.Hash
	// Named is the branch that a facilitator chose, zero for none, and Rev the revision
	// of that choice; Held the branch that lies here, zero where none does.
	Named, Held oplog.Hash
	Rev         uint64
}

// Counts says whether what the log says from the split on counts here.
func (s Split) Counts() bool { return s.Named != oplog.Hash{} && s.Named == s.Held }

func (s *State) splitList() []Split {
	var out []Split
	for replica := range s.rules.splits {
		out = append(out, s.Splits(replica)...)
	}
	slices.SortStableFunc(out, func(a, b Split) int { return bytes.Compare(a.Replica[:], b.Replica[:]) })
	return out
}

// Splits gives the places at which a log splits, by number.
func (s *State) Splits(r oplog.ReplicaID) []Split {
	var out []Split
	for _, sp := range s.rules.splits[r] {
		at := splitID{r, sp.at}
		split := Split{Replica: r, Seq: sp.at, Prev: sp.prev, Branches: slices.Clone(sp.hashes)}
		if name := s.rules.named[at]; slices.Contains(sp.hashes, name.hash) {
			split.Named, split.Rev = name.hash, name.rev
		}
		if held := s.rules.held[at]; held.prev == sp.prev {
			split.Held = held.hash
		}
		out = append(out, split)
	}
	return out
}

// Rules are what is known about which entries count, in the form in which replicas tell
// each other: an act that says so may stand in a log that the other cannot take.
type Rules struct {
	_        struct{} `cbor:",toarray"`
	Proofs   []oplog.ForkProof
	Named    []Branch
	Unlinked bool
	// Unpaired are the acts that set ends to logs, as they were signed.
	Unpaired []Unpair
}

// Empty says whether nothing is known but that all entries count.
func (r Rules) Empty() bool { return len(r.Proofs)+len(r.Named)+len(r.Unpaired) == 0 && !r.Unlinked }

func (s *State) ruleList() Rules {
	out := Rules{Unlinked: s.rules.unlinked, Unpaired: s.rules.cuts.list()}
	for _, sp := range s.splitList() {
		i := slices.IndexFunc(s.rules.splits[sp.Replica], func(x *split) bool { return x.at == sp.Seq && x.prev == sp.Prev })
		out.Proofs = append(out.Proofs, s.rules.splits[sp.Replica][i].proofs...)
	}
	for at, n := range s.rules.named {
		out.Named = append(out.Named, Branch{Replica: at.replica, Seq: at.seq, Hash: n.hash, Rev: n.rev})
	}
	slices.SortFunc(out.Named, func(a, b Branch) int {
		return cmp.Or(bytes.Compare(a.Replica[:], b.Replica[:]), cmp.Compare(a.Seq, b.Seq))
	})
	return out
}

// News gives the acts of rules that say something which is not known here.
func (s *State) News(r Rules) []Payload {
	out := s.rules.news(r)
	for _, u := range r.Unpaired {
		if s.rules.newCut(s.id, &u) {
			out = append(out, &u)
		}
	}
	return out
}

func (r *rules) news(told Rules) (out []Payload) {
	for _, proof := range told.Proofs {
		if at, err := proof.Place(); err == nil && !r.knows(proof, at) {
			out = append(out, &Fork{Proof: proof})
		}
	}
	for _, b := range told.Named {
		if r.named[splitID{b.Replica, b.Seq}].before(naming{b.Rev, b.Hash}) {
			out = append(out, &b)
		}
	}
	if told.Unlinked && !r.unlinked {
		out = append(out, &Unlink{})
	}
	return out
}

func (r *rules) knows(proof oplog.ForkProof, at oplog.ForkPlace) bool {
	for _, sp := range r.splits[at.Replica] {
		if sp.at == at.Seq && sp.prev == at.Prev {
			hashes := proof.Hashes()
			return slices.Contains(sp.hashes, hashes[0]) && slices.Contains(sp.hashes, hashes[1])
		}
	}
	return false
}

// Lacks says whether rules say something that is not known in r.
func (r Rules) Lacks(told Rules) bool {
	known := newRules()
	for _, proof := range r.Proofs {
		if at, err := proof.Place(); err == nil {
			known.add(proof, at)
		}
	}
	for _, b := range r.Named {
		known.named[splitID{b.Replica, b.Seq}] = naming{b.Rev, b.Hash}
	}
	known.unlinked = r.Unlinked
	return len(known.news(told)) > 0 || r.lacksCut(told)
}

// FoldLog gives the state of all entries of a log.
func FoldLog(id oplog.SessionID, log oplog.Log) (*State, error) {
	return Fold(id, func(apply func(oplog.Entry) error) error {
		var failed error
		err := oplog.All(log, func(e oplog.Entry) bool { failed = apply(e); return failed == nil })
		return errors.Join(err, failed)
	})
}

// Anew gives an empty state in which the same entries count as in the View, for who
// folds some of them in again in another order.
func (v *View) Anew() *State {
	s := NewState(v.Session.ID)
	for _, proof := range v.Rules.Proofs {
		if at, err := proof.Place(); err == nil {
			s.rules.add(proof, at)
		}
	}
	for _, b := range v.Rules.Named {
		s.rules.named[splitID{b.Replica, b.Seq}] = naming{b.Rev, b.Hash}
	}
	s.rules.held, s.rules.unlinked, s.rules.cuts = maps.Clone(v.held), v.Rules.Unlinked, v.cuts.clone()
	return s
}

// Counting gives what says of an entry of this View's record whether it counts.
func (v *View) Counting() func(oplog.Entry) bool {
	s := v.Anew()
	return func(e oplog.Entry) bool {
		if !s.counts(e) {
			return false
		}
		if !s.IsTablet(e.Replica) || e.Redacted() {
			return true
		}
		p, err := Decode(e.Kind, e.Schema, e.Payload)
		return err != nil || !s.Powerless(e.Replica, p)
	}
}
