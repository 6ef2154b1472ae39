package command

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"folkmoot/app/readmodel"
	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
	"folkmoot/sync/store"
)

// backupDoc is a backup in JSON documents.
type backupDoc struct {
	File      string `json:"file"`
	Session   string `json:"session"`
	Title     string `json:"title"`
	Made      string `json:"made"`
	Entries   int    `json:"entries"`
	Digest    string `json:"digest"`
	Encrypted bool   `json:"encrypted"`
	Checked   bool   `json:"checked"`
}

func backupDocOf(b store.Backup) backupDoc {
	return backupDoc{File: b.Path, Session: b.Session.String(), Title: b.Title, Made: b.Made.Format("2006-01-02T15:04:05Z07:00"), Entries: b.Entries, Digest: b.Digest, Checked: true}
}

func (a *app) backupCommand() *cobra.Command {
	to := ""
	c := &cobra.Command{Use: "backup ID --to FILE|DIR", Short: "Write a backup of a session, and check it; also while it is being served",
		Long: "Writes one file from which restore makes the session again, here or on another computer, and reads it again to see that it is whole.\n" +
			"It is not encrypted: whoever has the file can read everything of the session, names too. The key with which this computer signs is not in it.",
		Args: exactly(1, "the id of a session"),
		RunE: func(c *cobra.Command, args []string) error { return a.backup(c.Context(), args[0], to) }}
	c.Flags().StringVar(&to, "to", "", "the file to write, or a folder that is there")
	return a.jsonFlag(c)
}

func (a *app) backup(ctx context.Context, beginning, to string) error {
	if to == "" {
		return usage("name the file, or a folder: --to FILE")
	}
	to, err := filepath.Abs(to)
	if err != nil {
		return err
	}
	id, err := a.find(beginning)
	if err != nil {
		return err
	}
	doc, err := a.backupTo(ctx, id, to)
	if err != nil {
		return err
	}
	if a.json {
		return a.printJSON(doc)
	}
	a.say("Written and checked: %s (%s). It is not encrypted: keep it as you keep the names in it.", doc.File, counted(doc.Entries, "entry", "entries"))
	return nil
}

// backupTo writes a backup of a session, or asks the program that has it open to do so.
func (a *app) backupTo(ctx context.Context, id oplog.SessionID, to string) (backupDoc, error) {
	defer a.working("writing and checking the backup")()
	held, err := a.hold(id)
	if errors.Is(err, store.ErrOpenElsewhere) {
		doc, askErr := a.askBackup(ctx, id, to)
		if askErr != nil {
			return doc, askErr
		}
		return doc, nil
	}
	if err != nil {
		return backupDoc{}, err
	}
	defer held.Close()
	made, err := held.guarded(a).writeTo(ctx, to)
	if err != nil {
		return backupDoc{}, backupProblem(to, err)
	}
	return backupDocOf(made), nil
}

// writeTo writes a backup to a file that is not there yet, or into a folder.
func (b *backups) writeTo(ctx context.Context, to string) (store.Backup, error) {
	b.writing.Lock()
	defer b.writing.Unlock()
	folder, name := to, ""
	if info, err := os.Stat(to); err == nil && !info.IsDir() {
		return store.Backup{}, fmt.Errorf("%s: %w", to, os.ErrExist)
	} else if err != nil {
		folder, name = filepath.Dir(to), filepath.Base(to)
	}
	if info, err := os.Stat(folder); err != nil || !info.IsDir() {
		return store.Backup{}, fmt.Errorf("%s: %w", folder, errAbsent)
	}
	// On a full disk the place cannot be noted; a backup on another is wanted the more.
	if err := b.app.used(b.id(), place{Folder: folder}); err != nil && !diskFull(err) {
		return store.Backup{}, err
	}
	title := b.session.View().Session.Get(moot.Title)
	b.count(nil)
	made, err := b.session.file.Backup(ctx, folder, store.BackupOptions{Now: b.now(), N: b.top + 1, Title: title, Name: name, Check: b.sameState})
	b.top = max(b.top, made.N)
	return made, err
}

// backupProblem says in words why a backup could not be written.
func backupProblem(to string, err error) error {
	p := &problem{why: fmt.Sprintf("the backup could not be written to %s", to), try: "choose another folder with --to; nothing half-done remains", cause: err}
	switch {
	case errors.Is(err, context.Canceled):
		return err
	case errors.Is(err, os.ErrExist):
		p.why, p.try = fmt.Sprintf("%s is there already", to), "choose another name, or a folder: the name is then made of the time"
	case errors.Is(err, errAbsent):
		p.why, p.try = fmt.Sprintf("there is no folder to write %s into", to), "make it first, or see whether the stick is in"
	case diskFull(err):
		p.why, p.try = fmt.Sprintf("there is no room for the backup at %s", to), "make room, or choose another folder with --to; nothing half-done remains"
	case errors.Is(err, os.ErrPermission), readOnlyDisk(err):
		p.why = fmt.Sprintf("%s cannot be written to", to)
	case errors.Is(err, store.ErrBackup):
		p.why, p.try = "what was written to "+to+" is not whole, so it was removed", "choose another folder with --to: that disk cannot be relied on"
	}
	return p
}

// newestBackup gives the newest backup of a session that is whole; none where there is none.
func (a *app) newestBackup(id oplog.SessionID) (store.Backup, bool) {
	for _, b := range a.backupsOf(id) {
		if store.CheckBackup(b.Path) == nil {
			return b, true
		}
	}
	return store.Backup{}, false
}

// damaged says of a session that cannot be read which backup to take.
func (a *app) damaged(id oplog.SessionID, err error) error {
	if !isDamaged(err) {
		return err
	}
	newest, ok := a.newestBackup(id)
	if !ok {
		return err
	}
	return &problem{why: fmt.Sprintf("session %s cannot be read: the file is damaged", id.String()[:8]), cause: err,
		try: fmt.Sprintf("take the last backup: restore %s (%s)", newest.Path, ofBackup(newest))}
}

// ofBackup says when a backup was made and how much is in it.
func ofBackup(b store.Backup) string {
	return fmt.Sprintf("made %s, %s", b.Made.Format("2006-01-02 15:04"), counted(b.Entries, "entry", "entries"))
}

// isDamaged says whether an error of opening a session means that its files are not whole.
func isDamaged(err error) bool {
	for _, known := range []error{store.ErrNotSession, oplog.ErrGap, oplog.ErrChain, oplog.ErrMalformed, oplog.ErrPayload, oplog.ErrSignature, oplog.ErrSession, oplog.ErrKey} {
		if errors.Is(err, known) {
			return true
		}
	}
	return false
}

// backupFileOf is a backup as screens list it.
func (a *app) backupFileOf(b store.Backup) readmodel.BackupFile {
	title := strings.TrimSpace(b.Title)
	return readmodel.BackupFile{Path: b.Path, Title: title, Made: uint64(b.Made.UnixMilli()), Entries: b.Entries}
}
