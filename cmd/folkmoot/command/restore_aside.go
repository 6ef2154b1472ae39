package command

import (
	"os"
	"path/filepath"

	"folkmoot/sync/oplog"
)

// unfinished is how the name of a file ends that lies beside what a restore put aside, until
// the rest was read of it: a program that ends in between leaves it for the next one.
const unfinished = "unfinished"

// beginAside makes the folder into which a restore is about to put files.
func beginAside(aside string, id oplog.SessionID) error {
	if err := os.MkdirAll(aside, 0o700); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(aside, id.String()+"."+unfinished), nil, 0o600)
}

// endAside notes that nothing more is wanted of a folder; one in which nothing lies goes.
func endAside(aside string, id oplog.SessionID) {
	os.Remove(filepath.Join(aside, id.String()+"."+unfinished))
	os.Remove(aside) // fails where something lies in it
}

// unfinishedAsides gives the folders of a session of which the rest was not read yet, the
// newest last.
func (a *app) unfinishedAsides(id oplog.SessionID) []string {
	dir, err := a.folder()
	if err != nil {
		return nil
	}
	folders, _ := os.ReadDir(filepath.Join(dir, "damaged")) // by name, which ends in the time
	var found []string
	for _, f := range folders {
		aside := filepath.Join(dir, "damaged", f.Name())
		if _, err := os.Stat(filepath.Join(aside, id.String()+"."+unfinished)); err == nil {
			found = append(found, aside)
		}
	}
	return found
}
