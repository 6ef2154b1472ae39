package command

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"folkmoot/sync/oplog"
	"folkmoot/sync/store"
)

// place is a folder for backups that may come and go, as a USB stick does.
type place struct {
	Folder string `json:"folder"`
	// Mark is what markName in the folder says, "" for a folder that was named once. Where a stick is taken out, some systems
	// leave an empty folder behind: that one does not have it.
	Mark string `json:"mark"`
}

const markName = ".folkmoot-backups"

// errAbsent: a folder for backups is not there.
var errAbsent = errors.New("the folder is not there")

// markPlace makes a folder that is there a place for backups, and sees that it can be
// written to.
func markPlace(folder string) (place, error) {
	folder, err := filepath.Abs(folder)
	if err != nil {
		return place{}, err
	}
	if info, err := os.Stat(folder); err != nil || !info.IsDir() {
		return place{}, fmt.Errorf("%s: %w", folder, errAbsent)
	}
	path := filepath.Join(folder, markName)
	mark, err := readMark(path)
	if err == nil && len(mark) == 2*markBytes {
		return place{folder, mark}, tryWriting(folder)
	}
	if err == nil { // it says something else: writing was cut short
		err = os.Remove(path)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return place{}, err
	}
	raw := make([]byte, markBytes)
	rand.Read(raw)
	p := place{folder, hex.EncodeToString(raw)}
	return p, writeMark(path, p.Mark)
}

// markBytes is how long a mark is; it is written in hexadecimal digits.
const markBytes = 16

// errMark: what has the name of a mark is none.
var errMark = errors.New("the mark of a folder for backups is no file")

// readMark reads the mark of a folder, "" where the file is too large for one. A stick
// comes from elsewhere: a link in the mark's place would lead to a file of this computer,
// and a pipe would be waited for without end.
func readMark(path string) (string, error) {
	info, err := os.Lstat(path)
	if err != nil {
		return "", err
	}
	if !info.Mode().IsRegular() {
		return "", fmt.Errorf("%s: %w", path, errMark)
	}
	if info.Size() > 4*markBytes {
		return "", nil
	}
	text, err := os.ReadFile(path)
	return strings.TrimSpace(string(text)), err
}

// writeMark makes the file of a mark, which may not be there.
func writeMark(path, mark string) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = file.WriteString(mark + "\n")
	return errors.Join(err, file.Close())
}

func tryWriting(folder string) error {
	probe, err := os.CreateTemp(folder, ".probe-*")
	if err != nil {
		return err
	}
	probe.Close()
	return os.Remove(probe.Name())
}

// there says whether the place is there, and not only a folder of its name. Error: errAbsent.
func (p place) there() error {
	mark, err := readMark(filepath.Join(p.Folder, markName))
	if err != nil || mark != p.Mark {
		return fmt.Errorf("%s: %w", p.Folder, errAbsent)
	}
	return nil
}

// erase deletes a session's backups in a place, whatever their names, and says whether
// that is done. A folder that somebody named once has no mark: it is there when it can be
// read, and where nothing of the session lies in it, nothing is left to do.
func (p place) erase(id oplog.SessionID) bool {
	if p.Mark != "" && p.there() != nil {
		return false
	}
	if _, err := os.ReadDir(p.Folder); err != nil {
		return false
	}
	return store.RemoveBackups(p.Folder, id) == nil
}

// placesName is the file of the data folder that says where backups go besides it. It
// belongs to the computer, not to the record.
const placesName = "backup-folders.json"

// backupPlaces are the places for backups that this computer knows.
type backupPlaces struct {
	// Second is where every backup is written too; nil for nowhere.
	Second *place `json:"second,omitempty"`
	// Used are the places that hold backups of a session, by its id.
	Used map[string][]place `json:"used,omitempty"`
	// Erase are those of them that were not there when names were erased.
	Erase map[string][]place `json:"erase,omitempty"`
	// Nameless are the sessions of which every backup was deleted, or stands in Erase,
	// since their names were erased.
	Nameless map[string]bool `json:"nameless,omitempty"`
}

// placesLock is held while the file is read and written: by one program at a time it is
// changed by people only, and the last one counts.
var placesLock sync.Mutex

// readPlaces gives the places; none where the file is missing or unreadable.
func (a *app) readPlaces() backupPlaces {
	placesLock.Lock()
	defer placesLock.Unlock()
	return a.readPlacesFile()
}

func (a *app) readPlacesFile() backupPlaces {
	var p backupPlaces
	dir, err := a.folder()
	if err != nil {
		return p
	}
	data, err := os.ReadFile(filepath.Join(dir, placesName))
	if err != nil || json.Unmarshal(data, &p) != nil {
		return backupPlaces{}
	}
	return p
}

// changePlaces changes the places and writes them, whole or not at all.
func (a *app) changePlaces(change func(*backupPlaces)) error {
	placesLock.Lock()
	defer placesLock.Unlock()
	p := a.readPlacesFile()
	before, _ := json.Marshal(p)
	change(&p)
	data, err := json.MarshalIndent(p, "", " ")
	if err != nil {
		return err
	}
	if after, _ := json.Marshal(p); string(after) == string(before) {
		return nil
	}
	dir, err := a.writable()
	if err != nil {
		return err
	}
	path := filepath.Join(dir, placesName)
	if err := os.WriteFile(path+".new", append(data, '\n'), 0o600); err != nil {
		os.Remove(path + ".new")
		return err
	}
	return os.Rename(path+".new", path)
}

// used notes that a place holds backups of a session.
func (a *app) used(id oplog.SessionID, p place) error {
	return a.changePlaces(func(all *backupPlaces) {
		if all.Used == nil {
			all.Used = map[string][]place{}
		}
		if !slices.Contains(all.Used[id.String()], p) {
			all.Used[id.String()] = append(all.Used[id.String()], p)
		}
	})
}

// backupFolder is where a session's backups lie on this computer.
func (a *app) backupFolder(id oplog.SessionID) (string, error) {
	dir, err := a.folder()
	return filepath.Join(dir, "backup", id.String()), err
}

// backupsOf gives the backups of a session that can be read now, the newest first.
func (a *app) backupsOf(id oplog.SessionID) []store.Backup {
	var found []store.Backup
	folder, err := a.backupFolder(id)
	if err == nil {
		found, _ = store.Backups(folder, id)
	}
	places := a.readPlaces()
	more := slices.Clone(places.Used[id.String()])
	if places.Second != nil && !slices.Contains(more, *places.Second) {
		more = append(more, *places.Second)
	}
	for _, p := range more {
		if p.Mark == "" || p.there() == nil {
			there, _ := store.Backups(p.Folder, id)
			found = append(found, there...)
		}
	}
	slices.SortStableFunc(found, func(a, b store.Backup) int {
		switch {
		case a.N != b.N && a.Newer(b):
			return -1
		case a.N != b.N:
			return 1
		}
		return 0 // the same one in two places: this computer's first
	})
	return found
}

// allBackups gives the newest backup of each session on this computer and its places, the
// newest first.
func (a *app) allBackups() ([]store.Backup, error) {
	dir, err := a.folder()
	if err != nil {
		return nil, err
	}
	folders, err := os.ReadDir(filepath.Join(dir, "backup"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	ids := map[oplog.SessionID]bool{}
	for _, f := range folders {
		var id oplog.SessionID
		if oplog.ParseHex(id[:], f.Name()) == nil {
			ids[id] = true
		}
	}
	if second := a.readPlaces().Second; second != nil && second.there() == nil {
		there, _ := store.Backups(second.Folder, oplog.SessionID{})
		for _, b := range there {
			ids[b.Session] = true
		}
	}
	var newest []store.Backup
	for id := range ids {
		if found := a.backupsOf(id); len(found) > 0 {
			newest = append(newest, found[0])
		}
	}
	slices.SortFunc(newest, func(a, b store.Backup) int {
		if c := b.Made.Compare(a.Made); c != 0 {
			return c
		}
		return strings.Compare(a.Session.String(), b.Session.String())
	})
	return newest, nil
}
