package storm

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"time"

	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
)

// tapAway votes every pace.
func (p *Page) tapAway(ctx context.Context, pace time.Duration) {
	for pause(ctx, pace) {
		p.mu.Lock()
		if !p.stops {
			p.tap(p.statements[p.random.IntN(len(p.statements))])
		}
		p.mu.Unlock()
	}
}

// tap puts a vote into the outbox, in place of an earlier one on the statement. The lock
// is held.
func (p *Page) tap(statement string) {
	now := time.Now()
	v := Vote{Person: p.person, Value: moot.Vote(1 + p.random.IntN(3)), Rev: max(p.known[statement]+1, uint64(now.UnixMilli()))}
	if err := oplog.ParseHex(v.Statement[:], statement); err != nil {
		panic("storm: " + err.Error())
	}
	p.keep(v, now)
}

func (p *Page) keep(v Vote, at time.Time) {
	rand.Read(v.CID[:])
	p.known[v.Statement.String()] = v.Rev
	p.outbox = slices.DeleteFunc(p.outbox, func(t tap) bool { return t.Statement == v.Statement })
	p.outbox = append(p.outbox, tap{Vote: v, at: at})
	p.ledger.Send(v)
	p.fails = 0
	p.poke()
}

// poke sends what waits now, whatever the schedule says.
func (p *Page) poke() {
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

// flush is poke after the hub was reached again.
func (p *Page) flush() {
	p.mu.Lock()
	p.fails = 0
	p.mu.Unlock()
	p.poke()
}

// send empties the outbox, again and again.
func (p *Page) send(ctx context.Context) {
	for ctx.Err() == nil {
		p.mu.Lock()
		batch := slices.Clone(p.outbox[:min(len(p.outbox), atOnce)])
		p.mu.Unlock()
		if len(batch) == 0 {
			select {
			case <-p.wake:
			case <-ctx.Done():
			}
			continue
		}
		wait := p.exchange(ctx, batch)
		if wait == 0 {
			continue
		}
		timer := time.NewTimer(wait)
		select {
		case <-timer.C:
		case <-p.wake:
		case <-ctx.Done():
		}
		timer.Stop()
	}
}

type itemDoc struct {
	CID   string `json:"cid"`
	Kind  string `json:"kind"`
	Key   string `json:"key"`
	Rev   uint64 `json:"rev"`
	Value string `json:"value"`
}

type verdictDoc struct {
	Session string
	Saved   []struct{ CID string }
	Stale   []struct {
		CID string
		Rev uint64
	}
	Refused []struct{ CID, Reason string }
}

// exchange sends a batch and gives how long to wait before the next, 0 to go on.
func (p *Page) exchange(ctx context.Context, batch []tap) time.Duration {
	var items []itemDoc
	for _, t := range batch {
		items = append(items, itemDoc{t.CID.String(), "vote", t.Statement.String(), t.Rev, t.Value.String()})
	}
	r, base := p.call(ctx, http.MethodPost, "/items", map[string]any{"items": items, "waiting": p.Waiting() - len(batch)})
	var v verdictDoc
	if r.status == http.StatusCreated && json.Unmarshal(r.body, &v) == nil && v.Session == p.session && p.settle(base, batch, v) {
		return 0
	}
	if r.status == http.StatusUnauthorized && p.rejoin(ctx) {
		return 0
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.fails.next(p.random, lastRetry, r.after)
}

// rejoin joins once more with the same token, at a hub that does not know it.
func (p *Page) rejoin(ctx context.Context) bool {
	if p.join(ctx) != nil {
		return false
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.rejoined++
	return true
}

// settle takes a verdict apart; false when it says nothing about these votes.
func (p *Page) settle(base string, batch []tap, v verdictDoc) bool {
	mine := map[string]tap{}
	for _, t := range batch {
		mine[t.CID.String()] = t
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	done := map[oplog.ItemID]bool{}
	for _, s := range v.Saved {
		if t, ok := mine[s.CID]; ok {
			done[t.CID] = true
			p.ledger.Save(hubWord+base, t.CID)
			p.saves = append(p.saves, save{time.Now(), base})
			p.acked = append(p.acked, t)
			p.acked = p.acked[max(0, len(p.acked)-200):]
			p.done[t.Statement.String()] = max(p.done[t.Statement.String()], t.Rev)
		}
	}
	var again []tap
	for _, s := range v.Stale {
		t, ok := mine[s.CID]
		if !ok {
			continue
		}
		done[t.CID] = true
		if newest := p.known[t.Statement.String()] == t.Rev; newest && !t.again && time.Since(t.at) < young {
			t.Rev = max(s.Rev+1, t.Rev)
			again = append(again, t)
		}
	}
	for _, s := range v.Refused {
		if t, ok := mine[s.CID]; ok {
			done[t.CID] = true
			p.ledger.Wrong(fmt.Errorf("%s: vote %s was refused: %s", p.name, s.CID, s.Reason))
		}
	}
	if len(done) == 0 {
		return false
	}
	p.fails = 0
	p.outbox = slices.DeleteFunc(p.outbox, func(t tap) bool { return done[t.CID] })
	for _, t := range again {
		p.keep(t.Vote, t.at)
	}
	return true
}
