package command_test

import (
	"archive/zip"
	"bytes"
	"context"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A zipped pack that is an attack is refused in words, and leaves nothing: no session and
// no file.
func TestHostilePacksLeaveNothing(t *testing.T) {
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	d := newDesk(t, t.TempDir())
	for _, tt := range []struct {
		name, key, member, text string
		mode                    fs.FileMode
	}{
		{"a path that leads out", "fault.bad_path", "../log.jsonl", "x", 0o600},
		{"a name twice", "fault.bad_path", "SHA256SUMS", "x", 0o600},
		{"a link", "fault.linked_file", "log.jsonl", "/etc/passwd", fs.ModeSymlink | 0o777},
		{"a bomb", "fault.too_dense", "log.jsonl", strings.Repeat("{}\n", 2<<20), 0o600},
		{"a log of nothing", "desk.pack_damaged", "log.jsonl", "{}\n", 0o600},
		{"a log without lines", "desk.pack_damaged", "log.jsonl", strings.Repeat("x", 600_000), 0o600},
	} {
		var b bytes.Buffer
		w := zip.NewWriter(&b)
		for _, member := range []struct {
			name, text string
			mode       fs.FileMode
		}{{"SHA256SUMS", "", 0o600}, {tt.member, tt.text, tt.mode}} {
			header := &zip.FileHeader{Name: member.name, Method: zip.Deflate}
			header.SetMode(member.mode)
			f, err := w.CreateHeader(header)
			if err != nil {
				t.Fatal(err)
			}
			io.WriteString(f, member.text)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(t.TempDir(), "pack.zip")
		if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := d.Import(context.Background(), path, nil)
		wantTrouble(t, err, tt.key)
		if list := cards(t, d); len(list) != 0 {
			t.Errorf("%s: sessions %+v", tt.name, list)
		}
		if left, err := filepath.Glob(filepath.Join(temp, "folkmoot-pack-*")); err != nil || len(left) != 0 {
			t.Errorf("%s: %v is left, %v", tt.name, left, err)
		}
	}
}
