package storm

import (
	"strings"
	"testing"

	"folkmoot/sync/faultproxy"
)

// A fault that met nothing, or did nothing, is told: it would have tried nothing.
func TestMissed(t *testing.T) {
	for _, c := range []struct {
		name  string
		spoil func(h *faultproxy.Hit)
		wrong string
	}{
		{"all hit", func(*faultproxy.Hit) {}, ""},
		{"nothing was on its way", func(h *faultproxy.Hit) { h.InTransit = h.Fault != faultproxy.Slow }, "slow met no frame on its way in 1 of 1 strikes: [a and b]"},
		{"nothing met it", func(h *faultproxy.Hit) {
			if h.Fault == faultproxy.Drop {
				h.Touched = 0
			}
		}, "half dropped struck and did nothing"},
		{"reset between frames", func(h *faultproxy.Hit) { h.Inside = 0 }, "reset in a frame struck and did nothing"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := &weather{sum: map[faultproxy.Fault]*Sum{}}
			if w.missed() == nil {
				t.Error("nothing struck, and nothing is said of it")
			}
			for _, fault := range faultproxy.Faults() {
				h := faultproxy.Hit{Fault: fault, InTransit: true, Waiting: 1, Bytes: 300, Touched: 2, Resets: 1, Inside: 1}
				c.spoil(&h)
				w.note("a and b", h)
			}
			err := w.missed()
			if c.wrong == "" && err != nil || c.wrong != "" && (err == nil || !strings.Contains(err.Error(), c.wrong)) {
				t.Errorf("%v, want %q", err, c.wrong)
			}
		})
	}
}
