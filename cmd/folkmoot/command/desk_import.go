package command

import (
	"context"
	"errors"

	"folkmoot/app/intake"
	"folkmoot/app/readmodel"
	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
	"folkmoot/sync/store"
)

// Import takes a Polis export or a pack of ours in. A pack that has its log comes back
// as the session it was; else what it has in Polis's form is imported. progress is told
// how much is done, all is -1 where that is not known. Cancelling ctx keeps what came in
// of a Polis export, and nothing of a log.
func (d *Desk) Import(ctx context.Context, path string, progress func(done, all int)) (readmodel.Brought, error) {
	ctx, done := d.until(ctx)
	defer done()
	if progress == nil {
		progress = func(int, int) {}
	}
	if err := d.ready(); err != nil {
		return readmodel.Brought{}, err
	}
	found, err := findPack(path, d.app.freeRoom())
	if err != nil {
		return readmodel.Brought{}, d.explain(err)
	}
	defer found.remove()
	switch {
	case found.log != "":
		brought, err := d.bringBack(ctx, found, progress)
		return brought, d.explain(err)
	case found.isPack && found.polis == "":
		return readmodel.Brought{}, &readmodel.Trouble{Key: "desk.pack_empty"}
	case found.isPack:
		path = found.polis
	}
	brought, err := d.importPolis(ctx, path, progress)
	return brought, d.explain(err)
}

func (d *Desk) importPolis(ctx context.Context, path string, progress func(done, all int)) (readmodel.Brought, error) {
	export, err := intake.OpenPolis(path, intake.PolisOptions{Progress: func(done, _ int) { progress(done, -1) }})
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		return readmodel.Brought{}, err
	}
	id := export.Session()
	made := false
	session, done, err := d.borrow(id, func() (*local, error) {
		held, err := d.app.hold(id)
		if errors.Is(err, store.ErrNotFound) {
			made = true
			return d.app.create(id)
		}
		return held, err
	})
	if err != nil {
		return readmodel.Brought{}, err
	}
	before := session.View()
	if _, differs := otherwise(export, before); differs {
		done()
		return readmodel.Brought{}, &readmodel.Trouble{Key: "desk.other_import", Args: map[string]any{"Title": before.Session.Get(moot.Title)}}
	}
	rows, err := d.bringPolis(ctx, session, export, progress)
	done() // what was on its way is in after that
	brought, err := d.broughtPolis(session, before, export, rows, err)
	if err != nil && made && brought.ID == "" {
		return brought, errors.Join(err, d.app.removeSession(id)) // nothing at all came in
	}
	return brought, err
}

// bringPolis takes an export into a session and gives how many rows of votes were new.
func (d *Desk) bringPolis(ctx context.Context, session opened, export *intake.Polis, progress func(done, all int)) (int, error) {
	items, err := polisItems(export, session.View())
	if err != nil {
		return 0, err
	}
	count := 0
	progress(0, len(items))
	rows, err := bringIn(ctx, session, items, func(n int) { count += n; progress(count, len(items)) })
	if held, ok := session.(*local); ok {
		err = held.why(err)
	}
	return rows, err
}

// broughtPolis says what came of an export, and of one that was cut short by err what
// came in before; it has no ID where nothing did.
func (d *Desk) broughtPolis(session opened, before *moot.View, export *intake.Polis, rows int, err error) (readmodel.Brought, error) {
	view, viewErr := d.app.again(session)
	if viewErr != nil {
		return readmodel.Brought{}, errors.Join(err, viewErr)
	}
	if err != nil && len(view.Session.Fields()) == 0 {
		return readmodel.Brought{}, err
	}
	b := broughtInto(before, view)
	b.Already = err == nil && rows == 0 && b.Statements == 0 && b.People == 0
	b.Notes = noteSentences(export.Warnings)
	for _, s := range export.Skipped {
		b.Left = append(b.Left, readmodel.Leftover{Where: s.File, Row: s.Row, Why: leftSentence(s.Why, moot.MaxImported)})
	}
	if export.AskSign {
		for _, s := range export.MostAgreed(3) {
			b.Agreed = append(b.Agreed, s.Statement.Text)
		}
	}
	return b, err
}

// broughtInto counts what a session has more than before.
func broughtInto(before, view *moot.View) readmodel.Brought {
	return readmodel.Brought{ID: view.Session.ID.String(), Title: view.Session.Get(moot.Title), People: view.PeopleCount() - before.PeopleCount(),
		Statements: statementCount(view) - statementCount(before), Votes: view.Votes - before.Votes}
}

// emptyView is a session of which nothing is known.
func emptyView(id oplog.SessionID) *moot.View { return moot.NewState(id).View() }
