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
