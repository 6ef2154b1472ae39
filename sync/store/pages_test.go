package store_test

import (
	"encoding/binary"
	"errors"
	"os"
	"testing"

	"folkmoot/sync/oplog"
	"folkmoot/sync/oplog/oplogtest"
	"folkmoot/sync/store"
)

// branched gives the bytes of a file whose log takes more than one page, and of its key.
func branched(t testing.TB) (record, key []byte) {
	t.Helper()
	f, err := store.Create(t.TempDir(), session, oneByte(7))
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Append(oplogtest.NewPen(session, 1).Log(400)); err != nil {
		t.Fatal(err)
	}
	for i := range 3 { // so that the last pages of the file are in use
		if err := f.Commit(oplog.Change{Rows: []oplog.Row{{Table: "st_step", Key: "a", Value: []byte{byte(i)}}}}); err != nil {
			t.Fatal(err)
		}
	}
	return closed(t, f)
}

// A page that leads back to itself would run bbolt out of stack, which ends the program;
// a false length would take all memory there is. Neither is opened.
func TestOpenRefusesPages(t *testing.T) {
	const page = 4096
	record, key := branched(t)
	branch, leaf, free := 0, 0, 0
	for n := 2; n < len(record)/page; n++ {
		switch binary.LittleEndian.Uint16(record[n*page+8:]) {
		case 1:
			branch = n
		case 2:
			leaf = n
		case 16:
			free = n
		}
	}
	if branch == 0 || leaf == 0 || free == 0 {
		t.Fatalf("no such pages: %d, %d, %d", branch, leaf, free)
	}
	if err := openBytes(t, t.TempDir(), record, key, store.Options{}); err != nil {
		t.Fatal(err)
	}
	put16, put32, put64 := binary.LittleEndian.PutUint16, binary.LittleEndian.PutUint32, binary.LittleEndian.PutUint64
	for name, change := range map[string]func(b []byte){
		"a page that leads to itself":    func(b []byte) { put64(b[branch*page+16+8:], uint64(branch)) },
		"a page that is there twice":     func(b []byte) { copy(b[branch*page+16+8:], b[branch*page+32+8:branch*page+48]) },
		"a page beyond the end":          func(b []byte) { put64(b[branch*page+16+8:], 1<<40) },
		"a key beyond the page":          func(b []byte) { put32(b[branch*page+16:], 1<<30) },
		"a value of gigabytes":           func(b []byte) { put32(b[leaf*page+16+12:], 1<<31) },
		"an overflow over other pages":   func(b []byte) { put32(b[leaf*page+12:], 3) },
		"more elements than can be":      func(b []byte) { put16(b[leaf*page+10:], 60000) },
		"a list of free pages too long":  func(b []byte) { put16(b[free*page+10:], 0xffff); put64(b[free*page+16:], 1<<33) },
		"a page of no kind":              func(b []byte) { put16(b[leaf*page+8:], 0x40) },
		"a page that says it is another": func(b []byte) { put64(b[leaf*page:], 3) },
	} {
		for _, readOnly := range []bool{true, false} {
			bad := append([]byte(nil), record...)
			change(bad)
			if err := openBytes(t, t.TempDir(), bad, key, store.Options{ReadOnly: readOnly}); !errors.Is(err, store.ErrNotSession) {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	if err := openBytes(t, t.TempDir(), record[:len(record)/2], key, store.Options{}); !errors.Is(err, store.ErrNotSession) {
		t.Errorf("half a file: %v", err)
	}
}

// What another program writes while the pages are looked over is no damage.
func TestDamagedAndOpenElsewhere(t *testing.T) {
	f := create(t)
	if err := f.Append(oplogtest.NewPen(session, 1).Log(3)); err != nil {
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
	for at := int64(2 * 4096); at < info.Size(); at += 4096 { // as if half written
		if _, err := raw.WriteAt(make([]byte, 16), at); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := store.Open(f.Path(), store.Options{}); !errors.Is(err, store.ErrOpenElsewhere) {
		t.Errorf("error %v", err)
	}
}

// A file that grew and shrank over many commits is taken as it is.
func TestPagesOfALongLife(t *testing.T) {
	f := create(t)
	log := oplogtest.NewPen(session, 1).Log(210)
	for n := 0; n < len(log); n += 7 {
		if err := f.Append(log[n:min(n+7, len(log))]); err != nil {
			t.Fatal(err)
		}
		if n%70 == 0 {
			if err := f.Recover(); err != nil {
				t.Fatal(err)
			}
			path := f.Path()
			f.Close()
			var err error
			if f, err = store.Open(path, store.Options{}); err != nil {
				t.Fatal(err)
			}
		}
	}
	defer f.Close()
	n := 0
	if err := oplog.All(f, func(oplog.Entry) bool { n++; return true }); err != nil || n != len(log) {
		t.Errorf("%d entries, %v", n, err)
	}
}
