package command

import (
	"context"
	"errors"
	"fmt"
	"time"

	"folkmoot/app/readmodel"
	"folkmoot/assets/words"
	"folkmoot/sync/oplog"
	"folkmoot/sync/store"
)

// Backups says how the session's backups stand, also after Close.
func (s *DeskSession) Backups() readmodel.Backups {
	if s.held == nil {
		return readmodel.Backups{}
	}
	return s.held.guarded(s.program.app).State()
}

// BackUp writes a backup now, where something has changed since the last one or where a
// place lacks it. The error is a Trouble: it could be written nowhere.
func (s *DeskSession) BackUp(ctx context.Context) error {
	ctx, done, ok := s.begin(ctx)
	if !ok || s.held == nil {
		return errClosed()
	}
	defer done()
	return s.held.guarded(s.program.app).Write(ctx)
}

// SecondFolder has every backup written into a second folder too, from now on and on this
// computer; "" ends that. What lies there stays.
func (s *DeskSession) SecondFolder(ctx context.Context, folder string) error {
	ctx, done, ok := s.begin(ctx)
	if !ok || s.held == nil {
		return errClosed()
	}
	defer done()
	app := s.program.app
	var second *place
	if folder != "" {
		p, err := markPlace(folder)
		if err != nil {
			return app.backupTrouble(err, folder)
		}
		second = &p
	}
	if err := app.changePlaces(func(all *backupPlaces) { all.Second = second }); err != nil {
		return s.program.explain(err)
	}
	return s.held.guarded(app).Write(ctx)
}

// BackupFiles lists the newest backup of each session that this computer knows of, the
// newest first.
func (d *Desk) BackupFiles(ctx context.Context) ([]readmodel.BackupFile, error) {
	found, err := d.app.allBackups()
	if err != nil {
		return nil, d.explain(err)
	}
	var files []readmodel.BackupFile
	for _, b := range found {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		file := d.app.backupFileOf(b)
		card, ok := d.card(b.Session)
		file.Here = ok && card.Trouble == nil
		files = append(files, file)
	}
	return files, nil
}

// BringBack makes a session again from a backup, and gives its id with what is said of it.
func (d *Desk) BringBack(ctx context.Context, path string) (readmodel.Brought, error) {
	ctx, done := d.until(ctx)
	defer done()
	if err := d.ready(); err != nil {
		return readmodel.Brought{}, err
	}
	d.files.Lock()
	doc, err := d.app.bringBackup(ctx, path)
	d.files.Unlock()
	switch {
	case errors.Is(err, errWhole), errors.Is(err, store.ErrExists):
		return readmodel.Brought{}, &readmodel.Trouble{Key: "backup.here", Err: err}
	case errors.Is(err, store.ErrBackup), errors.Is(err, store.ErrNotFound):
		return readmodel.Brought{}, &readmodel.Trouble{Key: "backup.no_backup", Err: err}
	case err != nil:
		return readmodel.Brought{}, d.explain(err)
	}
	var id oplog.SessionID
	if err := oplog.ParseHex(id[:], doc.Session); err != nil {
		return readmodel.Brought{}, err
	}
	b := readmodel.Brought{ID: doc.Session, Title: doc.Title}
	at, err := time.Parse(time.RFC3339, doc.Made)
	if err != nil {
		return b, fmt.Errorf("when the backup was made: %w", err)
	}
	b.Notes = append(b.Notes, readmodel.Sentence{ID: "backup.restored", Args: map[string]string{"Time": at.Local().Format("2006-01-02 15:04"), "N": words.Number(doc.Entries)}})
	if doc.Rest > 0 {
		b.Notes = append(b.Notes, readmodel.Sentence{ID: "backup.rest", Args: map[string]string{"N": words.Number(doc.Rest)}})
	}
	if doc.Aside != "" {
		b.Notes = append(b.Notes, readmodel.Sentence{ID: "backup.aside", Args: map[string]string{"Folder": doc.Aside}})
	}
	return b, nil
}

// backupArgs are what texts say of a backup.
func backupArgs(b store.Backup) map[string]any {
	return map[string]any{"Time": b.Made.Local().Format("2006-01-02 15:04"), "N": b.Entries}
}
