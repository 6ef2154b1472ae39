package link

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"folkmoot/sync/moot"
	"folkmoot/sync/peer"
)

// pathGrant is what a device asks for once it was let in.
const pathGrant = "/sync/v1/grant"

// servePairing answers the calls by which a stranger asks to be paired. It is told
// nothing of the session by them.
func (n *Node) servePairing(w http.ResponseWriter, r *http.Request) {
	key := caller(r)
	data, ok := body(w, r, peer.MaxPairMessage)
	if !ok {
		return
	}
	n.mu.Lock()
	laptops := laptop(n.self.Role)
	n.mu.Unlock()
	if key == nil || !laptops { // who has been paired itself does not let others in
		refuse(w, &peer.Refusal{Code: peer.NotPaired})
		return
	}
	out := n.door.Answer(key, peer.PairCall(r.PathValue("what")), data)
	status := http.StatusOK
	if out.Refused != nil {
		status = out.Refused.Status()
	}
	encoded, err := peer.Encode(&out)
	if err != nil {
		http.Error(w, "", http.StatusInternalServerError)
		return
	}
	send(w, status, encoded)
}

// serveGrant tells a device that was let in what it needs.
func (n *Node) serveGrant(w http.ResponseWriter, _ *http.Request, c *contact) {
	session := n.o.Record.View().Session
	known := n.greetingFor(c).Known
	n.mu.Lock()
	own := Known{Key: n.self.Key, Name: n.name, Role: n.self.Role, Index: n.self.Index}
	g := &Grant{Session: session.ID, Title: cut(session.Get(moot.Title), maxText), Role: c.row.Role, Index: c.row.Index}
	n.mu.Unlock()
	if n.o.Addresses != nil {
		own.Addresses = firstOf(n.o.Addresses())
	}
	g.Known = append(g.Known, own)
	for _, k := range known {
		if laptop(k.Role) && !k.Unpaired && len(g.Known) < maxPeers {
			g.Known = append(g.Known, k)
		}
	}
	if n.o.BadgeKey != nil {
		g.Badge = n.o.BadgeKey()
	}
	answer(w, g)
}

// Invite makes a link that lets one device ask without digits, for two minutes. It ends
// the one before.
func (n *Node) Invite() peer.Link { return n.linkOf(n.door.Invite()) }

// Invited gives the link that holds now, and when it ends.
func (n *Node) Invited() (peer.Link, peer.Invitation, bool) {
	v, ok := n.door.Invited()
	if !ok {
		return peer.Link{}, v, false
	}
	return n.linkOf(v), v, true
}

func (n *Node) linkOf(v peer.Invitation) peer.Link {
	var addresses []string
	if n.o.Addresses != nil {
		addresses = n.o.Addresses()
	}
	return v.Link(n.o.Record.View().Session.ID, addresses)
}

// Pair lets a device in that asks. Errors: ErrUnknownDevice where it does not ask any
// more; what the book gives, and then it goes on asking.
func (n *Node) Pair(_ context.Context, id DeviceID) error {
	for _, a := range n.door.Pending() {
		if a.ID != id {
			continue
		}
		// It is in the book before it is told so.
		row, old := n.newPeer(a), n.peer(id)
		if err := WritePeer(n.o.Book, row); err != nil {
			return err
		}
		if _, err := n.door.Accept(id); err != nil {
			n.restore(row, old)
			break
		}
		n.mu.Lock()
		defer n.mu.Unlock()
		n.admit(row)
		return nil
	}
	return fmt.Errorf("link: pair %s: %w", id, ErrUnknownDevice)
}

// admit takes a peer that is in the book and calls it. n.mu is held.
func (n *Node) admit(row Peer) {
	if old := n.peers[row.ID()]; old != nil && old.stop != nil {
		old.stop()
	}
	c := n.newContact(row)
	n.peers[row.ID()] = c
	n.start(c)
	n.signal()
}

// restore takes back what Pair wrote for a device that asks no longer.
func (n *Node) restore(row Peer, old *Peer) {
	err := n.o.Book.DropPeer(row.Key)
	if old != nil {
		err = WritePeer(n.o.Book, *old)
	}
	if err != nil {
		n.o.Log.Error("forget a device that asks no longer", "error", err)
	}
}

// Decline turns a device away that asks. Error: ErrUnknownDevice.
func (n *Node) Decline(id DeviceID) error {
	if err := n.door.Decline(id); err != nil {
		return fmt.Errorf("link: decline %s: %w", id, errors.Join(ErrUnknownDevice, err))
	}
	return nil
}

// peer gives a row, nil where the device is not in the book.
func (n *Node) peer(id DeviceID) *Peer {
	n.mu.Lock()
	defer n.mu.Unlock()
	if c := n.peers[id]; c != nil {
		row := c.row
		return &row
	}
	return nil
}

// newPeer gives the row of a device that is let in. One that was here before keeps its
// index; its logs stay cut off where they were.
func (n *Node) newPeer(a peer.Asking) Peer {
	n.mu.Lock()
	defer n.mu.Unlock()
	now := uint64(n.o.Now().UnixMilli())
	row := Peer{Key: a.Key, Name: a.Name, Role: a.Role, Index: n.self.Index + 1, Paired: now, Seen: now}
	for id, c := range n.peers {
		if id == a.ID {
			row.Index, row.Logs, row.Addresses = c.row.Index, c.row.Logs, c.row.Addresses
			row.Paired = max(now, c.row.Paired+1) // also where the clock was set back
			return row
		}
		row.Index = max(row.Index, c.row.Index+1)
	}
	return row
}
