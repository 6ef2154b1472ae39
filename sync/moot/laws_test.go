package moot_test

import (
	"bytes"
	"cmp"
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
)

// history draws a session of two hubs whose clocks are hours apart and that meet
// now and then: acts of every kind by few people on few things, so that they meet
// in the same cells; acts that replace what was or was not seen; items sent to
// both; kinds of a newer program; names that were erased.
func history(t *rapid.T) []oplog.Entry {
	hubs := []*hub{newHub(1), newHub(2)}
	hubs[1].Now += uint64(rapid.Int64Range(-24*3_600_000, 24*3_600_000).Draw(t, "clock"))
	var cids []oplog.ItemID
	for range rapid.IntRange(1, 40).Draw(t, "acts") {
		h := hubs[rapid.IntRange(0, 1).Draw(t, "hub")]
		h.Now += rapid.Uint64Range(0, 2).Draw(t, "pause") * 1000
		cid := h.CID()
		act := drawAct(t, cids)
		if s, ok := act.(*moot.NewStatement); ok {
			cid = oplog.ItemID{byte(s.Row)} // so that votes and moderation find it
			s.Row %= 2
		}
		cids = append(cids, cid)
		h.send(cid, act)
		if rapid.IntRange(0, 5).Draw(t, "both") == 0 {
			hubs[0].send(cid, act)
			hubs[1].send(cid, act)
		}
		if rapid.IntRange(0, 9).Draw(t, "newer") == 0 {
			h.take(h.Say(oplog.Public, "of a newer program"))
		}
	}
	all := append(hubs[0].log, hubs[1].log...)
	for i, e := range all {
		if e.Class == oplog.Personal && rapid.IntRange(0, 4).Draw(t, "erase") == 0 {
			all[i] = e.Redact()
		}
	}
	return all
}

func drawAct(t *rapid.T, cids []oplog.ItemID) moot.Payload {
	small := func(name string, most int) int { return rapid.IntRange(0, most).Draw(t, name) }
	who, what, rev := pid(byte(1+small("person", 2))), moot.StatementID{byte(1 + small("statement", 2))}, uint64(1+small("rev", 3))
	word := fmt.Sprint("v", small("value", 2))
	var replaces []oplog.ItemID
	for range small("replaces", 2) {
		if len(cids) > 0 {
			replaces = append(replaces, cids[small("which", len(cids)-1)])
		}
	}
	switch small("kind", 11) {
	case 0:
		return &moot.SetField{Field: moot.Title, Value: word, Rev: rev}
	case 1:
		return &moot.SetPerson{Person: who, Field: moot.PersonName, Value: word, Rev: rev}
	case 2:
		return &moot.SetPresence{Person: who, In: small("in", 1) == 1, Rev: rev, At: uint64(small("at", 3))}
	case 3:
		return &moot.SetAnswer{Person: who, Question: moot.FirstQuestion, Value: small("answer", 5), Rev: rev}
	case 4:
		return &moot.StepAct{Step: moot.StepID(fmt.Sprint("s", small("step", 1))), StepKind: moot.StepOpinion, Do: word, Open: small("open", 1) == 1, Started: 1, Replaces: replaces}
	case 5:
		return &moot.Moderation{Statement: what, Standing: moot.Standing(small("standing", 3)), Reason: word, Replaces: replaces}
	case 6:
		n := &moot.NewStatement{Text: word, Lang: []string{"en", "zh-Hant"}[small("lang", 1)], Standing: moot.Approved, Src: moot.FromPhone, Row: 1 + small("id", 2)}
		if small("pair", 3) == 0 {
			n.Pair = what
		}
		return n
	case 8:
		return &moot.VoidBadge{Number: 1 + small("badge", 2), At: uint64(small("at", 3))}
	case 7:
		return &moot.NewPlan{Round: 1 + small("round", 1), Tables: [][]moot.ParticipantID{{who}}, Made: uint64(small("made", 2))}
	}
	return &moot.SetVote{Person: who, Statement: what, Value: moot.Vote(small("vote", 3)), Rev: rev, Src: moot.FromPhone, Open: small("late", 4) > 0}
}

// I4 and I7: whatever the order in which entries come, however often, and whether
// or not somebody looks at the state in between, the same set gives the same state.
func TestStateIsAFunctionOfTheSet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		entries := history(t)
		want := stateOf(entries...).View()

		again := rapid.SliceOf(rapid.SampledFrom(entries)).Draw(t, "again")
		mixed := rapid.Permutation(append(entries, again...)).Draw(t, "order")
		state := moot.NewState(session)
		for i, e := range mixed {
			if err := state.Apply(e); err != nil {
				t.Fatal(err)
			}
			if i%3 == 0 {
				state.View()
			}
		}
		got := state.View()
		if got.Digest() != want.Digest() || got.Votes != want.Votes || got.Unknown != want.Unknown || got.PeopleCount() != want.PeopleCount() || got.Here() != want.Here() {
			t.Fatalf("another order gave another state:\n got %s, %d votes, %d unknown\nwant %s, %d votes, %d unknown",
				got.Digest(), got.Votes, got.Unknown, want.Digest(), want.Votes, want.Unknown)
		}
	})
}

// The state of a and b together does not depend on who is told by whom.
func TestMergeIsCommutativeAndAssociative(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		entries := history(t)
		var parts [3][]oplog.Entry
		for _, e := range entries {
			i := rapid.IntRange(0, 2).Draw(t, "part")
			parts[i] = append(parts[i], e)
		}
		a, b, c := parts[0], parts[1], parts[2]
		join := func(parts ...[]oplog.Entry) string {
			var all []oplog.Entry
			for _, p := range parts {
				all = append(all, p...)
			}
			return stateOf(all...).View().Digest()
		}
		want := join(a, b, c)
		for name, got := range map[string]string{"b a c": join(b, a, c), "c b a": join(c, b, a), "b c a": join(b, c, a), "a a b c b": join(a, a, b, c, b)} {
			if got != want {
				t.Fatalf("%s gave another state than a b c", name)
			}
		}
	})
}

// The running counts are those that a recount from the record gives.
func TestVotesEqualRecount(t *testing.T) {
	type key struct {
		p moot.ParticipantID
		s moot.StatementID
	}
	type writing struct {
		*moot.SetVote
		e oplog.Entry
	}
	newer := func(a, b writing) bool {
		return cmp.Or(cmp.Compare(a.Rev, b.Rev), cmp.Compare(a.e.Time.MS, b.e.Time.MS), cmp.Compare(a.e.Time.Counter, b.e.Time.Counter),
			bytes.Compare(a.e.Replica[:], b.e.Replica[:])) > 0
	}
	rapid.Check(t, func(t *rapid.T) {
		entries := history(t)
		there := map[moot.StatementID]bool{}
		cells := map[key]writing{}
		for _, e := range entries {
			p, err := moot.Decode(e.Kind, e.Schema, e.Payload)
			if err != nil {
				continue // first, newer and erased entries
			}
			switch p := p.(type) {
			case *moot.NewStatement:
				there[moot.StatementID(e.CID)] = true
			case *moot.SetVote:
				k, w := key{p.Person, p.Statement}, writing{p, e}
				if old, ok := cells[k]; p.Open && (!ok || newer(w, old)) {
					cells[k] = w
				}
			}
		}
		all, byPerson := 0, map[moot.ParticipantID]int{}
		view := stateOf(entries...).View()
		for k, w := range cells {
			if got := view.Person(k.p).Vote(k.s); got.Value != w.Value || got.Stamp.Rev != w.Rev {
				t.Fatalf("vote %+v stands, want %s of revision %d", got, w.Value, w.Rev)
			}
			if w.Value != moot.None && there[k.s] {
				all++
				byPerson[k.p]++
			}
		}
		if view.Votes != all {
			t.Fatalf("%d votes, a recount gives %d", view.Votes, all)
		}
		for _, p := range view.People() {
			if p.Counted() != byPerson[p.ID] {
				t.Fatalf("%d votes of one person, a recount gives %d", p.Counted(), byPerson[p.ID])
			}
		}
	})
}

// A View stays as it was, whatever comes after it.
func TestViewsNeverChange(t *testing.T) {
	type taken struct {
		view                 *moot.View
		digest               string
		votes, unknown, here int
	}
	rapid.Check(t, func(t *rapid.T) {
		state := moot.NewState(session)
		var views []taken
		for _, e := range history(t) {
			if err := state.Apply(e); err != nil {
				t.Fatal(err)
			}
			if rapid.Bool().Draw(t, "look") {
				v := state.View()
				views = append(views, taken{v, v.Digest(), v.Votes, v.Unknown, v.Here()})
			}
		}
		for i, old := range views {
			if v := old.view; v.Digest() != old.digest || v.Votes != old.votes || v.Unknown != old.unknown || v.Here() != old.here {
				t.Fatalf("view %d of %d changed after it was given", i+1, len(views))
			}
		}
	})
}
