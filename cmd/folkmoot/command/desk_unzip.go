package command

import (
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"

	"folkmoot/app/intake"
	"folkmoot/sync/replica"
)

// maxPack is the size of a zipped pack, packed and unpacked, in bytes. Its log may be
// far larger than a Polis export.
const maxPack = 2 << 30

// roomFor gives how many bytes of a pack may be unpacked into a folder. The disk may be
// the record's, and votes may be coming in: what it needs is left free.
func roomFor(folder string, room func(folder string) (uint64, error)) int64 {
	free, err := room(folder)
	if err != nil { // the disk says so where it becomes full
		return maxPack
	}
	return int64(min(free, maxPack+leftFree)) - leftFree
}

// unpackPack unpacks a zip that holds a pack into a folder of its own, and gives "" for
// every other file, which may be another kind; who reads that says so. Errors: a Fault,
// replica.ErrFull where the disk has no room for it, and what the disk says.
func unpackPack(name string, room func(folder string) (uint64, error)) (string, error) {
	file, err := os.Open(name)
	if err != nil {
		return "", nil
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return "", nil
	}
	left := roomFor(os.TempDir(), room)
	archive, err := intake.OpenZip(filepath.Base(name), file, info.Size(), intake.ZipLimits{Packed: maxPack, Unpacked: max(left, 1)})
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
		if errors.As(err, &fault) && fault.Code == intake.TooBig && left < maxPack {
			err = fmt.Errorf("unpack %s: %w", name, replica.ErrFull)
		}
		return "", err
	}
	return temp, nil
}
