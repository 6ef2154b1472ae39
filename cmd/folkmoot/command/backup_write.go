package command

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"sync"
	"time"

	"folkmoot/app/readmodel"
	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
	"folkmoot/sync/store"
)

const (
	// keptBackups is how many backups of a session stay in each place.
	keptBackups = 12
	// keptRehearsed is how many stay of one in which only pretend people voted.
	keptRehearsed = 2
	// leftFree is what a backup leaves of a disk for the record itself.
	leftFree = 128 << 20
)

// errNoRoom: a backup would take the room that the record needs.
var errNoRoom = errors.New("too little room is left for a backup")

// backups writes the backups of a session that is open, into this computer's folder and a
// second one. Its methods may be called from several goroutines.
type backups struct {
	app     *app
	session *local
	now     func() time.Time
	room    func(folder string) (uint64, error) // free space; tests have less
	beside  func(a, b string) (bool, error)     // whether they lie on one disk; tests have several

	writing sync.Mutex // held while one is written
	top     uint64     // the highest number of a backup, as far as it was seen; under writing
	second  *place     // of this run; nil takes the one that the computer remembers

	mu         sync.Mutex
	remembered *place // the second folder of this computer, as it was read last
	state      readmodel.Backups
	last       store.Backup // the newest one, also of an earlier run
	there      int          // in how many places that is
}

func (a *app) backups(session *local) *backups {
	b := &backups{app: a, session: session, now: time.Now, room: store.Free, beside: store.SameDisk, remembered: a.readPlaces().Second, top: session.file.RestoredFrom()}
	if found := a.backupsOf(b.id()); len(found) > 0 {
		b.last, b.top = found[0], max(b.top, found[0].N)
		for _, one := range found {
			if sameBackup(one, b.last) {
				b.there++
			}
		}
		b.state.Last, b.state.Places = uint64(b.last.Made.UnixMilli()), b.there
	}
	return b
}

// sameBackup says whether two files are one backup in two places.
func sameBackup(a, b store.Backup) bool { return a.N == b.N && maps.Equal(a.Heads, b.Heads) }

func (b *backups) id() oplog.SessionID { return b.session.file.Session() }

// State gives how the backups stand.
func (b *backups) State() readmodel.Backups {
	b.mu.Lock()
	defer b.mu.Unlock()
	state := b.state
	if second := b.secondPlace(); second != nil {
		state.Second = second.Folder
	}
	return state
}

// secondPlace gives the second folder, nil for none; mu is held.
func (b *backups) secondPlace() *place {
	if b.second != nil {
		return b.second
	}
	return b.remembered
}

// Write writes a backup where something has changed since the last one, or where a place
// lacks it. The error is a Trouble: nothing was written at all.
func (b *backups) Write(ctx context.Context) error { return b.write(ctx, false) }

// write is Write; anew also writes where nothing has changed.
func (b *backups) write(ctx context.Context, anew bool) error {
	b.writing.Lock()
	defer b.writing.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	b.mu.Lock()
	b.remembered = b.app.readPlaces().Second
	second := b.secondPlace()
	b.state.Working = true
	b.mu.Unlock()
	defer b.set(func(s *readmodel.Backups) { s.Working = false })
	b.eraseLate()
	erased, eraseErr := b.eraseNames()
	anew = anew || erased
	heads, err := b.session.file.Heads()
	if err != nil {
		return b.wrong(err, "")
	}
	unchanged := b.count(second) && !anew && b.last.N > 0 && maps.Equal(heads, b.last.Heads)
	first, err := b.writeFirst(ctx, unchanged)
	copied, secondErr := b.writeSecond(ctx, second, first, unchanged)
	if errors.Is(err, context.Canceled) || errors.Is(secondErr, context.Canceled) {
		return context.Canceled
	}
	b.note(first, copied, errors.Join(err, eraseErr), secondErr)
	if first == nil && copied == nil {
		return b.app.backupTrouble(err, b.folder())
	}
	return nil
}

// count sees which numbers the backups in both places have, so that the next one is the
// newest in each of them: a stick may come from another computer. It says whether the last
// one known here is the newest.
func (b *backups) count(second *place) bool {
	folders := []string{b.folder()}
	if second != nil && second.there() == nil {
		folders = append(folders, second.Folder)
	}
	newest := true
	for _, folder := range folders {
		there, _ := store.Backups(folder, b.id()) // what cannot be read now, writing tells
		for _, one := range there {
			b.top = max(b.top, one.N)
			newest = newest && (one.N < b.last.N || sameBackup(one, b.last))
		}
	}
	return newest
}

// folder is this computer's folder for backups, for texts.
func (b *backups) folder() string {
	folder, _ := b.app.backupFolder(b.id())
	return folder
}

// wrong notes what stood against a backup, and gives it as a Trouble.
func (b *backups) wrong(err error, folder string) error {
	trouble := b.app.backupTrouble(err, folder)
	b.set(func(s *readmodel.Backups) { s.Trouble = trouble })
	return trouble
}

// writeFirst writes into this computer's folder; where nothing has changed it gives the
// one that is there.
func (b *backups) writeFirst(ctx context.Context, unchanged bool) (*store.Backup, error) {
	folder, err := b.app.backupFolder(b.id())
	if err != nil {
		return nil, err
	}
	if unchanged {
		if there, _ := store.Backups(folder, b.id()); len(there) > 0 && there[0].N == b.last.N {
			return &there[0], nil
		}
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	return b.writeInto(ctx, folder)
}

// writeInto writes a backup of the record into a folder, and deletes the oldest there.
func (b *backups) writeInto(ctx context.Context, folder string) (*store.Backup, error) {
	if err := b.makeRoom(folder, b.session.file.Path()); err != nil {
		return nil, err
	}
	view := b.session.View()
	made, err := b.session.file.Backup(ctx, folder, store.BackupOptions{Now: b.now(), N: b.top + 1, Title: view.Session.Get(moot.Title), Check: b.sameState})
	if err != nil {
		return nil, err
	}
	b.top = made.N
	return &made, store.KeepBackups(folder, b.id(), kept(view))
}

// kept is how many backups of a session are kept in a place.
func kept(view *moot.View) int {
	if view.Session.On(moot.Sample) || view.Session.On(moot.Rehearsal) {
		return keptRehearsed
	}
	return keptBackups
}

// sameState gives the digest of what a copy means, and compares it with the record's.
// Where people vote meanwhile the record has gone on; then it is the hashes that say so:
// the copy was held against the heads that its own transaction saw, and the same entries
// are the same state.
func (b *backups) sameState(copied *store.File) (string, error) {
	heads, err := copied.Heads()
	if err != nil {
		return "", err
	}
	before := b.session.View()
	got, err := stateDigest(copied, heads)
	if err != nil {
		return "", err
	}
	now, err := b.session.file.Heads()
	if err != nil {
		return "", err
	}
	if !maps.Equal(now, heads) || b.session.View() != before || before.Digest() == got {
		return got, nil
	}
	want, err := stateDigest(b.session.file, heads) // the View may have been a moment behind
	if err == nil && got != want {
		err = fmt.Errorf("%w: its state is another than the record's", store.ErrBackup)
	}
	return got, err
}

// stateDigest gives the digest of the state of a record up to heads.
func stateDigest(file *store.File, heads oplog.Heads) (string, error) {
	state, err := moot.Fold(file.Session(), func(apply func(oplog.Entry) error) error {
		var failed error
		for _, id := range slices.SortedFunc(maps.Keys(heads), func(a, b oplog.ReplicaID) int { return slices.Compare(a[:], b[:]) }) {
			last := heads[id].Seq
			err := file.Entries(id, 1, func(e oplog.Entry) bool {
				if e.Seq <= last {
					failed = apply(e)
				}
				return failed == nil && e.Seq < last
			})
			if err = errors.Join(err, failed); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return "", err
	}
	return state.View().Digest(), nil
}

// wholeState gives the digest of the state of a backup.
func wholeState(copied *store.File) (string, error) {
	heads, err := copied.Heads()
	if err != nil {
		return "", err
	}
	return stateDigest(copied, heads)
}

// writeSecond brings a backup into the second folder: a copy of the first one, so that the
// record is read only once, and from a fast disk; where there is none, of the record.
func (b *backups) writeSecond(ctx context.Context, second *place, first *store.Backup, unchanged bool) (*store.Backup, error) {
	if second == nil {
		return nil, nil
	}
	if err := second.there(); err != nil {
		return nil, err
	}
	if err := b.takeUp(*second); err != nil {
		return nil, err
	}
	there, err := store.Backups(second.Folder, b.id())
	if err != nil {
		return nil, err
	}
	if first == nil {
		if unchanged && len(there) > 0 && there[0].N == b.last.N {
			return &there[0], nil
		}
		return b.writeInto(ctx, second.Folder)
	}
	if len(there) > 0 && sameBackup(there[0], *first) {
		return &there[0], nil
	}
	if err := b.makeRoom(second.Folder, first.Path); err != nil {
		return nil, err
	}
	made, err := store.CopyBackup(ctx, *first, second.Folder)
	if err != nil {
		return nil, err
	}
	return &made, store.KeepBackups(second.Folder, b.id(), kept(b.session.View()))
}

// note keeps what came of writing.
func (b *backups) note(first, second *store.Backup, err, secondErr error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.state.Trouble, b.state.SecondTrouble = nil, nil
	made := first
	if made == nil {
		made = second
	}
	if made != nil {
		if made.N != b.last.N {
			b.state.Last = uint64(b.now().UnixMilli())
		}
		b.last, b.there = *made, 0
		for _, one := range []*store.Backup{first, second} {
			if one != nil {
				b.there++
			}
		}
		b.state.Places = b.there
	}
	if err != nil {
		b.state.Trouble = b.app.backupTrouble(err, b.folder())
	}
	if secondErr != nil {
		b.state.SecondTrouble = b.app.backupTrouble(secondErr, b.secondPlace().Folder)
	}
}

func (b *backups) set(change func(*readmodel.Backups)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	change(&b.state)
}

// backupTrouble says what stands against a backup, and what to do.
func (a *app) backupTrouble(err error, folder string) *readmodel.Trouble {
	t := &readmodel.Trouble{Key: "backup.fault", Args: map[string]any{"Folder": folder}, Err: err}
	switch {
	case errors.Is(err, errAbsent):
		t.Key = "backup.absent"
	case errors.Is(err, errNoRoom), diskFull(err):
		t.Key = "backup.no_room"
	case errors.Is(err, os.ErrPermission), readOnlyDisk(err):
		t.Key = "backup.read_only"
	case errors.Is(err, store.ErrBackup):
		t.Key = "backup.not_whole"
	}
	return t
}

// guarded gives the backups of a session: those of its hub, where one runs.
func (l *local) guarded(a *app) *backups {
	l.backupsOnce.Do(func() { l.kept = a.backups(l) })
	return l.kept
}
