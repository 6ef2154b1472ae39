package simtest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
)

// Event is one thing that happens. Numbers that name nodes, people or things are taken
// modulo what there is, so that every event can happen in every world.
type Event struct {
	Do   string
	A, B int    // node, other node or person, as the kind has it
	Roll uint64 // decides what is random about it
}

type kind struct {
	do    string
	often int
	line  string // how it reads
}

// kinds are what can happen, with how often.
var kinds = []kind{
	{"tap", 26, "tap person %d %d"},
	{"send", 20, "send person %d to %d"},
	{"move", 8, "move person %d to %d"},
	{"host", 14, "host at %d %d"},
	{"meet", 22, "meet %d and %d"},
	{"late", 3, "late messages to %d %d"},
	{"part", 3, "part or join %d and %d"},
	{"fail", 4, "fail disk of %d %d"},
	{"crash", 4, "crash %d %d"},
	{"clock", 3, "clock of %d %d"},
	{"clone", 1, "clone %d %d"},
	{"backup", 2, "backup %d %d"},
	{"restore", 2, "restore %d %d"},
	{"fresh", 1, "fresh node beside %d %d"},
	{"name", 3, "name a branch at %d %d"},
	{"unlink", 0, "unlink at %d %d"},
	{"tablet", 4, "tablet joins at %d %d"},
	{"sit", 10, "person %d sits at tablet %d"},
	{"away", 2, "tablet %d leaves or comes %d"},
	{"unpair", 1, "unpair node %d at %d"},
	{"amid", 1, "unpair tablet %d amid a transfer to %d"},
	{"pair", 2, "pair node %d again %d"},
	{"rogue", 1, "tablet %d signs that all are unpaired %d"},
	{"follow", 4, "hub %d is followed by %d"},
	{"die", 2, "hub %d is lost with its disk %d"},
}

// firstTabletKind is where the kinds begin that have to do with tablets, and with hubs that
// stand in for each other.
var firstTabletKind = slices.IndexFunc(kinds, func(k kind) bool { return k.do == "tablet" })

// String gives the event as a line, which Parse reads.
func (e Event) String() string {
	for _, k := range kinds {
		if k.do == e.Do {
			return fmt.Sprintf(k.line+" #%x", e.A, e.B, e.Roll)
		}
	}
	return "unknown"
}

// Parse reads a schedule: one event a line; empty lines and those that begin with // say
// nothing.
func Parse(text string) ([]Event, error) {
	var out []Event
lines:
	for n, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "//") {
			continue
		}
		for _, k := range kinds {
			e := Event{Do: k.do}
			if got, err := fmt.Sscanf(line, k.line+" #%x", &e.A, &e.B, &e.Roll); err == nil && got == 3 {
				out = append(out, e)
				continue lines
			}
		}
		return nil, fmt.Errorf("simtest: line %d: %q is no event", n+1, line)
	}
	return out, nil
}

// Text gives a schedule as Parse reads it.
func Text(events []Event) string {
	var b strings.Builder
	for _, e := range events {
		fmt.Fprintln(&b, e)
	}
	return b.String()
}

// Generate gives the schedule of a seed: short ones mostly, and a long one now and then.
func Generate(seed uint64) []Event {
	random := rand.New(rand.NewPCG(seed, 1))
	n := 8 + random.IntN(26)
	if random.IntN(25) == 0 {
		n = 150
	}
	often, total := make([]int, len(kinds)), 0
	storm := random.IntN(5) == 0 // of clones, restored copies and namings
	plain := random.IntN(3) > 0  // no tablets, and no hub stands in for another
	for i, k := range kinds {
		if plain && i >= firstTabletKind {
			continue
		}
		if often[i] = k.often; storm && k.often <= 3 {
			often[i] *= 4
		}
		total += often[i]
	}
	events := make([]Event, 0, n+1)
	for range n {
		pick := random.IntN(total)
		for i, k := range kinds {
			if pick -= often[i]; pick < 0 {
				events = append(events, Event{Do: k.do, A: random.IntN(8), B: random.IntN(8), Roll: random.Uint64() >> 16})
				break
			}
		}
	}
	if random.IntN(8) == 0 { // names are erased once, mostly late
		at := len(events) - random.IntN(len(events)/2+1)
		events = append(events[:at:at], append([]Event{{Do: "unlink", A: random.IntN(8), Roll: random.Uint64() >> 16}}, events[at:]...)...)
	}
	return events
}
