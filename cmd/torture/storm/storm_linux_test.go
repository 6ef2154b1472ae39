package storm_test

import (
	"encoding/json"
	"flag"
	"os"
	"testing"
	"time"

	"folkmoot/cmd/folkmoot/command/commandtest"
	"folkmoot/cmd/torture/storm"
	"folkmoot/sync/faultproxy"
	"folkmoot/sync/link"
	"folkmoot/sync/nettest"
)

// cmd/torture runs these tests with flags of its own.
var (
	seedFlag    = flag.Uint64("seed", 0, "what is random follows from it; 0 takes the clock")
	roundsFlag  = flag.Int("rounds", 3, "rounds of a storm, or kills")
	figuresFlag = flag.String("figures", "", "file for the figures, as JSON")
)

func TestMain(m *testing.M) {
	storm.Main()
	flag.Parse()
	nettest.Main(m)
}

func seeded(t *testing.T) uint64 {
	seed := *seedFlag
	if seed == 0 {
		seed = uint64(time.Now().UnixNano())
	}
	t.Logf("seed %d", seed)
	return seed
}

// figures are values by name, for the report.
type figures map[string][]float64

func (f figures) note(key string, value float64) { f[key] = append(f[key], value) }

func (f figures) keep(t *testing.T) {
	t.Helper()
	if *figuresFlag == "" {
		return
	}
	data, err := json.Marshal(f)
	if err == nil {
		err = os.WriteFile(*figuresFlag, data, 0o600)
	}
	if err != nil {
		t.Error(err)
	}
}

// program builds the real program.
func program(t *testing.T) string {
	t.Helper()
	path, err := commandtest.Build(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return string(path)
}

// whatTheySaid shows what the devices wrote on standard error, where something failed.
func whatTheySaid(t *testing.T, s *storm.Sea) {
	t.Helper()
	if !t.Failed() {
		return
	}
	for _, d := range s.All() {
		if said := d.Said(); said != "" {
			t.Logf("%s said:\n%s", d.Name(), said)
		}
	}
}

// TestStorm breaks and heals the network between two hubs, three tablets and two pages,
// each pair by every fault three times, and at last between all of them at once, while
// everybody votes. Nothing that was acknowledged is missing, nothing is there twice, and
// all hold the same ten seconds after the last healing.
func TestStorm(t *testing.T) {
	t.Parallel() // it mostly waits
	s := storm.NewSea(t, storm.Spec{Seed: seeded(t), Program: program(t), Second: link.Hub, Tablets: 3, Pages: 2, People: 8, Pace: 40 * time.Millisecond, PagePace: 300 * time.Millisecond})
	out, err := s.Storm(t.Context(), *roundsFlag)
	if err != nil {
		t.Error(err)
	}
	whatTheySaid(t, s)
	if wanted := 2000 * min(*roundsFlag, 3) / 3; out.Votes < wanted || out.Devices < 4 {
		t.Errorf("%d votes were acknowledged by %d devices, want %d by 4", out.Votes, out.Devices, wanted)
	}
	t.Logf("found without a default route after %v at the latest; %d strikes in %v; %d votes acknowledged by %d devices; the same %v after the last healing; pages moved %d times",
		out.Found, out.Strikes, out.Lasted.Round(time.Second), out.Votes, out.Devices, out.Same.Round(time.Millisecond), out.Moves)
	f := figures{}
	f.note("seconds until the last device had found the last other one", out.Found.Seconds())
	f.note("seconds from the last healing until all held the same", out.Same.Seconds())
	f.note("votes acknowledged a round", float64(out.Votes)/float64(out.Rounds))
	f.note("seconds a round", out.Lasted.Seconds()/float64(out.Rounds))
	f.note("moves of a page", float64(out.Moves))
	for _, fault := range faultproxy.Faults() {
		sum := out.Faults[fault]
		if sum == nil {
			continue
		}
		t.Logf("%s: %d strikes, %d of them with a frame on its way, %d chunks with %d bytes; %d chunks met it, %d bytes lost, %d resets, %d inside a frame",
			fault, sum.Strikes, sum.InTransit, sum.Waiting, sum.Bytes, sum.Touched, sum.Lost, sum.Resets, sum.Inside)
		f.note(fault.String()+": strikes", float64(sum.Strikes))
		f.note(fault.String()+": strikes that hit a frame on its way, %", 100*float64(sum.InTransit)/float64(sum.Strikes))
	}
	f.keep(t)
}

// TestTakeover kills the hub under load, three times: the backup holds everything that
// was acknowledged, the pages are saving again within 15 s, and the killed laptop comes
// back as the backup of the other. A tablet votes all the while, and what the laptops tell
// each other takes its time.
func TestTakeover(t *testing.T) { takeovers(t, 1, "") }

// TestTakeoverOfTheProgram does the same to the real program: the second laptop is paired
// with "follow" and "device pair".
func TestTakeoverOfTheProgram(t *testing.T) {
	takeovers(t, 0, program(t))
}

func takeovers(t *testing.T, tablets int, program string) {
	t.Parallel()
	seed := seeded(t)
	s := storm.NewSea(t, storm.Spec{Seed: seed, Second: link.Backup, Tablets: tablets, Pages: 8, People: 8, Pace: 50 * time.Millisecond, PagePace: 220 * time.Millisecond, Calm: true, Far: true})
	k, err := storm.NewTakeovers(t.Context(), s, program)
	if err != nil {
		t.Fatal(err)
	}
	defer k.Close()
	for round := 0; round < *roundsFlag && !t.Failed(); round++ {
		if err := k.Round(t.Context(), seed+uint64(round)); err != nil {
			t.Errorf("kill %d: %v", round, err)
		}
	}
	if err := k.Finish(t.Context()); err != nil {
		t.Error(err)
	}
	whatTheySaid(t, s)
	if t.Failed() && program != "" {
		for _, l := range k.Laptops {
			t.Logf("%s said:\n%s", l.Name(), l.Said())
		}
	}
	f, behind := figures{}, 0
	for _, fall := range k.Falls {
		if fall.Unpromised > 0 {
			behind++
		}
		t.Logf("%d votes acknowledged; the last page was saving again after %v; in step again after %v", fall.Saved, fall.Saving.Round(time.Millisecond), fall.Back.Round(time.Millisecond))
		f.note("seconds until the last page was saving again", fall.Saving.Seconds())
		f.note("seconds until the killed laptop was in step again", fall.Back.Seconds())
		f.note("votes acknowledged when the hub was killed", float64(fall.Saved))
		f.note("votes acknowledged while the backup was behind", float64(fall.Unpromised))
	}
	// Behind it may be on a busy computer, and the hub says so; then a kill tells less.
	if t.Logf("at %d of %d kills the backup was behind", behind, len(k.Falls)); 3*behind > 2*len(k.Falls) && len(k.Falls) > 2 {
		t.Error("the backup was behind at most of the kills: they say little")
	}
	f.keep(t)
}
