package peer_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
	"folkmoot/sync/oplog/oplogtest"
	"folkmoot/sync/peer"
	"folkmoot/sync/replica"
)

// still gives what a device held at this moment, as it comes on a stick; named says
// whether names can be opened in it.
func (d *device) still(t testing.TB, named bool) *peer.Still {
	t.Helper()
	log := oplog.NewMemory()
	err := oplog.All(d.disk, func(e oplog.Entry) bool {
		if e.Class == oplog.Personal && !named {
			e = e.Redact()
		}
		return log.Append([]oplog.Entry{e}) == nil
	})
	if err != nil {
		t.Fatal(err)
	}
	state, err := moot.FoldLog(session, log)
	if err != nil {
		t.Fatal(err)
	}
	return peer.NewStill(log, state.View(), nil)
}

// merge takes in what came, and wants that nobody asks for more when it comes again.
func (d *device) merge(t testing.TB, from *peer.Still) peer.Report {
	t.Helper()
	report, err := d.side.Exchange(context.Background(), from.Answer)
	if err != nil {
		t.Fatal(err)
	}
	digest := d.View().Digest()
	again, err := d.side.Exchange(context.Background(), from.Answer)
	if err != nil || again.Pulled+again.Pushed+again.Filled != 0 || d.View().Digest() != digest {
		t.Errorf("once more: %+v, %v", again, err)
	}
	return report
}

func (d *device) name(t testing.TB, id, who byte) {
	t.Helper()
	d.do(t, moot.Item{CID: oplog.ItemID{id}, Payload: &moot.SetPerson{Person: moot.ParticipantID{who}, Field: moot.PersonName, Value: "Ada", Rev: 1}})
}

func TestStill(t *testing.T) {
	a, b, empty := newDevice(t, 1, peer.Options{}), newDevice(t, 2, peer.Options{}), newDevice(t, 3, peer.Options{})
	a.say(t, 1, 7)
	a.name(t, 77, 1)
	b.say(t, 2, 5)
	fromA, fromB := a.still(t, true), b.still(t, true)
	if got := b.merge(t, fromA); got.Pulled != 9 || got.Pushed != 0 || got.Bad != 0 {
		t.Errorf("into a device that has its own: %+v", got)
	}
	a.merge(t, fromB)
	empty.merge(t, fromB)
	empty.merge(t, fromA)
	same(t, a, b, empty)
}

// A log that was written on two devices is shown by a record at rest as by a device, and
// the branch that was named there comes in.
func TestStillFork(t *testing.T) {
	a := newDevice(t, 1, peer.Options{})
	a.say(t, 1, 70)
	b := a.clone(t, 2, 1)
	b.next = 0
	old := a.Own()
	a.say(t, 3, 1)
	b.say(t, 4, 3)
	a.merge(t, b.still(t, true))
	b.merge(t, a.still(t, true))
	for i, d := range []*device{a, b} {
		splits := d.View().Splits
		if len(splits) != 1 || splits[0].Replica != old || splits[0].Seq != 72 || d.Own() == old || len(d.View().Statements) != 70 {
			t.Fatalf("device %d knows of the splits %+v", i, splits)
		}
	}
	a.merge(t, b.still(t, true))
	sp := b.View().Splits[0]
	b.do(t, moot.Item{CID: oplog.ItemID{9}, Payload: &moot.Branch{Replica: old, Seq: sp.Seq, Hash: sp.Held, Rev: 1}})
	a.merge(t, b.still(t, true))
	b.merge(t, a.still(t, true))
	if got := len(a.View().Statements); got != 73 {
		t.Errorf("%d statements after b's branch was named, want 73", got)
	}
	same(t, a, b)
}

// Without its names a record brings everything else, and a device that has them fills
// them in, also through one that never saw them.
func TestStillWithoutNames(t *testing.T) {
	a, b, c := newDevice(t, 1, peer.Options{}), newDevice(t, 2, peer.Options{}), newDevice(t, 3, peer.Options{})
	for i := range byte(60) {
		a.name(t, 100+i, i+1)
		a.say(t, 1, 1)
		if i%10 == 0 { // so that the places to be filled in lie apart
			a.say(t, 1, 20)
		}
	}
	b.merge(t, a.still(t, false))
	if got := len(b.View().Statements); got != 180 || len(b.Bare()) != 60 {
		t.Fatalf("%d statements, %d names are lacking; want 180 and 60", got, len(b.Bare()))
	}
	exchange(t, c, b) // they are passed on as they are
	if len(c.Bare()) != 60 {
		t.Errorf("%d names are lacking at the third, want 60", len(c.Bare()))
	}
	if got := exchange(t, b, a); got.Filled != 60 || !got.Same {
		t.Errorf("when the device is met: %+v", got)
	}
	if got := c.merge(t, a.still(t, true)); got.Filled != 60 {
		t.Errorf("when it comes with names: %+v", got)
	}
	same(t, a, b, c)
}

// Names that were erased here stay away, and those that were erased there go here too.
func TestStillErased(t *testing.T) {
	a, b := newDevice(t, 1, peer.Options{}), newDevice(t, 2, peer.Options{})
	a.name(t, 77, 1)
	named := a.still(t, true)
	b.merge(t, named)
	a.do(t, moot.Item{CID: oplog.ItemID{7}, Payload: &moot.Unlink{At: 1}})
	b.merge(t, a.still(t, true))
	b.merge(t, named)
	if !b.View().Unlinked || len(b.Bare()) != 0 {
		t.Errorf("erased: %t, lacking: %d", b.View().Unlinked, len(b.Bare()))
	}
	exchange(t, a, b)
	same(t, a, b)
}

// A record of another session, and one that is not whole, say so.
func TestStillWrong(t *testing.T) {
	a := newDevice(t, 1, peer.Options{})
	other := peer.NewStill(oplog.NewMemory(), moot.NewState(oplog.SessionID{0xff}).View(), nil)
	var refusal *peer.Refusal
	if _, err := a.side.Exchange(context.Background(), other.Answer); !errors.As(err, &refusal) || refusal.Code != peer.OtherSession {
		t.Errorf("another session: %v", err)
	}
	broken := fmt.Errorf("the stick is gone")
	torn := peer.NewStill(tornLog{broken}, moot.NewState(session).View(), nil)
	if _, err := a.side.Exchange(context.Background(), torn.Answer); !errors.Is(err, broken) {
		t.Errorf("a stick that is gone: %v", err)
	}
	b := newDevice(t, 2, peer.Options{})
	b.say(t, 1, 1)
	ctx, stop := context.WithCancel(context.Background())
	stop()
	if _, err := a.side.Exchange(ctx, b.still(t, true).Answer); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// A record of more logs than a session holds brings as many as there is room for.
func TestStillLogs(t *testing.T) {
	log := oplog.NewMemory()
	for i := range 3 * replica.MaxReplicas {
		if err := log.Append([]oplog.Entry{oplogtest.NewPen(session, uint64(i)).Open()}); err != nil {
			t.Fatal(err)
		}
	}
	a, b := newDevice(t, 1, peer.Options{}), newDevice(t, 2, peer.Options{})
	b.say(t, 1, 1)
	for _, d := range []*device{a, b} {
		d.merge(t, peer.NewStill(log, moot.NewState(session).View(), nil))
		if heads, _ := d.Heads(); len(heads) != replica.MaxReplicas {
			t.Errorf("%d logs came in, want %d", len(heads), replica.MaxReplicas)
		}
	}
}

type tornLog struct{ err error }

func (l tornLog) Append([]oplog.Entry) error                                    { return l.err }
func (l tornLog) Heads() (oplog.Heads, error)                                   { return nil, l.err }
func (l tornLog) Entries(oplog.ReplicaID, uint64, func(oplog.Entry) bool) error { return l.err }
