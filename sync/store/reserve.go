package store

import (
	"errors"
	"math/rand/v2"
	"os"
)

// Reserve is how much room the file beside an open record keeps free: given back on the
// first want of room, it lets a session go on for a while.
const Reserve = 32 << 20

func reservePath(path string) string { return path[:len(path)-len(".folkmoot")] + ".reserve" }

// TakeReserve keeps room on the disk; one that is kept already stays. What it writes is
// no row of zeros, since some disks keep no room for those.
func (f *File) TakeReserve() error {
	path := reservePath(f.path)
	if info, err := os.Stat(path); err == nil && info.Size() == Reserve {
		return nil
	}
	os.Remove(path)
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	noise, block := rand.NewChaCha8([32]byte{}), make([]byte, 1<<20)
	for written := 0; written < Reserve && err == nil; written += len(block) {
		noise.Read(block)
		_, err = file.Write(block)
	}
	if err == nil {
		err = file.Sync()
	}
	if cerr := file.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		os.Remove(path)
	}
	return err
}

// DropReserve gives the kept room back, and says whether there was any.
func (f *File) DropReserve() bool { return os.Remove(reservePath(f.path)) == nil }

// NoRoom says whether writing failed since the disk is full, or holds no larger file.
func NoRoom(err error) bool {
	for _, full := range noRoom {
		if errors.Is(err, full) {
			return true
		}
	}
	return false
}
