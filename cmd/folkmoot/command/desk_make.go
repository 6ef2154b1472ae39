package command

import (
	"context"
	"crypto/rand"
	"unicode/utf8"

	"folkmoot/app/intake"
	"folkmoot/app/readmodel"
	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
)

// Make makes a session and gives its id; on any error nothing remains of it.
func (d *Desk) Make(ctx context.Context, wish readmodel.Wish) (string, error) {
	items, err := wishItems(wish)
	if err != nil {
		return "", d.explain(err)
	}
	return d.makeSession(ctx, items)
}

// makeSession makes a session of its items and lets go of it.
func (d *Desk) makeSession(ctx context.Context, items []moot.Item) (string, error) {
	ctx, done := d.until(ctx)
	defer done()
	if err := d.ready(); err != nil {
		return "", err
	}
	var id oplog.SessionID
	rand.Read(id[:])
	held, err := d.take(id, func() (*local, error) { return d.app.makeSession(ctx, id, items) })
	if err != nil {
		return "", d.explain(err)
	}
	return id.String(), d.explain(d.letGo(id, held))
}

// ready sees that the data folder can be written to.
func (d *Desk) ready() error {
	_, err := d.app.writable()
	if err == nil || diskFull(err) {
		return d.explain(err)
	}
	return &readmodel.Trouble{Key: "desk.data_folder", Args: map[string]any{"Folder": d.folder()}, Err: err}
}

// wishItems gives the items of a new session. Statements were looked at when they were
// offered; one that cannot be used is said all the same, and never dropped in silence.
func wishItems(wish readmodel.Wish) ([]moot.Item, error) {
	title, notice := moot.CleanText(wish.Title), moot.CleanLines(wish.Notice)
	switch {
	case title == "":
		return nil, &readmodel.Trouble{Key: "desk.title_empty"}
	case utf8.RuneCountInString(title) > moot.MaxTitle:
		return nil, &readmodel.Trouble{Key: "desk.title_long", Args: map[string]any{"Found": utf8.RuneCountInString(title), "Limit": moot.MaxTitle}}
	case utf8.RuneCountInString(notice) > moot.MaxField:
		return nil, &readmodel.Trouble{Key: "desk.notice_long", Args: map[string]any{"Found": utf8.RuneCountInString(notice), "Limit": moot.MaxField}}
	}
	languages := []string{"zh-Hant", "en"}
	if wish.Lang == "en" {
		languages = []string{"en", "zh-Hant"}
	}
	fields := map[moot.Field]string{}
	for field, value := range map[moot.Field]string{moot.Notice: notice, moot.Licence: moot.CleanText(wish.Licence)} {
		if value != "" {
			fields[field] = value
		}
	}
	items, err := readmodel.NewSession(readmodel.NewSessionOptions{Template: wish.Template, Title: title, Languages: languages, Fields: fields, Moderated: true}, nowMS(), rand.Reader)
	if err != nil {
		return nil, err
	}
	for _, text := range wish.Statements {
		items = append(items, item(&moot.NewStatement{Text: moot.CleanText(text), Lang: intake.Language(text), Standing: moot.Approved, Seed: true, Src: moot.FromHost, Made: nowMS()}))
	}
	return items, nil
}
