package simtest

import (
	"fmt"
	"testing"
)

func TestZZ(t *testing.T) {
	ev, err := Parse(`send person 1 to 4 #b6a9d145ade8
        fail disk of 6 2 #d6040e29910a
        clone 1 4 #3f0c5c615925
        meet 0 and 5 #6c8dfb2161ce`)
	if err != nil {
		t.Fatal(err)
	}
	dbg = func(w *world) {
		for _, n := range w.nodes {
			fmt.Println("node", n.number, n.record.Own().String()[:4], n.record.View().Digest()[:6])
			for _, sp := range n.record.View().Splits {
				fmt.Println("  split", sp.Replica.String()[:4], sp.Seq, "named", sp.Named.String()[:4], "held", sp.Held.String()[:4])
			}
		}
		for i, l := range w.logs() {
			for r, log := range l {
				for _, e := range log {
					fmt.Println(i, r.String()[:4], e.Seq, e.Kind, e.CID.String()[14:], e.Hash().String()[:4])
				}
			}
		}
	}
	fmt.Println(Run(111, ev))
}
