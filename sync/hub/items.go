package hub

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
)

type itemCall struct {
	Items   []itemDoc `json:"items"`
	Waiting int       `json:"waiting"`
}

type itemDoc struct {
	CID   oplog.ItemID    `json:"cid"`
	Kind  string          `json:"kind"`
	Key   string          `json:"key"`
	Rev   uint64          `json:"rev"`
	Value json.RawMessage `json:"value"`
}

type savedDoc struct {
	CID     oplog.ItemID `json:"cid"`
	Receipt string       `json:"receipt"`
	Late    bool         `json:"late,omitempty"`
}

type staleDoc struct {
	CID   oplog.ItemID `json:"cid"`
	Rev   uint64       `json:"rev"`
	Value any          `json:"value"`
}

type refusedDoc struct {
	CID    oplog.ItemID `json:"cid"`
	Reason moot.Code    `json:"reason"`
	Limit  int          `json:"limit,omitempty"`
}

type receipts struct {
	Session string       `json:"session"`
	Saved   []savedDoc   `json:"saved"`
	Stale   []staleDoc   `json:"stale"`
	Refused []refusedDoc `json:"refused"`
	// Order is what to ask the person next, as far as a page needs it until it sends again.
	Order []string `json:"order,omitempty"`
}

// orderTold is how many statements of a person's order come with receipts: as many as
// someone answers while the network is away for some minutes.
const orderTold = 20

// items takes what a device has waiting and says of each item what became of it,
// after the commit, and while people vote what to ask next: an order told once would
// know nothing of what others have voted on since.
func (h *Hub) items(w http.ResponseWriter, r *http.Request) {
	token, person, ok := h.caller(w, r)
	if !ok {
		return
	}
	land, ok := h.takeOff(w, r, h.limits.flightOf(token))
	if !ok {
		return
	}
	defer land()
	var call itemCall
	if !read(w, r, &call) {
		return
	}
	if len(call.Items) > MaxItems && h.on(guardItems) {
		fail(w, http.StatusRequestEntityTooLarge, "too_many_items", "a call may have 50 items at most: send less at a time")
		return
	}
	if left, ok := h.takeItems(r, token, len(call.Items)); !ok && h.on(guardRate) {
		wait(w, http.StatusTooManyRequests, "slow_down", "this device is sending too fast", left)
		return
	}
	out := receipts{Session: h.session(), Saved: []savedDoc{}, Stale: []staleDoc{}, Refused: []refusedDoc{}}
	understood, taken := h.understood(call.Items, token, person, &out)
	items := append(understood, h.arrival(token, person)...)
	outcomes, err := h.record.Do(r.Context(), items...)
	if err != nil {
		h.unsaved(w, err)
		return
	}
	for i, o := range outcomes {
		if _, arrival := items[i].Payload.(*moot.SetPresence); arrival {
			continue // nobody sent it
		}
		out.add(items[i].CID, o)
		if give := taken[items[i].CID]; give != nil && (o.Receipt == "" || o.Again) {
			give() // what was refused, or there already, does not count against anybody
		}
		delete(taken, items[i].CID) // the same once more in the call has taken nothing
	}
	h.devices.saw(token, h.options.Now(), call.Waiting)
	if h.record.View().Voting() {
		out.Order = h.order(person, orderTold)
	}
	answer(w, http.StatusCreated, out)
}

// takeItems says whether a device may send so many items in a call, else how long to
// wait. The first was taken when it knocked, but from those that sign.
func (h *Hub) takeItems(r *http.Request, token oplog.Hash, n int) (left time.Duration, ok bool) {
	n = min(max(n, 1), itemBurst)
	if _, signed := signatureOf(r); signed {
		return h.limits.takeItems(token, n, 0)
	}
	return h.limits.takeItems(token, n-1, 1)
}

// arrival says that a person is present, once, with the first thing they send: a
// page that was opened and left again is nobody to be seated.
func (h *Hub) arrival(token oplog.Hash, person moot.ParticipantID) []moot.Item {
	if p := h.record.View().Person(person); p == nil || p.Arrived() != 0 {
		return nil
	}
	return []moot.Item{{CID: derived(token, "arrival"), Payload: &moot.SetPresence{Person: person, In: true, Rev: 1, At: uint64(h.options.Now().UnixMilli())}}}
}

// understood turns the call's items into acts; those that cannot be are refused. For
// each new statement it takes from the device's allowance, and says how to give back.
func (h *Hub) understood(docs []itemDoc, token oplog.Hash, person moot.ParticipantID, out *receipts) (items []moot.Item, taken map[oplog.ItemID]func()) {
	view := h.record.View()
	items, taken = make([]moot.Item, 0, len(docs)), map[oplog.ItemID]func(){}
	for _, doc := range docs {
		p, err := h.payload(doc, person, view)
		if _, statement := p.(*moot.NewStatement); statement && view.Statement(moot.StatementID(doc.CID)) == nil && taken[doc.CID] == nil {
			give, ok := h.limits.takeStatement(token)
			if taken[doc.CID] = give; !ok && h.on(guardStatements) {
				err = &moot.Refusal{Code: moot.TooMany}
			}
		}
		var refusal *moot.Refusal
		if errors.As(err, &refusal) {
			out.add(doc.CID, moot.Outcome{Refusal: refusal})
			continue
		}
		items = append(items, moot.Item{CID: doc.CID, Payload: p})
	}
	return items, taken
}

// payload reads one item. The error is always a refusal.
func (h *Hub) payload(doc itemDoc, person moot.ParticipantID, view *moot.View) (moot.Payload, error) {
	bad := &moot.Refusal{Code: moot.BadValue}
	if doc.CID == (oplog.ItemID{}) {
		return nil, bad
	}
	switch doc.Kind {
	case "vote":
		return votePayload(doc, person, view)
	case "answer":
		value, err := number(doc.Value)
		if err != nil {
			return nil, bad
		}
		return &moot.SetAnswer{Person: person, Question: moot.QuestionID(doc.Key), Value: value, Rev: doc.Rev}, nil
	case "statement":
		return h.statementPayload(doc, person, view)
	case "person":
		var value string
		if json.Unmarshal(doc.Value, &value) != nil || doc.Key != "name" && doc.Key != "lang" {
			return nil, bad
		}
		return &moot.SetPerson{Person: person, Field: moot.PersonField(doc.Key), Value: h.clean(value), Rev: doc.Rev}, nil
	}
	return nil, bad
}

// number reads a whole number: 3 yes, 3.0 and "3" no.
func number(raw json.RawMessage) (n int, err error) {
	err = json.Unmarshal(raw, &n)
	if err == nil && string(raw) == "null" {
		err = errors.New("null")
	}
	return n, err
}

func votePayload(doc itemDoc, person moot.ParticipantID, view *moot.View) (moot.Payload, error) {
	var name string
	var sid moot.StatementID
	if oplog.ParseHex(sid[:], doc.Key) != nil {
		return nil, &moot.Refusal{Code: moot.UnknownStatement}
	}
	err := json.Unmarshal(doc.Value, &name)
	value, ok := moot.ParseVote(name)
	if err != nil || !ok {
		return nil, &moot.Refusal{Code: moot.BadValue}
	}
	src := moot.FromPhone
	if view.Session.On(moot.Rehearsal) {
		src = moot.Rehearsed
	}
	return &moot.SetVote{Person: person, Statement: sid, Value: value, Rev: doc.Rev, Src: src, Open: view.Voting()}, nil
}

// clean gives a typed text without what would make it look like another.
func (h *Hub) clean(text string) string {
	if !h.on(guardText) {
		return text
	}
	return moot.CleanText(text)
}

// statementPayload reads a new statement. One that comes while voting is closed,
// or where the host wants to see each first, waits for the host.
func (h *Hub) statementPayload(doc itemDoc, person moot.ParticipantID, view *moot.View) (moot.Payload, error) {
	var value struct {
		Text string `json:"text"`
		Lang string `json:"lang"`
	}
	if json.Unmarshal(doc.Value, &value) != nil {
		return nil, &moot.Refusal{Code: moot.BadValue}
	}
	standing := moot.Approved
	if view.Session.On(moot.Moderated) || !view.Voting() {
		standing = moot.Pending
	}
	return &moot.NewStatement{Text: h.clean(value.Text), Lang: value.Lang, Author: person, Standing: standing,
		Src: moot.FromPhone, Made: uint64(h.options.Now().UnixMilli())}, nil
}

func (r *receipts) add(cid oplog.ItemID, o moot.Outcome) {
	switch {
	case o.Refusal != nil:
		r.Refused = append(r.Refused, refusedDoc{cid, o.Refusal.Code, o.Refusal.Limit})
	case o.Stale != nil:
		r.Stale = append(r.Stale, staleDoc{cid, o.Stale.Rev, o.Stale.Value})
	default:
		r.Saved = append(r.Saved, savedDoc{cid, o.Receipt, o.Late})
	}
}

// fullFor is after what time a device asks again whether there is room on the disk.
const fullFor = 30 * time.Second

// unsaved answers when it is not known whether something was stored: the device
// sends the same items again.
func (h *Hub) unsaved(w http.ResponseWriter, err error) {
	if !errors.Is(err, context.Canceled) { // else the phone went away
		h.options.Log.Error("not saved", "error", err)
	}
	if h.options.Full(err) {
		wait(w, http.StatusInsufficientStorage, "full", "the hub's disk is full: the device keeps it and sends it again", fullFor)
		return
	}
	wait(w, http.StatusServiceUnavailable, "again", "not known to be saved: the device will send it again", time.Second)
}
