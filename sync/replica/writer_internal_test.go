package replica

import (
	"crypto/ed25519"
	"crypto/rand"
	"sync/atomic"
	"testing"
	"time"

	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
)

// emptyDisk holds no row; nothing else is asked of it.
type emptyDisk struct{ Disk }

func (emptyDisk) Row(string, string) ([]byte, error) { return nil, nil }

// A token is committed together with all that belongs to it: a join that does not
// fit into a batch any more waits for the next.
func TestTokensAreNotTornFromTheirItems(t *testing.T) {
	session := oplog.SessionID{1}
	w := &writer{state: moot.NewState(session), chain: oplog.NewChain(session), disk: emptyDisk{}, low: &atomic.Bool{}, now: time.Now, name: "test",
		pen: oplog.NewWriter(session, ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize)), oplog.Head{}, oplog.NewClock(oplog.Time{}), rand.Reader)}
	r := &Replica{asks: make(chan *ask, 1)}
	next := 0
	made := func(n int, tokens ...oplog.Token) *ask {
		a := &ask{tokens: tokens, outcomes: make([]moot.Outcome, n), done: make(chan struct{}), left: n}
		for range n {
			next++
			a.items = append(a.items, moot.Item{CID: oplog.ItemID{9, byte(next >> 8), byte(next)},
				Payload: &moot.SetPerson{Person: moot.ParticipantID{8, byte(next >> 8), byte(next)}, Field: moot.PersonNumber, Value: "1", Rev: 1}})
		}
		return a
	}
	join := made(5, oplog.Token{Hash: oplog.Hash{5}})
	r.asks <- join
	first, second := &batch{}, &batch{}
	open, at := r.fill(w, first, made(MaxBatch-2), 0)
	if open != join || at != 0 || len(first.Tokens) != 0 || first.err != nil {
		t.Fatalf("the first batch has %d tokens and leaves item %d: %v", len(first.Tokens), at, first.err)
	}
	if open, _ = r.fill(w, second, open, at); open != nil || len(second.Tokens) != 1 || len(second.Entries) != 5 {
		t.Errorf("the second batch has %d tokens and %d entries", len(second.Tokens), len(second.Entries))
	}
}
