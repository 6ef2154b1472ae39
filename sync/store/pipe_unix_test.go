//go:build unix

package store_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"folkmoot/sync/store"
)

// soon fails where work does not come to its end.
func soon(t *testing.T, what string, work func()) {
	t.Helper()
	done := make(chan struct{})
	go func() { defer close(done); work() }()
	select {
	case <-done:
	case <-time.After(10 * time.Second):
		t.Fatalf("%s waits without end", what)
	}
}

// A pipe with the name of a backup or a record is not waited for, and a link is not
// followed to what lies elsewhere.
func TestPipesAndLinks(t *testing.T) {
	f := create(t)
	defer f.Close()
	elsewhere, folder := t.TempDir(), t.TempDir()
	other := backup(t, f, elsewhere, 1)
	pipe := filepath.Join(folder, "pipe-"+session.String()[:8]+store.BackupSuffix)
	if err := errors.Join(unix.Mkfifo(pipe, 0o600), os.Symlink(other.Path, filepath.Join(folder, "link-"+session.String()[:8]+store.BackupSuffix))); err != nil {
		t.Fatal(err)
	}
	soon(t, "listing", func() {
		if found, err := store.Backups(folder, session); err != nil || len(found) != 0 {
			t.Errorf("listed: %v, %v", found, err)
		}
	})
	soon(t, "opening", func() {
		if _, _, err := store.OpenBackup(pipe); !errors.Is(err, store.ErrBackup) {
			t.Errorf("opened: %v", err)
		}
	})
	soon(t, "checking", func() {
		if err := store.CheckBackup(pipe); !errors.Is(err, store.ErrBackup) {
			t.Errorf("checked: %v", err)
		}
	})
	soon(t, "removing", func() {
		if err := store.RemoveBackups(folder, session); err != nil {
			t.Error(err)
		}
	})
	if left := names(t, folder); len(left) != 0 {
		t.Errorf("left: %q", left)
	}
	if _, err := os.Stat(other.Path); err != nil {
		t.Errorf("what a link led to: %v", err)
	}
}
