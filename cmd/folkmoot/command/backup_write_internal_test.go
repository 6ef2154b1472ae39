package command

import (
	"bytes"
	"crypto/rand"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"folkmoot/app/readmodel"
	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
	"folkmoot/sync/store"
)

// heldSession makes a session and holds it.
func heldSession(t *testing.T) (*app, *local) {
	t.Helper()
	a := &app{Streams: Streams{Out: t.Output(), Err: t.Output(), Env: func(string) string { return "" }}, data: t.TempDir()}
	items, err := readmodel.NewSession(readmodel.NewSessionOptions{Template: "opinion", Title: "Riverside", Languages: []string{"en", "zh-Hant"}}, nowMS(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	var id oplog.SessionID
	rand.Read(id[:])
	held, err := a.makeSession(t.Context(), id, items)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { held.Close() })
	return a, held
}

func (l *local) must(t *testing.T, payloads ...moot.Payload) {
	t.Helper()
	var items []moot.Item
	for _, p := range payloads {
		items = append(items, item(p))
	}
	if err := refusals(l.Do(t.Context(), items...)); err != nil {
		t.Fatal(err)
	}
}

func statement(text string) *moot.NewStatement {
	return &moot.NewStatement{Text: text, Lang: "en", Standing: moot.Approved, Src: moot.FromHost, Made: nowMS()}
}

// listed gives the numbers of the backups in a folder, the newest first.
func listedBackups(t *testing.T, folder string, id oplog.SessionID) []uint64 {
	t.Helper()
	found, err := store.Backups(folder, id)
	if err != nil {
		t.Fatal(err)
	}
	var out []uint64
	for _, b := range found {
		out = append(out, b.N)
	}
	return out
}

func TestBackupsAreWrittenWhereSomethingChanged(t *testing.T) {
	a, held := heldSession(t)
	b := held.guarded(a)
	folder, _ := a.backupFolder(b.id())
	if got := b.State(); got.State() != readmodel.BackupNone {
		t.Errorf("before: %+v", got)
	}
	for range 2 { // the second time nothing has changed
		if err := b.Write(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if got := listedBackups(t, folder, b.id()); !slices.Equal(got, []uint64{1}) {
		t.Errorf("backups %v", got)
	}
	for n := range 14 {
		held.must(t, statement("Number "+string(rune('A'+n))))
		if err := b.Write(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if got := listedBackups(t, folder, b.id()); len(got) != keptBackups || got[0] != 15 || got[11] != 4 {
		t.Errorf("backups %v", got)
	}
	state := b.State()
	if state.State() != readmodel.BackupFine || state.Places != 1 || state.Last == 0 {
		t.Errorf("afterwards: %+v", state)
	}
	if again := a.backups(held); again.State().Last == 0 || again.last.N != 15 { // the next start knows
		t.Errorf("the next start: %+v", again.State())
	}
}

func TestSecondFolderComesAndGoes(t *testing.T) {
	a, held := heldSession(t)
	b := held.guarded(a)
	folder, _ := a.backupFolder(b.id())
	stick := filepath.Join(t.TempDir(), "stick")
	if err := os.Mkdir(stick, 0o700); err != nil {
		t.Fatal(err)
	}
	second, err := markPlace(stick)
	if err != nil {
		t.Fatal(err)
	}
	if err := a.changePlaces(func(all *backupPlaces) { all.Second = &second }); err != nil {
		t.Fatal(err)
	}
	write := func(what string, state readmodel.BackupState, trouble string, first, there []uint64) {
		t.Helper()
		if err := b.Write(t.Context()); err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		got := b.State()
		if got.State() != state || (trouble != "") != (got.SecondTrouble != nil) || trouble != "" && got.SecondTrouble.Key != trouble {
			t.Errorf("%s: %+v %v", what, got, got.SecondTrouble)
		}
		if nums := listedBackups(t, folder, b.id()); !slices.Equal(nums, first) {
			t.Errorf("%s: here %v", what, nums)
		}
		if nums := listedBackups(t, stick, b.id()); !slices.Equal(nums, there) {
			t.Errorf("%s: on the stick %v", what, nums)
		}
	}
	write("both", readmodel.BackupFine, "", []uint64{1}, []uint64{1})
	if b.State().Places != 2 {
		t.Errorf("in %d places", b.State().Places)
	}
	// The stick is taken out, and the system leaves an empty folder behind.
	away := stick + "-away"
	if err := os.Rename(stick, away); err != nil {
		t.Fatal(err)
	}
	held.must(t, statement("More trees."))
	write("taken out", readmodel.BackupPartly, "backup.absent", []uint64{2, 1}, nil)
	if err := os.Mkdir(stick, 0o700); err != nil {
		t.Fatal(err)
	}
	write("an empty folder", readmodel.BackupPartly, "backup.absent", []uint64{2, 1}, nil)
	if err := os.Remove(stick); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(away, stick); err != nil {
		t.Fatal(err)
	}
	write("back", readmodel.BackupFine, "", []uint64{2, 1}, []uint64{2, 1}) // though nothing has changed
	// No room on the stick: it is not filled to its end, and the first folder goes on.
	held.must(t, statement("More benches."))
	b.room = func(folder string) (uint64, error) {
		if folder == stick {
			return 0, nil
		}
		return 1 << 40, nil
	}
	write("full", readmodel.BackupPartly, "backup.no_room", []uint64{3, 2, 1}, []uint64{2, 1})
	b.room = store.Free
	// The first folder cannot be written: the stick gets the record's own.
	held.must(t, statement("Fewer cars."))
	if err := os.RemoveAll(folder); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(folder, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := b.Write(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := b.State(); got.State() != readmodel.BackupPartly || got.Trouble == nil || got.Places != 1 {
		t.Errorf("the first folder is gone: %+v", got)
	}
	if nums := listedBackups(t, stick, b.id()); !slices.Equal(nums, []uint64{4, 2, 1}) {
		t.Errorf("on the stick %v", nums)
	}
	// Neither: that is said, nothing half-done remains, and the session goes on.
	held.must(t, statement("More shade."))
	if err := os.Rename(stick, away); err != nil {
		t.Fatal(err)
	}
	err = b.Write(t.Context())
	if err == nil || b.State().State() != readmodel.BackupWrong {
		t.Errorf("nowhere: %v, %+v", err, b.State())
	}
	held.must(t, statement("It goes on."))
	if err := os.Remove(folder); err != nil {
		t.Fatal(err)
	}
	if err := b.Write(t.Context()); err != nil || b.State().Trouble != nil {
		t.Errorf("afterwards: %v, %+v", err, b.State())
	}
}

// Names are in no backup any more once they were erased, wherever it lies; a place that
// was away is named, and done when it is back.
func TestRemakeBackups(t *testing.T) {
	a, held := heldSession(t)
	b := held.guarded(a)
	var pid moot.ParticipantID
	rand.Read(pid[:])
	held.must(t, &moot.SetPerson{Person: pid, Field: moot.PersonName, Value: "Ann Example", Rev: 1})
	sticks := make([]place, 2)
	for i := range sticks {
		var err error
		if sticks[i], err = markPlace(t.TempDir()); err != nil {
			t.Fatal(err)
		}
		if err := a.changePlaces(func(all *backupPlaces) { all.Second = &sticks[i] }); err != nil {
			t.Fatal(err)
		}
		held.must(t, statement("Number "+string(rune('A'+i))))
		if err := b.Write(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	byHand := t.TempDir()
	if _, err := b.writeTo(t.Context(), byHand); err != nil {
		t.Fatal(err)
	}
	seal := bytes.Clone(held.file.Keys().Seal)
	away := sticks[0].Folder + "-away"
	if err := os.Rename(sticks[0].Folder, away); err != nil {
		t.Fatal(err)
	}
	held.must(t, &moot.Unlink{At: nowMS()})
	left, err := a.remakeBackups(t.Context(), held)
	if err != nil || !slices.Equal(left, []string{sticks[0].Folder}) {
		t.Fatalf("left %q, %v", left, err)
	}
	folder, _ := a.backupFolder(b.id())
	for where, want := range map[string]int{folder: 1, sticks[1].Folder: 1, byHand: 0} {
		if got := listedBackups(t, where, b.id()); len(got) != want {
			t.Errorf("%s holds %v", where, got)
		}
		nameless(t, where, seal)
	}
	if got := listedBackups(t, away, b.id()); len(got) != 1 {
		t.Fatalf("on the stick that is away %v", got)
	}
	if err := os.Rename(away, sticks[0].Folder); err != nil {
		t.Fatal(err)
	}
	if err := b.Write(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := listedBackups(t, sticks[0].Folder, b.id()); len(got) != 0 {
		t.Errorf("it is back, and holds %v", got)
	}
	if late := a.readPlaces().Erase; len(late) != 0 {
		t.Errorf("still to be done: %v", late)
	}
}

// nameless wants no backup in a folder to give a name away, or to hold the key of before.
func nameless(t *testing.T, folder string, seal []byte) {
	t.Helper()
	found, _ := store.Backups(folder, oplog.SessionID{})
	for _, b := range found {
		file, _, err := store.OpenBackup(b.Path)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Equal(file.Keys().Seal, seal) {
			t.Errorf("%s holds the key of before", b.Path)
		}
		oplog.All(file, func(e oplog.Entry) bool {
			if e.Class == oplog.Personal && !e.Redacted() {
				t.Errorf("%s holds a name in entry %d", b.Path, e.Seq)
			}
			return true
		})
		file.Close()
	}
}
