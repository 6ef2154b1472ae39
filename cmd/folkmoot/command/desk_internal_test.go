package command

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"folkmoot/app/readmodel"
	"folkmoot/app/readmodel/readmodeltest"
	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
	"folkmoot/sync/replica"
)

func asTrouble(t *testing.T, err error) *readmodel.Trouble {
	t.Helper()
	var trouble *readmodel.Trouble
	if !errors.As(err, &trouble) {
		t.Fatalf("%v is no trouble", err)
	}
	return trouble
}

// fakeRecord is a session whose disk can be made to fail.
type fakeRecord struct {
	room *readmodeltest.Room
	mu   sync.Mutex
	view *moot.View
	fail []error // of the next calls of Do
	says func(i int, item moot.Item) moot.Outcome
	did  [][]moot.Item
}

func (f *fakeRecord) View() *moot.View {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.view
}

func (f *fakeRecord) Do(_ context.Context, items ...moot.Item) ([]moot.Outcome, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.did = append(f.did, items)
	if len(f.fail) > 0 {
		err := f.fail[0]
		f.fail = f.fail[1:]
		if err != nil {
			return nil, err
		}
	}
	outcomes := make([]moot.Outcome, len(items))
	for i, item := range items {
		if f.says != nil {
			outcomes[i] = f.says(i, item)
		}
		if outcomes[i].Refusal == nil && outcomes[i].Stale == nil {
			f.room.Do([]moot.Item{item}, nil)
		}
	}
	f.view = f.room.View()
	return outcomes, nil
}

func (f *fakeRecord) Changed() <-chan struct{} { return nil }
func (f *fakeRecord) Record() oplog.Log        { return oplog.NewMemory() }
func (f *fakeRecord) Close() error             { return nil }

func fakeSession(t *testing.T) (*DeskSession, *fakeRecord) {
	t.Helper()
	room := readmodeltest.NewOpen(t)
	room.Statement("多種樹。")
	room.Statement("要有路燈。")
	record := &fakeRecord{room: room, view: room.View()}
	desk, err := readmodel.NewDesk(record, readmodel.DeskOptions{})
	if err != nil {
		t.Fatal(err)
	}
	d := NewDesk(t.Context(), "folkmoot", t.TempDir(), Streams{Err: t.Output()})
	s := newDeskSession(d, record, desk)
	t.Cleanup(func() { s.Close(); desk.Close(); d.Close() })
	return s, record
}

func TestDiskFull(t *testing.T) {
	full := fmt.Errorf("replica: commit: %w: %w", replica.ErrAgain, &os.PathError{Op: "write", Path: "x.folkmoot", Err: syscall.ENOSPC})
	s, record := fakeSession(t)
	act := readmodel.Act{Act: "set", Field: "title", Value: "New"}
	cases := []struct {
		name string
		fail []error
		want string
	}{
		{"full", []error{full, full}, "desk.disk_full"},
		{"something else", []error{replica.ErrAgain, replica.ErrAgain}, "desk.not_saved"},
		{"closed", []error{replica.ErrClosed}, "desk.not_saved"},
	}
	for _, c := range cases {
		record.fail = c.fail
		if got := asTrouble(t, s.Do(t.Context(), act)).Key; got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
		if s.Sheet().Undo != nil {
			t.Errorf("%s: it is offered to be taken back", c.name)
		}
		record.fail = c.fail
		if _, _, err := s.AddList(t.Context(), []string{"Benches."}); asTrouble(t, err).Key != c.want {
			t.Errorf("%s: a list: %v", c.name, err)
		}
	}
	// What is not known to be saved is sent once more, as the same items.
	record.fail, record.did = []error{replica.ErrAgain}, nil
	if err := s.Do(t.Context(), act); err != nil {
		t.Fatal(err)
	}
	if len(record.did) != 2 || record.did[0][0].CID != record.did[1][0].CID {
		t.Errorf("sent %d times", len(record.did))
	}
	record.fail = []error{full, full}
	if got := asTrouble(t, s.Undo(t.Context())).Key; got != "desk.disk_full" {
		t.Errorf("taking back: %s", got)
	}
	if err := s.Undo(t.Context()); err != nil { // there is room again
		t.Errorf("taking back again: %v", err)
	}
	if got := s.record.View().Session.Get(moot.Title); got == "New" {
		t.Error("it still stands")
	}
}

// A call that ended before it began does nothing, and says so.
func TestActOfACallThatEnded(t *testing.T) {
	s, record := fakeSession(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	act := readmodel.Act{Act: "set", Field: "title", Value: "New"}
	if err := s.Do(ctx, act); !errors.Is(err, context.Canceled) || len(record.did) > 0 {
		t.Errorf("%v, %d calls", err, len(record.did))
	}
	if _, _, err := s.AddList(ctx, []string{"Benches."}); !errors.Is(err, context.Canceled) || len(record.did) > 0 {
		t.Errorf("a list: %v, %d calls", err, len(record.did))
	}
}

// An act of which the record takes only a part is taken back.
func TestHalfAnAct(t *testing.T) {
	s, record := fakeSession(t)
	record.says = func(_ int, item moot.Item) moot.Outcome {
		if set, ok := item.Payload.(*moot.SetField); ok && set.Field == moot.WallMode {
			return moot.Outcome{Stale: &moot.Stale{Rev: 9}}
		}
		return moot.Outcome{}
	}
	err := s.Do(t.Context(), readmodel.Act{Act: "show", What: "map", On: true})
	if got := asTrouble(t, err).Key; got != "refused.changed" {
		t.Errorf("%s", got)
	}
	if s.record.View().Session.On(moot.ShowMap) {
		t.Error("the map is shown, the wall is not at it")
	}
	if s.Sheet().Undo != nil {
		t.Error("it is offered to be taken back")
	}
}

func TestUndoEndsAfterAMinute(t *testing.T) {
	s, _ := fakeSession(t)
	now := uint64(readmodeltest.Start)
	s.clock = func() uint64 { return now }
	for i, title := range []string{"One", "Two"} {
		now = readmodeltest.Start + uint64(i)*30_000
		if err := s.Do(t.Context(), readmodel.Act{Act: "set", Field: "title", Value: title}); err != nil {
			t.Fatal(err)
		}
	}
	now = readmodeltest.Start + 61_000
	if err := s.Undo(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := s.record.View().Session.Get(moot.Title); got != "One" {
		t.Errorf("title %q", got)
	}
	if s.Sheet().Undo != nil {
		t.Error("what is older than a minute is offered")
	}
	if got := asTrouble(t, s.Undo(t.Context())).Key; got != "refused.no_undo" {
		t.Errorf("%s", got)
	}
}

// A file that did not change is not read again.
func TestCardsAreKept(t *testing.T) {
	data := t.TempDir()
	d := NewDesk(t.Context(), "folkmoot", data, Streams{Err: t.Output()})
	defer d.Close()
	id, err := d.Make(t.Context(), readmodel.Wish{Title: "As it is", Template: "opinion"})
	if err != nil {
		t.Fatal(err)
	}
	sid, _ := sessionID(id)
	path := filepath.Join(data, id+".folkmoot")
	title := func() string {
		list, err := d.Cards(t.Context())
		if err != nil || len(list) != 1 || list[0].Trouble != nil {
			t.Fatalf("%+v, %v", list, err)
		}
		return list[0].Title
	}
	keep := func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		seen := d.cards[sid]
		seen.card.Title = "As it was"
		d.cards[sid] = seen
	}
	title()
	keep()
	if got := title(); got != "As it is" {
		t.Errorf("a file written a moment ago may change again within the same tick of its clock, got %q", got)
	}
	old := time.Now().Add(-time.Hour)
	if err := os.Chtimes(path, old, old); err != nil {
		t.Fatal(err)
	}
	title()
	keep()
	if got := title(); got != "As it was" {
		t.Errorf("it was read again: %q", got)
	}
	if err := os.Chtimes(path, old, old.Add(time.Second)); err != nil {
		t.Fatal(err)
	}
	if got := title(); got != "As it is" {
		t.Errorf("it was not read again: %q", got)
	}
}
