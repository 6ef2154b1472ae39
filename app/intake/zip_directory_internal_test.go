package intake

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
)

// measured counts what is read of a file.
type measured struct {
	from io.ReaderAt
	read int64
}

func (m *measured) ReadAt(p []byte, at int64) (int, error) {
	m.read += int64(len(p))
	return m.from.ReadAt(p, at)
}

// emptyMembers makes a zip of members that hold nothing.
func emptyMembers(t *testing.T, n int, name string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := range n {
		if _, err := w.CreateRaw(&zip.FileHeader{Name: fmt.Sprintf("%s%d", name, i)}); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// few has the end of a zip say that it holds 5 members: of their number archive/zip
// compares the last sixteen bits.
func few(data []byte) []byte {
	end := make([]byte, 22)
	copy(end, "PK\x05\x06")
	binary.LittleEndian.PutUint16(end[8:], 5)
	binary.LittleEndian.PutUint16(end[10:], 5)
	first, list := bytes.Index(data, []byte("PK\x01\x02")), bytes.Index(data, []byte("PK\x06\x06"))
	binary.LittleEndian.PutUint32(end[12:], uint32(list-first))
	binary.LittleEndian.PutUint32(end[16:], uint32(first))
	return append(data[:list:list], end...)
}

// Members that hold nothing cost a file little and memory much: of their list no more is
// read than MaxMembers take, whatever the file says of their number.
func TestListOfMembersIsBounded(t *testing.T) {
	const most = 2 << 20
	for name, data := range map[string][]byte{
		"100,000 members":             emptyMembers(t, 100_000, ""),
		"65,541 that say they are 5":  few(emptyMembers(t, 65_541, "")),
		"60,000 with names that last": emptyMembers(t, 60_000, strings.Repeat("x", 100)),
	} {
		from := &measured{from: bytes.NewReader(data)}
		_, err := OpenZip("a.zip", from, int64(len(data)), ZipLimits{Packed: 1 << 30})
		var fault *Fault
		if !errors.As(err, &fault) || fault.Code != TooManyFiles || from.read > most {
			t.Errorf("%s: read %d bytes, error %v", name, from.read, err)
		}
		from.read = 0
		_, err = OpenZip("a.zip", from, int64(len(data)), ZipLimits{Packed: 1 << 30, down: directoryGuard})
		if from.read <= most {
			t.Errorf("%s: without the guard %d bytes are read (%v): it is not that guard which keeps them away", name, from.read, err)
		}
	}
}

// The list of a zip may be as long as that of any pack of ours, and its files may be large.
func TestListOfMembersHasRoom(t *testing.T) {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := range MaxMembers {
		f, err := w.Create(fmt.Sprintf("%0200d", i))
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(f, noise(4000))
	}
	if err := errors.Join(w.SetComment(strings.Repeat("x", 1<<16-1)), w.Close()); err != nil {
		t.Fatal(err)
	}
	z, err := OpenZip("a.zip", bytes.NewReader(b.Bytes()), int64(b.Len()), ZipLimits{})
	if err == nil {
		err = z.Unpack(t.TempDir())
	}
	if err != nil {
		t.Error(err)
	}
}
