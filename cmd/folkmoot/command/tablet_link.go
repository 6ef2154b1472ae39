package command

import (
	"folkmoot/app/readmodel"
	"folkmoot/sync/badge"
	"folkmoot/sync/link"
	"folkmoot/sync/oplog"
)

// TabletLink is what a tablet needs of the network: hubs that are found, pairing, and the
// exchange of a session's entries. Its methods come back at once; what becomes of things
// is told by Changed.
type TabletLink interface {
	// Found gives the sessions whose hubs are heard of now, in a steady order.
	Found() []TabletFound
	// Ask asks one of them to let this tablet in; AskByLink takes the text of an
	// invitation, which needs no digits; AskAt an address as somebody typed it.
	Ask(found TabletFound) TabletPairing
	AskByLink(text string) TabletPairing
	AskAt(address string) TabletPairing
	// Rename has hubs hear another name of this tablet.
	Rename(name string)
	// Carry exchanges a session's entries with its hubs until Leave.
	Carry(session *local, grant TabletGrant) TabletCarrier
	// Changed gives a channel that is closed when any of this changes next.
	Changed() <-chan struct{}
}

// TabletFound is a session that a hub announces. Names and titles are hints: the key of
// the hub decides.
type TabletFound struct {
	ID      string // tells it apart from others while it is found
	Title   string
	Host    string // name of the hub
	Address string
	Full    bool

	all []string // addresses, of the real network; Address is the first
}

// TabletPairing is a pairing that is under way.
type TabletPairing interface {
	// State gives how it stands; Grant is set once the hub has let the tablet in.
	State() TabletPairingState
	// Confirm says that both screens show the same digits, Cancel that the person left.
	Confirm()
	Cancel()
}

// TabletPairingState is how a pairing stands.
type TabletPairingState struct {
	Stand       readmodel.PairingStand
	Reason      readmodel.PairingReason // why it came to nothing, "" where Stand says it
	Digits      string
	Host, Title string
	Grant       *TabletGrant
}

// TabletGrant is what a hub gives a tablet with its word that it belongs to a session.
type TabletGrant struct {
	Session  oplog.SessionID
	Title    string
	BadgeKey badge.Key // the zero value where the session has no badges
	Index    int       // 1, 2, …: "Tablet 3"; its people's numbers begin at 100·Index+1
	Hub      string    // name of the hub

	peers *link.Grant // of the real network: whom to talk to; nil where that is known
}

// TabletCarrier is the exchange of one session.
type TabletCarrier interface {
	Status() TabletStatus
	// Leave ends the exchange and waits for what is under way.
	Leave()
}

// TabletStatus is how a tablet stands to its hubs.
type TabletStatus struct {
	Reach readmodel.ReachState
	// Hub is the name of the hub that it talks to, or talked to last.
	Hub string
	// Confirmed is up to which entry of this tablet's own log a hub has said to hold it.
	Confirmed uint64
	// Ahead is this tablet's clock minus the hub's, ms.
	Ahead int64
	// Newer and Older compare the hub's program with this one where they cannot talk.
	Newer, Older bool
}
