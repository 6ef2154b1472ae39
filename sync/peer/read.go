package peer

import (
	"errors"

	"folkmoot/sync/oplog"
)

// readable is what answers are read from: a replica, or a record at rest.
type readable interface {
	Heads() (oplog.Heads, error)
	Entries(log oplog.ReplicaID, from uint64, yield func(oplog.Entry) bool) error
}

// hashesOf gives the short hashes of places, zero for those that are not held.
func hashesOf(record readable, places []Place) ([]Short, error) {
	out := make([]Short, len(places))
	for i, at := range places {
		err := record.Entries(at.Replica, at.Seq, func(e oplog.Entry) bool {
			if e.Seq == at.Seq {
				out[i] = short(e.Hash())
			}
			return false
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// framesOf gives encoded entries of a range as far as one answer of so many entries and
// bytes goes, and whether there are more of them. on says to go on with the logs that
// come after.
func framesOf(record readable, at Range, on bool, most, bytes int) (frames [][]byte, more bool, err error) {
	heads, err := record.Heads()
	if err != nil {
		return nil, false, err
	}
	out := &answer{frames: most, bytes: bytes}
	for _, r := range heads.Replicas() {
		from, to := uint64(1), uint64(0)
		switch c := string(r[:]); {
		case c == string(at.Replica[:]):
			from, to = at.From, at.To
		case !on || c < string(at.Replica[:]):
			continue
		}
		err := record.Entries(r, from, func(e oplog.Entry) bool { return (to == 0 || e.Seq <= to) && out.add(e) })
		if err = errors.Join(err, out.err); err != nil || out.more {
			return out.list, out.more, err
		}
	}
	return out.list, false, nil
}
