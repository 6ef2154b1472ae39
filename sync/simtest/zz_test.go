package simtest

import (
"context"
"folkmoot/sync/peer"
	"fmt"
	"testing"
)

func TestZZ(t *testing.T) {
	ev, err := Parse(`        send person 2 to 1 #d1e663e2e42b
        clone 5 6 #6d73b0d36c2f
        send person 0 to 7 #b635decb2f02
`)
	if err != nil {
		t.Fatal(err)
	}
	dbg = func(w *world) {
	{ a, _ := w.nodes[0].side.Answer(context.Background(), "x", peer.Request{Protocol:1, Session: w.session, Call: peer.CallEntries, Range: &peer.Range{Replica: w.nodes[2].record.Own(), From:4, To:5}})
	got, err := w.nodes[2].record.Receive(context.Background(), a.Frames); fmt.Println("RECEIVE", got.New, got.Gaps, got.Bad, got.Held, err)
	for _, b := range w.nodes[2].memory.Bad() { fmt.Println("bad", b.Why) } }
	for _, n := range w.nodes { h, _ := n.record.Heads(); d, _ := n.disk().Heads(); for r := range h { fmt.Println(n.number, r.String()[:4], h[r].Seq, d[r].Seq) }
	fr, err := n.side.Answer(context.Background(), "x", peer.Request{Protocol:1, Session: w.session, Call: peer.CallEntries, Range: &peer.Range{Replica: w.nodes[2].record.Own(), From:4, To:5}}); fmt.Println(len(fr.Frames), err) }
		for i, a := range w.nodes {
			for j, b := range w.nodes {
				if i != j {
					rep, err := a.side.Exchange(context.Background(), direct(b))
					fmt.Println(i, j, rep.Pulled, rep.Pushed, rep.Bad, rep.Forks, rep.Same, err)
				}
			}
		}
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
	fmt.Println(Run(287, ev))
}
