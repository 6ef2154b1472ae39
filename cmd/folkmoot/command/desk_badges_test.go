package command_test

import (
	"context"
	"path/filepath"
	"slices"
	"testing"

	"folkmoot/app/readmodel"
)

func TestDeskBadgesTroubles(t *testing.T) {
	d := newDesk(t, t.TempDir())
	s := open(t, d, makeOne(t, d, "The riverside"))
	ctx, folder := context.Background(), t.TempDir()
	for _, count := range []int{-1, 0, readmodel.MostBadges + 1} {
		_, err := s.Badges(ctx, readmodel.BadgeWish{Count: count, Folder: folder})
		wantTrouble(t, err, "desk.badges_count")
	}
	_, err := s.Badges(ctx, readmodel.BadgeWish{Count: 3})
	wantTrouble(t, err, "desk.no_folder")
	_, err = s.Badges(ctx, readmodel.BadgeWish{Count: 3, Folder: folder}) // the desk of a test is in no network
	wantTrouble(t, err, "desk.badges_alone")
	if s.Sheet().Wall.Badges {
		t.Error("badges are asked for that nobody has")
	}
	if left, _ := filepath.Glob(filepath.Join(folder, "*")); len(left) > 0 {
		t.Errorf("written: %v", left)
	}
}

// A command prints badges while the desk has the session open. What comes back of a pack
// takes the six digits: the key of its badges stayed where they were printed.
func TestBadgesOfAPack(t *testing.T) {
	data, ctx := t.TempDir(), context.Background()
	here := newDesk(t, data)
	id := makeOne(t, here, "The riverside")
	s := open(t, here, id)
	until := follow(s)
	run(t, data, "session", "badges", id, "--count", "3", "--to", filepath.Join(t.TempDir(), "badges.html"), "--address", "http://192.168.7.7:8080")
	until(func(sheet *readmodel.Sheet) bool { return sheet.Wall.Badges })
	packed, err := s.Pack(ctx, readmodel.PackWish{Folder: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	there := newDesk(t, t.TempDir())
	brought, err := there.Import(ctx, packed.Folder, nil)
	if err != nil {
		t.Fatal(err)
	}
	told := func(n readmodel.Sentence) bool { return n.ID == "note.badges_new" }
	if !slices.ContainsFunc(brought.Notes, told) {
		t.Errorf("nobody says that the badges are no longer good: %+v", brought.Notes)
	}
	for _, n := range brought.Notes {
		wantSentence(t, n, n.ID)
	}
	if open(t, there, id).Sheet().Wall.Badges {
		t.Error("badges are asked for that nobody has")
	}
}
