package oplog_test

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"io"
	"testing"

	"folkmoot/sync/oplog"
)

// zeros is a source of salts that never ends.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

func newWriter(head oplog.Head, clock *oplog.Clock, random io.Reader) *oplog.Writer {
	key := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	return oplog.NewWriter(session, key, head, clock, random)
}

func write(t testing.TB, w *oplog.Writer, d oplog.Draft, wall uint64) oplog.Entry {
	t.Helper()
	e, err := w.Write(d, wall)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func opened(t testing.TB, w *oplog.Writer) oplog.Entry {
	t.Helper()
	d, err := w.Open("test")
	if err != nil {
		t.Fatal(err)
	}
	return write(t, w, d, wall)
}

var word = oplog.Draft{CID: oplog.ItemID{1}, Kind: "test", Schema: 1, Payload: []byte{0x61, 'x'}}

func TestWriterGoesOnAfterItsHead(t *testing.T) {
	w := newWriter(oplog.Head{}, oplog.NewClock(oplog.Time{}), zeros{})
	chain := oplog.NewChain(session)
	take(t, chain, opened(t, w), write(t, w, word, wall))
	last := write(t, w, word, wall-500)
	take(t, chain, last)

	again := newWriter(w.Head(), oplog.NewClock(last.Time), zeros{})
	if again.Replica() != w.Replica() {
		t.Error("the same key names two logs")
	}
	next := write(t, again, word, 1) // the wall clock lost its battery
	take(t, chain, next)
	if next.Time.Compare(last.Time) <= 0 {
		t.Errorf("time %v after %v", next.Time, last.Time)
	}
}

func TestWriterKeepsTheDraft(t *testing.T) {
	w := newWriter(oplog.Head{}, oplog.NewClock(oplog.Time{}), zeros{})
	opened(t, w)
	d := oplog.Draft{CID: oplog.ItemID{4}, Kind: "k", Schema: 3, Actor: [16]byte{5}, Class: oplog.Personal, Payload: []byte{0x01}}
	e := write(t, w, d, wall+1)
	if e.CID != d.CID || e.Kind != d.Kind || e.Schema != d.Schema || e.Actor != d.Actor || e.Class != d.Class || !bytes.Equal(e.Payload, d.Payload) {
		t.Errorf("entry %+v of draft %+v", e, d)
	}
	if e.Session != session || e.Seq != 2 || e.Format != oplog.Format || e.Time.MS != wall+1 || len(e.Salt) != 16 {
		t.Errorf("entry %+v", e)
	}
}

func TestWriterRefuses(t *testing.T) {
	for _, c := range []struct {
		name  string
		draft oplog.Draft
		want  error
	}{
		{"no payload", oplog.Draft{Kind: "test", Schema: 1}, oplog.ErrMalformed},
		{"an unknown class", oplog.Draft{Kind: "test", Schema: 1, Class: 2, Payload: []byte{1}}, oplog.ErrMalformed},
		{"a personal payload over the limit", oplog.Draft{Kind: "test", Schema: 1, Class: oplog.Personal, Payload: make([]byte, oplog.MaxPersonal+1)}, oplog.ErrTooBig},
		{"a public payload over the limit", oplog.Draft{Kind: "test", Schema: 1, Payload: make([]byte, oplog.MaxEntry)}, oplog.ErrTooBig},
	} {
		w := newWriter(oplog.Head{}, oplog.NewClock(oplog.Time{}), zeros{})
		first := opened(t, w)
		if _, err := w.Write(c.draft, wall); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
		take(t, oplog.NewChain(session), first, write(t, w, word, wall)) // the log has no gap
	}
}

func TestWriterNeedsSalt(t *testing.T) {
	w := newWriter(oplog.Head{}, oplog.NewClock(oplog.Time{}), bytes.NewReader(make([]byte, 15)))
	d := word
	d.Class = oplog.Personal
	if _, err := w.Write(d, wall); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("%v, want %v", err, io.ErrUnexpectedEOF)
	}
}

// What Write takes, Decode takes: the largest payloads come through.
func TestLargestPayloads(t *testing.T) {
	w := newWriter(oplog.Head{}, oplog.NewClock(oplog.Time{}), zeros{})
	opened(t, w)
	for _, class := range []oplog.Class{oplog.Public, oplog.Personal} {
		d, size := word, oplog.MaxPersonal
		if class == oplog.Public {
			size = oplog.MaxEntry - 400
		}
		d.Class, d.Payload = class, make([]byte, size)
		if _, err := oplog.Decode(encode(t, write(t, w, d, wall))); err != nil {
			t.Errorf("class %d: %v", class, err)
		}
	}
}

func BenchmarkWrite(b *testing.B) {
	w := newWriter(oplog.Head{}, oplog.NewClock(oplog.Time{}), zeros{})
	d := word
	d.Payload = make([]byte, 50) // as long as a vote
	b.ReportAllocs()
	for b.Loop() {
		write(b, w, d, wall)
	}
}
