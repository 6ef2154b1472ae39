//go:build unix

package command

import (
	"errors"

	"golang.org/x/sys/unix"
)

// freeSpace gives how many bytes may still be written in a folder.
func freeSpace(dir string) (uint64, error) {
	var st unix.Statfs_t
	if err := unix.Statfs(dir, &st); err != nil {
		return 0, err
	}
	return uint64(st.Bavail) * uint64(st.Bsize), nil
}

// noRoom is what this system says where a disk is full.
const noRoom = unix.ENOSPC

// diskFull says whether writing failed for want of room.
func diskFull(err error) bool { return errors.Is(err, noRoom) || errors.Is(err, unix.EDQUOT) }

// addressTaken says whether listening failed since another program does.
func addressTaken(err error) bool { return errors.Is(err, unix.EADDRINUSE) }

// addressDenied says whether listening failed for want of rights.
func addressDenied(err error) bool { return errors.Is(err, unix.EACCES) }

// readOnlyDisk says whether writing failed since the whole disk may only be read.
func readOnlyDisk(err error) bool { return errors.Is(err, unix.EROFS) }
