package command

import (
	"crypto/rand"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"folkmoot/app/readmodel"
	"folkmoot/sync/moot"
)

func TestTabletJoinsVotesAndMerges(t *testing.T) {
	r := newRig(t, false)
	h := r.at(r.look(), readmodel.AtStart)
	if len(h.Start.Found) != 2 || !h.Start.Looking || !h.Start.Found[1].Full {
		t.Fatalf("found %+v", h.Start)
	}
	h = r.at(r.do(readmodel.TouchOffer, "one"), readmodel.AtPairing)
	if h.Pairing.Digits != "123456" || h.Pairing.Stand != readmodel.PairingCompare {
		t.Fatalf("pairing %+v", h.Pairing)
	}
	if h = r.do(readmodel.TouchConfirm); h.Pairing.Stand != readmodel.PairingWaiting {
		t.Fatalf("pairing %+v", h.Pairing)
	}
	r.link.letIn()
	if h = r.at(r.look(), readmodel.AtFetching); h.Title != "河岸怎麼用" {
		t.Errorf("title %q", h.Title)
	}
	r.link.exchange()
	r.at(r.look(), readmodel.AtWelcome)
	h = r.voting("小明")
	for h.Place == readmodel.AtVote {
		h = r.do(readmodel.TouchVote, "agree", h.Ballot.ID)
	}
	r.at(h, readmodel.AtDone)
	if h.Answered != 3 || h.Kept != 4 || h.Saved != readmodel.Sending { // three votes and the answer
		t.Errorf("answered %d, kept %d, %q", h.Answered, h.Kept, h.Saved)
	}
	if got := r.link.hub.View().Votes; got != 0 {
		t.Errorf("%d votes came over by themselves", got)
	}
	r.link.exchange()
	if h = r.look(); h.Kept != 0 || h.Saved != readmodel.SavedHub {
		t.Errorf("kept %d, %q", h.Kept, h.Saved)
	}
	view := r.link.hub.View()
	if view.Votes != 3 || view.Here() != 1 {
		t.Errorf("the hub has %d votes of %d people", view.Votes, view.Here())
	}
	for _, p := range view.People() {
		if p.Get(moot.PersonName) != "小明" {
			t.Errorf("name %q", p.Get(moot.PersonName))
		}
	}
}

func TestTabletWorksAlone(t *testing.T) {
	r := newRig(t, false).paired()
	r.link.tell(func() { r.link.status.Reach = readmodel.ReachAway })
	h := r.voting("")
	for range 3 {
		h = r.do(readmodel.TouchVote, "pass", h.Ballot.ID)
		if h.Place != readmodel.AtVote {
			break
		}
	}
	if len(h.Banner) != 2 || h.Banner[0].Key != "tablet.away" || h.Banner[1].Args["N"] != 4 {
		t.Errorf("banner %+v", h.Banner)
	}
	if h.Saved != readmodel.SavedHere {
		t.Errorf("mark %q", h.Saved)
	}
	h = r.do(readmodel.TouchWrite, "河岸應該有廁所。")
	if h.Notice == nil || h.Notice.Key != "write.away" || h.Total != 4 {
		t.Errorf("notice %+v, %d statements", h.Notice, h.Total)
	}
	// Without any link at all, after a start.
	r.it.leaveSession()
	r.it, r.link.carried = nil, nil
	link := r.link
	it, err := newTablet(t.Context(), TabletOptions{Data: r.data, Now: r.clock.Now}, Streams{Err: &strings.Builder{}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(it.leaveSession)
	r.it = it
	h = r.look()
	if h.Person == nil || h.Kept != 5 || h.Banner[0].Key != "tablet.alone" {
		t.Errorf("person %v, kept %d, banner %+v", h.Person, h.Kept, h.Banner)
	}
	_ = link
}

func TestTabletAnswersAreChangedAndTakenBack(t *testing.T) {
	r := newRig(t, false).paired()
	h := r.voting("")
	first := h.Ballot.ID
	h = r.do(readmodel.TouchVote, "agree", first)
	second := h.Ballot.ID
	h = r.at(r.do(readmodel.TouchBack), readmodel.AtEarlier)
	if h.Ballot.ID != first || h.Ballot.Chosen != "agree" {
		t.Fatalf("earlier %+v", h.Ballot)
	}
	h = r.at(r.do(readmodel.TouchVote, "disagree", first), readmodel.AtVote)
	if h.Ballot.ID != second {
		t.Errorf("it goes on at another statement")
	}
	h = r.do(readmodel.TouchBack)
	if h.Ballot.Chosen != "disagree" {
		t.Errorf("earlier %+v", h.Ballot)
	}
	if h = r.do(readmodel.TouchVote, "none", first); h.Answered != 0 {
		t.Errorf("%d answered", h.Answered)
	}
}

func TestTabletLateVoteIsSaid(t *testing.T) {
	r := newRig(t, false).paired()
	h := r.voting("")
	id := h.Ballot.ID
	items, err := readmodel.CloseStep(r.link.hub.View(), "opinion", nowMS(), rand.Reader)
	hubDo(t, r.link.hub, items, err)
	r.link.exchange()
	r.it.stale = false // the screen is a moment old
	r.it.take(readmodel.Touch{Kind: readmodel.TouchVote, Key: id, Text: "agree"})
	h = r.look()
	if h.Notice == nil || h.Notice.Key != "status.late" || h.Answered != 0 {
		t.Errorf("notice %+v, answered %d", h.Notice, h.Answered)
	}
	r.at(h, readmodel.AtClosed)
}

func TestTabletPairingComesToNothing(t *testing.T) {
	r := newRig(t, false)
	for _, stand := range []readmodel.PairingStand{readmodel.PairingDeclined, readmodel.PairingExpired} {
		r.do(readmodel.TouchAddress, "192.168.1.20")
		r.link.tell(func() { r.link.pairing.state.Stand = stand })
		if h := r.at(r.look(), readmodel.AtPairing); h.Pairing.Stand != stand {
			t.Errorf("pairing %+v, want %s", h.Pairing, stand)
		}
		r.at(r.do(readmodel.TouchCancel), readmodel.AtStart)
	}
	if h := r.do(readmodel.TouchAddress, "10.0.0.9"); h.Pairing.Stand != readmodel.PairingFailed {
		t.Errorf("pairing %+v", h.Pairing)
	}
	r.do(readmodel.TouchCancel)
	if h := r.do(readmodel.TouchAddress, "  "); h.Notice == nil || h.Notice.Key != "tablet.no_address" {
		t.Errorf("notice %+v", h.Notice)
	}
	if h := r.do(readmodel.TouchOffer, "two"); h.Place != readmodel.AtStart {
		t.Errorf("a full session was asked: %s", h.Place)
	}
	if h := r.do(readmodel.TouchAddress, "folkmoot://pair?x=1"); h.Pairing == nil || h.Pairing.Stand != readmodel.PairingWaiting {
		t.Errorf("a link: %+v", h.Pairing)
	}
}

func TestTabletIdle(t *testing.T) {
	r := newRig(t, false).paired()
	r.voting("")
	r.clock.move(89 * time.Second)
	r.it.tick()
	if h := r.look(); h.Idle != 0 {
		t.Fatalf("asked after 89 s")
	}
	r.clock.move(2 * time.Second)
	r.it.tick()
	if h := r.look(); h.Idle != 29 {
		t.Fatalf("idle %d, want 29", h.Idle)
	}
	r.do(readmodel.TouchAny)
	if h := r.do(readmodel.TouchStill); h.Idle != 0 || h.Person == nil {
		t.Fatalf("idle %d", h.Idle)
	}
	r.clock.move(91 * time.Second)
	r.it.tick()
	r.clock.move(29 * time.Second)
	r.it.tick()
	h := r.at(r.look(), readmodel.AtHand)
	if h.Person != nil {
		t.Error("somebody still takes part")
	}
}

func TestTabletRestsWhileNothingIsAsked(t *testing.T) {
	r := newRig(t, false).paired()
	r.voting("")
	hubDo(t, r.link.hub, []moot.Item{item(&moot.SetField{Field: moot.DevicesOff, Value: "on", Rev: 1})}, nil)
	r.link.exchange()
	r.at(r.look(), readmodel.AtDown)
	r.clock.move(10 * time.Minute)
	r.it.tick()
	if h := r.look(); h.Person == nil || h.Idle != 0 {
		t.Error("a tablet that lies on the table lost its person")
	}
}

func TestTabletAfterAStart(t *testing.T) {
	for _, c := range []struct {
		name string
		gone time.Duration
		want readmodel.HandsetPlace
	}{{"a moment ago", 20 * time.Second, readmodel.AtVote}, {"some minutes ago", 5 * time.Minute, readmodel.AtHand}} {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(t, false).paired()
			r.voting("")
			r.it.leaveSession()
			r.clock.move(c.gone)
			r.start()
			r.at(r.look(), c.want)
		})
	}
}

func TestTabletUnpaired(t *testing.T) {
	r := newRig(t, false).paired()
	r.voting("")
	r.link.tell(func() { r.link.status.Reach = readmodel.ReachUnpaired })
	h := r.at(r.look(), readmodel.AtUnpaired)
	if h.Kept != 1 || h.Person != nil {
		t.Errorf("kept %d, person %v", h.Kept, h.Person)
	}
	h = r.at(r.do(readmodel.TouchLeave), readmodel.AtStart)
	if len(h.Start.Kept) != 1 || h.Start.Kept[0].Title != "河岸怎麼用" {
		t.Errorf("kept here: %+v", h.Start.Kept)
	}
	r.link.tell(func() { r.link.status.Reach = readmodel.ReachHere })
	r.at(r.do(readmodel.TouchOpen, h.Start.Kept[0].ID), readmodel.AtHand)
}

func TestTabletBadge(t *testing.T) {
	hub := hubOf(t, true)
	key, err := badgeKey(hub.file.Path())()
	if err != nil {
		t.Fatal(err)
	}
	r := &tabletRig{t: t, link: newFakeLink(t, hub), clock: &tabletClock{now: time.Now()}, data: t.TempDir()}
	r.link.key = key
	r.start()
	r.paired()
	r.at(r.look(), readmodel.AtBadge)
	if h := r.do(readmodel.TouchBadge, "0000000000"); h.Notice == nil || h.Notice.Key != "badge.wrong" {
		t.Errorf("a wrong badge: %+v", h.Notice)
	}
	issued, err := key.Issue(7)
	if err != nil {
		t.Fatal(err)
	}
	code := issued.String()
	h := r.at(r.do(readmodel.TouchBadge, code), readmodel.AtNotice)
	if h.Person.Number != 7 {
		t.Errorf("number %d", h.Person.Number)
	}
	r.do(readmodel.TouchPass)
	r.at(r.look(), readmodel.AtHand)
	r.at(r.do(readmodel.TouchJoin), readmodel.AtBadge)
	r.at(r.do(readmodel.TouchBadge, code), readmodel.AtMove)
	r.at(r.do(readmodel.TouchMove), readmodel.AtNotice)
}

func TestTabletRemembersNothingStrange(t *testing.T) {
	for name, text := range map[string]string{"none": "", "half": `{"lang":"en","ses`, "other": `[1,2]`, "strange": `{"session":"../../etc","sessions":null}`} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if text != "" {
				if err := os.WriteFile(filepath.Join(dir, tabletFile), []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			it, err := newTablet(t.Context(), TabletOptions{Data: dir}, Streams{Err: &strings.Builder{}})
			if err != nil {
				t.Fatal(err)
			}
			if h := it.handset(); h.Place != readmodel.AtStart || h.Start.Looking {
				t.Errorf("%+v", h)
			}
		})
	}
}

// remains gives what a tablet still knows, as text: what it remembers, what its screens
// are given, and what its hub answers to the tokens that it has.
func (r *tabletRig) remains() string {
	r.t.Helper()
	file, err := os.ReadFile(filepath.Join(r.data, tabletFile))
	if err != nil {
		r.t.Fatal(err)
	}
	shown, err := json.Marshal(r.look())
	if err != nil {
		r.t.Fatal(err)
	}
	memory, err := json.Marshal([]any{r.it.memory, r.it.told, r.it.person, r.it.notice, r.it.last, r.it.moving, r.it.touches})
	if err != nil {
		r.t.Fatal(err)
	}
	return string(file) + string(shown) + string(memory)
}

// TestTabletRuns is about the goroutine: what is touched is shown, what comes over the
// link is shown by itself, and Close ends it.
func TestTabletRuns(t *testing.T) {
	link := newFakeLink(t, hubOf(t, false))
	it, err := NewTablet(t.Context(), TabletOptions{Data: t.TempDir(), Link: link, Lang: "en"}, Streams{Err: io.Discard, Env: func(string) string { return "" }})
	if err != nil {
		t.Fatal(err)
	}
	shown := make(chan *readmodel.Handset, 1)
	it.Follow(func(h *readmodel.Handset) {
		select {
		case <-shown: // an older one
		default:
		}
		shown <- h
	})
	until := func(what string, good func(*readmodel.Handset) bool) *readmodel.Handset {
		t.Helper()
		late := time.After(20 * time.Second)
		var last *readmodel.Handset
		for {
			select {
			case last = <-shown:
				if good(last) {
					return last
				}
			case <-late:
				t.Fatalf("waited in vain for %s; the tablet shows %+v", what, last)
			}
		}
	}
	at := func(place readmodel.HandsetPlace) *readmodel.Handset {
		t.Helper()
		return until(string(place), func(h *readmodel.Handset) bool { return h.Place == place })
	}
	at(readmodel.AtStart)
	it.Touch(readmodel.Touch{Kind: readmodel.TouchOffer, Key: "one"})
	at(readmodel.AtPairing)
	it.Touch(readmodel.Touch{Kind: readmodel.TouchConfirm})
	until("the facilitator's turn", func(h *readmodel.Handset) bool {
		return h.Pairing != nil && h.Pairing.Stand == readmodel.PairingWaiting
	})
	link.letIn()
	at(readmodel.AtFetching)
	link.exchange()
	at(readmodel.AtWelcome)
	for _, kind := range []readmodel.TouchKind{readmodel.TouchJoin, readmodel.TouchBegin, readmodel.TouchName, readmodel.TouchReady, readmodel.TouchSkip} {
		it.Touch(readmodel.Touch{Kind: kind})
	}
	h := at(readmodel.AtVote)
	it.Touch(readmodel.Touch{Kind: readmodel.TouchVote, Key: h.Ballot.ID, Text: "agree"})
	until("one kept", func(h *readmodel.Handset) bool { return h.Kept == 1 && h.Answered == 1 })
	link.exchange()
	until("received", func(h *readmodel.Handset) bool { return h.Saved == readmodel.SavedHub })
	it.Touch(readmodel.Touch{Kind: readmodel.TouchPass})
	at(readmodel.AtHand)
	it.Close()
}

func TestStartArgs(t *testing.T) {
	for _, goos := range []string{"android", "ios"} {
		if got := StartArgs(goos, nil); len(got) != 1 || got[0] != "tablet" {
			t.Errorf("%s starts with %q", goos, got)
		}
	}
	if got := StartArgs("linux", []string{"serve"}); len(got) != 1 || got[0] != "serve" {
		t.Errorf("linux starts with %q", got)
	}
}
