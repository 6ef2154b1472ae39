package command

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"
)

type rehearseOptions struct {
	url     string
	people  int
	minutes float64
	speed   float64
	seed    uint64
}

func (a *app) rehearseCommand() *cobra.Command {
	var o rehearseOptions
	c := &cobra.Command{
		Use: "rehearse", Short: "Let simulated people join and vote, over the real interface",
		Long: "With --url the people go to a hub that was started with serve --rehearsal; with --session to a copy of that session\n" +
			"(its statements, not its people), which is marked as a rehearsal.",
		Args: nothing,
		RunE: func(c *cobra.Command, _ []string) error { return a.rehearse(c.Context(), o) },
	}
	f := c.Flags()
	f.StringVar(&o.url, "url", "", "address of a hub, http://192.168.0.10:8080 say")
	f.IntVar(&o.people, "people", 40, "how many people")
	f.Float64Var(&o.minutes, "minutes", 1, "how long they take to vote on everything")
	f.Float64Var(&o.speed, "speed", 1, "how many times faster than that")
	f.Var(seedFlag(&o.seed, 1), "seed", "the same seed gives the same people")
	return a.jsonFlag(a.sessionFlag(c))
}

// rehearsalReport is the document of rehearse --json.
type rehearsalReport struct {
	People       int            `json:"people"`
	Sent         int            `json:"sent"`
	Acknowledged int            `json:"acknowledged"`
	Refused      map[string]int `json:"refused"`
	LatencyMS    latencies      `json:"latency_ms"`
	Seconds      float64        `json:"seconds"`
	Session      string         `json:"session,omitempty"`
}

type latencies struct {
	P50 float64 `json:"p50"`
	P99 float64 `json:"p99"`
	Max float64 `json:"max"`
}

func (a *app) rehearse(ctx context.Context, o rehearseOptions) error {
	if o.people < 1 || o.people > 5000 || o.minutes < 0 || o.speed <= 0 {
		return usage("people must be 1 to 5000, minutes 0 or more, speed more than 0")
	}
	if o.url != "" && a.session != "" {
		return usage("give either --url or --session")
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
	crowd, err := newCrowd(ctx, o)
	if err != nil {
		return err
	}
	bar := a.progress("votes", o.people*len(crowd.statements))
	start := time.Now()
	report := crowd.run(ctx, bar)
	bar.done()
	report.Seconds, report.Session = time.Since(start).Seconds(), copied
	if a.json {
		return a.printJSON(report)
	}
	a.say("%d people sent %d items, %d were received; from send to saved %.0f ms (half), %.0f ms (99 in 100), %.0f ms (slowest); %.1f s in all.",
		report.People, report.Sent, report.Acknowledged, report.LatencyMS.P50, report.LatencyMS.P99, report.LatencyMS.Max, report.Seconds)
	for reason, n := range report.Refused {
		a.say("refused (%s): %d", reason, n)
	}
	if copied != "" {
		a.say("The rehearsal is kept as session %s; delete it with: session delete %s", copied[:8], copied[:8])
	}
	if report.Acknowledged+sum(report.Refused) < report.Sent {
		return &problem{why: fmt.Sprintf("%d items were not received", report.Sent-report.Acknowledged-sum(report.Refused)), try: "see whether the hub is still running"}
	}
	return nil
}

func sum(counts map[string]int) int {
	n := 0
	for _, c := range counts {
		n += c
	}
	return n
}
