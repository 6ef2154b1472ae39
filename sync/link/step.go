package link

import (
	"context"
	"time"

	"folkmoot/sync/moot"
)

// inStepFor is how long an answer to a phone waits for the backups.
const inStepFor = time.Second

// Await returns once every backup that is in step holds what this device has committed so
// far in its own log; a backup that does not confirm in a second is behind from then on,
// until it has caught up. Without a backup in step it returns at once.
func (n *Node) Await(ctx context.Context) {
	heads, err := n.o.Record.Heads()
	if err != nil {
		return
	}
	own := n.o.Record.Own()
	wanted := heads[own].Seq
	var limit <-chan time.Time
	for {
		n.mu.Lock()
		changed, lacking := n.changed, n.lacking(own, wanted)
		n.mu.Unlock()
		if len(lacking) == 0 {
			return
		}
		if limit == nil {
			timer := time.NewTimer(inStepFor)
			defer timer.Stop()
			limit = timer.C
		}
		select {
		case <-changed:
		case <-limit:
			n.fallBehind(own, wanted)
			return
		case <-ctx.Done():
			return
		case <-n.ctx.Done():
			return
		}
	}
}

// lacking gives the backups in step that do not hold a log up to a number. n.mu is held.
func (n *Node) lacking(own [16]byte, wanted uint64) []*contact {
	var out []*contact
	for _, c := range n.peers {
		if c.follows() && (!c.behind || c.catching > 0) && c.holds(own) < wanted {
			out = append(out, c)
		}
	}
	return out
}

// follows says whether the peer stands ready to take this laptop's place: it says so, or
// this one leads and that is what the peer is for. What it says may be old: of two
// greetings the earlier one may come last. n.mu is held.
func (c *contact) follows() bool {
	if !laptop(c.row.Role) || c.row.Unpaired || c.greeting == nil {
		return false
	}
	if c.greeting.Follows {
		return true
	}
	lead, known := c.node.leads()
	return known && lead == c.node.ID() && (c.row.Role == Backup || c.row.Role == Hub && c.row.Index == 0)
}

func (n *Node) fallBehind(own [16]byte, wanted uint64) {
	n.mu.Lock()
	defer n.mu.Unlock()
	now := n.o.Now()
	for _, c := range n.lacking(own, wanted) {
		if age := now.Sub(c.fellAt); age < 0 || age > 2*lastPenance {
			c.fell = 0
		}
		c.behind, c.catching, c.fell, c.fellAt = true, 0, c.fell+1, now
	}
	n.signal()
}

// maxLag is how many entries a backup may lack to be waited for again. While phones send,
// it always lacks some of what was written since it asked.
const maxLag = 256

// keepsUp notes how far a peer holds this device's log. Once a backup that was behind lacks
// little it is waited for again, so that nothing more is told to be saved that it has not;
// when it also has what was told until then it is in step. One that falls behind again and
// again would have phones wait each time, so it has to keep up for a while first. n.mu is
// held.
func (c *contact) keepsUp(theirs, ours uint64) {
	if c.behind && c.catching == 0 && theirs+maxLag >= ours && c.node.o.Now().Sub(c.fellAt).Abs() >= c.penance() {
		c.catching = max(ours, 1)
	}
	if c.catching > 0 && (theirs >= c.catching || theirs >= ours) {
		c.behind, c.catching = false, 0
	}
}

// penance is for how long a backup has to keep up until it is waited for again.
func (c *contact) penance() time.Duration {
	if c.fell < 2 {
		return 0
	}
	return min(firstPenance<<min(c.fell-2, 10), lastPenance)
}

// leads gives who leads the session: the device named in the record, else the laptop that
// made it, as far as this one knows. n.mu is held.
func (n *Node) leads() (id DeviceID, known bool) {
	if id, err := ParseDeviceID(n.o.Record.View().Session.Get(moot.Lead)); err == nil {
		return id, true
	}
	if n.self.Index == 0 {
		return n.ID(), true
	}
	for id, c := range n.peers {
		if c.row.Index == 0 && c.row.Role == Hub {
			return id, true
		}
	}
	return "", false
}

// Follows says whether this device stands ready to take the lead's place: it was paired
// as a backup, or led before somebody took over.
func (n *Node) Follows() bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	lead, sure := n.leads()
	return sure && lead != n.ID() && (n.self.Role == Backup || n.self.Role == Hub && n.self.Index == 0)
}

// Lead says who leads the session, and since when they are out of reach: zero while they
// are not, or where this device leads itself.
func (n *Node) Lead() (id DeviceID, name string, away time.Time) {
	n.mu.Lock()
	defer n.mu.Unlock()
	id, sure := n.leads()
	switch c := n.peers[id]; {
	case !sure || id == n.ID():
		return id, n.name, time.Time{}
	case c == nil:
		return id, "", time.Time{}
	default:
		return id, c.row.Name, c.away
	}
}
