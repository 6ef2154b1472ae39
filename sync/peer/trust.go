package peer

import (
	"context"
	"slices"

	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
	"folkmoot/sync/replica"
)

// Trust says whom a Side believes. What a laptop of the session says about others is
// believed; a participants' tablet brings entries and proofs, which speak for themselves.
type Trust struct {
	// Tablet says whether a peer, by the name of its calls, is a participants' tablet;
	// nil: none is.
	Tablet func(who string) bool
	// Admit says whether a tablet may bring a log of which nothing is held, by the log's
	// first entry and with what is held; nil admits all. The record's writer waits for it.
	Admit func(who string, first oplog.Entry, held oplog.Heads) bool
}

// SetTrust says whom to believe. It comes before the first call; without it all are.
func (s *Side) SetTrust(t Trust) { s.trust = t }

func (s *Side) tablet(who string) bool { return s.trust.Tablet != nil && s.trust.Tablet(who) }

// Receive takes entries that a peer brought. Errors: those of replica.Receive.
func (s *Side) Receive(ctx context.Context, who string, frames [][]byte) (replica.Received, error) {
	if !s.tablet(who) || s.trust.Admit == nil {
		return s.record.Receive(ctx, frames)
	}
	return s.record.ReceiveOnly(ctx, frames, func(first oplog.Entry, held oplog.Heads) bool { return s.trust.Admit(who, first, held) })
}

// maxForks is how many branches of one log are heard of from a tablet. Who has the log's
// key could make more without end.
const maxForks = 8

// believed gives what of a peer's rules is heard: of a tablet's only proofs, about logs
// that are held here.
func (s *Side) believed(who string, told moot.Rules) (moot.Rules, error) {
	if !s.tablet(who) {
		return told, nil
	}
	heads, err := s.record.Heads()
	if err != nil {
		return moot.Rules{}, err
	}
	known := map[oplog.ReplicaID]int{}
	for _, sp := range s.record.View().Splits {
		known[sp.Replica] += len(sp.Branches)
	}
	var out moot.Rules
	for _, proof := range told.Proofs {
		at, err := proof.Place()
		if _, held := heads[at.Replica]; err == nil && held && known[at.Replica] < maxForks {
			known[at.Replica]++
			out.Proofs = append(out.Proofs, proof)
		}
	}
	return out, nil
}

// obey takes what a peer knows about which entries count, as far as it is believed.
func (s *Side) obey(ctx context.Context, who string, told moot.Rules) (int, error) {
	heard, err := s.believed(who, told)
	if err != nil {
		return 0, err
	}
	return s.record.Obey(ctx, heard)
}

// weight gives about how many bytes rules take.
func weight(r moot.Rules) int {
	n := 100 * (len(r.Proofs) + len(r.Named) + len(r.Unpaired))
	for _, p := range r.Proofs {
		n += len(p.Key) + len(p.One.Header) + len(p.One.Sig) + len(p.Other.Header) + len(p.Other.Sig)
	}
	for _, u := range r.Unpaired {
		if u.Said != nil {
			n += len(u.Said.Key) + len(u.Said.Entry)
		}
	}
	return n
}

// add puts rules together.
func add(a, b moot.Rules) moot.Rules {
	return moot.Rules{Proofs: append(slices.Clip(a.Proofs), b.Proofs...), Named: append(slices.Clip(a.Named), b.Named...),
		Unpaired: append(slices.Clip(a.Unpaired), b.Unpaired...), Unlinked: a.Unlinked || b.Unlinked}
}
