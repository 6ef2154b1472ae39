package report

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"strconv"

	"folkmoot/sync/moot"
)

// numberStatements lists the statements of the files and gives each the source's own
// whole number, or a fresh one above all of those.
func (s *Source) numberStatements() {
	fresh := uint64(0)
	for _, st := range s.record.Statements {
		if st.Pair != (moot.StatementID{}) {
			continue // the other language's version of a statement that is listed
		}
		s.comments = append(s.comments, st)
		if n, ok := whole(st.SourceID); ok && st.Source == moot.Imported {
			s.comment[st.ID] = st.SourceID
			fresh = max(fresh, n+1)
		}
	}
	for _, st := range s.comments {
		if s.comment[st.ID] == "" {
			s.comment[st.ID] = strconv.FormatUint(fresh, 10)
			fresh++
		}
	}
}

// numberPeople lists the people of the files: all imported ones, and those of the
// room who voted or wrote. Imported people keep their number; those of the room get
// fresh ones above all in random order, the host's own statements the first of them.
func (s *Source) numberPeople(lots *rand.Rand) {
	fresh := uint64(0)
	for _, st := range s.comments {
		if n, ok := whole(st.SourceAuthor); ok {
			fresh = max(fresh, n+1)
		}
	}
	var room []*moot.Person
	for _, p := range s.record.People() {
		n, ok := whole(p.Get(moot.PersonID))
		switch {
		case !p.Here():
			s.people = append(s.people, p)
			if ok {
				s.number[p.ID] = p.Get(moot.PersonID)
				fresh = max(fresh, n+1)
			}
		case p.Counted() > 0 || s.wrote(p.ID):
			room = append(room, p)
		}
	}
	slices.SortStableFunc(s.people, func(a, b *moot.Person) int {
		x, _ := whole(a.Get(moot.PersonID))
		y, _ := whole(b.Get(moot.PersonID))
		return cmp.Or(cmp.Compare(a.Number(), b.Number()), cmp.Compare(x, y))
	})
	if s.hostWrote() {
		s.host = strconv.FormatUint(fresh, 10)
		fresh++
	}
	lots.Shuffle(len(room), func(i, j int) { room[i], room[j] = room[j], room[i] })
	s.people = append(s.people, room...)
	for _, p := range s.people {
		if s.number[p.ID] == "" {
			s.number[p.ID] = strconv.FormatUint(fresh, 10)
			fresh++
		}
	}
}

func (s *Source) wrote(id moot.ParticipantID) bool {
	return slices.ContainsFunc(s.comments, func(st *moot.Statement) bool { return st.Author == id })
}

// hostWrote says whether any statement has no author who stands under a number: those
// of the host, and imported ones whose source names nobody.
func (s *Source) hostWrote() bool {
	return slices.ContainsFunc(s.comments, func(st *moot.Statement) bool {
		_, numbered := whole(st.SourceAuthor)
		somebody := !st.Author.IsZero() && s.record.Person(st.Author) != nil
		return !somebody && !(st.Source == moot.Imported && numbered)
	})
}

// author gives the number under which a statement's author stands; the host's where
// there is none.
func (s *Source) author(st *moot.Statement) string {
	if st.Source == moot.Imported {
		if _, ok := whole(st.SourceAuthor); ok {
			return st.SourceAuthor
		}
	}
	return cmp.Or(s.number[st.Author], s.host)
}

// whole reads a whole number as a source writes it: digits, no sign, no leading zero.
func whole(text string) (uint64, bool) {
	n, err := strconv.ParseUint(text, 10, 52)
	return n, err == nil && strconv.FormatUint(n, 10) == text
}
