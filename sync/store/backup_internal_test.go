package store

import (
	"crypto/rand"
	"errors"
	"os"
	"testing"
	"time"

	"folkmoot/sync/oplog"
)

// failingPart fails at the nth call of its file.
type failingPart struct {
	part
	left *int
	err  error
}

func (f *failingPart) fails() bool { *f.left--; return *f.left < 0 }

func (f *failingPart) Write(p []byte) (int, error) {
	if f.fails() {
		n, _ := f.part.Write(p[:len(p)/2]) // half of it is there
		return n, f.err
	}
	return f.part.Write(p)
}

func (f *failingPart) Sync() error {
	if f.fails() {
		return f.err
	}
	return f.part.Sync()
}

func (f *failingPart) Close() error {
	f.part.Close()
	if f.fails() {
		return f.err
	}
	return nil
}

// At whatever call a disk fails while a backup is written, nothing of it remains, the one
// before stays, and the record goes on.
func TestBackupOnAFailingDisk(t *testing.T) {
	session := oplog.SessionID{7}
	f, err := Create(t.TempDir(), session, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	w := oplog.NewWriter(session, f.Keys().Sign, oplog.Head{}, oplog.NewClock(oplog.Time{}), rand.Reader)
	add := func() {
		t.Helper()
		draft, err := w.Open("test")
		if w.Head().Seq > 0 {
			draft, err = oplog.Draft{Kind: "test", Schema: 1, Payload: []byte{1}}, nil
		}
		e, werr := w.Write(draft, 1)
		if err = errors.Join(err, werr, f.Append([]oplog.Entry{e})); err != nil {
			t.Fatal(err)
		}
	}
	add()
	folder, broken := t.TempDir(), errors.New("the disk is broken")
	options := BackupOptions{Now: time.Unix(1_800_000_000, 0), N: 1}
	if _, err := f.Backup(t.Context(), folder, options); err != nil {
		t.Fatal(err)
	}
	options.N = 2
	calls := 0
	for ; ; calls++ {
		left := calls
		options.create = func(path string) (part, error) {
			made, err := createPart(path)
			return &failingPart{made, &left, broken}, err
		}
		_, err := f.Backup(t.Context(), folder, options)
		if err == nil {
			break
		}
		if !errors.Is(err, broken) {
			t.Fatalf("call %d: %v", calls, err)
		}
		found, err := Backups(folder, session)
		if err != nil || len(found) != 1 || found[0].N != 1 {
			t.Fatalf("call %d: backups %v, %v", calls, found, err)
		}
		if entries, _ := os.ReadDir(folder); len(entries) != 1 {
			t.Fatalf("call %d: left behind %v", calls, entries)
		}
		add()
	}
	if calls < 4 { // two pages of meta, the rest, the sync, the close
		t.Errorf("only %d calls were made to fail", calls)
	}
	if found, _ := Backups(folder, session); len(found) != 2 || found[0].N != 2 {
		t.Errorf("afterwards: %v", found)
	}
}

// A copy whose logs end elsewhere than the transaction saw is no backup.
func TestBackupIsHeldAgainstItsHeads(t *testing.T) {
	session := oplog.SessionID{7}
	f, err := Create(t.TempDir(), session, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	w := oplog.NewWriter(session, f.Keys().Sign, oplog.Head{}, oplog.NewClock(oplog.Time{}), rand.Reader)
	draft, err := w.Open("test")
	if err != nil {
		t.Fatal(err)
	}
	e, err := w.Write(draft, 1)
	if err = errors.Join(err, f.Append([]oplog.Entry{e})); err != nil {
		t.Fatal(err)
	}
	heads, _ := f.Heads()
	if err := f.checkWhole(heads, (*oplog.Chain).Next); err != nil {
		t.Fatal(err)
	}
	heads[e.Replica] = oplog.Head{Seq: 2, Hash: oplog.Hash{1}}
	if err := f.checkWhole(heads, (*oplog.Chain).Next); !errors.Is(err, ErrBackup) {
		t.Errorf("heads that are not reached: %v", err)
	}
	if err := f.checkWhole(oplog.Heads{}, (*oplog.Chain).Next); !errors.Is(err, ErrBackup) {
		t.Errorf("a log too many: %v", err)
	}
}
