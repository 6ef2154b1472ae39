package moot_test

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
	"folkmoot/sync/oplog/oplogtest"
)

// say has a hub add a statement, by the text of which it is known.
func (h *hub) say(text string) {
	h.put(&moot.NewStatement{Text: text, Lang: "en", Standing: moot.Approved, Src: moot.FromHost})
}

// unpair has a hub unpair another's log from a number on.
func (h *hub) unpair(other *hub, seq uint64) oplog.Entry {
	return h.put(&moot.Unpair{Replica: other.Replica(), Seq: seq, At: h.Now})
}

// said gives the act that passes on an entry.
func said(t failer, of *hub, e oplog.Entry) *moot.Unpair {
	t.Helper()
	p, err := moot.Decode(e.Kind, e.Schema, e.Payload)
	if err != nil {
		t.Fatal(err)
	}
	key, err := oplog.KeyIn(of.log[0])
	if err != nil {
		t.Fatal(err)
	}
	data, err := e.Encode()
	if err != nil {
		t.Fatal(err)
	}
	u := *p.(*moot.Unpair)
	u.Said = &moot.Said{Key: key, Entry: data}
	return &u
}

// ends gives where logs end, by the hub's place in the list.
func ends(v *moot.View, hubs ...*hub) string {
	out := ""
	for _, h := range hubs {
		i := slices.IndexFunc(v.Unpaired(), func(u moot.Unpaired) bool { return u.Replica == h.Replica() })
		if i < 0 {
			out += "- "
			continue
		}
		out += fmt.Sprint(v.Unpaired()[i].Seq, " ")
	}
	return out
}

func wantEnds(t *testing.T, name string, v *moot.View, want string, hubs ...*hub) {
	t.Helper()
	if got := ends(v, hubs...); got != want+" " {
		t.Errorf("%s: logs end at %q, want %q", name, got, want)
	}
}

// openedAt gives a hub whose log was opened some milliseconds after the start.
func openedAt(seed, after uint64) *hub {
	h := &hub{Pen: oplogtest.NewPen(session, seed), state: moot.NewState(session)}
	h.Pen.Now += after
	h.take(h.Open())
	return h
}

// openTablet gives a participants' tablet, whose log was opened before all others.
func openTablet(seed uint64) *hub {
	h := &hub{Pen: oplogtest.NewPen(session, seed), state: moot.NewState(session)}
	h.Pen.Now -= 1000
	h.take(h.OpenAs(oplog.RoleTablet))
	return h
}

// crew gives hubs whose logs were opened one after the other, each with some statements.
func crew(n int) []*hub {
	var out []*hub
	for i := range n {
		h := openedAt(uint64(40+i), uint64(1000*i))
		for j := range 4 {
			h.say(fmt.Sprintf("%d of device %d", j+2, i))
		}
		out = append(out, h)
	}
	return out
}

func TestUnpair(t *testing.T) {
	c := crew(2)
	hub, tablet := c[0], c[1]
	at := hub.unpair(tablet, 3)
	v := folded(t, hub.log, tablet.log).View()
	if len(v.Statements) != 4+2 {
		t.Errorf("%d statements, want the hub's four and the tablet's first two", len(v.Statements))
	}
	want := []moot.Unpaired{{Replica: tablet.Replica(), Seq: 3, At: at.Time.MS, By: hub.Replica(), Above: 2}}
	if got := v.Unpaired(); !slices.Equal(got, want) {
		t.Errorf("unpaired %+v, want %+v", got, want)
	}
	counts := v.Counting()
	for _, e := range tablet.log {
		if counts(e) != (e.Seq <= 3) {
			t.Errorf("entry %d of the tablet counts: %t", e.Seq, counts(e))
		}
	}
	if v.Digest() == folded(t, hub.log[:5], tablet.log[:3]).View().Digest() {
		t.Error("the digest does not say that the tablet was unpaired")
	}
	hub.unpair(tablet, 4)
	wantEnds(t, "a greater number", folded(t, hub.log, tablet.log).View(), "3", tablet)
	hub.unpair(tablet, 2)
	wantEnds(t, "a smaller one", folded(t, hub.log, tablet.log).View(), "2", tablet)
	hub.unpair(hub, 1)
	wantEnds(t, "by one's own word", folded(t, hub.log, tablet.log).View(), "-", hub)
}

// A running device reads the record anew only where something that it had folded in does
// not count any more.
func TestUnpairReadsAnewWhereItMust(t *testing.T) {
	for _, c := range []struct {
		seq  uint64
		want bool
	}{{5, false}, {9, false}, {4, true}, {0, true}} {
		devices := crew(2)
		for _, e := range devices[1].log {
			devices[0].take(e)
		}
		devices[0].unpair(devices[1], c.seq)
		if got := devices[0].state.Again(); got != c.want {
			t.Errorf("of five entries those above %d do not count: again %t, want %t", c.seq, got, c.want)
		}
	}
}

// What comes after the end says nothing about others: no end, no branch.
func TestUnpairedSaysNothing(t *testing.T) {
	c := crew(3)
	hub, tablet, other := c[0], c[1], c[2]
	w := newTwins(2)
	hub.put(w.fork(0, 1))
	tablet.unpair(other, 2) // 6
	tablet.put(w.branch(0, 1))
	hub.unpair(tablet, 5)
	v := folded(t, hub.log, tablet.log, other.log, w.common, w.branches[0]).View()
	wantEnds(t, "above its end", v, "5 -", tablet, other)
	if v.Splits[0].Named != (oplog.Hash{}) {
		t.Error("an unpaired device named a branch")
	}
	hub.unpair(hub, 0)
	tablet.unpair(hub, 0) // 8: it would take away the hub's word itself
	wantEnds(t, "against the hub", folded(t, hub.log, tablet.log, other.log).View(), "5 - -", tablet, other, hub)

	early := crew(3)
	hub, tablet, other = early[0], early[1], early[2]
	tablet.unpair(other, 2) // 6
	tablet.put(w.branch(0, 1))
	hub.put(w.fork(0, 1))
	hub.unpair(tablet, 7)
	v = folded(t, hub.log, tablet.log, other.log, w.common, w.branches[0]).View()
	wantEnds(t, "before its end", v, "7 2", tablet, other)
	if v.Splits[0].Named != w.branches[0][0].Hash() {
		t.Error("what was named while it was paired does not hold")
	}
}

// An act that falls sets no end, and what fell by it stands again.
func TestUnpairChain(t *testing.T) {
	c := crew(4)
	c[2].unpair(c[3], 1) // the third unpairs the last, and is unpaired below that
	c[1].unpair(c[2], 3)
	wantEnds(t, "two acts", folded(t, c[1].log, c[2].log, c[3].log).View(), "- 3 -", c[1], c[2], c[3])
	c[0].unpair(c[1], 2)
	wantEnds(t, "three", folded(t, c[0].log, c[1].log, c[2].log, c[3].log).View(), "2 - 1", c[1], c[2], c[3])
}

// Of devices that unpair each other, none having seen the other's act, the log that was
// opened first stays, whatever their clocks say.
func TestUnpairRing(t *testing.T) {
	c := crew(2)
	c[0].Pen.Now += 9_000_000
	c[0].unpair(c[1], 2)
	c[1].unpair(c[0], 2)
	wantEnds(t, "two", folded(t, c[0].log, c[1].log).View(), "- 2", c[0], c[1])
	c = crew(3)
	c[0].unpair(c[1], 2)
	c[1].unpair(c[2], 2)
	c[2].unpair(c[0], 2)
	wantEnds(t, "three", folded(t, c[0].log, c[1].log, c[2].log).View(), "- 2 -", c[0], c[1], c[2])
	c = crew(2) // who has seen the other's act is no ring
	c[1].unpair(c[0], 5)
	c[0].unpair(c[1], 6)
	wantEnds(t, "an answer", folded(t, c[0].log, c[1].log).View(), "5 -", c[0], c[1])
}

// A participants' tablet unpairs nobody, whenever its log was opened, and whoever passes on
// what it says.
func TestTabletUnpairsNobody(t *testing.T) {
	c := crew(2)
	hub, other := c[0], c[1]
	tablet := openTablet(50)
	e := tablet.unpair(hub, 2)
	other.put(said(t, tablet, e))
	hub.unpair(tablet, 1)
	wantEnds(t, "against a hub", folded(t, hub.log, tablet.log, other.log).View(), "- 1", hub, tablet)
	wantEnds(t, "never unpaired", folded(t, hub.log[:5], tablet.log, other.log).View(), "- -", hub, tablet)
	wantEnds(t, "heard of before its log", folded(t, hub.log[:5], other.log).View(), "2", hub)
}

// What is passed on stands where its own log cannot be taken, and nobody puts words into
// another's mouth.
func TestUnpairPassedOn(t *testing.T) {
	c := crew(3)
	hub, tablet, other := c[0], c[1], c[2]
	e := hub.unpair(tablet, 3)
	other.put(said(t, hub, e))
	v := folded(t, other.log, tablet.log).View()
	wantEnds(t, "passed on", v, "3", tablet)
	if got := v.Unpaired()[0]; got.By != hub.Replica() || got.At != e.Time.MS {
		t.Errorf("unpaired %+v, want by %s", got, hub.Replica())
	}
	good := said(t, hub, e)
	inner := *good
	data, err := other.put(&inner).Encode()
	if err != nil {
		t.Fatal(err)
	}
	key, _ := oplog.KeyIn(other.log[0])
	for name, u := range map[string]*moot.Unpair{
		"another number":      {Replica: good.Replica, Seq: 2, At: good.At, Said: good.Said},
		"another log":         {Replica: hub.Replica(), Seq: good.Seq, At: good.At, Said: good.Said},
		"another key":         {Replica: good.Replica, Seq: good.Seq, At: good.At, Said: &moot.Said{Key: key, Entry: good.Said.Entry}},
		"no entry":            {Replica: good.Replica, Seq: good.Seq, At: good.At, Said: &moot.Said{Key: key, Entry: []byte{1}}},
		"something passed on": {Replica: good.Replica, Seq: good.Seq, At: good.At, Said: &moot.Said{Key: key, Entry: data}},
		"nobody":              {Seq: 1},
	} {
		if _, err := (moot.Item{Payload: u}).Draft(); err == nil {
			t.Errorf("%s can be written", name)
		}
		raw, err := oplog.Marshal(u)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := moot.Decode("unpair", moot.Schema, raw); err == nil {
			t.Errorf("%s can be read", name)
		}
	}
	runChecks(t, moot.NewState(oplog.SessionID{9}), []checkCase{{"another session's", good, moot.BadValue, 0}})
	// Another session's act that is in the record all the same says nothing.
	if v := stateOf(append(slices.Clone(tablet.log), other.log[5])...).View(); len(v.Unpaired()) != 1 {
		t.Errorf("unpaired %+v", v.Unpaired())
	}
}

// Whoever keeps the key of a log that was unpaired can sign another entry of an early
// number; passed on by somebody it says nothing, since nobody holds it in its log.
func TestUnpairForgedEarly(t *testing.T) {
	c := crew(3)
	hub, tablet, other := c[0], c[1], c[2]
	hub.unpair(tablet, 3)
	again := openedAt(41, 1000)
	early := again.unpair(hub, 0) // its second entry
	if again.Replica() != tablet.Replica() || early.Seq != 2 {
		t.Fatal("not the tablet's key")
	}
	other.put(said(t, tablet, early))
	wantEnds(t, "a forged early entry", folded(t, hub.log, tablet.log, other.log).View(), "- 3", hub, tablet)
	wantEnds(t, "of a device that is paired", folded(t, hub.log[:5], tablet.log, other.log).View(), "0 -", hub, tablet)
	// Held in the log itself, with the split known, it says no more.
	hub.put(&moot.Fork{Proof: oplog.ProveFork(mustKey(t, tablet), tablet.log[1], early)})
	wantEnds(t, "held in its log", folded(t, hub.log, again.log, other.log).View(), "- 3", hub, tablet)
}

func mustKey(t *testing.T, h *hub) []byte {
	t.Helper()
	key, err := oplog.KeyIn(h.log[0])
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// quarrel draws devices that unpair each other at all numbers, name branches, pass on
// what others said, and go on.
func quarrel(t *rapid.T) (hubs []*hub, all []oplog.Entry) {
	hubs = append(crew(rapid.IntRange(2, 4).Draw(t, "devices")), openTablet(51))
	pick := func(name string) *hub { return hubs[rapid.IntRange(0, len(hubs)-1).Draw(t, name)] }
	w := newTwins(2)
	for range rapid.IntRange(1, 12).Draw(t, "acts") {
		h, other := pick("who"), pick("whom")
		h.Pen.Now += rapid.Uint64Range(0, 2).Draw(t, "pause")
		switch rapid.IntRange(0, 6).Draw(t, "act") {
		case 0, 1, 2:
			h.unpair(other, rapid.Uint64Range(0, other.log[len(other.log)-1].Seq+1).Draw(t, "end"))
		case 3:
			h.put(w.branch(rapid.IntRange(0, 1).Draw(t, "branch"), rapid.Uint64Range(0, 2).Draw(t, "rev")))
		case 4:
			h.put(w.fork(0, 1))
		case 5:
			h.say(fmt.Sprint("more ", len(h.log)))
		case 6:
			var acts []oplog.Entry
			for _, e := range other.log {
				if p, err := moot.Decode(e.Kind, e.Schema, e.Payload); err == nil {
					if u, ok := p.(*moot.Unpair); ok && u.Said == nil {
						acts = append(acts, e)
					}
				}
			}
			if len(acts) > 0 {
				h.put(said(t, other, rapid.SampledFrom(acts).Draw(t, "passed on")))
			}
		}
	}
	all = slices.Concat(w.common, w.branches[rapid.IntRange(0, 1).Draw(t, "held")])
	for _, h := range hubs {
		all = append(all, h.log[:rapid.IntRange(0, len(h.log)).Draw(t, "known")]...)
	}
	return hubs, all
}

// stepwise gives the state of entries as a running device comes to it: made anew where
// an entry says so.
func stepwise(t *rapid.T, entries []oplog.Entry) *moot.View {
	state := moot.NewState(session)
	for i, e := range entries {
		if err := state.Apply(e); err != nil {
			t.Fatal(err)
		}
		if state.Again() {
			state = folded(t, entries[:i+1])
		}
	}
	return state.View()
}

// I4: whatever the order in which the acts of devices that unpair each other come, however
// often, and whether one by one or at once, the same set gives the same state, rows too.
func TestUnpairIsAFunctionOfTheSet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		hubs, all := quarrel(t)
		want := foldAll(t, all)
		again := rapid.SliceOf(rapid.SampledFrom(all)).Draw(t, "again")
		mixed := rapid.Permutation(append(slices.Clone(all), again...)).Draw(t, "order")
		for name, got := range map[string]*moot.View{"another order": foldAll(t, mixed), "one by one": stepwise(t, mixed)} {
			if got.Digest() != want.Digest() || !slices.Equal(got.Unpaired(), want.Unpaired()) {
				t.Fatalf("%s gave another state: ends %s, want %s\n%+v\n%+v", name, ends(got, hubs...), ends(want, hubs...), got.Unpaired(), want.Unpaired())
			}
		}
		state := want.Anew()
		if foldInto(state, all) != want.Digest() || state.Again() {
			t.Fatal("an empty state under the same rules gave another one")
		}
		counts := want.Counting()
		for _, e := range mixed {
			for _, u := range want.Unpaired() {
				if e.Replica == u.Replica && e.Seq > u.Seq && counts(e) {
					t.Fatalf("entry %d of a log that ends at %d counts", e.Seq, u.Seq)
				}
			}
		}
	})
}

// Rows that are written as acts come are those of the whole.
func TestUnpairRows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		_, all := quarrel(t)
		all = rapid.Permutation(all).Draw(t, "order")
		state, disk := moot.NewState(session), map[string]string{}
		state.Mark()
		write := func(rows []oplog.Row) {
			for _, row := range rows {
				if disk[row.Table+row.Key] = string(row.Value); row.Value == nil {
					delete(disk, row.Table+row.Key)
				}
			}
		}
		for i, e := range all {
			if err := state.Apply(e); err != nil {
				t.Fatal(err)
			}
			write(state.TakeRows())
			if state.Again() {
				state = folded(t, all[:i+1])
				state.Mark()
				clear(disk)
				write(state.AllRows())
			}
		}
		want := map[string]string{}
		for _, row := range folded(t, all).AllRows() {
			want[row.Table+row.Key] = string(row.Value)
		}
		for key, value := range want {
			if disk[key] != value {
				t.Fatalf("row %q differs", key)
			}
		}
		if len(disk) != len(want) {
			t.Fatalf("%d rows, want %d", len(disk), len(want))
		}
	})
}

// Who is told what another knows about ends comes to them without the other's log, and
// to none that the other does not have.
func TestUnpairTold(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := crew(3)
		for _, h := range c[:2] {
			for range rapid.IntRange(0, 2).Draw(t, "acts") {
				h.unpair(c[2], rapid.Uint64Range(0, 6).Draw(t, "end"))
			}
		}
		one, other := folded(t, c[0].log, c[2].log), folded(t, c[1].log, c[2].log)
		a, b := one.View(), other.View()
		news := one.News(b.Rules)
		if !a.Rules.Lacks(b.Rules) && len(news) > 0 {
			t.Fatal("nothing is lacking, and there is news")
		}
		joined := folded(t, c[0].log, c[2].log, acts(60, news...)).View()
		back := folded(t, c[1].log, c[2].log, acts(61, other.News(a.Rules)...)).View()
		if ends(joined, c...) != ends(back, c...) || joined.Rules.Lacks(back.Rules) || back.Rules.Lacks(joined.Rules) {
			t.Fatalf("one ends %s, the other %s", ends(joined, c...), ends(back, c...))
		}
		for _, u := range news {
			u.(*moot.Unpair).Said = nil
		}
		bare := moot.Rules{}
		for _, u := range news {
			bare.Unpaired = append(bare.Unpaired, *u.(*moot.Unpair))
		}
		if len(one.News(bare)) > 0 {
			t.Fatal("hearsay without a signature is believed")
		}
	})
}
