package command

import (
	"context"
	"net"
	"net/http"
	"sync"

	"folkmoot/sync/oplog"
)

// orphan is a desk whose window is gone, with its display. Its hub goes on; another desk
// that wants one of its sessions gets it.
type orphan struct {
	mu     sync.Mutex
	wanted chan struct{} // closed when another desk asks; nil while there is a window
	asked  bool
}

// Orphan says that the window is gone, and gives a channel that is closed when another
// desk wants a session that is open here: who waits for it closes this Desk then.
func (d *Desk) Orphan() <-chan struct{} {
	o := &d.app.orphan
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.wanted == nil {
		o.wanted = make(chan struct{})
	}
	return o.wanted
}

// leave answers another desk that wants a session that is open here.
func (o *orphan) leave(w http.ResponseWriter, _ *http.Request) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.wanted == nil {
		http.Error(w, "the session is open in a window", http.StatusConflict)
		return
	}
	w.WriteHeader(http.StatusNoContent)
	if !o.asked {
		o.asked = true
		close(o.wanted)
	}
}

// askToLeave asks the program that has a session open to let go of it, which it does
// where its window is gone.
func (a *app) askToLeave(id oplog.SessionID) bool {
	path, err := a.socketPath(id)
	if err != nil {
		return false
	}
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", path)
	}
	client := http.Client{Transport: &http.Transport{DialContext: dial}, Timeout: askPatience}
	defer client.CloseIdleConnections()
	res, err := client.Post("http://session/leave", "", nil)
	if err != nil {
		return false
	}
	res.Body.Close()
	return res.StatusCode == http.StatusNoContent
}
