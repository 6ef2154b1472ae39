package moot_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
)

func TestSetVoteCheck(t *testing.T) {
	h := newHub(1)
	h.person(1)
	open, waiting, hidden := h.statement("A", moot.Approved), h.statement("B", moot.Pending), h.statement("C", moot.Approved)
	h.put(&moot.Moderation{Statement: hidden, Standing: moot.Hidden})
	h.vote(pid(1), open, moot.Pass, 10)
	vote := func(s moot.StatementID, v moot.Vote) *moot.SetVote {
		return &moot.SetVote{Person: pid(1), Statement: s, Value: v, Rev: 11, Src: moot.FromPhone, Open: true}
	}
	imported := vote(waiting, moot.Agree)
	imported.Src = moot.Imported
	runChecks(t, h.state, []checkCase{
		{"agree", vote(open, moot.Agree), "", 0},
		{"taken back", vote(open, moot.None), "", 0},
		{"on a hidden one", vote(hidden, moot.Agree), "", 0},
		{"on one that waits", vote(waiting, moot.Agree), moot.UnknownStatement, 0},
		{"imported, on one that waits", imported, "", 0},
		{"on none", vote(moot.StatementID{9}, moot.Agree), moot.UnknownStatement, 0},
		{"below", vote(open, -1), moot.BadValue, 0},
		{"above", vote(open, 4), moot.BadValue, 0},
		{"by nobody", &moot.SetVote{Person: pid(2), Statement: open, Value: moot.Agree, Rev: 1}, moot.UnknownPerson, 0},
		{"a revision too large", &moot.SetVote{Person: pid(1), Statement: open, Value: moot.Agree, Rev: moot.MaxRev}, moot.BadRev, 0},
	})
	older := vote(open, moot.Agree)
	older.Rev = 10
	wantOld(t, h.state, older, 10, "pass")
	older.Open = false
	runChecks(t, h.state, []checkCase{{"a late vote has a cell of its own", older, "", 0}})
	h.put(older)
	wantOld(t, h.state, older, 10, "agree")
	older.Src, older.Open = moot.Imported, true
	runChecks(t, h.state, []checkCase{{"every row of a source is kept", older, "", 0}})
}

// The newest by (revision, time, replica) stands; in one log also the later number.
func TestVoteCell(t *testing.T) {
	small, large := newHub(1), newHub(2)
	if string(idOf(small)) > string(idOf(large)) {
		small, large = large, small
	}
	type writing struct {
		hub   *hub
		rev   uint64
		ahead uint64
		value moot.Vote
	}
	for _, c := range []struct {
		name     string
		writings []writing
		want     moot.Vote
	}{
		{"the higher revision", []writing{{small, 2, 0, moot.Agree}, {large, 1, 0, moot.Disagree}}, moot.Agree},
		{"though its clock is behind", []writing{{small, 2, 0, moot.Agree}, {large, 1, 7_200_000, moot.Disagree}}, moot.Agree},
		{"then the later time", []writing{{small, 1, 50, moot.Agree}, {large, 1, 0, moot.Disagree}}, moot.Agree},
		{"then the larger replica", []writing{{small, 1, 0, moot.Agree}, {large, 1, 0, moot.Disagree}}, moot.Disagree},
		{"within one log the later entry", []writing{{small, 1, 0, moot.Agree}, {small, 1, 0, moot.Pass}}, moot.Pass},
	} {
		var entries []oplog.Entry
		for _, w := range c.writings {
			p := w.hub
			p.Now += w.ahead
			e := p.vote(pid(1), moot.StatementID{1}, w.value, w.rev)
			e.Time = oplog.Time{MS: 1000 + w.ahead} // as if nothing had come before it
			p.Now -= w.ahead
			entries = append(entries, e)
		}
		for _, order := range [][]oplog.Entry{entries, {entries[1], entries[0]}, {entries[0], entries[1], entries[0]}} {
			if got := stateOf(order...).View().Person(pid(1)).Vote(moot.StatementID{1}).Value; got != c.want {
				t.Errorf("%s: %s, want %s", c.name, got, c.want)
			}
		}
	}
}

func idOf(h *hub) []byte { r := h.Replica(); return r[:] }

func TestVotesAreCounted(t *testing.T) {
	h := newHub(1)
	p, q := h.person(1), h.person(2)
	s, early := h.statement("A", moot.Approved), moot.StatementID{5}
	count := func(name string, all, mine int) {
		t.Helper()
		if v := met(t, h); v.Votes != all || v.Person(p).Counted() != mine {
			t.Errorf("%s: %d votes, %d of them of one person; want %d and %d", name, v.Votes, v.Person(p).Counted(), all, mine)
		}
	}
	h.vote(p, s, moot.Agree, 1)
	count("one", 1, 1)
	h.vote(p, s, moot.Disagree, 2)
	count("another mind", 1, 1)
	h.vote(q, s, moot.Pass, 1)
	count("a pass counts", 2, 1)
	h.vote(p, s, moot.None, 3)
	count("taken back", 1, 0)
	if cell := h.view().Person(p).Vote(s); cell.Value != moot.None || cell.Stamp.Rev != 3 {
		t.Errorf("taken back: %+v", cell)
	}
	h.vote(p, s, moot.None, 4)
	count("twice", 1, 0)
	h.vote(p, early, moot.Agree, 1)
	h.vote(q, early, moot.None, 1)
	count("before the statement came", 1, 0)
	h.send(oplog.ItemID(early), &moot.NewStatement{Text: "B", Lang: "en", Standing: moot.Approved, Src: moot.FromHost})
	count("and with it", 2, 1)
	h.put(&moot.Moderation{Statement: s, Standing: moot.Hidden})
	count("hidden ones were cast all the same", 2, 1)
}

func TestLateVotes(t *testing.T) {
	h := newHub(1)
	p, s := h.person(1), h.statement("A", moot.Approved)
	h.vote(p, s, moot.Agree, 1)
	late := h.put(&moot.SetVote{Person: p, Statement: s, Value: moot.Disagree, Rev: 2, Src: moot.FromPhone})
	v := met(t, h)
	if got := v.Person(p); got.Vote(s).Value != moot.Agree || got.Late()[s].Value != moot.Disagree || v.Votes != 1 || got.Counted() != 1 || len(got.Votes()) != 1 {
		t.Errorf("counted %v, late %v, %d votes", got.Votes(), got.Late(), v.Votes)
	}
	if out := moot.ReceiptOf(late).Outcome(); !out.Late || out.Receipt != fmt.Sprintf("%s-%d", h.Replica().String()[:8], late.Seq) {
		t.Errorf("outcome %+v", out)
	}
}

// I6: one item sent to several hubs, to some of them again and again, counts once.
func TestOneItemInTwoLogs(t *testing.T) {
	a, b := newHub(1), newHub(2)
	p, s := a.person(1), a.statement("A", moot.Approved)
	vote := &moot.SetVote{Person: p, Statement: s, Value: moot.Agree, Rev: 5, Src: moot.FromPhone, Open: true}
	for _, h := range []*hub{a, b, a} {
		h.send(oplog.ItemID{3}, vote)
	}
	if v := met(t, a, b); v.Votes != 1 || v.Person(p).Counted() != 1 {
		t.Errorf("%d votes", v.Votes)
	}
	x, y := moot.ReceiptOf(a.log[len(a.log)-2]), moot.ReceiptOf(a.log[len(a.log)-1])
	if !x.Before(y) || y.Before(x) || x.Before(x) {
		t.Errorf("of %+v and %+v in one log the first is the item's receipt", x, y)
	}
	z := moot.ReceiptOf(b.log[len(b.log)-1])
	if x.Before(z) == z.Before(x) {
		t.Errorf("of %+v and %+v in two logs one must be the item's receipt", x, z)
	}
}

// I5: a person's last answer wins, though the phone moves between hubs whose clocks
// are hours apart and that have not met, and its page knows nothing at each move.
func TestPhoneMovesBetweenHubs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		hubs := []*hub{newHub(1), newHub(2)}
		hubs[1].Now += uint64(rapid.Int64Range(-3_600_000, 3_600_000).Draw(t, "clock"))
		phone := uint64(1_790_000_000_000)
		at, known := 0, uint64(0)
		want := moot.None
		for range rapid.IntRange(1, 12).Draw(t, "taps") {
			phone += rapid.Uint64Range(0, 60_000).Draw(t, "pause") + 1
			for _, h := range hubs {
				h.Now += 5
			}
			if rapid.Bool().Draw(t, "move") {
				at, known = 1-at, 0
			}
			known = max(known+1, phone)
			want = moot.Vote(rapid.IntRange(0, 3).Draw(t, "vote"))
			hubs[at].vote(pid(1), moot.StatementID{1}, want, known)
		}
		entries := rapid.Permutation(append(hubs[0].log, hubs[1].log...)).Draw(t, "order")
		if got := stateOf(entries...).View().Person(pid(1)).Vote(moot.StatementID{1}).Value; got != want {
			t.Fatalf("%s stands, the last tap was %s", got, want)
		}
	})
}

func TestVoteNames(t *testing.T) {
	signs := map[moot.Vote]int{moot.None: 0, moot.Agree: 1, moot.Disagree: -1, moot.Pass: 0}
	for v, sign := range signs {
		if got, ok := moot.ParseVote(v.String()); !ok || got != v || v.Sign() != sign {
			t.Errorf("%s reads as %v, %t, sign %d", v, got, ok, v.Sign())
		}
	}
	if _, ok := moot.ParseVote("maybe"); ok {
		t.Error("an unknown vote was read")
	}
}
