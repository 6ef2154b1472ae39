//go:build unix

package store

import "golang.org/x/sys/unix"

// noRoom is what this system says where a disk is full: the last is for disks that hold
// no larger file, as some USB sticks do.
var noRoom = []error{unix.ENOSPC, unix.EDQUOT, unix.EFBIG}

// Free gives how many bytes may still be written in a folder.
func Free(folder string) (uint64, error) {
	var st unix.Statfs_t
	if err := unix.Statfs(folder, &st); err != nil {
		return 0, err
	}
	return uint64(st.Bavail) * uint64(st.Bsize), nil
}
