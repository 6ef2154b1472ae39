package command

import (
	"cmp"
	"errors"
	"slices"
	"strings"
	"time"

	"folkmoot/app/readmodel"
	"folkmoot/assets/words"
	"folkmoot/sync/store"
)

// offers gives what can be joined: sessions that are here already, the last one first, and
// those whose hubs are found.
func (t *Tablet) offers() readmodel.HandsetOffers {
	offers := readmodel.HandsetOffers{Looking: t.link != nil, Name: t.name}
	ids, err := t.app.sessions()
	if err != nil {
		t.log(err)
	}
	for _, id := range ids {
		known := t.memory.Sessions[id.String()]
		offers.Kept = append(offers.Kept, readmodel.HandsetOffer{ID: id.String(), Title: cmp.Or(known.Title, id.String()[:8]), Host: known.Hub, Unpaired: known.Unpaired})
	}
	slices.SortFunc(offers.Kept, func(a, b readmodel.HandsetOffer) int {
		return cmp.Or(cmp.Compare(b2i(b.ID == t.memory.Session), b2i(a.ID == t.memory.Session)), cmp.Compare(a.Title, b.Title), cmp.Compare(a.ID, b.ID))
	})
	if t.link != nil {
		for _, f := range t.link.Found() {
			address, _, _ := strings.Cut(f.Address, ",") // one is enough to tell two laptops apart
			offers.Found = append(offers.Found, readmodel.HandsetOffer{ID: f.ID, Title: f.Title, Host: f.Host, Address: address, Full: f.Full})
		}
	}
	return offers
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// resume opens the session of last time. Whoever took part then goes on only if that was a
// moment ago: a tablet that lay about may have gone to somebody else.
func (t *Tablet) resume() {
	if p := t.memory.Person; p != nil {
		gone := t.now().Sub(time.UnixMilli(p.Seen))
		if gone < 0 || gone > tabletIdle+tabletAnswer {
			t.memory.Person, t.memory.PassedOn = nil, true
			t.remember()
		} else {
			t.person = readmodel.HandsetPerson{Stage: p.Stage, Skipped: p.Skipped}
		}
	}
	if t.memory.Session != "" {
		t.openKept(t.memory.Session)
	}
}

// openKept opens a session that is on this tablet.
func (t *Tablet) openKept(text string) {
	id, ok := sessionOf(text)
	if !ok {
		return
	}
	ids, err := t.app.sessions()
	if err != nil || !slices.Contains(ids, id) {
		return
	}
	known := t.memory.Sessions[text]
	t.open(TabletGrant{Session: id, Title: known.Title, Index: known.Index, Hub: known.Hub})
}

// open opens a session, and says why where that is not possible.
func (t *Tablet) open(grant TabletGrant) {
	t.leaveSession()
	text := grant.Session.String()
	if t.memory.Session != text { // somebody else's answers, and nobody's any more
		t.forget()
	}
	s, err := t.app.openTabletSession(grant.Session, grant, t.link, t.now, func() { t.Touch(readmodel.Touch{}) })
	if err != nil {
		if !errors.Is(err, store.ErrOpenElsewhere) { // that is no fault, and said on the screen
			t.log(err)
		}
		t.notice = tabletFault(err, cmp.Or(grant.Title, text[:8]))
		return
	}
	t.session, t.opening, t.stale, t.notice = s, grant, true, nil
	t.memory.Session = text
	known := t.memory.Sessions[text]
	known.Title, known.Index, known.Hub = grant.Title, grant.Index, grant.Hub
	if log := s.held.Own().String(); known.Log == log {
		s.before = known.Held
	} else { // what was held of another log says nothing
		known.Log, known.Held = log, 0
	}
	t.memory.Sessions[text] = known
	t.remember()
}

// noteReach remembers what a hub said of this tablet, for a start without one.
func (t *Tablet) noteReach(reach readmodel.HandsetReach) {
	text := t.memory.Session
	known, ok := t.memory.Sessions[text]
	if !ok {
		return
	}
	was := known
	if held := t.session.kept.confirmed; held > 0 && t.session.held.Own().String() == known.Log {
		known.Held = held
	}
	switch reach.State {
	case readmodel.ReachUnpaired:
		known.Unpaired = true
	case readmodel.ReachHere:
		known.Unpaired = false
	}
	if known != was {
		t.memory.Sessions[text] = known
		t.remember()
	}
}

// leave goes back to the list of sessions. Nobody takes part any more.
func (t *Tablet) leave() {
	t.forget()
	t.leaveSession()
	t.memory.Session, t.notice = "", nil
	t.remember()
}

// linked is what a change of the link brings: a pairing may have come to its end.
func (t *Tablet) linked() {
	if t.pairing == nil {
		return
	}
	if grant := t.pairing.State().Grant; grant != nil {
		t.pairing = nil
		t.open(*grant)
	}
}

// ask asks a hub to let this tablet in.
func (t *Tablet) ask(touch readmodel.Touch) {
	if t.link == nil || t.pairing != nil {
		return
	}
	t.notice = nil
	switch touch.Kind {
	case readmodel.TouchOffer:
		for _, f := range t.link.Found() {
			if f.ID == touch.Key && !f.Full {
				t.pairing = t.link.Ask(f)
			}
		}
	case readmodel.TouchAddress:
		text := strings.TrimSpace(touch.Text)
		switch {
		case text == "":
			t.notice = &readmodel.HandsetLine{Key: "tablet.no_address"}
		case strings.Contains(text, "://"):
			t.pairing = t.link.AskByLink(text)
		default:
			t.pairing = t.link.AskAt(text)
		}
	}
	t.linked() // it may be done already
}

// setDevice changes what others call this tablet.
func (t *Tablet) setDevice(name string) {
	name, err := checkDeviceName(name)
	if err != nil {
		return // the screen has said so
	}
	if err := t.app.nameDevice(name); err != nil {
		t.log(err)
		t.notice = &readmodel.HandsetLine{Key: "tablet.try_again"}
		return
	}
	t.name, t.notice = name, &readmodel.HandsetLine{Key: "tablet.named", Args: map[string]any{"Name": name}, Good: true}
	if t.link != nil {
		t.link.Rename(name)
	}
}

// cancel ends a pairing, or puts one away that came to nothing.
func (t *Tablet) cancel() {
	if t.pairing != nil {
		t.pairing.Cancel()
		t.pairing = nil
	}
}

// setLang changes the language of who takes part, else the tablet's own.
func (t *Tablet) setLang(lang string) {
	if !slices.Contains(words.Languages(), lang) {
		return
	}
	if p := t.memory.Person; p != nil {
		p.Lang = lang
		if t.person.Stage != readmodel.StageNotice {
			t.send("person", "lang", 0, lang)
		}
	} else {
		t.memory.Lang = lang
	}
	t.remember()
}
