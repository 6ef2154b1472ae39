package hub

import (
	"bytes"
	"context"
	"net"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"folkmoot/sync/moot"
)

// withoutDeadline hides that a connection can be given a time to write.
type withoutDeadline struct{ http.ResponseWriter }

// Who asks and does not read is let go after answerFor.
func TestAnswerThatNobodyReads(t *testing.T) {
	endless := alter{lan: func(_ *Hub, next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { next.ServeHTTP(withoutDeadline{w}, r) })
	}}
	for name, c := range map[string]struct {
		change alter
		want   int
	}{"the hub": {alter{}, 0}, "without the limit": {endless, 200}} {
		t.Run(name, func(t *testing.T) {
			onlineAt(t, "", c.change, usual, func(t *testing.T, s *site, l line, _ *sockets) {
				conn := l.dial(asking("/api/v1/wall", ""))
				time.Sleep(answerFor + time.Second)
				if got := answered(conn); got != c.want {
					t.Errorf("answer %d, want %d", got, c.want)
				}
			})
		})
	}
}

// stalled asks so many times without reading, then reads all, and counts the answers.
func stalled(l line, n int, path, token string) map[int]int {
	var conns []net.Conn
	for range n {
		conns = append(conns, l.dial(asking(path, token)))
		synctest.Wait()
	}
	time.Sleep(holdFor + time.Second)
	got := map[int]int{}
	for _, conn := range conns {
		got[answered(conn)]++
	}
	return got
}

func TestAnswersOnTheirWay(t *testing.T) {
	for without, want := range map[guardName][2]int{"": {maxFlight, maxWallFlight - kept}, guardFlight: {12, 40}} {
		online(t, without, usual, func(t *testing.T, s *site, l line, _ *sockets) {
			s.fill(100)
			token, _ := s.join("")
			if got := stalled(l, 12, "/api/v1/state", token); got[200] != want[0] || got[200]+got[429] != 12 {
				t.Errorf("without %q: a device's answers %v, want %d", without, got, want[0])
			}
			if got := stalled(l, 1, "/api/v1/state", token); got[200] != 1 {
				t.Errorf("without %q: once all are read: %v", without, got)
			}
			var conns []net.Conn
			for range maxWallFlight {
				conns = append(conns, l.dial(asking("/api/v1/wall", "")))
			}
			synctest.Wait()
			if got := stalled(l, 1, "/api/v1/wall", siteCode); got[200] != 1 {
				t.Errorf("without %q: a wall with the digits is kept waiting by strangers: %v", without, got)
			}
			for _, conn := range conns {
				conn.Close()
			}
			synctest.Wait()
			s.setNow(s.at().Add(time.Minute))
			if got := stalled(l, 40, "/api/v1/wall", ""); got[200] != want[1] || got[200]+got[429] != 40 {
				t.Errorf("without %q: strangers' walls %v, want %d", without, got, want[1])
			}
		})
	}
}

// All walls are told the same text, as long as it is true.
func TestWallsShareTheirText(t *testing.T) {
	s := newSite(t, "", alter{})
	same := func(a, b []byte) bool { return &a[0] == &b[0] }
	first := s.hub.wallText(false)
	s.setNow(s.at().Add(wallAge))
	if !same(first, s.hub.wallText(false)) {
		t.Error("a second wall has a text of its own")
	}
	invited := s.hub.wallText(true)
	if bytes.Contains(first, []byte(siteCode)) || !bytes.Contains(invited, []byte(siteCode)) {
		t.Error("the digits are told to strangers, or not to others")
	}
	s.setNow(s.at().Add(1))
	if same(first, s.hub.wallText(false)) {
		t.Error("the clock stands still")
	}
	first = s.hub.wallText(false)
	if _, err := s.record.Do(context.Background(), s.item(&moot.SetField{Field: moot.Title, Value: "Another", Rev: 2})); err != nil {
		t.Fatal(err)
	}
	if second := s.hub.wallText(false); same(first, second) || !bytes.Contains(second, []byte("Another")) {
		t.Error("a change is not told")
	}
	token, _ := s.join("")
	first = s.hub.wallText(false)
	s.call("POST", "/api/v1/items", token, `{"items":[],"waiting":3}`)
	if second := s.hub.wallText(false); !bytes.Contains(second, []byte(`"waiting":3`)) || same(first, second) {
		t.Error("answers that wait are not told")
	}
}
