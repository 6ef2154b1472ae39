package command

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"folkmoot/sync/oplog"
	"folkmoot/sync/store"
)

// asideFolders are where a restore and a deletion put the files of a session that were
// there before.
var asideFolders = []string{"damaged", "deleted"}

// earlierFiles gives what lies in the data folder of a session besides its present files:
// what was put aside, keys of before, and what a restore that was broken off left. There
// may be names in it, or the key to names elsewhere.
func (a *app) earlierFiles(id oplog.SessionID) ([]string, error) {
	dir, err := a.folder()
	if err != nil {
		return nil, err
	}
	found, err := filesOf(dir, id, func(rest string) bool {
		return strings.HasPrefix(rest, "key.") && rest != "key.new" || strings.HasSuffix(rest, ".restoring")
	})
	if err != nil {
		return nil, err
	}
	for _, below := range asideFolders {
		folders, err := os.ReadDir(filepath.Join(dir, below))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		for _, f := range folders {
			if !f.IsDir() {
				continue
			}
			more, err := filesOf(filepath.Join(dir, below, f.Name()), id, func(string) bool { return true })
			if err != nil {
				return nil, err
			}
			found = append(found, more...)
		}
	}
	return found, nil
}

// filesOf gives the files in a folder whose names are a session's id, a dot, and a rest
// that is wanted.
func filesOf(folder string, id oplog.SessionID, wanted func(rest string) bool) ([]string, error) {
	entries, err := os.ReadDir(folder)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var found []string
	for _, e := range entries {
		if rest, ok := strings.CutPrefix(e.Name(), id.String()+"."); ok && !e.IsDir() && wanted(rest) {
			found = append(found, filepath.Join(folder, e.Name()))
		}
	}
	return found, nil
}

// earlierRecords counts the records among earlier files, for texts.
func earlierRecords(id oplog.SessionID, files []string) (n int) {
	for _, path := range files {
		if filepath.Base(path) == store.Name(id) {
			n++
		}
	}
	return n
}

// eraseEarlier deletes the earlier files of a session.
func (a *app) eraseEarlier(id oplog.SessionID) error {
	files, err := a.earlierFiles(id)
	if err != nil {
		return fmt.Errorf("look for earlier copies: %w", err)
	}
	dir, err := a.folder()
	if err != nil {
		return err
	}
	for _, path := range files {
		if rerr := os.Remove(path); rerr != nil && !errors.Is(rerr, fs.ErrNotExist) {
			err = errors.Join(err, fmt.Errorf("delete an earlier copy: %w", rerr))
		}
		if folder := filepath.Dir(path); folder != dir {
			os.Remove(folder) // where nothing else lies in it
		}
	}
	return err
}
