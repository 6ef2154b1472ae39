package peer_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"testing"

	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
	"folkmoot/sync/peer"
)

// Two devices that wrote with one key: both come to know of it, neither goes on with that
// log, and nothing it says from there on counts until a facilitator names a branch.
func TestFork(t *testing.T) {
	for _, more := range []int{1, 3, 80} {
		a := newDevice(t, 1, peer.Options{})
		a.say(t, 1, 70)
		b := a.clone(t, 2, 1)
		b.next = 0
		old := a.Own()
		a.say(t, 3, 1)
		b.say(t, 4, more)
		exchange(t, a, b)
		exchange(t, b, a)
		for i, d := range []*device{a, b} {
			splits := d.View().Splits
			if len(splits) != 1 || splits[0].Replica != old || splits[0].Seq != 72 || splits[0].Named != (oplog.Hash{}) {
				t.Fatalf("device %d knows of the splits %+v", i, splits)
			}
			if d.Own() == old {
				t.Errorf("device %d writes on in the log that has split", i)
			}
			if got := len(d.View().Statements); got != 70 {
				t.Errorf("device %d counts %d statements, want the 70 before the split", i, got)
			}
		}
		if a.View().Digest() != b.View().Digest() {
			t.Error("the states differ though nothing of the branches counts")
		}
		sp := b.View().Splits[0]
		a.do(t, moot.Item{CID: oplog.ItemID{9}, Payload: &moot.Branch{Replica: old, Seq: sp.Seq, Hash: sp.Held, Rev: 1}})
		report := exchange(t, a, b)
		if got := len(a.View().Statements); got != 70+more {
			t.Errorf("%d statements after b's branch was named, want %d: %+v", got, 70+more, report)
		}
		same(t, a, b)
		if len(a.disk.Bad()) != 1 {
			t.Errorf("%d entries of the other branch in quarantine, want 1", len(a.disk.Bad()))
		}
		// What went with the branch is not called saved when it is sent once more.
		out, err := a.Do(context.Background(), moot.Item{CID: oplog.ItemID{3, 71}, Payload: &moot.NewStatement{Text: "statement 71 of 3", Lang: "en", Standing: moot.Approved}})
		if err != nil || out[0].Again || len(a.View().Statements) != 71+more {
			t.Errorf("sent again: %+v, %v, %d statements", out, err, len(a.View().Statements))
		}
	}
}

// What a peer pushes of another branch is answered with the proof.
func TestPushedFork(t *testing.T) {
	a := newDevice(t, 1, peer.Options{})
	a.say(t, 1, 2)
	b := a.clone(t, 2, 1)
	a.say(t, 3, 1)
	b.say(t, 4, 1)
	var frame []byte
	b.Entries(b.Own(), 4, func(e oplog.Entry) bool { frame, _ = e.Encode(); return false })
	got, err := a.side.Answer(context.Background(), "b", peer.Request{Protocol: peer.Protocol, Session: session, Call: peer.CallPush, Frames: [][]byte{frame}})
	if err != nil || got.Refused == nil || got.Refused.Status() != 409 || got.Rules == nil || len(got.Rules.Proofs) != 1 || got.Taken == nil {
		t.Fatalf("%+v, %v", got, err)
	}
	if _, _, seq, err := got.Rules.Proofs[0].Check(); seq != 4 || err != nil {
		t.Errorf("the proof is of entry %d, %v", seq, err)
	}
}

// A device that learns that others hold more of its own log than itself, since it was
// restored from an older copy, takes that and goes on in another log.
func TestRestored(t *testing.T) {
	a, b := newDevice(t, 1, peer.Options{}), newDevice(t, 2, peer.Options{})
	a.say(t, 1, 2)
	restored := a.clone(t, 3, 1)
	a.say(t, 1, 2)
	exchange(t, a, b)
	old := a.Own()
	exchange(t, restored, b)
	if restored.Own() == old {
		t.Fatal("the restored device goes on in the same log")
	}
	if splits := restored.View().Splits; len(splits) != 0 {
		t.Errorf("splits %+v", splits)
	}
	restored.say(t, 5, 1)
	exchange(t, restored, b)
	exchange(t, a, b)
	same(t, a, b, restored)
	if got := len(a.View().Statements); got != 5 {
		t.Errorf("%d statements, want 5", got)
	}
}

// A device that meets its own copy goes on under another key before both have written;
// one that meets itself does not.
func TestTwin(t *testing.T) {
	a := newDevice(t, 1, peer.Options{Instance: 1})
	a.say(t, 1, 2)
	b := start(t, a.disk.Copy(), 2, 1, peer.Options{Instance: 2})
	if report := exchange(t, a, a); report.Twin {
		t.Error("it took itself for a copy")
	}
	if report := exchange(t, b, a); !report.Twin || a.Own() == b.Own() {
		t.Errorf("both write one log: %+v", report)
	}
	a.say(t, 3, 1)
	b.say(t, 4, 1)
	exchange(t, a, b)
	same(t, a, b)
	if got := len(a.View().Statements); got != 4 || len(a.View().Splits) != 0 {
		t.Errorf("%d statements, splits %+v", got, a.View().Splits)
	}
}

// Three copies of one device make three branches of one place, whoever meets whom first.
func TestThreeBranches(t *testing.T) {
	a := newDevice(t, 1, peer.Options{})
	a.say(t, 1, 2)
	b, c := a.clone(t, 2, 1), a.clone(t, 3, 1)
	a.say(t, 3, 1)
	b.say(t, 4, 1)
	c.say(t, 5, 1)
	for range 3 {
		exchange(t, a, b)
		exchange(t, b, c)
		exchange(t, c, a)
	}
	for i, d := range []*device{a, b, c} {
		if splits := d.View().Splits; len(splits) != 1 || len(splits[0].Branches) != 3 {
			t.Errorf("device %d: %+v", i, splits)
		}
		if d.View().Digest() != a.View().Digest() {
			t.Errorf("device %d has another state", i)
		}
	}
}

// A rule that stands in a branch which others cannot take reaches them all the same.
func TestRulesOfABranch(t *testing.T) {
	a := newDevice(t, 1, peer.Options{})
	a.do(t, moot.Item{CID: oplog.ItemID{7}, Payload: &moot.SetPerson{Person: moot.ParticipantID{1}, Field: moot.PersonName, Value: "Ada", Rev: 1}})
	b := a.clone(t, 2, 1)
	a.say(t, 3, 1)
	b.do(t, moot.Item{CID: oplog.ItemID{8}, Payload: &moot.Unlink{At: 1}})
	exchange(t, a, b)
	exchange(t, a, b)
	if !a.View().Unlinked {
		t.Error("the names are still there")
	}
	sp := a.View().Splits[0]
	b.do(t, moot.Item{CID: oplog.ItemID{9}, Payload: &moot.Branch{Replica: sp.Replica, Seq: sp.Seq, Hash: sp.Held, Rev: 1}})
	exchange(t, b, a) // b lets go of its branch, in which the names were erased
	if !b.View().Unlinked {
		t.Error("the names came back with the branch that was let go")
	}
	same(t, a, b)
}

// A peer that lost an entry on the way asks for it again; nothing is called bad.
func TestOutOfOrder(t *testing.T) {
	a, b := newDevice(t, 1, peer.Options{}), newDevice(t, 2, peer.Options{})
	a.say(t, 1, 4)
	var frames [][]byte
	a.Entries(a.Own(), 1, func(e oplog.Entry) bool { data, _ := e.Encode(); frames = append(frames, data); return true })
	push := func(frames ...[]byte) peer.Taken {
		got, err := b.side.Answer(context.Background(), "a", peer.Request{Protocol: peer.Protocol, Session: session, Call: peer.CallPush, Frames: frames})
		if err = errors.Join(err); err != nil || got.Taken == nil {
			t.Fatalf("%+v, %v", got, err)
		}
		return *got.Taken
	}
	if got := push(frames[2], frames[3]); got.New != 0 || got.Gaps == 0 || got.Bad != 0 {
		t.Errorf("without the beginning: %+v", got)
	}
	if got := push(frames...); got.New != 5 {
		t.Errorf("all: %+v", got)
	}
	if got := push(frames...); got.New != 0 || got.Held != 5 {
		t.Errorf("all again: %+v", got)
	}
}

// Names do not come back to a device on which they were erased, by whichever way.
func TestNamesStayErased(t *testing.T) {
	a, b := newDevice(t, 1, peer.Options{}), newDevice(t, 2, peer.Options{})
	a.do(t, moot.Item{CID: oplog.ItemID{7}, Payload: &moot.SetPerson{Person: moot.ParticipantID{1}, Field: moot.PersonName, Value: "Ada", Rev: 1}})
	b.do(t, moot.Item{CID: oplog.ItemID{8}, Payload: &moot.Unlink{At: 1}})
	q := peer.Request{Protocol: peer.Protocol, Session: session, Call: peer.CallPush}
	a.Entries(a.Own(), 1, func(e oplog.Entry) bool { data, _ := e.Encode(); q.Frames = append(q.Frames, data); return true })
	broken := bytes.Clone(q.Frames[1])
	broken[len(broken)-1] ^= 1
	for _, frames := range [][][]byte{q.Frames, {broken}} {
		q.Frames = frames
		if got, err := b.side.Answer(context.Background(), "a", q); err != nil || got.Refused != nil {
			t.Fatalf("%+v, %v", got, err)
		}
	}
	oplog.All(b.disk, func(e oplog.Entry) bool {
		if e.Class == oplog.Personal && !e.Redacted() {
			t.Errorf("entry %d of %s has its name", e.Seq, e.Replica)
		}
		return true
	})
	for _, bad := range b.disk.Bad() {
		if bytes.Contains(bad.Data, []byte("Ad")) {
			t.Error("there is a name in quarantine")
		}
	}
	exchange(t, a, b)
	same(t, a, b)
}

// What a branch said about which entries count stays when it is let go, though nobody
// else has said it.
func TestRulesStayWhenABranchGoes(t *testing.T) {
	a := newDevice(t, 1, peer.Options{})
	a.do(t, moot.Item{CID: oplog.ItemID{7}, Payload: &moot.SetPerson{Person: moot.ParticipantID{1}, Field: moot.PersonName, Value: "Ada", Rev: 1}})
	b := a.clone(t, 2, 1)
	a.say(t, 3, 1)
	b.do(t, moot.Item{CID: oplog.ItemID{8}, Payload: &moot.Unlink{At: 1}})
	var frames [][]byte
	a.Entries(a.Own(), 3, func(e oplog.Entry) bool { data, _ := e.Encode(); frames = append(frames, data); return true })
	take := func() {
		if _, err := b.Receive(context.Background(), frames); err != nil {
			t.Fatal(err)
		}
	}
	take()
	sp := b.View().Splits[0]
	other := sp.Branches[0]
	if other == sp.Held {
		other = sp.Branches[1]
	}
	b.do(t, moot.Item{CID: oplog.ItemID{9}, Payload: &moot.Branch{Replica: sp.Replica, Seq: sp.Seq, Hash: other, Rev: 1}})
	take()
	if got := b.View().Splits[0]; !got.Counts() || len(b.View().Statements) != 1 {
		t.Errorf("the named branch was not taken: %+v", got)
	}
	if !b.View().Unlinked {
		t.Error("the names came back with the branch that was let go")
	}
}

// However many places there are at which a log splits, and branches that were named, two
// devices that know of them talk on, and so does one that hears of them all at once.
func TestManyForks(t *testing.T) {
	const places = 300 // more than one message carries
	a, b, c := newDevice(t, 1, peer.Options{}), newDevice(t, 2, peer.Options{}), newDevice(t, 3, peer.Options{})
	known := moot.Rules{}
	clock := oplog.NewClock(oplog.Time{})
	for n := range uint64(places) {
		at := oplog.Head{Seq: n + 1, Hash: oplog.Hash{byte(n), byte(n >> 8), 1}}
		var entries [2]oplog.Entry
		for i := range entries {
			e, err := oplog.NewWriter(session, key(77, 0), at, clock, nil).Write(oplog.Draft{CID: oplog.ItemID{byte(i)}, Kind: "x", Payload: []byte{byte(i)}}, 1)
			if err != nil {
				t.Fatal(err)
			}
			entries[i] = e
		}
		known.Proofs = append(known.Proofs, oplog.ProveFork(key(77, 0).Public().(ed25519.PublicKey), entries[0], entries[1]))
		known.Named = append(known.Named, moot.Branch{Replica: entries[0].Replica, Seq: n + 2, Hash: entries[n%2].Hash(), Rev: 1})
	}
	if news, err := a.Obey(context.Background(), known); err != nil || news != 2*places {
		t.Fatalf("%d acts, %v", news, err)
	}
	rules := func(d *device) string { r := d.View().Rules; return fmt.Sprint(len(r.Proofs), len(r.Named)) }
	b.say(t, 2, 1)
	exchange(t, b, a) // b hears of them and takes the entries of a
	exchange(t, b, c) // and tells c
	exchange(t, a, c)
	for i, d := range []*device{b, c} {
		if got := rules(d); got != rules(a) || d.View().Digest() != a.View().Digest() {
			t.Errorf("device %d knows of %s proofs and namings, want %s", i, got, rules(a))
		}
	}
	// A hello with so many rules can be read, and says that there is more.
	word := newDevice(t, 4, peer.Options{})
	hello, err := a.side.Answer(context.Background(), "word", peer.Request{Protocol: peer.Protocol, Session: session, Call: peer.CallHello})
	if err != nil || hello.Hello.MoreRules != 1 {
		t.Fatalf("%+v pieces more, %v", hello.Hello.MoreRules, err)
	}
	data, err := peer.Encode(&hello)
	if err == nil {
		err = peer.Decode(data, &hello)
	}
	if err != nil {
		t.Errorf("its hello: %v", err)
	}
	exchange(t, word, a)
	if got := rules(word); got != rules(a) {
		t.Errorf("it knows of %s proofs and namings, want %s", got, rules(a))
	}
}
