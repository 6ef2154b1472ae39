package command_test

import (
	"os"
	"path/filepath"
	"testing"

	"folkmoot/app/readmodel"
	"folkmoot/sync/oplog"
	"folkmoot/sync/store"
)

// The desk backs up into two places, remembers the second one, and brings a damaged
// session back from its list.
func TestDeskBacksUpAndBringsBack(t *testing.T) {
	data, stick := t.TempDir(), t.TempDir()
	d := newDesk(t, data)
	id := makeOne(t, d, "The riverside")
	s := open(t, d, id)
	if got := s.Sheet().Backups; got.State() != readmodel.BackupNone {
		t.Errorf("at first %+v", got)
	}
	wantTrouble(t, s.SecondFolder(t.Context(), filepath.Join(stick, "gone")), "backup.absent")
	if err := s.SecondFolder(t.Context(), stick); err != nil {
		t.Fatal(err)
	}
	if got := s.Sheet().Backups; got.State() != readmodel.BackupFine || got.Places != 2 || got.Second != stick {
		t.Errorf("with a stick %+v", got)
	}
	do(t, s, readmodel.Act{Act: "add", Text: "More shade.", Lang: "en"})
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	newest := func(folder string) store.Backup {
		t.Helper()
		found, err := store.Backups(folder, oplog.SessionID{})
		if err != nil || len(found) == 0 {
			t.Fatalf("%s: %v, %v", folder, found, err)
		}
		return found[0]
	}
	here, there := newest(filepath.Join(data, "backup", id)), newest(stick)
	if here.N != 2 || there.N != 2 {
		t.Errorf("at the close %d here, %d on the stick", here.N, there.N)
	}
	again := newDesk(t, data)
	s = open(t, again, id)
	if got := s.Backups(); got.Second != stick || got.Last == 0 || got.Places != 2 {
		t.Errorf("the next start knows %+v", got)
	}
	if err := s.SecondFolder(t.Context(), ""); err != nil || s.Backups().Second != "" {
		t.Errorf("without a second folder: %v, %+v", err, s.Backups())
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	here = newest(filepath.Join(data, "backup", id)) // the hub's address may have been noted meanwhile
	if _, err := again.BringBack(t.Context(), here.Path); err == nil {
		t.Error("a session that is here was replaced")
	} else {
		wantTrouble(t, err, "backup.here")
	}
	if err := os.WriteFile(filepath.Join(data, id+".folkmoot"), []byte("damaged"), 0o600); err != nil {
		t.Fatal(err)
	}
	cards, err := again.Cards(t.Context())
	if err != nil || len(cards) != 1 || cards[0].Backup != here.Path {
		t.Fatalf("%+v, %v", cards, err)
	}
	wantTrouble(t, cards[0].Trouble, "desk.unreadable_backup")
	files, err := again.BackupFiles(t.Context())
	if err != nil || len(files) != 1 || files[0].Here || files[0].Title != "The riverside" || files[0].Entries != here.Entries {
		t.Errorf("offered %+v, %v", files, err)
	}
	brought, err := again.BringBack(t.Context(), cards[0].Backup)
	if err != nil || brought.ID != id || brought.Title != "The riverside" || len(brought.Notes) != 2 {
		t.Fatalf("%+v, %v", brought, err)
	}
	if files, _ := again.BackupFiles(t.Context()); len(files) != 1 || !files[0].Here {
		t.Errorf("afterwards %+v", files)
	}
	s = open(t, again, id)
	defer s.Close()
	if got := len(s.Sheet().Statements); got != 4 {
		t.Errorf("%d statements are back", got)
	}
	junk := filepath.Join(t.TempDir(), "x.folkmoot-backup")
	if err := os.WriteFile(junk, []byte("no backup"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = again.BringBack(t.Context(), junk)
	wantTrouble(t, err, "backup.no_backup")
}
