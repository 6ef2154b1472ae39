package command

import (
	"slices"
	"testing"

	"folkmoot/app/readmodel"
	"folkmoot/app/readmodel/readmodeltest"
	"folkmoot/sync/moot"
)

// recorded is a session of which only the record is asked.
type recorded struct {
	opened
	room *readmodeltest.Room
}

func (r recorded) View() *moot.View         { return r.room.View() }
func (r recorded) Changed() <-chan struct{} { return nil }

// How the round goes is counted once a second; what a person has voted on and which
// statements there are is known at once.
func TestRouterKnowsTheLastVote(t *testing.T) {
	room := readmodeltest.NewOpen(t)
	for _, text := range []string{"多種樹。", "少開車。", "留白地。"} {
		room.Statement(text)
	}
	me := room.Join(1, "")
	session := recorded{room: room}
	desk, err := readmodel.NewDesk(session, readmodel.DeskOptions{Workers: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer desk.Close()
	r := &router{session: session, desk: desk, now: func() uint64 { return room.Now }}
	order := r.Order(me)
	if len(order) != 3 {
		t.Fatalf("order %v", order)
	}
	room.Vote(me, order[0], moot.Agree)
	if next := r.Order(me); len(next) != 2 || slices.Contains(next, order[0]) {
		t.Errorf("voted on %v, then asked %v", order[0], next)
	}
	counted := r.until
	room.Now += recount - 1
	if r.Order(me); r.until != counted {
		t.Error("counted again within a second")
	}
	fresh := room.Statement("剛寫的。")
	if next := r.Order(me); !slices.Contains(next, fresh) || r.until == counted {
		t.Error("a new statement is not asked at once")
	}
	counted = r.until
	room.Now += recount
	if r.Order(me); r.until == counted {
		t.Error("never counted again")
	}
	room.Now -= 3600_000
	if r.Order(me); r.until > room.Now+recount {
		t.Error("a clock that was put back stops the counting")
	}
}
