package simtest

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"

	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
	"folkmoot/sync/replica"
)

// do lets the host of a node do something; what is not known to be saved is tried again.
func (w *world) do(n *node, payload moot.Payload) error {
	item := moot.Item{CID: w.cid(), Payload: payload}
	for range 2 {
		out, err := n.record.Do(context.Background(), item)
		if errors.Is(err, replica.ErrAgain) {
			continue
		}
		if err != nil {
			return fmt.Errorf("host at node %d: %w", n.number, err)
		}
		if out[0].Refusal == nil && out[0].Stale == nil {
			w.saved[item.CID] = true
		}
		return nil
	}
	return nil
}

// host does one of the things that hosts do, with what the node's view shows.
func (w *world) host(n *node, random *rand.Rand) error {
	view := n.record.View()
	switch random.IntN(6) {
	case 0:
		w.texts++
		return w.do(n, &moot.NewStatement{Text: fmt.Sprintf("seed %d", w.texts), Lang: "en", Standing: moot.Approved, Seed: true, Src: moot.FromHost, Made: uint64(n.now().UnixMilli())})
	case 1, 2:
		if len(view.Statements) == 0 {
			return nil
		}
		s := view.Statements[random.IntN(len(view.Statements))]
		return w.do(n, &moot.Moderation{Statement: s.ID, Standing: moot.Standing(1 + random.IntN(3)), Reason: "why", Replaces: s.Heads})
	case 3:
		act := &moot.StepAct{Step: "opinion", Do: "start", Open: random.IntN(4) > 0, Started: 1, Order: 1, StepKind: moot.StepOpinion, At: uint64(n.now().UnixMilli())}
		if step := view.Step("opinion"); step != nil {
			act.Replaces = step.Heads
		}
		return w.do(n, act)
	case 4:
		return w.do(n, &moot.SetField{Field: moot.Title, Value: fmt.Sprint("title ", random.IntN(9)), Rev: view.Session.Rev(moot.Title) + 1})
	}
	plan := &moot.NewPlan{Round: 1, Mode: "mix", Min: 1, Max: 9, Made: uint64(n.now().UnixMilli())}
	var table []moot.ParticipantID
	for _, p := range view.People() {
		table = append(table, p.ID)
	}
	plan.Tables = [][]moot.ParticipantID{table}
	return w.do(n, plan)
}

// name names a branch of the first split log of which none is, or another than before.
func (w *world) name(n *node, random *rand.Rand) error {
	splits := n.record.View().Splits
	if len(splits) == 0 {
		return nil
	}
	sp := splits[random.IntN(len(splits))]
	return w.do(n, &moot.Branch{Replica: sp.Replica, Seq: sp.Seq, Hash: sp.Branches[random.IntN(len(sp.Branches))], Rev: sp.Rev + 1})
}

// forgive takes note of what was lost with a disk that went back to an older copy:
// whatever nobody else holds.
func (w *world) forgive(n *node, before map[oplog.ItemID]bool) error {
	for cid, by := range w.kept {
		if by == n {
			delete(w.kept, cid) // the copy that was to stand in for another went
		}
	}
	for _, other := range w.nodes {
		for cid := range other.cids() {
			delete(before, cid)
		}
	}
	for cid := range before {
		if by := w.kept[cid]; by != nil {
			return fmt.Errorf("I1: item %s was called saved with node %d following, and went with node %d", cid, by.number, n.number)
		}
		w.lost[cid] = true
	}
	return nil
}
