package command_test

import (
	"context"
	"testing"
	"time"

	"folkmoot/cmd/folkmoot/command/commandtest"
)

const killRounds = 20

// TestKill kills a real hub twenty times at random moments with at least twenty
// requests in flight, a real browser among the clients. Whatever was acknowledged
// is there, what was sent again counts once, something was stored that was never
// acknowledged and counts once, and all outboxes empty themselves. "make torture"
// does the same more often.
func TestKill(t *testing.T) {
	ctx, seed := context.Background(), uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	k, err := commandtest.NewKills(ctx, commandtest.Program(program(t)), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(k.Close)
	p := newPhone(t)
	p.join(k.Server.Base, k.Server.Code)
	// Whether a kill hits between commit and answer is luck: the rounds go on until one has.
	for round := 0; round < killRounds || k.Unheard == 0 && round < 5*killRounds; round++ {
		if round%4 == 0 && round < killRounds {
			p.vote([]string{"Agree", "Disagree"}[round/4%2])
		}
		if err := k.Round(ctx, seed+uint64(round)); err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
	}
	if k.Unheard == 0 {
		t.Error("no item was stored without being acknowledged: the kills came too late to try that")
	}
	p.until("an empty outbox", `() => document.body.innerText.includes("received") && !/kept on this device/.test(document.body.innerText)`)
	if got := p.waiting(); got != 0 {
		t.Errorf("%d items still wait in the browser", got)
	}
	if err := k.Finish(ctx); err != nil {
		t.Error(err)
	}
	t.Logf("%d answers over at least %d kills, %d items, %d stored and never acknowledged before the kill", k.Acknowledged.Load(), killRounds, k.Sent(), k.Unheard)
}
