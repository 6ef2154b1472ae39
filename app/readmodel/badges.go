package readmodel

import (
	"errors"
	"fmt"
	"io"

	"folkmoot/sync/moot"
)

// MostBadges is how many badges are printed at a time.
const MostBadges = 2000

// LastBadge is the largest number of a badge.
const LastBadge = 1<<15 - 1

// BadgeWish is how many badges are to be printed, and where the file goes.
type BadgeWish struct {
	Count  int
	Folder string
}

// BadgesDone is what was written.
type BadgesDone struct {
	Folder, File string
	First, Last  int
}

// ErrBadgesEnd: there are not so many numbers left.
var ErrBadgesEnd = errors.New("there are no numbers left for so many badges")

// BadgeTaken: somebody who joined without a badge has a number that was to be printed.
type BadgeTaken struct {
	// Number is theirs, Above the smallest from which on nobody has one.
	Number, Above int
}

// Error gives the sentence.
func (b *BadgeTaken) Error() string {
	return fmt.Sprintf("somebody who joined without a badge has the number %d", b.Number)
}

// BadgeNumbers gives the numbers of the badges to print: count of them, beginning at
// from; 0 begins at 1, or above those whom nobody's badge tells from others. left are
// those between that were voided. holds says whether a person is the holder of a badge.
// Errors: a *BadgeTaken, ErrBadgesEnd.
func BadgeNumbers(record *moot.View, holds func(person moot.ParticipantID, number int) bool, from, count int) (numbers, left []int, err error) {
	taken, above := map[int]bool{}, 1
	for _, p := range record.People() {
		if n := p.Number(); p.Here() && !holds(p.ID, n) {
			taken[n] = true
			above = max(above, n+1)
		}
	}
	if from == 0 {
		from = above
	}
	for n := from; len(numbers) < count; n++ {
		switch {
		case n > LastBadge:
			return nil, nil, ErrBadgesEnd
		case taken[n]:
			return nil, nil, &BadgeTaken{Number: n, Above: above}
		case record.BadgeVoided(n):
			left = append(left, n)
		default:
			numbers = append(numbers, n)
		}
	}
	return numbers, left, nil
}

// Badges gives the items that switch badges on or off; none where they are.
func Badges(record *moot.View, on bool, ids io.Reader) ([]moot.Item, error) {
	switch {
	case record.Session.On(moot.Badges) == on:
		return nil, nil
	case on:
		return SetField(record, moot.Badges, "on", ids)
	}
	return SetField(record, moot.Badges, "", ids)
}
