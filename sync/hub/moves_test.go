package hub_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"
	"testing"
	"time"

	"folkmoot/sync/badge"
	"folkmoot/sync/hub"
	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
	"folkmoot/sync/replica"
	"folkmoot/sync/store"
)

// within is after what time a page has to be saving again, however its hub went.
const within = 15 * time.Second

// station is a hub with a place on the network, whose pages know the session's others.
type station struct {
	venue
	*front
}

// newStation opens a hub at a front, on a record of its own.
func newStation(t testing.TB, at *front, block int) *station {
	t.Helper()
	file, err := store.Create(t.TempDir(), oplog.SessionID{4}, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	r, err := replica.Open(file, replica.Options{Session: file.Session(), Key: file.Keys().Sign, Now: time.Now, Random: rand.Reader})
	if err != nil {
		t.Fatal(err)
	}
	s := &station{venue: venue{t: t, replica: r}, front: at}
	s.hub = hub.New(r, hub.Options{Random: rand.Reader, Now: time.Now, Block: block, BadgeKey: func() (badge.Key, error) { return badgeKey, nil }, Addresses: func() []string { return []string{at.url()} },
		Siblings: func() []string { return strings.Split(r.View().Session.Get(moot.Hubs), ",") }})
	at.serve(s.hub.Handler())
	t.Cleanup(func() { at.kill(); s.hub.Close(); r.Close(); file.Close() })
	return s
}

// twoStations gives two hubs that have met, with a dozen statements to vote on.
func twoStations(t testing.TB, fields ...*moot.SetField) (a, b *station) {
	t.Helper()
	here, there := newFront(t), newFront(t)
	a, b = newStation(t, here, 0), newStation(t, there, 73)
	a.prepare(fields, here.url(), there.url())
	a.meet(&b.venue)
	return a, b
}

// prepare writes a session into the record, with the addresses of its hubs.
func (s *station) prepare(fields []*moot.SetField, hubs ...string) {
	s.t.Helper()
	acts := []moot.Payload{
		&moot.SetField{Field: moot.Title, Value: "A square for the market", Rev: 1}, &moot.SetField{Field: moot.JoinCode, Value: code, Rev: 1},
		&moot.SetField{Field: moot.Hubs, Value: strings.Join(hubs, ","), Rev: 1},
		&moot.StepAct{Step: "opinion", Do: "start", Open: true, Started: 1, StepKind: moot.StepOpinion, At: 1},
	}
	for _, field := range fields {
		acts = append(acts, field)
	}
	for i := range 12 {
		acts = append(acts, &moot.NewStatement{Text: fmt.Sprintf("Statement number %d of the hosts", i), Lang: "en", Standing: moot.Approved, Seed: true})
	}
	s.do(acts...)
}

// has waits until something is true of the record.
func (s *station) has(what string, ready func(*moot.View) bool) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for {
		changed := s.replica.Changed()
		if ready(s.replica.View()) {
			return
		}
		select {
		case <-changed:
		case <-ctx.Done():
			s.t.Fatalf("waited in vain for %s: %d people, %d votes", what, s.replica.View().PeopleCount(), s.replica.View().Votes)
		}
	}
}

func (s *station) hasVotes(n int) {
	s.t.Helper()
	s.has(fmt.Sprint(n, " votes"), func(v *moot.View) bool { return v.Votes >= n })
}

// However a hub goes, its pages save at the other one within 15 s, under the same person:
// what waited, and what the first had acknowledged and kept for itself.
func TestPageMoves(t *testing.T) {
	for _, c := range []struct {
		name string
		gone func(*front)
		met  bool // the hubs met after the person had joined
	}{
		{"program ended", (*front).kill, true},
		{"power cut", (*front).cut, true},
		{"program ended before the hubs met", (*front).kill, false},
		{"power cut before the hubs met", (*front).cut, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			a, b := twoStations(t)
			p := newPage(t)
			p.open(a.url())
			p.vote("Agree")
			a.hasVotes(1)
			p.nothingWaits()
			who := p.text(`() => document.querySelector(".who").textContent`)
			if c.met {
				a.meet(&b.venue)
			}
			p.vote("Disagree")
			a.hasVotes(2)
			p.nothingWaits() // acknowledged, and nowhere but at a
			c.gone(a.front)
			begin := time.Now()
			p.vote("Agree")
			b.hasVotes(3)
			p.nothingWaits()
			took := time.Since(begin)
			if took > within {
				t.Errorf("saved again after %v, want %v at most", took, within)
			}
			t.Logf("saved again after %v", took)
			p.until("no banner", `() => !document.querySelector(".banner")`)
			p.until("the same number and word", `who => document.querySelector(".who").textContent === who`, who)
			if n := b.replica.View().PeopleCount(); n != 1 {
				t.Errorf("%d people at the other hub, want 1", n)
			}
			a.meet(&b.venue) // its disk is found again
			if view := a.replica.View(); view.PeopleCount() != 1 || view.Votes != 3 {
				t.Errorf("both together: %d people, %d votes, want 1 and 3", view.PeopleCount(), view.Votes)
			}
		})
	}
}

// A page that says nothing while its hub loses power is at the other one all the same,
// where it reads a stream and where it asks every five seconds.
func TestIdlePageMoves(t *testing.T) {
	for name, before := range map[string]string{"stream": "", "asking": "delete window.ReadableStream"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, b := twoStations(t)
			p := newPage(t)
			_, err := p.EvalOnNewDocument(before)
			p.must(err)
			p.open(a.url())
			p.vote("Agree")
			p.nothingWaits()
			a.cut()
			begin := time.Now()
			b.hasVotes(1) // what was acknowledged of late comes without anybody doing anything
			took := time.Since(begin)
			if took > within {
				t.Errorf("at the other hub after %v, want %v at most", took, within)
			}
			t.Logf("at the other hub after %v", took)
		})
	}
}

// The first hub comes back: the page stays where it is, and nothing is lost or twice.
func TestFirstHubComesBack(t *testing.T) {
	t.Parallel()
	a, b := twoStations(t)
	p := newPage(t)
	p.open(a.url())
	p.vote("Agree")
	a.hasVotes(1)
	p.nothingWaits()
	a.kill()
	p.vote("Agree")
	b.hasVotes(2)
	p.nothingWaits()
	a.back()
	a.meet(&b.venue)
	heads := a.entries()
	for range 3 {
		p.vote("Disagree")
	}
	b.hasVotes(5)
	p.nothingWaits()
	if now := a.entries(); now != heads {
		t.Errorf("the page sent %d entries to the hub that it had left", now-heads)
	}
	b.kill() // and back the other way
	p.vote("Agree")
	a.has("the newest vote", func(v *moot.View) bool { return v.Votes >= 5 }) // one that both have, and four that b had
	p.nothingWaits()
	a.meet(&b.venue)
	if view := a.replica.View(); view.PeopleCount() != 1 || view.Votes != 6 {
		t.Errorf("both together: %d people, %d votes, want 1 and 6", view.PeopleCount(), view.Votes)
	}
}

// Who joined with a badge, scanned or typed, is the same person at the other hub, whether
// it heard of them or not, and nobody scans or types anything again.
func TestBadgePageMoves(t *testing.T) {
	for _, typed := range []bool{false, true} {
		t.Run(fmt.Sprintf("typed %v", typed), func(t *testing.T) {
			t.Parallel()
			a, b := twoStations(t, &moot.SetField{Field: moot.Badges, Value: "on", Rev: 1})
			p := newPage(t)
			if typed {
				p.must(p.Navigate(a.url() + "/"))
				p.screen("pad")
				p.until("the field", `text => { const field = document.querySelector("#badge"); if (!field) return false; field.value = text; field.dispatchEvent(new Event("input", { bubbles: true })); return true }`, badgeCode(12))
				p.press("Join")
			} else {
				fragment, err := badgeKey.Fragment(12)
				p.must(err)
				p.must(p.Navigate(a.url() + "/j/" + code + "#" + fragment))
			}
			p.screen("notice")
			p.through()
			p.vote("Agree")
			a.hasVotes(1)
			p.nothingWaits()
			a.kill()
			p.vote("Disagree")
			b.hasVotes(2)
			p.nothingWaits()
			a.meet(&b.venue)
			if view := a.replica.View(); view.PeopleCount() != 1 || view.Votes != 2 || view.Person(moot.ParticipantID(badgeKey.PID(12))) == nil {
				t.Errorf("%d people, %d votes, want the badge's person with 2", view.PeopleCount(), view.Votes)
			}
		})
	}
}

// On a device that was passed on while its hub was away, what the person before answered
// gets to the other hub, too, and the next person joins there.
func TestPassedOnPageMoves(t *testing.T) {
	t.Parallel()
	a, b := twoStations(t)
	p := newPage(t)
	p.open(a.url())
	p.vote("Agree")
	p.nothingWaits()
	b.kill() // nobody is there
	a.kill()
	p.until("the banner", `() => !!document.querySelector(".banner")`)
	p.vote("Disagree")
	p.passOn()
	b.back()
	p.press("I am the next person")
	p.screen("notice")
	p.through()
	p.vote("Agree")
	b.hasVotes(2)
	p.nothingWaits()
	a.meet(&b.venue)
	if view := b.replica.View(); view.PeopleCount() != 2 || view.Votes != 3 {
		t.Errorf("%d people, %d votes, want 2 and 3", view.PeopleCount(), view.Votes)
	}
}

// The hub's address changes: the page finds it at the new one.
func TestHubAtAnotherAddress(t *testing.T) {
	t.Parallel()
	old, next := newFront(t), newFront(t)
	s := newStation(t, old, 0)
	s.prepare(nil, old.url())
	p := newPage(t)
	p.open(s.url())
	p.vote("Agree")
	p.nothingWaits()
	next.serve(s.hub.Handler())
	s.do(&moot.SetField{Field: moot.Hubs, Value: old.url() + "," + next.url(), Rev: 2})
	p.until("the new address", `address => JSON.parse(localStorage.getItem("folkmoot.state")).state.hubs.includes(address)`, next.url())
	old.cut()
	begin := time.Now()
	p.vote("Disagree")
	s.hasVotes(2)
	p.nothingWaits()
	if took := time.Since(begin); took > within {
		t.Errorf("saved again after %v, want %v at most", took, within)
	}
	if n := s.replica.View().PeopleCount(); n != 1 {
		t.Errorf("%d people, want 1", n)
	}
}
