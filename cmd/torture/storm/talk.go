package storm

import (
	"encoding/json"
	"io"
	"sync"
)

// order is what a device's process is told, a line each.
type order struct {
	Do string `json:"do"`
}

// The orders.
const (
	orderVote  = "vote"      // let people vote
	orderHush  = "hush"      // let nobody vote; answered once the last vote is saved or not
	orderState = "state"     // answered
	orderVotes = "votes"     // answered with the ids of all votes in the record
	orderLead  = "take over" // answered
)

// told is what a device's process says, a line each.
type told struct {
	// Ready says that the device answers; Route whether it has a default route.
	Ready *readyDoc `json:"ready,omitempty"`
	// Found is another device of the session that was found on the network.
	Found *foundDoc `json:"found,omitempty"`
	// Sent is a vote that is about to be saved, Saved the id of one that is.
	Sent  *Vote  `json:"sent,omitempty"`
	Saved string `json:"saved,omitempty"`
	// State answers orderState and others.
	State *StateDoc `json:"state,omitempty"`
	// Behind says that a hub no longer waits for a backup, or does again.
	Behind *bool `json:"behind,omitempty"`
	// Wrong is what should not be.
	Wrong string `json:"wrong,omitempty"`
}

type readyDoc struct {
	// At is when it had announced itself and began to look for others, in ms since 1970.
	At    int64 `json:"at"`
	Route bool  `json:"route"`
}

type foundDoc struct {
	Name string `json:"name"`
	At   int64  `json:"at"`
}

// StateDoc is how a device stands.
type StateDoc struct {
	Digest string `json:"digest"`
	Votes  int    `json:"votes"`
	// Here is how many of its peers answer, Lacking how many backups follow it and are
	// not in step; Followers how many follow it.
	Here      int `json:"here"`
	Followers int `json:"followers"`
	Lacking   int `json:"lacking"`
	// CIDs answers orderVotes.
	CIDs []string `json:"cids,omitempty"`
}

// speaker writes lines; it may be used from any goroutine.
type speaker struct {
	mu  sync.Mutex
	out *json.Encoder
}

func newSpeaker(out io.Writer) *speaker { return &speaker{out: json.NewEncoder(out)} }

func (s *speaker) say(t told) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.out.Encode(t) // where nobody listens any more, standard input has ended too
}
