package peer

import (
	"slices"

	"folkmoot/sync/oplog"
)

// plan is what two replicas have to do about their logs.
type plan struct {
	pull, push []Range
	// apart are logs of which the two hold different entries, with the number up to which
	// both hold some; at that one they differ.
	apart []Place
}

// headsOf gives heads by log.
func headsOf(list []LogHead) map[oplog.ReplicaID]LogHead {
	heads := make(map[oplog.ReplicaID]LogHead, len(list))
	for _, h := range list {
		heads[h.Replica] = h
	}
	return heads
}

// asked gives the places that have to be asked of the other side before the heads can
// be compared: the end of our log where theirs goes on.
func asked(mine, theirs []LogHead) []Place {
	var out []Place
	other := headsOf(theirs)
	for _, m := range mine {
		if t, ok := other[m.Replica]; ok && t.Seq > m.Seq {
			out = append(out, Place{Replica: m.Replica, Seq: m.Seq})
		}
	}
	return out
}

// compare says what to do. ours gives the short hash of an entry that we hold, told what
// the other side said of the places of asked.
func compare(mine, theirs []LogHead, told map[Place]Short, ours func(Place) (Short, error)) (plan, error) {
	var p plan
	other := headsOf(theirs)
	for _, m := range mine {
		t, ok := other[m.Replica]
		switch {
		case !ok:
			p.push = append(p.push, Range{Replica: m.Replica, From: 1, To: m.Seq})
		case t.Seq > m.Seq:
			if told[Place{Replica: m.Replica, Seq: m.Seq}] != m.Hash {
				p.apart = append(p.apart, Place{Replica: m.Replica, Seq: m.Seq})
			} else {
				p.pull = append(p.pull, Range{Replica: m.Replica, From: m.Seq + 1, To: t.Seq})
			}
		default:
			hash, err := ours(Place{Replica: m.Replica, Seq: t.Seq})
			switch {
			case err != nil:
				return plan{}, err
			case hash != t.Hash:
				p.apart = append(p.apart, Place{Replica: m.Replica, Seq: t.Seq})
			case t.Seq < m.Seq:
				p.push = append(p.push, Range{Replica: m.Replica, From: t.Seq + 1, To: m.Seq})
			}
		}
	}
	for _, t := range theirs {
		if !slices.ContainsFunc(mine, func(m LogHead) bool { return m.Replica == t.Replica }) {
			p.pull = append(p.pull, Range{Replica: t.Replica, From: 1, To: t.Seq})
		}
	}
	return p, nil
}

// cuts gives the numbers to look at between one at which two logs are the same and one
// at which they are not, both left out: as many as one call asks for, evenly spread.
func cuts(same, differ uint64) []uint64 {
	var out []uint64
	between := differ - same - 1
	n := min(between, MaxPlaces)
	for i := range n {
		// between·(i+1)/(n+1) without its overflow
		step := between/(n+1)*(i+1) + between%(n+1)*(i+1)/(n+1)
		at := same + 1 + step
		if n == between {
			at = same + 1 + i
		}
		if at < differ && (len(out) == 0 || at > out[len(out)-1]) {
			out = append(out, at)
		}
	}
	return out
}
