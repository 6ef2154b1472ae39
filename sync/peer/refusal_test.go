package peer_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"net"
	"strconv"
	"testing"
	"time"

	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
	"folkmoot/sync/oplog/oplogtest"
	"folkmoot/sync/peer"
	"folkmoot/sync/replica"
)

func hello() peer.Request {
	return peer.Request{Protocol: peer.Protocol, Session: session, Call: peer.CallHello}
}

func TestRefusals(t *testing.T) {
	cases := []struct {
		name   string
		change func(*peer.Request)
		code   peer.Code
		status int
	}{
		{"another session", func(q *peer.Request) { q.Session[5]++ }, peer.OtherSession, 404},
		{"a newer protocol", func(q *peer.Request) { q.Protocol++ }, peer.TooNew, 426},
		{"no such call", func(q *peer.Request) { q.Call = "dance" }, peer.Malformed, 400},
		{"entries of nothing", func(q *peer.Request) { q.Call = peer.CallEntries }, peer.Malformed, 400},
		{"no rules", func(q *peer.Request) { q.Call = peer.CallRules }, peer.Malformed, 400},
		{"a short nonce", func(q *peer.Request) { q.Nonce = make([]byte, 31) }, peer.Malformed, 400},
		{"too many places", func(q *peer.Request) { q.Call, q.Places = peer.CallHashes, make([]peer.Place, peer.MaxPlaces+1) }, peer.Malformed, 400},
		{"too many rules", func(q *peer.Request) {
			q.Call, q.Rules = peer.CallRules, &moot.Rules{Named: make([]moot.Branch, 300)}
		}, peer.Malformed, 400},
		{"too many entries", func(q *peer.Request) { q.Call, q.Frames = peer.CallPush, make([][]byte, peer.MaxFrames+1) }, peer.TooBig, 413},
		{"an entry that is too big", func(q *peer.Request) {
			q.Call, q.Frames = peer.CallPush, [][]byte{make([]byte, oplog.MaxEntry+1)}
		}, peer.TooBig, 413},
		{"too many bytes", func(q *peer.Request) {
			q.Call = peer.CallPush
			for range 129 {
				q.Frames = append(q.Frames, make([]byte, oplog.MaxEntry))
			}
		}, peer.TooBig, 413},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			d := newDevice(t, 1, peer.Options{})
			q := hello()
			c.change(&q)
			got, err := d.side.Answer(context.Background(), "b", q)
			if err != nil || got.Refused == nil || got.Refused.Code != c.code || got.Refused.Status() != c.status || got.Refused.Error() == "the other device refused" {
				t.Errorf("%+v, %v", got.Refused, err)
			}
			if entries(d) > 0 {
				t.Error("something was written")
			}
		})
	}
}

// Every code has a status and a sentence of its own.
func TestEveryCode(t *testing.T) {
	want := map[peer.Code]int{
		peer.Malformed: 400, peer.NotPaired: 401, peer.Unpaired: 403, peer.WrongSecret: 403, peer.WrongReveal: 403, peer.Declined: 403,
		peer.OtherSession: 404, peer.Forked: 409, peer.NotAsking: 409, peer.SameDevice: 409, peer.SecretSpent: 410, peer.TooBig: 413,
		peer.TooNew: 426, peer.SlowDown: 429, peer.TooManyAsking: 429, peer.Reopening: 503, peer.Disk: 507,
	}
	codes := declaredCodes(t)
	if len(codes) != len(want) {
		t.Errorf("%d codes are declared, %d are expected here", len(codes), len(want))
	}
	unknown := (&peer.Refusal{Code: "of_a_later_version"}).Error()
	sentences := map[string]peer.Code{}
	for _, code := range codes {
		refusal := &peer.Refusal{Code: code, Wait: 5}
		if got := refusal.Status(); got != want[code] {
			t.Errorf("%s: status %d, want %d", code, got, want[code])
		}
		text := refusal.Error()
		if other, twice := sentences[text]; twice || text == unknown {
			t.Errorf("%s says %q, as %q does", code, text, other)
		}
		sentences[text] = code
		data, err := peer.Encode(&peer.PairAnswer{Refused: refusal})
		var back peer.PairAnswer
		if err == nil {
			err = peer.Decode(data, &back)
		}
		if err != nil || *back.Refused != *refusal {
			t.Errorf("%s comes back as %+v, %v", code, back.Refused, err)
		}
	}
}

// declaredCodes reads the codes where they are declared: none can be left out.
func declaredCodes(t *testing.T) (codes []peer.Code) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "refusal.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if kind, ok := spec.Type.(*ast.Ident); ok && kind.Name == "Code" {
			text, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			codes = append(codes, peer.Code(text))
		}
		return true
	})
	return codes
}

// A peer may say any wait; it is not obeyed for ever.
func TestRefusalPause(t *testing.T) {
	for wait, want := range map[uint64]time.Duration{0: 0, 1500: 1500 * time.Millisecond, 1 << 40: 10 * time.Minute, 1 << 63: 10 * time.Minute, 1<<64 - 1: 10 * time.Minute} {
		if got := (&peer.Refusal{Code: peer.SlowDown, Wait: wait}).Pause(); got != want {
			t.Errorf("%d: %s, want %s", wait, got, want)
		}
	}
}

// Three malformed calls, and a peer is left alone for ten minutes; others are not.
func TestPause(t *testing.T) {
	at := noon
	d := newDevice(t, 1, peer.Options{Now: clock(&at)})
	answer := func(who string, data []byte) *peer.Refusal {
		out, err := d.side.AnswerBytes(context.Background(), who, data)
		if err != nil {
			t.Fatal(err)
		}
		var p peer.Response
		if err := peer.Decode(out, &p); err != nil {
			t.Fatal(err)
		}
		return p.Refused
	}
	q := hello()
	good, _ := peer.Encode(&q)
	bad := []byte("GET / HTTP/1.1")
	for i := range 3 {
		if got := answer("b", bad); got == nil || got.Code != peer.Malformed {
			t.Fatalf("malformed call %d: %+v", i+1, got)
		}
	}
	for _, data := range [][]byte{good, bad} {
		if got := answer("b", data); got == nil || got.Code != peer.SlowDown || got.Wait != uint64((10*time.Minute).Milliseconds()) {
			t.Errorf("after three: %+v", got)
		}
	}
	if got := answer("c", good); got != nil {
		t.Errorf("another peer: %+v", got)
	}
	at = at.Add(10 * time.Minute)
	if got := answer("b", good); got != nil {
		t.Errorf("after ten minutes: %+v", got)
	}
}

// An entry that was changed counts against who sent it, and blocks nobody else's log.
func TestBadEntry(t *testing.T) {
	a, b, c := newDevice(t, 1, peer.Options{}), newDevice(t, 2, peer.Options{}), newDevice(t, 3, peer.Options{})
	a.say(t, 1, 2)
	b.say(t, 2, 2)
	exchange(t, a, b)
	broken := func(ctx context.Context, q peer.Request) (peer.Response, error) {
		p, err := b.side.Answer(ctx, "c", q)
		for i, f := range p.Frames {
			if e, err := oplog.Decode(f); err == nil && e.Replica == a.Own() && e.Seq == 2 {
				p.Frames[i] = bytes.Clone(f)
				p.Frames[i][len(f)-1] ^= 1
			}
		}
		return p, err
	}
	report, err := c.side.Exchange(context.Background(), broken)
	heads, _ := c.Heads()
	if err != nil || report.Bad == 0 || heads[a.Own()].Seq != 1 || heads[b.Own()].Seq != 3 || len(c.disk.Bad()) == 0 {
		t.Errorf("%+v, %v, heads %v", report, err, heads)
	}
	exchange(t, c, b)
	same(t, b, c)
}

func TestSlowDown(t *testing.T) {
	at := noon
	d := newDevice(t, 1, peer.Options{Now: clock(&at), Calls: 5})
	for i := range 7 {
		got, err := d.side.Answer(context.Background(), "b", hello())
		if slow := got.Refused != nil && got.Refused.Code == peer.SlowDown && got.Refused.Status() == 429; err != nil || slow != (i >= 5) {
			t.Errorf("call %d: %+v, %v", i+1, got.Refused, err)
		}
	}
	at = at.Add(time.Minute)
	if got, _ := d.side.Answer(context.Background(), "b", hello()); got.Refused != nil {
		t.Errorf("a minute later: %+v", got.Refused)
	}
}

// While a peer's disk fails, it says so, and nothing is called taken.
func TestDiskFails(t *testing.T) {
	for _, c := range []struct {
		cause  error
		code   peer.Code
		status int
	}{{errors.New("input/output error"), peer.Reopening, 503}, {replica.ErrFull, peer.Disk, 507}} {
		a, b := newDevice(t, 1, peer.Options{}), newDevice(t, 2, peer.Options{})
		a.say(t, 1, 2)
		b.disk.SetFail(func() (bool, error) { return true, c.cause })
		var refusal *peer.Refusal
		report, err := a.side.Exchange(context.Background(), b.direct("a"))
		if !errors.As(err, &refusal) || refusal.Code != c.code || refusal.Status() != c.status || report.Pushed != 0 {
			t.Errorf("%v: %+v, %v", c.cause, report, err)
		}
		if heads, _ := b.Heads(); len(heads) != 0 {
			t.Errorf("%v: what was not synced is shown: %v", c.cause, heads)
		}
		b.disk.SetFail(nil)
		exchange(t, a, b)
		same(t, a, b)
	}
}

// A peer that answers nonsense is a refusal or nothing gained, never a fault of ours.
func TestNonsense(t *testing.T) {
	for name, p := range map[string]peer.Response{
		"nothing":        {},
		"unordered logs": {Hello: &peer.Hello{Oldest: 1, Newest: 1, Heads: []peer.LogHead{{Replica: oplog.ReplicaID{2}, Seq: 1}, {Replica: oplog.ReplicaID{1}, Seq: 1}}}},
		"old":            {Hello: &peer.Hello{Oldest: 7, Newest: 9}},
	} {
		d := newDevice(t, 1, peer.Options{})
		d.say(t, 1, 1)
		var refusal *peer.Refusal
		if _, err := d.side.Exchange(context.Background(), func(context.Context, peer.Request) (peer.Response, error) { return p, nil }); !errors.As(err, &refusal) {
			t.Errorf("%s: %v", name, err)
		}
	}
	// It claims more of a log than it gives.
	d := newDevice(t, 1, peer.Options{})
	liar := peer.Response{Hello: &peer.Hello{Oldest: 1, Newest: 1, Heads: []peer.LogHead{{Replica: oplog.ReplicaID{2}, Seq: 1 << 60}}}}
	calls := 0
	if _, err := d.side.Exchange(context.Background(), func(context.Context, peer.Request) (peer.Response, error) { calls++; return liar, nil }); err != nil || calls > 20 {
		t.Errorf("%d calls, %v", calls, err)
	}
}

// A session has at most so many logs; another one is left out and nobody is blamed.
func TestTooManyLogs(t *testing.T) {
	d := newDevice(t, 1, peer.Options{})
	for seed := range uint64(replica.MaxReplicas + 2) {
		data, err := oplogtest.NewPen(session, seed).Open().Encode()
		if err != nil {
			t.Fatal(err)
		}
		got, err := d.side.Answer(context.Background(), "b", peer.Request{Protocol: peer.Protocol, Session: session, Call: peer.CallPush, Frames: [][]byte{data}})
		if err != nil || got.Refused != nil || got.Taken.Bad != 0 {
			t.Fatalf("log %d: %+v, %v", seed, got, err)
		}
		if want := uint64(1); seed < replica.MaxReplicas && got.Taken.New != want || seed >= replica.MaxReplicas && got.Taken.New != 0 {
			t.Errorf("log %d: %+v", seed, got.Taken)
		}
	}
}

// A message that is too big is answered, and nothing after it is read.
func TestServeTooBig(t *testing.T) {
	d := newDevice(t, 1, peer.Options{})
	near, far := net.Pipe()
	served := make(chan error, 1)
	go func() { served <- d.side.Serve(context.Background(), "b", far); far.Close() }()
	if _, err := near.Write(binary.BigEndian.AppendUint32(nil, peer.MaxMessage+1)); err != nil {
		t.Fatal(err)
	}
	data, err := peer.ReadFrame(near)
	var p peer.Response
	if err == nil {
		err = peer.Decode(data, &p)
	}
	if err != nil || p.Refused == nil || p.Refused.Code != peer.TooBig {
		t.Errorf("%+v, %v", p.Refused, err)
	}
	near.Close()
	if err := <-served; !errors.Is(err, &peer.Refusal{Code: peer.TooBig}) {
		t.Errorf("served: %v", err)
	}
}

// Who pretends to be a copy of a device costs it no log: not with no proof, not with one
// of before, not with the device's own.
func TestForgedTwin(t *testing.T) {
	d := newDevice(t, 1, peer.Options{Instance: 5})
	d.say(t, 1, 2)
	old := hello()
	old.Nonce = make([]byte, 32)
	earlier, err := d.side.Answer(context.Background(), "b", old)
	if err != nil || len(earlier.Hello.Proof) != 64 {
		t.Fatalf("%+v, %v", earlier, err)
	}
	for name, forge := range map[string]func(q peer.Request) peer.Hello{
		"no proof":  func(peer.Request) peer.Hello { return peer.Hello{Instance: 9} },
		"replayed":  func(peer.Request) peer.Hello { return peer.Hello{Instance: 5, Proof: earlier.Hello.Proof} },
		"of before": func(peer.Request) peer.Hello { return peer.Hello{Instance: 9, Proof: earlier.Hello.Proof} },
		"its own": func(q peer.Request) peer.Hello {
			p, _ := d.side.Answer(context.Background(), "b", q)
			return peer.Hello{Instance: 9, Proof: p.Hello.Proof}
		},
	} {
		report, err := d.side.Exchange(context.Background(), func(_ context.Context, q peer.Request) (peer.Response, error) {
			if q.Call != peer.CallHello {
				return peer.Response{Taken: &peer.Taken{}}, nil
			}
			h := forge(q)
			h.Replica, h.Oldest, h.Newest = d.Own(), 1, 1
			return peer.Response{Hello: &h}, nil
		})
		if heads, _ := d.Heads(); err != nil || report.Twin || len(heads) != 1 {
			t.Errorf("%s: twin %v, %d logs, %v", name, report.Twin, len(heads), err)
		}
	}
}

// A peer may say any time of the day.
func TestForgedClock(t *testing.T) {
	const century = 100 * 365 * 24 * time.Hour
	mine := uint64(noon.UnixMilli())
	for wall, want := range map[uint64]time.Duration{mine + 1500: 1500 * time.Millisecond, mine - 1500: -1500 * time.Millisecond, mine: 0,
		1 << 50: century, 1<<63 - 1: century, 1 << 63: century, 1<<64 - 1: century, 0: -time.Duration(mine) * time.Millisecond} {
		d := newDevice(t, 1, peer.Options{})
		report, err := d.side.Exchange(context.Background(), func(context.Context, peer.Request) (peer.Response, error) {
			return peer.Response{Hello: &peer.Hello{Oldest: 1, Newest: 1, Wall: wall}}, nil
		})
		if err != nil || report.Ahead != want {
			t.Errorf("%d: %s, want %s, %v", wall, report.Ahead, want, err)
		}
	}
}
