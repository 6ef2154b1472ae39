package peer

import (
	"context"

	"folkmoot/sync/replica"
)

// maxFills is how many ranges of entries without payload one exchange asks for.
const maxFills = 64

// fill asks for the payloads of entries that are held without, where the other side has
// their logs so far and means something else than we. What it has not either, the next
// exchange leaves out for others, so that all of them get their turn.
func (x *exchange) fill(ctx context.Context) (moved bool, err error) {
	theirs := headsOf(x.report.Peer.Heads)
	var lacking []Range
	for _, r := range runs(x.side.record.Bare()) {
		if theirs[r.Replica].Seq >= r.From {
			lacking = append(lacking, r)
		}
	}
	for range min(len(lacking), maxFills) {
		m, err := x.pull(ctx, lacking[x.side.turn.Add(1)%uint64(len(lacking))])
		if moved = moved || m; err != nil {
			return moved, err
		}
	}
	return moved, nil
}

// runs gives places as ranges; those that stand behind each other are one.
func runs(places []replica.Place) []Range {
	var out []Range
	for _, at := range places {
		if n := len(out) - 1; n >= 0 && out[n].Replica == at.Replica && at.Seq-out[n].To <= maxBetween {
			out[n].To = at.Seq
		} else {
			out = append(out, Range{Replica: at.Replica, From: at.Seq, To: at.Seq})
		}
	}
	return out
}

// maxBetween is how far two places may lie apart to be asked for together: what stands
// between them comes along, which costs less than another call.
const maxBetween = 16
