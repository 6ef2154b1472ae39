package simtest

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime/debug"
	"slices"
	"sync/atomic"

	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
	"folkmoot/sync/replica"
)

const (
	start    = 1_790_000_000_000
	maxNodes = 6
)

// world is everything that a schedule happens in.
type world struct {
	seed    uint64
	session oplog.SessionID
	random  *rand.Rand // of what is set up; events have their own
	now     atomic.Int64
	files   string // folder of the nodes' files, "" where they are in memory
	ids     uint64
	texts   int

	nodes   []*node
	people  []*person
	apart   map[pair]bool
	letters []letter
	saved   map[oplog.ItemID]bool  // what a screen called saved
	lost    map[oplog.ItemID]bool  // what went with a disk
	copied  bool                   // a device was, with its key
	kept    map[oplog.ItemID]*node // what a screen called saved once this follower had it
	stepped *node                  // the follower that has what was posted last
	bridge  bool                   // in the end hubs meet by way of tablets only
}

// Run runs a schedule in the world of a seed, heals it and checks what must hold. Every
// sixteenth seed's nodes keep their record in files.
func Run(seed uint64, events []Event) error {
	_, err := Outcome(seed, events)
	return err
}

// Outcome is Run, and gives how every node stands in the end, as text.
func Outcome(seed uint64, events []Event) (outcome string, err error) {
	w := &world{seed: seed, random: rand.New(rand.NewPCG(seed, 2)), apart: map[pair]bool{}, saved: map[oplog.ItemID]bool{}, lost: map[oplog.ItemID]bool{}, kept: map[oplog.ItemID]*node{}}
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v\n%s", r, debug.Stack())
		}
		for _, n := range w.nodes {
			n.close()
		}
		if w.files != "" {
			os.RemoveAll(w.files)
		}
	}()
	if err := w.begin(); err != nil {
		return "", fmt.Errorf("begin: %w", err)
	}
	for i, e := range events {
		if err := w.happen(e); err != nil {
			return "", fmt.Errorf("event %d (%s): %w", i+1, e, err)
		}
	}
	if err := w.heal(); err != nil {
		return "", fmt.Errorf("healing: %w", err)
	}
	return w.standing(), w.check()
}

// begin sets up nodes, people and a session, which the nodes mostly all know.
func (w *world) begin() (err error) {
	binary.BigEndian.PutUint64(w.session[:], w.seed)
	w.now.Store(start)
	if w.seed%16 == 7 {
		if w.files, err = os.MkdirTemp(memory(), "simtest"); err != nil {
			return err
		}
	}
	for range 2 + w.random.IntN(2) {
		n := w.newNode()
		n.offset.Store(int64(w.random.IntN(7_200_000)) - 3_600_000) // hubs ±1 h
		if err := n.create(); err != nil {
			return err
		}
	}
	first := w.nodes[0]
	err = errors.Join(
		w.do(first, &moot.SetField{Field: moot.Title, Value: "a session", Rev: 1}),
		w.do(first, &moot.StepAct{Step: "opinion", Do: "start", Open: true, Started: 1, Order: 1, StepKind: moot.StepOpinion}),
		w.do(first, &moot.NewStatement{Text: "first", Lang: "en", Standing: moot.Approved, Src: moot.FromHost}),
		w.do(first, &moot.NewStatement{Text: "second", Lang: "en", Standing: moot.Approved, Src: moot.FromHost}))
	for _, n := range w.nodes[1:] {
		if w.random.IntN(4) > 0 {
			err = errors.Join(err, n.exchange(first))
		}
	}
	for range 2 + w.random.IntN(2) {
		w.newPerson()
	}
	return err
}

// memory gives a folder that lies in memory, where the system has one.
func memory() string {
	if info, err := os.Stat("/dev/shm"); err == nil && info.IsDir() {
		return "/dev/shm"
	}
	return ""
}

func (w *world) cid() oplog.ItemID {
	w.ids++
	var id oplog.ItemID
	binary.BigEndian.PutUint64(id[:], w.seed)
	binary.BigEndian.PutUint64(id[8:], w.ids)
	return id
}

func (w *world) node(i int) *node     { return w.nodes[i%len(w.nodes)] }
func (w *world) person(i int) *person { return w.people[i%len(w.people)] }

// happen lets an event happen.
func (w *world) happen(e Event) error {
	random := rand.New(rand.NewPCG(e.Roll, 3))
	w.now.Add(100 + int64(random.IntN(5000)))
	a, b := w.node(e.A), w.node(e.B)
	switch e.Do {
	case "tap":
		w.person(e.A).tap(w, random)
	case "send":
		p := w.person(e.A)
		to := p.at
		if random.IntN(6) == 0 {
			to = w.hub(e.B)
		}
		return p.send(w, p.at, to, random)
	case "move":
		w.person(e.A).move(w.hub(e.B), random)
	case "host":
		return w.host(w.hub(e.A), random)
	case "meet":
		return w.meet(a, b, random)
	case "late":
		return w.deliver(a)
	case "part":
		w.apart[pairOf(a, b)] = !w.apart[pairOf(a, b)]
	case "fail":
		a.fail(random)
	case "crash":
		return a.crash(random)
	case "clock":
		a.offset.Store(int64(random.IntN(48*3_600_000)) - 24*3_600_000)
	case "name":
		return w.name(w.hub(e.A), random)
	case "unlink":
		hub := w.hub(e.A)
		return w.do(hub, &moot.Unlink{At: uint64(hub.now().UnixMilli())})
	case "tablet", "sit", "away", "unpair", "amid", "pair", "rogue", "follow", "die":
		return w.tabletEvent(e, random)
	default:
		return w.rare(e.Do, a, random)
	}
	return nil
}

// rare is what happens to whole devices.
func (w *world) rare(what string, a *node, random *rand.Rand) (err error) {
	if a.ill() {
		return nil // a disk that fails is not copied
	}
	switch what {
	case "backup":
		a.backup, err = a.save()
	case "restore":
		return a.restore(random.IntN(2) == 0)
	case "clone":
		if len(w.nodes) < maxNodes {
			return a.clone()
		}
	case "fresh":
		if len(w.nodes) < maxNodes {
			return w.newNode().create()
		}
	}
	return err
}

// unlinked says whether some node knows that names were erased.
func (w *world) unlinked() bool {
	return slices.ContainsFunc(w.nodes, func(n *node) bool { return n.record.View().Unlinked })
}

// heal ends everything that goes wrong, lets people send what they have, and everybody
// meet everybody until nothing moves.
func (w *world) heal() error {
	clear(w.apart)
	w.bridge = w.tabletAt(0) != nil && w.seed%2 == 0
	for _, n := range w.nodes {
		n.away, n.barred, n.follower = false, oplog.ReplicaID{}, nil
		n.well()
		n.offset.Store(0)
	}
	w.now.Add(96 * 3_600_000)
	for _, n := range w.nodes { // a replica whose disk failed looks at it again when it is asked
		if _, err := n.record.Receive(context.Background(), nil); err != nil {
			return err
		}
	}
	if err := w.deliver(nil); err != nil {
		return err
	}
	for _, p := range w.people {
		for _, n := range w.hubs() {
			if err := w.flush(p, n); err != nil {
				return err
			}
		}
	}
	if err := w.quiet(); err != nil {
		return err
	}
	if w.bridge && w.copied && w.unlinked() {
		// That names were erased may stand in a branch which is not taken; and a tablet's
		// word for it is not believed. So laptops have to meet.
		w.bridge = false
		if err := w.quiet(); err != nil {
			return err
		}
	}
	if w.random.IntN(2) == 0 { // a facilitator says which branches hold
		return nil
	}
	for range 20 {
		n, named := w.nodes[0], false
		for _, sp := range n.record.View().Splits {
			if sp.Named == (oplog.Hash{}) {
				named = true
				if err := w.do(n, &moot.Branch{Replica: sp.Replica, Seq: sp.Seq, Hash: sp.Branches[w.random.IntN(len(sp.Branches))], Rev: sp.Rev + 1}); err != nil {
					return err
				}
			}
		}
		if !named {
			return nil
		}
		if err := w.quiet(); err != nil {
			return err
		}
	}
	return errors.New("a branch that was named does not stay named")
}

// flush sends what a person's page of a hub has waiting.
func (w *world) flush(p *person, n *node) error {
	page := p.pages[n]
	for try := 0; page != nil && len(page.outbox) > 0; try++ {
		taps := append([]*tap(nil), page.outbox...)
		outcomes, err := p.post(w, page, n, taps)
		if err == nil {
			err = p.settle(w, page, n, taps, outcomes)
		}
		if err != nil && (!errors.Is(err, replica.ErrAgain) || try == 5) {
			return fmt.Errorf("person %d at node %d: %w", p.number, n.number, err)
		}
		w.now.Add(10_000)
	}
	return nil
}

// quiet lets everybody meet everybody until nothing moves.
func (w *world) quiet() error {
	before := w.standing()
	for range 30 {
		for i, a := range w.nodes {
			for _, b := range w.nodes[i+1:] {
				if !w.meets(a, b) {
					continue
				}
				w.now.Add(10_000)
				if err := a.exchange(b); err != nil {
					return fmt.Errorf("nodes %d and %d: %w", a.number, b.number, err)
				}
			}
		}
		after := w.standing()
		if after == before {
			return nil
		}
		before = after
	}
	return errors.New("exchanges never come to an end")
}

// meets says whether two nodes meet in the end: tablets only hubs, and in some worlds hubs
// only tablets, which carry everything between them.
func (w *world) meets(a, b *node) bool {
	return !(a.tablet && b.tablet) && !(w.bridge && !a.tablet && !b.tablet)
}

// standing gives how far every node is.
func (w *world) standing() string {
	out := ""
	for _, n := range w.nodes {
		heads, _ := n.record.Heads()
		for _, r := range heads.Replicas() {
			out += fmt.Sprint(r, heads[r].Seq, heads[r].Hash)
		}
		view := n.record.View()
		out += fmt.Sprintf("%s: %d votes, %d entries after the ends of %d logs\n", view.Digest(), view.Votes, above(view), len(view.Unpaired()))
	}
	return out
}
