package command

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"folkmoot/sync/store"
)

// second makes a folder the second one of a computer.
func second(t *testing.T, a *app, folder string) place {
	t.Helper()
	p, err := markPlace(folder)
	if err != nil {
		t.Fatal(err)
	}
	if err := a.changePlaces(func(all *backupPlaces) { all.Second = &p }); err != nil {
		t.Fatal(err)
	}
	return p
}

// restored brings a backup back on another computer, and holds the session there.
func restored(t *testing.T, path string) (*app, *local) {
	t.Helper()
	a := &app{Streams: Streams{Out: t.Output(), Err: t.Output(), Env: func(string) string { return "" }}, data: t.TempDir()}
	if _, err := a.bringBackup(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	_, b, err := store.OpenBackup(path)
	if err != nil {
		t.Fatal(err)
	}
	held, err := a.hold(b.Session)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { held.Close() })
	return a, held
}

// A session goes on upon another computer, from an early backup, and then the stick of the
// first one is put in, on which later ones lie: what is written now is the newest there,
// and stays.
func TestBackupsGoOnAfterARestore(t *testing.T) {
	a, held := heldSession(t)
	stick := t.TempDir()
	second(t, a, stick)
	early := filepath.Join(t.TempDir(), "early"+store.BackupSuffix)
	for n := range keptBackups + 2 {
		held.must(t, statement("Number "+string(rune('A'+n))))
		if err := held.guarded(a).Write(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n != 3 {
			continue
		}
		raw, err := os.ReadFile(held.guarded(a).last.Path)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(early, raw, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	other, back := restored(t, early)
	b := back.guarded(other)
	if err := b.Write(t.Context()); err != nil {
		t.Fatal(err)
	}
	folder, _ := other.backupFolder(b.id())
	if got := listedBackups(t, folder, b.id()); !slices.Equal(got, []uint64{5}) {
		t.Errorf("after the restore of number 4: %v", got)
	}
	second(t, other, stick)
	if err := b.Write(t.Context()); err != nil { // though nothing has changed
		t.Fatal(err)
	}
	heads, _ := back.file.Heads()
	for _, where := range []string{folder, stick} {
		found, err := store.Backups(where, b.id())
		if err != nil || len(found) == 0 || found[0].N != 15 || !maps.Equal(found[0].Heads, heads) {
			t.Errorf("%s: %v, %v", where, listedBackups(t, where, b.id()), err)
		}
	}
	if got := b.State(); got.Places != 2 {
		t.Errorf("said %+v", got)
	}
	if newest, ok := other.newestBackup(b.id()); !ok || !maps.Equal(newest.Heads, heads) {
		t.Errorf("a restore would take number %d", newest.N)
	}
}
