package command

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sort"
	"strings"

	"folkmoot/sync/oplog"
	"folkmoot/sync/store"
)

// folder gives the data folder: --data, FOLKMOOT_DATA, else the user's data
// folder by the platform's convention.
func (a *app) folder() (string, error) {
	if a.data != "" {
		return a.data, nil
	}
	if dir := a.Env("FOLKMOOT_DATA"); dir != "" {
		return dir, nil
	}
	home := a.Env("HOME")
	switch runtime.GOOS {
	case "windows":
		if dir := a.Env("LOCALAPPDATA"); dir != "" {
			return filepath.Join(dir, "Folkmoot"), nil
		}
	case "darwin":
		if home != "" {
			return filepath.Join(home, "Library", "Application Support", "Folkmoot"), nil
		}
	default:
		if dir := a.Env("XDG_DATA_HOME"); filepath.IsAbs(dir) {
			return filepath.Join(dir, "folkmoot"), nil
		}
		if home != "" {
			return filepath.Join(home, ".local", "share", "folkmoot"), nil
		}
	}
	return "", &problem{why: "no folder for sessions is known here", try: "name one with --data DIR"}
}

// writable makes the data folder where it is missing and sees that it can be written to.
func (a *app) writable() (string, error) {
	dir, err := a.folder()
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", folderProblem(dir, err)
	}
	probe, err := os.CreateTemp(dir, ".probe-*")
	if err != nil {
		return "", folderProblem(dir, err)
	}
	probe.Close()
	os.Remove(probe.Name())
	return dir, nil
}

func folderProblem(dir string, err error) error {
	why := err.Error()
	var path *fs.PathError
	if errors.As(err, &path) {
		why = path.Err.Error()
	}
	return &problem{why: fmt.Sprintf("the data folder %s cannot be written to: %s", dir, why), try: "choose another with --data DIR, or give yourself the right to write there", cause: err}
}

// sessions gives the ids of all sessions in the data folder, in ascending order.
func (a *app) sessions() ([]oplog.SessionID, error) {
	dir, err := a.folder()
	if err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, folderProblem(dir, err)
	}
	var ids []oplog.SessionID
	for _, e := range entries {
		var id oplog.SessionID
		name, ok := strings.CutSuffix(e.Name(), ".folkmoot")
		if ok && oplog.ParseHex(id[:], name) == nil {
			ids = append(ids, id)
		}
	}
	sort.Slice(ids, func(i, j int) bool { return ids[i].String() < ids[j].String() })
	return ids, nil
}

// find gives the session that a beginning of its id names.
func (a *app) find(beginning string) (oplog.SessionID, error) {
	if beginning == "" { // of which every id is a beginning, and a script's empty variable
		return oplog.SessionID{}, usage("the id of the session is empty: give the beginning of one\nsee: session list")
	}
	ids, err := a.sessions()
	if err != nil {
		return oplog.SessionID{}, err
	}
	var found []oplog.SessionID
	for _, id := range ids {
		if strings.HasPrefix(id.String(), strings.ToLower(beginning)) {
			found = append(found, id)
		}
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return oplog.SessionID{}, &problem{why: fmt.Sprintf("there is no session %.40q here", beginning), try: "see: session list", cause: store.ErrNotFound}
	}
	return oplog.SessionID{}, usage(fmt.Sprintf("%d sessions begin with %q: give more of the id\n%s", len(found), beginning, a.listed(found)))
}

// chosen gives the session of --session, or the only one there is.
func (a *app) chosen() (oplog.SessionID, error) {
	if a.session != "" {
		return a.find(a.session)
	}
	ids, err := a.sessions()
	if err != nil {
		return oplog.SessionID{}, err
	}
	switch len(ids) {
	case 1:
		return ids[0], nil
	case 0:
		return oplog.SessionID{}, &problem{why: "there is no session yet", try: "make one: session new --title \"…\", or import polis PATH; or bring one back: restore FILE (backups lie in the data folder's backup/)", cause: store.ErrNotFound}
	}
	return oplog.SessionID{}, usage(fmt.Sprintf("there are %d sessions: name one with --session\n%s", len(ids), a.listed(ids)))
}

// listed gives a line a session.
func (a *app) listed(ids []oplog.SessionID) string {
	lines := make([]string, len(ids))
	for i, id := range ids {
		lines[i] = "  " + id.String() + "  " + a.titleOf(id)
	}
	return strings.Join(lines, "\n")
}

func (a *app) path(id oplog.SessionID) (string, error) {
	dir, err := a.folder()
	return filepath.Join(dir, store.Name(id)), err
}

// plainly gives what a known error says, without the parts of the program through
// which it came and without what the library below it said.
func plainly(err, known error) string {
	text := strings.ReplaceAll(err.Error(), "\n", " ")
	if end := strings.Index(text, known.Error()); end >= 0 {
		text = text[:end+len(known.Error())]
	}
	if start := strings.LastIndex(text, "store: "); start >= 0 {
		text = text[start+len("store: "):]
	}
	return text
}

// sentence turns what went wrong into a line for people and a line of what to try.
func sentence(err error) string {
	var p *problem
	var u usage
	if errors.As(err, &p) {
		return p.Error()
	}
	if errors.As(err, &u) {
		return u.Error()
	}
	if diskFull(err) {
		return "the disk is full\nmake room on it, or choose another folder with --data DIR; nothing that was there is lost"
	}
	for _, known := range []struct {
		is  error
		try string
	}{
		{store.ErrOpenElsewhere, "close the other program first, or let it do this"},
		{store.ErrBackup, "take another backup of the session"},
		{store.ErrNotSession, "take the last backup, or another file"},
		{store.ErrNewerFormat, "open it with that version; nothing was changed"},
		{store.ErrNotFound, "see: session list"},
		{store.ErrKey, "bring the .key file back beside the .folkmoot file"},
		{fs.ErrPermission, "give yourself the right to read and write it, or choose another folder with --data DIR"},
		{context.Canceled, "what was received is saved"},
	} {
		if known.is == context.Canceled && errors.Is(err, known.is) {
			return "interrupted\n" + known.try
		}
		if errors.Is(err, known.is) {
			return plainly(err, known.is) + "\n" + known.try
		}
	}
	return strings.ReplaceAll(err.Error(), "\n", " ")
}
