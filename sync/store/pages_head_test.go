package store_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"hash/fnv"
	"os"
	"path/filepath"
	"testing"

	bolt "go.etcd.io/bbolt"

	"folkmoot/sync/store"
)

const pageSize = 4096

var (
	put16 = binary.LittleEndian.PutUint16
	put32 = binary.LittleEndian.PutUint32
	put64 = binary.LittleEndian.PutUint64
)

// head is the head of a file of bbolt's.
type head struct {
	page                      uint32
	root, free, end, sequence uint64
}

// readHead reads the head in the page at a place.
func readHead(b []byte, at int) head {
	u64 := func(n int) uint64 { return binary.LittleEndian.Uint64(b[at+16+n:]) }
	return head{binary.LittleEndian.Uint32(b[at+16+8:]), u64(16), u64(32), u64(40), u64(48)}
}

// newest gives the head of a record that counts.
func newest(record []byte) head {
	first, second := readHead(record, 0), readHead(record, pageSize)
	if second.sequence > first.sequence {
		return second
	}
	return first
}

// put writes the head into the page at a place, with the sum that makes it valid.
func (h head) put(b []byte, at int) {
	b = b[at+16:]
	put32(b, 0xed0cdaed)
	put32(b[4:], 2)
	put32(b[8:], h.page)
	put64(b[16:], h.root)
	put64(b[32:], h.free)
	put64(b[40:], h.end)
	put64(b[48:], h.sequence)
	sum := fnv.New64a()
	sum.Write(b[:56])
	put64(b[56:], sum.Sum64())
}

// putBranch writes a branch page that leads to one page.
func putBranch(b []byte, size int, id, to uint64) {
	b = b[int(id)*size:]
	put64(b, id)
	put16(b[8:], 1)
	put16(b[10:], 1)
	put32(b[12:], 0)
	put32(b[16:], 16) // its key, of no bytes, behind it
	put64(b[16+8:], to)
}

// looped gives a file with pages of a size, whose root leads to itself.
func looped(size int) []byte {
	const root, free, end = 24, 25, 26
	b := make([]byte, max(end*size, 4*pageSize))
	putBranch(b, size, root, root)
	put64(b[free*size:], free)
	put16(b[free*size+8:], 16)
	head{uint32(size), root, free, end, 2}.put(b, 0)
	return b
}

// decoyed gives a record whose first head is gone. A head in the midst of its first page
// says what is true and seems the newest, but the one that counts leads into a loop.
func decoyed(record []byte) []byte {
	b := bytes.Clone(record)
	clear(b[:pageSize])
	decoy := newest(record)
	evil := decoy
	evil.root, evil.end = uint64(len(b)/pageSize), uint64(len(b)/pageSize)+1
	b = append(b, make([]byte, pageSize)...)
	putBranch(b, pageSize, evil.root, evil.root)
	evil.put(b, pageSize)
	decoy.sequence += 10
	decoy.put(b, 1024)
	return b
}

// deep gives a record whose root lies below a chain of pages.
func deep(record []byte, pages int) []byte {
	h := newest(record)
	first := len(record) / pageSize
	b := append(bytes.Clone(record), make([]byte, pages*pageSize)...)
	for i := range pages {
		to := uint64(first + i + 1)
		if i == pages-1 {
			to = h.root
		}
		putBranch(b, pageSize, uint64(first+i), to)
	}
	h.root, h.end, h.sequence = uint64(first), uint64(first+pages), h.sequence+1
	h.put(b, int(h.sequence%2)*pageSize)
	return b
}

// withoutList gives a record that says that it has no list of free pages.
func withoutList(record []byte) []byte {
	b, h := bytes.Clone(record), newest(record)
	h.free, h.sequence = 1<<64-1, h.sequence+1
	h.put(b, int(h.sequence%2)*pageSize)
	return b
}

// summed adds the sum of a backup.
func summed(data []byte) []byte {
	sum := sha256.Sum256(data)
	return append(append(bytes.Clone(data), "folkmoot"...), sum[:]...)
}

// Where bbolt reads other pages than were looked over, it runs out of stack, which ends
// the program: whatever a head says, both take the same one.
func TestOpenRefusesHeads(t *testing.T) {
	record, key := branched(t)
	if err := openBytes(t, t.TempDir(), deep(record, 8), key, store.Options{}); err != nil {
		t.Fatalf("a chain that is not deep: %v", err)
	}
	for _, tt := range []struct {
		name   string
		record []byte
	}{
		{"pages of 512 bytes", looped(512)},
		{"pages of 2 KiB", looped(2 << 10)},
		{"pages of 128 KiB", looped(128 << 10)},
		{"pages of 4 KiB and more", looped(4096 + 512)},
		{"pages of no bytes", func() []byte { b := looped(512); head{0, 24, 25, 26, 2}.put(b, 0); return b }()},
		{"a decoy in the first page", decoyed(record)},
		{"a chain of pages without end", deep(record, 100)},
		{"no list of free pages", withoutList(record)},
	} {
		for _, readOnly := range []bool{true, false} {
			if err := openBytes(t, t.TempDir(), tt.record, key, store.Options{ReadOnly: readOnly}); !errors.Is(err, store.ErrNotSession) {
				t.Errorf("%s, read only %v: %v", tt.name, readOnly, err)
			}
		}
	}
}

// A backup's sum needs no key: whoever makes a hostile backup adds the right one.
func TestBackupsLeaveOutLoops(t *testing.T) {
	record, _ := branched(t)
	folder := t.TempDir()
	f := create(t)
	defer f.Close()
	good := backup(t, f, folder, 1)
	tail := "-" + session.String()[:8] + store.BackupSuffix
	for name, data := range map[string][]byte{"small": looped(512), "large": looped(128 << 10), "decoy": decoyed(record)} {
		if err := os.WriteFile(filepath.Join(folder, name+tail), summed(data), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := store.CheckBackup(filepath.Join(folder, name+tail)); err != nil {
			t.Fatalf("%s: the sum: %v", name, err)
		}
		_, err := store.Restore(t.Context(), filepath.Join(folder, name+tail), t.TempDir(), store.RestoreOptions{Random: oneByte(9)})
		if !errors.Is(err, store.ErrBackup) {
			t.Errorf("restore %s: %v", name, err)
		}
	}
	found, err := store.Backups(folder, session)
	if err != nil || len(found) != 1 || found[0].Path != good.Path {
		t.Errorf("%v, %v", found, err)
	}
}

// Systems with larger pages make files with larger pages, which are read everywhere. No
// system makes others.
func TestOpenOtherPages(t *testing.T) {
	f := create(t)
	path := f.Path()
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	from, err := bolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer from.Close()
	key, err := os.ReadFile(keyOf(path))
	if err != nil {
		t.Fatal(err)
	}
	for size, want := range map[int]error{16 << 10: nil, 64 << 10: nil, 2 << 10: store.ErrNotSession, 6 << 10: store.ErrNotSession, 128 << 10: store.ErrNotSession} {
		large := filepath.Join(t.TempDir(), "large")
		to, err := bolt.Open(large, 0o600, &bolt.Options{PageSize: size})
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(bolt.Compact(to, from, 0), to.Close()); err != nil {
			t.Fatal(err)
		}
		record, err := os.ReadFile(large)
		if err != nil {
			t.Fatal(err)
		}
		if err := openBytes(t, t.TempDir(), record, key, store.Options{}); !errors.Is(err, want) {
			t.Errorf("pages of %d bytes: %v, want %v", size, err, want)
		}
	}
}
