package command

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"folkmoot/app/readmodel"
	"folkmoot/app/report"
	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
	"folkmoot/sync/peer"
	"folkmoot/sync/replica"
	"folkmoot/sync/store"
)

// mergeSource is a record at rest that can be merged: the log of a pack, a backup, or a
// session's file from another computer. All of it was checked.
type mergeSource struct {
	// path is what another program of this computer opens to see the same.
	path string
	log  oplog.Log
	view *moot.View
	// changed is how many other files of a pack were changed since it was written.
	changed int
	close   func()
}

func (s *mergeSource) session() oplog.SessionID { return s.view.Session.ID }

// mergeTrouble says why a file cannot be merged; nothing was changed by it.
func mergeTrouble(key, path string, err error) error {
	return &readmodel.Trouble{Key: key, Args: map[string]any{"Name": filepath.Base(path)}, Err: err}
}

// openMerge opens what somebody brought, and checks every sum and signature of it before
// anybody looks at what it says. Errors: *readmodel.Trouble, *intake.Fault,
// replica.ErrFull where there is no room to unpack it.
func (a *app) openMerge(path string) (*mergeSource, error) {
	found, err := findPack(path, a.freeRoom())
	if err != nil {
		return nil, err
	}
	switch {
	case found.log != "":
		source, err := openPackLog(path, found)
		if err != nil {
			found.remove()
		}
		return source, err
	case found.isPack:
		found.remove()
		return nil, mergeTrouble("merge.no_log", path, nil)
	}
	found.remove()
	if !isFile(path) {
		return nil, mergeTrouble("merge.not_known", path, nil)
	}
	return a.openMergeFile(path)
}

func openPackLog(path string, found foundPack) (*mergeSource, error) {
	at := filepath.Join(found.log, logName)
	verified, err := verifyPart(found.log)
	var known *readmodel.Trouble
	switch {
	case errors.As(err, &known) && newerLog(at):
		return nil, mergeTrouble("merge.newer", path, oplog.ErrNewer)
	case errors.As(err, &known):
		return nil, mergeTrouble("merge.damaged", path, err)
	case err != nil:
		return nil, err
	}
	log, err := report.OpenLog(at)
	if err != nil {
		return nil, mergeTrouble("merge.damaged", path, err)
	}
	where, err := filepath.Abs(found.log)
	if err != nil {
		log.Close()
		return nil, err
	}
	return &mergeSource{path: where, log: log, view: verified.State(), changed: len(verified.BadFiles), close: func() { log.Close(); found.remove() }}, nil
}

// newerLog says whether a log cannot be read since a newer version of the program wrote it.
func newerLog(path string) bool {
	log, err := report.OpenLog(path)
	if err == nil {
		log.Close()
	}
	return errors.Is(err, oplog.ErrNewer)
}

// openMergeFile opens a backup, or a session's file of another computer. Without its key
// file the latter has no names; they are filled in when its device is met.
func (a *app) openMergeFile(path string) (*mergeSource, error) {
	if a.isOwn(path) {
		return nil, mergeTrouble("merge.own", path, nil)
	}
	file, err := openRecord(path)
	switch {
	case errors.Is(err, store.ErrNewerFormat):
		return nil, mergeTrouble("merge.newer", path, err)
	case errors.Is(err, store.ErrOpenElsewhere):
		return nil, mergeTrouble("merge.busy", path, err)
	case err != nil && strings.HasSuffix(path, store.BackupSuffix), errors.Is(err, store.ErrBackup):
		return nil, mergeTrouble("merge.damaged", path, err)
	case err != nil:
		return nil, mergeTrouble("merge.not_known", path, err)
	}
	found, state := verifyLog(file.Session(), file)
	if !found.OK || found.Entries == 0 {
		file.Close()
		why := errors.New("it holds no entry")
		if found.FirstBad != nil {
			why = fmt.Errorf("entry %d of %s: %s", found.FirstBad.Seq, found.FirstBad.Replica, found.FirstBad.Why)
		}
		return nil, mergeTrouble("merge.damaged", path, why)
	}
	where, err := filepath.Abs(path)
	if err != nil {
		file.Close()
		return nil, err
	}
	return &mergeSource{path: where, log: file, view: state.View(), close: func() { file.Close() }}, nil
}

// openRecord opens a backup with its names, whatever it is called, else a session's file
// for reading.
func openRecord(path string) (*store.File, error) {
	if err := store.CheckBackup(path); err == nil {
		file, _, err := store.OpenBackup(path)
		return file, err
	} else if strings.HasSuffix(path, store.BackupSuffix) {
		return nil, err
	}
	return store.Open(path, store.Options{ReadOnly: true})
}

// isOwn says whether a file is a session of this computer itself.
func (a *app) isOwn(path string) bool {
	info, err := os.Stat(path)
	if err != nil {
		return false
	}
	ids, err := a.sessions()
	if err != nil {
		return false
	}
	for _, id := range ids {
		if own, err := a.path(id); err == nil {
			if other, err := os.Stat(own); err == nil && os.SameFile(info, other) {
				return true
			}
		}
	}
	return false
}

// merged is what a merge did to the record.
type merged struct {
	// Entries were new, Filled ones got what they say of a person, Bad ones were put
	// aside, Left ones wait for others, and Forks are logs of two branches.
	Entries, Filled, Bad, Left, Forks int
}

// merge takes a source into a session, the way that a device's entries take: rules first,
// then entries in pieces, each checked. What is in before an error stays, and the same
// merge once more goes on from there. progress is told how many entries came so far.
func merge(ctx context.Context, session opened, source *mergeSource, progress func(done int)) (merged, error) {
	switch s := session.(type) {
	case *local:
		return mergeHere(ctx, s, source, progress)
	case *remote:
		return s.merge(ctx, source.path, progress)
	}
	return merged{}, fmt.Errorf("nothing can be merged into a %T", session)
}

func mergeHere(ctx context.Context, held *local, source *mergeSource, progress func(done int)) (merged, error) {
	done := 0
	still := peer.NewStill(source.log, source.view, func(n int) { done += n; progress(done) })
	did, err := peer.New(held.Replica, peer.Options{}).Exchange(ctx, still.Answer)
	out := merged{Entries: did.Pulled, Filled: did.Filled, Bad: did.Bad, Forks: len(did.Forks)}
	var no *peer.Refusal
	switch {
	case errors.As(err, &no) && no.Code == peer.Disk:
		err = fmt.Errorf("merge: %w: %w", replica.ErrFull, err)
	case errors.As(err, &no) && no.Code == peer.Reopening:
		err = held.why(fmt.Errorf("merge: %w: %w", replica.ErrAgain, err))
	}
	if err != nil {
		return out, err
	}
	out.Left, err = leftOut(held, source.log)
	return out, err
}

// leftOut counts the entries of a source that the record cannot take as yet: of logs
// beyond the limit, behind bad ones, and behind a split.
func leftOut(held *local, from oplog.Log) (int, error) {
	have, err := held.Heads()
	if err != nil {
		return 0, err
	}
	theirs, err := from.Heads()
	left := 0
	for id, head := range theirs {
		if mine := have[id].Seq; head.Seq > mine {
			left += int(head.Seq - mine)
		}
	}
	return left, err
}
