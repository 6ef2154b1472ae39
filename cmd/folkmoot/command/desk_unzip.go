package command

import (
	"errors"
	"os"
	"path"
	"path/filepath"
	"slices"

	"folkmoot/app/intake"
)

// maxPack is the size of a zipped pack, packed and unpacked, in bytes. Its log may be
// far larger than a Polis export.
const maxPack = 2 << 30

// unpackPack unpacks a zip that holds a pack into a folder of its own, and gives "" for
// every other file, which may be another kind; who reads that says so.
func unpackPack(name string) (string, error) {
	file, err := os.Open(name)
	if err != nil {
		return "", nil
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return "", nil
	}
	archive, err := intake.OpenZip(filepath.Base(name), file, info.Size(), intake.ZipLimits{Packed: maxPack, Unpacked: maxPack})
	var fault *intake.Fault
	if errors.As(err, &fault) && fault.Code == intake.BrokenFile {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	if !slices.ContainsFunc(archive.Names(), func(at string) bool { return path.Base(at) == sumsName }) {
		return "", nil
	}
	temp, err := os.MkdirTemp("", "folkmoot-pack-")
	if err != nil {
		return "", err
	}
	if err := archive.Unpack(temp); err != nil {
		os.RemoveAll(temp)
		return "", err
	}
	return temp, nil
}
