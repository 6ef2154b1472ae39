package replica

import (
	"bytes"
	"cmp"
	"slices"

	"folkmoot/sync/oplog"
)

// Place is an entry's number in a log.
type Place struct {
	Replica oplog.ReplicaID
	Seq     uint64
}

// Bare gives the personal entries that are held without their payload though nobody has
// erased names, by log and number: they came so, from a file that was mailed without its
// key, say. What they say does not count yet; who has them whole can fill them in.
func (r *Replica) Bare() []Place {
	r.mu.RLock()
	defer r.mu.RUnlock()
	places := make([]Place, 0, len(r.bare))
	for at := range r.bare {
		places = append(places, at)
	}
	slices.SortFunc(places, func(a, b Place) int {
		return cmp.Or(bytes.Compare(a.Replica[:], b.Replica[:]), cmp.Compare(a.Seq, b.Seq))
	})
	return places
}

// lack notes that an entry is held without its payload.
func (r *Replica) lack(at Place) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.bare[at] = struct{}{}
}

// fill takes the payload of an entry that is held without. Folding it in late changes
// nothing: a state is made of a set of entries.
func (in *incoming) fill(w *writer, b *batch, own, e oplog.Entry) error {
	if !own.Redacted() || e.Redacted() || w.state.Unlinked() {
		return nil
	}
	i := slices.IndexFunc(b.Entries, func(x oplog.Entry) bool { return x.Replica == e.Replica && x.Seq == e.Seq })
	switch {
	case i >= 0:
		b.Entries[i] = e
	case !slices.ContainsFunc(b.Filled, func(x oplog.Entry) bool { return x.Replica == e.Replica && x.Seq == e.Seq }):
		b.Filled = append(b.Filled, e)
	default:
		return nil
	}
	w.personal = true
	in.out.Filled++
	in.replica.mu.Lock()
	delete(in.replica.bare, Place{e.Replica, e.Seq}) // where the commit fails, it is read again
	in.replica.mu.Unlock()
	return w.state.Apply(e)
}
