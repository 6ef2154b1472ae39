package command_test

import (
	"context"
	"testing"

	"folkmoot/app/readmodel"
)

// A desk whose display went away keeps its session until another desk opens it.
func TestDeskWithoutWindowGivesWay(t *testing.T) {
	data, ctx := t.TempDir(), context.Background()
	first, second := newDesk(t, data), newDesk(t, data)
	id, err := first.Make(ctx, readmodel.Wish{Title: "T", Lang: "en", Template: "opinion"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := first.Open(ctx, id, freePort(t)); err != nil {
		t.Fatal(err)
	}
	_, err = second.Open(ctx, id, freePort(t))
	wantTrouble(t, err, "desk.elsewhere")
	wanted := first.Orphan()
	closed := make(chan struct{})
	go func() {
		defer close(closed)
		<-wanted
		first.Close()
	}()
	session, err := second.Open(ctx, id, freePort(t))
	if err != nil {
		t.Fatalf("the session is not given up: %v", err)
	}
	<-closed
	if got := session.Sheet().Wall.Title["en"]; got != "T" {
		t.Errorf("the title reads %q", got)
	}
}
