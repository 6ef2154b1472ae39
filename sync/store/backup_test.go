package store_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"

	"folkmoot/sync/oplog"
	"folkmoot/sync/store"
)

var backupDay = time.Date(2026, 6, 14, 14, 32, 5, 0, time.UTC)

// backup writes a backup with a number, of a second each.
func backup(t *testing.T, f *store.File, folder string, n uint64) store.Backup {
	t.Helper()
	b, err := f.Backup(t.Context(), folder, store.BackupOptions{Now: backupDay.Add(time.Duration(n) * time.Second), N: n, Title: "河岸", Check: func(*store.File) (string, error) { return "d1", nil }})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// names gives what lies in a folder.
func names(t *testing.T, folder string) []string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, e := range entries {
		out = append(out, e.Name())
	}
	return out
}

func TestBackupHoldsAllButTheSigningKey(t *testing.T) {
	f := create(t)
	token := oplog.Token{Hash: oplog.Hash{1}, Person: [16]byte{2}}
	row := oplog.Row{Table: "st_vote", Key: "k", Value: []byte("v")}
	entries := write(t, pen(f), oplog.Personal, "Ann Example", "two")
	if err := f.Commit(oplog.Change{Entries: entries, Tokens: []oplog.Token{token}, Rows: []oplog.Row{row}}); err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	b := backup(t, f, folder, 1)
	if want := "2026-06-14-143206-" + session.String()[:8] + ".folkmoot-backup"; filepath.Base(b.Path) != want {
		t.Errorf("it is called %s, want %s", filepath.Base(b.Path), want)
	}
	if b.Entries != 3 || b.Digest != "d1" || b.Title != "河岸" || b.Session != session || !b.Made.Equal(backupDay.Add(time.Second)) {
		t.Errorf("%+v", b)
	}
	file, again, err := store.OpenBackup(b.Path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if again.N != 1 || again.Entries != 3 {
		t.Errorf("read again: %+v", again)
	}
	var got []oplog.Entry
	if err := oplog.All(file, func(e oplog.Entry) bool { got = append(got, e); return true }); err != nil {
		t.Fatal(err)
	}
	if len(got) != 3 || !bytes.Equal(got[1].Payload, entries[1].Payload) {
		t.Errorf("%d entries, or names that cannot be read", len(got))
	}
	if tokens, _ := file.Tokens(); len(tokens) != 1 || tokens[0] != token {
		t.Errorf("tokens %v", tokens)
	}
	if v, _ := file.Row("st_vote", "k"); string(v) != "v" {
		t.Errorf("row %q", v)
	}
	raw, err := os.ReadFile(b.Path)
	if err != nil {
		t.Fatal(err)
	}
	seed := f.Keys().Sign.Seed()
	if bytes.Contains(raw, seed) || bytes.Contains(raw, []byte(hex.EncodeToString(seed))) {
		t.Error("the signing key is in it")
	}
	if got := names(t, folder); len(got) != 1 {
		t.Errorf("left behind: %q", got)
	}
}

// While a backup is written others write into the record; what it holds ends somewhere
// between, whole.
func TestBackupWhileOthersWrite(t *testing.T) {
	f := create(t)
	w := pen(f)
	if err := f.Append(write(t, w, oplog.Public, "one")); err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	during := store.BackupOptions{Now: backupDay, N: 1, Check: func(copied *store.File) (string, error) {
		if err := f.Append(write(t, w, oplog.Public, "two")); err != nil {
			return "", err
		}
		heads, err := copied.Heads()
		return fmt.Sprint(len(heads)), err
	}}
	b, err := f.Backup(t.Context(), folder, during)
	if err != nil || b.Entries != 2 {
		t.Fatalf("%+v, %v", b, err)
	}
	if heads, _ := f.Heads(); heads[w.Replica()].Seq != 3 {
		t.Errorf("the record goes on at %v", heads)
	}
}

func TestBackupFailsWhole(t *testing.T) {
	f := create(t)
	if err := f.Append(write(t, pen(f), oplog.Public, "one")); err != nil {
		t.Fatal(err)
	}
	wrong := errors.New("another state")
	ended, end := context.WithCancel(t.Context())
	end()
	cases := []struct {
		name   string
		ctx    context.Context
		folder string
		check  func(*store.File) (string, error)
		want   error
	}{
		{"the state differs", t.Context(), t.TempDir(), func(*store.File) (string, error) { return "", wrong }, wrong},
		{"ended", ended, t.TempDir(), nil, context.Canceled},
		{"no folder", t.Context(), filepath.Join(t.TempDir(), "gone"), nil, os.ErrNotExist},
	}
	for _, c := range cases {
		_, err := f.Backup(c.ctx, c.folder, store.BackupOptions{Now: backupDay, N: 1, Check: c.check})
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
		if left, _ := os.ReadDir(c.folder); len(left) > 0 {
			t.Errorf("%s: %v is left behind", c.name, left)
		}
	}
}

func TestHalfWrittenBackupIsNoneAndIsSwept(t *testing.T) {
	f, folder := create(t), t.TempDir()
	if err := f.Append(write(t, pen(f), oplog.Public, "one")); err != nil {
		t.Fatal(err)
	}
	half := filepath.Join(folder, "2026-06-14-143000-"+session.String()[:8]+".folkmoot-backup.part")
	other := filepath.Join(folder, "2026-06-14-143000-ffffffff.folkmoot-backup.part")
	for _, path := range []string{half, other} {
		if err := os.WriteFile(path, []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if found, err := store.Backups(folder, session); err != nil || len(found) > 0 {
		t.Fatalf("taken for backups: %v %v", found, err)
	}
	backup(t, f, folder, 1)
	if _, err := os.Stat(half); !errors.Is(err, os.ErrNotExist) {
		t.Error("what was half written is still there")
	}
	if _, err := os.Stat(other); err != nil {
		t.Error("another session's was taken away")
	}
}

func TestKeepBackups(t *testing.T) {
	f, folder := create(t), t.TempDir()
	if err := f.Append(write(t, pen(f), oplog.Public, "one")); err != nil {
		t.Fatal(err)
	}
	// The clock is set back between the second and the third: the number decides.
	for n, at := range []time.Duration{10, 20, 5, 6} {
		_, err := f.Backup(t.Context(), folder, store.BackupOptions{Now: backupDay.Add(at * time.Second), N: uint64(n + 1)})
		if err != nil {
			t.Fatal(err)
		}
	}
	broken := filepath.Join(folder, "2026-06-14-150000-"+session.String()[:8]+".folkmoot-backup")
	if err := os.WriteFile(broken, []byte("broken"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := store.KeepBackups(folder, session, 2); err != nil {
		t.Fatal(err)
	}
	found, err := store.Backups(folder, session)
	if err != nil || len(found) != 2 || found[0].N != 4 || found[1].N != 3 {
		t.Errorf("kept %+v, %v", found, err)
	}
	if err := store.KeepBackups(folder, session, 0); err != nil {
		t.Fatal(err)
	}
	if found, _ := store.Backups(folder, session); len(found) != 1 || found[0].N != 4 {
		t.Errorf("the newest is gone: %+v", found)
	}
	if _, err := os.Stat(broken); err != nil {
		t.Error("what cannot be read was deleted by counting")
	}
	if err := store.RemoveBackups(folder, session); err != nil {
		t.Fatal(err)
	}
	if got := names(t, folder); len(got) != 0 {
		t.Errorf("not removed: %q", got)
	}
}

func TestCopyBackup(t *testing.T) {
	f, folder, stick := create(t), t.TempDir(), t.TempDir()
	if err := f.Append(write(t, pen(f), oplog.Personal, "Ann")); err != nil {
		t.Fatal(err)
	}
	first := backup(t, f, folder, 1)
	second, err := store.CopyBackup(t.Context(), first, stick)
	if err != nil || second.N != 1 || filepath.Dir(second.Path) != stick {
		t.Fatalf("%+v, %v", second, err)
	}
	a, _ := os.ReadFile(first.Path)
	b, _ := os.ReadFile(second.Path)
	if !bytes.Equal(a, b) {
		t.Error("they differ")
	}
	if _, err := store.CopyBackup(t.Context(), first, filepath.Join(stick, "gone")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("into no folder: %v", err)
	}
	if _, err := store.CopyBackup(t.Context(), first, stick); err != nil || len(names(t, stick)) != 2 {
		t.Errorf("once more: %v, %q", err, names(t, stick))
	}
}

func TestRestore(t *testing.T) {
	f := create(t)
	entries := write(t, pen(f), oplog.Personal, "Ann Example")
	token := oplog.Token{Hash: oplog.Hash{1}, Person: [16]byte{2}}
	if err := f.Commit(oplog.Change{Entries: entries, Tokens: []oplog.Token{token}, Rows: []oplog.Row{{Table: "st_vote", Key: "k", Value: []byte("v")}},
		Bad: []oplog.BadEntry{{Data: []byte("x"), Why: "y"}}}); err != nil {
		t.Fatal(err)
	}
	b := backup(t, f, t.TempDir(), 1)
	folder := t.TempDir()
	right := func(*store.File) (string, error) { return "d1", nil }
	if _, err := store.Restore(t.Context(), b.Path, folder, store.RestoreOptions{Random: rand.Reader, Check: func(*store.File) (string, error) { return "d2", nil }}); !errors.Is(err, store.ErrBackup) {
		t.Errorf("another state: %v", err)
	}
	got, err := store.Restore(t.Context(), b.Path, folder, store.RestoreOptions{Random: rand.Reader, Check: right})
	if err != nil || got.Session != session {
		t.Fatalf("%+v, %v", got, err)
	}
	again, err := store.Open(filepath.Join(folder, store.Name(session)), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if again.Keys().Sign.Equal(f.Keys().Sign) || !bytes.Equal(again.Keys().Seal, f.Keys().Seal) {
		t.Error("the signing key is the old one, or what seals names is another")
	}
	var read []oplog.Entry
	if err := oplog.All(again, func(e oplog.Entry) bool { read = append(read, e); return true }); err != nil || len(read) != 2 || !bytes.Equal(read[1].Payload, entries[1].Payload) {
		t.Errorf("%d entries, %v", len(read), err)
	}
	if tokens, _ := again.Tokens(); len(tokens) != 1 || tokens[0] != token {
		t.Errorf("tokens %v", tokens)
	}
	if v, _ := again.Row("st_vote", "k"); string(v) != "v" {
		t.Errorf("row %q", v)
	}
	if bad, _ := again.Bad(); len(bad) != 1 {
		t.Errorf("quarantine %v", bad)
	}
	raw, _ := os.ReadFile(again.Path())
	if bytes.Contains(raw, []byte(hex.EncodeToString(f.Keys().Seal))) {
		t.Error("what seals names lies in the record")
	}
	if got := names(t, folder); len(got) != 3 { // record, key, lock
		t.Errorf("left behind: %q", got)
	}
	if _, err := store.Restore(t.Context(), b.Path, folder, store.RestoreOptions{Random: rand.Reader, Check: right}); !errors.Is(err, store.ErrExists) {
		t.Errorf("over a session that is there: %v", err)
	}
}

func TestRestorePutsAside(t *testing.T) {
	f := create(t)
	if err := f.Append(write(t, pen(f), oplog.Public, "one")); err != nil {
		t.Fatal(err)
	}
	b := backup(t, f, t.TempDir(), 1)
	folder := t.TempDir()
	path := filepath.Join(folder, store.Name(session))
	keys := strings.TrimSuffix(path, ".folkmoot") + ".key"
	for _, p := range []string{path, keys} {
		if err := os.WriteFile(p, []byte("damaged"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	aside := filepath.Join(folder, "damaged", "x")
	if _, err := store.Restore(t.Context(), b.Path, folder, store.RestoreOptions{Random: rand.Reader, Aside: aside}); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{filepath.Base(path), filepath.Base(keys)} {
		if data, err := os.ReadFile(filepath.Join(aside, name)); err != nil || string(data) != "damaged" {
			t.Errorf("%s was not put aside: %v", name, err)
		}
	}
	again, err := store.Open(path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	again.Close()
}

// Whatever byte of a backup changes, it is seen before a session is made of it, or it
// changes nothing.
func TestDamagedBackupIsNotRestored(t *testing.T) {
	f := create(t)
	if err := f.Append(write(t, pen(f), oplog.Public, strings.Repeat("one ", 50))); err != nil {
		t.Fatal(err)
	}
	b := backup(t, f, t.TempDir(), 1)
	raw, err := os.ReadFile(b.Path)
	if err != nil {
		t.Fatal(err)
	}
	at := bytes.Index(raw, []byte("one one one"))
	if at < 0 {
		t.Fatal("the text is not in the file")
	}
	for name, change := range map[string]func() []byte{
		"the sum is gone": func() []byte { return raw[:len(raw)-40] },
		"more behind it":  func() []byte { return append(bytes.Clone(raw), 0) },
		"a letter":        func() []byte { c := bytes.Clone(raw); c[at] ^= 1; return c },
		"cut off":         func() []byte { return raw[:len(raw)/2] },
		"empty":           func() []byte { return nil },
		"text":            func() []byte { return []byte("this is no backup") },
	} {
		path := filepath.Join(t.TempDir(), filepath.Base(b.Path))
		if err := os.WriteFile(path, change(), 0o600); err != nil {
			t.Fatal(err)
		}
		folder := t.TempDir()
		if _, err := store.Restore(t.Context(), path, folder, store.RestoreOptions{Random: rand.Reader}); !errors.Is(err, store.ErrBackup) {
			t.Errorf("%s: %v", name, err)
		}
		if got := names(t, folder); len(got) > 0 {
			t.Errorf("%s: made %q", name, got)
		}
	}
	// A record that is no backup.
	if _, _, err := store.OpenBackup(f.Path()); err == nil {
		t.Error("an open record was taken for a backup")
	}
	f.Close()
	if _, _, err := store.OpenBackup(f.Path()); !errors.Is(err, store.ErrBackup) {
		t.Errorf("a record: %v", err)
	}
	// What a newer program made.
	db, err := bolt.Open(b.Path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	db.Update(func(tx *bolt.Tx) error { return tx.Bucket([]byte("meta")).Put([]byte("format"), []byte("99")) })
	db.Close()
	if _, _, err := store.OpenBackup(b.Path); !errors.Is(err, store.ErrNewerFormat) {
		t.Errorf("of a newer program: %v", err)
	}
}

// After names were erased and backups removed, a fresh backup has no name in its pages.
func TestBackupAfterEraseHasNoName(t *testing.T) {
	f, folder := create(t), t.TempDir()
	if err := f.Append(write(t, pen(f), oplog.Personal, "Ann Example")); err != nil {
		t.Fatal(err)
	}
	old := backup(t, f, folder, 1)
	seal := f.Keys().Seal
	if err := f.Erase(); err != nil {
		t.Fatal(err)
	}
	if err := store.RemoveBackups(folder, session); err != nil {
		t.Fatal(err)
	}
	fresh := backup(t, f, folder, 2)
	if _, err := os.Stat(old.Path); !errors.Is(err, os.ErrNotExist) {
		t.Error("the old backup is there")
	}
	raw, _ := os.ReadFile(fresh.Path)
	if bytes.Contains(raw, []byte(hex.EncodeToString(seal))) {
		t.Error("the old key is in the fresh backup")
	}
	file, _, err := store.OpenBackup(fresh.Path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	oplog.All(file, func(e oplog.Entry) bool {
		if e.Class == oplog.Personal && !e.Redacted() {
			t.Errorf("entry %d has its name", e.Seq)
		}
		return true
	})
}

// A record with a damaged page gives no backup, and does not take the program along.
func TestDamagedRecordGivesNoBackup(t *testing.T) {
	f := create(t)
	w := pen(f)
	for range 40 {
		if err := f.Append(write(t, w, oplog.Public, strings.Repeat("one ", 400))); err != nil {
			t.Fatal(err)
		}
	}
	raw, err := os.ReadFile(f.Path())
	if err != nil {
		t.Fatal(err)
	}
	page := os.Getpagesize()
	at := bytes.LastIndex(raw, []byte("one one one")) / page * page
	file, err := os.OpenFile(f.Path(), os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for start := page * 2; start <= at; start += page { // all pages but those that say where the rest is
		if _, err := file.WriteAt(bytes.Repeat([]byte{0xff}, page), int64(start)); err != nil {
			t.Fatal(err)
		}
	}
	folder := t.TempDir()
	if _, err := f.Backup(t.Context(), folder, store.BackupOptions{Now: backupDay, N: 1}); err == nil {
		t.Error("a damaged record gave a backup")
	}
	if got := names(t, folder); len(got) > 0 {
		t.Errorf("left behind: %q", got)
	}
}

func TestSameDisk(t *testing.T) {
	folder := t.TempDir()
	file := filepath.Join(folder, "x")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if same, err := store.SameDisk(folder, file); !same || err != nil {
		t.Errorf("a folder and a file in it: %v, %v", same, err)
	}
	if _, err := store.SameDisk(folder, filepath.Join(folder, "gone", "x")); err == nil && os.PathSeparator == '/' {
		t.Error("a folder that is not there lies on a disk")
	}
}
