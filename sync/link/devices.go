package link

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
	"folkmoot/sync/peer"
)

// State says how it stands between this device and another.
type State string

// The states.
const (
	// StateFound: it announces itself and is not paired.
	StateFound State = "found"
	// StateAsking: it asks to be paired.
	StateAsking State = "asking"
	// StateHere and StateAway: it is paired, and answers or not.
	StateHere State = "here"
	StateAway State = "away"
	// StateUnpaired: it was sent away.
	StateUnpaired State = "unpaired"
	// StateRefused: it says that it does not talk to this device.
	StateRefused State = "refused"
)

// Device is how another device stands.
type Device struct {
	ID      DeviceID
	Name    string
	Role    Role
	Index   int
	State   State
	Digits  string // of one that asks; "" where it proved a link
	Version string
	// Newer and Older say that its version cannot talk to this one's.
	Newer, Older bool
	// Seen is when it was last heard of, Away since when it is out of reach; zero for never.
	Seen, Away time.Time
	// Kept is how many answers it last said to have that no laptop holds.
	Kept int
	// Battery is per cent, −1 where it does not say.
	Battery int
	Full    bool
	Free    uint64
	// Ahead is how far its clock runs ahead of ours.
	Ahead time.Duration
	// Follows: it is ready to take this laptop's place. Behind: it lacks Lacks entries of
	// what phones were told to be saved here.
	Follows, Behind bool
	Lacks           uint64
	Addresses       []string
	// Logs are those that it was seen to write.
	Logs []oplog.ReplicaID
	// Refused is why it does not talk to this device.
	Refused error
	// Session is the beginning of the id of the session that a found one announces.
	Session string
}

// Devices gives all other devices: those that ask first, then by index and name.
func (n *Node) Devices() []Device {
	asking := n.door.Pending()
	heads, _ := n.o.Record.Heads()
	own := n.o.Record.Own()
	n.mu.Lock()
	defer n.mu.Unlock()
	var out []Device
	asks := map[DeviceID]bool{}
	for _, a := range asking {
		id := DeviceOf(a.Key)
		asks[id] = true
		out = append(out, Device{ID: id, Name: a.Name, Role: Role(a.Role), State: StateAsking, Digits: a.Digits, Version: a.Version, Seen: a.Since, Battery: -1})
	}
	for id, c := range n.peers {
		if !asks[id] {
			out = append(out, c.device(heads[own].Seq, c.holds(own)))
		}
	}
	for id, f := range n.found {
		if n.peers[id] == nil && !asks[id] {
			out = append(out, Device{ID: id, Name: f.Name, Role: f.Role, State: StateFound, Battery: -1, Addresses: f.Addresses, Session: f.Session})
		}
	}
	slices.SortFunc(out, func(a, b Device) int {
		return cmp.Or(order(a.State)-order(b.State), a.Index-b.Index, strings.Compare(a.Name, b.Name), strings.Compare(string(a.ID), string(b.ID)))
	})
	return out
}

func order(s State) int {
	return slices.Index([]State{StateAsking, StateHere, StateAway, StateRefused, StateFound, StateUnpaired}, s)
}

// device gives how a peer stands. n.mu is held.
func (c *contact) device(ours, holds uint64) Device {
	d := Device{ID: c.row.ID(), Name: c.row.Name, Role: c.row.Role, Index: int(c.row.Index), State: StateHere, Seen: c.seen, Away: c.away, Battery: -1,
		Ahead: c.ahead, Follows: c.follows(), Addresses: slices.Clone(c.row.Addresses), Logs: slices.Clone(c.row.Logs), Refused: c.refused}
	if c.seen.IsZero() && c.row.Seen > 0 {
		d.Seen = time.UnixMilli(int64(c.row.Seen))
	}
	if c.greeting != nil {
		s := c.greeting.Status
		d.Newer, d.Older = c.greeting.Oldest > peer.Protocol, c.greeting.Newest < peer.Protocol
		d.Version, d.Kept, d.Battery, d.Full, d.Free = c.greeting.Version, int(min(s.Kept, 1<<31-1)), int(s.Battery)-1, s.Full, s.Free
	}
	if d.Behind = d.Follows && c.behind; d.Behind && ours > holds {
		d.Lacks = ours - holds
	}
	switch {
	case c.row.Unpaired:
		d.State = StateUnpaired
	case c.refused != nil:
		d.State = StateRefused
	case !c.here():
		d.State = StateAway
	}
	return d
}

// Fetched says how many of the entries that other laptops hold are here, and whether all
// that one of them held was brought since Run.
func (n *Node) Fetched() (here, all uint64, whole bool) {
	heads, _ := n.o.Record.Heads() // none are told: then nothing is here
	n.mu.Lock()
	defer n.mu.Unlock()
	most := map[oplog.ReplicaID]uint64{}
	for _, c := range n.peers {
		if !laptop(c.row.Role) || c.row.Unpaired {
			continue
		}
		whole = whole || c.compared
		for _, h := range c.theirs {
			most[h.Replica] = max(most[h.Replica], h.Seq)
		}
	}
	for log, seq := range most {
		here, all = here+min(seq, heads[log].Seq), all+seq
	}
	return here, all, whole
}

// TakeOver makes this device the one that leads. Errors: those of replica.Do.
func (n *Node) TakeOver(ctx context.Context) error {
	view := n.o.Record.View()
	var item moot.Item
	if _, err := io.ReadFull(n.o.Random, item.CID[:]); err != nil {
		return fmt.Errorf("link: make an id: %w", err)
	}
	item.Payload = &moot.SetField{Field: moot.Lead, Value: string(n.ID()), Rev: view.Session.Rev(moot.Lead) + 1}
	outcomes, err := n.o.Record.Do(ctx, item)
	if err != nil {
		return fmt.Errorf("link: take over: %w", err)
	}
	if o := outcomes[0]; o.Refusal != nil {
		return fmt.Errorf("link: take over: %w", o.Refusal)
	}
	n.mu.Lock()
	n.signal()
	n.mu.Unlock()
	return nil
}

// Unpair sends a device away: it is answered no more, and what it wrote from now on does
// not count; once more, and neither does what it wrote in other logs since. Errors:
// ErrUnknownDevice, ErrLeads; those of replica.Unpair, after which it is sent away all the
// same.
func (n *Node) Unpair(ctx context.Context, id DeviceID) error {
	n.mu.Lock()
	c := n.peers[id]
	if c == nil {
		n.mu.Unlock()
		return fmt.Errorf("link: unpair %s: %w", id, ErrUnknownDevice)
	}
	if lead, sure := n.leads(); sure && lead == id { // phones there would go on, and nothing of it would count
		n.mu.Unlock()
		return fmt.Errorf("link: unpair %s: %w", id, ErrLeads)
	}
	n.sendAway(c)
	logs, row := n.logsOf(c), c.row
	n.signal()
	n.mu.Unlock()
	errs := []error{WritePeer(n.o.Book, row)} // a crash does not let it in again
	for _, log := range logs {
		errs = append(errs, n.o.Record.Unpair(ctx, log))
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("link: unpair %s: %w", id, err)
	}
	return nil
}

// sendAway talks no more with a device. n.mu is held.
func (n *Node) sendAway(c *contact) {
	c.row.Unpaired = true
	c.client.CloseIdleConnections()
	n.keep(c.row)
	if c.stop != nil {
		c.stop()
	}
}

// Refusal gives what a device that does not talk to us said, nil where that is nothing.
func (d Device) Refusal() *peer.Refusal {
	var refusal *peer.Refusal
	errors.As(d.Refused, &refusal)
	return refusal
}
