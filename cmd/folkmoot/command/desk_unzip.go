package command

import (
	"archive/zip"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"folkmoot/app/intake"
)

// Limits of a zipped pack. Its log may be far larger than a Polis export.
const (
	maxPackFiles = 1000
	maxPackBytes = 2 << 30
)

// unpackPack unpacks a zip that holds a pack into a folder of its own, and gives "" for
// every other file.
func unpackPack(path string) (string, error) {
	archive, err := zip.OpenReader(path)
	if err != nil {
		return "", nil // then it may be another kind of file; who reads that says so
	}
	defer archive.Close()
	isPack := false
	for _, f := range archive.File {
		isPack = isPack || filepath.Base(f.Name) == sumsName
	}
	if !isPack {
		return "", nil
	}
	name := filepath.Base(path)
	if len(archive.File) > maxPackFiles {
		return "", &intake.Fault{Code: intake.TooManyFiles, File: name}
	}
	temp, err := os.MkdirTemp("", "folkmoot-pack-")
	if err != nil {
		return "", err
	}
	left := int64(maxPackBytes)
	for _, f := range archive.File {
		if err := unpackMember(temp, f, &left); err != nil {
			os.RemoveAll(temp)
			var fault *intake.Fault
			if errors.As(err, &fault) {
				fault.File = name
			}
			return "", err
		}
	}
	return temp, nil
}

// unpackMember writes a member of a zip below a folder, and nothing outside of it.
func unpackMember(temp string, f *zip.File, left *int64) error {
	if strings.HasSuffix(f.Name, "/") || !f.Mode().IsRegular() {
		return nil
	}
	if !filepath.IsLocal(filepath.FromSlash(f.Name)) {
		return &intake.Fault{Code: intake.BadPath, Found: f.Name}
	}
	to := filepath.Join(temp, filepath.FromSlash(f.Name))
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return err
	}
	in, err := f.Open()
	if err != nil {
		return &intake.Fault{Code: intake.BrokenFile, Err: err}
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return &intake.Fault{Code: intake.BadPath, Found: f.Name}
	}
	if err != nil {
		return err
	}
	defer out.Close()
	n, err := io.Copy(out, io.LimitReader(in, *left+1))
	*left -= n
	switch {
	case *left < 0:
		return &intake.Fault{Code: intake.TooBig}
	case errors.Is(err, zip.ErrChecksum), errors.Is(err, io.ErrUnexpectedEOF):
		return &intake.Fault{Code: intake.BrokenFile, Err: err}
	}
	return err
}
