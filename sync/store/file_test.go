package store_test

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"

	bolt "go.etcd.io/bbolt"

	"folkmoot/sync/oplog"
	"folkmoot/sync/oplog/oplogtest"
	"folkmoot/sync/store"
	"folkmoot/sync/store/storetest"
)

var session = oplog.SessionID{3}

func create(t *testing.T) *store.File {
	t.Helper()
	f, err := store.Create(t.TempDir(), session, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// pen writes entries of one log for tests.
func pen(f *store.File) *oplog.Writer {
	return oplog.NewWriter(session, f.Keys().Sign, oplog.Head{}, oplog.NewClock(oplog.Time{}), rand.Reader)
}

func write(t *testing.T, w *oplog.Writer, class oplog.Class, payloads ...string) []oplog.Entry {
	t.Helper()
	var out []oplog.Entry
	if w.Head().Seq == 0 {
		draft, err := w.Open("test")
		if err != nil {
			t.Fatal(err)
		}
		payloads = append([]string{""}, payloads...)
		e, err := w.Write(draft, 1)
		if err != nil {
			t.Fatal(err)
		}
		out, payloads = append(out, e), payloads[1:]
	}
	for _, p := range payloads {
		data, err := oplog.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		e, err := w.Write(oplog.Draft{Kind: "test", Schema: 1, Class: class, Payload: data}, 1)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, e)
	}
	return out
}

func TestReopenGivesTheSameEntries(t *testing.T) {
	f := create(t)
	entries := write(t, pen(f), oplog.Personal, "one", "two")
	token := oplog.Token{Hash: oplog.Hash{1}, Person: [16]byte{2}}
	if err := f.Commit(oplog.Change{Entries: entries, Tokens: []oplog.Token{token}}); err != nil {
		t.Fatal(err)
	}
	path := f.Path()
	f.Close()
	again, err := store.Open(path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	chain := oplog.NewChain(session)
	var got []oplog.Entry
	if err := oplog.All(again, func(e oplog.Entry) bool { got = append(got, e); return chain.Next(e) == nil }); err != nil {
		t.Fatal(err)
	}
	if len(got) != len(entries) {
		t.Fatalf("%d entries, want %d", len(got), len(entries))
	}
	for i := range got {
		if !bytes.Equal(got[i].Payload, entries[i].Payload) || got[i].Hash() != entries[i].Hash() {
			t.Errorf("entry %d differs", i+1)
		}
	}
	if tokens, err := again.Tokens(); err != nil || len(tokens) != 1 || tokens[0] != token {
		t.Errorf("tokens %v, %v", tokens, err)
	}
}

func TestPersonalPayloadsAreSealed(t *testing.T) {
	f := create(t)
	if err := f.Append(write(t, pen(f), oplog.Personal, "a name that nobody may read")); err != nil {
		t.Fatal(err)
	}
	path := f.Path()
	f.Close()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(raw, []byte("nobody may read")) {
		t.Error("the name stands on the disk")
	}
	if err := os.Remove(path[:len(path)-len(".folkmoot")] + ".key"); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Open(path, store.Options{}); !errors.Is(err, store.ErrKey) {
		t.Errorf("without its key: %v, want ErrKey", err)
	}
	blind, err := store.Open(path, store.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer blind.Close()
	chain := oplog.NewChain(session)
	if err := oplog.All(blind, func(e oplog.Entry) bool {
		if err := chain.Next(e); err != nil {
			t.Error(err)
		}
		return true
	}); err != nil {
		t.Fatal(err)
	}
	if blind.Closed() != 1 {
		t.Errorf("%d payloads closed, want 1", blind.Closed())
	}
}

// However many reads a log takes, none of its entries is left out or comes twice.
func TestEntriesOverManyReads(t *testing.T) {
	f := create(t)
	w := pen(f)
	draft, err := w.Open("test")
	if err != nil {
		t.Fatal(err)
	}
	var entries []oplog.Entry
	for len(entries) < 700 {
		e, err := w.Write(draft, 1)
		if err != nil {
			t.Fatal(err)
		}
		entries = append(entries, e)
	}
	if err := f.Append(entries); err != nil {
		t.Fatal(err)
	}
	for _, from := range []uint64{0, 1, 2, 8, 9, 64, 693, 700, 701} {
		next := max(from, 1)
		err := f.Entries(w.Replica(), from, func(e oplog.Entry) bool {
			if e.Seq != next {
				t.Fatalf("from %d: entry %d where %d should be", from, e.Seq, next)
			}
			next++
			return true
		})
		if err != nil || next != 701 {
			t.Errorf("from %d: ends before entry %d, %v", from, next, err)
		}
	}
}

func TestAppendIsWholeOrNotAtAll(t *testing.T) {
	f := create(t)
	w := pen(f)
	first := write(t, w, oplog.Public, "one")
	if err := f.Append(first); err != nil {
		t.Fatal(err)
	}
	more := write(t, w, oplog.Public, "two", "three", "four")
	for name, c := range map[string]struct {
		entries []oplog.Entry
		want    error
	}{
		"gap":     {[]oplog.Entry{more[0], more[2]}, oplog.ErrGap},
		"again":   {[]oplog.Entry{first[1]}, oplog.ErrGap},
		"foreign": {[]oplog.Entry{forged(t, more[0])}, oplog.ErrChain},
	} {
		if err := f.Append(c.entries); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
		heads, err := f.Heads()
		if err != nil || heads[w.Replica()].Seq != 2 {
			t.Errorf("%s: head %v, %v; want 2 entries", name, heads, err)
		}
	}
}

// forged gives an entry of the same number on another chain.
func forged(t *testing.T, e oplog.Entry) oplog.Entry {
	e.Prev = oplog.Hash{1}
	return e
}

// A file keeps to what every log must, also after it was closed and opened again.
func TestConform(t *testing.T) {
	open := func(t *testing.T) oplog.Log {
		f, err := store.Create(t.TempDir(), oplogtest.Session, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { f.Close() })
		return f
	}
	reopen := func(t *testing.T, log oplog.Log) oplog.Log {
		old := log.(*store.File)
		if err := old.Close(); err != nil {
			t.Fatal(err)
		}
		f, err := store.Open(old.Path(), store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { f.Close() })
		return f
	}
	oplogtest.Conform(t, open, oplogtest.Options{Reopen: reopen})
}

func TestCreateTwice(t *testing.T) {
	f := create(t)
	if _, err := store.Create(filepath.Dir(f.Path()), session, rand.Reader); !errors.Is(err, store.ErrExists) {
		t.Errorf("%v, want ErrExists", err)
	}
	left, _ := filepath.Glob(filepath.Join(filepath.Dir(f.Path()), "*.new"))
	if len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	info, err := os.Stat(f.Path()[:len(f.Path())-len(".folkmoot")] + ".key")
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("key file: %v, %v", info.Mode(), err)
	}
}

// A record that was moved away finds its key when it comes back.
func TestCreateKeepsAnEarlierKey(t *testing.T) {
	f := create(t)
	key := strings.TrimSuffix(f.Path(), ".folkmoot") + ".key"
	want, err := os.ReadFile(key)
	if err != nil {
		t.Fatal(err)
	}
	f.Close()
	if err := os.Rename(f.Path(), f.Path()+".away"); err != nil {
		t.Fatal(err)
	}
	for n := range 2 {
		again, err := store.Create(filepath.Dir(f.Path()), session, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		again.Close()
		if err := os.Remove(again.Path()); err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(key + ".1"); err != nil || !bytes.Equal(got, want) {
			t.Errorf("creation %d: the earlier key is not kept: %v", n+1, err)
		}
	}
}

// Of those who create one session at the same moment one succeeds, and the record
// lies beside the key that it was made with.
func TestCreateAtOnce(t *testing.T) {
	for range 20 {
		folder := t.TempDir()
		var wait sync.WaitGroup
		made := make(chan *store.File, 8)
		for range cap(made) {
			wait.Go(func() {
				f, err := store.Create(folder, session, rand.Reader)
				if err == nil {
					made <- f
				} else if !errors.Is(err, store.ErrExists) {
					t.Errorf("%v, want ErrExists", err)
				}
			})
		}
		wait.Wait()
		if len(made) != 1 {
			t.Fatalf("%d files were made", len(made))
		}
		f := <-made
		path, keys := f.Path(), f.Keys()
		f.Close()
		again, err := store.Open(path, store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if !again.Keys().Sign.Equal(keys.Sign) {
			t.Error("the keys beside the record are another's")
		}
		again.Close()
	}
}

func TestOpenRefuses(t *testing.T) {
	made := create(t)
	write := func(name string, data []byte) string {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		key, err := os.ReadFile(made.Path()[:len(made.Path())-len(".folkmoot")] + ".key")
		if err != nil {
			t.Fatal(err)
		}
		os.WriteFile(path[:len(path)-len(".folkmoot")]+".key", key, 0o600)
		return path
	}
	noise := make([]byte, 100<<10)
	rand.Read(noise)
	foreign := filepath.Join(t.TempDir(), "foreign.db")
	other, err := bolt.Open(foreign, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	other.Close()
	foreignBytes, _ := os.ReadFile(foreign)
	for name, c := range map[string]struct {
		path string
		want error
	}{
		"nothing there":       {filepath.Join(t.TempDir(), "x.folkmoot"), store.ErrNotFound},
		"noise":               {write("noise.folkmoot", noise), store.ErrNotSession},
		"empty file":          {write("empty.folkmoot", nil), store.ErrNotSession},
		"another bbolt file":  {write("foreign.folkmoot", foreignBytes), store.ErrNotSession},
		"a newer format":      {write("newer.folkmoot", newer(t)), store.ErrNewerFormat},
		"open elsewhere":      {made.Path(), store.ErrOpenElsewhere},
		"a damaged key file":  {damagedKey(t), store.ErrKey},
		"noise, to read only": {write("noise2.folkmoot", noise), store.ErrNotSession},
	} {
		before, _ := os.ReadFile(c.path)
		f, err := store.Open(c.path, store.Options{ReadOnly: name == "noise, to read only"})
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
		if f != nil {
			f.Close()
		}
		after, _ := os.ReadFile(c.path)
		if !bytes.Equal(before, after) {
			t.Errorf("%s: the file was changed", name)
		}
	}
}

// unwilling is a system that opens no file.
type unwilling struct {
	store.System
	err error
}

func (u unwilling) OpenFile(string, int, os.FileMode) (*os.File, error) { return nil, u.err }

// What keeps the system from opening a file is not taken for damage: nobody is sent to the
// backups for want of a file handle.
func TestOpenWhereTheSystemRefuses(t *testing.T) {
	f := create(t)
	f.Close()
	for _, refusal := range []error{syscall.EMFILE, syscall.EROFS, syscall.ENOMEM, syscall.EIO, syscall.EACCES} {
		for _, readOnly := range []bool{false, true} {
			_, err := store.Open(f.Path(), store.Options{ReadOnly: readOnly, System: unwilling{storetest.NewDisk(), refusal}})
			if !errors.Is(err, refusal) || errors.Is(err, store.ErrNotSession) {
				t.Errorf("%v, want %v", err, refusal)
			}
		}
	}
}

// newer gives the bytes of a session whose format number is one too high.
func newer(t *testing.T) []byte {
	f := create(t)
	path := f.Path()
	f.Close()
	db, err := bolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Update(func(tx *bolt.Tx) error { return tx.Bucket([]byte("meta")).Put([]byte("format"), []byte("2")) }); err != nil {
		t.Fatal(err)
	}
	db.Close()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func damagedKey(t *testing.T) string {
	f := create(t)
	f.Close()
	if err := os.WriteFile(f.Path()[:len(f.Path())-len(".folkmoot")]+".key", []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	return f.Path()
}

func TestKeysAreFresh(t *testing.T) {
	a, b := create(t), create(t)
	if oplog.ReplicaOf(a.Keys().Sign.Public().(ed25519.PublicKey)) == oplog.ReplicaOf(b.Keys().Sign.Public().(ed25519.PublicKey)) {
		t.Error("two sessions share a key")
	}
}

// A damaged file, or one that was cut off, is an error and never a crash.
func TestDamage(t *testing.T) {
	whole := create(t)
	w := pen(whole)
	for range 40 {
		if err := whole.Append(write(t, w, oplog.Public, strings.Repeat("x", 3000))); err != nil {
			t.Fatal(err)
		}
	}
	path := whole.Path()
	whole.Close()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	failed := 0
	for at := 0; at+4096 <= len(data); at += 4096 {
		for name, damaged := range map[string][]byte{
			"noise":   slices.Concat(data[:at], bytes.Repeat([]byte{0xa5}, 4096), data[at+4096:]),
			"cut off": data[:at],
		} {
			if err := os.WriteFile(path, damaged, 0o600); err != nil {
				t.Fatal(err)
			}
			if err := readAll(path); err != nil {
				failed++
			} else if name == "cut off" && at < len(data)/4 {
				t.Errorf("cut off at %d of %d bytes: read without an error", at, len(data))
			}
		}
	}
	if failed == 0 {
		t.Error("no damage was noticed")
	}
}

// readAll opens a file and reads and checks whatever is in it.
func readAll(path string) error {
	f, err := store.Open(path, store.Options{ReadOnly: true})
	if err != nil {
		return err
	}
	defer f.Close()
	chain, failed := oplog.NewChain(f.Session()), error(nil)
	_, err = f.Tokens()
	return errors.Join(err, oplog.All(f, func(e oplog.Entry) bool { failed = chain.Next(e); return failed == nil }), failed)
}
