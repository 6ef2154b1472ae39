package commandtest

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"folkmoot/cmd/folkmoot/crowd"
)

const (
	killClients = 40
	inFlight    = 20 // requests under way when the hub is killed, at the least
	// A device may send fifty items at once; then the hub slows it down.
	sendsPerRound = 49
	mostSends     = 5 // of one item, in a round
)

// Kills is a hub that is killed again and again while phones send. See NewKills.
type Kills struct {
	// Server is the hub as it runs now, at the same address after every kill.
	Server *Server
	// Unheard is how many items were found stored that had not been acknowledged:
	// where there are none, no kill fell between commit and answer.
	Unheard int
	// Acknowledged is how many answers said "saved", Sent how many items there are.
	Acknowledged atomic.Int64

	program       Program
	data, address string
	hub           *crowd.Hub
	clients       []*outbox
	flying        atomic.Int64
	record        record
	rebuilds      bool

	mu           sync.Mutex
	sent         map[string]string // cid → value, of everything that was ever sent
	acknowledged map[string]bool
}

// outbox is a client that behaves as the page does, but that it sends items several
// times and in any order: what was not received is sent again after the kill.
type outbox struct {
	phone  *crowd.Phone
	random *rand.Rand
	turn   int
	items  []crowd.Item // not yet received
}

// NewKills serves the sample from a new folder and lets the clients in.
func NewKills(ctx context.Context, program Program, data string) (*Kills, error) {
	address, err := FreeAddress()
	if err != nil {
		return nil, err
	}
	k := &Kills{program: program, data: data, address: address, sent: map[string]string{}, acknowledged: map[string]bool{}}
	if k.rebuilds, err = program.Has(ctx, "rebuild"); err != nil {
		return nil, err
	}
	if k.Server, err = program.Serve(data, address, "--sample"); err != nil {
		return nil, err
	}
	if err := k.enter(ctx); err != nil {
		k.Server.Kill()
		return nil, err
	}
	return k, nil
}

func (k *Kills) enter(ctx context.Context) (err error) {
	if k.hub, err = crowd.Look(ctx, k.Server.Base); err != nil {
		return err
	}
	for range killClients {
		phone := k.hub.Phone(crowd.NewID() + crowd.NewID())
		if err := phone.Join(ctx, "en"); err != nil {
			return err
		}
		k.clients = append(k.clients, &outbox{phone: phone})
	}
	return nil
}

// Close kills the hub, if it still runs.
func (k *Kills) Close() {
	k.Server.Kill()
	for _, c := range k.clients {
		c.phone.Close()
	}
}

// Round lets all clients send without a pause, kills the hub at a moment that the seed
// says, looks at what it left, and serves it again. Error: what an invariant does not
// hold for, all of it.
func (k *Kills) Round(ctx context.Context, seed uint64) error {
	random := rand.New(rand.NewPCG(seed, 0))
	if err := k.storm(ctx, random); err != nil {
		return err
	}
	if err := k.check(ctx); err != nil {
		return err
	}
	var err error
	k.Server, err = k.program.Serve(k.data, k.address, "--sample")
	if err != nil {
		k.Server = &Server{over: true}
	}
	return err
}

// storm lets everybody send, and kills the hub once so many answers came and at least
// twenty requests are under way.
func (k *Kills) storm(ctx context.Context, random *rand.Rand) error {
	goal := k.Acknowledged.Load() + 50 + random.Int64N(600)
	var wait sync.WaitGroup
	for i, c := range k.clients {
		c.random = rand.New(rand.NewPCG(random.Uint64(), uint64(i)))
		wait.Go(func() { k.send(ctx, c, sendsPerRound) })
	}
	ended := make(chan struct{})
	go func() { wait.Wait(); close(ended) }()
	defer func() { <-ended }()
	defer k.Server.Kill()
	for k.Acknowledged.Load() < goal || k.flying.Load() < inFlight {
		select {
		case <-ended:
			return fmt.Errorf("the clients came to their end before the kill: %d answers, %d wanted\n%s", k.Acknowledged.Load(), goal, k.Server.Said())
		case <-ctx.Done():
			return ctx.Err()
		default:
			runtime.Gosched()
		}
	}
	return nil
}

// send sends what waits in a client's outbox and then new items, each one to five
// times and shuffled, several in a call, until so many were sent or an answer fails to come.
func (k *Kills) send(ctx context.Context, c *outbox, most int) {
	for sent := 0; ; {
		if len(c.items) == 0 {
			k.invent(c)
		}
		queue := c.shuffled()
		if sent += len(queue); sent > most {
			return
		}
		for len(queue) > 0 {
			n := min(1+c.random.IntN(4), len(queue))
			if !k.call(ctx, c, queue[:n]) {
				return
			}
			queue = queue[n:]
		}
		c.items = c.items[:0]
	}
}

// invent gives a client new items, each on a statement of its own: of two votes on the
// same one, the later may rightly stay away where it overtakes.
func (k *Kills) invent(c *outbox) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for range 1 + c.random.IntN(3) {
		c.turn++
		vote := crowd.Vote(k.hub.Statements[c.turn%len(k.hub.Statements)], c.turn)
		vote.Rev = uint64(c.turn)
		c.items = append(c.items, vote)
		k.sent[vote.CID] = vote.Value.(string)
	}
}

func (c *outbox) shuffled() []crowd.Item {
	var queue []crowd.Item
	for _, item := range c.items {
		for range 1 + c.random.IntN(mostSends) {
			queue = append(queue, item)
		}
	}
	c.random.Shuffle(len(queue), func(i, j int) { queue[i], queue[j] = queue[j], queue[i] })
	return queue
}

// call sends items in one call, and says whether they were received.
func (k *Kills) call(ctx context.Context, c *outbox, items []crowd.Item) bool {
	k.flying.Add(1)
	receipts, err := c.phone.Send(ctx, items...)
	k.flying.Add(-1)
	if err != nil || len(receipts.Saved) != len(items) {
		return false
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, s := range receipts.Saved {
		k.acknowledged[s.CID] = true
	}
	k.Acknowledged.Add(int64(len(items)))
	return true
}

// Finish empties all outboxes, ends the hub as Ctrl-C does, and looks: every item that
// was ever sent is there once, with what was sent.
func (k *Kills) Finish(ctx context.Context) error {
	var wrong []error
	for i, c := range k.clients {
		if len(c.items) > 0 && !k.call(ctx, c, c.items) {
			wrong = append(wrong, fmt.Errorf("client %d: its outbox does not empty itself", i))
		}
	}
	wrong = append(wrong, k.Server.Interrupt(), k.check(ctx))
	everything := map[string]bool{}
	for cid := range k.sent {
		everything[cid] = true
	}
	_, missing := judge(k.sent, everything, k.record.votes)
	return errors.Join(append(wrong, first(missing, 5)...)...)
}

// check looks at what a hub left behind: the chain is whole, everything acknowledged is
// there, nothing is there twice, and rebuild agrees.
func (k *Kills) check(ctx context.Context) error {
	if err := k.record.read(k.data); err != nil {
		return err
	}
	unheard, wrong := judge(k.sent, k.acknowledged, k.record.votes)
	k.Unheard += unheard
	if k.rebuilds {
		_, err := k.program.Run(ctx, k.data, "rebuild", k.hub.Session)
		wrong = append(wrong, err)
	}
	return errors.Join(first(wrong, 5)...)
}

// judge holds a record against what was sent and acknowledged, all by item id: what
// was acknowledged must be there, and nothing twice or with another value. It counts
// what is there without having been acknowledged.
func judge(sent map[string]string, acknowledged map[string]bool, votes map[string][]string) (unheard int, wrong []error) {
	for cid, value := range sent {
		got := votes[cid]
		switch {
		case len(got) == 0 && acknowledged[cid]:
			wrong = append(wrong, fmt.Errorf("item %s was acknowledged and is not stored", cid))
		case len(got) > 0 && !slices.Equal(got, []string{value}):
			wrong = append(wrong, fmt.Errorf("item %s stands in the record as %v, sent as %q", cid, got, value))
		case len(got) > 0 && !acknowledged[cid]:
			unheard++
		}
	}
	return unheard, wrong
}

// first gives some errors of many.
func first(wrong []error, most int) []error {
	if len(wrong) <= most {
		return wrong
	}
	return append(wrong[:most:most], fmt.Errorf("and %d more", len(wrong)-most))
}

// Rebuilds says whether the program has a rebuild to ask after each kill.
func (k *Kills) Rebuilds() bool { return k.rebuilds }

// Sent gives how many items there are.
func (k *Kills) Sent() int {
	k.mu.Lock()
	defer k.mu.Unlock()
	return len(k.sent)
}
