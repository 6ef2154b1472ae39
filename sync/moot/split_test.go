package moot_test

import (
	"errors"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
)

// twins are devices with one key: their logs begin alike and go on apart.
type twins struct {
	key      []byte
	log      oplog.ReplicaID
	common   []oplog.Entry
	branches [][]oplog.Entry
}

// newTwins gives n devices that share the first three entries, the third of which adds a
// statement, and have two more of their own.
func newTwins(n int) twins {
	var out twins
	for i := range n {
		h := newHub(77) // the same key each time
		h.statement("before one", moot.Approved)
		h.statement("before two", moot.Approved)
		out.common = h.log[:3:3]
		h.Now += uint64(1 + i)
		h.statement("after one of "+string(rune('a'+i)), moot.Approved)
		h.statement("after two of "+string(rune('a'+i)), moot.Approved)
		out.branches = append(out.branches, h.log[3:])
		out.log = h.Replica()
	}
	key, err := oplog.KeyIn(out.common[0])
	if err != nil {
		panic(err)
	}
	out.key = key
	return out
}

func (w twins) fork(i, j int) *moot.Fork {
	return &moot.Fork{Proof: oplog.ProveFork(w.key, w.branches[i][0], w.branches[j][0])}
}

func (w twins) branch(i int, rev uint64) *moot.Branch {
	return &moot.Branch{Replica: w.log, Seq: 4, Hash: w.branches[i][0].Hash(), Rev: rev}
}

// acts gives the log of a host who says these things.
func acts(seed uint64, payloads ...moot.Payload) []oplog.Entry {
	h := newHub(seed)
	for _, p := range payloads {
		h.put(p)
	}
	return h.log
}

// failer is a test, or one drawn by rapid.
type failer interface {
	Helper()
	Fatal(args ...any)
}

// folded gives the state of entries in some order.
func folded(t failer, entries ...[]oplog.Entry) *moot.State {
	t.Helper()
	var all []oplog.Entry
	for _, e := range entries {
		all = append(all, e...)
	}
	rand.New(rand.NewPCG(uint64(len(all)), 1)).Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	s, err := moot.Fold(session, func(apply func(oplog.Entry) error) error {
		for _, e := range all {
			if err := apply(e); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSplit(t *testing.T) {
	w := newTwins(3)
	cases := []struct {
		name       string
		acts       []moot.Payload
		statements int // of the four of the first device
	}{
		{"nobody knows", nil, 4},
		{"a proof", []moot.Payload{w.fork(0, 1)}, 2},
		{"a proof of two others", []moot.Payload{w.fork(1, 2)}, 2},
		{"this branch named", []moot.Payload{w.fork(0, 1), w.branch(0, 1)}, 4},
		{"the other named", []moot.Payload{w.fork(0, 1), w.branch(1, 1)}, 2},
		{"named before the proof", []moot.Payload{w.branch(0, 1), w.fork(0, 1)}, 4},
		{"named anew", []moot.Payload{w.fork(0, 1), w.branch(0, 2), w.branch(1, 1)}, 4},
		{"a third branch shown", []moot.Payload{w.fork(0, 1), w.fork(1, 2), w.branch(0, 1)}, 4},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			v := folded(t, w.common, w.branches[0], acts(5, c.acts...)).View()
			if got := len(v.Statements); got != c.statements {
				t.Errorf("%d statements, want %d: %+v", got, c.statements, v.Splits)
			}
		})
	}
}

// Of two namings of one revision the same stands, in whichever log and whenever either
// was written.
func TestNamingIsOfTheContent(t *testing.T) {
	w := newTwins(2)
	a := acts(5, w.fork(0, 1), w.branch(0, 1))
	b := acts(6, w.branch(1, 1))
	again := acts(7, w.branch(0, 1), w.branch(1, 1)) // what a third one passes on
	want := folded(t, w.common, a, b).View().Splits[0].Named
	for name, logs := range map[string][][]oplog.Entry{"passed on": {a, b, again}, "only passed on": {a[:2], again}} {
		if got := folded(t, append(logs, w.common)...).View().Splits[0].Named; got != want {
			t.Errorf("%s: %s named, want %s", name, got, want)
		}
	}
}

// A branch may split again; that says nothing about the other.
func TestSplitOnAnotherBranch(t *testing.T) {
	w := newTwins(2)
	// The second device's branch splits once more after its first entry.
	h := newHub(77)
	h.statement("before one", moot.Approved)
	h.statement("before two", moot.Approved)
	h.Now += 2
	h.statement("after one of b", moot.Approved)
	h.statement("something else", moot.Approved)
	deeper := &moot.Fork{Proof: oplog.ProveFork(w.key, w.branches[1][1], h.log[4])}
	rules := acts(5, w.fork(0, 1), deeper, w.branch(0, 1))
	if v := folded(t, w.common, w.branches[0], rules).View(); len(v.Statements) != 4 || len(v.Splits) != 2 {
		t.Errorf("%d statements of the named branch, want 4: %+v", len(v.Statements), v.Splits)
	}
	rules = acts(5, w.fork(0, 1), deeper, w.branch(1, 1))
	if v := folded(t, w.common, w.branches[1], rules).View(); len(v.Statements) != 3 {
		t.Errorf("%d statements of the branch that splits again, want 3: %+v", len(v.Statements), v.Splits)
	}
}

// Rules that are told say the same as the acts they come from, once.
func TestRules(t *testing.T) {
	w := newTwins(3)
	rapid.Check(t, func(t *rapid.T) {
		all := []moot.Payload{w.fork(0, 1), w.fork(1, 2), w.fork(0, 2), w.branch(0, 1), w.branch(1, 1), w.branch(2, 2), &moot.Unlink{At: 1}}
		draw := func(name string) []moot.Payload {
			return rapid.SliceOfDistinct(rapid.SampledFrom(all), func(p moot.Payload) moot.Payload { return p }).Draw(t, name)
		}
		one, other := folded(t, acts(5, draw("one")...)), folded(t, acts(6, draw("other")...))
		a, b := one.View(), other.View()
		news := one.News(b.Rules)
		if a.Rules.Lacks(b.Rules) != (len(news) > 0) {
			t.Fatalf("lacking and news differ: %v", news)
		}
		joined := folded(t, acts(5, append(told(a.Rules), news...)...)).View()
		back := folded(t, acts(6, append(told(b.Rules), other.News(a.Rules)...)...)).View()
		for _, v := range []*moot.View{joined, back} {
			if v.Rules.Lacks(a.Rules) || v.Rules.Lacks(b.Rules) {
				t.Fatal("something is still not known")
			}
		}
		if joined.Digest() != back.Digest() {
			t.Fatalf("who told whom matters:\n%+v\n%+v", joined.Splits, back.Splits)
		}
	})
}

// told gives the acts of rules.
func told(r moot.Rules) []moot.Payload { return moot.NewState(session).News(r) }

// One more branch of a place that is known is taken in as it comes: who has the key makes
// as many as they like, and the record is not read anew for each.
func TestOneMoreBranchReadsNothingAnew(t *testing.T) {
	w := newTwins(4)
	host := acts(1, w.fork(0, 1), w.fork(1, 2), w.fork(2, 3))
	before, err := moot.Fold(session, func(apply func(oplog.Entry) error) (err error) {
		for _, e := range slices.Concat(w.common, w.branches[0], host[:2]) {
			err = errors.Join(err, apply(e))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range host[2:] {
		if err := before.Apply(e); err != nil {
			t.Fatal(err)
		}
		if before.Again() {
			t.Fatal("the record has to be read anew")
		}
	}
	got, want := before.View(), fold(t, host, w.branches[0], w.common)
	if len(got.Splits) != 1 || len(got.Splits[0].Branches) != 4 || got.Digest() != want.Digest() {
		t.Errorf("splits %+v, want %+v", got.Splits, want.Splits)
	}
}
