//go:build unix

package command

import (
	"errors"
	"io/fs"
	"syscall"

	"golang.org/x/sys/unix"
)

// addressTaken says whether listening failed since another program does.
func addressTaken(err error) bool { return errors.Is(err, unix.EADDRINUSE) }

// addressDenied says whether listening failed for want of rights.
func addressDenied(err error) bool { return errors.Is(err, unix.EACCES) }

// readOnlyDisk says whether writing failed since the whole disk may only be read.
func readOnlyDisk(err error) bool { return errors.Is(err, unix.EROFS) }

// onlyOf says whether a file is a user's, and nobody else may do anything with it.
func onlyOf(info fs.FileInfo, user int) bool {
	held, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(held.Uid) == user && info.Mode().Perm()&0o077 == 0
}
