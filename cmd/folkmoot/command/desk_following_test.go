package command_test

import (
	"strings"
	"testing"

	"folkmoot/app/readmodel"
	"folkmoot/cmd/folkmoot/command"
)

// peered gives a desk that talks to other devices of this computer.
func peered(t testing.TB, data string) *command.Desk {
	t.Helper()
	d := newDesk(t, data)
	d.Peers = "127.0.0.1:0"
	return d
}

// following is a laptop that is about to follow another one.
type following struct {
	*command.DeskFollow
	t    testing.TB
	news chan struct{}
}

func toFollow(t testing.TB, d *command.Desk) *following {
	t.Helper()
	f := &following{t: t, news: make(chan struct{}, 1)}
	var err error
	f.DeskFollow, err = d.Follow(func() {
		select {
		case f.news <- struct{}{}:
		default:
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.Close)
	return f
}

// until waits until it has come as far as wanted.
func (f *following) until(wanted func(readmodel.Follow) bool) readmodel.Follow {
	f.t.Helper()
	for {
		if state := f.State(); wanted(state) {
			return state
		}
		select {
		case <-f.news:
		case <-f.t.Context().Done():
			f.t.Fatal("it never came so far")
		}
	}
}

// stands waits until the attempt stands in a way, and gives it.
func (f *following) stands(stand readmodel.PairingStand) readmodel.FollowAsked {
	f.t.Helper()
	return *f.until(func(s readmodel.Follow) bool { return s.Asked != nil && s.Asked.Stand == stand }).Asked
}

// letIn waits until a laptop asks at an open session with these digits, and pairs it.
func letIn(t testing.TB, s *command.DeskSession, until func(func(*readmodel.Sheet) bool) *readmodel.Sheet, digits string) {
	t.Helper()
	sheet := until(func(sheet *readmodel.Sheet) bool {
		return sheet.Devices.Asking() == 1 && sheet.Devices.Ordered()[0].Digits == digits
	})
	if err := s.Pair(t.Context(), sheet.Devices.Ordered()[0].ID); err != nil {
		t.Fatal(err)
	}
}

// A second laptop is made the backup of another one in the window: it is let in by digits,
// has what the other one has, goes on following when it is opened again, and takes over
// when the other one is gone.
func TestDeskFollowsAnother(t *testing.T) {
	a, folder := peered(t, t.TempDir()), t.TempDir()
	id := makeOne(t, a, "The riverside")
	leads := open(t, a, id)
	untilA := follow(leads)
	do(t, leads, readmodel.Act{Act: "step", Step: "opinion", Do: "start"})
	hubs := leads.Sheet().Venue.Addresses

	b := peered(t, folder)
	f := toFollow(t, b)
	f.Ask(readmodel.FollowWish{Text: leads.Sheet().Devices.Addresses[0]})
	asked := f.stands(readmodel.PairingCompare)
	if asked.Title != "The riverside" || asked.Host == "" || len(asked.Digits) != len("310 101") {
		t.Errorf("%+v", asked)
	}
	f.Confirm()
	letIn(t, leads, untilA, asked.Digits)
	if got := f.until(func(s readmodel.Follow) bool { return s.Session != "" }).Session; got != id {
		t.Fatalf("follows %s, want %s", got, id)
	}
	f.Close()
	if card := cardOf(t, b, id); !card.Follows || card.Room || card.Leader == "" {
		t.Errorf("before it was opened: %+v", card)
	}

	backup := open(t, b, id)
	untilB := follow(backup)
	first := untilB(func(*readmodel.Sheet) bool { return true })
	whole := untilB(func(s *readmodel.Sheet) bool { return s.Fetching == nil })
	if first.Fetching == nil && len(first.Statements) == 0 {
		t.Error("an empty session was shown as a whole one")
	}
	if len(whole.Statements) != 3 || whole.Wall.Title["en"] != "The riverside" || !whole.Voting {
		t.Errorf("fetched %d statements of %q", len(whole.Statements), whole.Wall.Title["en"])
	}
	if !whole.Devices.Leader.Follows {
		t.Error("it does not say that it follows")
	}
	untilA(func(s *readmodel.Sheet) bool { return len(s.Devices.Backups()) == 1 })

	join(t, leads, 1).send("vote", whole.Statements[0].ID, "agree")
	untilB(func(s *readmodel.Sheet) bool { return s.Wall.Votes == 1 })

	if err := backup.Close(); err != nil { // and again, without a question
		t.Fatal(err)
	}
	backup = open(t, b, id)
	untilB = follow(backup)
	if again := backup.Sheet(); again.Fetching != nil || !again.Devices.Leader.Follows || again.Wall.Votes != 1 {
		t.Errorf("opened again: %+v, follows %v, %d votes", again.Fetching, again.Devices.Leader.Follows, again.Wall.Votes)
	}
	join(t, leads, 2).send("vote", whole.Statements[0].ID, "disagree")
	untilB(func(s *readmodel.Sheet) bool { return s.Wall.Votes == 2 })
	known := backup.Sheet().Venue.Addresses[0]
	untilA(func(*readmodel.Sheet) bool { return hubsHave(t, leads, hubs[0], known) })

	if err := leads.Close(); err != nil {
		t.Fatal(err)
	}
	if err := backup.TakeOver(t.Context()); err != nil {
		t.Fatal(err)
	}
	now := untilB(func(s *readmodel.Sheet) bool { return !s.Devices.Leader.Follows })
	if !strings.HasPrefix(now.Venue.JoinLink, backup.Sheet().Venue.Addresses[0]+"/j/") || now.Venue.Addresses[0] == hubs[0] {
		t.Errorf("people are sent to %s", now.Venue.JoinLink)
	}
	join(t, backup, 3).send("vote", now.Statements[1].ID, "agree")
	untilB(func(s *readmodel.Sheet) bool { return s.Wall.Votes == 3 })
	do(t, backup, readmodel.Act{Act: "wall", Mode: "rules"})
	untilB(func(s *readmodel.Sheet) bool { return s.Wall.Mode == "rules" })
	if err := backup.Close(); err != nil {
		t.Fatal(err)
	}
	if card := cardOf(t, b, id); card.Follows || card.Votes != 3 {
		t.Errorf("after it took over: %+v", card)
	}
}

// hubsHave says whether pages of a session know of hubs at all these addresses.
func hubsHave(t testing.TB, s *command.DeskSession, addresses ...string) bool {
	t.Helper()
	list := command.Hubs(s)
	for _, one := range addresses {
		if !strings.Contains(list, one) {
			return false
		}
	}
	return true
}

// A laptop that follows writes nothing before it knows what there is: addresses that it
// wrote into an empty record would stand against those of the hub.
func TestFollowerWritesNothingBeforeItIsWhole(t *testing.T) {
	a, b := peered(t, t.TempDir()), peered(t, t.TempDir())
	id := makeOne(t, a, "The riverside")
	leads := open(t, a, id)
	untilA := follow(leads)
	f := toFollow(t, b)
	f.Ask(readmodel.FollowWish{Text: leads.Sheet().Devices.Addresses[0]})
	asked := f.stands(readmodel.PairingCompare)
	f.Confirm()
	letIn(t, leads, untilA, asked.Digits)
	f.until(func(s readmodel.Follow) bool { return s.Session != "" })
	f.Close()
	if err := leads.Close(); err != nil { // before anything was fetched
		t.Fatal(err)
	}
	backup := open(t, b, id)
	sheet := backup.Sheet()
	if sheet.Fetching == nil || sheet.Fetching.Usable || sheet.Fetching.CanGoOn() || sheet.Fetching.Name == "" {
		t.Errorf("of a session that never came: %+v", sheet.Fetching)
	}
	if n := command.Entries(t, backup); n != 0 {
		t.Errorf("%d entries were written into a session of which nothing is known", n)
	}
	if err := backup.BackUp(t.Context()); err != nil {
		t.Errorf("it cannot be left: %v", err)
	}
	if err := backup.Close(); err != nil {
		t.Fatal(err)
	}
	if card := cardOf(t, b, id); !card.Follows || card.Title != "" {
		t.Errorf("%+v", card)
	}
	leads = open(t, a, id) // where it listens now, nobody told the backup
	untilA = follow(leads)
	f = toFollow(t, b)
	f.Ask(readmodel.FollowWish{Text: leads.Sheet().Devices.Addresses[0]})
	if already := f.stands(readmodel.PairingFailed); already.Session != id || already.Why.Key != "follow.already" {
		t.Errorf("a session that is followed: %+v", already)
	}
	f.Ask(readmodel.FollowWish{Text: leads.Sheet().Devices.Addresses[0], Room: true, Again: true})
	asked = f.stands(readmodel.PairingCompare)
	f.Confirm()
	letIn(t, leads, untilA, asked.Digits)
	f.until(func(s readmodel.Follow) bool { return s.Session != "" })
	f.Close()
	backup = open(t, b, id)
	untilB := follow(backup)
	untilB(func(s *readmodel.Sheet) bool { return s.Fetching == nil && len(s.Statements) == 3 })
	if err := backup.Close(); err != nil {
		t.Fatal(err)
	}
	if card := cardOf(t, b, id); !card.Follows || !card.Room {
		t.Errorf("a second room: %+v", card)
	}
}

// What stands against following a laptop is said, each in words.
func TestFollowThatCannotBe(t *testing.T) {
	a, b := peered(t, t.TempDir()), peered(t, t.TempDir())
	leads := open(t, a, makeOne(t, a, "The riverside"))
	untilA := follow(leads)
	at := leads.Sheet().Devices.Addresses[0]
	f := toFollow(t, b)
	if state := f.State(); state.Looking || state.Asked != nil || state.Session != "" {
		t.Errorf("at first %+v", state)
	}
	fails := func(stand readmodel.PairingStand, key string) {
		t.Helper()
		asked := f.stands(stand)
		if asked.Why == nil || !asked.Over() {
			t.Fatalf("nothing is said: %+v", asked)
		}
		wantTrouble(t, asked.Why, key)
	}
	f.Ask(readmodel.FollowWish{Text: "the other one"})
	fails(readmodel.PairingFailed, "follow.no_address")
	f.Ask(readmodel.FollowWish{ID: "00112233445566778899aabbccddeeff"})
	fails(readmodel.PairingFailed, "follow.unreachable")
	f.Ask(readmodel.FollowWish{Text: "127.0.0.1:1"})
	fails(readmodel.PairingFailed, "follow.unreachable")
	self := toFollow(t, a)
	self.Ask(readmodel.FollowWish{Text: at})
	wantTrouble(t, self.stands(readmodel.PairingFailed).Why, "follow.own")

	f.Ask(readmodel.FollowWish{Text: at})
	f.stands(readmodel.PairingCompare)
	f.Cancel()
	if state := f.State(); state.Asked != nil {
		t.Errorf("after it was left: %+v", state.Asked)
	}
	untilA(func(s *readmodel.Sheet) bool { return s.Devices.Asking() == 0 })
	f.Ask(readmodel.FollowWish{Text: at})
	f.stands(readmodel.PairingCompare)
	sheet := untilA(func(s *readmodel.Sheet) bool { return s.Devices.Asking() == 1 })
	if err := leads.Decline(t.Context(), sheet.Devices.Ordered()[0].ID); err != nil {
		t.Fatal(err)
	}
	fails(readmodel.PairingDeclined, "follow.declined")
	if list := cards(t, b); len(list) != 0 {
		t.Errorf("sessions of laptops that did not let this one in: %+v", list)
	}
	if err := leads.Invite(t.Context()); err != nil {
		t.Fatal(err)
	}
	link := untilA(func(s *readmodel.Sheet) bool { return s.Devices.Invitation != nil }).Devices.Invitation.Link
	f.Ask(readmodel.FollowWish{Text: link})
	if waiting := f.stands(readmodel.PairingWaiting); waiting.Digits != "" {
		t.Errorf("digits with a link: %+v", waiting)
	}
	letIn(t, leads, untilA, "")
	f.until(func(s readmodel.Follow) bool { return s.Session != "" })
	third := toFollow(t, peered(t, t.TempDir()))
	third.Ask(readmodel.FollowWish{Text: link})
	asked := third.until(func(s readmodel.Follow) bool { return s.Asked != nil && s.Asked.Over() }).Asked
	wantTrouble(t, asked.Why, "follow.expired")
}

// A desk that is closed while somebody is asked ends that too.
func TestDeskClosesWhileItAsks(t *testing.T) {
	a, b := peered(t, t.TempDir()), peered(t, t.TempDir())
	leads := open(t, a, makeOne(t, a, "The riverside"))
	f := toFollow(t, b)
	f.Ask(readmodel.FollowWish{Text: leads.Sheet().Devices.Addresses[0]})
	f.stands(readmodel.PairingCompare)
	b.Close()
	if state := f.State(); state.Asked != nil {
		t.Errorf("it goes on: %+v", state.Asked)
	}
	f.Ask(readmodel.FollowWish{Text: leads.Sheet().Devices.Addresses[0]})
	if state := f.State(); state.Asked != nil {
		t.Error("a closed one asks")
	}
}

// Who goes back and asks again at once is not taken for having given up.
func TestFollowAskedTwice(t *testing.T) {
	a, b := peered(t, t.TempDir()), peered(t, t.TempDir())
	leads := open(t, a, makeOne(t, a, "The riverside"))
	untilA := follow(leads)
	wish := readmodel.FollowWish{Text: leads.Sheet().Devices.Addresses[0]}
	f := toFollow(t, b)
	for range 5 {
		f.Ask(wish)
		f.stands(readmodel.PairingCompare)
	}
	asked := f.stands(readmodel.PairingCompare)
	f.Confirm()
	letIn(t, leads, untilA, asked.Digits)
	f.until(func(s readmodel.Follow) bool { return s.Session != "" })
}

// A session that is here already, from a pack say, and was never paired, is followed from
// where it stands: both get what they lack.
func TestDeskFollowsWhatItHasACopyOf(t *testing.T) {
	a, b := peered(t, t.TempDir()), peered(t, t.TempDir())
	folder, id := packed(t, a, readmodel.PackWish{})
	if brought, err := b.Import(t.Context(), folder, nil); err != nil || brought.ID != id {
		t.Fatalf("%+v, %v", brought, err)
	}
	copied := open(t, b, id)
	do(t, copied, readmodel.Act{Act: "add", Text: "Benches.", Lang: "en"})
	if err := copied.Close(); err != nil {
		t.Fatal(err)
	}
	leads := open(t, a, id)
	untilA := follow(leads)
	join(t, leads, 9).send("vote", leads.Sheet().Statements[0].ID, "agree")
	f := toFollow(t, b)
	f.Ask(readmodel.FollowWish{Text: leads.Sheet().Devices.Addresses[0]})
	asked := f.stands(readmodel.PairingCompare)
	f.Confirm()
	letIn(t, leads, untilA, asked.Digits)
	f.until(func(s readmodel.Follow) bool { return s.Session == id })
	f.Close()
	backup := open(t, b, id)
	if sheet := backup.Sheet(); sheet.Fetching != nil || !sheet.Devices.Leader.Follows {
		t.Errorf("fetching %+v, follows %v", sheet.Fetching, sheet.Devices.Leader.Follows)
	}
	untilB := follow(backup)
	untilB(func(s *readmodel.Sheet) bool { return s.Wall.Votes == 10 })
	untilA(func(s *readmodel.Sheet) bool { return len(s.Statements) == 4 })
}
