package moot

import (
	"fmt"

	"folkmoot/sync/oplog"
)

// Unpair says that a device is no longer one of the session's: what its log says above
// Seq never counts, whoever brings it and whenever. Of several acts about one log the
// smallest Seq holds. It is never taken back; a device that is paired again goes on in a
// new log. See cuts for whose acts govern.
type Unpair struct {
	Replica oplog.ReplicaID `cbor:"1,keyasint"`
	Seq     uint64          `cbor:"2,keyasint"`
	At      uint64          `cbor:"3,keyasint"` // milliseconds since 1970
	// Said is set where a device passes on what another one's log says, which may be one
	// that not everybody can take. Nil: it is this log's own word.
	Said *Said `cbor:"4,keyasint,omitempty"`
}

// Said is an act as it was signed, with the key of its log, so that nobody can put words
// into another's mouth.
type Said struct {
	_          struct{} `cbor:",toarray"`
	Key, Entry []byte
}

func init() { register(func() Payload { return &Unpair{} }) }

// Kind is "unpair".
func (*Unpair) Kind() string { return "unpair" }

func (*Unpair) class() oplog.Class { return oplog.Public }

// bounds refuses what is passed on and was not said so.
func (u *Unpair) bounds() error {
	if u.Replica == (oplog.ReplicaID{}) {
		return refuse(BadValue)
	}
	if u.Said == nil {
		return nil
	}
	e, err := u.said()
	if err != nil || e.CheckSignature(u.Said.Key) != nil {
		return refuse(BadValue)
	}
	return nil
}

// said gives the entry that is passed on; its signature is for bounds to check.
func (u *Unpair) said() (oplog.Entry, error) {
	e, err := oplog.Decode(u.Said.Entry)
	if err != nil {
		return e, err
	}
	var own Unpair
	if err = oplog.Unmarshal(e.Payload, &own); err != nil {
		return e, err
	}
	if e.Kind != u.Kind() || e.Schema != Schema || own != (Unpair{Replica: u.Replica, Seq: u.Seq, At: u.At}) {
		return e, fmt.Errorf("moot: %w: another act is passed on", oplog.ErrMalformed)
	}
	return e, nil
}

func (u *Unpair) check(s *State) error {
	if u.Said == nil {
		return nil
	}
	if e, err := u.said(); err != nil || e.Session != s.id {
		return refuse(BadValue)
	}
	return nil
}

// apply takes the act in under the log and the number that said it, wherever it stands.
func (u *Unpair) apply(s *State, e oplog.Entry) {
	act, ok := u.cut(s.id, e)
	act.hearsay = s.rules.powerless(e.Replica)
	if ok && s.rules.cuts.add(act) {
		s.recut()
	}
}

// cut gives the act as cuts keeps it; false for what says nothing here.
func (u *Unpair) cut(session oplog.SessionID, e oplog.Entry) (cutAct, bool) {
	act := cutAct{replica: u.Replica, seq: u.Seq, at: u.At}
	if u.Said == nil {
		data, err := e.Encode()
		if err != nil {
			return act, false // it was decoded, or is being written
		}
		act.direct, act.said.Entry = true, data
	} else {
		var err error
		if e, err = u.said(); err != nil || e.Session != session {
			return act, false
		}
		act.said = *u.Said
	}
	act.by, act.hash = splitID{e.Replica, e.Seq}, e.Hash()
	return act, e.Replica != u.Replica // nobody leaves by their own word
}
