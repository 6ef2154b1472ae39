package oplogtest

import (
	"bytes"
	"errors"
	"testing"

	"folkmoot/sync/oplog"
)

// Options for Conform.
type Options struct {
	// Reopen closes a log that holds entries and opens it again; nil for a log that
	// forgets.
	Reopen func(t *testing.T, l oplog.Log) oplog.Log
}

// Session is the session of all entries that Conform writes.
var Session = oplog.SessionID{0xf0}

// Conform tests that a log keeps the promises of oplog.Log: entries come back byte
// for byte and in order, an Append is whole or not at all, and nothing that does
// not follow is taken. open gives a new, empty log and cleans up after it.
func Conform(t *testing.T, open func(t *testing.T) oplog.Log, options Options) {
	tests := []struct {
		name string
		test func(*testing.T, oplog.Log)
	}{
		{"an empty log gives nothing", empty},
		{"entries come back byte for byte", roundTrip},
		{"reading begins and ends where it is told", ranges},
		{"several logs in one append", severalLogs},
		{"what does not follow is refused", refusals},
		{"an append is whole or not at all", wholeOrNot},
		{"a redacted entry stays redacted", redacted},
		{"the caller owns what is given and got", owners},
		{"more entries than one reading takes", many},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) { test.test(t, open(t)) })
	}
	if options.Reopen != nil {
		t.Run("opened again it is the same", func(t *testing.T) { reopened(t, open(t), options.Reopen) })
	}
}

func empty(t *testing.T, l oplog.Log) {
	appendAll(t, l)
	holds(t, l)
	if err := l.Entries(oplog.ReplicaID{1}, 1, func(oplog.Entry) bool { t.Error("an entry of a log that is not there"); return true }); err != nil {
		t.Errorf("reading a log that is not there: %v", err)
	}
}

func roundTrip(t *testing.T, l oplog.Log) {
	log := NewPen(Session, 1).Log(9)
	appendAll(t, l, log[:1]...)
	appendAll(t, l, log[1:7]...)
	appendAll(t, l, log[7:]...)
	holds(t, l, log)
}

func ranges(t *testing.T, l oplog.Log) {
	log := NewPen(Session, 1).Log(9)
	appendAll(t, l, log...)
	for _, c := range []struct {
		from        uint64
		take        int
		first, last uint64
	}{
		{from: 0, take: 99, first: 1, last: 9},
		{from: 1, take: 99, first: 1, last: 9},
		{from: 4, take: 99, first: 4, last: 9},
		{from: 4, take: 3, first: 4, last: 6},
		{from: 9, take: 1, first: 9, last: 9},
		{from: 10, take: 99},
		{from: 1 << 63, take: 99},
	} {
		got := read(t, l, log[0].Replica, c.from, c.take)
		var want []oplog.Entry
		if c.first > 0 {
			want = log[c.first-1 : c.last]
		}
		same(t, got, want)
	}
}

func severalLogs(t *testing.T, l oplog.Log) {
	logs := [][]oplog.Entry{NewPen(Session, 1).Log(4), NewPen(Session, 2).Log(3), NewPen(Session, 3).Log(1)}
	var mixed []oplog.Entry
	for i := range logs[0] {
		for _, log := range logs {
			if i < len(log) {
				mixed = append(mixed, log[i])
			}
		}
	}
	appendAll(t, l, mixed...)
	holds(t, l, logs...)
}

func refusals(t *testing.T, l oplog.Log) {
	log := NewPen(Session, 1).Log(6)
	other := NewPen(Session, 1)
	other.Now++
	fork := other.Log(6) // the same key, another history
	appendAll(t, l, log[:3]...)
	for _, c := range []struct {
		name  string
		entry oplog.Entry
		want  error
	}{
		{"a gap", log[4], oplog.ErrGap},
		{"the last one again", log[2], oplog.ErrGap},
		{"the first one again", log[0], oplog.ErrGap},
		{"a log that does not begin at 1", NewPen(Session, 2).Log(2)[1], oplog.ErrGap},
		{"a branch", fork[3], oplog.ErrChain},
	} {
		if err := l.Append([]oplog.Entry{c.entry}); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
	holds(t, l, log[:3])
	appendAll(t, l, log[3:]...)
	holds(t, l, log)
}

func wholeOrNot(t *testing.T, l oplog.Log) {
	log, other := NewPen(Session, 1).Log(6), NewPen(Session, 2).Log(3)
	appendAll(t, l, log[0])
	for _, batch := range [][]oplog.Entry{
		{log[1], log[2], log[4]},
		{log[1], log[1]},
		{other[0], other[1], log[1], log[3]},
	} {
		if err := l.Append(batch); !errors.Is(err, oplog.ErrGap) {
			t.Errorf("a batch with a gap: %v, want %v", err, oplog.ErrGap)
		}
		holds(t, l, log[:1])
	}
	appendAll(t, l, log[1], other[0], log[2])
	holds(t, l, log[:3], other[:1])
}

func redacted(t *testing.T, l oplog.Log) {
	log := NewPen(Session, 1).Log(5)
	for i, e := range log {
		if e.Class == oplog.Personal {
			log[i] = e.Redact()
		}
	}
	appendAll(t, l, log...)
	holds(t, l, log)
}

func owners(t *testing.T, l oplog.Log) {
	log := NewPen(Session, 1).Log(300)
	given := append([]oplog.Entry(nil), log[:2]...)
	appendAll(t, l, given...)
	clear(given)
	heads, err := l.Heads()
	if err != nil {
		t.Fatal(err)
	}
	clear(heads)
	early := read(t, l, log[0].Replica, 1, 2)
	for i := 2; i < len(log); i += 10 {
		appendAll(t, l, log[i:min(i+10, len(log))]...)
	}
	same(t, early, log[:2])
	holds(t, l, log)
}

func many(t *testing.T, l oplog.Log) {
	log := NewPen(Session, 1).Log(6000)
	appendAll(t, l, log...)
	holds(t, l, log)
	same(t, read(t, l, log[0].Replica, 2, 5500), log[1:5501])
}

func reopened(t *testing.T, l oplog.Log, reopen func(*testing.T, oplog.Log) oplog.Log) {
	log, other := NewPen(Session, 1).Log(8), NewPen(Session, 2).Log(3)
	appendAll(t, l, append(log[:5:5], other...)...)
	l = reopen(t, l)
	holds(t, l, log[:5], other)
	if err := l.Append(log[6:]); !errors.Is(err, oplog.ErrGap) {
		t.Errorf("a gap after opening again: %v, want %v", err, oplog.ErrGap)
	}
	appendAll(t, l, log[5:]...)
	l = reopen(t, l)
	holds(t, l, log, other)
}

func appendAll(t *testing.T, l oplog.Log, entries ...oplog.Entry) {
	t.Helper()
	if err := l.Append(entries); err != nil {
		t.Fatalf("append %d entries: %v", len(entries), err)
	}
}

// holds tests that l holds these logs and nothing else, and that they pass a Chain.
func holds(t *testing.T, l oplog.Log, logs ...[]oplog.Entry) {
	t.Helper()
	want := oplog.Heads{}
	byReplica := map[oplog.ReplicaID][]oplog.Entry{}
	for _, log := range logs {
		last := log[len(log)-1]
		want[last.Replica] = oplog.Head{Seq: last.Seq, Hash: last.Hash()}
		byReplica[last.Replica] = log
	}
	heads, err := l.Heads()
	if err != nil {
		t.Fatal(err)
	}
	if len(heads) != len(want) {
		t.Errorf("%d heads, want %d", len(heads), len(want))
	}
	var all []oplog.Entry
	for _, r := range want.Replicas() {
		if heads[r] != want[r] {
			t.Errorf("head of %s is %d %s, want %d %s", r, heads[r].Seq, heads[r].Hash, want[r].Seq, want[r].Hash)
		}
		same(t, read(t, l, r, 1, 1<<30), byReplica[r])
		all = append(all, byReplica[r]...)
	}
	var got []oplog.Entry
	chain := oplog.NewChain(Session)
	if err := oplog.All(l, func(e oplog.Entry) bool {
		if err := chain.Link(e); err != nil {
			t.Error(err)
		}
		got = append(got, e)
		return true
	}); err != nil {
		t.Fatal(err)
	}
	same(t, got, all)
}

// read takes at most take entries from number from on.
func read(t *testing.T, l oplog.Log, r oplog.ReplicaID, from uint64, take int) []oplog.Entry {
	t.Helper()
	var got []oplog.Entry
	stopped := false
	err := l.Entries(r, from, func(e oplog.Entry) bool {
		if stopped {
			t.Error("an entry came after yield had said no")
		}
		got = append(got, e)
		stopped = len(got) >= take
		return !stopped
	})
	if err != nil {
		t.Fatalf("read %s from %d: %v", r, from, err)
	}
	return got
}

func same(t *testing.T, got, want []oplog.Entry) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%d entries, want %d", len(got), len(want))
		return
	}
	for i := range want {
		a, errA := got[i].Encode()
		b, errB := want[i].Encode()
		if err := errors.Join(errA, errB); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(a, b) {
			t.Errorf("entry %d differs:\n got %x\nwant %x", want[i].Seq, a, b)
			return
		}
	}
}
