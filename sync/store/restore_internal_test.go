package store

import (
	"bytes"
	"crypto/rand"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"folkmoot/sync/oplog"
)

// damagedBeside makes a backup, and a folder in which a damaged session of its id lies.
func damagedBeside(t *testing.T) (backup, folder string, damaged map[string][]byte) {
	t.Helper()
	session := oplog.SessionID{7}
	f, err := Create(t.TempDir(), session, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	b, err := f.Backup(t.Context(), t.TempDir(), BackupOptions{Now: time.Unix(1_800_000_000, 0), N: 1})
	if err != nil {
		t.Fatal(err)
	}
	folder = t.TempDir()
	record := filepath.Join(folder, Name(session))
	damaged = map[string][]byte{record: []byte("damaged"), keyPath(record): []byte("its key")}
	for path, data := range damaged {
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return b.Path, folder, damaged
}

func wantFiles(t *testing.T, want map[string][]byte) {
	t.Helper()
	for path, data := range want {
		if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, data) {
			t.Errorf("%s: %q, %v", path, got, err)
		}
	}
}

// At whatever renaming a restore fails, what was there before is there again.
func TestRestoreGivesBackWhatItMoved(t *testing.T) {
	backup, folder, damaged := damagedBeside(t)
	broken := errors.New("the disk is broken")
	calls := 0
	for ; ; calls++ {
		left := calls
		aside := filepath.Join(folder, "damaged", "x")
		_, err := Restore(t.Context(), backup, folder, RestoreOptions{Random: rand.Reader, Aside: aside, rename: func(from, to string) error {
			if left--; left < 0 {
				return broken
			}
			return os.Rename(from, to)
		}})
		if err == nil {
			break
		}
		if !errors.Is(err, broken) {
			t.Fatalf("call %d: %v", calls, err)
		}
		wantFiles(t, damaged)
		for dir, want := range map[string]int{folder: 4, aside: 0} { // record, key, lock, damaged
			if entries, _ := os.ReadDir(dir); dir == folder && len(entries) > want || dir == aside && len(entries) > 0 {
				t.Fatalf("call %d: in %s lies %v", calls, dir, entries)
			}
		}
	}
	if calls != 4 {
		t.Errorf("%d renamings were made to fail, want 4", calls)
	}
}

// Right before anything is moved it is asked once more whether it may be.
func TestRestoreAsksOnceMore(t *testing.T) {
	backup, folder, damaged := damagedBeside(t)
	another := errors.New("another program was faster")
	written := false
	_, err := Restore(t.Context(), backup, folder, RestoreOptions{Random: rand.Reader, Aside: filepath.Join(folder, "damaged"), Still: func() error {
		parts, _ := filepath.Glob(filepath.Join(folder, "*.restoring"))
		written = len(parts) == 2
		return another
	}})
	if !errors.Is(err, another) {
		t.Errorf("restored: %v", err)
	}
	if !written {
		t.Error("it was asked before all was written")
	}
	wantFiles(t, damaged)
	if entries, _ := os.ReadDir(folder); len(entries) != 3 { // record, key, lock
		t.Errorf("there lies %v", entries)
	}
}
