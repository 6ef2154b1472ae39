package command

import (
	"context"
	"errors"
	"net"
	"strconv"

	"folkmoot/app/readmodel"
	"folkmoot/sync/store"
)

// usualPort is where phones are let in unless somebody wishes otherwise.
const usualPort = 8080

// Open holds a session and lets phones in at a port, 0 for the usual one. Voting is not
// opened by itself. Where the port cannot be had, the Trouble has one that can.
func (d *Desk) Open(ctx context.Context, id string, port int) (*DeskSession, error) {
	sid, err := sessionID(id)
	if err != nil {
		return nil, err
	}
	held, err := d.take(sid, func() (*local, error) { return d.app.hold(sid) })
	if err != nil {
		return nil, d.explain(err)
	}
	s, err := d.serve(ctx, held, port)
	if err != nil {
		if closing := d.letGo(sid, held); closing != nil {
			d.log(closing)
		}
		return nil, d.explain(err)
	}
	return s, nil
}

// serve lets phones and other commands in to a session that is held.
func (d *Desk) serve(ctx context.Context, held *local, port int) (*DeskSession, error) {
	listener, err := d.listen(port)
	if err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		listener.Close()
		return nil, err
	}
	running, err := d.app.startHub(held, listener, d.peersOptions())
	if err != nil {
		listener.Close()
		return nil, err
	}
	stopSocket, err := d.app.listenSocket(held, running.peers)
	if err != nil {
		running.stop()
		return nil, err
	}
	s := newDeskSession(d, held, running.desk)
	s.others = running.peers
	s.held, s.running, s.stopSocket, s.port = held, running, stopSocket, listener.Addr().(*net.TCPAddr).Port
	d.mu.Lock()
	d.open[s] = true
	closed := d.closed
	d.mu.Unlock()
	if closed { // it looked for what is open before this was
		s.Close()
		return nil, context.Canceled
	}
	return s, nil
}

// peersOptions gives how other devices are let in.
func (d *Desk) peersOptions() peersOptions {
	return serveOptions{listen: net.JoinHostPort(d.Host, "0"), peers: d.Peers, quiet: d.Quiet}.peersOptions()
}

// listen opens a port for phones.
func (d *Desk) listen(port int) (net.Listener, error) {
	if port == 0 {
		port = usualPort
	}
	address := net.JoinHostPort(d.Host, strconv.Itoa(port))
	listener, err := net.Listen("tcp", address)
	if err == nil {
		return listener, nil
	}
	trouble := &readmodel.Trouble{Key: "desk.port_denied", Args: map[string]any{"Port": strconv.Itoa(port)}, Err: err}
	if addressTaken(err) {
		trouble.Key = "desk.port_taken"
		if title, ours := hubAt(address); ours {
			trouble.Key, trouble.Args["Title"] = "desk.port_ours", title
		}
	}
	trouble.Port = d.freePort(port)
	return nil, trouble
}

// freePort gives a port above the given one that can be listened on, 0 for none.
func (d *Desk) freePort(above int) int {
	if above < 1024 || above > 65000 { // those below need rights, and above there are too few
		above = usualPort - 1
	}
	for port := above + 1; port <= above+200; port++ {
		if listener, err := net.Listen("tcp", net.JoinHostPort(d.Host, strconv.Itoa(port))); err == nil {
			listener.Close()
			return port
		}
	}
	return 0
}

// Rehearsal makes a copy of a session, its statements without its people, in which
// pretend people may vote, and gives its id.
func (d *Desk) Rehearsal(ctx context.Context, id string) (string, error) {
	sid, err := sessionID(id)
	if err != nil {
		return "", err
	}
	source, done, err := d.borrow(sid, func() (*local, error) { return d.app.hold(sid) })
	if err != nil {
		return "", d.explain(err)
	}
	items := rehearsalItems(source.View(), false)
	done()
	return d.makeSession(ctx, items)
}

// Sample gives the id of the sample session, which is made where it is not there, and
// completed where that was cut short.
func (d *Desk) Sample(ctx context.Context) (string, error) {
	ctx, done := d.until(ctx)
	defer done()
	id := sampleID()
	if err := d.ready(); err != nil {
		return "", err
	}
	held, err := d.take(id, func() (*local, error) { return d.app.holdSample(ctx) })
	switch {
	case errors.Is(err, store.ErrOpenElsewhere): // then it is there
		return id.String(), nil
	case err != nil:
		return "", d.explain(err)
	}
	return id.String(), d.explain(d.letGo(id, held))
}
