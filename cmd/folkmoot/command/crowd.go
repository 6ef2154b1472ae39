package command

import (
	"context"
	"errors"
	"fmt"
	mathrand "math/rand/v2"
	"strings"
	"sync"
	"time"

	"folkmoot/app/readmodel"
	"folkmoot/cmd/folkmoot/crowd"
	"folkmoot/sync/moot"
)

// rehearsing is simulated people who use a hub as the page does.
type rehearsing struct {
	options rehearseOptions
	hub     *crowd.Hub
	writes  []map[string]string // statements that the first people add
	// ready waits until votes are wanted, and says whether they are; nil for at once.
	ready func(ctx context.Context) bool

	mu       sync.Mutex
	report   rehearsalReport
	saved    crowd.Tally
	progress *bar
}

// newCrowd looks at the hub: it must be a rehearsal, with statements to vote on.
func newCrowd(ctx context.Context, o rehearseOptions) (*rehearsing, error) {
	hub, err := crowd.Look(ctx, o.url)
	if err != nil {
		base, _, _ := strings.Cut(o.url, "/j/")
		return nil, &problem{why: fmt.Sprintf("no hub answers at %s", strings.TrimRight(base, "/")), try: "start one: serve --rehearsal", cause: err}
	}
	if !hub.Rehearsal {
		return nil, &problem{why: fmt.Sprintf("the hub at %s holds a real session: simulated people are not let in", hub.Base), try: "start it with serve --rehearsal, or rehearse a copy with --session"}
	}
	if len(hub.Statements) == 0 {
		return nil, &problem{why: "there is no statement to vote on yet", try: "add some: statement add, or import statements"}
	}
	return &rehearsing{options: o, hub: hub, report: rehearsalReport{People: o.people, Refused: map[string]int{}}}, nil
}

// run lets everybody vote and gives the report.
func (c *rehearsing) run(ctx context.Context, progress *bar) rehearsalReport {
	c.progress = progress
	streams, stop := context.WithCancel(ctx)
	var people, listening sync.WaitGroup
	for i := range c.options.people {
		people.Go(func() { c.person(ctx, i, func(p *crowd.Phone) { listening.Go(func() { c.hold(streams, p) }) }) })
	}
	people.Wait()
	stop()
	listening.Wait()
	c.report.LatencyMS = c.saved.Latency()
	return c.report
}

// hold keeps a page open. One that loses its hub is counted; its person goes on.
func (c *rehearsing) hold(ctx context.Context, p *crowd.Phone) {
	if err := p.Hold(ctx, func() { c.count(func(r *rehearsalReport) { r.Pages++ }) }); err != nil {
		c.count(func(r *rehearsalReport) { r.Lost++ })
	}
}

// person joins and votes on every statement, with pauses like a reader's.
func (c *rehearsing) person(ctx context.Context, index int, joined func(*crowd.Phone)) {
	random := mathrand.New(mathrand.NewPCG(c.options.seed, uint64(index)))
	pause := time.Duration(c.options.minutes * float64(time.Minute) / c.options.speed / float64(len(c.hub.Statements)+1))
	rest(ctx, time.Duration(random.Float64()*float64(pause)))
	phone := c.hub.Phone(crowd.NewID() + crowd.NewID())
	defer phone.Close()
	if !c.join(ctx, phone, random) {
		return
	}
	joined(phone)
	if index < len(c.writes) {
		c.send(ctx, phone, "statement", "", c.writes[index])
	}
	room := readmodel.Rehearsal{Seed: c.options.seed}
	if answer, ok := room.Answer(index); ok && c.hub.Question {
		c.send(ctx, phone, "answer", "q1", answer)
	}
	for _, at := range random.Perm(len(c.hub.Statements)) {
		rest(ctx, time.Duration((0.5+random.Float64())*float64(pause)))
		if c.ready != nil && !c.ready(ctx) {
			return
		}
		if vote := room.Vote(index, at); vote != moot.None {
			c.send(ctx, phone, "vote", c.hub.Statements[at], vote.String())
		}
		c.progress.add(1)
		if ctx.Err() != nil {
			return
		}
	}
}

func rest(ctx context.Context, d time.Duration) {
	if d <= 0 {
		return
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

func (c *rehearsing) join(ctx context.Context, phone *crowd.Phone, random *mathrand.Rand) bool {
	lang := "zh-Hant"
	if random.IntN(4) == 0 {
		lang = "en"
	}
	return c.retry(ctx, func() error { return phone.Join(ctx, lang) })
}

// send sends one item until it is received or refused, and measures the first try
// that is answered.
func (c *rehearsing) send(ctx context.Context, phone *crowd.Phone, kind, key string, value any) {
	item := crowd.Item{CID: crowd.NewID(), Kind: kind, Key: key, Rev: uint64(time.Now().UnixMilli()), Value: value}
	c.count(func(r *rehearsalReport) { r.Sent++ })
	c.retry(ctx, func() error {
		start := time.Now()
		receipts, err := phone.Send(ctx, item)
		if err != nil {
			if ctx.Err() == nil {
				c.count(func(r *rehearsalReport) { r.Again++ })
			}
			return err
		}
		took := time.Since(start)
		c.count(func(r *rehearsalReport) {
			if receipts.Has(item.CID) {
				r.Acknowledged++
				c.saved.Took(took)
			}
			for _, no := range receipts.Refused {
				r.Refused[no.Reason]++
			}
		})
		return nil
	})
}

func (c *rehearsing) count(change func(*rehearsalReport)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	change(&c.report)
}

// retry tries again as the page does: half a second doubling to fifteen, or when
// the hub says; a minute in all.
func (c *rehearsing) retry(ctx context.Context, try func() error) bool {
	wait := 500 * time.Millisecond
	for waited := time.Duration(0); waited < time.Minute && ctx.Err() == nil; waited += wait {
		err := try()
		if err == nil {
			return true
		}
		var after crowd.Wait
		if errors.As(err, &after) {
			wait = max(wait, time.Duration(after))
		}
		rest(ctx, wait)
		wait = min(2*wait, 15*time.Second)
	}
	return false
}
