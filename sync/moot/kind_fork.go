package moot

import (
	"slices"

	"folkmoot/sync/oplog"
)

// Fork records that one log was written on two devices at once: the proof speaks for
// itself. From the split on, nothing of that log counts until a Branch names which
// of the two holds.
type Fork struct {
	Proof oplog.ForkProof `cbor:"1,keyasint"`
}

// Kind is "fork".
func (*Fork) Kind() string { return "fork" }

func (*Fork) class() oplog.Class { return oplog.Public }

// bounds refuses what proves nothing, so that nobody can silence another's log.
func (f *Fork) bounds() error {
	if _, _, _, err := f.Proof.Check(); err != nil {
		return refuse(BadValue)
	}
	return nil
}

func (f *Fork) check(s *State) error {
	if at, err := f.Proof.Place(); err != nil || at.Session != s.id {
		return refuse(BadValue)
	}
	return nil
}

// apply believes the proof: bounds has checked it. One more branch of a place that was
// known changes nothing about what counts; else who has a key could have the whole record
// read anew as often as they like.
func (f *Fork) apply(s *State, _ oplog.Entry) {
	at, err := f.Proof.Place()
	if err != nil || at.Session != s.id {
		return
	}
	if place, branch := s.rules.add(f.Proof, at); branch {
		s.touch()
		s.mark(RowRule, at.Replica[:])
		s.again = s.again || place
		if _, cut := s.Cut(at.Replica); place && cut {
			s.forgetNames()
		}
		if place && len(s.rules.cuts.acts) > 0 {
			s.recut()
		}
	}
}

// Branch names, by the hash of its first entry, the branch of a forked log that
// holds. It is a facilitator's act; of several the one of the highest revision stands,
// then of the greater hash.
type Branch struct {
	Replica oplog.ReplicaID `cbor:"1,keyasint"`
	Seq     uint64          `cbor:"2,keyasint"`
	Hash    oplog.Hash      `cbor:"3,keyasint"`
	Rev     uint64          `cbor:"4,keyasint"`
}

// Kind is "branch".
func (*Branch) Kind() string { return "branch" }

func (*Branch) class() oplog.Class { return oplog.Public }

func (b *Branch) bounds() error { return checkRev(b.Rev) }

func (b *Branch) check(s *State) error {
	for _, sp := range s.rules.splits[b.Replica] {
		if sp.at == b.Seq && slices.Contains(sp.hashes, b.Hash) {
			return nil
		}
	}
	return refuse(BadValue)
}

func (b *Branch) apply(s *State, _ oplog.Entry) {
	at, name := splitID{b.Replica, b.Seq}, naming{b.Rev, b.Hash}
	if old := s.rules.named[at]; old.before(name) {
		s.touch()
		s.rules.named[at] = name
		if len(s.rules.splits[b.Replica]) > 0 {
			s.mark(RowRule, b.Replica[:])
		}
		s.again = s.again || old.hash != name.hash
	}
}

// Unlink says that the names of the session were erased: nothing personal counts any
// more, whenever and wherever it was or will be written.
type Unlink struct {
	At uint64 `cbor:"1,keyasint"` // milliseconds since 1970
}

// Kind is "unlink".
func (*Unlink) Kind() string { return "unlink" }

func (*Unlink) class() oplog.Class { return oplog.Public }

func (*Unlink) bounds() error { return nil }

func (*Unlink) check(*State) error { return nil }

func (u *Unlink) apply(s *State, _ oplog.Entry) {
	if !s.rules.unlinked {
		s.touch()
		s.rules.unlinked, s.again = true, true
	}
}

// Audit notes something about a device that who checks the record later should know:
// that its clock jumped, that its key was changed, that it was restored from a
// backup. It changes nothing.
type Audit struct {
	What   string `cbor:"1,keyasint"` // clock, key, restore
	Detail string `cbor:"2,keyasint"`
	At     uint64 `cbor:"3,keyasint"` // milliseconds since 1970
}

// Kind is "audit".
func (*Audit) Kind() string { return "audit" }

func (*Audit) class() oplog.Class { return oplog.Public }

func (a *Audit) bounds() error { return checkTexts(a.What, a.Detail) }

func (a *Audit) check(*State) error {
	if len([]rune(a.What))+len([]rune(a.Detail)) > MaxField {
		return &Refusal{Code: TooLong, Limit: MaxField}
	}
	return nil
}

func (*Audit) apply(*State, oplog.Entry) {}
