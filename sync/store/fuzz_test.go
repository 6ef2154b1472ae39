package store_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"folkmoot/sync/costtest"
	"folkmoot/sync/oplog"
	"folkmoot/sync/oplog/oplogtest"
	"folkmoot/sync/store"
)

// made gives the bytes of a small session's file and of its key file.
func made(t testing.TB) (record, key []byte) {
	t.Helper()
	f, err := store.Create(t.TempDir(), session, oneByte(7))
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Commit(oplog.Change{Entries: oplogtest.NewPen(session, 1).Log(30), Tokens: []oplog.Token{{Hash: oplog.Hash{1}, Person: [16]byte{2}}}}); err != nil {
		t.Fatal(err)
	}
	return closed(t, f)
}

// closed closes a session and gives the bytes of its file and of its key file.
func closed(t testing.TB, f *store.File) (record, key []byte) {
	t.Helper()
	path := f.Path()
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	record, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if key, err = os.ReadFile(keyOf(path)); err != nil {
		t.Fatal(err)
	}
	return record, key
}

// oneByte gives the same byte for ever.
type oneByte byte

func (b oneByte) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(b)
	}
	return len(p), nil
}

func keyOf(path string) string { return strings.TrimSuffix(path, ".folkmoot") + ".key" }

// openBytes opens bytes as a session's file and reads all that is in it.
func openBytes(t testing.TB, dir string, record, key []byte, options store.Options) error {
	path := filepath.Join(dir, "fuzz.folkmoot")
	if err := errors.Join(os.WriteFile(path, record, 0o600), os.WriteFile(keyOf(path), key, 0o600)); err != nil {
		t.Fatal(err)
	}
	f, err := store.Open(path, options)
	if err != nil {
		return err
	}
	_, tokens := f.Tokens()
	err = errors.Join(tokens, oplog.All(f, func(oplog.Entry) bool { return true }))
	return errors.Join(err, f.Close())
}

// mutated gives a file with some of its bytes changed: pairs of a place and a byte, the
// places as three bytes.
func mutated(record, changes []byte) []byte {
	out := append([]byte(nil), record...)
	for ; len(changes) >= 4; changes = changes[4:] {
		at := int(changes[0])<<16 | int(changes[1])<<8 | int(changes[2])
		out[at%len(out)] = changes[3]
	}
	return out
}

// FuzzOpen opens a session's file of which bytes were changed, and which may be cut off.
func FuzzOpen(f *testing.F) {
	record, key := made(f)
	f.Add([]byte{}, uint32(0))
	f.Add([]byte{}, uint32(5000))
	f.Add([]byte{0, 0, 0x10, 9}, uint32(0))
	for page := range len(record) / 4096 {
		for _, at := range []int{8, 10, 12, 16, 20, 24, 28} { // kind, count, overflow, first element
			place := page*4096 + at
			f.Add([]byte{byte(place >> 16), byte(place >> 8), byte(place), 0xff}, uint32(0))
			f.Add([]byte{byte(place >> 16), byte(place >> 8), byte(place), 1}, uint32(0))
		}
	}
	f.Fuzz(func(t *testing.T, changes []byte, cut uint32) {
		bytes := mutated(record, changes)
		bytes = bytes[:len(bytes)-int(cut)%len(bytes)]
		dir := t.TempDir()
		if openBytes(t, dir, bytes, key, store.Options{ReadOnly: true}) == nil {
			openBytes(t, dir, bytes, key, store.Options{}) // both must come back
		}
	})
}

// FuzzKeyFile opens a session beside any bytes as its key file.
func FuzzKeyFile(f *testing.F) {
	record, key := made(f)
	f.Add(key)
	for _, text := range []string{`{}`, `{"sign":"` + strings.Repeat("0", 64) + `"}`, `{"sign":` + strings.Repeat("[", 3000), `{"sign":1}`, "\ufeff" + string(key), string(key) + string(key), `{"sign":"é"}`, ``} {
		f.Add([]byte(text))
	}
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, key []byte) {
		err := openBytes(t, dir, record, key, store.Options{})
		if err != nil && !errors.Is(err, store.ErrKey) {
			t.Errorf("error %v", err)
		}
	})
}

func TestOpenCost(t *testing.T) {
	record, key := made(t)
	dir := t.TempDir()
	inputs := costtest.Hostile()
	t.Run("key", func(t *testing.T) {
		costtest.Check(t, inputs, func(data []byte) {
			if err := openBytes(t, dir, record, data, store.Options{}); !errors.Is(err, store.ErrKey) {
				t.Errorf("error %v", err)
			}
		})
	})
	behind := map[string][]byte{}
	for name, data := range inputs {
		behind["behind what is right: "+name] = append(append([]byte(nil), record...), data[:costtest.Size-len(record)]...)
		behind[name] = data
	}
	t.Run("record", func(t *testing.T) {
		costtest.Check(t, behind, func(data []byte) { openBytes(t, dir, data, key, store.Options{ReadOnly: true}) })
	})
}
