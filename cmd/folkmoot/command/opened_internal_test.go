package command

import (
	"crypto/rand"
	"errors"
	"strings"
	"syscall"
	"testing"

	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
	"folkmoot/sync/store"
	"folkmoot/sync/store/storetest"
)

// A session that could not be opened, or not be mended, is not left as if all were well:
// whoever opens it next looks at it again.
func TestNoCleanMarkWithoutALook(t *testing.T) {
	a := &app{Streams: Streams{Out: t.Output(), Err: t.Output(), Env: func(string) string { return "" }}, data: t.TempDir()}
	unclean := func(f *store.File) bool {
		t.Helper()
		again, err := store.Open(f.Path(), store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer again.Abandon()
		return again.Unclean()
	}

	// Its last entry is forged; the program that wrote it was killed.
	f, err := store.Create(t.TempDir(), oplog.SessionID{1}, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	w := oplog.NewWriter(f.Session(), f.Keys().Sign, oplog.Head{}, oplog.NewClock(oplog.Time{}), rand.Reader)
	draft, err := w.Open("hub")
	if err != nil {
		t.Fatal(err)
	}
	e, err := w.Write(draft, 1)
	if err != nil {
		t.Fatal(err)
	}
	e.Sig[3] ^= 1
	if err := errors.Join(f.Append([]oplog.Entry{e}), f.Abandon()); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if f, err = store.Open(f.Path(), store.Options{}); err != nil {
			t.Fatal(err)
		}
		if _, err := a.run(f); !errors.Is(err, oplog.ErrSignature) {
			t.Fatalf("a forged entry: %v", err)
		}
		if !unclean(f) {
			t.Error("a record that could not be opened is marked as in order")
		}
	}

	// A row is wrong, and the disk does not take the right one.
	disk := storetest.NewDisk()
	defer disk.Close()
	f, err = store.CreateWith(t.TempDir(), oplog.SessionID{2}, rand.Reader, store.Options{System: disk})
	if err != nil {
		t.Fatal(err)
	}
	row := oplog.Row{Table: moot.RowStatement, Key: strings.Repeat("x", 16), Value: []byte{1}}
	if err := errors.Join(f.Commit(oplog.Change{Rows: []oplog.Row{row}}), f.Abandon()); err != nil {
		t.Fatal(err)
	}
	if f, err = store.Open(f.Path(), store.Options{System: disk}); err != nil {
		t.Fatal(err)
	}
	disk.FailNext(1<<20, syscall.ENOSPC)
	held, err := a.run(f)
	if err != nil {
		t.Fatalf("it cannot even be read: %v", err)
	}
	if !held.Health().Full {
		t.Errorf("a full disk: %+v", held.Health())
	}
	disk.Heal()
	held.Close()
	if !unclean(f) {
		t.Error("a record that could not be mended is marked as in order")
	}
}
