package readmodel_test

import (
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"folkmoot/app/readmodel"
	"folkmoot/app/readmodel/readmodeltest"
	"folkmoot/sync/moot"
)

// record is a fake replica.
type record struct {
	mu      sync.Mutex
	view    *moot.View
	changed chan struct{}
	read    int
}

func (r *record) View() *moot.View {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.read++
	return r.view
}

func (r *record) Changed() <-chan struct{} {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.changed
}

func (r *record) set(v *moot.View) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.view = v
	close(r.changed)
	r.changed = make(chan struct{})
}

func (r *record) reads() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.read
}

func TestDeskWaitsForMore(t *testing.T) {
	room := readmodeltest.NewOpen(t)
	pids, sids := room.Rehearse(readmodel.Rehearsal{Seed: 1}, 14, 9)
	synctest.Test(t, func(t *testing.T) {
		rec := &record{view: room.View(), changed: make(chan struct{})}
		looked := make(chan struct{}) // the examined View waits until the first was seen
		desk, err := readmodel.NewDesk(rec, readmodel.DeskOptions{Now: func() uint64 { <-looked; return 1 }})
		if err != nil {
			t.Fatal(err)
		}
		defer desk.Close()
		if desk.Current() == nil || desk.Current().Map.GroupsTested {
			t.Fatal("the first View is there at once, untested")
		}
		close(looked)
		synctest.Wait()
		if !desk.Current().Map.GroupsTested {
			t.Fatal("the groups were not tested afterwards")
		}
		before, signal := rec.reads(), desk.Changed()
		for i := range 10 {
			room.Vote(pids[i], sids[0], moot.Pass)
			rec.set(room.View())
			time.Sleep(20 * time.Millisecond)
		}
		synctest.Wait()
		select {
		case <-signal:
			t.Fatal("a View before the wait was over")
		default:
		}
		time.Sleep(250 * time.Millisecond)
		synctest.Wait()
		<-signal
		if got := rec.reads() - before; got != 1 {
			t.Errorf("ten votes within 200 ms cost %d maps, want 1", got)
		}
		if got := desk.Current().Results.Statements[0].Pass; got < 10 {
			t.Errorf("the View knows %d passes", got)
		}
	})
}

// A room that votes without a pause still gets a map.
func TestDeskIsNotStarved(t *testing.T) {
	room := readmodeltest.NewOpen(t)
	pids, sids := room.Rehearse(readmodel.Rehearsal{Seed: 1}, 14, 9)
	synctest.Test(t, func(t *testing.T) {
		rec := &record{view: room.View(), changed: make(chan struct{})}
		desk, err := readmodel.NewDesk(rec, readmodel.DeskOptions{})
		if err != nil {
			t.Fatal(err)
		}
		defer desk.Close()
		synctest.Wait()
		last := desk.Current()
		for i := range 300 {
			room.Vote(pids[i%14], sids[i%9], moot.Vote(1+i%3))
			rec.set(room.View())
			time.Sleep(10 * time.Millisecond)
		}
		if desk.Current() == last {
			t.Error("three seconds of votes and no new View")
		}
	})
}

func TestDeskCloseWaits(t *testing.T) {
	room := readmodeltest.NewOpen(t)
	synctest.Test(t, func(t *testing.T) {
		rec := &record{view: room.View(), changed: make(chan struct{})}
		desk, err := readmodel.NewDesk(rec, readmodel.DeskOptions{})
		if err != nil {
			t.Fatal(err)
		}
		desk.Close()
		desk.Close()
		if desk.Current() == nil {
			t.Error("the last View is gone")
		}
	})
}

func TestDeskShowsInBatches(t *testing.T) {
	room := readmodeltest.NewOpen(t)
	pids, sids := room.Rehearse(readmodel.Rehearsal{Seed: 1}, 14, 9)
	synctest.Test(t, func(t *testing.T) {
		rec := &record{view: room.View(), changed: make(chan struct{})}
		desk, err := readmodel.NewDesk(rec, readmodel.DeskOptions{})
		if err != nil {
			t.Fatal(err)
		}
		defer desk.Close()
		settle := func() {
			rec.set(room.View())
			time.Sleep(time.Second)
			synctest.Wait()
		}
		settle()
		if desk.Shown() != nil {
			t.Fatal("shown unasked")
		}
		room.Do(readmodel.Show(room.View(), "results", true, room.IDs))
		settle()
		shown := desk.Shown()
		if shown == nil {
			t.Fatal("not shown")
		}
		room.Vote(pids[0], sids[0], moot.Pass)
		settle()
		if desk.Shown() != shown || desk.Current() == shown {
			t.Error("one vote moved what the room sees")
		}
		room.Do(readmodel.Show(room.View(), "results", false, room.IDs))
		settle()
		if desk.Shown() != nil {
			t.Error("still shown")
		}
	})
}

// TestDeskShowsVotesWhileItExamines: an examination that nothing drops any more does not
// hold back the votes that come meanwhile, and when it is done, none of them is gone.
func TestDeskShowsVotesWhileItExamines(t *testing.T) {
	room := readmodeltest.NewOpen(t)
	pids, sids := room.Rehearse(readmodel.Rehearsal{Seed: 1}, 14, 9)
	synctest.Test(t, func(t *testing.T) {
		rec := &record{view: room.View(), changed: make(chan struct{})}
		looked := make(chan struct{}) // the examination lasts until then
		desk, err := readmodel.NewDesk(rec, readmodel.DeskOptions{Now: func() uint64 { <-looked; return 1 }})
		if err != nil {
			t.Fatal(err)
		}
		defer desk.Close()
		time.Sleep(2100 * time.Millisecond) // no more patience
		for i := range 3 {
			room.Vote(pids[i], sids[0], moot.Pass)
			rec.set(room.View())
			time.Sleep(300 * time.Millisecond)
			synctest.Wait()
			if desk.Current().Record != room.View() || desk.Current().Map.GroupsTested {
				t.Fatalf("vote %d is not shown while the groups are examined", i+1)
			}
		}
		room.Vote(pids[3], sids[0], moot.Pass)
		rec.set(room.View())
		var shown []*moot.View
		signal := desk.Changed()
		close(looked)
		for range 2 {
			<-signal
			signal = desk.Changed()
			shown = append(shown, desk.Current().Record)
		}
		if !desk.Current().Map.GroupsTested && desk.Current().Examined == 0 {
			t.Error("the examination was in vain")
		}
		for _, v := range shown {
			if v != room.View() {
				t.Error("an older record is shown once the groups are examined")
			}
		}
	})
}
