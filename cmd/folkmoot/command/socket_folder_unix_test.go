//go:build unix

package command

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"folkmoot/sync/oplog"
)

// Where the socket lies below the folder for temporary files, nobody else made the folder
// that it lies in.
func TestSocketFolderIsOurs(t *testing.T) {
	us := os.Getuid()
	for _, tt := range []struct {
		name  string
		plant func(path string) error
		user  int
		want  error
	}{
		{"nothing is there", func(string) error { return nil }, us, nil},
		{"it is there", func(path string) error { return os.Mkdir(path, 0o700) }, us, nil},
		{"others may enter it", func(path string) error { return errors.Join(os.Mkdir(path, 0o700), os.Chmod(path, 0o755)) }, us, errShared},
		{"a link", func(path string) error { return os.Symlink(t.TempDir(), path) }, us, errShared},
		{"a file", func(path string) error { return os.WriteFile(path, nil, 0o600) }, us, errShared},
		{"another user made it", func(path string) error { return os.Mkdir(path, 0o700) }, us + 1, errShared},
	} {
		temp := t.TempDir()
		if err := tt.plant(filepath.Join(temp, fmt.Sprintf("folkmoot-%d", tt.user))); err != nil {
			t.Fatal(err)
		}
		path, err := ownFolder(temp, tt.user)
		if !errors.Is(err, tt.want) {
			t.Errorf("%s: %q, %v", tt.name, path, err)
		}
		if tt.want != nil {
			continue
		}
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o700 {
			t.Errorf("%s: %v, %v", tt.name, info, err)
		}
	}
}

func TestSocketOfALongPath(t *testing.T) {
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	a := &app{data: filepath.Join(t.TempDir(), strings.Repeat("long", 30))}
	own := filepath.Join(temp, fmt.Sprintf("folkmoot-%d", os.Getuid()))
	path, err := a.socketPath(oplog.SessionID{1})
	if err != nil || filepath.Dir(path) != own {
		t.Fatalf("%q, %v", path, err)
	}
	if again, err := a.socketPath(oplog.SessionID{1}); err != nil || again != path {
		t.Errorf("another time %q, %v", again, err)
	}
	if err := os.Chmod(own, 0o777); err != nil {
		t.Fatal(err)
	}
	if path, err := a.socketPath(oplog.SessionID{1}); !errors.Is(err, errShared) {
		t.Errorf("in a folder of everybody's: %q, %v", path, err)
	}
}
