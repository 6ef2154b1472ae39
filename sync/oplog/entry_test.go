package oplog_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/fxamacker/cbor/v2"

	"folkmoot/sync/oplog"
	"folkmoot/sync/oplog/oplogtest"
)

var session = oplog.SessionID{0xf0, 0x1d}

func encode(t testing.TB, e oplog.Entry) []byte {
	t.Helper()
	data, err := e.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestRoundTrip(t *testing.T) {
	log := oplogtest.NewPen(session, 1).Log(6)
	for _, e := range append(log, log[1].Redact()) {
		data := encode(t, e)
		got, err := oplog.Decode(data)
		if err != nil {
			t.Fatalf("entry %d: %v", e.Seq, err)
		}
		clear(data) // Decode must have copied
		if got.Header != e.Header || got.Sig != e.Sig || got.Hash() != e.Hash() || !bytes.Equal(got.Salt, e.Salt) || !bytes.Equal(got.Payload, e.Payload) || got.Redacted() != e.Redacted() {
			t.Errorf("entry %d: got %+v, want %+v", e.Seq, got, e)
		}
	}
}

// The layout is for good: a record of today is read in ten years. The file changes
// only together with oplog.Format.
func TestGoldenEntries(t *testing.T) {
	golden, err := os.ReadFile("testdata/entries.hex")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Fields(string(golden))
	log := oplogtest.NewPen(session, 1).Log(3)
	if len(lines) != len(log) {
		t.Fatalf("%d golden entries, want %d", len(lines), len(log))
	}
	chain := oplog.NewChain(session)
	for i, e := range log {
		if got := hex.EncodeToString(encode(t, e)); got != lines[i] {
			t.Errorf("entry %d\n got %s\nwant %s", i+1, got, lines[i])
		}
		data, err := hex.DecodeString(lines[i])
		if err != nil {
			t.Fatal(err)
		}
		held, err := oplog.Decode(data)
		if err != nil {
			t.Fatal(err)
		}
		if err := chain.Next(held); err != nil {
			t.Error(err)
		}
	}
}

func TestRedactKeepsHashAndPlace(t *testing.T) {
	log := oplogtest.NewPen(session, 1).Log(4)
	name := log[1]
	blank := name.Redact()
	if blank.Hash() != name.Hash() || blank.Header != name.Header || !blank.Redacted() || name.Redacted() {
		t.Errorf("redacted %+v of %+v", blank, name)
	}
	if data := encode(t, blank); bytes.Contains(data, name.Payload) || bytes.Contains(data, name.Salt) {
		t.Error("salt or payload is still there")
	}
	chain := oplog.NewChain(session)
	for _, e := range []oplog.Entry{log[0], blank, log[2], log[3]} {
		if err := chain.Next(e); err != nil {
			t.Error(err)
		}
	}
}

// parts is an entry as it lies on the wire.
type parts struct {
	_                          struct{} `cbor:",toarray"`
	Header, Sig, Salt, Payload []byte
}

// fields is a header as it lies on the wire.
type fields struct {
	_          struct{} `cbor:",toarray"`
	Format     uint64
	Session    []byte
	Replica    []byte
	Seq        uint64
	Prev       []byte
	Time       []uint64
	Kind       string
	Schema     uint64
	CID, Actor []byte
	Class      uint64
	PHash      []byte
}

// bend takes an entry apart, lets change work on it and gives the bytes again.
func bend(t *testing.T, e oplog.Entry, change func(*parts, *fields)) []byte {
	t.Helper()
	var p parts
	var f fields
	if err := cbor.Unmarshal(encode(t, e), &p); err != nil {
		t.Fatal(err)
	}
	if err := cbor.Unmarshal(p.Header, &f); err != nil {
		t.Fatal(err)
	}
	change(&p, &f)
	mode, err := cbor.CoreDetEncOptions().EncMode()
	if err != nil {
		t.Fatal(err)
	}
	if p.Header, err = mode.Marshal(f); err != nil {
		t.Fatal(err)
	}
	data, err := mode.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestDecodeRefuses(t *testing.T) {
	log := oplogtest.NewPen(session, 1).Log(3)
	personal, public := log[1], log[2]
	if !bytes.Equal(bend(t, public, func(*parts, *fields) {}), encode(t, public)) {
		t.Fatal("an entry that nothing was changed in differs")
	}
	data := encode(t, public)
	for _, c := range []struct {
		name string
		data []byte
		want error
	}{
		{"nothing", nil, oplog.ErrMalformed},
		{"a cut-off tail", data[:len(data)-1], oplog.ErrMalformed},
		{"bytes behind the end", append(bytes.Clone(data), 0), oplog.ErrMalformed},
		{"too many bytes", make([]byte, oplog.MaxEntry+1), oplog.ErrTooBig},
		{"an array of indefinite length", append([]byte{0x9f}, append(bytes.Clone(data[1:]), 0xff)...), oplog.ErrMalformed},
		{"a longer length than needed", append([]byte{0x98, 4}, data[1:]...), oplog.ErrMalformed},
		{"a tag in front", append([]byte{0xd9, 0xd9, 0xf7}, data...), oplog.ErrMalformed},
		{"another format", bend(t, public, func(_ *parts, f *fields) { f.Format = 2 }), oplog.ErrMalformed},
		{"an unknown class", bend(t, personal, func(_ *parts, f *fields) { f.Class = 2 }), oplog.ErrMalformed},
		{"a schema beyond 32 bits", bend(t, public, func(_ *parts, f *fields) { f.Schema = 1 << 32 }), oplog.ErrMalformed},
		{"a short session id", bend(t, public, func(_ *parts, f *fields) { f.Session = f.Session[1:] }), oplog.ErrMalformed},
		{"a long replica id", bend(t, public, func(_ *parts, f *fields) { f.Replica = append(f.Replica, 0) }), oplog.ErrMalformed},
		{"a kind that is not UTF-8", bend(t, public, func(_ *parts, f *fields) { f.Kind = "\xff" }), oplog.ErrMalformed},
		{"a time of one part", bend(t, public, func(_ *parts, f *fields) { f.Time = f.Time[:1] }), oplog.ErrMalformed},
		{"a short signature", bend(t, public, func(p *parts, _ *fields) { p.Sig = p.Sig[1:] }), oplog.ErrMalformed},
		{"salt on a public entry", bend(t, public, func(p *parts, _ *fields) { p.Salt = make([]byte, 16) }), oplog.ErrMalformed},
		{"empty salt on a public entry", bend(t, public, func(p *parts, _ *fields) { p.Salt = []byte{} }), oplog.ErrMalformed},
		{"an empty payload", bend(t, public, func(p *parts, _ *fields) { p.Payload = []byte{} }), oplog.ErrMalformed},
		{"a personal entry without salt", bend(t, personal, func(p *parts, _ *fields) { p.Salt = nil }), oplog.ErrMalformed},
		{"a byte moved from salt to payload", bend(t, personal, func(p *parts, _ *fields) {
			p.Salt, p.Payload = p.Salt[:15], append([]byte{p.Salt[15]}, p.Payload...)
		}), oplog.ErrMalformed},
		{"a redacted entry that kept its salt", bend(t, personal, func(p *parts, _ *fields) { p.Payload = nil }), oplog.ErrMalformed},
		{"a personal payload over the limit", bend(t, personal, func(p *parts, _ *fields) { p.Payload = make([]byte, oplog.MaxPersonal+100) }), oplog.ErrTooBig},
	} {
		got, err := oplog.Decode(c.data)
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
		if got.Seq != 0 || got.Payload != nil {
			t.Errorf("%s: an entry came with the error", c.name)
		}
	}
}

func TestUnmarshalRefuses(t *testing.T) {
	var one struct {
		A int `cbor:"1,keyasint"`
	}
	for name, data := range map[string]string{
		"a double key":         "a201010102",
		"an unknown key":       "a20101020a",
		"an indefinite length": "bf0101ff",
		"nesting beyond 8":     "a101" + strings.Repeat("81", 9) + "01",
		"a text for a number":  "a1016131",
		"bytes behind the end": "a1010100",
	} {
		raw, err := hex.DecodeString(data)
		if err != nil {
			t.Fatal(err)
		}
		if err := oplog.Unmarshal(raw, &one); !errors.Is(err, oplog.ErrMalformed) {
			t.Errorf("%s: %v, want %v", name, err, oplog.ErrMalformed)
		}
	}
	if _, err := oplog.Marshal(func() {}); err == nil {
		t.Error("a function was encoded")
	}
}

func FuzzDecode(f *testing.F) {
	log := oplogtest.NewPen(session, 1).Log(4)
	for _, e := range append(log, log[1].Redact()) {
		f.Add(encode(f, e))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		e, err := oplog.Decode(data)
		if err != nil {
			return
		}
		if again := encode(t, e); !bytes.Equal(again, data) {
			t.Errorf("decoded and encoded again\n got %x\nwant %x", again, data)
		}
		_ = oplog.NewChain(e.Session).Next(e) // must not panic
	})
}

func BenchmarkDecode(b *testing.B) {
	data := encode(b, oplogtest.NewPen(session, 1).Log(3)[2])
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := oplog.Decode(data); err != nil {
			b.Fatal(err)
		}
	}
}

func ExampleEntry_Redact() {
	pen := oplogtest.NewPen(session, 1)
	first := pen.Open()
	name := pen.Say(oplog.Personal, "小明")

	chain := oplog.NewChain(session)
	fmt.Println(chain.Next(first), chain.Next(name.Redact()))
	fmt.Println(name.Redact().Hash() == name.Hash())
	// Output:
	// <nil> <nil>
	// true
}
