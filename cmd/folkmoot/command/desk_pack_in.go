package command

import (
	"bufio"
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"folkmoot/app/intake"
	"folkmoot/app/readmodel"
	"folkmoot/app/report"
	"folkmoot/assets/words"
	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
	"folkmoot/sync/store"
)

// foundPack is a pack of ours, or a part of one.
type foundPack struct {
	isPack bool
	log    string // the part that holds log.jsonl, "" for none
	polis  string // the folder in Polis's form, "" for none
	temp   string // where a zip was unpacked
}

func (f foundPack) remove() {
	if f.temp != "" {
		os.RemoveAll(f.temp) // what cannot be removed, the system removes some day
	}
}

const sumsName, logName = "SHA256SUMS", "log.jsonl"

// findPack looks whether a path is a pack: its folder, the folder around it, one of its
// parts, the log, or a zip of any of these, for which room says how much may be written.
// What is none is no error.
func findPack(path string, room func(folder string) (uint64, error)) (foundPack, error) {
	info, err := os.Stat(path)
	if err != nil {
		return foundPack{}, &intake.Fault{Code: intake.Unreadable, File: filepath.Base(path), Err: err}
	}
	if info.IsDir() {
		return packIn(path), nil
	}
	if filepath.Base(path) == logName {
		return packIn(filepath.Dir(path)), nil
	}
	temp, err := unpackPack(path, room)
	if temp == "" || err != nil {
		return foundPack{}, err
	}
	found := packIn(temp)
	found.temp = temp
	return found, nil
}

func packIn(dir string) foundPack {
	var f foundPack
	for _, root := range []string{dir, onlyFolderIn(dir)} {
		for _, part := range []string{"private", "public", "."} {
			at := filepath.Join(root, part)
			if !isFile(filepath.Join(at, sumsName)) {
				continue
			}
			f.isPack = true
			if f.log == "" && isFile(filepath.Join(at, logName)) {
				f.log = at
			}
			for _, form := range []string{"polis-zip", "polis"} { // the first counts time finer
				if f.polis == "" && isFile(filepath.Join(at, form, "votes.csv")) {
					f.polis = filepath.Join(at, form)
				}
			}
		}
		if f.isPack {
			return f
		}
	}
	return f
}

// onlyFolderIn gives the one folder that a folder holds; itself where there is no such.
func onlyFolderIn(dir string) string {
	entries, err := os.ReadDir(dir)
	only := ""
	for _, e := range entries {
		if !e.IsDir() || strings.HasPrefix(e.Name(), ".") || e.Name() == "__MACOSX" {
			continue
		}
		if only != "" {
			return dir
		}
		only = e.Name()
	}
	if err != nil || only == "" {
		return dir
	}
	return filepath.Join(dir, only)
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

// bringBack makes the session again of which a pack's log is: all its entries, under a
// new key of this computer. Nothing of it stays on an error.
func (d *Desk) bringBack(ctx context.Context, found foundPack, progress func(done, all int)) (readmodel.Brought, error) {
	progress(0, -1)
	verified, err := verifyPart(found.log)
	if err != nil {
		return readmodel.Brought{}, err
	}
	if err := ctx.Err(); err != nil {
		return readmodel.Brought{}, err
	}
	file, err := os.Open(filepath.Join(found.log, logName))
	if err != nil {
		return readmodel.Brought{}, err
	}
	defer file.Close()
	lines := bufio.NewReaderSize(file, 1<<16)
	first, err := nextEntry(lines)
	if err != nil {
		return readmodel.Brought{}, errors.Join(errPack, err)
	}
	id := first.Session
	restored := false
	session, done, err := d.borrow(id, func() (*local, error) {
		held, err := d.app.hold(id)
		if !errors.Is(err, store.ErrNotFound) {
			return held, err
		}
		restored = true
		return d.app.restore(ctx, first, lines, func(n int) { progress(n, verified.Entries) })
	})
	if err != nil {
		return readmodel.Brought{}, err
	}
	defer done()
	b := broughtInto(emptyView(id), session.View())
	if !restored {
		return readmodel.Brought{ID: b.ID, Title: b.Title, Already: true}, nil
	}
	b.Notes = append(b.Notes, readmodel.Sentence{ID: "note.devices_new"})
	if session.View().Session.On(moot.Badges) { // whose key stayed where they were printed
		items, err := readmodel.Badges(session.View(), false, rand.Reader)
		if err == nil {
			_, err = writeAll(ctx, session, items)
		}
		if err != nil {
			return readmodel.Brought{}, err
		}
		b.Notes = append(b.Notes, readmodel.Sentence{ID: "note.badges_new"})
	}
	if n := len(verified.BadFiles); n > 0 {
		b.Notes = append(b.Notes, readmodel.Sentence{ID: "note.pack_files", Args: map[string]string{"N": words.Number(n)}})
	}
	return b, nil
}

// errPack: a pack's log is not the one that was written.
var errPack = &readmodel.Trouble{Key: "desk.pack_damaged"}

// verifyPart checks the part of a pack that holds the log. Other files of it may have
// been changed or removed; the log may not, nor what it adds up to.
func verifyPart(part string) (report.Verification, error) {
	found, err := report.VerifyPack(part)
	if err != nil {
		return found, err
	}
	if found.FirstBad != nil || found.Entries == 0 {
		return found, errPack
	}
	for _, bad := range found.BadFiles {
		if name := filepath.Base(bad.Path); name == logName || name == "datapackage.json" {
			return found, &readmodel.Trouble{Key: errPack.Key, Err: fmt.Errorf("%s: %s", bad.Path, bad.Why)}
		}
	}
	return found, nil
}

// nextEntry reads the entry of a line of the log; io.EOF behind the last.
func nextEntry(lines *bufio.Reader) (oplog.Entry, error) {
	text, err := report.NextLine(lines)
	if err != nil {
		return oplog.Entry{}, err
	}
	var line report.LogLine
	if err := json.Unmarshal(text, &line); err != nil {
		return oplog.Entry{}, err
	}
	raw, err := base64.StdEncoding.DecodeString(line.Entry)
	if err != nil {
		return oplog.Entry{}, err
	}
	return oplog.Decode(raw)
}

// restore makes a session's file of entries whose signatures were checked, and opens
// it. add is told how many are in.
func (a *app) restore(ctx context.Context, first oplog.Entry, lines *bufio.Reader, add func(n int)) (*local, error) {
	dir, err := a.writable()
	if err != nil {
		return nil, err
	}
	file, err := store.Create(dir, first.Session, rand.Reader)
	if err != nil {
		return nil, err
	}
	var held *local
	if err = fill(ctx, file, first, lines, add); err != nil {
		file.Close()
	} else {
		held, err = a.run(file) // which closes it where it cannot
	}
	if err != nil {
		return nil, errors.Join(err, a.removeSession(first.Session))
	}
	return held, nil
}

// fill commits the entries of a log, some thousand at a time.
func fill(ctx context.Context, file *store.File, first oplog.Entry, lines *bufio.Reader, add func(n int)) error {
	batch, count := []oplog.Entry{first}, 0
	for {
		e, err := nextEntry(lines)
		if err != nil && err != io.EOF {
			return errors.Join(errPack, err)
		}
		last := err == io.EOF
		if last || len(batch) == chunk {
			if err := errors.Join(ctx.Err(), file.Append(batch)); err != nil {
				return err
			}
			count += len(batch)
			add(count)
			batch = batch[:0]
		}
		if last {
			return nil
		}
		batch = append(batch, e)
	}
}
