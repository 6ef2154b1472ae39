package command

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"folkmoot/cmd/folkmoot/crowd"
)

// mostRehearsed is how many people and idle pages may be simulated together.
const mostRehearsed = 6000

type rehearseOptions struct {
	url     string
	people  int
	minutes float64
	speed   float64
	seed    uint64
	rate    float64
	idle    int
}

func (a *app) rehearseCommand() *cobra.Command {
	var o rehearseOptions
	c := &cobra.Command{
		Use: "rehearse", Short: "Let simulated people join and vote, over the real interface",
		Long: "With --url the people go to a hub that was started with serve --rehearsal; with --session to a copy of that session\n" +
			"(its statements, not its people), which is marked as a rehearsal. Each person keeps a page open, as a phone does.\n" +
			"With --rate it is a test of load instead: all join, then all vote within a second, then so many votes a second come\n" +
			"for --minutes, however fast people read.",
		Args: nothing,
		RunE: func(c *cobra.Command, _ []string) error { return a.rehearse(c.Context(), o) },
	}
	f := c.Flags()
	f.StringVar(&o.url, "url", "", "address of a hub, http://192.168.0.10:8080 say")
	f.IntVar(&o.people, "people", 40, "how many people")
	f.Float64Var(&o.minutes, "minutes", 1, "how long they take to vote on everything")
	f.Float64Var(&o.speed, "speed", 1, "how many times faster than that")
	f.Float64Var(&o.rate, "rate", 0, "votes a second from all together, at most 5 a person; 0 for people who read")
	f.IntVar(&o.idle, "idle", 0, "with --rate: how many more pages are open and only look")
	f.Var(seedFlag(&o.seed, 1), "seed", "the same seed gives the same people")
	return a.jsonFlag(a.sessionFlag(c))
}

// rehearsalReport is the document of rehearse --json.
type rehearsalReport struct {
	People       int            `json:"people"`
	Pages        int            `json:"pages"` // that were open with a live stream
	Lost         int            `json:"lost"`  // pages of them that lost the hub
	Sent         int            `json:"sent"`
	Acknowledged int            `json:"acknowledged"`
	Again        int            `json:"again"` // tries that were not the first
	Refused      map[string]int `json:"refused"`
	LatencyMS    crowd.Latency  `json:"latency_ms"`
	// Burst is, with --rate, how long it took when all voted within a second.
	Burst   *crowd.Latency `json:"burst_ms,omitempty"`
	Seconds float64        `json:"seconds"`
	Session string         `json:"session,omitempty"`
}

// check says what is wrong with the call.
func (o rehearseOptions) check(session string) error {
	switch {
	case o.people < 1 || o.people > 5000 || o.minutes < 0 || o.speed <= 0:
		return usage("people must be 1 to 5000, minutes 0 or more, speed more than 0")
	case o.url != "" && session != "":
		return usage("give either --url or --session")
	case o.rate < 0 || o.rate > 5*float64(o.people):
		return usage("rate must be 0 to 5 votes a second for each of the people: a hub takes no more from one device")
	case o.idle < 0 || o.idle > 0 && o.rate == 0 || o.people+o.idle > mostRehearsed:
		return usage(fmt.Sprintf("idle pages need --rate, and there may be %d people and idle pages together", mostRehearsed))
	}
	return nil
}

func (a *app) rehearse(ctx context.Context, o rehearseOptions) error {
	if err := o.check(a.session); err != nil {
		return err
	}
	if limit, ok := crowd.Sockets(o.people+o.idle, o.url == ""); !ok {
		return &problem{why: fmt.Sprintf("this computer lets a program have %d open files and connections, too few for %d people", limit, o.people+o.idle),
			try: "raise it first (ulimit -n 65536), or let fewer people come"}
	}
	copied := ""
	if o.url == "" {
		address, id, stop, err := a.rehearsalHub(ctx)
		if err != nil {
			return err
		}
		defer stop()
		o.url, copied = address, id
	}
	people, err := newCrowd(ctx, o)
	if err != nil {
		return err
	}
	start := time.Now()
	report, err := a.perform(ctx, people, o)
	if err != nil {
		return err
	}
	report.Seconds, report.Session = time.Since(start).Seconds(), copied
	if a.json {
		return a.printJSON(report)
	}
	a.sayRehearsed(report)
	if missing := report.Sent - report.Acknowledged - sum(report.Refused); missing > 0 {
		return &problem{why: fmt.Sprintf("%d items were not received", missing), try: "see whether the hub is still running"}
	}
	return nil
}

// perform lets the people vote, as readers or by the clock.
func (a *app) perform(ctx context.Context, people *rehearsing, o rehearseOptions) (rehearsalReport, error) {
	if o.rate > 0 {
		return people.load(ctx, a.log())
	}
	bar := a.progress("votes", o.people*len(people.hub.Statements))
	defer bar.done()
	return people.run(ctx, bar), nil
}

func (a *app) sayRehearsed(r rehearsalReport) {
	a.say("%d people with %d open pages sent %d items, %d were received, %d tries had to be repeated; %.1f s in all.", r.People, r.Pages, r.Sent, r.Acknowledged, r.Again, r.Seconds)
	if r.Burst != nil {
		a.say("All within a second: from send to saved %s.", latencyWords(*r.Burst))
	}
	a.say("From send to saved %s.", latencyWords(r.LatencyMS))
	for reason, n := range r.Refused {
		a.say("refused (%s): %d", reason, n)
	}
	if r.Lost > 0 {
		a.say("%d pages lost the hub.", r.Lost)
	}
	if r.Session != "" {
		a.say("The rehearsal is kept as session %s; delete it with: session delete %s", r.Session[:8], r.Session[:8])
	}
}

func latencyWords(l crowd.Latency) string {
	return fmt.Sprintf("%.0f ms (half), %.0f ms (99 in 100), %.0f ms (slowest)", l.P50, l.P99, l.Max)
}

func sum(counts map[string]int) int {
	n := 0
	for _, c := range counts {
		n += c
	}
	return n
}
