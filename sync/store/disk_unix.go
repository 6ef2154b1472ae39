//go:build unix

package store

import "golang.org/x/sys/unix"

// SameDisk says whether two folders or files lie on one disk, so that what is written to
// one of them takes room of the other.
func SameDisk(a, b string) (bool, error) {
	var first, second unix.Stat_t
	if err := unix.Stat(a, &first); err != nil {
		return false, err
	}
	if err := unix.Stat(b, &second); err != nil {
		return false, err
	}
	return first.Dev == second.Dev, nil
}
