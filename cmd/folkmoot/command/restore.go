package command

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
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
	if doc.Rest == 0 {
		a.say("What came after the backup is not in it.")
	}
	a.say("If another device holds more, bring them together when they meet; phones send again what still waits in them.")
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
// Where that was broken off it is brought to its end.
func (a *app) bringBackup(ctx context.Context, path string) (restoredDoc, error) {
	return a.bringChecked(ctx, path, wholeState)
}

// bringChecked is bringBackup with what gives the digest of a backup's state.
func (a *app) bringChecked(ctx context.Context, path string, check func(*store.File) (string, error)) (restoredDoc, error) {
	file, found, err := store.OpenBackup(path)
	if err != nil {
		return restoredDoc{}, err
	}
	file.Close()
	dir, err := a.writable()
	if err != nil {
		return restoredDoc{}, err
	}
	aside, still, err := a.mayRestore(found)
	if errors.Is(err, errPlaced) {
		return a.endRestore(ctx, found)
	}
	if err != nil {
		return restoredDoc{}, err
	}
	found, err = store.Restore(ctx, path, dir, store.RestoreOptions{Random: rand.Reader, Aside: aside, Check: check, Still: func() error {
		if err := still(); err != nil {
			return err
		}
		return beginAside(aside, found.Session)
	}})
	if err != nil {
		if left, lerr := filesOf(aside, found.Session, func(rest string) bool { return rest != unfinished }); lerr == nil && len(left) == 0 {
			endAside(aside, found.Session)
		}
		return restoredDoc{}, err
	}
	return a.endRestore(ctx, found)
}

// errPlaced: a restore of the same backup was broken off when the session was there.
var errPlaced = errors.New("the session is there, and the restore did not end")

// mayRestore says where the files of a session go that is here and cannot be read, and
// gives what says whether they are still the same ones. Errors: errWhole, errPlaced,
// store.ErrOpenElsewhere, others that say why it cannot be known.
func (a *app) mayRestore(b store.Backup) (aside string, still func() error, err error) {
	path, err := a.path(b.Session)
	if err != nil {
		return "", nil, err
	}
	held, err := a.hold(b.Session)
	switch {
	case err == nil:
		placed := held.file.RestoredFrom() == b.N && len(a.unfinishedAsides(b.Session)) > 0
		held.Close()
		if placed {
			return "", nil, errPlaced
		}
		return "", nil, errWhole
	case !errors.Is(err, store.ErrNotFound) && !errors.Is(err, store.ErrKey) && !isDamaged(err):
		return "", nil, err
	}
	before := sessionFiles(path)
	still = func() error {
		for i, now := range sessionFiles(path) {
			if !sameFile(before[i], now) {
				return fmt.Errorf("%s: %w", path, store.ErrExists)
			}
		}
		return nil
	}
	return filepath.Join(filepath.Dir(path), "damaged", b.Session.String()[:8]+"-"+time.Now().Format("20060102-150405.000")), still, nil
}

// sessionFiles gives what is known of a session's two files, nil for one that is not there.
func sessionFiles(path string) [2]os.FileInfo {
	record, _ := os.Lstat(path)
	key, _ := os.Lstat(strings.TrimSuffix(path, filepath.Ext(path)) + ".key")
	return [2]os.FileInfo{record, key}
}

func sameFile(a, b os.FileInfo) bool {
	if a == nil || b == nil {
		return a == nil && b == nil
	}
	return os.SameFile(a, b) && a.Size() == b.Size() && a.ModTime().Equal(b.ModTime())
}

// endRestore does what is left once the session is there: the note in it, and the rest of
// what was put aside.
func (a *app) endRestore(ctx context.Context, b store.Backup) (doc restoredDoc, err error) {
	doc.backupDoc = backupDocOf(b)
	asides := a.unfinishedAsides(b.Session)
	if doc.Rest, err = a.beginAnew(ctx, b, asides); err != nil {
		return doc, err
	}
	for _, aside := range asides {
		endAside(aside, b.Session)
		if _, err := os.Stat(aside); err == nil { // else there was nothing
			doc.Aside = aside
		}
	}
	return doc, nil
}

// beginAnew writes as the first act of the new log that it comes after a backup, and adds
// what else can be had.
func (a *app) beginAnew(ctx context.Context, b store.Backup, asides []string) (rest int, err error) {
	held, err := a.hold(b.Session)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, held.Close()) }()
	act := &moot.Audit{What: "restore", Detail: fmt.Sprintf("from a backup made %s with %s; the state had the digest %s", b.Made.UTC().Format(time.RFC3339), counted(b.Entries, "entry", "entries"), b.Digest), At: nowMS()}
	if err := refusals(held.Do(ctx, item(act))); err != nil {
		return 0, held.why(err)
	}
	for _, aside := range asides {
		n, err := a.readRest(ctx, held, aside)
		rest += n
		if err != nil {
			return rest, err
		}
	}
	return rest, nil
}

// restoreProblem says in words why a backup could not be brought back.
func (a *app) restoreProblem(path string, err error) error {
	switch {
	case errors.Is(err, errWhole):
		return &problem{why: "this session is here already, and it can be read: nothing was changed", try: "to go back to the backup all the same, first put the session aside: session delete", cause: err}
	case errors.Is(err, store.ErrExists):
		return &problem{why: "another program changed this session meanwhile: nothing was changed here", try: "see: session list; then try again", cause: err}
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
