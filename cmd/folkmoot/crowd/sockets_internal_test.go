package crowd

import "testing"

func TestSockets(t *testing.T) {
	limit := openLimit()
	if limit == 0 {
		if _, ok := Sockets(1<<30, true); !ok {
			t.Error("no limit, and too few")
		}
		return
	}
	fits := (limit - 64) / 2
	for _, c := range []struct {
		phones int
		inside bool
		want   bool
	}{{fits, false, true}, {fits + 1, false, false}, {fits / 2, true, true}, {fits/2 + 1, true, false}} {
		if got, ok := Sockets(c.phones, c.inside); got != limit || ok != c.want {
			t.Errorf("%d phones, hub inside %v: %v of %d, want %v", c.phones, c.inside, ok, got, c.want)
		}
	}
}
