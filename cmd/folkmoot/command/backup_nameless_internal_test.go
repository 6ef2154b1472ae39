package command

import (
	"bytes"
	"crypto/rand"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"folkmoot/sync/moot"
	"folkmoot/sync/store"
)

// A peer says that names were erased: the next backup replaces all that hold them, once,
// and what was put aside goes too.
func TestBackupsFollowAnUnlinkFromAPeer(t *testing.T) {
	a, held := heldSession(t)
	b := held.guarded(a)
	var pid moot.ParticipantID
	rand.Read(pid[:])
	held.must(t, &moot.SetPerson{Person: pid, Field: moot.PersonName, Value: "Ann Example", Rev: 1})
	stick, byHand := t.TempDir(), t.TempDir()
	second(t, a, stick)
	if err := b.Write(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := b.writeTo(t.Context(), byHand); err != nil {
		t.Fatal(err)
	}
	aside := filepath.Join(a.data, "damaged", "x", store.Name(b.id()))
	if err := os.MkdirAll(filepath.Dir(aside), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(aside, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	folder, _ := a.backupFolder(b.id())
	kept, err := os.ReadFile(b.last.Path)
	if err != nil {
		t.Fatal(err)
	}
	seal := bytes.Clone(held.file.Keys().Seal)
	if _, err := held.Obey(t.Context(), moot.Rules{Unlinked: true}); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second time there is nothing to do
		if err := b.Write(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	for where, want := range map[string][]uint64{folder: {3}, stick: {3}, byHand: nil} {
		if got := listedBackups(t, where, b.id()); !slices.Equal(got, want) {
			t.Errorf("%s holds %v, want %v", where, got, want)
		}
		nameless(t, where, seal)
	}
	if _, err := os.Stat(aside); err == nil {
		t.Error("what was put aside is there")
	}
	// A stick that this computer did not know comes with a backup of before.
	late := t.TempDir()
	if err := os.WriteFile(filepath.Join(late, "old"+store.BackupSuffix), kept, 0o600); err != nil {
		t.Fatal(err)
	}
	second(t, a, late)
	if err := b.Write(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := listedBackups(t, late, b.id()); !slices.Equal(got, []uint64{3}) {
		t.Errorf("the late stick holds %v", got)
	}
	nameless(t, late, seal)
	// The next start knows that it is done.
	if done, err := a.backups(held).eraseNames(); done || err != nil {
		t.Errorf("once more: %v, %v", done, err)
	}
}
