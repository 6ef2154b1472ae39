package command_test

import (
	"testing"
)

// A real browser joins by the printed address, votes, loses the hub, goes on,
// reloads, and is told "received" for everything when the hub is back.
func TestPageOutlivesTheHub(t *testing.T) {
	data, address := t.TempDir(), freeAddress(t)
	hub := serve(t, data, address, "--sample")
	var before struct{ Participants, Votes int }
	runJSON(t, data, &before, "session", "show", "518369f8")
	p := newPhone(t)
	p.join(hub.base, hub.code)
	for range 3 {
		p.vote("Agree")
	}
	// A vote is on its way into the outbox when the page goes on: first the hub has to
	// have all three, then the page to know it.
	var now struct{ Votes int }
	for tries := 0; now.Votes < before.Votes+3 && tries < 500; tries++ {
		runJSON(t, data, &now, "session", "show", "518369f8")
	}
	p.until("everything received", `() => document.querySelector("[data-waiting]").dataset.waiting === "0" && document.body.innerText.includes("received")`)
	hub.kill()
	for range 4 {
		p.vote("Disagree")
	}
	p.until("the word that answers are kept", `() => /4 kept on this device/.test(document.body.innerText)`)
	if got := p.waiting(); got != 4 {
		t.Errorf("%d items wait in the outbox, want 4", got)
	}
	// Reloading without a hub shows the browser's own error; the outbox stays.
	p.Reload()
	again := serve(t, data, address, "--sample")
	p.must(p.Navigate(again.base + "/j/" + again.code))
	p.screen("vote")
	p.until("an empty outbox, all received", `() => document.body.innerText.includes("received") && !/kept on this device/.test(document.body.innerText)`)
	if got := p.waiting(); got != 0 {
		t.Errorf("%d items still wait", got)
	}
	var after struct{ Participants, Votes int }
	runJSON(t, data, &after, "session", "show", "518369f8")
	if after.Participants != before.Participants+1 || after.Votes != before.Votes+7 {
		t.Errorf("before %+v, after %+v: want one person and seven votes more", before, after)
	}
	again.interrupt()
}
