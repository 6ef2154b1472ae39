package command

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
	"folkmoot/sync/store"
)

// restoredDoc says what was brought back.
type restoredDoc struct {
	backupDoc
	// Aside is where the files of before lie, "" where there were none.
	Aside string `json:"aside"`
	// Rest is how many entries came after the backup and were read of the damaged file.
	Rest int `json:"rest"`
}

// errWhole: a session is here and whole, so that a backup of it is not brought back.
var errWhole = errors.New("this session is here and whole")

func (a *app) restoreCommand() *cobra.Command {
	c := &cobra.Command{Use: "restore FILE", Short: "Make a session again from a backup",
		Long: "Makes the session again, with a new key for this computer. Phones that had joined go on without joining again.\n" +
			"A session that is here and whole is not touched; the files of a damaged one are put aside, never deleted.",
		Args: exactly(1, "the file of a backup"),
		RunE: func(c *cobra.Command, args []string) error { return a.restoreFile(c.Context(), args[0]) }}
	return a.jsonFlag(c)
}

func (a *app) restoreFile(ctx context.Context, path string) error {
	stop := a.working("checking and restoring")
	doc, err := a.bringBackup(ctx, path)
	stop()
	if err != nil {
		return a.restoreProblem(path, err)
	}
	if a.json {
		return a.printJSON(doc)
	}
	a.say("Restored %q from the backup made %s: %s.", doc.Title, clockDay(doc.Made), counted(doc.Entries, "entry", "entries"))
	if doc.Aside != "" {
		a.say("The files that were here before lie in %s.", doc.Aside)
	}
	if doc.Rest > 0 {
		a.say("%s later could still be read of the damaged file, and came back too.", counted(doc.Rest, "entry that came", "entries that came"))
	}
	a.say("What came later is not in it. If another device holds more, bring them together when they meet; phones send again what still waits in them.")
	a.say("Next: serve --session %s", doc.Session[:8])
	return nil
}

func clockDay(made string) string {
	at, err := time.Parse(time.RFC3339, made)
	if err != nil {
		return made
	}
	return at.Local().Format("2006-01-02 15:04")
}

// bringBackup makes a session again from a backup, with a new key, and notes that in it.
func (a *app) bringBackup(ctx context.Context, path string) (restoredDoc, error) {
	file, found, err := store.OpenBackup(path)
	if err != nil {
		return restoredDoc{}, err
	}
	file.Close()
	dir, err := a.writable()
	if err != nil {
		return restoredDoc{}, err
	}
	aside, err := a.mayRestore(found.Session)
	if err != nil {
		return restoredDoc{}, err
	}
	found, err = store.Restore(ctx, path, dir, store.RestoreOptions{Random: rand.Reader, Aside: aside, Check: wholeState})
	if err != nil {
		return restoredDoc{}, err
	}
	if _, err := os.Stat(aside); err != nil {
		aside = "" // there was nothing
	}
	doc := restoredDoc{backupDoc: backupDocOf(found), Aside: aside}
	doc.Rest, err = a.beginAnew(ctx, found, aside)
	return doc, err
}

// mayRestore says where the files of a session go that is here and cannot be read. Errors:
// errWhole, store.ErrOpenElsewhere, others that say why it cannot be known.
func (a *app) mayRestore(id oplog.SessionID) (aside string, err error) {
	dir, err := a.folder()
	if err != nil {
		return "", err
	}
	held, err := a.hold(id)
	switch {
	case err == nil:
		held.Close()
		return "", errWhole
	case errors.Is(err, store.ErrNotFound), errors.Is(err, store.ErrKey), isDamaged(err):
		return filepath.Join(dir, "damaged", id.String()[:8]+"-"+time.Now().Format("20060102-150405.000")), nil
	}
	return "", err
}

// beginAnew writes as the first act of the new log that it comes after a backup, and adds
// what else can be had.
func (a *app) beginAnew(ctx context.Context, b store.Backup, aside string) (rest int, err error) {
	held, err := a.hold(b.Session)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, held.Close()) }()
	act := &moot.Audit{What: "restore", Detail: fmt.Sprintf("from a backup made %s with %s; the state had the digest %s", b.Made.UTC().Format(time.RFC3339), counted(b.Entries, "entry", "entries"), b.Digest), At: nowMS()}
	if err := refusals(held.Do(ctx, item(act))); err != nil {
		return 0, held.why(err)
	}
	if aside == "" {
		return 0, nil
	}
	return a.readRest(ctx, held, aside)
}

// restoreProblem says in words why a backup could not be brought back.
func (a *app) restoreProblem(path string, err error) error {
	switch {
	case errors.Is(err, errWhole):
		return &problem{why: "this session is here already, and it can be read: nothing was changed", try: "to go back to the backup all the same, first put the session aside: session delete", cause: err}
	case !isFile(path):
		return &problem{why: fmt.Sprintf("there is no file %s; nothing was changed", path), try: "see whether the stick is in; backups of this computer lie in the folder backup/ of the data folder", cause: err}
	case errors.Is(err, store.ErrBackup):
		return &problem{why: fmt.Sprintf("%s is no whole backup of a session; nothing was changed", path), try: a.otherBackup(path), cause: err}
	}
	return err
}

// otherBackup names the newest whole backup of the session that a file's name belongs to.
func (a *app) otherBackup(path string) string {
	ids, err := a.allBackups()
	if err == nil {
		for _, b := range ids {
			if newest, ok := a.newestBackup(b.Session); ok && newest.Path != path && sameTail(path, b.Session) {
				return fmt.Sprintf("take this one: restore %s (%s)", newest.Path, ofBackup(newest))
			}
		}
	}
	return "take another backup of it: they lie in the folder backup/ of the data folder"
}

// sameTail says whether a backup's name is of a session.
func sameTail(path string, id oplog.SessionID) bool {
	name := filepath.Base(path)
	tail := "-" + id.String()[:8] + store.BackupSuffix
	return len(name) >= len(tail) && name[len(name)-len(tail):] == tail
}
