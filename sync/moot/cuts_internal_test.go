package moot

import (
	"testing"

	"pgregory.net/rapid"

	"folkmoot/sync/oplog"
)

// Of the acts that stand none is attacked by another, and each that falls is attacked by
// one that stands, or would attack one of an older log that does.
func TestCutsAreDecided(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		small := func(name string, most int) byte { return byte(rapid.IntRange(0, most).Draw(t, name)) }
		c := newCuts()
		for r := byte(1); r <= 4; r++ {
			c.logs[oplog.ReplicaID{r}] = logStart{time: oplog.Time{MS: uint64(small("opened", 1))}}
		}
		for i := range small("acts", 12) {
			act := cutAct{by: splitID{oplog.ReplicaID{1 + small("by", 4)}, uint64(small("number", 9))}, hash: oplog.Hash{i + 1},
				replica: oplog.ReplicaID{1 + small("whom", 4)}, seq: uint64(small("end", 9)), direct: small("direct", 3) > 0}
			if act.by.replica != act.replica {
				c.add(act)
			}
		}
		split := splitID{oplog.ReplicaID{1 + small("split", 4)}, uint64(small("at", 9))}
		acts := c.trials(func(at splitID) bool { return at.replica == split.replica && at.seq >= split.seq })
		steps := 0
		for c.decide(acts) {
			if steps++; steps > 2*len(acts) {
				t.Fatal("it does not come to an end")
			}
		}
		for i, a := range acts {
			if a.stands == a.falls {
				t.Fatalf("act %v is not decided", a.hash[0])
			}
			by := false
			for j, b := range acts {
				by = by || b.stands && (b.attacks(a) || j < i && a.attacks(b))
				if a.stands && b.stands && b.attacks(a) {
					t.Fatalf("act %v stands though %v does", a.hash[0], b.hash[0])
				}
			}
			if a.falls && !by {
				t.Fatalf("act %v falls for nothing", a.hash[0])
			}
		}
	})
}
