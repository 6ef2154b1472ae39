package intake_test

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"folkmoot/app/intake"
)

func gz(text string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	io.WriteString(w, text)
	w.Close()
	return b.String()
}

func zipped(t testing.TB, files map[string]string) string {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		f, err := w.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(f, files[name])
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// stream is a folder whose votes.csv goes on and on; it notes how far it was read.
type stream struct {
	fs.FS
	head string
	fill func([]byte)
	size int64
	read int64
}

func (s *stream) Open(name string) (fs.File, error) {
	file, err := s.FS.Open(name)
	if err == nil && name == "votes.csv" {
		return &streamFile{File: file, stream: s, head: strings.NewReader(s.head)}, nil
	}
	return file, err
}

type streamFile struct {
	fs.File
	*stream
	head *strings.Reader
}

func (f *streamFile) Read(p []byte) (int, error) {
	if f.head.Len() > 0 {
		return f.head.Read(p)
	}
	if f.read >= f.size {
		return 0, io.EOF
	}
	f.fill(p)
	f.read += int64(len(p))
	return len(p), nil
}

// 100 MB of what is no export is refused after its first row, not read into memory.
func TestNoise(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	const header = "timestamp,comment-id,voter-id,vote\n"
	tests := []struct {
		name, head string
		fill       func([]byte)
	}{
		{"random bytes", "", func(p []byte) {
			for i := range p {
				p[i] = byte(random.Uint32())
			}
		}},
		{"zeros", "", func(p []byte) { clear(p) }},
		{"zeros after the header", header, func(p []byte) { clear(p) }},
		{"commas", header, func(p []byte) { fill(p, ",") }},
		{"quoted line breaks", header + `"`, func(p []byte) { fill(p, "\n") }},
		{"rows of noise", header, func(p []byte) { fill(p, "x,y\n") }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := &stream{FS: folder(zipOld), head: tt.head, fill: tt.fill, size: 100 << 20}
			_, err := intake.ReadPolis("park", s, intake.PolisOptions{})
			var fault *intake.Fault
			if !errors.As(err, &fault) {
				t.Fatalf("error %v", err)
			}
			if s.read > 1<<20 {
				t.Errorf("read %d bytes before saying %v", s.read, err)
			}
		})
	}
}

func fill(p []byte, with string) {
	for i := range p {
		p[i] = with[i%len(with)]
	}
}

// A file of blank lines is never a row, but it is counted all the same.
func TestEndlessBlankLines(t *testing.T) {
	s := &stream{FS: folder(zipOld), fill: func(p []byte) { fill(p, "\n") }, size: 1 << 40}
	_, err := intake.ReadPolis("park", s, intake.PolisOptions{})
	var fault *intake.Fault
	if !errors.As(err, &fault) || fault.Code != intake.TooBig || s.read > intake.MaxUnpacked+1<<20 {
		t.Errorf("read %d bytes, error %v", s.read, err)
	}
}

func TestHostileZips(t *testing.T) {
	row := "1435654193000,2,5,1\n"
	bomb := "timestamp,comment-id,voter-id,vote\n" + strings.Repeat(row, 8<<20/len(row))
	many := map[string]string{}
	for i := range intake.MaxMembers + 1 {
		many[fmt.Sprintf("%d.txt", i)] = ""
	}
	tests := []struct {
		name string
		data string
		code intake.Code
	}{
		{"path that climbs", zipped(t, with(zipOld, "../votes.csv", "x")), intake.BadPath},
		{"absolute path", zipped(t, with(zipOld, "/etc/votes.csv", "x")), intake.BadPath},
		{"backslashes", zipped(t, with(zipOld, `..\votes.csv`, "x")), intake.BadPath},
		{"drive", zipped(t, with(zipOld, `C:votes.csv`, "x")), intake.BadPath},
		{"name twice", zipped(t, with(zipOld, "VOTES.csv", "x")), intake.BadPath},
		{"too many members", zipped(t, many), intake.TooManyFiles},
		{"bomb", zipped(t, with(zipOld, "votes.csv", bomb)), intake.TooDense},
		{"bomb in a bomb", zipped(t, map[string]string{"comments.csv": zipOld["comments.csv"], "votes.csv.gz": gz(bomb)}), intake.TooDense},
		{"password", strings.Replace(zipped(t, zipOld), "PK\x01\x02\x14\x00\x14\x00\x08", "PK\x01\x02\x14\x00\x14\x00\x09", 1), intake.LockedFile},
		{"damaged inside", damage(zipped(t, zipOld)), intake.BrokenFile},
		{"nothing of Polis", zipped(t, map[string]string{"readme.txt": "hello"}), intake.NotPolis},
	}
	dir := t.TempDir()
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			path := filepath.Join(dir, "export.zip")
			if err := os.WriteFile(path, []byte(tt.data), 0o644); err != nil {
				t.Fatal(err)
			}
			p, err := intake.OpenPolis(path, intake.PolisOptions{})
			var fault *intake.Fault
			if !errors.As(err, &fault) || fault.Code != tt.code || p != nil {
				t.Errorf("error %v, want %s", err, tt.code)
			}
		})
	}
}

// damage changes bytes in the middle of the first member's data.
func damage(data string) string {
	b := []byte(data)
	for i := 60; i < 90; i++ {
		b[i] ^= 0x5a
	}
	return string(b)
}

func TestGzipBombInFolder(t *testing.T) {
	files := fstest.MapFS{"comments.csv": {Data: []byte(zipOld["comments.csv"])}, "votes.csv.gz": {Data: []byte(gz("timestamp,comment-id,voter-id,vote\n" + strings.Repeat("1435654193000,2,5,1\n", 400000)))}}
	_, err := intake.ReadPolis("park", files, intake.PolisOptions{})
	var fault *intake.Fault
	if !errors.As(err, &fault) || fault.Code != intake.TooDense {
		t.Errorf("error %v", err)
	}
}

// A folder's name from a system with another encoding is no reason to refuse.
func TestZipNamesInBig5(t *testing.T) {
	path := filepath.Join(t.TempDir(), "export.zip")
	files := map[string]string{}
	for name, text := range zipOld {
		files["\xa5\x5c\xaf\xe0/"+name] = text // 功能, whose second byte is a backslash
	}
	if err := os.WriteFile(path, []byte(zipped(t, files)), 0o644); err != nil {
		t.Fatal(err)
	}
	p, err := intake.OpenPolis(path, intake.PolisOptions{})
	if err != nil {
		t.Fatal(err)
	}
	checkPark(t, p)
}
