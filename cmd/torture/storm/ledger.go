package storm

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
)

// Vote is one vote as it was sent.
type Vote struct {
	CID       oplog.ItemID
	Person    moot.ParticipantID
	Statement moot.StatementID
	Value     moot.Vote
	Rev       uint64
}

// voteDoc is a Vote on its way from a device's process.
type voteDoc struct {
	CID       string `json:"cid"`
	Person    string `json:"person"`
	Statement string `json:"statement"`
	Value     string `json:"value"`
	Rev       uint64 `json:"rev"`
}

// MarshalJSON writes ids as hexadecimal digits.
func (v Vote) MarshalJSON() ([]byte, error) {
	return json.Marshal(voteDoc{v.CID.String(), v.Person.String(), v.Statement.String(), v.Value.String(), v.Rev})
}

// UnmarshalJSON reads what MarshalJSON writes.
func (v *Vote) UnmarshalJSON(data []byte) error {
	var d voteDoc
	if err := json.Unmarshal(data, &d); err != nil {
		return err
	}
	value, ok := moot.ParseVote(d.Value)
	if !ok {
		return fmt.Errorf("storm: no vote: %q", d.Value)
	}
	v.Value, v.Rev = value, d.Rev
	return cmp.Or(oplog.ParseHex(v.CID[:], d.CID), oplog.ParseHex(v.Person[:], d.Person), oplog.ParseHex(v.Statement[:], d.Statement))
}

// Ledger is what was sent and what of it was acknowledged. It may be written to from any
// goroutine.
type Ledger struct {
	mu    sync.Mutex
	sent  map[oplog.ItemID]Vote
	saved map[oplog.ItemID]saved
	by    map[string]int // how many each has acknowledged
	wrong []error
}

// saved is by whom and when a vote was first acknowledged.
type saved struct {
	by string
	at time.Time
}

// NewLedger gives an empty one.
func NewLedger() *Ledger {
	return &Ledger{sent: map[oplog.ItemID]Vote{}, saved: map[oplog.ItemID]saved{}, by: map[string]int{}}
}

// Send notes a vote that is about to be sent.
func (l *Ledger) Send(v Vote) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sent[v.CID] = v
}

// Save notes that somebody said a vote to be saved. Again, by another too, is as good.
func (l *Ledger) Save(by string, cid oplog.ItemID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, again := l.saved[cid]; again {
		return
	}
	l.saved[cid] = saved{by, time.Now()}
	l.by[by]++
}

// Wrong notes what should not have been.
func (l *Ledger) Wrong(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.wrong = append(l.wrong, err)
}

// Err gives what should not have been, a few of it.
func (l *Ledger) Err() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return errors.Join(few(l.wrong)...)
}

// SavedBefore gives the ids of all votes that a hub had acknowledged before a moment; of
// those of a tablet nobody else has promised anything.
func (l *Ledger) SavedBefore(moment time.Time) (all []oplog.ItemID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for cid, s := range l.saved {
		if strings.HasPrefix(s.by, hubWord) && s.at.Before(moment) {
			all = append(all, cid)
		}
	}
	return all
}

// hubWord begins the name under which a hub acknowledges.
const hubWord = "hub at "

// Saved gives how many votes were acknowledged, and by how many devices.
func (l *Ledger) Saved() (votes, devices int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.saved), len(l.by)
}

// SavedBy gives how many votes a device has acknowledged.
func (l *Ledger) SavedBy(by string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.by[by]
}

// Judge holds a record against the ledger: every acknowledged vote is in it as it was
// sent, no log holds an item twice, what stands there was sent, and each person has on
// each statement the newest of what is there, once. Error: what does not hold, a few of it.
func (l *Ledger) Judge(r *Record) []error {
	l.mu.Lock()
	defer l.mu.Unlock()
	var wrong []error
	for cid, s := range l.saved {
		if len(r.votes[cid]) == 0 {
			wrong = append(wrong, fmt.Errorf("vote %s was acknowledged by %s and is not in the record", cid, s.by))
		}
	}
	newest := map[cell]standing{}
	for cid, all := range r.votes {
		sent, ours := l.sent[cid]
		logs := map[oplog.ReplicaID]bool{}
		for _, s := range all {
			if logs[s.log] {
				wrong = append(wrong, fmt.Errorf("vote %s stands twice in the log of %s", cid, s.log))
			}
			logs[s.log] = true
			if ours && s.vote != sent {
				wrong = append(wrong, fmt.Errorf("vote %s stands in the record as %+v and was sent as %+v", cid, s.vote, sent))
			}
			if at := (cell{s.vote.Person, s.vote.Statement}); newest[at].stamp.Compare(s.stamp) < 0 {
				newest[at] = s
			}
		}
		if !ours {
			wrong = append(wrong, fmt.Errorf("vote %s was sent by nobody", cid))
		}
	}
	for at, s := range newest {
		if got := r.counted(at); got != s.vote.Value {
			wrong = append(wrong, fmt.Errorf("person %s on statement %s: %s counts, and %s is the newest", at.person, at.statement, got, s.vote.Value))
		}
	}
	if r.view.Votes != len(newest) {
		wrong = append(wrong, fmt.Errorf("%d votes count, and there are %d pairs of a person and a statement", r.view.Votes, len(newest)))
	}
	slices.SortFunc(wrong, func(a, b error) int { return cmp.Compare(a.Error(), b.Error()) })
	return few(wrong)
}

// few gives some errors of many.
func few(wrong []error) []error {
	const most = 5
	if len(wrong) <= most {
		return wrong
	}
	return append(wrong[:most:most], fmt.Errorf("and %d more", len(wrong)-most))
}
