package peer

import (
	"context"
	"fmt"
	"slices"

	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
)

// maxPieces is how many pieces of rules are asked for at a time. What a peer has beyond
// that comes once these are known.
const maxPieces = 64

// maxWeight is how many bytes of rules are kept in mind for that.
const maxWeight = 16 << 20

// pieces gives how many messages carry rules; one at least.
func pieces(r moot.Rules) uint64 {
	return uint64(max(1, (max(len(r.Proofs), len(r.Named), len(r.Unpaired))+maxRules-1)/maxRules))
}

// piece gives the part of rules of a number, as much as one message carries. Beyond the
// last one there is nothing.
func piece(r moot.Rules, number uint64) moot.Rules {
	if number >= pieces(r) {
		return moot.Rules{}
	}
	return moot.Rules{Proofs: part(r.Proofs, number), Named: part(r.Named, number), Unlinked: r.Unlinked, Unpaired: part(r.Unpaired, number)}
}

func part[T any](list []T, number uint64) []T {
	from := min(int(number)*maxRules, len(list))
	return list[from:min(from+maxRules, len(list))]
}

// about gives the first piece of what rules say about some logs.
func about(r moot.Rules, logs []oplog.ReplicaID) moot.Rules {
	out := moot.Rules{Unlinked: r.Unlinked}
	for _, proof := range r.Proofs {
		if at, err := proof.Place(); err == nil && slices.Contains(logs, at.Replica) {
			out.Proofs = append(out.Proofs, proof)
		}
	}
	for _, b := range r.Named {
		if slices.Contains(logs, b.Replica) {
			out.Named = append(out.Named, b)
		}
	}
	for _, u := range r.Unpaired {
		if slices.Contains(logs, u.Replica) {
			out.Unpaired = append(out.Unpaired, u)
		}
	}
	return piece(out, 0)
}

// rules tells each side what the other knows about which entries count. It comes before
// the entries, since it decides which of them can be taken.
func (x *exchange) rules(ctx context.Context) (moved bool, err error) {
	theirs, err := x.told(ctx)
	if err != nil {
		return false, err
	}
	mine := x.side.record.View().Rules
	if mine.Lacks(theirs) {
		news, err := x.side.record.Obey(ctx, theirs)
		if moved = news > 0; err != nil {
			return false, x.ours(err)
		}
	}
	if !theirs.Lacks(mine) {
		return moved, nil
	}
	for number := range pieces(mine) {
		some := piece(mine, number)
		if !theirs.Lacks(some) {
			continue
		}
		p, err := x.call(ctx, Request{Call: CallRules, Rules: &some})
		if moved = moved || p.Taken != nil && p.Taken.New > 0; err != nil {
			return moved, err
		}
	}
	return moved, nil
}

// told fetches the other side's rules.
func (x *exchange) told(ctx context.Context) (moot.Rules, error) {
	all := x.report.Peer.Rules
	for number := range min(x.report.Peer.MoreRules, maxPieces) {
		p, err := x.call(ctx, Request{Call: CallMoreRules, Piece: number + 1})
		if err == nil && p.Rules == nil {
			err = malformed("no rules")
		}
		if err != nil {
			return all, fmt.Errorf("peer: fetch rules: %w", err)
		}
		if all = add(all, *p.Rules); weight(all) > maxWeight {
			break
		}
	}
	return x.side.believed(x.who, all)
}
