package command

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"folkmoot/app/readmodel"
)

// Badges writes badges to print, and switches the session to them.
func (s *DeskSession) Badges(ctx context.Context, wish readmodel.BadgeWish) (readmodel.BadgesDone, error) {
	ctx, done, ok := s.begin(ctx)
	if !ok {
		return readmodel.BadgesDone{}, errClosed()
	}
	defer done()
	record := s.record.View()
	venue := s.venue(record)
	switch {
	case wish.Count < 1 || wish.Count > readmodel.MostBadges:
		return readmodel.BadgesDone{}, &readmodel.Trouble{Key: "desk.badges_count", Args: map[string]any{"Limit": readmodel.MostBadges}}
	case wish.Folder == "":
		return readmodel.BadgesDone{}, &readmodel.Trouble{Key: "desk.no_folder"}
	case venue.Alone || len(venue.Addresses) == 0:
		return readmodel.BadgesDone{}, &readmodel.Trouble{Key: "desk.badges_alone"}
	}
	name := fmt.Sprintf("badges-%s-%d.html", record.Session.ID.String()[:8], wish.Count)
	if err := os.MkdirAll(wish.Folder, 0o755); err != nil {
		return readmodel.BadgesDone{}, &readmodel.Trouble{Key: "desk.folder", Args: map[string]any{"Folder": wish.Folder}, Err: err}
	}
	s.mu.Lock() // one act after the other
	defer s.mu.Unlock()
	numbers, _, err := s.program.app.makeBadges(ctx, s.record, badgeOptions{count: wish.Count, to: filepath.Join(wish.Folder, name), address: venue.Addresses[0]})
	var unwritten *problem
	switch {
	case errors.Is(err, readmodel.ErrBadgesEnd):
		return readmodel.BadgesDone{}, &readmodel.Trouble{Key: "desk.badges_end", Err: err}
	case errors.As(err, &unwritten):
		return readmodel.BadgesDone{}, &readmodel.Trouble{Key: "desk.folder", Args: map[string]any{"Folder": wish.Folder}, Err: err}
	case err != nil:
		return readmodel.BadgesDone{}, s.explain(err)
	}
	return readmodel.BadgesDone{Folder: wish.Folder, File: name, First: numbers[0], Last: numbers[len(numbers)-1]}, nil
}
