package command_test

import (
	"strings"
	"testing"
)

type rehearsed struct {
	People, Pages, Lost, Sent, Acknowledged, Again int
	LatencyMS                                      struct{ P50, P99, Max float64 }  `json:"latency_ms"`
	BurstMS                                        *struct{ P50, P99, Max float64 } `json:"burst_ms"`
}

// A rehearsal by the clock sends what it was told to, and the record has it.
func TestRehearseByTheClock(t *testing.T) {
	data := t.TempDir()
	hub := serve(t, data, freeAddress(t), "--sample", "--rehearsal")
	var before, after struct{ Participants, Votes int }
	runJSON(t, data, &before, "session", "show", "518369f8")
	var got rehearsed
	runJSON(t, data, &got, "rehearse", "--url", hub.base, "--people", "40", "--idle", "20", "--rate", "80", "--minutes", "0.05")
	runJSON(t, data, &after, "session", "show", "518369f8")
	const votes = 40 + 80*3 // within a second, then for three seconds
	if got.People != 40 || got.Pages != 60 || got.Lost != 0 || got.Sent != votes || got.Acknowledged != votes || got.Again != 0 {
		t.Errorf("rehearsed %+v, want 60 pages and %d votes", got, votes)
	}
	for _, l := range []*struct{ P50, P99, Max float64 }{&got.LatencyMS, got.BurstMS} {
		if l == nil || l.P50 <= 0 || l.P99 < l.P50 || l.Max < l.P99 {
			t.Errorf("latency %+v", l)
		}
	}
	if people := after.Participants - before.Participants; people != 40 {
		t.Errorf("%d people more, want the 40 who voted", people)
	}
	hub.interrupt()
}

// People who read keep a page open each, and the report says so.
func TestRehearseReaders(t *testing.T) {
	data := t.TempDir()
	hub := serve(t, data, freeAddress(t), "--sample", "--rehearsal")
	var got rehearsed
	runJSON(t, data, &got, "rehearse", "--url", hub.base, "--people", "30", "--minutes", "0.05")
	if got.People != 30 || got.Pages != 30 || got.Lost != 0 || got.Sent < 300 || got.Acknowledged != got.Sent || got.BurstMS != nil {
		t.Errorf("rehearsed %+v", got)
	}
	hub.kill()
	if _, said, status := try(t, data, "rehearse", "--url", hub.base); status != 1 || !strings.Contains(said, "no hub answers at "+hub.base) {
		t.Errorf("without a hub: status %d, %s", status, said)
	}
}

func TestRehearseRefuses(t *testing.T) {
	for want, args := range map[string][]string{
		"5 votes a second for each":        {"--people", "10", "--rate", "51"},
		"rate must be 0 to 5":              {"--rate", "-1"},
		"idle pages need --rate":           {"--idle", "5"},
		"6000 people and idle pages":       {"--people", "5000", "--idle", "1001", "--rate", "1"},
		"people must be 1 to 5000":         {"--people", "5001"},
		"give either --url or --session":   {"--url", "http://127.0.0.1:1", "--session", "12"},
		"minutes 0 or more":                {"--minutes", "-1"},
		"no hub answers at http://127.0.0": {"--url", "http://127.0.0.1:1"},
	} {
		if _, said, status := try(t, t.TempDir(), append([]string{"rehearse"}, args...)...); status == 0 || !strings.Contains(said, want) {
			t.Errorf("rehearse %v: status %d, %s", args, status, said)
		}
	}
}
