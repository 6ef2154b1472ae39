package moot_test

import (
	"strings"
	"testing"

	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
)

func TestSetPersonCheck(t *testing.T) {
	h := newHub(1)
	h.put(&moot.SetPerson{Person: pid(1), Field: moot.PersonName, Value: "小明", Rev: 5})
	set := func(f moot.PersonField, value string) *moot.SetPerson {
		return &moot.SetPerson{Person: pid(1), Field: f, Value: value, Rev: 6}
	}
	runChecks(t, h.state, []checkCase{
		{"a name", set(moot.PersonName, "小美"), "", 0},
		{"no name", set(moot.PersonName, ""), "", 0},
		{"the longest name", set(moot.PersonName, strings.Repeat("明", moot.MaxName)), "", 0},
		{"a long name", set(moot.PersonName, strings.Repeat("明", moot.MaxName+1)), moot.TooLong, moot.MaxName},
		{"a name that is not UTF-8", set(moot.PersonName, "\xe6"), moot.BadValue, 0},
		{"a language", set(moot.PersonLang, "en"), "", 0},
		{"an unknown language", set(moot.PersonLang, "fr"), moot.BadValue, 0},
		{"a number", set(moot.PersonNumber, "12"), "", 0},
		{"a number in words", set(moot.PersonNumber, "twelve"), moot.BadValue, 0},
		{"a number below zero", set(moot.PersonNumber, "-1"), moot.BadValue, 0},
		{"a number beyond 32 bits", set(moot.PersonNumber, "2147483648"), moot.BadValue, 0},
		{"an unknown field", set("shoe size", "44"), moot.BadValue, 0},
		{"nobody", &moot.SetPerson{Field: moot.PersonName, Value: "x", Rev: 1}, moot.BadValue, 0},
		{"a revision too large", &moot.SetPerson{Person: pid(1), Field: moot.PersonName, Rev: moot.MaxRev}, moot.BadRev, 0},
		{"somebody new", &moot.SetPerson{Person: pid(2), Field: moot.PersonNumber, Value: "2"}, "", 0},
	})
	wantOld(t, h.state, &moot.SetPerson{Person: pid(1), Field: moot.PersonName, Value: "x", Rev: 5}, 5, "小明")
}

func TestPerson(t *testing.T) {
	h := newHub(1)
	h.person(7)
	p := h.view().Person(pid(7))
	if p.Number() != 7 || p.Source() != moot.FromPhone || !p.Here() || p.Present() || p.Arrived() != 0 || p.Rev(moot.PersonNumber) != 1 || p.Get(moot.PersonName) != "" {
		t.Errorf("a new person: %+v", p)
	}
	h.put(&moot.SetPerson{Person: pid(8), Field: moot.PersonSource, Value: string(moot.Imported), Rev: 1})
	v := h.view()
	if q := v.Person(pid(8)); q.Here() || q.Source() != moot.Imported || q.Number() != 0 {
		t.Errorf("an imported person: %+v", q)
	}
	if v.PeopleCount() != 2 || v.Here() != 0 || v.Imported() != 1 || v.Person(pid(9)) != nil {
		t.Errorf("%d people, %d here before they did anything, %d imported", v.PeopleCount(), v.Here(), v.Imported())
	}
	h.put(&moot.SetPresence{Person: pid(7), In: true, Rev: 1, At: 5})
	h.put(&moot.SetPresence{Person: pid(8), In: true, Rev: 1, At: 5})
	if came := h.view(); came.Here() != 1 || came.Imported() != 1 {
		t.Errorf("%d here, %d imported after both were said to be present", came.Here(), came.Imported())
	}
	if people := v.People(); len(people) != 2 || people[0].ID != pid(7) || people[1].ID != pid(8) {
		t.Errorf("people in order: %v", people)
	}
}

// Names can be erased; where somebody came from stays, so that the people of an
// import do not turn into people of the room.
func TestErasedNames(t *testing.T) {
	h := newHub(1)
	h.put(&moot.SetPerson{Person: pid(1), Field: moot.PersonSource, Value: string(moot.Imported), Rev: 1})
	h.put(&moot.SetPerson{Person: pid(1), Field: moot.PersonName, Value: "小明", Rev: 1})
	state := moot.NewState(session)
	for _, e := range h.log {
		if e.Class == oplog.Personal {
			e = e.Redact()
		}
		if err := state.Apply(e); err != nil {
			t.Fatal(err)
		}
	}
	p := state.View().Person(pid(1))
	if p.Get(moot.PersonName) != "" || p.Here() {
		t.Errorf("name %q, source %s", p.Get(moot.PersonName), p.Source())
	}
}

func TestSetPresence(t *testing.T) {
	h := newHub(1)
	runChecks(t, h.state, []checkCase{
		{"somebody unknown", &moot.SetPresence{Person: pid(1), In: true, Rev: 1}, moot.UnknownPerson, 0},
	})
	h.person(1)
	runChecks(t, h.state, []checkCase{
		{"somebody comes", &moot.SetPresence{Person: pid(1), In: true, Rev: 1, At: 5}, "", 0},
		{"a revision too large", &moot.SetPresence{Person: pid(1), Rev: moot.MaxRev}, moot.BadRev, 0},
	})
	h.put(&moot.SetPresence{Person: pid(1), In: true, Rev: 2, At: 500})
	h.put(&moot.SetPresence{Person: pid(1), In: true, Rev: 1, At: 300}) // came in late
	h.put(&moot.SetPresence{Person: pid(1), In: false, Rev: 3, At: 100})
	h.put(&moot.SetPresence{Person: pid(1), In: true, Rev: 1, At: 0}) // not known when
	if p := met(t, h).Person(pid(1)); p.Present() || p.Arrived() != 300 {
		t.Errorf("present %t, arrived %d; want gone and 300", p.Present(), p.Arrived())
	}
	wantOld(t, h.state, &moot.SetPresence{Person: pid(1), In: true, Rev: 3}, 3, false)
}

func TestSetAnswer(t *testing.T) {
	h := newHub(1)
	h.person(1)
	answer := func(value int, rev uint64) *moot.SetAnswer {
		return &moot.SetAnswer{Person: pid(1), Question: moot.FirstQuestion, Value: value, Rev: rev}
	}
	runChecks(t, h.state, []checkCase{{"no question was asked", answer(3, 1), moot.UnknownQuestion, 0}})
	h.put(&moot.SetField{Field: moot.Question, Value: "How sure are you?", Rev: 1})
	runChecks(t, h.state, []checkCase{
		{"the lowest", answer(0, 1), "", 0},
		{"the highest", answer(5, 1), "", 0},
		{"below", answer(-1, 1), moot.BadValue, 0},
		{"above", answer(6, 1), moot.BadValue, 0},
		{"another question", &moot.SetAnswer{Person: pid(1), Question: "q2", Rev: 1}, moot.UnknownQuestion, 0},
		{"somebody unknown", &moot.SetAnswer{Person: pid(2), Question: moot.FirstQuestion, Rev: 1}, moot.UnknownPerson, 0},
		{"a revision too large", answer(1, moot.MaxRev), moot.BadRev, 0},
	})
	if _, ok := h.view().Person(pid(1)).Answer(moot.FirstQuestion); ok {
		t.Error("an answer before there was one")
	}
	h.put(answer(0, 7))
	h.put(answer(4, 6))
	if cell, ok := met(t, h).Person(pid(1)).Answer(moot.FirstQuestion); !ok || cell.Value != 0 || cell.Stamp.Rev != 7 {
		t.Errorf("answer %+v, %t; want 0 of revision 7", cell, ok)
	}
	wantOld(t, h.state, answer(2, 7), 7, 0)
}
