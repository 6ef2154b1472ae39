package simtest

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"math/rand/v2"

	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
	"folkmoot/sync/replica"
)

// person is somebody with a phone. The phone's clock is wrong by a fixed amount.
type person struct {
	id     moot.ParticipantID
	number int
	offset int64
	at     *node
	pages  map[*node]*page // by the hub at whose address they were opened
	taps   []*tap
}

// page is what the phone keeps for one hub's address.
type page struct {
	token  oplog.Hash
	outbox []*tap
	known  map[cell]uint64 // revisions
}

// cell is what a tap changes; every statement is one of its own.
type cell struct {
	kind      string // vote, name, statement
	statement moot.StatementID
}

// tap is one answer of a person.
type tap struct {
	cell
	cid    oplog.ItemID
	vote   moot.Vote
	text   string
	rev    uint64
	order  int    // among all taps of the person
	device string // "" is the phone; else see node.device
	at     int64  // by the phone's clock
	saved  bool   // a screen said so
	late   bool   // with the word that it is not counted
}

// raised says whether a tap had to go above what another device's clock had given: a later
// one, given where nobody knew of either, may come below it.
func (t *tap) raised() bool { return t.rev > uint64(max(t.at, 0)) }

func (w *world) newPerson() *person {
	p := &person{number: len(w.people), at: w.nodes[w.random.IntN(len(w.nodes))], pages: map[*node]*page{}, offset: int64(w.random.IntN(7_200_000)) - 3_600_000}
	sum := sha256.Sum256(fmt.Appendf(nil, "simtest person %d of %d", p.number, w.seed))
	p.id = moot.ParticipantID(sum[:16])
	w.people = append(w.people, p)
	return p
}

func (p *person) page(w *world, n *node) *page {
	if p.pages[n] == nil {
		cid := w.cid()
		p.pages[n] = &page{token: sha256.Sum256(cid[:]), known: map[cell]uint64{}}
	}
	return p.pages[n]
}

// tap answers something on the page of the hub where the person is.
func (p *person) tap(w *world, random *rand.Rand) {
	page, view := p.page(w, p.at), p.at.record.View()
	t := p.choose(w, view, random)
	if t == nil {
		return
	}
	known := page.known[t.cell]
	if w.tabletAt(0) != nil { // what the page is told of this person's answers on a tablet
		known = max(known, p.held(view, t.cell))
	}
	t.at = w.now.Load() + p.offset
	t.rev = max(known+1, uint64(t.at))
	page.keep(t)
	p.taps = append(p.taps, t)
}

// choose gives something that the person answers where a view is shown, nil for nothing.
func (p *person) choose(w *world, view *moot.View, random *rand.Rand) *tap {
	t := &tap{cid: w.cid(), order: len(p.taps)}
	switch kind := random.IntN(10); {
	case kind == 0:
		t.cell = cell{kind: "statement", statement: moot.StatementID(t.cid)}
		t.text = fmt.Sprintf("statement %d of person %d", t.order, p.number)
	case kind == 1:
		t.cell, t.text = cell{kind: "name"}, fmt.Sprintf("Name%dOf%d", t.order, p.number)
	default:
		var votable []*moot.Statement
		for _, s := range view.Statements {
			if s.Votable() {
				votable = append(votable, s)
			}
		}
		if len(votable) == 0 {
			return nil
		}
		t.cell = cell{kind: "vote", statement: votable[random.IntN(len(votable))].ID}
		t.vote = moot.Vote(random.IntN(4))
	}
	return t
}

// keep puts a tap into the outbox; of several changes of a cell the newest stays.
func (g *page) keep(t *tap) {
	g.known[t.cell] = t.rev
	out := g.outbox[:0:0]
	for _, old := range g.outbox {
		if old.cell != t.cell {
			out = append(out, old)
		}
	}
	g.outbox = append(out, t)
}

func (g *page) drop(t *tap) {
	out := g.outbox[:0:0]
	for _, old := range g.outbox {
		if old != t {
			out = append(out, old)
		}
	}
	g.outbox = out
}

// move goes to another hub. The page there begins with nothing; what the old page keeps
// is lost with it, or is there when the person comes back.
func (p *person) move(to *node, random *rand.Rand) {
	if random.IntN(2) == 0 {
		delete(p.pages, p.at)
	}
	delete(p.pages, to)
	p.at = to
}

// send sends what the page of one hub has waiting to a hub, which is mostly the same:
// several times, in any order, and not every answer comes back.
func (p *person) send(w *world, from, to *node, random *rand.Rand) error {
	page := p.page(w, from)
	for range 1 + random.IntN(3) {
		taps := append([]*tap(nil), page.outbox...)
		for _, t := range page.outbox {
			if random.IntN(4) == 0 {
				taps = append(taps, t)
			}
		}
		random.Shuffle(len(taps), func(i, j int) { taps[i], taps[j] = taps[j], taps[i] })
		outcomes, err := p.post(w, page, to, taps)
		if errors.Is(err, replica.ErrAgain) || err == nil && random.IntN(4) == 0 {
			continue // no answer, or one that was lost
		}
		if err == nil {
			err = p.settle(w, page, to, taps, outcomes)
		}
		if err != nil {
			return fmt.Errorf("person %d at node %d: %w", p.number, to.number, err)
		}
	}
	return nil
}

// post is what the hub does with a call.
func (p *person) post(w *world, page *page, to *node, taps []*tap) ([]moot.Outcome, error) {
	ctx, view := context.Background(), to.record.View()
	if _, ok := to.record.Person(page.token); !ok || view.Person(p.id) == nil {
		number := &moot.SetPerson{Person: p.id, Field: moot.PersonNumber, Value: fmt.Sprint(p.number), Rev: 1}
		source := &moot.SetPerson{Person: p.id, Field: moot.PersonSource, Value: string(moot.FromPhone), Rev: 1}
		out, err := to.record.Admit(ctx, page.token, p.id, moot.Item{CID: w.cid(), Payload: source}, moot.Item{CID: w.cid(), Payload: number})
		if err != nil {
			return nil, err
		}
		if out[0].Refusal != nil {
			return nil, out[0].Refusal
		}
		view = to.record.View()
	}
	var items []moot.Item
	for _, t := range taps {
		items = append(items, moot.Item{CID: t.cid, Payload: p.payload(t, view)})
	}
	out, err := to.record.Do(ctx, items...)
	if w.stepped = nil; err == nil {
		w.step(to)
	}
	return out, err
}

func (p *person) payload(t *tap, view *moot.View) moot.Payload {
	switch t.kind {
	case "name":
		return &moot.SetPerson{Person: p.id, Field: moot.PersonName, Value: t.text, Rev: t.rev}
	case "statement":
		standing := moot.Approved
		if !view.Voting() {
			standing = moot.Pending
		}
		return &moot.NewStatement{Text: t.text, Lang: "en", Author: p.id, Standing: standing, Src: moot.FromPhone, Made: uint64(t.at)}
	}
	return &moot.SetVote{Person: p.id, Statement: t.statement, Value: t.vote, Rev: t.rev, Src: moot.FromPhone, Open: view.Voting()}
}

// settle is what the page makes of an answer.
func (p *person) settle(w *world, page *page, at *node, taps []*tap, outcomes []moot.Outcome) error {
	for i, o := range outcomes {
		t := taps[i]
		switch {
		case o.Refusal != nil:
			// Where names were erased nobody new is let in, so nobody knows who that is.
			stranger := o.Refusal.Code == moot.UnknownPerson && at.record.View().Unlinked
			if o.Refusal.Code != moot.UnknownStatement && o.Refusal.Code != moot.NamesErased && !stranger {
				return fmt.Errorf("%s %s was refused: %w", t.kind, t.cid, o.Refusal)
			}
		case o.Stale != nil:
			if err := p.stale(t, *o.Stale); err != nil {
				return err
			}
			p.sendAgain(w, page, t, o.Stale.Rev)
		default:
			t.saved, t.late = true, o.Late
			w.saved[t.cid] = true
			if w.stepped != nil {
				w.kept[t.cid] = w.stepped
			}
		}
		page.drop(t)
	}
	return nil
}

// sendAgain is what a page does with a "stale" for its newest tap: it sends a young one
// once more above what the hub holds, and else takes the hub's answer.
func (p *person) sendAgain(w *world, page *page, t *tap, held uint64) {
	for _, other := range page.outbox {
		if other != t && other.cell == t.cell && other.rev > t.rev {
			return
		}
	}
	page.known[t.cell] = max(page.known[t.cell], held)
	if t.saved || w.now.Load()+p.offset-t.at >= young {
		return
	}
	again := *t
	again.cid, again.order, again.rev = w.cid(), len(p.taps), max(held+1, t.rev)
	page.keep(&again)
	p.taps = append(p.taps, &again)
}

// young is for how long a page sends a tap again by itself, in milliseconds.
const young = 10_000

// stale takes a "stale": the page gives way to the newer answer. It must not come to a
// person's newest answer but for one that was given on another device.
func (p *person) stale(t *tap, held moot.Stale) error {
	newest := true
	for _, other := range p.taps {
		if other.cell == t.cell && other.order > t.order {
			newest = false
		}
	}
	for _, other := range p.taps {
		newest = newest && !(other.cell == t.cell && (other.device != t.device || other.raised()) && other.rev == held.Rev)
	}
	if newest && !t.saved {
		return fmt.Errorf("the newest answer to %s (revision %d) was called stale: the hub holds %d", t.statement, t.rev, held.Rev)
	}
	return nil
}
