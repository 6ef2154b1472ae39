package replica_test

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
	"folkmoot/sync/replica"
	"folkmoot/sync/replica/replicatest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func newDisk() *replicatest.Disk { return replicatest.NewDisk() }

func options() replica.Options {
	key := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	return replica.Options{Session: oplog.SessionID{1}, Key: key, Name: "test", Now: slowly(), Random: rand.Reader}
}

// slowly gives a clock on which an hour passes between two looks, so that two failures
// are never close to each other.
func slowly() func() time.Time {
	var looks atomic.Int64
	return func() time.Time {
		return time.UnixMilli(1_790_000_000_000).Add(time.Duration(looks.Add(1)) * time.Hour)
	}
}

func open(t testing.TB, disk replica.Disk) *replica.Replica {
	t.Helper()
	r, err := replica.Open(disk, options())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.Close)
	return r
}

var person = moot.ParticipantID{7}

func cid(n int) oplog.ItemID {
	return oplog.ItemID{9, byte(n >> 16), byte(n >> 8), byte(n)}
}

// room gives the items of a session with one person and some statements, whose
// ids are those of the items.
func room(statements int) []moot.Item {
	items := []moot.Item{{CID: oplog.ItemID{1}, Payload: &moot.SetPerson{Person: person, Field: moot.PersonNumber, Value: "12", Rev: 1}}}
	for i := range statements {
		items = append(items, moot.Item{CID: oplog.ItemID{2, byte(i >> 8), byte(i)}, Payload: &moot.NewStatement{Text: fmt.Sprintf("statement %d", i), Lang: "en", Standing: moot.Approved}})
	}
	return items
}

func vote(n, statement int, value moot.Vote, rev uint64) moot.Item {
	return moot.Item{CID: cid(n), Payload: &moot.SetVote{Person: person, Statement: moot.StatementID{2, byte(statement >> 8), byte(statement)}, Value: value, Rev: rev, Open: true}}
}

func do(t testing.TB, r *replica.Replica, items ...moot.Item) []moot.Outcome {
	t.Helper()
	out, err := r.Do(context.Background(), items...)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestDo(t *testing.T) {
	disk := newDisk()
	r := open(t, disk)
	do(t, r, room(3)...)
	changed := r.Changed()
	out := do(t, r, vote(1, 0, moot.Agree, 10), vote(2, 1, moot.Pass, 10), vote(3, 99, moot.Agree, 10), vote(4, 0, moot.Disagree, 10))
	if out[0].Receipt == "" || out[1].Receipt == "" || out[0].Again {
		t.Errorf("saved: %+v, %+v", out[0], out[1])
	}
	if out[2].Refusal == nil || out[2].Refusal.Code != moot.UnknownStatement {
		t.Errorf("unknown statement: %+v", out[2])
	}
	if out[3].Stale == nil || out[3].Stale.Rev != 10 || out[3].Stale.Value != "agree" {
		t.Errorf("same revision again: %+v", out[3])
	}
	select {
	case <-changed:
	default:
		t.Error("no change was signalled")
	}
	if got := r.View().Votes; got != 2 {
		t.Errorf("votes %d, want 2", got)
	}
	again := do(t, r, vote(1, 0, moot.Agree, 10))
	if !again[0].Again || again[0].Receipt != out[0].Receipt {
		t.Errorf("the same item again: %+v, first %+v", again[0], out[0])
	}
}

func TestReopen(t *testing.T) {
	disk := newDisk()
	r := open(t, disk)
	do(t, r, room(2)...)
	if _, err := r.Admit(context.Background(), oplog.Hash{5}, person, vote(1, 0, moot.Agree, 1)); err != nil {
		t.Fatal(err)
	}
	digest := r.View().Digest()
	r.Close()
	again := open(t, disk)
	if got := again.View().Digest(); got != digest {
		t.Errorf("digest %s after opening again, %s before", got, digest)
	}
	if id, ok := again.Person(oplog.Hash{5}); !ok || id != person {
		t.Errorf("token belongs to %v, %t", id, ok)
	}
	if out := do(t, again, vote(1, 0, moot.Agree, 1)); !out[0].Again {
		t.Errorf("sent again after a restart: %+v", out[0])
	}
}

// A failed commit means "unknown": whether or not the entries reached the disk,
// sending the same items again counts each once, and the replica goes on.
func TestFailedCommit(t *testing.T) {
	for _, stored := range []bool{false, true} {
		t.Run(fmt.Sprintf("stored=%t", stored), func(t *testing.T) {
			disk := newDisk()
			r := open(t, disk)
			do(t, r, room(3)...)
			disk.SetFail(func() (bool, error) { return stored, errors.New("input/output error") })
			_, err := r.Do(context.Background(), vote(1, 0, moot.Agree, 1), vote(2, 1, moot.Agree, 1))
			if !errors.Is(err, replica.ErrAgain) {
				t.Fatalf("error %v, want ErrAgain", err)
			}
			if got := r.View().Votes; got != 0 && !stored {
				t.Errorf("%d votes seen that are not on the disk", got)
			}
			disk.SetFail(nil)
			before := r.View()
			out := do(t, r, vote(1, 0, moot.Agree, 1), vote(2, 1, moot.Agree, 1), vote(3, 2, moot.Agree, 1))
			if out[0].Again != stored || out[2].Again {
				t.Errorf("again: %+v", out)
			}
			if got := r.View().Votes; got != 3 {
				t.Errorf("votes %d, want 3", got)
			}
			if after := r.View(); after.Shape < before.Shape || after.Version <= before.Version {
				t.Errorf("the numbers of Views went back: %d, %d after %d, %d", after.Shape, after.Version, before.Shape, before.Version)
			}
			check(t, disk, r)
		})
	}
}

// What a failed commit left readable is not called saved before it was synced.
func TestNothingUnsyncedIsSaved(t *testing.T) {
	disk := newDisk()
	r := open(t, disk)
	do(t, r, room(3)...)
	disk.SetFail(func() (bool, error) { return true, errors.New("input/output error") })
	item := vote(1, 0, moot.Agree, 1)
	for range 3 {
		if _, err := r.Do(context.Background(), item); !errors.Is(err, replica.ErrAgain) {
			t.Fatalf("error %v while the disk fails, want ErrAgain", err)
		}
	}
	disk.SetFail(nil)
	if out := do(t, r, item); !out[0].Again || disk.Unsynced() {
		t.Errorf("said to be saved: %+v, not synced: %t", out[0], disk.Unsynced())
	}
}

// check reads the disk's chain whole and compares its state with the replica's.
func check(t *testing.T, disk *replicatest.Disk, r *replica.Replica) {
	t.Helper()
	chain, state := oplog.NewChain(oplog.SessionID{1}), moot.NewState(oplog.SessionID{1})
	err := oplog.All(disk, func(e oplog.Entry) bool {
		if err := errors.Join(chain.Next(e), state.Apply(e)); err != nil {
			t.Error(err)
		}
		return true
	})
	if err != nil {
		t.Error(err)
	}
	if got, want := r.View().Digest(), state.View().Digest(); got != want {
		t.Errorf("the replica's state %s is not that of its record %s", got, want)
	}
}

func TestManyCallers(t *testing.T) {
	disk := newDisk()
	r := open(t, disk)
	do(t, r, room(1)...)
	const callers, each = 200, 10
	failing := 0
	disk.SetFail(func() (bool, error) {
		if failing++; failing%7 == 0 {
			return failing%2 == 0, errors.New("now and then")
		}
		return false, nil
	})
	var wait sync.WaitGroup
	for c := range callers {
		wait.Go(func() {
			who := moot.ParticipantID{8, byte(c)}
			for i := range each {
				p := moot.Payload(&moot.SetPerson{Person: who, Field: moot.PersonName, Value: fmt.Sprint(i), Rev: uint64(i + 1)})
				it := moot.Item{CID: cid(1000 + c*each + i), Payload: p}
				for {
					_, err := r.Do(context.Background(), it)
					if err == nil {
						break
					}
					if !errors.Is(err, replica.ErrAgain) {
						t.Errorf("caller %d: %v", c, err)
						return
					}
				}
			}
		})
	}
	wait.Wait()
	disk.SetFail(nil)
	for c := range callers {
		if got := r.View().Person(moot.ParticipantID{8, byte(c)}).Get(moot.PersonName); got != fmt.Sprint(each-1) {
			t.Errorf("caller %d ends at %q", c, got)
		}
	}
	check(t, disk, r)
}

func TestClose(t *testing.T) {
	r := open(t, newDisk())
	var wait sync.WaitGroup
	for c := range 50 {
		wait.Go(func() {
			for i := 0; ; i++ {
				_, err := r.Do(context.Background(), moot.Item{CID: cid(c*100000 + i), Payload: &moot.SetField{Field: moot.Field(fmt.Sprint("f", c)), Value: "x", Rev: uint64(i + 1)}})
				if errors.Is(err, replica.ErrClosed) {
					return
				}
				if err != nil {
					t.Errorf("caller %d: %v", c, err)
					return
				}
			}
		})
	}
	<-r.Changed()
	r.Close()
	wait.Wait() // nobody is left waiting
}

func TestOpenRefusesDamage(t *testing.T) {
	disk := newDisk()
	r := open(t, disk)
	do(t, r, room(3)...)
	r.Close()
	heads, _ := disk.Heads()
	short := newDisk()
	err := oplog.All(disk, func(e oplog.Entry) bool {
		if e.Seq < heads[e.Replica].Seq {
			short.Append([]oplog.Entry{e})
		}
		return true
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = replica.Open(cutDisk{short, heads}, options())
	if !errors.Is(err, oplog.ErrGap) {
		t.Errorf("a cut-off tail: %v, want ErrGap", err)
	}
}

// cutDisk claims heads that its entries do not reach.
type cutDisk struct {
	*replicatest.Disk
	heads oplog.Heads
}

// Heads gives what is claimed; the entries end before.
func (c cutDisk) Heads() (oplog.Heads, error) { return c.heads, nil }

func (c cutDisk) Entries(r oplog.ReplicaID, from uint64, yield func(oplog.Entry) bool) error {
	return c.Disk.Entries(r, from, yield)
}

// Where a device's log has split and it cannot have another key, it can be read and is
// not written to: nothing that it wrote there would count.
func TestSplitWithoutNewKey(t *testing.T) {
	disk := newDisk()
	r := open(t, disk)
	do(t, r, room(1)...)
	copied := disk.Copy()
	do(t, r, vote(1, 0, moot.Agree, 1))
	twin := open(t, copied)
	do(t, twin, vote(2, 0, moot.Disagree, 1))
	var frames [][]byte
	err := oplog.All(disk, func(e oplog.Entry) bool {
		data, err := e.Encode()
		frames = append(frames, data)
		return err == nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := twin.Receive(context.Background(), frames); !errors.Is(err, oplog.ErrKey) {
		t.Errorf("the fork is shown: %v, want ErrKey", err)
	}
	twin.Close()
	// Another device, which may write, has proven the fork; its log comes to the first.
	third := options()
	third.NewKey = func() (ed25519.PrivateKey, error) {
		return ed25519.NewKeyFromSeed(append(make([]byte, ed25519.SeedSize-1), 3)), nil
	}
	prover, err := replica.Open(copied, third)
	if err != nil {
		t.Fatal(err)
	}
	defer prover.Close()
	if _, err := prover.Receive(context.Background(), frames); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Obey(context.Background(), prover.View().Rules); err != nil {
		t.Fatal(err)
	}
	r.Close()
	again := open(t, disk)
	if got := again.View(); got.Votes != 0 || len(got.Splits) != 1 {
		t.Errorf("%d votes, splits %+v", got.Votes, got.Splits)
	}
	if _, err := again.Do(context.Background(), vote(3, 0, moot.Agree, 2)); !errors.Is(err, oplog.ErrKey) {
		t.Errorf("written on: %v, want ErrKey", err)
	}
}

// Vouch signs with the key of the log that is written at the moment.
func TestVouch(t *testing.T) {
	o := options()
	o.NewKey = func() (ed25519.PrivateKey, error) { return ed25519.NewKeyFromSeed(append(make([]byte, 31), 1)), nil }
	r, err := replica.Open(newDisk(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.Close)
	checkVouch := func() oplog.ReplicaID {
		id, sig := r.Vouch([]byte("a message"))
		var key ed25519.PublicKey
		r.Entries(id, 1, func(e oplog.Entry) bool { key, _ = oplog.KeyIn(e); return false })
		if id != r.Own() || key == nil || !ed25519.Verify(key, []byte("a message"), sig) {
			t.Errorf("log %s, key %x, signature %x", id, key, sig)
		}
		return id
	}
	do(t, r, room(1)...)
	first := checkVouch()
	if err := r.Renew(context.Background(), "test"); err != nil {
		t.Fatal(err)
	}
	if checkVouch() == first {
		t.Error("still the old key")
	}
}
