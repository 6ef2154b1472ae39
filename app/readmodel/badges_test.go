package readmodel_test

import (
	"errors"
	"slices"
	"strconv"
	"testing"

	"folkmoot/app/readmodel"
	"folkmoot/app/readmodel/readmodeltest"
	"folkmoot/sync/moot"
)

func TestBadgeNumbers(t *testing.T) {
	r := readmodeltest.NewOpen(t)
	person := func(id byte, number int, fields ...moot.PersonField) {
		r.Put(&moot.SetPerson{Person: moot.ParticipantID{id}, Field: moot.PersonNumber, Value: strconv.Itoa(number), Rev: 1})
		for _, f := range fields {
			r.Put(&moot.SetPerson{Person: moot.ParticipantID{id}, Field: f, Value: string(moot.Imported), Rev: 1})
		}
	}
	holds := func(p moot.ParticipantID, n int) bool { return p[0] == 1 }
	person(1, 3)                    // has a badge
	person(2, 40)                   // joined without one
	person(9, 2, moot.PersonSource) // came with an import, whose numbers are its own
	r.Put(&moot.VoidBadge{Number: 42})
	cases := []struct {
		name          string
		from, count   int
		numbers, left []int
		err           error
	}{
		{"from the first", 1, 4, []int{1, 2, 3, 4}, nil, nil},
		{"above those without a badge", 0, 2, []int{41, 43}, []int{42}, nil},
		{"the last", readmodel.LastBadge, 1, []int{readmodel.LastBadge}, nil, nil},
		{"beyond the last", readmodel.LastBadge, 2, nil, nil, readmodel.ErrBadgesEnd},
	}
	for _, c := range cases {
		numbers, left, err := readmodel.BadgeNumbers(r.View(), holds, c.from, c.count)
		if !slices.Equal(numbers, c.numbers) || !slices.Equal(left, c.left) || !errors.Is(err, c.err) {
			t.Errorf("%s: %v, left %v, %v; want %v, left %v, %v", c.name, numbers, left, err, c.numbers, c.left, c.err)
		}
	}
	var taken *readmodel.BadgeTaken
	if _, _, err := readmodel.BadgeNumbers(r.View(), holds, 38, 5); !errors.As(err, &taken) || taken.Number != 40 || taken.Above != 41 {
		t.Errorf("somebody has number 40: %v", err)
	}
}

// Badges are switched off by an act, and on by printing some only.
func TestBadgesAct(t *testing.T) {
	r := readmodeltest.NewOpen(t)
	if _, err := items(t, r, readmodel.Act{Act: "badges", On: true}); !errors.Is(err, readmodel.ErrUnknownAct) {
		t.Errorf("switched on without a badge: %v", err)
	}
	r.Do(readmodel.Badges(r.View(), true, r.IDs))
	if !r.View().Session.On(moot.Badges) {
		t.Fatal("not on")
	}
	if again, err := readmodel.Badges(r.View(), true, r.IDs); err != nil || len(again) != 0 {
		t.Errorf("on once more: %d items, %v", len(again), err)
	}
	act(t, r, readmodel.Act{Act: "badges"})
	if r.View().Session.On(moot.Badges) {
		t.Error("still on")
	}
}
