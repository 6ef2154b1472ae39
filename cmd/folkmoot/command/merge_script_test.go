package command_test

import (
	"archive/zip"
	"os"
	"path/filepath"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// findWritten puts the only folder or file that a pattern fits into a variable:
// found NAME PATTERN.
func findWritten(ts *testscript.TestScript, _ bool, args []string) {
	paths, err := filepath.Glob(ts.MkAbs(args[1]))
	ts.Check(err)
	if len(paths) != 1 {
		ts.Fatalf("%d files are called %s: %v", len(paths), args[1], paths)
	}
	ts.Setenv(args[0], paths[0])
}

// zipFolder makes a zip of a folder: zipped FOLDER FILE. With ! its members lead out of it.
func zipFolder(ts *testscript.TestScript, out bool, args []string) {
	file, err := os.Create(ts.MkAbs(args[1]))
	ts.Check(err)
	archive, root := zip.NewWriter(file), ts.MkAbs(args[0])
	ts.Check(filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(filepath.Dir(root), path)
		if err != nil {
			return err
		}
		if out {
			name = "../" + name
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		member, err := archive.Create(filepath.ToSlash(name))
		if err == nil {
			_, err = member.Write(data)
		}
		return err
	}))
	ts.Check(archive.Close())
	ts.Check(file.Close())
}

// damage changes a file: damage flip FILE changes one byte in its middle, damage half FILE
// cuts it in half, damage bomb FILE makes a zip that unpacks into far too much.
func damage(ts *testscript.TestScript, _ bool, args []string) {
	path := ts.MkAbs(args[1])
	if args[0] == "bomb" {
		file, err := os.Create(path)
		ts.Check(err)
		archive := zip.NewWriter(file)
		for _, name := range []string{"private/SHA256SUMS", "private/log.jsonl"} {
			member, err := archive.Create(name)
			ts.Check(err)
			_, err = member.Write([]byte(strings.Repeat("0", 64<<20)))
			ts.Check(err)
		}
		ts.Check(archive.Close())
		ts.Check(file.Close())
		return
	}
	data, err := os.ReadFile(path)
	ts.Check(err)
	if args[0] == "half" {
		data = data[:len(data)/2]
	} else {
		data[len(data)/2] ^= 1
	}
	ts.Check(os.WriteFile(path, data, 0o600))
}
