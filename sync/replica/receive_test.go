package replica_test

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"strings"
	"sync/atomic"
	"testing"

	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
	"folkmoot/sync/oplog/oplogtest"
	"folkmoot/sync/replica"
)

// renewed counts the keys that devices made anew: no two are alike.
var renewed atomic.Int64

func init() { renewed.Store(100) }

// device opens a replica with a key of its own; renewed keys follow from it.
func device(t testing.TB, disk replica.Disk, seed byte) *replica.Replica {
	t.Helper()
	o := options()
	o.Key = ed25519.NewKeyFromSeed(append(make([]byte, 31), seed))
	o.NewKey = func() (ed25519.PrivateKey, error) {
		return ed25519.NewKeyFromSeed(append(make([]byte, 31), byte(renewed.Add(1)))), nil
	}
	r, err := replica.Open(disk, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.Close)
	return r
}

// frames gives everything that a replica holds, as a peer sends it.
func frames(t testing.TB, r *replica.Replica) [][]byte {
	t.Helper()
	heads, err := r.Heads()
	if err != nil {
		t.Fatal(err)
	}
	var out [][]byte
	for _, id := range heads.Replicas() {
		err := r.Entries(id, 1, func(e oplog.Entry) bool {
			out = append(out, encoded(t, e))
			return true
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return out
}

func encoded(t testing.TB, e oplog.Entry) []byte {
	t.Helper()
	data, err := e.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func receive(t testing.TB, r *replica.Replica, frames [][]byte) replica.Received {
	t.Helper()
	got, err := r.Receive(context.Background(), frames)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestReceive(t *testing.T) {
	a, b := device(t, newDisk(), 1), device(t, newDisk(), 2)
	do(t, a, room(3)...)
	do(t, b, room(3)...)
	do(t, a, vote(1, 0, moot.Agree, 10), vote(2, 1, moot.Pass, 10))
	do(t, b, vote(3, 0, moot.Disagree, 11), vote(2, 1, moot.Pass, 10)) // the second went to both
	fromA := frames(t, a)
	got := receive(t, b, fromA)
	if got.New != len(fromA) || got.Held+got.Bad+got.Gaps != 0 || len(got.Heads) != 2 {
		t.Errorf("received %+v of %d", got, len(fromA))
	}
	receive(t, a, frames(t, b))
	if x, y := a.View(), b.View(); x.Digest() != y.Digest() || x.Votes != 2 || x.Person(person).Vote(moot.StatementID{2, 0, 0}).Value != moot.Disagree {
		t.Errorf("states %s and %s, %d votes", x.Digest(), y.Digest(), x.Votes)
	}
	if again := receive(t, b, fromA); again.New != 0 || again.Held != len(fromA) {
		t.Errorf("received twice: %+v", again)
	}
	if out := do(t, b, vote(1, 0, moot.Agree, 10)); !out[0].Again {
		t.Errorf("an item that came with the other's entries counts again: %+v", out[0])
	}
}

// What is wrong goes into quarantine, and holds back nothing but its own log.
func TestReceiveRefuses(t *testing.T) {
	session := oplog.SessionID{1}
	pen, other := oplogtest.NewPen(session, 1), oplogtest.NewPen(session, 2)
	log, fine := pen.Log(5), other.Log(3)
	stranger := oplogtest.NewPen(oplog.SessionID{7}, 3).Log(1)
	forged := log[2]
	forged.Sig[5] ^= 1
	changed := log[2]
	changed.Payload = append([]byte{}, log[1].Payload...)
	for _, c := range []struct {
		name string
		sent [][]byte
		want replica.Received
		bad  int
	}{
		{"no entry at all", [][]byte{{1, 2, 3}}, replica.Received{Bad: 1}, 1},
		{"a forged signature", [][]byte{encoded(t, log[0]), encoded(t, log[1]), encoded(t, forged), encoded(t, log[3])}, replica.Received{New: 2, Bad: 1}, 1},
		{"a changed payload", [][]byte{encoded(t, log[0]), encoded(t, log[1]), encoded(t, changed), encoded(t, log[3])}, replica.Received{New: 2, Bad: 1}, 1},
		{"another session", [][]byte{encoded(t, stranger[0])}, replica.Received{Bad: 1}, 1},
		{"a log without its beginning", [][]byte{encoded(t, log[1]), encoded(t, log[2])}, replica.Received{Gaps: 1}, 0},
		{"a gap", [][]byte{encoded(t, log[0]), encoded(t, log[2])}, replica.Received{New: 1, Gaps: 1}, 0},
	} {
		disk := newDisk()
		r := device(t, disk, 9)
		got := receive(t, r, c.sent)
		if got.New != c.want.New || got.Bad != c.want.Bad || got.Gaps != c.want.Gaps || len(disk.Bad()) != c.bad {
			t.Errorf("%s: %+v, %d in quarantine", c.name, got, len(disk.Bad()))
		}
		var rest [][]byte
		for _, e := range append(fine, log...) {
			rest = append(rest, encoded(t, e))
		}
		if receive(t, r, rest); !holdsAll(t, r, len(fine)+len(log)) {
			t.Errorf("%s: what came afterwards was held back", c.name)
		}
	}
	r := device(t, newDisk(), 9)
	if _, err := r.Receive(context.Background(), make([][]byte, replica.MaxReceived+1)); !errors.Is(err, replica.ErrTooMany) {
		t.Errorf("too many at a time: %v", err)
	}
}

// What could not be read again once it lies sealed on the disk is not taken: one such
// entry would keep the session from opening, on every device that it comes to.
func TestReceiveRefusesWhatSealingMakesTooBig(t *testing.T) {
	for _, c := range []struct {
		name          string
		kind, payload int // bytes
		want          int // of the log's two entries
	}{
		{"as large as it may be", 4, oplog.MaxPersonal, 2},
		{"one byte more", 4, oplog.MaxPersonal + 1, 1},
		{"too large only once it is sealed", 4, oplog.MaxPersonal + 50, 1},
		{"a kind that leaves no room for the seal", oplog.MaxEntry - 480, 200, 1},
	} {
		disk := newDisk()
		r := device(t, disk, 9)
		got := receive(t, r, personalLog(t, strings.Repeat("k", c.kind), c.payload))
		if got.New != c.want || got.Bad != 2-c.want {
			t.Errorf("%s: %+v, want %d new", c.name, got, c.want)
		}
	}
}

// personalLog gives a log of two entries, the second one personal, which need not be
// such as an oplog.Writer makes.
func personalLog(t testing.TB, kind string, size int) [][]byte {
	t.Helper()
	session, private := oplog.SessionID{1}, ed25519.NewKeyFromSeed(append(make([]byte, 31), 77))
	writer := oplog.NewWriter(session, private, oplog.Head{}, oplog.NewClock(oplog.Time{}), rand.Reader)
	draft, err := writer.Open("other")
	if err != nil {
		t.Fatal(err)
	}
	first, err := writer.Write(draft, 1)
	if err != nil {
		t.Fatal(err)
	}
	payload, err := oplog.Marshal(make([]byte, size-3)) // three say how long it is
	if size < 260 {
		payload, err = oplog.Marshal(make([]byte, size-2))
	}
	if err != nil || len(payload) != size {
		t.Fatalf("payload of %d bytes, %v", len(payload), err)
	}
	salt := make([]byte, 16)
	header, err := oplog.Marshal(oplog.Header{Format: oplog.Format, Session: session, Replica: writer.Replica(), Seq: 2, Prev: first.Hash(),
		Time: first.Time, Kind: kind, Schema: 1, CID: cid(1), Class: oplog.Personal, PHash: sha256.Sum256(append(salt, payload...))})
	if err != nil {
		t.Fatal(err)
	}
	second, err := oplog.Marshal([]any{header, ed25519.Sign(private, append([]byte("folkmoot entry 1\x00"), header...)), salt, payload})
	if err != nil {
		t.Fatal(err)
	}
	if len(second) > oplog.MaxEntry {
		t.Fatalf("an entry of %d bytes", len(second))
	}
	return [][]byte{encoded(t, first), second}
}

func holdsAll(t *testing.T, r *replica.Replica, n int) bool { return len(frames(t, r)) == n }

// A session has no more logs than a session needs: else a stranger fills the disk.
func TestReceiveTakesSoManyLogs(t *testing.T) {
	r := device(t, newDisk(), 9)
	gaps := 0
	for i := range replica.MaxReplicas + 2 {
		gaps += receive(t, r, [][]byte{encoded(t, oplogtest.NewPen(oplog.SessionID{1}, uint64(i)).Open())}).Gaps
	}
	if got := len(frames(t, r)); got != replica.MaxReplicas || gaps != 2 {
		t.Errorf("%d logs are held and %d refused", got, gaps)
	}
}

// I9: two devices that wrote with one key never merge silently: both end with the proof,
// the one whose key it is goes on under another, and nothing from the split on counts
// until a branch is named. Then everybody holds that branch.
func TestClone(t *testing.T) {
	disk := newDisk()
	a := device(t, disk, 1)
	do(t, a, room(2)...)
	clone := device(t, disk.Copy(), 1)
	do(t, a, vote(1, 0, moot.Agree, 10))
	do(t, clone, vote(2, 0, moot.Disagree, 20), vote(3, 1, moot.Disagree, 20))
	got := receive(t, a, frames(t, clone))
	if len(got.Forks) != 1 || got.New != 0 {
		t.Fatalf("received %+v", got)
	}
	v := a.View()
	if len(v.Splits) != 1 || v.Votes != 0 {
		t.Fatalf("splits %+v, %d votes count", v.Splits, v.Votes)
	}
	do(t, a, vote(4, 1, moot.Pass, 30)) // goes on under a key of its own
	if a.View().Votes != 1 {
		t.Errorf("%d votes after the new key, want 1", a.View().Votes)
	}
	receive(t, clone, frames(t, a))
	receive(t, a, frames(t, clone))
	if x, y := a.View(), clone.View(); x.Votes != y.Votes || len(y.Splits) != 1 {
		t.Errorf("%d and %d votes, splits %+v", x.Votes, y.Votes, y.Splits)
	}
	split := a.View().Splits[0]
	theirs := clone.View().Splits[0].Held
	if theirs == split.Held {
		t.Fatal("both hold one branch")
	}
	do(t, a, moot.Item{CID: cid(50), Payload: &moot.Branch{Replica: split.Replica, Seq: split.Seq, Hash: theirs, Rev: 1}})
	receive(t, a, frames(t, clone))
	receive(t, clone, frames(t, a))
	x, y := a.View(), clone.View()
	if x.Digest() != y.Digest() || x.Votes != 2 || x.Person(person).Vote(moot.StatementID{2}).Value != moot.Disagree {
		t.Errorf("states %s and %s, %d votes, %+v", x.Digest(), y.Digest(), x.Votes, x.Splits)
	}
	if len(disk.Bad()) == 0 {
		t.Error("the branch that was not named was thrown away")
	}
}

// A device that was restored from an older copy learns from a peer how far it had
// written, takes that, and goes on under another key.
func TestRestored(t *testing.T) {
	disk := newDisk()
	a, peer := device(t, disk, 1), device(t, newDisk(), 2)
	do(t, a, room(2)...)
	old := disk.Copy()
	do(t, a, vote(1, 0, moot.Agree, 10))
	receive(t, peer, frames(t, a))
	restored := device(t, old, 1)
	got := receive(t, restored, frames(t, peer))
	if got.New == 0 || len(got.Forks) != 0 || restored.View().Votes != 1 {
		t.Errorf("received %+v, %d votes", got, restored.View().Votes)
	}
	do(t, restored, vote(2, 1, moot.Pass, 10))
	if got := receive(t, peer, frames(t, restored)); len(got.Forks) != 0 || peer.View().Digest() != restored.View().Digest() || peer.View().Votes != 2 {
		t.Errorf("received %+v, %d votes", got, peer.View().Votes)
	}
}

// Erased names are gone here, and on every device that hears of it.
func TestUnlink(t *testing.T) {
	x, y := newDisk(), newDisk()
	a, b := device(t, x, 1), device(t, y, 2)
	do(t, a, room(1)...)
	receive(t, b, frames(t, a))
	do(t, a, moot.Item{CID: cid(1), Payload: &moot.Unlink{At: 1}})
	if a.View().Person(person) != nil || personal(t, x) {
		t.Error("a name is still there")
	}
	receive(t, b, frames(t, a))
	if personal(t, y) || a.View().Digest() != b.View().Digest() {
		t.Error("the other device keeps the name")
	}
	do(t, b, vote(3, 0, moot.Agree, 1)) // nobody of that id is known any more
	if out := do(t, b, room(0)...); out[0].Refusal == nil && !out[0].Again {
		t.Errorf("the name came back: %+v", out[0])
	}
}

// An act stands in its own class only: a name that is public would stay when names are
// erased, and a vote that is personal would go with them.
func TestReceiveRefusesAnotherClass(t *testing.T) {
	act := func(p moot.Payload, class oplog.Class) oplog.Draft {
		d, err := moot.Item{CID: cid(1), Payload: p}.Draft()
		if err != nil {
			t.Fatal(err)
		}
		d.Class = class
		return d
	}
	name := &moot.SetPerson{Person: person, Field: moot.PersonName, Value: "Ada", Rev: 1}
	source := &moot.SetPerson{Person: person, Field: moot.PersonSource, Value: string(moot.Imported), Rev: 1}
	vote := &moot.SetVote{Person: person, Statement: moot.StatementID{2}, Value: moot.Agree, Rev: 1, Open: true}
	other := act(vote, oplog.Personal)
	other.Kind = "not known here"
	for n, c := range []struct {
		name  string
		draft oplog.Draft
		taken bool
	}{
		{"a personal name", act(name, oplog.Personal), true},
		{"a public name", act(name, oplog.Public), false},
		{"a public source", act(source, oplog.Public), true},
		{"a personal source", act(source, oplog.Personal), false},
		{"a public vote", act(vote, oplog.Public), true},
		{"a personal vote", act(vote, oplog.Personal), false},
		{"a kind that is not known", other, true},
	} {
		r, pen := device(t, newDisk(), 9), oplogtest.NewPen(oplog.SessionID{1}, uint64(n))
		got := receive(t, r, [][]byte{encoded(t, pen.Open()), encoded(t, pen.Write(c.draft))})
		if taken := got.New == 2 && got.Bad == 0; taken != c.taken || !taken && got.Bad != 1 {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
	r, pen := device(t, newDisk(), 9), oplogtest.NewPen(oplog.SessionID{1}, 50)
	if got := receive(t, r, [][]byte{encoded(t, pen.Open()), encoded(t, pen.Write(act(vote, oplog.Personal)).Redact())}); got.Bad != 1 {
		t.Errorf("a personal vote without its payload: %+v", got)
	}
	writer := oplog.NewWriter(oplog.SessionID{1}, ed25519.NewKeyFromSeed(append(make([]byte, 31), 77)), oplog.Head{}, oplog.NewClock(oplog.Time{}), rand.Reader)
	first, err := writer.Open("other")
	if err != nil {
		t.Fatal(err)
	}
	first.Class = oplog.Personal
	e, err := writer.Write(first, 1)
	if err != nil {
		t.Fatal(err)
	}
	if got := receive(t, r, [][]byte{encoded(t, e)}); got.Bad != 1 {
		t.Errorf("a key that is erased with the names: %+v", got)
	}
}
