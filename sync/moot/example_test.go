package moot_test

import (
	"errors"
	"fmt"

	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
	"folkmoot/sync/oplog/oplogtest"
)

// An item becomes a draft, a signed entry, and part of the state.
func Example() {
	session := oplog.SessionID{1}
	pen := oplogtest.NewPen(session, 1) // in a program an oplog.Writer
	state := moot.NewState(session)
	write := func(p moot.Payload) oplog.ItemID {
		if err := state.Check(p); err != nil {
			fmt.Println("refused:", err)
			return oplog.ItemID{}
		}
		draft, err := moot.Item{CID: pen.CID(), Payload: p}.Draft()
		if err != nil {
			fmt.Println(err)
			return oplog.ItemID{}
		}
		if err := state.Apply(pen.Write(draft)); err != nil {
			fmt.Println(err)
		}
		return draft.CID
	}
	state.Apply(pen.Open())
	anna := moot.ParticipantID{0xa}
	write(&moot.SetPerson{Person: anna, Field: moot.PersonNumber, Value: "12", Rev: 1})
	trees := moot.StatementID(write(&moot.NewStatement{Text: "We need more trees.", Lang: "en", Standing: moot.Approved, Src: moot.FromHost}))
	write(&moot.SetVote{Person: anna, Statement: trees, Value: moot.Agree, Rev: 1, Src: moot.FromPhone, Open: true})
	write(&moot.SetVote{Person: anna, Statement: trees, Value: 7, Rev: 2, Src: moot.FromPhone, Open: true})

	view := state.View()
	fmt.Println(view.Votes, "vote:", view.Person(anna).Vote(trees).Value)
	// Output:
	// refused: the value is not allowed
	// 1 vote: agree
}

// A refusal is a "no" by the rules, with a code for the screen.
func ExampleState_Check() {
	state := moot.NewState(oplog.SessionID{1})
	err := state.Check(&moot.NewStatement{Text: "👍", Lang: "en", Src: moot.FromHost})
	var refusal *moot.Refusal
	if errors.As(err, &refusal) {
		fmt.Println(refusal.Code)
	}
	// Output:
	// emoji_only
}

// Two hosts decide at once: the more severe decision holds, and somebody is asked
// to look at it.
func ExampleModeration() {
	a, b := newHub(1), newHub(2)
	id := a.statement("Close the road.", moot.Pending)
	a.put(&moot.Moderation{Statement: id, Standing: moot.Approved})
	b.put(&moot.Moderation{Statement: id, Standing: moot.Hidden, Reason: "not about the question"})

	s := stateOf(append(a.log, b.log...)...).View().Statement(id)
	fmt.Println(s.Standing, s.Look)
	// Output:
	// hidden true
}
