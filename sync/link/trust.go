package link

import (
	"slices"

	"folkmoot/sync/oplog"
	"folkmoot/sync/peer"
	"folkmoot/sync/replica"
)

// What a tablet brings is believed where it speaks for itself: entries of logs that are
// held, and new logs of which the first entry says whose they are. A log that is none of a
// tablet's could lead the session, so it has to be of a laptop that is known here; who
// holds a tablet could else open one and say that it is somebody's.
const (
	// maxTabletLogs is how many logs are taken of one tablet: a new one for each time that
	// it was restored, copied, or sent away and let in again.
	maxTabletLogs = 8
	// maxNamelessLogs is how many are taken of tablets of which nobody here knows whose
	// they are.
	maxNamelessLogs = 8
	// keptForLaptops are so many of a session's logs.
	keptForLaptops = 8
)

// origin is whose a log is, by its first entry.
type origin struct {
	device DeviceID // "" where it does not say
	role   string
}

func originOf(first oplog.Entry) origin {
	device, role := oplog.DeviceIn(first)
	if device == nil {
		return origin{role: role}
	}
	return origin{DeviceOf(device), role}
}

// trust says to package peer whom to believe.
func (n *Node) trust() peer.Trust {
	return peer.Trust{Tablet: n.isTablet, Admit: n.admits}
}

func (n *Node) isTablet(who string) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	c := n.peers[DeviceID(who)]
	return c == nil || !laptop(c.row.Role)
}

// admits says whether a tablet may bring a log of which nothing is held.
func (n *Node) admits(_ string, first oplog.Entry, held oplog.Heads) bool {
	o := originOf(first)
	n.mu.Lock()
	defer n.mu.Unlock()
	ok := n.vouched(first.Replica, o)
	if o.role == oplog.RoleTablet {
		c := n.peers[o.device]
		most, same := maxTabletLogs, func(other origin) bool { return other.device == o.device }
		switch {
		case o.device == n.ID():
		case c == nil:
			most, same = maxNamelessLogs, func(other origin) bool { return n.peers[other.device] == nil && other.device != n.ID() }
		}
		ok = (c == nil || !c.row.Unpaired) && len(held) < replica.MaxReplicas-keptForLaptops && n.count(held, same) < most
	}
	if ok {
		n.origins[first.Replica] = o
	} else if !n.left[first.Replica] && len(n.left) < 4*maxPeers {
		n.left[first.Replica] = true
		n.o.Log.Warn("a tablet brought a log that is not taken: nobody known here writes it", "log", first.Replica.String())
	}
	return ok
}

// vouched says whether a log is one of a laptop of the session. n.mu is held.
func (n *Node) vouched(log oplog.ReplicaID, o origin) bool {
	if o.device == n.ID() {
		return true
	}
	if c := n.peers[o.device]; c != nil && laptop(c.row.Role) {
		return true
	}
	for _, c := range n.peers {
		if laptop(c.row.Role) && slices.Contains(c.row.Logs, log) {
			return true
		}
	}
	return false
}

// count gives how many of the tablets' logs that are held are of an origin. n.mu is held.
func (n *Node) count(held oplog.Heads, same func(origin) bool) (number int) {
	for log := range held {
		if o := n.origin(log); o.role == oplog.RoleTablet && same(o) {
			number++
		}
	}
	return number
}

// origin gives whose a log is that is held. n.mu is held.
func (n *Node) origin(log oplog.ReplicaID) origin {
	o, known := n.origins[log]
	if known {
		return o
	}
	err := n.o.Record.Entries(log, 1, func(first oplog.Entry) bool { o, known = originOf(first), true; return false })
	if err == nil && known {
		n.origins[log] = o
	}
	return o
}

// logsOf gives the logs that a device writes: those that say so, and those that it was seen
// to write and that nobody else does. A tablet's word alone would let it name another's log,
// which would end when the tablet is unpaired. n.mu is held.
func (n *Node) logsOf(c *contact) []oplog.ReplicaID {
	heads, _ := n.o.Record.Heads() // see there
	id := c.row.ID()
	var out []oplog.ReplicaID
	for log := range heads {
		if n.origin(log).device == id {
			out = append(out, log)
		}
	}
	for _, log := range c.row.Logs {
		if !slices.Contains(out, log) && n.mayWrite(c, log, heads[log].Seq > 0) {
			out = append(out, log)
		}
	}
	slices.SortFunc(out, func(a, b oplog.ReplicaID) int { return slices.Compare(a[:], b[:]) })
	return out
}

// mayWrite says whether a log that a device said it writes may be its own. n.mu is held.
func (n *Node) mayWrite(c *contact, log oplog.ReplicaID, held bool) bool {
	if log == n.o.Record.Own() || n.peerOf(log, c) {
		return false
	}
	if !held {
		return true
	}
	o := n.origin(log)
	return (o.device == "" || o.device == c.row.ID()) && (laptop(c.row.Role) || o.role == oplog.RoleTablet)
}

// peerOf says whether another device than c is known to write a log. n.mu is held.
func (n *Node) peerOf(log oplog.ReplicaID, c *contact) bool {
	for _, other := range n.peers {
		if other != c && laptop(other.row.Role) && slices.Contains(other.row.Logs, log) {
			return true
		}
	}
	return false
}
