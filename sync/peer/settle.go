package peer

import (
	"context"
	"fmt"
	"slices"

	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
)

// settle finds where a log splits, shows it if that was not known, and gives the side
// that holds another branch than the one named what it lacks.
func (x *exchange) settle(ctx context.Context, at Place) (bool, error) {
	x.report.Forks = append(x.report.Forks, at.Replica)
	seq, theirs, err := x.split(ctx, at)
	if err != nil {
		return false, err
	}
	ours, err := x.side.hashes([]Place{{Replica: at.Replica, Seq: seq}})
	if err != nil {
		return false, fmt.Errorf("peer: %w", err)
	}
	known := func(sp moot.Split) bool {
		has := func(s Short) bool {
			return slices.ContainsFunc(sp.Branches, func(h oplog.Hash) bool { return short(h) == s })
		}
		return sp.Replica == at.Replica && sp.Seq == seq && has(ours[0]) && has(theirs)
	}
	splits := x.side.record.View().Splits
	i := slices.IndexFunc(splits, known)
	if i < 0 {
		return x.pull(ctx, Range{Replica: at.Replica, From: seq, To: seq}) // Receive proves it
	}
	switch named := splits[i].Named; {
	case named == oplog.Hash{}:
		return false, nil
	case short(named) == ours[0]:
		return x.push(ctx, Range{Replica: at.Replica, From: seq})
	case short(named) == theirs:
		return x.pull(ctx, Range{Replica: at.Replica, From: seq})
	}
	return false, nil
}

// split gives the first number at which the two sides hold different entries of a log,
// and the short hash of theirs. At at they do.
func (x *exchange) split(ctx context.Context, at Place) (uint64, Short, error) {
	same, differ := uint64(0), at.Seq
	for {
		seqs := cuts(same, differ)
		last := len(seqs) == 0
		if last {
			seqs = []uint64{differ}
		}
		places := make([]Place, len(seqs))
		for i, seq := range seqs {
			places[i] = Place{Replica: at.Replica, Seq: seq}
		}
		theirs, err := x.hashes(ctx, places)
		if err != nil {
			return 0, Short{}, err
		}
		ours, err := x.side.hashes(places)
		if err != nil {
			return 0, Short{}, fmt.Errorf("peer: %w", err)
		}
		if last {
			return differ, theirs[0], nil
		}
		for i, seq := range seqs {
			if ours[i] != theirs[i] {
				differ = seq
				break
			}
			same = seq
		}
	}
}
