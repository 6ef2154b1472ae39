package hub

import (
	"net/http"
	"testing"
	"time"
)

// One address that joins without end leaves others their share; a room that is alone
// behind one address has all there is.
func TestJoinsAreShared(t *testing.T) {
	s := newSite(t, "", alter{})
	join := func(from string) said {
		return s.call("POST", "/api/v1/join", "", joinBody(siteCode, freshToken(), ""), func(r *http.Request) { r.RemoteAddr = from })
	}
	flood := func() (in int) {
		for join("10.0.0.66:1").status == http.StatusCreated {
			in++
		}
		return in
	}
	if in := flood(); in != joinBurst {
		t.Errorf("a room alone: %d joined at once, want %d", in, joinBurst)
	}
	s.setNow(s.at().Add(time.Second))
	if in := flood(); in != joinRate {
		t.Errorf("a room alone: %d joined in the next second, want %d", in, joinRate)
	}
	if out := join("10.0.0.5:1"); out.code != "busy" || out.head.Get("Retry-After") == "" {
		t.Errorf("nothing is left, and one joins: %d %s", out.status, out.body)
	}
	for i := range 5 {
		s.setNow(s.at().Add(time.Second))
		if in := flood(); in > joinShare {
			t.Errorf("second %d: %d joined from one address while others want to, want %d", i, in, joinShare)
		}
		for n := range joinShare {
			if out := join("10.0.0.5:1"); out.status != http.StatusCreated {
				t.Fatalf("second %d: join %d of another address: %d %s", i, n, out.status, out.body)
			}
		}
	}
	s.setNow(s.at().Add(wanted + time.Second))
	if in := flood(); in < joinBurst/2 {
		t.Errorf("nobody else any more: %d joined", in)
	}
}

// What is known of addresses does not grow for ever.
func TestJoinsForget(t *testing.T) {
	j, now := newJoins(), time.Now()
	for i := range 5000 {
		now = now.Add(wanted / 100)
		j.of(itoa(i), now)
	}
	if len(j.shares) > 1100 {
		t.Errorf("%d addresses kept", len(j.shares))
	}
}
