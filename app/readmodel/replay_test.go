package readmodel_test

import (
	"context"
	"errors"
	"math"
	"slices"
	"testing"

	"folkmoot/app/readmodel"
	"folkmoot/app/readmodel/readmodeltest"
	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
)

// votedInTurns makes a room in which people vote round by round, a statement each, ten
// seconds apart.
func votedInTurns(t testing.TB, people, statements int) *readmodeltest.Room {
	t.Helper()
	r := readmodeltest.NewOpen(t)
	model := readmodel.Rehearsal{Seed: 3}
	var pids []moot.ParticipantID
	var sids []moot.StatementID
	for j := range statements {
		sids = append(sids, r.Statement(string(rune('甲'+j))+"。"))
	}
	for i := range people {
		pids = append(pids, r.Join(i+1, ""))
	}
	for j, s := range sids {
		r.Now += 10_000
		for i, p := range pids {
			if vote := model.Vote(i, j); vote != moot.None {
				r.Vote(p, s, vote)
			}
		}
	}
	return r
}

func logOf(r *readmodeltest.Room) readmodel.Log {
	return func(yield func(oplog.Entry) bool) error {
		for _, e := range r.Entries {
			if !yield(e) {
				return nil
			}
		}
		return nil
	}
}

func replay(t testing.TB, r *readmodeltest.Room, now *readmodel.View) []readmodel.Frame {
	t.Helper()
	frames, err := readmodel.Replay(context.Background(), logOf(r), now, nil)
	if err != nil {
		t.Fatal(err)
	}
	return frames
}

func TestReplayGoesThroughTheSession(t *testing.T) {
	r := votedInTurns(t, 40, 14)
	now := build(t, r.View(), readmodel.Options{})
	frames := replay(t, r, now)
	if len(frames) != readmodel.ReplayLength(r.View().Votes) || len(frames) < 24 {
		t.Fatalf("%d frames of %d votes", len(frames), r.View().Votes)
	}
	for i, f := range frames[1:] {
		if f.Votes-frames[i].Votes < 5 || f.At < frames[i].At {
			t.Errorf("frame %d: %d votes at %d, before it %d at %d", i+1, f.Votes, f.At, frames[i].Votes, frames[i].At)
		}
	}
	first, last := frames[0], frames[len(frames)-1]
	if first.Map.Scene != nil || len(first.Map.Missing) == 0 || first.At <= readmodeltest.Start {
		t.Errorf("the first frame: %+v", first)
	}
	if last.Votes != r.View().Votes || last.At != r.Now || last.Map.Scene != now.Scene {
		t.Errorf("the last frame is not now: %d of %d votes", last.Votes, r.View().Votes)
	}
}

// Going back, the marks of a frame must lie near those of the one after it: measured as how
// far each mark has to the nearest of its group there.
func TestReplayStandsStill(t *testing.T) {
	r := votedInTurns(t, 40, 14)
	frames := replay(t, r, build(t, r.View(), readmodel.Options{}))
	for i := len(frames) - 1; i > 0; i-- {
		earlier, later := frames[i-1].Map, frames[i].Map
		if earlier.Scene == nil || i < len(frames)/2 {
			continue // with few votes people do walk about
		}
		if got := meanWay(earlier.Scene.Marks, later.Scene.Marks); got > 0.06 {
			t.Errorf("frame %d: marks lie %.3f from the next frame's", i-1, got)
		}
		if mirrored := meanWay(mirror(earlier.Scene.Marks), later.Scene.Marks); mirrored < 0.06 {
			t.Errorf("frame %d: a mirrored map lies as near, %.3f", i-1, mirrored)
		}
	}
}

func mirror(marks []readmodel.Mark) []readmodel.Mark {
	marks = slices.Clone(marks)
	for i := range marks {
		marks[i].X = 1 - marks[i].X
	}
	return marks
}

// meanWay gives how far the marks of a lie from the nearest mark of their group in b; half
// the map where the group is not there.
func meanWay(a, b []readmodel.Mark) float64 {
	sum, people := 0.0, 0.0
	for _, m := range a {
		least := 0.5
		for _, n := range b {
			if n.Group == m.Group {
				least = min(least, math.Hypot(m.X-n.X, m.Y-n.Y))
			}
		}
		sum, people = sum+least*float64(m.People), people+float64(m.People)
	}
	return sum / people
}

func TestReplayNeedsVotesAndAMap(t *testing.T) {
	few := votedInTurns(t, 9, 4) // 36 votes at most
	if frames := replay(t, few, build(t, few.View(), readmodel.Options{Quick: true})); frames != nil {
		t.Errorf("%d frames of %d votes", len(frames), few.View().Votes)
	}
	if frames := replay(t, few, nil); frames != nil {
		t.Error("frames without a map")
	}
	for votes, want := range map[int]int{0: 0, 39: 0, 40: 8, 120: 24, 160: 32, 50_000: 32} {
		if got := readmodel.ReplayLength(votes); got != want {
			t.Errorf("%d votes: %d frames, want %d", votes, got, want)
		}
	}
}

// An import's votes stand at the source's times, whenever they were imported.
func TestReplayTakesTheSourcesTimes(t *testing.T) {
	r := readmodeltest.New(t)
	model := readmodel.Rehearsal{Seed: 3}
	const source = readmodeltest.Start - 90_000_000
	var sids []moot.StatementID
	for j := range 10 {
		sids = append(sids, r.ImportStatement(string(rune('0'+j)), "", string(rune('甲'+j))+"。", j+1, 0, source))
	}
	for i := range 20 {
		p := r.ImportPerson(string(rune('a'+i)), i+1)
		for j, s := range sids {
			if vote := model.Vote(i, j); vote != moot.None {
				r.ImportVote(p, s, vote, uint64(source+1000*(10*i+j)))
			}
		}
	}
	frames := replay(t, r, build(t, r.View(), readmodel.Options{Quick: true}))
	if len(frames) < 24 || frames[0].At >= source+60_000 || frames[len(frames)-1].At <= source+180_000 {
		t.Fatalf("%d frames, from %d to %d", len(frames), frames[0].At, frames[len(frames)-1].At)
	}
}

// What was hidden stays hidden in the past, and a vote that was changed counts as it was.
func TestReplayKeepsHiddenWhatIsHidden(t *testing.T) {
	r := votedInTurns(t, 30, 12)
	before := r.View().Votes
	statement := r.View().Statements[0].ID
	r.Do(readmodel.Hide(r.View(), statement, "two ideas", r.IDs))
	now := build(t, r.View(), readmodel.Options{Quick: true})
	frames := replay(t, r, now)
	if last := frames[len(frames)-1]; last.Votes != now.Counts.Votes || last.Votes >= before {
		t.Errorf("last frame %d votes, now %d, before %d", last.Votes, now.Counts.Votes, before)
	}
	if frames[0].Votes > 5 {
		t.Errorf("the first frame counts %d votes of a statement that is hidden", frames[0].Votes)
	}
}

func TestReplayStops(t *testing.T) {
	r := votedInTurns(t, 30, 12)
	now := build(t, r.View(), readmodel.Options{Quick: true})
	ctx, stop := context.WithCancel(context.Background())
	calls := 0
	_, err := readmodel.Replay(ctx, logOf(r), now, func(done, all int) {
		if calls++; done == 2 {
			stop()
		}
		if all != readmodel.ReplayLength(r.View().Votes) {
			t.Errorf("%d of %d", done, all)
		}
	})
	if !errors.Is(err, context.Canceled) || calls != 3 {
		t.Errorf("error %v after %d calls", err, calls)
	}
	if _, err := readmodel.Replay(ctx, logOf(r), now, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	broken := errors.New("the disk is gone")
	if _, err := readmodel.Replay(context.Background(), func(func(oplog.Entry) bool) error { return broken }, now, nil); !errors.Is(err, broken) {
		t.Errorf("error %v", err)
	}
}
