package store

import (
	"os"

	"golang.org/x/sys/windows"
)

// syncFolder does nothing: Windows keeps a folder's names with the file's own sync.
func syncFolder(string) error { return nil }

// lock waits until no other program holds the file's lock, and takes it.
func lock(f *os.File) error {
	return windows.LockFileEx(windows.Handle(f.Fd()), windows.LOCKFILE_EXCLUSIVE_LOCK, 0, 1, 0, new(windows.Overlapped))
}
