package storm

import (
	"fmt"
	"path/filepath"

	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
	"folkmoot/sync/replica"
	"folkmoot/sync/store"
)

// Record is what a device's file holds, read as folkmootd rebuild reads it.
type Record struct {
	// Digest is the sum of the state that the entries give.
	Digest string
	// Entries is how many there are, Own how many of them the device wrote itself.
	Entries, Own int

	votes map[oplog.ItemID][]standing
	view  *moot.View
}

// standing is a vote as it stands in a log.
type standing struct {
	vote  Vote
	log   oplog.ReplicaID
	stamp moot.Stamp
}

// cell is what a vote writes.
type cell struct {
	person    moot.ParticipantID
	statement moot.StatementID
}

func (r *Record) counted(at cell) moot.Vote {
	p := r.view.Person(at.person)
	if p == nil {
		return moot.None
	}
	return p.Vote(at.statement).Value
}

// Read reads the file of a device that does not run: chain and signatures are checked,
// the state is folded anew from the entries, and what is stored of it must be the same.
func Read(folder string, session oplog.SessionID) (*Record, error) {
	file, err := store.Open(filepath.Join(folder, store.Name(session)), store.Options{ReadOnly: true})
	if err != nil {
		return nil, err
	}
	defer file.Close()
	own := oplog.ReplicaOf(publicOf(file.Keys().Sign))
	r := &Record{}
	var heads oplog.Heads
	state, err := moot.Fold(session, func(apply func(oplog.Entry) error) error {
		chain := oplog.NewChain(session)
		r.votes, r.Entries, r.Own = map[oplog.ItemID][]standing{}, 0, 0
		var failed error
		err := oplog.All(file, func(e oplog.Entry) bool {
			if failed = chain.Next(e); failed == nil {
				failed = apply(e)
			}
			if failed != nil {
				failed = fmt.Errorf("entry %d of %s: %w", e.Seq, e.Replica, failed)
				return false
			}
			if r.Entries++; e.Replica == own {
				r.Own++
			}
			r.note(e)
			return true
		})
		heads = chain.Heads()
		if err == nil {
			err = failed
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("storm: read %s: %w", file.Path(), err)
	}
	kept, err := file.Heads()
	if err != nil {
		return nil, err
	}
	for id, head := range kept {
		if heads[id] != head {
			return nil, fmt.Errorf("storm: read %s: the log of %s ends at %d, not at %d", file.Path(), id, heads[id].Seq, head.Seq)
		}
	}
	differing, err := replica.Differences(file, state)
	if err == nil && len(differing.Rows) > 0 {
		err = fmt.Errorf("%d stored rows are not what the entries give, the first in %s", len(differing.Rows), differing.Rows[0].Table)
	}
	if err != nil {
		return nil, fmt.Errorf("storm: read %s: %w", file.Path(), err)
	}
	r.view = state.View()
	r.Digest = r.view.Digest()
	return r, nil
}

// note takes a vote out of an entry.
func (r *Record) note(e oplog.Entry) {
	p, err := moot.Decode(e.Kind, e.Schema, e.Payload)
	if v, ok := p.(*moot.SetVote); ok && err == nil {
		r.votes[e.CID] = append(r.votes[e.CID], standing{
			vote:  Vote{CID: e.CID, Person: v.Person, Statement: v.Statement, Value: v.Value, Rev: v.Rev},
			log:   e.Replica,
			stamp: moot.Stamp{Rev: v.Rev, Time: e.Time, Replica: e.Replica, Seq: e.Seq},
		})
	}
}
