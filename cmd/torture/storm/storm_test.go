package storm_test

import (
	"testing"
	"time"

	"folkmoot/cmd/torture/storm"
	"folkmoot/sync/link"
	"folkmoot/sync/nettest"
)

func TestMain(m *testing.M) {
	storm.Main()
	nettest.Main(m)
}

func TestStorm(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	s := storm.NewSea(t, storm.Spec{Seed: seed, Second: link.Hub, Tablets: 3, Pages: 2, People: 8, Pace: 50 * time.Millisecond, PagePace: 300 * time.Millisecond})
	out, err := s.Storm(t.Context(), 3)
	t.Logf("%+v", *out)
	for fault, sum := range out.Faults {
		t.Logf("%s: %+v", fault, *sum)
	}
	if err != nil {
		t.Error(err)
		for _, d := range s.Devices() {
			t.Logf("%s said:\n%s", d.Setup.Name, d.Said())
		}
	}
}

func TestTakeover(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	s := storm.NewSea(t, storm.Spec{Seed: seed, Second: link.Backup, Tablets: 1, Pages: 8, People: 8, Pace: 50 * time.Millisecond, PagePace: 220 * time.Millisecond, Calm: true})
	k, err := storm.NewTakeovers(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	defer k.Close()
	for round := range 3 {
		if err := k.Round(t.Context(), seed+uint64(round)); err != nil {
			t.Errorf("round %d: %v", round, err)
			break
		}
	}
	for _, f := range k.Falls {
		t.Logf("%+v", f)
	}
	if err := k.Finish(t.Context()); err != nil {
		t.Error(err)
	}
	if t.Failed() {
		for _, d := range s.Devices() {
			t.Logf("%s said:\n%s", d.Setup.Name, d.Said())
		}
	}
}
