package hub

import (
	"encoding/json"
	"slices"
	"sync"
	"time"

	"folkmoot/sync/moot"
)

// wallAge is how old the clock in a wall's document may be: walls that ask within it are
// told the same.
const wallAge = 200 * time.Millisecond

// wallTexts keeps the wall's document as JSON, since all walls are told the same: one
// for those that know the digits, one for the others.
type wallTexts struct {
	mu   sync.Mutex
	last [2]wallText
}

type wallText struct {
	of        wallBasis
	addresses []string
	at        time.Time
	data      json.RawMessage // never changed
}

// wallBasis is what a wall's document follows from besides clock and addresses.
type wallBasis struct {
	view             *moot.View
	pictures         uint64
	waiting, holding int
}

// wallText gives the wall's document; nobody may change it.
func (h *Hub) wallText(invites bool) json.RawMessage {
	addresses, now := h.shownAddresses(), h.options.Now()
	waiting, holding := h.devices.waiting(now)
	t := &h.walls
	t.mu.Lock()
	defer t.mu.Unlock()
	// Read before the document is made: what comes meanwhile is asked for once more.
	of := wallBasis{h.record.View(), h.pictures().Version, waiting, holding}
	last := &t.last[0]
	if invites {
		last = &t.last[1]
	}
	if age := now.Sub(last.at); last.data == nil || last.of != of || age < 0 || age > wallAge || !slices.Equal(last.addresses, addresses) {
		data, err := json.Marshal(h.wallFor(invites))
		if err != nil { // only for a picture that is no JSON
			h.options.Log.Error("wall", "error", err)
			return json.RawMessage("null")
		}
		*last = wallText{of, slices.Clone(addresses), now, data}
	}
	return last.data
}
