package moot_test

import (
	"errors"
	"fmt"
	"testing"

	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
	"folkmoot/sync/oplog/oplogtest"
)

var session = oplog.SessionID{0xf0}

// hub writes acts into a log of its own and folds them into its state.
type hub struct {
	*oplogtest.Pen
	state *moot.State
	log   []oplog.Entry
}

func newHub(seed uint64) *hub {
	h := &hub{Pen: oplogtest.NewPen(session, seed), state: moot.NewState(session)}
	h.take(h.Open())
	return h
}

// put writes an act under a new id.
func (h *hub) put(p moot.Payload) oplog.Entry { return h.send(h.CID(), p) }

// send writes an act under a given id.
func (h *hub) send(cid oplog.ItemID, p moot.Payload) oplog.Entry {
	draft, err := moot.Item{CID: cid, Payload: p}.Draft()
	if err != nil {
		panic(err)
	}
	e := h.Write(draft)
	h.take(e)
	return e
}

func (h *hub) take(e oplog.Entry) {
	if err := h.state.Apply(e); err != nil {
		panic(err)
	}
	h.log = append(h.log, e)
}

func (h *hub) view() *moot.View { return h.state.View() }

// person lets somebody in.
func (h *hub) person(n byte) moot.ParticipantID {
	id := pid(n)
	h.put(&moot.SetPerson{Person: id, Field: moot.PersonNumber, Value: fmt.Sprint(n), Rev: 1})
	return id
}

// statement adds a statement of that standing.
func (h *hub) statement(text string, standing moot.Standing) moot.StatementID {
	e := h.put(&moot.NewStatement{Text: text, Lang: "en", Standing: standing, Src: moot.FromHost, Made: h.Now})
	return moot.StatementID(e.CID)
}

func (h *hub) vote(p moot.ParticipantID, s moot.StatementID, v moot.Vote, rev uint64) oplog.Entry {
	return h.put(&moot.SetVote{Person: p, Statement: s, Value: v, Rev: rev, Src: moot.FromPhone, Open: true})
}

func pid(n byte) moot.ParticipantID { return moot.ParticipantID{n} }

// stateOf folds entries in, in their order.
func stateOf(entries ...oplog.Entry) *moot.State {
	s := moot.NewState(session)
	for _, e := range entries {
		if err := s.Apply(e); err != nil {
			panic(err)
		}
	}
	return s
}

// met gives what hubs agree on once they have exchanged everything, and reports
// where the order of the exchange made a difference.
func met(t testing.TB, hubs ...*hub) *moot.View {
	t.Helper()
	var all, back []oplog.Entry
	for _, h := range hubs {
		all = append(all, h.log...)
	}
	for i := range all {
		back = append(back, all[len(all)-1-i])
	}
	view := stateOf(all...).View()
	if other := stateOf(back...).View(); other.Digest() != view.Digest() {
		t.Error("the order in which hubs met made a difference")
	}
	return view
}

// checkCase is an act and what the rules say to it; want "" is a yes.
type checkCase struct {
	name  string
	act   moot.Payload
	want  moot.Code
	limit int
}

func runChecks(t *testing.T, s *moot.State, cases []checkCase) {
	t.Helper()
	for _, c := range cases {
		err := s.Check(c.act)
		var refusal *moot.Refusal
		switch {
		case c.want == "" && err != nil:
			t.Errorf("%s: %v, want a yes", c.name, err)
		case c.want != "" && (!errors.As(err, &refusal) || refusal.Code != c.want || refusal.Limit != c.limit):
			t.Errorf("%s: %#v, want %s with limit %d", c.name, err, c.want, c.limit)
		}
	}
}

// wantOld tests that an act meets an equal or newer revision.
func wantOld(t *testing.T, s *moot.State, act moot.Payload, rev uint64, value any) {
	t.Helper()
	var old *moot.Old
	if err := s.Check(act); !errors.As(err, &old) || old.Rev != rev || old.Value != value {
		t.Errorf("%+v: %#v, want stale with revision %d and value %v", act, err, rev, value)
	}
}
