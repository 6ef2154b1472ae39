package command

import (
	"archive/zip"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"folkmoot/sync/replica"
)

// A pack is unpacked only into room that the record does not need, and what was unpacked
// before that was seen is gone.
func TestUnpackLeavesRoomForTheRecord(t *testing.T) {
	temp, path := t.TempDir(), filepath.Join(t.TempDir(), "pack.zip")
	t.Setenv("TMPDIR", temp)
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	w := zip.NewWriter(file)
	for name, text := range map[string]string{sumsName: "", logName: strings.Repeat("log", 10_000)} {
		f, err := w.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(f, text)
	}
	if err := errors.Join(w.Close(), file.Close()); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name string
		free uint64
		fail error // of asking
		want error
	}{
		{"enough", leftFree + 40_000, nil, nil},
		{"an endless disk", 1<<64 - 1, nil, nil},
		{"nobody knows", 0, os.ErrPermission, nil},
		{"less than it takes", leftFree + 20_000, nil, replica.ErrFull},
		{"less than the record needs", leftFree / 2, nil, replica.ErrFull},
		{"none", 0, nil, replica.ErrFull},
	} {
		asked := ""
		folder, err := unpackPack(path, func(folder string) (uint64, error) { asked = folder; return tt.free, tt.fail })
		if !errors.Is(err, tt.want) || (folder == "") != (tt.want != nil) || asked != temp {
			t.Errorf("%s: %q, %v; asked of %q", tt.name, folder, err, asked)
		}
		os.RemoveAll(folder)
		if left, err := os.ReadDir(temp); err != nil || len(left) != 0 {
			t.Errorf("%s: %v is left, %v", tt.name, left, err)
		}
	}
}
