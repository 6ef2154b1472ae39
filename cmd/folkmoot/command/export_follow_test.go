package command

import (
	"testing"

	"folkmoot/sync/moot"
)

// Hubs gives the addresses that pages of an open session know its hubs by.
func Hubs(s *DeskSession) string { return s.record.View().Session.Get(moot.Hubs) }

// Entries gives how many entries an open session holds.
func Entries(t testing.TB, s *DeskSession) (n uint64) {
	t.Helper()
	heads, err := s.held.Heads()
	if err != nil {
		t.Fatal(err)
	}
	for _, head := range heads {
		n += head.Seq
	}
	return n
}
