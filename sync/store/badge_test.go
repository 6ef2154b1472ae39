package store_test

import (
	"bytes"
	"crypto/rand"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"folkmoot/sync/badge"
	"folkmoot/sync/oplog"
	"folkmoot/sync/store"
)

func keyFileOf(path string) string { return strings.TrimSuffix(path, ".folkmoot") + ".key" }

func TestBadgeKey(t *testing.T) {
	f, err := store.Create(t.TempDir(), oplog.SessionID{4}, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	before, _ := os.ReadFile(keyFileOf(f.Path()))
	if _, err := store.BadgeKey(f.Path(), nil); !errors.Is(err, store.ErrKey) {
		t.Errorf("no badges yet: %v", err)
	}
	if after, _ := os.ReadFile(keyFileOf(f.Path())); !bytes.Equal(before, after) || bytes.Contains(before, []byte("badge")) {
		t.Errorf("asking changed the key file, or it began with a badge key:\n%s", after)
	}
	// The session is open meanwhile, as in a hub that runs; many ask at once.
	keys := make([]badge.Key, 8)
	var all sync.WaitGroup
	for i := range keys {
		all.Go(func() { keys[i], _ = store.BadgeKey(f.Path(), rand.Reader) })
	}
	all.Wait()
	for _, key := range keys {
		if key == (badge.Key{}) || key != keys[0] {
			t.Fatalf("two keys: %x, %x", key, keys[0])
		}
	}
	sign, seal := f.Keys().Sign, f.Keys().Seal
	f.Close()
	again, err := store.Open(f.Path(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if k := again.Keys(); !sign.Equal(k.Sign) || !bytes.Equal(seal, k.Seal) || !bytes.Equal(k.Badge, keys[0][:]) {
		t.Error("the keys that were there changed, or the badge key is not among them")
	}
	if info, err := os.Stat(keyFileOf(f.Path())); err != nil || info.Mode().Perm()&0o077 != 0 && os.PathSeparator == '/' {
		t.Errorf("others may read the key file: %v, %v", info.Mode(), err)
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(f.Path()), "*.new")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// While the key file cannot be read it is not replaced by one without the badge key, and
// no backup is made without it.
func TestBadgeKeyOutlastsAnUnreadableFile(t *testing.T) {
	f := create(t)
	want, err := store.BadgeKey(f.Path(), rand.Reader) // made while the session is open
	if err != nil {
		t.Fatal(err)
	}
	path := keyFileOf(f.Path())
	if err := os.Rename(path, path+".away"); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(path, path); err != nil { // a link to itself: there, and nobody can read it
		t.Fatal(err)
	}
	if _, err := f.NewKey(rand.Reader); !errors.Is(err, store.ErrKey) {
		t.Errorf("another signing key: %v, want ErrKey", err)
	}
	folder := t.TempDir()
	if _, err := f.Backup(t.Context(), folder, store.BackupOptions{Now: backupDay}); !errors.Is(err, store.ErrKey) || len(names(t, folder)) > 0 {
		t.Errorf("a backup: %v, %q; want ErrKey", err, names(t, folder))
	}
	if err := os.Rename(path+".away", path); err != nil {
		t.Fatal(err)
	}
	if _, err := f.NewKey(rand.Reader); err != nil {
		t.Fatal(err)
	}
	if got, err := store.BadgeKey(f.Path(), nil); err != nil || got != want {
		t.Errorf("the badge key afterwards: %v, the same: %t", err, got == want)
	}
}

// Where the key file is gone, the keys that were read at the opening are written again, all
// of them.
func TestBadgeKeyOutlastsAMissingFile(t *testing.T) {
	f := create(t)
	want, err := store.BadgeKey(f.Path(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	f.Close()
	if f, err = store.Open(f.Path(), store.Options{}); err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := os.Remove(keyFileOf(f.Path())); err != nil {
		t.Fatal(err)
	}
	b := backup(t, f, t.TempDir(), 1)
	if _, err := f.NewKey(rand.Reader); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Restore(t.Context(), b.Path, filepath.Join(filepath.Dir(f.Path()), "restored"), store.RestoreOptions{Random: rand.Reader}); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{f.Path(), filepath.Join(filepath.Dir(f.Path()), "restored", filepath.Base(f.Path()))} {
		if got, err := store.BadgeKey(path, nil); err != nil || got != want {
			t.Errorf("the badge key of %s: %v, the same: %t", path, err, got == want)
		}
	}
}

func TestBadgeKeyOfNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), store.Name(oplog.SessionID{4}))
	if _, err := store.BadgeKey(path, rand.Reader); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a session that is not there: %v", err)
	}
	f, err := store.Create(filepath.Dir(path), oplog.SessionID{4}, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	f.Close()
	for _, text := range []string{"", "{}", `{"sign":"00","seal":"00","badge":"00"}`} {
		os.WriteFile(keyFileOf(path), []byte(text), 0o600)
		if _, err := store.BadgeKey(path, rand.Reader); !errors.Is(err, store.ErrKey) {
			t.Errorf("key file %q: %v", text, err)
		}
		if after, _ := os.ReadFile(keyFileOf(path)); string(after) != text {
			t.Errorf("a key file that cannot be read was replaced: %q", after)
		}
	}
}

func TestTokensKeepTheirDevice(t *testing.T) {
	f, err := store.Create(t.TempDir(), oplog.SessionID{4}, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	want := []oplog.Token{
		{Hash: oplog.Hash{1}, Person: [16]byte{9}},
		{Hash: oplog.Hash{2}, Person: [16]byte{9}, Device: badge.Device{Number: badge.MaxNumber}},
		{Hash: oplog.Hash{3}, Person: [16]byte{9}, Device: badge.Device{Number: 1, Signed: true}},
		{Hash: oplog.Hash{4}, Person: [16]byte{9}, Device: badge.Device{Number: 300, Signed: true, Retired: true}},
	}
	if err := f.Commit(oplog.Change{Tokens: want}); err != nil {
		t.Fatal(err)
	}
	if got, err := f.Tokens(); err != nil || !slices.Equal(got, want) {
		t.Errorf("tokens %v, %v, want %v", got, err, want)
	}
}
