//go:build unix

package report

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

func modeOf(t *testing.T, path string) fs.FileMode {
	t.Helper()
	info, err := os.Lstat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info.Mode().Perm()
}

// draftOf makes a draft as WritePack has it before its modes are set.
func draftOf(t *testing.T) string {
	t.Helper()
	draft, err := os.MkdirTemp(t.TempDir(), ".pack-")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"public/map.svg", "private/log.jsonl", "private/polis/votes.csv"} {
		if err := put(Folder(draft), path, []byte("x")); err != nil {
			t.Fatal(err)
		}
	}
	return draft
}

func TestPrivatePartIsItsOwners(t *testing.T) {
	draft := draftOf(t)
	if err := setModes(draft); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]fs.FileMode{"": 0o755, "private": 0o700, "private/polis": 0o700, "private/log.jsonl": 0o600, "private/polis/votes.csv": 0o600} {
		if got := modeOf(t, filepath.Join(draft, path)); got != want {
			t.Errorf("%q has mode %o, want %o", path, got, want)
		}
	}
	if got := modeOf(t, filepath.Join(draft, "public/map.svg")); got&0o600 != 0o600 || got == 0o600 {
		t.Errorf("the public part has mode %o", got)
	}
}

// While anything of the private part can still be read, nobody gets into the draft.
func TestDraftIsOpenedLast(t *testing.T) {
	draft := draftOf(t)
	if err := os.Symlink(filepath.Join(draft, "nowhere"), filepath.Join(draft, "private", "z")); err != nil {
		t.Fatal(err)
	}
	if err := setModes(draft); !errors.Is(err, os.ErrNotExist) {
		t.Fatalf("error %v", err)
	}
	if got := modeOf(t, draft); got != 0o700 {
		t.Errorf("the draft has mode %o", got)
	}
}
