package command

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"

	"folkmoot/sync/oplog"
	"folkmoot/sync/store"
)

// errNames: backups that hold erased names could not be deleted.
var errNames = errors.New("backups with names that were erased cannot be deleted")

// remakeBackups deletes every backup of a session, wherever one was written, and what was
// put aside of it, and writes a fresh one: it is called when names were erased. left names the places that were not
// there; what lies in them is deleted when they come back.
func (a *app) remakeBackups(ctx context.Context, session *local) (left []string, err error) {
	b := session.guarded(a)
	b.writing.Lock()
	left, err = a.eraseBackups(session.file.Session())
	err = errors.Join(err, a.eraseEarlier(session.file.Session()))
	b.writing.Unlock()
	return left, errors.Join(err, b.write(ctx, true))
}

// eraseNames deletes every backup, and what was put aside, where names were erased since it
// was done last, and says whether it was done now: the word may have come from a peer, or
// the program may have ended in between. writing is held.
func (b *backups) eraseNames() (done bool, err error) {
	id := b.id().String()
	unlinked, nameless := b.session.View().Unlinked, b.app.readPlaces().Nameless[id]
	switch {
	case unlinked == nameless:
		return false, nil
	case nameless: // it was brought back from a backup that had them
		return false, b.app.changePlaces(func(all *backupPlaces) { delete(all.Nameless, id) })
	}
	_, err = b.app.eraseBackups(b.id())
	return true, errors.Join(err, b.app.eraseEarlier(b.id()))
}

// eraseBackups deletes every backup of a session and gives the places where that is still
// to be done.
func (a *app) eraseBackups(id oplog.SessionID) (left []string, err error) {
	folder, err := a.backupFolder(id)
	if err != nil {
		return nil, err
	}
	if _, serr := os.Stat(folder); serr == nil {
		if err = store.RemoveBackups(folder, id); err != nil {
			left = append(left, folder)
		}
	}
	perr := a.changePlaces(func(all *backupPlaces) {
		var late []place
		for _, p := range append(slices.Clone(all.Used[id.String()]), all.Erase[id.String()]...) {
			if p.erase(id) || slices.Contains(late, p) {
				continue
			}
			late, left = append(late, p), append(left, p.Folder)
		}
		delete(all.Used, id.String())
		delete(all.Erase, id.String())
		if len(late) > 0 {
			if all.Erase == nil {
				all.Erase = map[string][]place{}
			}
			all.Erase[id.String()] = late
		}
		if err == nil {
			if all.Nameless == nil {
				all.Nameless = map[string]bool{}
			}
			all.Nameless[id.String()] = true
		}
	})
	return left, errors.Join(err, perr)
}

// eraseLate deletes backups in places that were not there when names were erased.
func (b *backups) eraseLate() {
	id := b.id().String()
	for _, p := range b.app.readPlaces().Erase[id] {
		if !p.erase(b.id()) {
			continue
		}
		b.app.changePlaces(func(all *backupPlaces) {
			all.Erase[id] = slices.DeleteFunc(all.Erase[id], func(other place) bool { return other == p })
			if len(all.Erase[id]) == 0 {
				delete(all.Erase, id)
			}
		})
	}
}

// takeUp notes that a place gets backups from now on. Where names were erased before, those
// that lie there already go: they may be of another computer.
func (b *backups) takeUp(p place) error {
	known := slices.Contains(b.app.readPlaces().Used[b.id().String()], p)
	if !known && b.session.View().Unlinked && !p.erase(b.id()) {
		return fmt.Errorf("%s: %w", p.Folder, errNames)
	}
	if err := b.app.used(b.id(), p); !diskFull(err) {
		return err
	}
	return nil // a backup on another disk is wanted the more
}
