package costtest_test

import (
	"testing"

	"folkmoot/sync/costtest"
)

var kept []byte

// The measure sees what is held for a moment only, and does not count what was let go.
func TestPeak(t *testing.T) {
	const size = 8 << 20
	if got := costtest.Peak(func() { kept = make([]byte, size); kept[size-1] = 1; kept = nil }); got < size || got > 2*size {
		t.Errorf("%d bytes were held and %d measured", size, got)
	}
	const all = 1000 * size / 32
	least := int64(all)
	for range 5 {
		least = min(least, costtest.Peak(func() {
			for range 1000 {
				kept = make([]byte, size/32)
			}
			kept = nil
		}))
	}
	if least > all/4 {
		t.Errorf("%d bytes were measured of %d in pieces that were let go", least, all)
	}
	if got := costtest.Peak(func() {}); got > 1<<20 {
		t.Errorf("%d bytes were measured of nothing", got)
	}
}

func TestHostile(t *testing.T) {
	for name, data := range costtest.Hostile() {
		if len(data) != costtest.Size {
			t.Errorf("%s has %d bytes", name, len(data))
		}
	}
}
