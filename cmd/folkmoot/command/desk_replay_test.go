package command_test

import (
	"context"
	"errors"
	"testing"

	"folkmoot/app/readmodel"
)

func TestReplay(t *testing.T) {
	d := newDesk(t, t.TempDir())
	id, err := d.Sample(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	s := open(t, d, id)
	until := follow(s)
	sheet := until(func(s *readmodel.Sheet) bool { return s.How != nil && s.How.Tested })
	if sheet.How.TestedAgo < 0 {
		t.Errorf("tested %d s ago", sheet.How.TestedAgo)
	}
	last := -1
	frames, err := s.Replay(context.Background(), func(done, all int) {
		if done != last+1 || all < 8 {
			t.Errorf("%d of %d after %d", done, all, last)
		}
		last = done
	})
	if err != nil || len(frames) != readmodel.ReplayLength(sheet.Findings.Votes) || frames[len(frames)-1].Votes != sheet.Findings.Votes {
		t.Fatalf("%d frames of %d votes, %v", len(frames), sheet.Findings.Votes, err)
	}
	ctx, stop := context.WithCancel(context.Background())
	stop()
	if _, err := s.Replay(ctx, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Replay(context.Background(), nil); err == nil {
		t.Error("a closed session has a past")
	}
}
