package moot_test

import (
	"sync"
	"testing"

	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
)

func TestViewIsTheSameAsLongAsNothingChanges(t *testing.T) {
	h := newHub(1)
	p, s := h.person(1), h.statement("A", moot.Approved)
	first := h.view()
	if h.view() != first {
		t.Error("another View although nothing had come")
	}
	h.vote(p, s, moot.Agree, 1)
	second := h.view()
	if second.Version == first.Version || second.Shape != first.Shape {
		t.Errorf("after a vote: version %d → %d, shape %d → %d", first.Version, second.Version, first.Shape, second.Shape)
	}
	h.statement("B", moot.Approved)
	if third := h.view(); third.Version == second.Version || third.Shape == second.Shape {
		t.Error("after a statement neither version nor shape may stay")
	}
}

func TestUnknownKindsAreCounted(t *testing.T) {
	h := newHub(1)
	h.person(1)
	before := h.view()
	kind := h.Say(oplog.Public, "of a newer program")
	schema := h.Write(oplog.Draft{CID: h.CID(), Kind: "vote", Schema: moot.Schema + 1, Payload: []byte{0xa0}})
	for _, e := range []oplog.Entry{kind, schema, kind} {
		h.take(e)
	}
	v := h.view()
	if v.Unknown != 2 || v.Version == before.Version {
		t.Errorf("%d unknown entries, want 2", v.Unknown)
	}
	if v.Digest() != before.Digest() {
		t.Error("entries that nobody understands changed the state")
	}
}

func TestDigest(t *testing.T) {
	a := newHub(1)
	p, s := a.person(1), a.statement("A", moot.Approved)
	base := a.view().Digest()
	if len(base) != 64 || base != stateOf(a.log...).View().Digest() {
		t.Errorf("digest %q", base)
	}
	seen := map[string]string{base: "nothing"}
	for _, c := range []struct {
		name string
		act  moot.Payload
	}{
		{"a field", &moot.SetField{Field: moot.Title, Value: "x", Rev: 1}},
		{"the same value of another revision", &moot.SetField{Field: moot.Title, Value: "x", Rev: 2}},
		{"a name", &moot.SetPerson{Person: p, Field: moot.PersonName, Value: "x", Rev: 1}},
		{"an arrival", &moot.SetPresence{Person: p, In: true, Rev: 1, At: 7}},
		{"an answer", &moot.SetAnswer{Person: p, Question: moot.FirstQuestion, Rev: 1}},
		{"a vote", &moot.SetVote{Person: p, Statement: s, Value: moot.Pass, Rev: 1, Open: true}},
		{"a late vote", &moot.SetVote{Person: p, Statement: s, Value: moot.Pass, Rev: 1}},
		{"a decision", &moot.Moderation{Statement: s, Standing: moot.Approved}},
		{"a step", &moot.StepAct{Step: "s", StepKind: moot.StepMap}},
		{"a plan", &moot.NewPlan{Round: 1}},
		{"a statement", &moot.NewStatement{Text: "B"}},
		{"a statement's source", &moot.NewStatement{Text: "C", SourceAuthor: "9"}},
	} {
		a.put(c.act)
		d := a.view().Digest()
		if other, ok := seen[d]; ok {
			t.Errorf("%s and %s have one digest", c.name, other)
		}
		seen[d] = c.name
	}
	if moot.NewState(oplog.SessionID{1}).View().Digest() == moot.NewState(oplog.SessionID{2}).View().Digest() {
		t.Error("two sessions have one digest")
	}
}

// Readers need no lock: with -race this fails where a View shares what Apply writes.
func TestReadWhileApplying(t *testing.T) {
	h := newHub(1)
	var people []moot.ParticipantID
	for n := range byte(8) {
		people = append(people, h.person(n+1))
	}
	s := h.statement("A", moot.Approved)
	views := make(chan *moot.View)
	var readers sync.WaitGroup
	for range 2 {
		readers.Go(func() {
			for v := range views {
				first := v.Digest()
				for _, p := range v.People() {
					p.Vote(s)
					p.Get(moot.PersonName)
				}
				if v.Digest() != first {
					t.Error("a View changed while it was read")
				}
			}
		})
	}
	for i := range 200 {
		p := people[i%len(people)]
		h.vote(p, s, moot.Vote(1+i%3), uint64(i+1))
		h.put(&moot.SetPerson{Person: p, Field: moot.PersonName, Value: "x", Rev: uint64(i)})
		if i%10 == 0 {
			h.put(&moot.Moderation{Statement: s, Standing: moot.Approved})
		}
		views <- h.view()
	}
	close(views)
	readers.Wait()
}
