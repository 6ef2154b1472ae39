package command

import (
	"net"
	"net/http"
	"sync/atomic"
)

const (
	// maxSockets is how many connections a hub takes at a time.
	maxSockets = 8192
	// crowdedSockets is from when on it keeps none open that nobody uses. Each page holds
	// one for its stream, 6,000 at the most, and browsers keep the one that they sent on
	// for minutes: phones that come now would find no place.
	crowdedSockets = maxSockets * 3 / 4
	// ownFiles is how many files and connections a hub has besides, with room to spare.
	ownFiles = 64
)

// sockets counts a server's connections.
type sockets struct {
	crowded int64
	open    atomic.Int64
}

// watch is for http.Server.ConnState.
func (s *sockets) watch(_ net.Conn, state http.ConnState) {
	switch state {
	case http.StateNew:
		s.open.Add(1)
	case http.StateClosed, http.StateHijacked:
		s.open.Add(-1)
	}
}

// thin ends connections after their answer where there are many.
func (s *sockets) thin(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.open.Load() > s.crowded {
			w.Header().Set("Connection", "close")
		}
		next.ServeHTTP(w, r)
	})
}
