package moot_test

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
)

// hostActs are one of each act that leads a session.
func hostActs(w twins, of *hub) map[string]moot.Payload {
	return map[string]moot.Payload{
		"session":    &moot.SetField{Field: moot.Title, Value: "mine", Rev: 9},
		"step":       &moot.StepAct{Step: "s", StepKind: moot.StepOpinion, Open: true, Started: 1},
		"moderation": &moot.Moderation{Statement: moot.StatementID(of.log[1].CID), Standing: moot.Removed},
		"plan":       &moot.NewPlan{Round: 1, Tables: [][]moot.ParticipantID{{pid(1)}}, Made: 1},
		"branch":     w.branch(1, 9),
		"unlink":     &moot.Unlink{At: 1},
		"unpair":     &moot.Unpair{Replica: of.Replica(), Seq: 1, At: 1},
		"badge_void": &moot.VoidBadge{Number: 3, At: 1},
		"source":     &moot.SetPerson{Person: pid(1), Field: moot.PersonSource, Value: string(moot.Imported), Rev: 9},
		"imported":   &moot.SetVote{Person: pid(1), Statement: moot.StatementID(of.log[1].CID), Value: moot.Agree, Rev: 9, Src: moot.Imported, Open: true},
		"by host":    &moot.NewStatement{Text: "approved", Lang: "en", Standing: moot.Approved, Src: moot.FromHost},
	}
}

// A tablet leads nothing: of each act of a facilitator the state is the same as without it.
// The same acts of a laptop change it.
func TestTabletLeadsNothing(t *testing.T) {
	w, hub := newTwins(2), openedAt(40, 0)
	hub.say("stands")
	hub.person(1)
	hub.put(&moot.SetPerson{Person: pid(1), Field: moot.PersonName, Value: "小明", Rev: 1})
	hub.put(w.fork(0, 1))
	hub.put(w.branch(0, 1))
	for name, act := range hostActs(w, hub) {
		tablet, laptop := openTablet(51), openedAt(52, 0)
		tablet.put(act)
		laptop.put(act)
		rest := slices.Concat(hub.log, w.common, w.branches[0])
		without := folded(t, rest, tablet.log[:1]).View()
		with := folded(t, rest, tablet.log).View()
		if with.Digest() != without.Digest() || !slices.Equal(with.Unpaired(), without.Unpaired()) || with.Unlinked || with.BadgeVoided(3) {
			t.Errorf("%s of a tablet changed the state", name)
		}
		if counts := with.Counting(); counts(tablet.log[1]) || !counts(tablet.log[0]) {
			t.Errorf("%s of a tablet counts", name)
		}
		if led := folded(t, rest, laptop.log).View(); led.Digest() == without.Digest() && !led.BadgeVoided(3) {
			t.Errorf("%s of a laptop changed nothing: the test shows nothing", name)
		}
		// Nor is it passed on as somebody else's word.
		if news := folded(t, rest).News(with.Rules); len(news) > 0 {
			t.Errorf("%s of a tablet is told on: %T", name, news[0])
		}
	}
}

// What people do on a tablet counts, and what speaks for itself.
func TestTabletCounts(t *testing.T) {
	hub, tablet, w := openedAt(40, 0), openTablet(51), newTwins(2)
	hub.say("stands")
	who := tablet.person(1)
	at := moot.StatementID(hub.log[1].CID)
	tablet.put(&moot.SetVote{Person: who, Statement: at, Value: moot.Agree, Rev: 1, Src: moot.FromTablet, Open: true})
	tablet.put(&moot.SetAnswer{Person: who, Question: moot.FirstQuestion, Value: 2, Rev: 1})
	tablet.put(&moot.SetPresence{Person: who, In: true, Rev: 1, At: 5})
	tablet.put(&moot.NewStatement{Text: "Benches.", Lang: "en", Src: moot.FromTablet})
	tablet.put(w.fork(0, 1))
	v := folded(t, hub.log, tablet.log, w.common, w.branches[0]).View()
	if v.Votes != 1 || len(v.Statements) != 4 || len(v.Splits) != 1 || v.Here() != 1 {
		t.Errorf("%d votes, %d statements, %d splits, %d here", v.Votes, len(v.Statements), len(v.Splits), v.Here())
	}
}

// A tablet passes on that a laptop unpaired somebody, but makes up no laptop that did.
func TestTabletPassesOn(t *testing.T) {
	c := crew(3)
	hub, other, stranger := c[0], c[1], c[2]
	tablet := openTablet(51)
	real, made := hub.unpair(other, 2), stranger.unpair(hub, 1)
	tablet.put(said(t, hub, real))
	tablet.put(said(t, stranger, made))
	wantEnds(t, "the hub's log up to before", folded(t, hub.log[:3], other.log, tablet.log).View(), "- 2", hub, other)
	wantEnds(t, "no hub's log", folded(t, other.log, tablet.log).View(), "- -", hub, other)
	laptop := openedAt(60, 0)
	laptop.put(said(t, hub, real))
	wantEnds(t, "a laptop passes it on", folded(t, other.log, tablet.log, laptop.log).View(), "- 2", hub, other)
}

// I4 with tablets that say what they have no say in: the state is a function of the set, and
// the same as without those acts.
func TestTabletPowersAreAFunctionOfTheSet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, hub, tablet := newTwins(2), openedAt(40, 0), openTablet(51)
		hub.say("stands")
		hub.put(w.fork(0, 1))
		var mute []oplog.Entry // the tablet's log without what leads
		mute = append(mute, tablet.log[0])
		for range rapid.IntRange(1, 8).Draw(t, "acts") {
			by := rapid.SampledFrom([]string{"hub", "tablet", "people"}).Draw(t, "who")
			led := hostActs(w, hub)
			names := []string{"session", "step", "moderation", "plan", "branch", "unlink", "badge_void", "source", "imported", "by host", "unpair"}
			if by == "hub" { // nobody unpairs themselves
				names = names[:len(names)-1]
			}
			switch name := rapid.SampledFrom(names).Draw(t, "act"); by {
			case "hub":
				hub.put(led[name])
			case "tablet":
				tablet.put(led[name])
			default:
				mute = append(mute, tablet.put(&moot.NewStatement{Text: fmt.Sprint("of people ", len(tablet.log)), Lang: "en", Src: moot.FromTablet}))
			}
		}
		rest := slices.Concat(hub.log, w.common, w.branches[0])
		all := slices.Concat(rest, tablet.log)
		want := foldAll(t, slices.Concat(rest, mute))
		mixed := rapid.Permutation(slices.Clone(all)).Draw(t, "order")
		for name, got := range map[string]*moot.View{"in order": foldAll(t, all), "mixed": foldAll(t, mixed), "one by one": stepwise(t, mixed)} {
			if got.Digest() != want.Digest() || len(got.Unpaired()) != len(want.Unpaired()) || got.Rules.Lacks(want.Rules) || want.Rules.Lacks(got.Rules) {
				t.Fatalf("%s: another state than without the tablet's acts", name)
			}
		}
	})
}
