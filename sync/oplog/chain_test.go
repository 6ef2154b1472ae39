package oplog_test

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"fmt"
	"strings"
	"testing"

	"folkmoot/sync/oplog"
	"folkmoot/sync/oplog/oplogtest"
)

// forged gives the first entry of a log that carries another key than the one
// which its id names.
func forged(t *testing.T, key []byte) oplog.Entry {
	t.Helper()
	payload, err := oplog.Marshal(oplog.Pair{Key: key, Name: "test"})
	if err != nil {
		t.Fatal(err)
	}
	return oplogtest.NewPen(session, 5).Write(oplog.Draft{Kind: oplog.KindPair, Schema: 1, Payload: payload})
}

func TestChainRefuses(t *testing.T) {
	log := oplogtest.NewPen(session, 1).Log(6)
	personal, public := log[3], log[4] // numbers 4 and 5
	other := oplogtest.NewPen(session, 1)
	other.Now++
	fork := other.Log(6)
	otherKey, _, err := ed25519.GenerateKey(bytes.NewReader(make([]byte, 64)))
	if err != nil {
		t.Fatal(err)
	}
	changed := func(e oplog.Entry, change func(*oplog.Entry)) oplog.Entry {
		e.Salt, e.Payload = bytes.Clone(e.Salt), bytes.Clone(e.Payload)
		change(&e)
		return e
	}
	for _, c := range []struct {
		name  string
		held  int // entries of log that the chain has taken
		entry oplog.Entry
		want  error
	}{
		{"another session", 0, oplogtest.NewPen(oplog.SessionID{1}, 1).Open(), oplog.ErrSession},
		{"a gap", 3, public, oplog.ErrGap},
		{"the last one again", 3, log[2], oplog.ErrGap},
		{"a log from the middle", 0, log[1], oplog.ErrGap},
		{"a branch", 3, fork[3], oplog.ErrChain},
		{"a changed payload", 4, changed(public, func(e *oplog.Entry) { e.Payload[2] ^= 1 }), oplog.ErrPayload},
		{"a longer payload", 4, changed(public, func(e *oplog.Entry) { e.Payload = append(e.Payload, 0) }), oplog.ErrPayload},
		{"a changed salt", 3, changed(personal, func(e *oplog.Entry) { e.Salt[0] ^= 1 }), oplog.ErrPayload},
		{"a byte moved from salt to payload", 3, changed(personal, func(e *oplog.Entry) {
			e.Salt, e.Payload = e.Salt[:15], append([]byte{e.Salt[15]}, e.Payload...)
		}), oplog.ErrPayload},
		{"a byte moved from payload to salt", 4, changed(public, func(e *oplog.Entry) {
			e.Salt, e.Payload = e.Payload[:1], e.Payload[1:]
		}), oplog.ErrPayload},
		{"a redacted public entry", 4, public.Redact(), oplog.ErrPayload},
		{"a redacted one that kept its salt", 3, changed(personal, func(e *oplog.Entry) { e.Payload = nil }), oplog.ErrPayload},
		{"a log that does not begin with its key", 0, oplogtest.NewPen(session, 5).Say(oplog.Public, "x"), oplog.ErrKey},
		{"the key of somebody else", 0, forged(t, otherKey), oplog.ErrKey},
		{"half a key", 0, forged(t, otherKey[:16]), oplog.ErrKey},
		{"a forged signature", 4, changed(public, func(e *oplog.Entry) { e.Sig[0] ^= 1 }), oplog.ErrSignature},
		{"the signature of another entry", 4, changed(public, func(e *oplog.Entry) { e.Sig = personal.Sig }), oplog.ErrSignature},
		{"a forged first signature", 0, changed(log[0], func(e *oplog.Entry) { e.Sig[63] ^= 1 }), oplog.ErrSignature},
	} {
		t.Run(c.name, func(t *testing.T) {
			chain := oplog.NewChain(session)
			take(t, chain, log[:c.held]...)
			err := chain.Next(c.entry)
			if !errors.Is(err, c.want) {
				t.Fatalf("%v, want %v", err, c.want)
			}
			if name := fmt.Sprintf("entry %d of %s", c.entry.Seq, c.entry.Replica); !strings.Contains(err.Error(), name) {
				t.Errorf("%q does not name %s", err, name)
			}
			take(t, chain, log[c.held:]...) // it is as it was
		})
	}
}

func take(t *testing.T, chain *oplog.Chain, entries ...oplog.Entry) {
	t.Helper()
	for _, e := range entries {
		if err := chain.Next(e); err != nil {
			t.Fatal(err)
		}
		if head := chain.Heads()[e.Replica]; head.Seq != e.Seq || head.Hash != e.Hash() {
			t.Fatalf("head %v after entry %d", head, e.Seq)
		}
	}
}

func TestChainTakesRedactedPersonalEntries(t *testing.T) {
	log := oplogtest.NewPen(session, 1).Log(4)
	take(t, oplog.NewChain(session), log[0], log[1].Redact(), log[2], log[3].Redact())
}

func TestChainKeepsLogsApart(t *testing.T) {
	a, b := oplogtest.NewPen(session, 1).Log(3), oplogtest.NewPen(session, 2).Log(3)
	take(t, oplog.NewChain(session), a[0], b[0], b[1], a[1], a[2], b[2])
}

// Link is for the own disk: all but the signature, and Next can go on after it.
func TestLinkThenNext(t *testing.T) {
	log := oplogtest.NewPen(session, 1).Log(6)
	chain := oplog.NewChain(session)
	for i, e := range log[:4] {
		if i == 2 {
			e.Sig[5] ^= 1
			if err := chain.Link(e); err != nil {
				t.Fatalf("Link looked at a signature: %v", err)
			}
			chain = oplog.NewChain(session)
			for _, e := range log[:2] {
				if err := chain.Link(e); err != nil {
					t.Fatal(err)
				}
			}
			e = log[2]
		}
		if err := chain.Link(e); err != nil {
			t.Fatal(err)
		}
	}
	bad := log[4]
	bad.Payload = []byte{0x61, 'x'}
	if err := chain.Link(bad); !errors.Is(err, oplog.ErrPayload) {
		t.Errorf("Link: %v, want %v", err, oplog.ErrPayload)
	}
	take(t, chain, log[4:]...)
	if err := oplog.NewChain(session).Link(oplogtest.NewPen(session, 5).Say(oplog.Public, "x")); !errors.Is(err, oplog.ErrKey) {
		t.Errorf("Link of a log without a key: %v, want %v", err, oplog.ErrKey)
	}
}

// A taste of I8: whichever single bit of a log is turned, the entry in which it
// lies is refused, at its own place and not only by the one after it, so that who
// reads the log can name it.
func TestEveryTurnedBitIsNamed(t *testing.T) {
	log := oplogtest.NewPen(session, 1).Log(20)
	log[7] = log[7].Redact()
	chain := oplog.NewChain(session)
	bits := 0
	for i, e := range log {
		number := uint64(i + 1)
		data := encode(t, e)
		for bit := range len(data) * 8 {
			data[bit/8] ^= 1 << (bit % 8)
			err := accept(chain, e.Replica, number, data)
			data[bit/8] ^= 1 << (bit % 8)
			bits++
			if err == nil {
				t.Fatalf("entry %d: bit %d was turned and nobody saw", number, bit)
			}
		}
		if err := accept(chain, e.Replica, number, data); err != nil {
			t.Fatal(err)
		}
	}
	if bits < 20*8*200 {
		t.Errorf("only %d bits", bits)
	}
}

// accept is what reads a log from a disk: it knows which entry should come.
func accept(chain *oplog.Chain, r oplog.ReplicaID, number uint64, data []byte) error {
	e, err := oplog.Decode(data)
	if err == nil && (e.Replica != r || e.Seq != number) {
		err = oplog.ErrGap
	}
	if err == nil {
		err = chain.Next(e)
	}
	if err != nil {
		return fmt.Errorf("entry %d of %s: %w", number, r, err)
	}
	return nil
}

func BenchmarkNext(b *testing.B) { benchmarkChain(b, (*oplog.Chain).Next) }
func BenchmarkLink(b *testing.B) { benchmarkChain(b, (*oplog.Chain).Link) }

func benchmarkChain(b *testing.B, check func(*oplog.Chain, oplog.Entry) error) {
	log := oplogtest.NewPen(session, 1).Log(1000)
	chain, i := oplog.NewChain(session), 0
	b.ReportAllocs()
	for b.Loop() {
		if i == len(log) {
			chain, i = oplog.NewChain(session), 0
		}
		if err := check(chain, log[i]); err != nil {
			b.Fatal(err)
		}
		i++
	}
}

func ExampleChain() {
	log := oplogtest.NewPen(session, 1).Log(3)
	chain := oplog.NewChain(session)
	fmt.Println(chain.Next(log[0]))
	fmt.Println(errors.Is(chain.Next(log[2]), oplog.ErrGap))
	fmt.Println(chain.Next(log[1]), chain.Next(log[2]))
	// Output:
	// <nil>
	// true
	// <nil> <nil>
}
