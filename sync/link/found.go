package link

import "slices"

// Found is a device that announces itself on the network. It is a hint only: its key
// decides who it is.
type Found struct {
	ID        DeviceID
	Name      string
	Role      Role
	Session   string // the beginning of the session's id, "" where it has none
	Title     string // of the session, as it announces it
	Addresses []string
	Web       uint16 // port for phones, 0 where there is none
}

// maxFound is how many are kept in mind.
const maxFound = 4 * maxPeers

// Find takes what is announced on the network now, all of it.
func (n *Node) Find(found []Found) {
	n.mu.Lock()
	defer n.mu.Unlock()
	was := n.found
	n.found = map[DeviceID]Found{}
	// Peers come first: whoever announces hundreds of devices hides none of them.
	known := func(f Found) int {
		if n.peers[f.ID] != nil {
			return 0
		}
		return 1
	}
	found = slices.Clone(found)
	slices.SortStableFunc(found, func(a, b Found) int { return known(a) - known(b) })
	for _, f := range found {
		if f.ID == n.ID() || len(n.found) >= maxFound {
			continue
		}
		f.Name, f.Addresses = clean(f.Name), firstOf(f.Addresses)
		n.found[f.ID] = f
		if c := n.peers[f.ID]; c != nil && !slices.Equal(was[f.ID].Addresses, f.Addresses) {
			c.poke() // it is where it was not before
		}
	}
	n.signal()
}
