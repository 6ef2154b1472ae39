package command

import (
	"crypto/rand"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
	"folkmoot/sync/store"
)

// later makes a session with a backup, after which somebody joined and a statement came,
// and closes it.
func later(t *testing.T) (a *app, id oplog.SessionID, backup string, pid moot.ParticipantID) {
	t.Helper()
	a, held := heldSession(t)
	if err := held.guarded(a).Write(t.Context()); err != nil {
		t.Fatal(err)
	}
	rand.Read(pid[:])
	held.must(t, &moot.SetPerson{Person: pid, Field: moot.PersonName, Value: "Ann Example", Rev: 1}, statement("It came later."))
	if err := held.Close(); err != nil {
		t.Fatal(err)
	}
	return a, held.file.Session(), held.guarded(a).last.Path, pid
}

// wantLater wants a session to be whole with what came after the backup.
func wantLater(t *testing.T, a *app, id oplog.SessionID, pid moot.ParticipantID) {
	t.Helper()
	held, err := a.hold(id)
	if err != nil {
		t.Fatal(err)
	}
	defer held.Close()
	said := false
	for _, s := range held.View().Statements {
		said = said || s.Text == "It came later."
	}
	if !said {
		t.Error("the statement that came later is not there")
	}
	if p := held.View().Person(pid); p == nil || p.Get(moot.PersonName) != "Ann Example" {
		t.Errorf("the person who came later is %+v", p)
	}
	if left := a.unfinishedAsides(id); len(left) > 0 {
		t.Errorf("still to be read: %q", left)
	}
}

// putAsideAs does what a restore does before it puts the session in its place.
func putAsideAs(t *testing.T, a *app, id oplog.SessionID, name string) {
	t.Helper()
	aside := filepath.Join(a.data, "damaged", name)
	if err := beginAside(aside, id); err != nil {
		t.Fatal(err)
	}
	if err := moveSession(a.data, aside, id); err != nil {
		t.Fatal(err)
	}
}

// A program ends after a restore has moved what was there: the next one reads the rest.
func TestRestoreGoesOnAfterItWasBrokenOff(t *testing.T) {
	for _, placed := range []bool{false, true} {
		a, id, backup, pid := later(t)
		putAsideAs(t, a, id, id.String()[:8]+"-20260601-100000.000")
		if placed { // and has put the session in its place
			if _, err := store.Restore(t.Context(), backup, a.data, store.RestoreOptions{Random: rand.Reader}); err != nil {
				t.Fatal(err)
			}
			held, err := a.hold(id)
			if err != nil {
				t.Fatal(err)
			}
			made, err := held.guarded(a).writeTo(t.Context(), t.TempDir())
			if err != nil {
				t.Fatal(err)
			}
			held.Close()
			if _, err := a.bringBackup(t.Context(), made.Path); !errors.Is(err, errWhole) {
				t.Errorf("from another backup: %v", err)
			}
		}
		doc, err := a.bringBackup(t.Context(), backup)
		if err != nil || doc.Rest == 0 || !strings.Contains(doc.Aside, "20260601") {
			t.Errorf("placed %v: %+v, %v", placed, doc, err)
		}
		wantLater(t, a, id, pid)
		if _, err := a.bringBackup(t.Context(), backup); !errors.Is(err, errWhole) {
			t.Errorf("once more: %v", err)
		}
	}
}

// Where the files of a session changed since they were looked at, nothing is moved.
func TestRestoreSeesThatAnotherProgramWasFaster(t *testing.T) {
	a, id, backup, _ := later(t)
	_, b, err := store.OpenBackup(backup)
	if err != nil {
		t.Fatal(err)
	}
	path, _ := a.path(id)
	key := strings.TrimSuffix(path, ".folkmoot") + ".key"
	kept, err := os.ReadFile(key)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(key); err != nil {
		t.Fatal(err)
	}
	_, still, err := a.mayRestore(b)
	if err != nil || still() != nil {
		t.Fatalf("without a key: %v, %v", err, still())
	}
	if err := os.WriteFile(key, kept, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := still(); !errors.Is(err, store.ErrExists) {
		t.Errorf("the key came back: %v", err)
	}
	for _, p := range []string{path, key} {
		if err := os.Remove(p); err != nil {
			t.Fatal(err)
		}
	}
	// The same restore runs in another program while this one checks its backup.
	_, err = a.bringChecked(t.Context(), backup, func(copied *store.File) (string, error) {
		if _, err := a.bringBackup(t.Context(), backup); err != nil {
			t.Error(err)
		}
		return wholeState(copied)
	})
	if !errors.Is(err, store.ErrExists) {
		t.Errorf("the session came back: %v", err)
	}
	if left, _ := os.ReadDir(filepath.Join(a.data, "damaged")); len(left) != 0 {
		t.Errorf("put aside: %v", left)
	}
	held, err := a.hold(id)
	if err != nil {
		t.Fatal(err)
	}
	held.Close()
}

// With the key file lost, the key in the backup opens the names that came after it.
func TestRestoreReadsLaterNamesWithoutTheKeyFile(t *testing.T) {
	a, id, backup, pid := later(t)
	if err := os.Remove(filepath.Join(a.data, id.String()+".key")); err != nil {
		t.Fatal(err)
	}
	doc, err := a.bringBackup(t.Context(), backup)
	if err != nil || doc.Rest == 0 {
		t.Fatalf("%+v, %v", doc, err)
	}
	wantLater(t, a, id, pid)
}
