//go:build unix

package command

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// What lies on a stick in the place of the mark is neither followed nor waited for.
func TestMarkIsNoLinkAndNoPipe(t *testing.T) {
	diary := filepath.Join(t.TempDir(), "diary.txt")
	for name, plant := range map[string]func(path string) error{
		"a link to a file":  func(path string) error { return os.Symlink(diary, path) },
		"a link to nothing": func(path string) error { return os.Symlink(diary+".new", path) },
		"a pipe":            func(path string) error { return unix.Mkfifo(path, 0o600) },
		"a folder":          func(path string) error { return os.Mkdir(path, 0o700) },
	} {
		stick := t.TempDir()
		if err := errors.Join(os.WriteFile(diary, []byte("my secret\n"), 0o600), plant(filepath.Join(stick, markName))); err != nil {
			t.Fatal(err)
		}
		done := make(chan error, 2)
		go func() {
			_, err := markPlace(stick)
			done <- err
			done <- place{Folder: stick, Mark: "my secret"}.there()
		}()
		for _, want := range []error{errMark, errAbsent} {
			select {
			case err := <-done:
				if !errors.Is(err, want) {
					t.Errorf("%s: %v, want %v", name, err, want)
				}
			case <-time.After(10 * time.Second):
				t.Fatalf("%s: waits without end", name)
			}
		}
		if text, err := os.ReadFile(diary); err != nil || string(text) != "my secret\n" {
			t.Errorf("%s: the file it leads to holds %q, %v", name, text, err)
		}
		if _, err := os.Lstat(diary + ".new"); err == nil {
			t.Errorf("%s: a file was made elsewhere", name)
		}
	}
}

// A mark that was cut short is made anew, and what else had its content keeps it.
func TestMarkIsMadeAnew(t *testing.T) {
	stick, other := t.TempDir(), filepath.Join(t.TempDir(), "other")
	if err := errors.Join(os.WriteFile(other, []byte("short\n"), 0o600), os.Link(other, filepath.Join(stick, markName))); err != nil {
		t.Fatal(err)
	}
	p, err := markPlace(stick)
	if err != nil || p.there() != nil {
		t.Fatalf("%+v, %v", p, err)
	}
	if again, err := markPlace(stick); err != nil || again != p {
		t.Errorf("again: %+v, %v", again, err)
	}
	if text, err := os.ReadFile(other); err != nil || string(text) != "short\n" {
		t.Errorf("the other name of the file: %q, %v", text, err)
	}
}
