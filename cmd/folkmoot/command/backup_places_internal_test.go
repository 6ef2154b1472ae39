package command

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"folkmoot/sync/moot"
)

// A backup that somebody gave a name is erased with the others; a folder from which
// somebody deleted it is done, and one that is not there is named.
func TestRemakeBackupsFindsThoseWithANameOfTheirOwn(t *testing.T) {
	a, held := heldSession(t)
	b := held.guarded(a)
	_, otherSession := heldSession(t)
	named, emptied, gone := t.TempDir(), t.TempDir(), filepath.Join(t.TempDir(), "gone")
	if err := os.Mkdir(gone, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, folder := range []string{named, emptied, gone} {
		if _, err := b.writeTo(t.Context(), filepath.Join(folder, "riverside")); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := otherSession.guarded(a).writeTo(t.Context(), filepath.Join(named, "another")); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(gone); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(emptied, "riverside.folkmoot-backup")); err != nil {
		t.Fatal(err)
	}
	held.must(t, &moot.Unlink{At: nowMS()})
	left, err := a.remakeBackups(t.Context(), held)
	if err != nil || !slices.Equal(left, []string{gone}) {
		t.Errorf("left %q, %v", left, err)
	}
	entries, err := os.ReadDir(named)
	if err != nil || len(entries) != 1 || entries[0].Name() != "another.folkmoot-backup" {
		t.Errorf("there lies %v, %v", entries, err)
	}
	if late := a.readPlaces().Erase[b.id().String()]; len(late) != 1 || late[0].Folder != gone {
		t.Errorf("still to be done: %v", late)
	}
}
