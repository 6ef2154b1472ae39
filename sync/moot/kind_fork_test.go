package moot_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
)

// torn is a log that two devices wrote on from the same entry, and a third device that
// has met both.
type torn struct {
	common, mine, theirs []oplog.Entry
	third                *hub
	person               moot.ParticipantID
	statement            moot.StatementID
}

func tear() torn {
	one, two := newHub(1), newHub(1)
	var r torn
	for _, h := range []*hub{one, two} {
		r.person, r.statement = h.person(1), h.statement("A", moot.Approved)
		h.vote(r.person, r.statement, moot.Agree, 1)
	}
	r.common = slices.Clone(one.log)
	one.vote(r.person, r.statement, moot.Disagree, 2)
	one.person(2)
	two.Now += 5
	two.vote(r.person, r.statement, moot.Pass, 9)
	two.person(3)
	two.person(4)
	r.mine, r.theirs, r.third = one.log[len(r.common):], two.log[len(r.common):], newHub(2)
	for _, e := range r.common {
		if err := r.third.state.Apply(e); err != nil {
			panic(err)
		}
	}
	return r
}

func (r torn) proof(t testing.TB) moot.Payload {
	t.Helper()
	key, err := oplog.KeyIn(r.common[0])
	if err != nil {
		t.Fatal(err)
	}
	return &moot.Fork{Proof: oplog.ProveFork(key, r.mine[0], r.theirs[0])}
}

// fold gives what a device holds that has these entries.
func fold(t testing.TB, entries ...[]oplog.Entry) *moot.View {
	t.Helper()
	state, err := moot.Fold(session, func(apply func(oplog.Entry) error) error {
		for _, part := range entries {
			for _, e := range part {
				if err := apply(e); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return state.View()
}

func (r torn) counts(t testing.TB, name string, v *moot.View, value moot.Vote, people int) {
	t.Helper()
	if got := v.Person(r.person).Vote(r.statement).Value; got != value || v.PeopleCount() != people {
		t.Errorf("%s: %s by %d people, want %s by %d", name, got, v.PeopleCount(), value, people)
	}
}

// I9: a log that two devices wrote counts up to the split only, on whichever branch one
// stands, until a facilitator names one; then that branch counts where it is held.
func TestFork(t *testing.T) {
	r := tear()
	r.counts(t, "before anybody knew", fold(t, r.common, r.mine), moot.Disagree, 2)
	r.third.put(r.proof(t))
	r.counts(t, "mine, not named", fold(t, r.common, r.mine, r.third.log), moot.Agree, 1)
	r.counts(t, "theirs, not named", fold(t, r.third.log, r.common, r.theirs), moot.Agree, 1)
	if a, b := fold(t, r.common, r.mine, r.third.log), fold(t, r.common, r.third.log); a.Votes != b.Votes || len(a.Splits) != 1 || a.Splits[0].Counts() {
		t.Errorf("splits %+v", a.Splits)
	}
	for _, e := range r.third.log { // what a running device is told at once
		if err := r.third.state.Apply(e); err != nil {
			t.Fatal(err)
		}
	}
	if !r.third.state.Again() {
		t.Error("nothing said that the state has to be made anew")
	}
	state := stateOf(append(slices.Clone(r.common), r.third.log...)...)
	hash := r.theirs[0].Hash()
	split := r.theirs[0]
	runChecks(t, state, []checkCase{
		{"a branch that is none", &moot.Branch{Replica: split.Replica, Seq: split.Seq, Hash: oplog.Hash{1}, Rev: 1}, moot.BadValue, 0},
		{"a place that is no split", &moot.Branch{Replica: split.Replica, Seq: split.Seq + 1, Hash: hash, Rev: 1}, moot.BadValue, 0},
		{"one of the two", &moot.Branch{Replica: split.Replica, Seq: split.Seq, Hash: hash, Rev: 1}, "", 0},
	})
	r.third.put(&moot.Branch{Replica: split.Replica, Seq: split.Seq, Hash: hash, Rev: 1})
	r.counts(t, "theirs, named", fold(t, r.common, r.theirs, r.third.log), moot.Pass, 3)
	r.counts(t, "mine, the other one named", fold(t, r.third.log, r.common, r.mine), moot.Agree, 1)
	r.third.put(&moot.Branch{Replica: split.Replica, Seq: split.Seq, Hash: r.mine[0].Hash(), Rev: 2})
	r.counts(t, "mine, named later", fold(t, r.common, r.third.log, r.mine), moot.Disagree, 2)
}

// A proof needs two entries that the log's own key signed: nobody silences another's log.
func TestForkNeedsAProof(t *testing.T) {
	r := tear()
	key, err := oplog.KeyIn(r.common[0])
	if err != nil {
		t.Fatal(err)
	}
	good := oplog.ProveFork(key, r.mine[0], r.theirs[0])
	forged := good
	forged.Other.Sig = slices.Clone(good.Other.Sig)
	forged.Other.Sig[3] ^= 1
	twice := good
	twice.Other = good.One
	for name, proof := range map[string]oplog.ForkProof{
		"an entry that follows": oplog.ProveFork(key, r.mine[0], r.mine[1]),
		"one entry twice":       twice,
		"a wrong signature":     forged,
		"another's key":         {Key: make([]byte, 32), One: good.One, Other: good.Other},
		"the other way round":   {Key: key, One: good.Other, Other: good.One},
		"nothing":               {},
	} {
		data, err := oplog.Marshal(&moot.Fork{Proof: proof})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := moot.Decode("fork", moot.Schema, data); err == nil {
			t.Errorf("%s passes as a proof", name)
		}
	}
	other := moot.NewState(oplog.SessionID{9})
	runChecks(t, other, []checkCase{{"another session's", &moot.Fork{Proof: good}, moot.BadValue, 0}})
}

// Whatever the order in which entries come, forks, branches and erased names among them,
// folding gives the same state.
func TestFoldIsAFunctionOfTheSet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := tear()
		branch := [][]oplog.Entry{r.mine, r.theirs, nil}[rapid.IntRange(0, 2).Draw(t, "branch")]
		h := newHub(3)
		key, _ := oplog.KeyIn(r.common[0])
		for range rapid.IntRange(0, 4).Draw(t, "acts") {
			switch rapid.IntRange(0, 3).Draw(t, "act") {
			case 0:
				h.put(&moot.Fork{Proof: oplog.ProveFork(key, r.mine[0], r.theirs[0])})
			case 1:
				hash := [][]oplog.Entry{r.mine, r.theirs}[rapid.IntRange(0, 1).Draw(t, "which")][0].Hash()
				h.put(&moot.Branch{Replica: r.mine[0].Replica, Seq: r.mine[0].Seq, Hash: hash, Rev: rapid.Uint64Range(0, 2).Draw(t, "rev")})
			case 2:
				h.put(&moot.Unlink{At: 1})
			case 3:
				h.put(&moot.SetPerson{Person: pid(7), Field: moot.PersonName, Value: "x", Rev: 1})
			}
		}
		all := slices.Concat(r.common, branch, h.log)
		want := foldAll(t, all)
		if got := foldAll(t, rapid.Permutation(all).Draw(t, "order")); got.Digest() != want.Digest() || got.Votes != want.Votes {
			t.Fatalf("another order gave another state: %s, want %s", got.Digest(), want.Digest())
		}
		if got := want.Anew(); foldInto(got, all) != want.Digest() {
			t.Fatal("an empty state under the same rules gave another one")
		}
	})
}

func foldAll(t *rapid.T, entries []oplog.Entry) *moot.View {
	state, err := moot.Fold(session, func(apply func(oplog.Entry) error) error {
		for _, e := range entries {
			if err := apply(e); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return state.View()
}

func foldInto(state *moot.State, entries []oplog.Entry) string {
	for _, e := range entries {
		if err := state.Apply(e); err != nil {
			panic(err)
		}
	}
	return state.View().Digest()
}

func TestUnlink(t *testing.T) {
	h := newHub(1)
	p, s := h.person(1), h.statement("A", moot.Approved)
	h.put(&moot.SetPerson{Person: p, Field: moot.PersonName, Value: "小明", Rev: 1})
	h.put(&moot.SetPerson{Person: p, Field: moot.PersonSource, Value: string(moot.Imported), Rev: 1})
	h.vote(p, s, moot.Agree, 1)
	h.put(&moot.Unlink{At: 5})
	if !h.state.Again() || !h.state.Unlinked() {
		t.Error("nothing said that the state has to be made anew")
	}
	v := fold(t, h.log)
	if got := v.Person(p); got.Get(moot.PersonName) != "" || got.Number() != 0 || got.Here() || got.Vote(s).Value != moot.Agree || !v.Unlinked {
		t.Errorf("name %q, number %d, vote %s", got.Get(moot.PersonName), got.Number(), got.Vote(s).Value)
	}
	var erased []oplog.Entry
	for _, e := range h.log {
		if e.Class == oplog.Personal {
			e = e.Redact()
		}
		erased = append(erased, e)
	}
	if got := fold(t, erased).Digest(); got != v.Digest() {
		t.Error("a device that has dropped the names has another state than one that has not yet")
	}
	state := stateOf(h.log...)
	runChecks(t, state, []checkCase{
		{"a name afterwards", &moot.SetPerson{Person: p, Field: moot.PersonName, Value: "x", Rev: 9}, moot.NamesErased, 0},
		{"where somebody comes from", &moot.SetPerson{Person: p, Field: moot.PersonSource, Value: string(moot.FromPhone), Rev: 9}, "", 0},
	})
}

func TestAuditChangesNothing(t *testing.T) {
	h := newHub(1)
	h.person(1)
	before := h.view().Digest()
	h.put(&moot.Audit{What: "clock", Detail: "5 minutes ahead", At: 1})
	if h.view().Digest() != before {
		t.Error("a note changed the state")
	}
	runChecks(t, h.state, []checkCase{{"too long", &moot.Audit{What: "x", Detail: string(make([]rune, moot.MaxField))}, moot.TooLong, moot.MaxField}})
}
