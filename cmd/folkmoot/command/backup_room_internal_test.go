package command

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// usedIn gives how many bytes lie in a folder.
func usedIn(t *testing.T, folder string) (n uint64) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		info, err := os.Stat(filepath.Join(folder, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		n += uint64(info.Size())
	}
	return n
}

// Older backups give way where that helps, no more of them than have to; where it does not
// help they stay. The record's room is kept on its own disk only.
func TestBackupMakesRoom(t *testing.T) {
	for _, c := range []struct {
		name  string
		same  bool
		room  func(size, used uint64) uint64 // of the disk, for a record's size and what lies there
		left  []uint64
		wrong string
	}{
		{"enough", true, func(size, used uint64) uint64 { return used + leftFree + size }, []uint64{5, 4, 3, 2, 1}, ""},
		{"one too few", true, func(size, used uint64) uint64 { return used + leftFree + size - 1 }, []uint64{5, 4, 3, 2}, ""},
		{"all but one go", true, func(size, used uint64) uint64 { return leftFree + size + size + size/2 }, []uint64{5, 4}, ""},
		{"not even then", true, func(size, used uint64) uint64 { return leftFree + size }, []uint64{4, 3, 2, 1}, "backup.no_room"},
		{"nothing at all", true, func(size, used uint64) uint64 { return used }, []uint64{4, 3, 2, 1}, "backup.no_room"},
		{"another disk", false, func(size, used uint64) uint64 { return used + size }, []uint64{5, 4, 3, 2, 1}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, held := heldSession(t)
			b := held.guarded(a)
			folder, _ := a.backupFolder(b.id())
			for n := range 4 {
				held.must(t, statement("Number "+string(rune('A'+n))))
				if err := b.Write(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			held.must(t, statement("One more."))
			info, err := os.Stat(held.file.Path())
			if err != nil {
				t.Fatal(err)
			}
			room := c.room(uint64(info.Size()), usedIn(t, folder))
			b.room = func(folder string) (uint64, error) { return room - min(room, usedIn(t, folder)), nil }
			b.beside = func(_, _ string) (bool, error) { return c.same, nil }
			err = b.Write(t.Context())
			if c.wrong == "" && err != nil {
				t.Error(err)
			} else if c.wrong != "" {
				if trouble := asTrouble(t, err); trouble.Key != c.wrong {
					t.Errorf("said %s", trouble.Key)
				}
			}
			if got := listedBackups(t, folder, b.id()); !slices.Equal(got, c.left) {
				t.Errorf("backups %v, want %v", got, c.left)
			}
		})
	}
}
