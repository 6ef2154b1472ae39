//go:build unix

package store

import (
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// syncFolder makes a new name in a folder outlast a power cut.
func syncFolder(folder string) error {
	d, err := os.Open(folder)
	if err != nil {
		return fmt.Errorf("store: sync the data folder: %w", err)
	}
	err = d.Sync()
	d.Close()
	if err != nil {
		return fmt.Errorf("store: sync the data folder: %w", err)
	}
	return nil
}

// lock waits until no other program holds the file's lock, and takes it.
func lock(f *os.File) error { return unix.Flock(int(f.Fd()), unix.LOCK_EX) }
