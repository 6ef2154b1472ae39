package oplog

import (
	"fmt"
	"slices"
	"strings"
)

// Log holds entries for good. Every log of ours passes oplogtest.Conform.
type Log interface {
	// Append adds entries, each one the next of its log, all or none.
	Append(entries []Entry) error
	// Heads says how far each log is held. The caller owns the map.
	Heads() (Heads, error)
	// Entries gives the entries from number from on, in order, until yield says no.
	Entries(replica ReplicaID, from uint64, yield func(Entry) bool) error
}

// Memory is a Log that forgets everything when the program ends.
type Memory struct {
	logs map[ReplicaID][]Entry
}

// NewMemory gives an empty Memory.
func NewMemory() *Memory { return &Memory{logs: map[ReplicaID][]Entry{}} }

// Append adds entries, all or none. Errors: ErrGap, ErrChain.
func (m *Memory) Append(entries []Entry) error {
	heads := map[ReplicaID]Head{}
	for _, e := range entries {
		head, ok := heads[e.Replica]
		if !ok {
			head = m.head(e.Replica)
		}
		if err := Follows(head, e); err != nil {
			return err
		}
		heads[e.Replica] = Head{Seq: e.Seq, Hash: e.Hash()}
	}
	for _, e := range entries {
		m.logs[e.Replica] = append(m.logs[e.Replica], e)
	}
	return nil
}

// Follows says whether an entry is the next after head: ErrGap, ErrChain, or nil.
func Follows(head Head, e Entry) error {
	switch {
	case e.Seq != head.Seq+1:
		return fmt.Errorf("oplog: entry %d of %s after entry %d: %w", e.Seq, e.Replica, head.Seq, ErrGap)
	case e.Prev != head.Hash:
		return refuse(e, ErrChain)
	}
	return nil
}

func (m *Memory) head(r ReplicaID) Head {
	log := m.logs[r]
	if len(log) == 0 {
		return Head{}
	}
	last := log[len(log)-1]
	return Head{Seq: last.Seq, Hash: last.Hash()}
}

// Heads says how far each log is held.
func (m *Memory) Heads() (Heads, error) {
	heads := Heads{}
	for r := range m.logs {
		heads[r] = m.head(r)
	}
	return heads, nil
}

// Entries gives the entries of one log from number from on, until yield says no.
// Numbers beyond the end give nothing; from 0 is taken as 1.
func (m *Memory) Entries(replica ReplicaID, from uint64, yield func(Entry) bool) error {
	log := m.logs[replica]
	for i := max(from, 1); i <= uint64(len(log)); i++ {
		if !yield(log[i-1]) {
			return nil
		}
	}
	return nil
}

// All goes through every log of l, log by log in the order of their ids, until
// yield says no.
func All(l Log, yield func(Entry) bool) error {
	heads, err := l.Heads()
	if err != nil {
		return err
	}
	for _, r := range heads.Replicas() {
		going := true
		err := l.Entries(r, 1, func(e Entry) bool { going = yield(e); return going })
		if err != nil {
			return fmt.Errorf("oplog: read log %s: %w", r, err)
		}
		if !going {
			return nil
		}
	}
	return nil
}

// Replicas gives the ids of all logs in ascending order.
func (h Heads) Replicas() []ReplicaID {
	ids := make([]ReplicaID, 0, len(h))
	for r := range h {
		ids = append(ids, r)
	}
	slices.SortFunc(ids, func(a, b ReplicaID) int { return strings.Compare(string(a[:]), string(b[:])) })
	return ids
}
