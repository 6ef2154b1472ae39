package store_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
	"folkmoot/sync/replica"
	"folkmoot/sync/store"
	"folkmoot/sync/store/storetest"
)

// counting counts how often rows are looked through.
type counting struct {
	*store.File
	looks int
}

func (c *counting) Rows(table string, yield func(oplog.Row) bool) error {
	c.looks++
	return c.File.Rows(table, yield)
}

func run(t *testing.T, f *store.File, disk replica.Disk, now func() time.Time) *replica.Replica {
	t.Helper()
	r, err := replica.Open(disk, replica.Options{Session: session, Key: f.Keys().Sign, Now: now, Random: rand.Reader, Unclean: f.Unclean(), Unsettled: f.Unsettled()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.Close)
	return r
}

func statement(n int) moot.Item {
	return moot.Item{CID: oplog.ItemID{5, byte(n)}, Payload: &moot.NewStatement{Text: fmt.Sprintf("What was said as number %d.", n), Lang: "en", Standing: moot.Approved}}
}

func named(name string) moot.Item {
	return moot.Item{CID: oplog.ItemID{6}, Payload: &moot.SetPerson{Person: moot.ParticipantID{1}, Field: moot.PersonName, Value: name, Rev: 1}}
}

func did(t *testing.T, r *replica.Replica, items ...moot.Item) {
	t.Helper()
	out, err := r.Do(context.Background(), items...)
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range out {
		if o.Receipt == "" {
			t.Fatalf("not saved: %+v", o)
		}
	}
}

// After a clean end rows are taken as they are; after any other they are compared with the
// entries, and mended.
func TestCleanStart(t *testing.T) {
	f := create(t)
	r := run(t, f, f, time.Now)
	did(t, r, statement(1), statement(2))
	r.Close()
	if err := f.Commit(oplog.Change{Rows: []oplog.Row{{Table: moot.RowStatement, Key: string(make([]byte, 16)), Value: []byte{1}}}}); err != nil { // a row that follows from no entry
		t.Fatal(err)
	}
	killed := filepath.Join(t.TempDir(), filepath.Base(f.Path())) // as the system has it when the program is killed
	for _, name := range []string{".folkmoot", ".key"} {
		data, err := os.ReadFile(strings.TrimSuffix(f.Path(), ".folkmoot") + name)
		if err == nil {
			err = os.WriteFile(strings.TrimSuffix(killed, ".folkmoot")+name, data, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	path := f.Path()
	f.Close()
	for _, c := range []struct {
		path    string
		unclean bool
		wrong   bool // the row is still there afterwards
	}{{path, false, true}, {killed, true, false}, {killed, false, false}} {
		again, err := store.Open(c.path, store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		disk := &counting{File: again}
		r := run(t, again, disk, time.Now)
		row, err := again.Row(moot.RowStatement, string(make([]byte, 16)))
		if again.Unclean() != c.unclean || (disk.looks > 0) != c.unclean || (row != nil) != c.wrong || err != nil {
			t.Errorf("unclean %t, want %t; tables looked through %d; the wrong row %v, %v", again.Unclean(), c.unclean, disk.looks, row, err)
		}
		r.Close()
		again.Close()
	}
}

// Whoever abandons a record leaves it to the next one to look at it.
func TestAbandon(t *testing.T) {
	f := create(t)
	for range 2 {
		if err := f.Commit(oplog.Change{Rows: []oplog.Row{{Table: "st_vote", Key: "k", Value: []byte("v")}}}); err != nil {
			t.Fatal(err)
		}
		if err := f.Abandon(); err != nil {
			t.Fatal(err)
		}
		again, err := store.Open(f.Path(), store.Options{})
		if err != nil || !again.Unclean() {
			t.Fatalf("marked as in order: %v", err)
		}
		f = again
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := store.Open(f.Path(), store.Options{})
	if err != nil || again.Unclean() {
		t.Errorf("closed, and not marked: %v", err)
	}
	again.Close()
}

// A record that is only read keeps its mark.
func TestReadingLeavesTheMark(t *testing.T) {
	f := create(t)
	path := f.Path()
	f.Close()
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	f, err = store.Open(path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	f.Close()
	if after, err := os.ReadFile(path); err != nil || !bytes.Equal(before, after) {
		t.Errorf("opening and closing has changed the file: %v", err)
	}
}

// Two failures within a minute make the record read-only: it can be read, nobody waits
// for the disk, and after five seconds it is tried again.
func TestReadOnly(t *testing.T) {
	disk := storetest.NewDisk()
	f, err := store.CreateWith(t.TempDir(), session, rand.Reader, store.Options{System: disk})
	if err != nil {
		t.Fatal(err)
	}
	defer disk.Close()
	defer f.Close()
	now := time.UnixMilli(1_790_000_000_000)
	r := run(t, f, f, func() time.Time { return now })
	did(t, r, statement(1))
	disk.FailNext(1<<30, syscall.ENOSPC)
	for i, want := range []error{replica.ErrAgain, replica.ErrAgain, replica.ErrReadOnly, replica.ErrReadOnly} {
		failed := disk.Failed()
		if _, err := r.Do(context.Background(), statement(2)); !errors.Is(err, want) || !errors.Is(err, replica.ErrAgain) {
			t.Errorf("try %d: %v, want %v", i+1, err, want)
		}
		if tried := disk.Failed() > failed; tried == errors.Is(want, replica.ErrReadOnly) {
			t.Errorf("try %d: the disk was asked: %t", i+1, tried)
		}
	}
	if health := r.Health(); !health.ReadOnly || health.Err == nil {
		t.Errorf("health %+v", health)
	}
	read := 0
	if err := oplog.All(f, func(oplog.Entry) bool { read++; return true }); err != nil || read != 2 || len(r.View().Statements) != 1 {
		t.Errorf("%d entries can be read, %v; %d statements", read, err, len(r.View().Statements))
	}
	now = now.Add(5 * time.Second)
	failed := disk.Failed()
	if _, err := r.Do(context.Background(), statement(2)); !errors.Is(err, replica.ErrAgain) || disk.Failed() == failed {
		t.Errorf("after five seconds: %v; the disk was asked: %t", err, disk.Failed() > failed)
	}
	disk.Heal()
	now = now.Add(5 * time.Second)
	did(t, r, statement(2), statement(3))
	if health := r.Health(); health != (replica.Health{}) || len(r.View().Statements) != 3 {
		t.Errorf("after the fault: %+v, %d statements", health, len(r.View().Statements))
	}
}

// Between a commit that failed and Recover nothing is written, the mark of a clean end
// neither: the disk may still count on pages that would be written over.
func TestUnsettled(t *testing.T) {
	folder := t.TempDir()
	disk := storetest.NewDisk()
	f, err := store.CreateWith(folder, session, rand.Reader, store.Options{System: disk})
	if err != nil {
		t.Fatal(err)
	}
	defer disk.Close()
	entries := write(t, pen(f), oplog.Public, "one", "two")
	if err := f.Append(entries[:1]); err != nil {
		t.Fatal(err)
	}
	disk.FailNext(1, syscall.EIO)
	if err := f.Append(entries[1:]); !errors.Is(err, syscall.EIO) {
		t.Fatalf("%v, want the disk's error", err)
	}
	calls := disk.Calls()
	for range 2 {
		if err := f.Append(entries[1:]); !errors.Is(err, store.ErrUnsettled) {
			t.Errorf("%v, want ErrUnsettled", err)
		}
	}
	f.Close()
	if disk.Calls() != calls {
		t.Errorf("%d calls after the fault", disk.Calls()-calls)
	}
	f, err = store.Open(f.Path(), store.Options{System: disk})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if !f.Unclean() {
		t.Error("a record that failed was left as if all were well")
	}
	if err := f.Append(entries[1:]); err != nil {
		t.Error(err)
	}
}

// A disk that takes nothing lets a session be opened and read; writing begins once it does.
func TestOpenOnAFullDisk(t *testing.T) {
	folder := t.TempDir()
	disk := storetest.NewDisk()
	f, err := store.CreateWith(folder, session, rand.Reader, store.Options{System: disk})
	if err != nil {
		t.Fatal(err)
	}
	defer disk.Close()
	r := run(t, f, f, time.Now)
	did(t, r, statement(1))
	r.Close()
	f.Close()
	disk.FailNext(1<<30, syscall.ENOSPC)
	if f, err = store.Open(f.Path(), store.Options{System: disk}); err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r = run(t, f, f, time.Now)
	if len(r.View().Statements) != 1 || !f.Unsettled() {
		t.Errorf("%d statements, unsettled %t", len(r.View().Statements), f.Unsettled())
	}
	if _, err := r.Do(context.Background(), statement(1)); !errors.Is(err, replica.ErrAgain) {
		t.Errorf("what may not be on the disk was answered with %v", err)
	}
	disk.Heal()
	did(t, r, statement(1), statement(2))
}

// After unlink no name is left in any file of the folder, and the chain holds.
func TestUnlinkLeavesNoName(t *testing.T) {
	const name = "Somebody Known"
	f := create(t)
	folder := filepath.Dir(f.Path())
	r := run(t, f, f, time.Now)
	did(t, r, named(name), statement(1))
	seal := f.Keys().Seal
	if err := f.Commit(oplog.Change{Bad: []oplog.BadEntry{{Data: []byte(name), Why: "a name in quarantine"}}}); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(f.Path()+".erasing", []byte(name), 0o600); err != nil { // left by an Erase that was broken off
		t.Fatal(err)
	}
	if err := f.TakeReserve(); err != nil {
		t.Fatal(err)
	}
	did(t, r, moot.Item{CID: oplog.ItemID{7}, Payload: &moot.Unlink{}})
	if bytes.Equal(seal, f.Keys().Seal) {
		t.Error("the key that sealed the name is still there")
	}
	chain, redacted := oplog.NewChain(session), 0
	err := oplog.All(f, func(e oplog.Entry) bool {
		if err := chain.Next(e); err != nil {
			t.Error(err)
		}
		if e.Redacted() {
			redacted++
		}
		return true
	})
	if err != nil || redacted != 1 {
		t.Errorf("%d entries redacted, %v", redacted, err)
	}
	files, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		data, err := os.ReadFile(filepath.Join(folder, file.Name()))
		if err != nil || bytes.Contains(data, []byte(name)) || bytes.Contains(data, seal) {
			t.Errorf("%s: %v, or the name or its key is in it", file.Name(), err)
		}
	}
}

// Quarantine does not fill the disk.
func TestQuarantineIsBounded(t *testing.T) {
	f := create(t)
	for i := range 3 {
		var bad []oplog.BadEntry
		for j := range 500 {
			bad = append(bad, oplog.BadEntry{Data: fmt.Appendf(nil, "bad %d", 500*i+j), Why: "not good"})
		}
		if err := f.Commit(oplog.Change{Bad: bad}); err != nil {
			t.Fatal(err)
		}
	}
	bad, err := f.Bad()
	if err != nil || len(bad) != 1000 || string(bad[0].Data) != "bad 500" || string(bad[999].Data) != "bad 1499" {
		t.Errorf("%d in quarantine, %v", len(bad), err)
	}
}

// A branch that is let go stays beside the record, however long it is, and whatever comes
// into quarantine; it lies there once, and an unlink takes the names out of it.
func TestCutKeepsTheBranch(t *testing.T) {
	const name = "Somebody Known"
	f := create(t)
	long := make([]string, 1200)
	for i := range long {
		long[i] = fmt.Sprintf("said as number %d", i)
	}
	w := pen(f)
	entries := append(write(t, w, oplog.Public, long...), write(t, w, oplog.Personal, name)...)
	if err := f.Append(entries); err != nil {
		t.Fatal(err)
	}
	heads, _ := f.Heads()
	log := heads.Replicas()[0]
	for range 2 {
		if err := f.Cut(log, 2); err != nil {
			t.Fatal(err)
		}
		if heads, err := f.Heads(); err != nil || heads[log].Seq != 1 {
			t.Errorf("cut at entry 2 the log ends at entry %d, %v", heads[log].Seq, err)
		}
		if err := f.Append(entries[1:]); err != nil { // the branch is named after all
			t.Fatal(err)
		}
	}
	if err := f.Cut(log, 2); err != nil {
		t.Fatal(err)
	}
	for i := range 3 {
		if err := f.Commit(oplog.Change{Bad: []oplog.BadEntry{{Data: []byte{byte(i)}, Why: "not good"}}}); err != nil {
			t.Fatal(err)
		}
	}
	for _, erased := range []bool{false, true} {
		bad, err := f.Bad()
		found := map[uint64]bool{}
		for _, b := range bad {
			if e, err := oplog.Decode(b.Data); err == nil {
				if found[e.Seq] || e.Hash() != entries[e.Seq-1].Hash() || e.Class == oplog.Personal && e.Redacted() != erased {
					t.Fatalf("entry %d: there twice %t, erased %t", e.Seq, found[e.Seq], e.Redacted())
				}
				found[e.Seq] = true
			}
		}
		if err != nil || len(found) != len(entries)-1 {
			t.Errorf("%d entries of the branch are there, want %d: %v", len(found), len(entries)-1, err)
		}
		if err := f.Erase(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestReserve(t *testing.T) {
	f := create(t)
	if f.DropReserve() {
		t.Error("a reserve that nobody took")
	}
	path := strings.TrimSuffix(f.Path(), ".folkmoot") + ".reserve"
	for range 2 {
		if err := f.TakeReserve(); err != nil {
			t.Fatal(err)
		}
		if info, err := os.Stat(path); err != nil || info.Size() != store.Reserve {
			t.Errorf("the reserve: %v, %v", info, err)
		}
	}
	if !f.DropReserve() {
		t.Error("no reserve to give back")
	}
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the reserve is still there: %v", err)
	}
}

// A record whose pages were overwritten while it is open does not hold up its closing.
func TestCloseOfADamagedFile(t *testing.T) {
	f := create(t)
	if err := f.Append(write(t, pen(f), oplog.Public, "one")); err != nil {
		t.Fatal(err)
	}
	raw, err := os.OpenFile(f.Path(), os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	info, err := raw.Stat()
	if err != nil {
		t.Fatal(err)
	}
	for at := int64(2 * os.Getpagesize()); at < info.Size(); at += int64(os.Getpagesize()) {
		if _, err := raw.WriteAt(make([]byte, 16), at); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.Close(); !errors.Is(err, store.ErrNotSession) {
		t.Errorf("%v, want ErrNotSession", err)
	}
}
