package store

import (
	"path/filepath"
	"strings"
)

// SameDisk says whether two folders or files lie on one disk, so that what is written to
// one of them takes room of the other.
func SameDisk(a, b string) (bool, error) {
	first, err := filepath.Abs(a)
	if err != nil {
		return false, err
	}
	second, err := filepath.Abs(b)
	if err != nil {
		return false, err
	}
	return strings.EqualFold(filepath.VolumeName(first), filepath.VolumeName(second)), nil
}
