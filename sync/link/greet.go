package link

import (
	"context"
	"crypto/ed25519"
	"slices"
	"time"

	"folkmoot/sync/moot"
	"folkmoot/sync/peer"
)

// greetingFor says how this device does, and to laptops' peers whom it knows.
func (n *Node) greetingFor(to *contact) *Greeting {
	g := &Greeting{Version: n.o.Identity.Version, Oldest: peer.Protocol, Newest: peer.Protocol,
		Wall: uint64(n.o.Now().UnixMilli()), Log: n.o.Record.Own(), Follows: n.Follows()}
	if n.o.Addresses != nil {
		g.Addresses = firstOf(n.o.Addresses())
	}
	if n.o.Web != nil {
		g.Web = firstOf(n.o.Web())
	}
	if n.o.Status != nil {
		g.Status = n.o.Status()
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	g.Name, g.Role, g.Status.Kept = n.name, n.self.Role, uint64(len(n.kept.seqs))
	if !laptop(n.self.Role) {
		return g
	}
	for _, c := range n.peers {
		// Tablets are told of laptops, laptops of everybody.
		if c == to || !laptop(c.row.Role) && !laptop(to.row.Role) {
			continue
		}
		g.Known = append(g.Known, Known{Key: c.row.Key, Name: c.row.Name, Role: c.row.Role, Index: c.row.Index, Addresses: c.row.Addresses, Unpaired: c.row.Unpaired, Paired: c.row.Paired})
	}
	slices.SortFunc(g.Known, func(a, b Known) int { return slices.Compare(a.Key, b.Key) })
	g.Known = g.Known[:min(len(g.Known), maxPeers)]
	return g
}

func firstOf(list []string) []string { return list[:min(len(list), maxAddresses)] }

// greet tells the peer how this device does and hears the same of it.
func (c *contact) greet(ctx context.Context) error {
	ours := c.node.greetingFor(c)
	data, err := encode(ours)
	if err != nil {
		return err
	}
	data, err = post(ctx, c.client, pathGreet, data, maxSmall, soon)
	if err != nil {
		return err
	}
	c.told = ours.Follows
	var theirs Greeting
	if err := decode(data, &theirs); err != nil {
		return err
	}
	c.node.greeted(c, &theirs)
	return nil
}

// greeted takes what a peer said of itself, and if it is a laptop, of others.
func (n *Node) greeted(c *contact, g *Greeting) {
	now := n.o.Now()
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.peers[c.id] != c { // it was paired again meanwhile: another contact has taken its place
		return
	}
	c.heard()
	news := c.greeting == nil || c.refused != nil || c.greeting.Status != g.Status || c.greeting.Follows != g.Follows || c.greeting.Version != g.Version
	c.greeting, c.refused = g, nil
	if ahead := time.UnixMilli(int64(min(g.Wall, moot.MaxRev))).Sub(now); (ahead - c.ahead).Abs() > time.Second {
		c.ahead, news = ahead, true
	}
	row := c.row
	if name := clean(g.Name); name != "" {
		row.Name = name
	}
	row.Addresses = together(row.Addresses, reversed(g.Addresses), maxAddresses)
	if row.Name != c.row.Name || !slices.Equal(row.Addresses, c.row.Addresses) {
		c.row, news = row, true
		n.keep(row)
	}
	c.notice(g.Log)
	if laptop(c.row.Role) {
		for _, k := range g.Known {
			news = n.introduced(k) || news
		}
	}
	if news {
		n.signal()
	}
}

func reversed(list []string) []string {
	out := slices.Clone(list)
	slices.Reverse(out)
	return out
}

// introduced takes a laptop's word about another device. A tablet takes to laptops only.
// n.mu is held.
func (n *Node) introduced(k Known) bool {
	id := DeviceOf(ed25519.PublicKey(k.Key))
	if id == n.ID() || !laptop(n.self.Role) && !laptop(k.Role) {
		return false
	}
	c := n.peers[id]
	switch {
	case c == nil && len(n.peers) < maxPeers:
		c = n.newContact(Peer{Key: k.Key, Name: clean(k.Name), Role: k.Role, Index: k.Index, Addresses: firstOf(k.Addresses), Unpaired: k.Unpaired, Paired: k.Paired})
		n.peers[id] = c
		n.keep(c.row)
		n.start(c)
	case c == nil:
		return false
	case k.Unpaired && !c.row.Unpaired && k.Paired >= c.row.Paired:
		n.sendAway(c)
	case k.Unpaired: // it was let in again since
		return false
	case k.Paired > c.row.Paired: // elsewhere, where this one did not hear of it
		row := c.row
		row.Paired, row.Unpaired, row.Role = k.Paired, false, k.Role
		if c.row.Unpaired || c.row.Role != k.Role {
			n.admit(row)
		} else {
			c.row = row
		}
		n.keep(row)
	default:
		row := c.row
		row.Addresses = together(firstOf(k.Addresses), row.Addresses, maxAddresses) // its own word is the newer one
		if slices.Equal(row.Addresses, c.row.Addresses) {
			return false
		}
		c.row = row
		n.keep(row)
	}
	return true
}

// keep has a peer written into the book, in the background: a disk that is slow or full
// holds up no answer, and what is not written now is told again. n.mu is held.
func (n *Node) keep(row Peer) {
	row.Seen = uint64(n.o.Now().UnixMilli())
	n.unwritten[row.ID()] = row
	select {
	case n.write <- struct{}{}:
	default:
	}
}

// scribe writes peers into the book until the Node is closed, and then what is left.
func (n *Node) scribe() {
	for closing := false; !closing; {
		select {
		case <-n.write:
		case <-n.ctx.Done():
			closing = true
		}
		n.mu.Lock()
		rows := n.unwritten
		n.unwritten = map[DeviceID]Peer{}
		n.mu.Unlock()
		for _, row := range rows {
			if err := WritePeer(n.o.Book, row); err != nil {
				n.o.Log.Error("keep a paired device", "error", err)
			}
		}
		if !closing && len(rows) > 0 { // who greets all the time has not all of that written
			rest(n.ctx, writeEvery)
		}
	}
}
