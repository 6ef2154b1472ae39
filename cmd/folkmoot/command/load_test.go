package command_test

import (
	"context"
	"testing"
	"time"

	"folkmoot/cmd/folkmoot/command/commandtest"
	"folkmoot/cmd/folkmoot/crowd"
)

// TestLoad is a taste of what "make torture" does with a thousand: two hundred open
// pages vote within a second. Only counts are held here, since others use the
// computer too.
func TestLoad(t *testing.T) {
	const people = 200
	ctx, data := context.Background(), t.TempDir()
	room, err := commandtest.OpenRoom(ctx, commandtest.Program(program(t)), data, people)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(room.Kill)
	var before struct{ Votes int }
	runJSON(t, data, &before, "session", "show", "518369f8")
	if err := room.Hold(ctx); err != nil {
		t.Fatal(err)
	}
	took, err := room.Load(ctx, people, time.Second, 1)
	if err != nil {
		t.Fatal(err)
	}
	if took.Sent != people || took.Saved != people {
		t.Errorf("%d sent, %d saved, want %d", took.Sent, took.Saved, people)
	}
	if l := took.Latency(); l.P50 <= 0 || l.P99 < l.P50 || l.Max < l.P99 {
		t.Errorf("latency %+v", l)
	}
	if took.Hub.Anon <= 0 || took.Hub.Cores <= 0 || took.Crowd.Anon <= 0 {
		t.Errorf("nothing was measured: hub %+v, crowd %+v", took.Hub, took.Crowd)
	}
	var after struct{ Votes int }
	runJSON(t, data, &after, "session", "show", "518369f8")
	if got := after.Votes - before.Votes; got != people {
		t.Errorf("the record has %d votes more, want %d", got, people)
	}
}

// What a hub does not save, a load counts: pages that were not let in.
func TestLoadCountsWhatIsNotSaved(t *testing.T) {
	hub := lookAt(t, serve(t, t.TempDir(), freeAddress(t), "--sample", "--rehearsal"))
	stranger := hub.Phone(crowd.NewID() + crowd.NewID())
	took := crowd.Load(context.Background(), []*crowd.Phone{joined(t, hub), stranger}, 10*time.Millisecond, 3)
	if took.Sent != 6 || took.Saved != 3 || took.Err() == nil {
		t.Errorf("%+v, want 6 sent, 3 saved, an error", took)
	}
}

// A page that loses its hub says so.
func TestHoldTellsOfALostHub(t *testing.T) {
	server := serve(t, t.TempDir(), freeAddress(t), "--sample")
	phone := joined(t, lookAt(t, server))
	opened, ended := make(chan struct{}), make(chan error)
	go func() { ended <- phone.Hold(context.Background(), func() { close(opened) }) }()
	<-opened
	server.kill()
	if err := <-ended; err == nil {
		t.Error("the stream of a killed hub ended well")
	}
	if phone.Fetched != 1 {
		t.Errorf("the page asked %d times for the state, want once", phone.Fetched)
	}
}

// TestFlood is a taste of the flood: whether the others wait is for a quiet computer
// to say, and in "make torture"; here the flood must be one, and everybody's vote saved.
func TestFlood(t *testing.T) {
	f, err := commandtest.Flood(context.Background(), commandtest.Program(program(t)), t.TempDir(), time.Second, 1, 6)
	if err != nil {
		t.Fatal(err)
	}
	if f.Calm.Saved != 100 || f.Flood.Saved != 100 {
		t.Errorf("%d votes saved before and %d while one flooded, want 100 each", f.Calm.Saved, f.Flood.Saved)
	}
	if f.Refused == 0 {
		t.Errorf("%d calls of the flooding device, %d of them refused: no flood", f.Calls, f.Refused)
	}
	t.Logf("before %+v, %.2f times as long while one sent %.0f calls a second", f.Calm.Latency(), f.Ratio(), float64(f.Calls)/f.Seconds)
}
