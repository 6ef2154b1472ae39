package command

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"time"

	"folkmoot/app/readmodel"
	"folkmoot/sync/badge"
	"folkmoot/sync/hub"
	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
	"folkmoot/sync/store"
)

// tabletSession is a session that a tablet holds: its own replica, with a hub of its own
// that only this program can ask.
type tabletSession struct {
	held    *local
	desk    *readmodel.Desk
	hub     *hub.Hub
	handler http.Handler
	carrier TabletCarrier // nil where there is no link
	unwatch func()
	full    bool // the last writing found no room
	kept    keptCount
	// before is up to which entry of this tablet's log a hub held it when the tablet ran last.
	before uint64
}

// keptCount is how many answers no hub had confirmed, as it was counted last, and which
// statements are among them.
type keptCount struct {
	version, confirmed uint64
	answers            int
	statements         []string
}

// openTabletSession opens a session's record, makes it where it is new, and begins to
// exchange its entries.
func (a *app) openTabletSession(id oplog.SessionID, grant TabletGrant, link TabletLink, now func() time.Time, diskChanged func()) (*tabletSession, error) {
	held, err := a.holdOrMake(id)
	if err != nil {
		return nil, err
	}
	if grant.BadgeKey != (badge.Key{}) {
		// Without a badge key of its own yet the record takes the first that it is given.
		if _, err := store.BadgeKey(held.file.Path(), bytes.NewReader(grant.BadgeKey[:])); err != nil {
			held.Close()
			return nil, err
		}
	}
	desk, err := readmodel.NewDesk(held, readmodel.DeskOptions{Workers: 1, Failed: func(err error) { a.log().Error("map", "error", err) }})
	if err != nil {
		held.Close()
		return nil, err
	}
	s := &tabletSession{held: held, desk: desk}
	s.hub = hub.New(tabletRecord{held}, hub.Options{
		Block: grant.Index, Router: &router{session: held, desk: desk, now: func() uint64 { return uint64(now().UnixMilli()) }}, Pictures: &pictures{session: held, desk: desk},
		Random: rand.Reader, Now: now, Addresses: func() []string { return nil }, Log: a.log(),
		Full: func(err error) bool { return diskFull(held.why(err)) }, BadgeKey: badgeKey(held.file.Path()),
	})
	s.handler = s.hub.Handler()
	s.unwatch = held.watch.start(func(*readmodel.Disk) { diskChanged() })
	if link != nil {
		s.carrier = link.Carry(held, grant)
	}
	return s, nil
}

// close ends the exchange and lets go of the record.
func (s *tabletSession) close() error {
	if s.carrier != nil {
		s.carrier.Leave()
	}
	s.hub.Close()
	s.desk.Close()
	s.unwatch()
	return s.held.Close()
}

// empty says that the session has not come here yet.
func (s *tabletSession) empty() bool { return s.held.View().Session.Get(moot.JoinCode) == "" }

// told gives what a session says of itself to who has not joined.
func (s *tabletSession) told() *readmodel.ToldSession {
	session := s.held.View().Session
	told := &readmodel.ToldSession{ID: session.ID.String(), Title: session.Get(moot.Title), Language: session.Language(), Languages: session.Languages(),
		Badges: session.BadgesOnly(), Emblem: hub.Emblem(session), In: map[string]map[string]string{}}
	for _, lang := range told.Languages {
		if title := session.Get(moot.Title.In(lang)); title != "" {
			told.In[lang] = map[string]string{"title": title}
		}
	}
	return told
}

// reach gives how the tablet stands to its hubs.
func (s *tabletSession) reach() readmodel.HandsetReach {
	r := readmodel.HandsetReach{Full: s.isFull()}
	confirmed := s.before
	if s.carrier != nil {
		status := s.carrier.Status()
		r.State, r.Hub, r.Ahead, r.Newer, r.Older = status.Reach, status.Hub, status.Ahead, status.Newer, status.Older
		if status.Confirmed > 0 || status.Reach == readmodel.ReachHere { // a hub that is there says what it holds, were it less than before
			confirmed = status.Confirmed
		}
	}
	if version := s.held.View().Version; version != s.kept.version || confirmed != s.kept.confirmed {
		answers, statements := answersAfter(s.held, confirmed)
		s.kept = keptCount{version, confirmed, answers, statements}
	}
	r.Kept, r.Statements = s.kept.answers, s.kept.statements
	return r
}

func (s *tabletSession) isFull() bool {
	d := s.held.watch.Disk()
	return s.full || d != nil && (d.State == readmodel.DiskFull || d.State == readmodel.DiskReadOnly)
}

// entriesOf is a record whose logs can be read.
type entriesOf interface {
	Own() oplog.ReplicaID
	Entries(log oplog.ReplicaID, from uint64, yield func(oplog.Entry) bool) error
}

// answersAfter counts the votes, answers and statements in a record's own log behind an
// entry: those that no hub has confirmed. It gives the ids of the statements too. A log that
// cannot be read is said elsewhere: nothing can be written then.
func answersAfter(record entriesOf, seq uint64) (count int, statements []string) {
	record.Entries(record.Own(), seq+1, func(e oplog.Entry) bool {
		if moot.IsAnswer(e.Kind) {
			count++
		}
		if e.Kind == (*moot.NewStatement)(nil).Kind() {
			statements = append(statements, moot.StatementID(e.CID).String())
		}
		return true
	})
	return count, statements
}

// tabletRecord writes what people of a tablet do as done on one.
type tabletRecord struct{ *local }

// Do takes the items, see hub.Record.
func (r tabletRecord) Do(ctx context.Context, items ...moot.Item) ([]moot.Outcome, error) {
	for _, item := range items {
		switch p := item.Payload.(type) {
		case *moot.SetVote:
			if p.Src == moot.FromPhone {
				p.Src = moot.FromTablet
			}
		case *moot.NewStatement:
			if p.Src == moot.FromPhone {
				p.Src = moot.FromTablet
			}
		}
	}
	return r.local.Do(ctx, items...)
}

// tabletFault puts into words why a session cannot be opened.
func tabletFault(err error, title string) *readmodel.HandsetLine {
	key := "tablet.unreadable"
	switch {
	case errors.Is(err, store.ErrOpenElsewhere):
		key = "tablet.elsewhere"
	case diskFull(err):
		key = "tablet.full"
	}
	return &readmodel.HandsetLine{Key: key, Args: map[string]any{"Title": title}}
}
