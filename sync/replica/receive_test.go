package replica_test

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
	"folkmoot/sync/oplog/oplogtest"
	"folkmoot/sync/replica"
	"folkmoot/sync/replica/replicatest"
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

// withoutNames gives entries as a device has them that cannot open what is personal.
func withoutNames(t *testing.T, frames [][]byte) (out [][]byte) {
	t.Helper()
	for _, data := range frames {
		e, err := oplog.Decode(data)
		if err != nil {
			t.Fatal(err)
		}
		if e.Class == oplog.Personal {
			e = e.Redact()
		}
		out = append(out, encoded(t, e))
	}
	return out
}

// A peer cannot take a name away by sending its entry without it, and holds nothing back
// by that: what comes after counts, and the name is filled in when it comes.
func TestReceiveRedacted(t *testing.T) {
	a := device(t, newDisk(), 1)
	do(t, a, append(room(1), vote(9, 0, moot.Agree, 1))...)
	whole := frames(t, a)
	disk := newDisk()
	b := device(t, disk, 2)
	if got := receive(t, b, withoutNames(t, whole)); got.New != len(whole) || got.Gaps != 0 || got.Bad != 0 {
		t.Errorf("without names: %+v", got)
	}
	if personal(t, disk) || len(b.Bare()) == 0 || b.View().Votes != a.View().Votes || b.View().Digest() == a.View().Digest() {
		t.Errorf("without names: %d lack, %d votes, of %d there", len(b.Bare()), b.View().Votes, a.View().Votes)
	}
	lacking := len(b.Bare())
	b.Close()
	b = device(t, disk, 2)
	if len(b.Bare()) != lacking {
		t.Errorf("opened again %d lack, before %d", len(b.Bare()), lacking)
	}
	if got := receive(t, b, withoutNames(t, whole)); got.Held != len(whole) || got.Filled != 0 || len(b.Bare()) != lacking {
		t.Errorf("without names once more: %+v", got)
	}
	if got := receive(t, b, append(whole, whole...)); got.New != 0 || got.Filled != lacking || !personal(t, disk) || len(b.Bare()) != 0 {
		t.Errorf("with names: %+v, %d lack", got, len(b.Bare()))
	}
	if b.View().Digest() != a.View().Digest() {
		t.Error("filled in, it means something else")
	}
	sameAsRebuilt(t, disk, b)
	if got := receive(t, b, withoutNames(t, whole)); got.Filled != 0 || !personal(t, disk) || b.View().Digest() != a.View().Digest() {
		t.Errorf("a name was taken away: %+v", got)
	}
}

// In one call an entry may come without its payload and whole.
func TestReceiveRedactedAndWhole(t *testing.T) {
	a := device(t, newDisk(), 1)
	do(t, a, append(room(1), vote(9, 0, moot.Agree, 1))...)
	whole := frames(t, a)
	disk := newDisk()
	b := device(t, disk, 2)
	if got := receive(t, b, append(withoutNames(t, whole), whole...)); got.New != len(whole) || got.Filled == 0 {
		t.Errorf("both at once: %+v", got)
	}
	if len(b.Bare()) != 0 || !personal(t, disk) || b.View().Digest() != a.View().Digest() {
		t.Errorf("%d lack", len(b.Bare()))
	}
	sameAsRebuilt(t, disk, b)
}

// sameAsRebuilt compares the rows and the state with what follows from the entries.
func sameAsRebuilt(t *testing.T, disk *replicatest.Disk, r *replica.Replica) {
	t.Helper()
	state, err := moot.FoldLog(options().Session, disk)
	if err != nil {
		t.Fatal(err)
	}
	if change, err := replica.Differences(disk, state); err != nil || !change.Empty() {
		t.Errorf("rows differ: %+v, %v", change, err)
	}
	if state.View().Digest() != r.View().Digest() {
		t.Error("the state is not what its entries add up to")
	}
}

// Where names were erased, entries without them lack nothing, and names stay away.
func TestReceiveErased(t *testing.T) {
	a, b := device(t, newDisk(), 1), device(t, newDisk(), 2)
	do(t, a, append(room(1), vote(9, 0, moot.Agree, 1))...)
	whole := frames(t, a)
	receive(t, b, withoutNames(t, whole))
	do(t, a, moot.Item{CID: cid(1), Payload: &moot.Unlink{At: 1}})
	told := frames(t, a)
	if got := receive(t, b, told); got.New == 0 || len(b.Bare()) != 0 || b.View().Digest() != a.View().Digest() {
		t.Errorf("the act that erased names: %+v, %d lack", got, len(b.Bare()))
	}
	if got := receive(t, b, whole); got.Filled != 0 || b.View().Digest() != a.View().Digest() {
		t.Errorf("a name came back: %+v", got)
	}
	if got := receive(t, device(t, newDisk(), 3), told); got.New != len(told) {
		t.Errorf("together with the act that erased it: %+v", got)
	}
	c := device(t, newDisk(), 4)
	if _, err := c.Obey(context.Background(), a.View().Rules); err != nil {
		t.Fatal(err)
	}
	if got := receive(t, c, told[:2]); got.New != 2 || len(c.Bare()) != 0 {
		t.Errorf("once it is known that names were erased: %+v", got)
	}
}

// A commit that fails leaves the entry as it lies on the disk.
func TestReceiveFillFails(t *testing.T) {
	a := device(t, newDisk(), 1)
	do(t, a, append(room(1), vote(9, 0, moot.Agree, 1))...)
	whole := frames(t, a)
	disk := newDisk()
	b := device(t, disk, 2)
	receive(t, b, withoutNames(t, whole))
	lacking := len(b.Bare())
	disk.SetFail(func() (bool, error) { return false, errors.New("no") })
	if _, err := b.Receive(context.Background(), whole); !errors.Is(err, replica.ErrAgain) {
		t.Fatalf("a failed commit: %v", err)
	}
	disk.SetFail(nil)
	if got := receive(t, b, whole); got.Filled != lacking || len(b.Bare()) != 0 || !personal(t, disk) {
		t.Errorf("afterwards: %+v", got)
	}
}

func personal(t *testing.T, disk *replicatest.Disk) (found bool) {
	t.Helper()
	err := oplog.All(disk, func(e oplog.Entry) bool {
		found = found || e.Class == oplog.Personal && !e.Redacted()
		return true
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// After an unclean end rows that do not follow from the entries are mended; after a
// clean one nobody looks.
func TestMend(t *testing.T) {
	disk := newDisk()
	r := device(t, disk, 1)
	do(t, r, room(2)...)
	do(t, r, vote(1, 0, moot.Agree, 10))
	r.Close()
	state, err := moot.FoldLog(oplog.SessionID{1}, disk)
	if err != nil {
		t.Fatal(err)
	}
	if change, err := replica.Differences(disk, state); err != nil || !change.Empty() {
		t.Fatalf("after an orderly end %d rows differ: %v", len(change.Rows), err)
	}
	id := cid(1)
	for table, key := range map[string]string{moot.RowStatement: string([]byte{2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}), moot.RowReceipt: string(id[:])} {
		if err := disk.Spoil(table, key, []byte{1}); err != nil {
			t.Fatal(err)
		}
	}
	device(t, disk, 1).Close()
	if change, err := replica.Differences(disk, state); err != nil || len(change.Rows) != 2 {
		t.Errorf("%d rows differ, want 2: %v", len(change.Rows), err)
	}
	o := options()
	o.Unclean = true
	again, err := replica.Open(disk, o)
	if err != nil {
		t.Fatal(err)
	}
	again.Close()
	if change, err := replica.Differences(disk, state); err != nil || !change.Empty() {
		t.Errorf("%d rows still differ: %v", len(change.Rows), err)
	}
}

// Two failures within a minute make the record read-only; it is tried again after five
// seconds, and works once there is room.
func TestReadOnly(t *testing.T) {
	disk := newDisk()
	now := time.UnixMilli(1_790_000_000_000)
	o := options()
	o.Now = func() time.Time { return now }
	r, err := replica.Open(disk, o)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	do(t, r, room(1)...)
	commits := 0
	disk.SetFail(func() (bool, error) { commits++; return false, replica.ErrFull })
	item := vote(1, 0, moot.Agree, 10)
	try := func() error { _, err := r.Do(context.Background(), item); return err }
	if err := try(); !errors.Is(err, replica.ErrAgain) || !errors.Is(err, replica.ErrFull) || r.Health().ReadOnly || !r.Health().Full {
		t.Errorf("after one failure: %v, %+v", err, r.Health())
	}
	now = now.Add(20 * time.Second)
	changed := r.Changed()
	if err := try(); !errors.Is(err, replica.ErrAgain) || !r.Health().ReadOnly {
		t.Errorf("after two: %v, %+v", err, r.Health())
	}
	select {
	case <-changed:
	default:
		t.Error("nobody was told")
	}
	tried := commits
	if err := try(); !errors.Is(err, replica.ErrReadOnly) || !errors.Is(err, replica.ErrFull) || commits != tried {
		t.Errorf("at once: %v, %d writings", err, commits-tried)
	}
	if got := len(frames(t, r)); got != 3 {
		t.Errorf("%d entries can be read, want 3", got)
	}
	disk.SetFail(nil)
	now = now.Add(5 * time.Second)
	if out := do(t, r, item); out[0].Receipt == "" || r.Health() != (replica.Health{}) {
		t.Errorf("once there is room: %+v, %+v", out[0], r.Health())
	}
}

// Who gives up waiting learns nothing of what the writer is still at.
func TestObeyGivenUp(t *testing.T) {
	disk := newDisk()
	r := device(t, disk, 1)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	done := make(chan struct{})
	disk.SetFail(func() (bool, error) { // the acts are made, and wait for the disk
		cancel()
		<-done
		return false, nil
	})
	news, err := r.Obey(ctx, moot.Rules{Unlinked: true})
	close(done)
	if news != 0 || !errors.Is(err, context.Canceled) {
		t.Errorf("%d acts, %v", news, err)
	}
}

// Where names have to be erased still, or a split log to be left, and the disk has no
// room for it, the session opens for reading; all of it is done once there is room.
func TestOpenWithWorkLeftOnAFullDisk(t *testing.T) {
	full := func() (bool, error) { return false, replica.ErrFull }
	erase := func(t *testing.T) *replicatest.Disk {
		disk := newDisk()
		r := device(t, disk, 1)
		do(t, r, room(1)...)
		calls := 0
		disk.SetFail(func() (bool, error) {
			if calls++; calls == 1 { // the act is committed, and then there is no room
				return false, nil
			}
			return full()
		})
		unlink := moot.Item{CID: cid(1), Payload: &moot.Unlink{At: 1}}
		if _, err := r.Do(context.Background(), unlink); !errors.Is(err, replica.ErrAgain) {
			t.Fatalf("names are said to be erased: %v", err)
		}
		r.Close()
		return disk
	}
	split := func(t *testing.T) *replicatest.Disk {
		disk := newDisk()
		a := device(t, disk, 1)
		do(t, a, room(1)...)
		old := disk.Copy()
		do(t, a, vote(1, 0, moot.Agree, 1))
		twin := device(t, old, 1)
		do(t, twin, vote(2, 0, moot.Disagree, 1))
		receive(t, twin, frames(t, a)) // shows the split, and goes on under a key that is lost
		twin.Close()
		return old
	}
	for name, made := range map[string]func(*testing.T) *replicatest.Disk{"erase": erase, "split": split} {
		for _, unsettled := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, unsettled %t", name, unsettled), func(t *testing.T) {
				disk, keys, o := made(t), 0, options()
				o.Key, o.Unsettled = ed25519.NewKeyFromSeed(append(make([]byte, 31), 1)), unsettled
				o.NewKey = func() (ed25519.PrivateKey, error) {
					keys++
					return ed25519.NewKeyFromSeed(append(make([]byte, 31), byte(renewed.Add(1)))), nil
				}
				disk.SetFail(full)
				r, err := replica.Open(disk, o)
				if err != nil {
					t.Fatalf("it cannot even be read: %v", err)
				}
				defer r.Close()
				if len(r.View().Statements) != 1 || len(frames(t, r)) == 0 || r.Health().Full == unsettled {
					t.Errorf("%d statements, %d entries, %+v", len(r.View().Statements), len(frames(t, r)), r.Health())
				}
				if unsettled && keys > 0 {
					t.Error("a key was made though nothing can be written yet")
				}
				item := moot.Item{CID: cid(9), Payload: &moot.SetField{Field: moot.Title, Value: "on", Rev: 1}}
				if _, err := r.Do(context.Background(), item); !errors.Is(err, replica.ErrAgain) || !errors.Is(err, replica.ErrFull) {
					t.Errorf("while there is no room: %v", err)
				}
				disk.SetFail(nil)
				if out := do(t, r, item); out[0].Receipt == "" || r.Health() != (replica.Health{}) {
					t.Errorf("once there is room: %+v, %+v", out[0], r.Health())
				}
				if personal(t, disk) && name == "erase" {
					t.Error("a name is still there")
				}
				if splits := r.View().Splits; len(splits) > 0 && splits[0].Replica == r.Own() {
					t.Error("it writes on in the log that has split")
				}
			})
		}
	}
}

// Where little room is left, votes and what a host does are taken, and nothing else.
func TestLow(t *testing.T) {
	r := device(t, newDisk(), 1)
	do(t, r, room(1)...)
	r.SetLow(true)
	statement := moot.Item{CID: cid(5), Payload: &moot.NewStatement{Text: "more", Lang: "en", Standing: moot.Approved}}
	out := do(t, r, vote(1, 0, moot.Agree, 1), statement)
	if out[0].Receipt == "" || out[1].Refusal == nil || out[1].Refusal.Code != moot.DiskLow {
		t.Errorf("vote %+v, statement %+v", out[0], out[1])
	}
	r.SetLow(false)
	if out := do(t, r, statement); out[0].Receipt == "" {
		t.Errorf("once there is room: %+v", out[0])
	}
}
