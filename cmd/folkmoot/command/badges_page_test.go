package command_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/go-rod/rod/lib/input"
	"github.com/go-rod/rod/lib/proto"

	"folkmoot/sync/badge"
	"folkmoot/sync/store"
)

// badgeRoom is a hub with a session of badges, which were printed while it ran.
type badgeRoom struct {
	*serving
	data, id, address string
	key               badge.Key
}

func newBadgeRoom(t testing.TB) *badgeRoom {
	t.Helper()
	data := t.TempDir()
	list := filepath.Join(data, "list.txt")
	var text strings.Builder
	for n := range 12 {
		fmt.Fprintf(&text, "The square needs improvement number %d.\n", n)
	}
	if err := os.WriteFile(list, []byte(text.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	var made struct{ ID string }
	runJSON(t, data, &made, "session", "new", "--title", "A square for the market", "--language", "en", "--statements", list)
	r := &badgeRoom{data: data, id: made.ID, address: freeAddress(t)}
	r.serving = serve(t, data, r.address, "--session", r.id)
	run(t, data, "session", "badges", r.id, "--to", filepath.Join(data, "badges.html"), "--address", r.base)
	key, err := store.BadgeKey(filepath.Join(data, r.id+".folkmoot"), nil)
	if err != nil {
		t.Fatal(err)
	}
	r.key = key
	return r
}

// link is what the QR code of a badge says, and secret what must not be sent of it.
func (r *badgeRoom) link(n int) (link string, secret []string) {
	fragment, err := r.key.Fragment(n)
	if err != nil {
		r.t.Fatal(err)
	}
	code, _ := r.key.Issue(n)
	return r.base + "/j/" + r.code + "#" + fragment, []string{code.String(), r.key.CallKey(n).String(), "Bearer"}
}

func (r *badgeRoom) votes() int {
	var now struct{ Votes int }
	runJSON(r.t, r.data, &now, "session", "show", r.id)
	return now.Votes
}

func (p *phone) received() {
	p.t.Helper()
	p.until("everything received", `() => document.querySelector("[data-waiting]").dataset.waiting === "0" && document.body.innerText.includes("received")`)
}

// sent gathers what goes over the network.
func (p *phone) sent() func() string {
	var mu sync.Mutex
	var all strings.Builder
	go p.EachEvent(func(e *proto.NetworkRequestWillBeSent) {
		mu.Lock()
		defer mu.Unlock()
		fmt.Fprintf(&all, "%s %s %s %v\n", e.Request.Method, e.Request.URL, e.Request.PostData, e.Request.Headers)
	})()
	p.must(proto.NetworkEnable{}.Call(p))
	return func() string { mu.Lock(); defer mu.Unlock(); return all.String() }
}

// A real browser scans a badge, votes, outlives the hub, and is moved to another phone.
func TestScannedBadgePage(t *testing.T) {
	room := newBadgeRoom(t)
	link, secret := room.link(12)
	first := newPhone(t)
	sent := first.sent()
	first.must(first.Navigate(link))
	first.screen("notice")
	if at := first.MustInfo().URL; strings.Contains(at, "#") {
		t.Errorf("the badge's key stays in the address: %s", at)
	}
	first.through()
	for range 3 {
		first.vote("Agree")
	}
	first.received()
	// The hub starts anew: what the page signs for the one before is not taken.
	room.kill()
	first.vote("Disagree")
	room.serving = serve(t, room.data, room.address, "--session", room.id)
	first.until("the hub to be back", `() => document.querySelector("[data-waiting]").dataset.waiting === "0" && document.body.innerText.includes("received")`)
	first.Reload()
	first.screen("vote")
	first.vote("Agree")
	first.received()
	if got := room.votes(); got < 3 {
		t.Errorf("%d votes came", got)
	}
	log := sent()
	if !strings.Contains(log, "Badge ") || !strings.Contains(log, "/api/v1/live") {
		t.Errorf("calls were not signed, or not seen:\n%.600s", log)
	}
	for _, text := range secret {
		if strings.Contains(log, text) {
			t.Errorf("%q went over the network", text)
		}
	}

	second := newPhone(t)
	second.must(second.Navigate(link))
	second.screen("move")
	second.tap("leave them there")
	second.screen("pad")
	second.must(second.Navigate("about:blank"))
	second.must(second.Navigate(link))
	second.screen("move")
	second.tap("Move them here")
	second.screen("notice")
	first.until("the word that the badge moved", `() => /in use on another device/.test(document.body.innerText)`)
	second.through()
	second.until("the answers of the first phone", `() => /[45] of 12/.test(document.body.innerText)`)

	run(t, room.data, "session", "badge-void", room.id, "12")
	second.until("the word that the badge is void", `() => /no longer good/.test(document.body.innerText)`)
	room.interrupt()
}

// Who cannot scan types ten characters; the six digits are not asked for.
func TestTypedBadgePage(t *testing.T) {
	room := newBadgeRoom(t)
	p := newPhone(t)
	p.must(p.Navigate(room.base))
	p.until("a field for a badge", `() => !!document.querySelector("#badge")`)
	if found, err := p.Eval(`() => !!document.querySelector("#code")`); err != nil || found.Value.Bool() {
		t.Error("the six digits are asked for too")
	}
	typeIn := func(text string) {
		field := p.MustElement("#badge")
		field.MustSelectAllText().MustInput(text)
		p.must(field.Type(input.Enter))
	}
	typeIn("00CWB")
	p.until("how many are missing", `() => /5 more characters/.test(document.body.innerText)`)
	typeIn("00CWB CZGNJ")
	p.until("that it is not of this session", `() => /not of this session/.test(document.body.innerText)`)
	code, _ := room.key.Issue(7)
	typeIn(strings.ToLower(code.Print()))
	p.screen("notice")
	p.through()
	p.until("the number of the badge", `() => document.querySelector(".who").innerText.includes("7")`)
	p.vote("Agree")
	p.received()
	// At the wall's QR code, which has no badge.
	other := newPhone(t)
	other.must(other.Navigate(room.base + "/j/" + room.code))
	other.until("a field for a badge", `() => !!document.querySelector("#badge")`)
	room.interrupt()
}
