package command

import (
	"context"
	"log/slog"
	"time"

	"folkmoot/cmd/folkmoot/crowd"
)

// load lets people vote by the clock: first all within a second, then at the rate asked
// for. What is not saved is counted and never sent again, so that nothing is hidden.
func (c *rehearsing) load(ctx context.Context, log *slog.Logger) (rehearsalReport, error) {
	o, phones := c.options, make([]*crowd.Phone, c.options.people+c.options.idle)
	for i := range phones {
		phones[i] = c.hub.Phone(crowd.NewID() + crowd.NewID())
		defer phones[i].Close()
	}
	if err := crowd.Enter(ctx, phones); err != nil {
		return c.report, &problem{why: "not everybody could join", try: "see whether the hub is still running", cause: err}
	}
	pages, err := crowd.Open(ctx, phones)
	defer pages.Close()
	if err != nil {
		return c.report, &problem{why: "not every page could be opened", try: "see whether the hub is still running", cause: err}
	}
	burst := crowd.Load(ctx, phones[:o.people], time.Second, 1)
	interval := time.Duration(float64(time.Second) * float64(o.people) / o.rate)
	steady := crowd.Load(ctx, phones[:o.people], interval, int(o.minutes*float64(time.Minute)/float64(interval)))
	first := burst.Latency()
	c.report.LatencyMS, c.report.Burst, c.report.Pages, c.report.Lost = steady.Latency(), &first, len(phones), pages.Lost()
	steady.Add(burst)
	c.report.Sent, c.report.Acknowledged = steady.Sent, steady.Saved
	for why, n := range steady.Trouble {
		log.Warn("not saved", "times", n, "why", why)
	}
	return c.report, nil
}
