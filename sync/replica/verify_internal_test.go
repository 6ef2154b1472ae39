package replica

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"runtime"
	"sync/atomic"
	"testing"

	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
	"folkmoot/sync/oplog/oplogtest"
)

func newIncoming(known map[oplog.ReplicaID]ed25519.PublicKey) *incoming {
	r := &Replica{options: Options{Session: oplogtest.Session}, keys: known}
	return &incoming{replica: r, keys: map[oplog.ReplicaID]ed25519.PublicKey{}, blocked: map[oplog.ReplicaID]bool{}, forked: map[oplog.ReplicaID]bool{}}
}

// oneByOne is what readAll stands for: one entry after the other, none of a log after a bad
// one of it.
func (in *incoming) oneByOne(frames [][]byte) {
	for _, data := range frames {
		c := checked{data: data}
		c.entry, c.err = oplog.Decode(bytes.Clone(data))
		c.unread = c.err != nil
		if c.err == nil && !in.blocked[c.entry.Replica] {
			if c.err = in.keyed(&c); c.err == nil {
				c.err = c.check()
			}
		}
		in.settle(&c)
	}
}

// mixed gives entries of several logs, some forged, changed, torn, of another session,
// doubled or missing, in any order.
func mixed(t *testing.T, random *rand.Rand) (frames [][]byte, known map[oplog.ReplicaID]ed25519.PublicKey) {
	known = map[oplog.ReplicaID]ed25519.PublicKey{}
	var all []oplog.Entry
	for i := range 4 {
		session := oplogtest.Session
		if random.IntN(8) == 0 {
			session = oplog.SessionID{9}
		}
		log := oplogtest.NewPen(session, uint64(i)).Log(60 + random.IntN(200))
		if random.IntN(3) == 0 {
			key, err := oplog.KeyIn(log[0])
			if err != nil {
				t.Fatal(err)
			}
			known[log[0].Replica], log = key, log[1:]
		}
		all = append(all, log...)
	}
	if random.IntN(2) == 0 {
		for i := range all { // near to where they belong
			j := min(len(all)-1, i+random.IntN(3))
			all[i], all[j] = all[j], all[i]
		}
	}
	for _, e := range all {
		switch random.IntN(200) {
		case 0:
			e.Sig[7] ^= 1
		case 1:
			e.Payload = append([]byte(nil), e.Payload...)
			e.Payload[len(e.Payload)-1] ^= 1
		case 2:
			e.Seq++
		}
		data, err := e.Encode()
		if err != nil {
			t.Fatal(err)
		}
		switch random.IntN(200) {
		case 0:
			data = data[:random.IntN(len(data))]
		case 1:
			data[random.IntN(len(data))] ^= 1 << random.IntN(8)
		case 2:
			continue
		}
		if frames = append(frames, data); random.IntN(50) == 0 {
			frames = append(frames, data)
		}
	}
	return frames, known
}

// What is taken, put aside and left is the same whether one or all processors check it.
func TestReadAllIsOneByOne(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(8)) // more than there are: they come between each other
	bad, blocked := 0, 0
	for seed := range uint64(40) {
		frames, known := mixed(t, rand.New(rand.NewPCG(seed, 1)))
		want, got := newIncoming(known), newIncoming(known)
		want.oneByOne(frames)
		got.readAll(frames)
		if !reflect.DeepEqual(got.entries, want.entries) || !reflect.DeepEqual(got.bad, want.bad) || !reflect.DeepEqual(got.out, want.out) || !reflect.DeepEqual(got.blocked, want.blocked) {
			t.Fatalf("seed %d: %d entries, %d bad, %+v; one by one %d, %d, %+v", seed, len(got.entries), len(got.bad), got.out, len(want.entries), len(want.bad), want.out)
		}
		bad, blocked = bad+len(got.bad), blocked+len(got.blocked)
	}
	if bad < 40 || blocked < 20 {
		t.Errorf("%d bad entries and %d logs held up: the test sees too little", bad, blocked)
	}
}

// After a bad entry the rest of its log costs at most what was begun already.
func TestReadAllStopsAtABadEntry(t *testing.T) {
	log := oplogtest.NewPen(oplogtest.Session, 1).Log(2 * stretch)
	log[1].Sig[0] ^= 1
	var frames [][]byte
	for _, e := range log {
		data, err := e.Encode()
		if err != nil {
			t.Fatal(err)
		}
		frames = append(frames, data)
	}
	in := newIncoming(nil)
	done := func(frames [][]byte) (n int) {
		for _, c := range in.look(frames) {
			if c.done {
				n++
			}
			in.settle(&c)
		}
		return n
	}
	if first, second := done(frames[:stretch]), done(frames[stretch:]); first < 2 || second != 0 {
		t.Errorf("%d signatures were looked at, and %d after that", first, second)
	}
	if len(in.entries) != 1 || in.out.Bad != 1 {
		t.Errorf("%d entries, %+v", len(in.entries), in.out)
	}
}

func TestOnAll(t *testing.T) {
	for _, n := range []int{0, 1, 3, 8, 1000} {
		times := make([]atomic.Int32, n)
		onAll(n, func(i int) { times[i].Add(1) })
		for i := range times {
			if got := times[i].Load(); got != 1 {
				t.Fatalf("thing %d of %d was done %d times", i, n, got)
			}
		}
	}
}

// What a signature of votes costs on its way in, and without the other processors.
func BenchmarkReadAll(b *testing.B) {
	pen := oplogtest.NewPen(oplogtest.Session, 1)
	log := []oplog.Entry{pen.Open()}
	for i := range 4999 {
		draft, err := moot.Item{CID: pen.CID(), Payload: &moot.SetVote{Person: moot.ParticipantID{1}, Statement: moot.StatementID{byte(i)}, Value: moot.Agree, Rev: uint64(i), Open: true}}.Draft()
		if err != nil {
			b.Fatal(err)
		}
		log = append(log, pen.Write(draft))
	}
	frames := make([][]byte, len(log))
	for i, e := range log {
		var err error
		if frames[i], err = e.Encode(); err != nil {
			b.Fatal(err)
		}
	}
	for name, read := range map[string]func(*incoming, [][]byte){"one by one": (*incoming).oneByOne, "on all": (*incoming).readAll} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				in := newIncoming(nil)
				if read(in, frames); len(in.entries) != len(frames) {
					b.Fatal(errors.New(fmt.Sprint(in.out)))
				}
			}
			b.ReportMetric(float64(len(frames)*b.N)/b.Elapsed().Seconds(), "entries/s")
		})
	}
}
