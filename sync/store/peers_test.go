package store_test

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"sync"
	"syscall"
	"testing"

	"folkmoot/sync/badge"
	"folkmoot/sync/oplog"
	"folkmoot/sync/store"
	"folkmoot/sync/store/storetest"
)

func peersOf(t *testing.T, f *store.File) map[string]string {
	t.Helper()
	peers, err := f.Peers()
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, p := range peers {
		out[string(p.Key)] = string(p.Value)
	}
	return out
}

func putPeer(t *testing.T, f *store.File, key, value string) {
	t.Helper()
	if err := f.PutPeer([]byte(key), []byte(value)); err != nil {
		t.Fatal(err)
	}
}

func wantPeers(t *testing.T, when string, f *store.File, want map[string]string) {
	t.Helper()
	if got := peersOf(t, f); !maps.Equal(got, want) {
		t.Errorf("%s: peers %q, want %q", when, got, want)
	}
}

func TestPeers(t *testing.T) {
	f := create(t)
	wantPeers(t, "at first", f, map[string]string{})
	if err := f.DropPeer([]byte("nobody")); err != nil {
		t.Error(err)
	}
	putPeer(t, f, "a", "one")
	putPeer(t, f, "b", "two")
	putPeer(t, f, "c", "three")
	putPeer(t, f, "a", "four")
	if err := f.DropPeer([]byte("b")); err != nil {
		t.Error(err)
	}
	for _, pair := range [][2]string{{"", "x"}, {"x", ""}} {
		if f.PutPeer([]byte(pair[0]), []byte(pair[1])) == nil {
			t.Errorf("%q was kept", pair)
		}
	}
	want := map[string]string{"a": "four", "c": "three"}
	wantPeers(t, "written", f, want)
	path := f.Path()
	f.Close()
	again, err := store.Open(path, store.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	wantPeers(t, "opened again", again, want)
	if err := again.CheckPages(); err != nil {
		t.Error(err)
	}
	if again.PutPeer([]byte("d"), []byte("five")) == nil {
		t.Error("a file that is only read was written to")
	}
}

// Peers are written while the record is, by another goroutine than the writer.
func TestPeersWhileOthersWrite(t *testing.T) {
	f := create(t)
	entries := write(t, pen(f), oplog.Public, make([]string, 30)...)
	var all sync.WaitGroup
	all.Go(func() {
		for i := range entries {
			if err := f.Append(entries[i : i+1]); err != nil {
				t.Error(err)
			}
		}
	})
	for n := range 3 {
		all.Go(func() {
			for i := range 10 {
				if err := f.PutPeer(fmt.Append(nil, n), fmt.Append(nil, "value ", i)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	wantPeers(t, "in the end", f, map[string]string{"0": "value 9", "1": "value 9", "2": "value 9"})
	if heads, err := f.Heads(); err != nil || heads[entries[0].Replica].Seq != uint64(len(entries)) {
		t.Errorf("heads %v, %v", heads, err)
	}
}

// A writing of a peer that failed holds back the record until it was settled, as one of
// an entry does, and what was kept before is still there.
func TestPeersOnAFailingDisk(t *testing.T) {
	folder := t.TempDir()
	disk := storetest.NewDisk()
	f, err := store.CreateWith(folder, session, rand.Reader, store.Options{System: disk})
	if err != nil {
		t.Fatal(err)
	}
	defer disk.Close()
	defer f.Close()
	putPeer(t, f, "a", "one")
	disk.FailNext(1, syscall.EIO)
	if err := f.PutPeer([]byte("b"), []byte("two")); !errors.Is(err, syscall.EIO) {
		t.Fatalf("%v, want the disk's error", err)
	}
	if err := f.DropPeer([]byte("a")); !errors.Is(err, store.ErrUnsettled) {
		t.Errorf("%v, want ErrUnsettled", err)
	}
	if err := f.Append(write(t, pen(f), oplog.Public)); !errors.Is(err, store.ErrUnsettled) {
		t.Errorf("an entry: %v, want ErrUnsettled", err)
	}
	if got := peersOf(t, f); got["a"] != "one" {
		t.Errorf("peers %q", got)
	}
	if err := f.Recover(); err != nil {
		t.Fatal(err)
	}
	putPeer(t, f, "b", "two")
	wantPeers(t, "after Recover", f, map[string]string{"a": "one", "b": "two"})
}

// A backup is another device's, and so is what is made of it: nobody is paired with that.
// Erasing names keeps the pairing, to the byte, also of a row that looks like an entry.
func TestPeersStayWithTheirDevice(t *testing.T) {
	f := create(t)
	entries := write(t, pen(f), oplog.Personal, "Ann Example")
	if err := f.Append(entries); err != nil {
		t.Fatal(err)
	}
	data, err := entries[1].Encode()
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"a": "Ming's tablet", "entry": string(data)}
	for k, v := range want {
		putPeer(t, f, k, v)
	}
	b := backup(t, f, t.TempDir(), 1)
	copied, _, err := store.OpenBackup(b.Path)
	if err != nil {
		t.Fatal(err)
	}
	defer copied.Close()
	wantPeers(t, "in the backup", copied, map[string]string{})
	wantPeers(t, "here", f, want)
	folder := t.TempDir()
	if _, err := store.Restore(t.Context(), b.Path, folder, store.RestoreOptions{Random: rand.Reader}); err != nil {
		t.Fatal(err)
	}
	restored, err := store.Open(filepath.Join(folder, store.Name(session)), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer restored.Close()
	wantPeers(t, "restored", restored, map[string]string{})
	putPeer(t, restored, "b", "paired anew")
	if err := f.Erase(); err != nil {
		t.Fatal(err)
	}
	wantPeers(t, "after erasing", f, want)
	if err := f.CheckPages(); err != nil {
		t.Error(err)
	}
}

func TestSetBadgeKey(t *testing.T) {
	f := create(t)
	told := badge.Key(bytes.Repeat([]byte{7}, len(badge.Key{})))
	if err := store.SetBadgeKey(f.Path()+"x", told); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a session that is not there: %v", err)
	}
	if err := store.SetBadgeKey(f.Path(), badge.Key{}); !errors.Is(err, store.ErrKey) {
		t.Errorf("no key: %v", err)
	}
	for range 2 {
		if err := store.SetBadgeKey(f.Path(), told); err != nil {
			t.Error(err)
		}
	}
	if err := store.SetBadgeKey(f.Path(), badge.Key{1}); !errors.Is(err, store.ErrBadgeKey) {
		t.Errorf("another key: %v", err)
	}
	if got, err := store.BadgeKey(f.Path(), rand.Reader); err != nil || got != told {
		t.Errorf("it is %x, %v", got, err)
	}
	if _, err := f.NewKey(rand.Reader); err != nil {
		t.Fatal(err)
	}
	if got, _ := store.BadgeKey(f.Path(), nil); got != told {
		t.Error("a new signing key took it away")
	}
}
