package command

import (
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"folkmoot/app/readmodel"
	"folkmoot/app/readmodel/readmodeltest"
)

// busyRecord is a session that changes all the time.
type busyRecord struct {
	fakeRecord
	change  sync.Mutex
	changed chan struct{}
}

func (b *busyRecord) Changed() <-chan struct{} {
	b.change.Lock()
	defer b.change.Unlock()
	return b.changed
}

func (b *busyRecord) tell() {
	b.change.Lock()
	defer b.change.Unlock()
	close(b.changed)
	b.changed = make(chan struct{})
}

// A room that votes without a pause costs ten sheets a second, a quiet one costs one.
func TestFollowKeepsItsPace(t *testing.T) {
	room := readmodeltest.NewOpen(t)
	synctest.Test(t, func(t *testing.T) {
		record := &busyRecord{fakeRecord: fakeRecord{room: room, view: room.View()}, changed: make(chan struct{})}
		desk, err := readmodel.NewDesk(record, readmodel.DeskOptions{Wait: time.Hour})
		if err != nil {
			t.Fatal(err)
		}
		d := NewDesk(t.Context(), "folkmoot", t.TempDir(), Streams{Err: t.Output()})
		s := newDeskSession(d, record, desk)
		shown := 0
		s.Follow(func(*readmodel.Sheet) { shown++ })
		synctest.Wait()
		if shown != 1 {
			t.Errorf("shown %d times at once", shown)
		}
		for range 2000 { // ten seconds
			record.tell()
			time.Sleep(5 * time.Millisecond)
		}
		synctest.Wait()
		if shown < 90 || shown > 102 {
			t.Errorf("a busy room was shown %d times in ten seconds", shown)
		}
		shown = 0
		time.Sleep(10 * time.Second)
		synctest.Wait()
		if shown < 9 || shown > 12 {
			t.Errorf("a quiet room was shown %d times in ten seconds", shown)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		shown = 0
		record.tell()
		time.Sleep(2 * time.Second)
		if shown != 0 {
			t.Error("shown after Close")
		}
		desk.Close()
		d.Close()
	})
}
