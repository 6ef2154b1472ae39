package store

import (
	"bytes"
	"crypto/rand"
	"errors"
	"io"
	"os"
	"syscall"
	"testing"

	"folkmoot/sync/oplog"
)

// failingFrom cannot be read from a place on.
type failingFrom struct {
	io.ReaderAt
	from int64
}

func (f failingFrom) ReadAt(p []byte, at int64) (int, error) {
	if at+int64(len(p)) > f.from {
		return 0, syscall.EIO
	}
	return f.ReaderAt.ReadAt(p, at)
}

// A disk that cannot be read says nothing of what lies on it.
func TestPagesThatCannotBeRead(t *testing.T) {
	f, err := Create(t.TempDir(), oplog.SessionID{1}, rand.Reader)
	if err == nil {
		err = f.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(f.Path())
	if err != nil {
		t.Fatal(err)
	}
	whole, size := bytes.NewReader(data), int64(len(data))
	if err := lookOverPages(whole, size); err != nil {
		t.Errorf("whole: %v", err)
	}
	for _, from := range []int64{0, int64(os.Getpagesize()), 2 * int64(os.Getpagesize())} {
		if err := lookOverPages(failingFrom{whole, from}, size); !errors.Is(err, syscall.EIO) || damaged(err) {
			t.Errorf("not to be read from byte %d on: %v, want EIO", from, err)
		}
	}
}
