package peer_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"runtime"
	"testing"

	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
	"folkmoot/sync/oplog/oplogtest"
	"folkmoot/sync/peer"
)

// samples are messages of every kind.
func samples(t testing.TB) (requests []peer.Request, responses []peer.Response) {
	d := newDevice(t, 1, peer.Options{})
	d.say(t, 1, 3)
	other := d.clone(t, 2, 1)
	d.say(t, 3, 1)
	other.say(t, 4, 1)
	ask := func(ctx context.Context, q peer.Request) (peer.Response, error) {
		p, err := other.side.Answer(ctx, "a", q)
		requests, responses = append(requests, q), append(responses, p)
		return p, err
	}
	for range 2 {
		if _, err := d.side.Exchange(context.Background(), ask); err != nil {
			t.Fatal(err)
		}
	}
	requests = append(requests, peer.Request{Protocol: 1, Session: session, Call: peer.CallSnapshot, Range: &peer.Range{From: 3, To: 1 << 40}},
		peer.Request{Rules: &moot.Rules{Proofs: []oplog.ForkProof{}, Named: []moot.Branch{{Seq: 2, Rev: 3}}, Unlinked: true}})
	return requests, append(responses, peer.Response{Refused: &peer.Refusal{Code: peer.SlowDown, Wait: 1000}})
}

func TestCodec(t *testing.T) {
	requests, responses := samples(t)
	for _, q := range requests {
		data, err := peer.Encode(&q)
		var back peer.Request
		if err == nil {
			err = peer.Decode(data, &back)
		}
		again, _ := peer.Encode(&back)
		if err != nil || !bytes.Equal(again, data) {
			t.Errorf("%s: %v", q.Call, err)
		}
	}
	for _, p := range responses {
		data, err := peer.Encode(&p)
		var back peer.Response
		if err == nil {
			err = peer.Decode(data, &back)
		}
		again, _ := peer.Encode(&back)
		if err != nil || !bytes.Equal(again, data) {
			t.Errorf("%+v: %v", p, err)
		}
	}
}

// What a message held before is gone when another is read into it.
func TestDecodeIntoUsed(t *testing.T) {
	used := peer.Request{Call: peer.CallPush, Frames: [][]byte{{1}}}
	q := hello()
	data, _ := peer.Encode(&q)
	if err := peer.Decode(data, &used); err != nil || used.Frames != nil || used.Call != peer.CallHello {
		t.Errorf("%+v, %v", used, err)
	}
}

func TestDecodeRefuses(t *testing.T) {
	q := hello()
	good, _ := peer.Encode(&q)
	for name, data := range map[string][]byte{
		"nothing":           {},
		"cut off":           good[:len(good)-1],
		"more behind it":    append(bytes.Clone(good), 0),
		"an endless map":    {0xbf, 0xff},
		"a field twice":     {0xa2, 0x01, 0x01, 0x01, 0x01},
		"an unknown field":  {0xa1, 0x18, 0x63, 0x01},
		"a long number":     {0xa1, 0x01, 0x18, 0x01},
		"nested too deeply": bytes.Repeat([]byte{0x81}, 2000),
	} {
		var back peer.Request
		var refusal *peer.Refusal
		if err := peer.Decode(data, &back); !errors.As(err, &refusal) || refusal.Code != peer.Malformed {
			t.Errorf("%s: %v", name, err)
		}
	}
	var back peer.Request
	if err := peer.Decode(make([]byte, peer.MaxMessage+1), &back); !errors.Is(err, &peer.Refusal{Code: peer.TooBig}) {
		t.Errorf("too big: %v", err)
	}
}

// A length is believed only as far as bytes come.
func TestReadFrame(t *testing.T) {
	announce := func(n uint32, data ...byte) io.Reader {
		return bytes.NewReader(append(binary.BigEndian.AppendUint32(nil, n), data...))
	}
	if data, err := peer.ReadFrame(announce(3, 1, 2, 3, 4)); err != nil || !bytes.Equal(data, []byte{1, 2, 3}) {
		t.Errorf("%v, %v", data, err)
	}
	if _, err := peer.ReadFrame(bytes.NewReader(nil)); err != io.EOF {
		t.Errorf("the end: %v", err)
	}
	for _, r := range []io.Reader{bytes.NewReader([]byte{0, 0}), announce(3, 1)} {
		if _, err := peer.ReadFrame(r); !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("cut off: %v", err)
		}
	}
	if _, err := peer.ReadFrame(announce(peer.MaxMessage + 1)); !errors.Is(err, &peer.Refusal{Code: peer.TooBig}) {
		t.Errorf("too big: %v", err)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range 50 {
		peer.ReadFrame(announce(peer.MaxMessage, 1))
	}
	if runtime.ReadMemStats(&after); after.TotalAlloc-before.TotalAlloc > 10<<20 {
		t.Errorf("%d bytes taken for 50 announcements", after.TotalAlloc-before.TotalAlloc)
	}
}

// TestMemory: no megabyte of input takes more than 64.
func TestMemory(t *testing.T) {
	var hostile [][]byte
	for _, field := range []byte{4, 6} { // places, entries: as many empty ones as fit
		data := append([]byte{0xa1, field, 0x9a, 0, 0x0f, 0xff, 0xf0}, bytes.Repeat([]byte{0x80}, 1<<20-16)...)
		hostile = append(hostile, data, bytes.ReplaceAll(data, []byte{0x80}, []byte{0x40}))
	}
	rules := append([]byte{0xa1, 7, 0x83, 0x99, 0xff, 0xff}, bytes.Repeat([]byte{0x83, 0x40, 0x82, 0x40, 0x40, 0x82, 0x40, 0x40}, 0xffff)...)
	hostile = append(hostile, append(rules, 0x80, 0xf4))
	for i, data := range hostile {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		var q peer.Request
		err := peer.Decode(data, &q)
		runtime.ReadMemStats(&after)
		if used := after.TotalAlloc - before.TotalAlloc; err == nil || used > 64<<20 {
			t.Errorf("input %d of %d bytes took %d, %v", i, len(data), used, err)
		}
	}
}

// Frame, request and response: what is read is written the same, and a device answers it.
func FuzzMessage(f *testing.F) {
	requests, responses := samples(f)
	for _, q := range requests {
		data, _ := peer.Encode(&q)
		f.Add(data)
	}
	for _, p := range responses {
		data, _ := peer.Encode(&p)
		f.Add(data)
	}
	pen := oplogtest.NewPen(session, 9)
	q := peer.Request{Protocol: 1, Session: session, Call: peer.CallPush}
	for _, e := range pen.Log(3) {
		data, _ := e.Encode()
		q.Frames = append(q.Frames, data)
	}
	data, _ := peer.Encode(&q)
	f.Add(data)
	d := newDevice(f, 20, peer.Options{})
	f.Fuzz(func(t *testing.T, data []byte) {
		if got, err := peer.ReadFrame(bytes.NewReader(data)); err == nil && len(data) < len(got)+4 {
			t.Error("a frame longer than what came")
		}
		var q peer.Request
		if peer.Decode(data, &q) == nil {
			if again, err := peer.Encode(&q); err != nil || !bytes.Equal(again, data) {
				t.Errorf("a request is written otherwise: %v", err)
			}
		}
		var p peer.Response
		if peer.Decode(data, &p) == nil {
			if again, err := peer.Encode(&p); err != nil || !bytes.Equal(again, data) {
				t.Errorf("a response is written otherwise: %v", err)
			}
		}
		answer, err := d.side.AnswerBytes(context.Background(), string(data[:min(len(data), 2)]), data)
		if err == nil {
			err = peer.Decode(answer, &p)
		}
		if err != nil {
			t.Errorf("the answer: %v", err)
		}
	})
}
