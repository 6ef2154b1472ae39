package intake

import (
	"errors"
	"io"
)

// A zip's list of members costs some hundred bytes of memory for 46 of the file, and
// archive/zip reads it whole, whatever number of members is stated. So it is given no
// more of the file than the list of MaxMembers takes.
const (
	// directoryMember is how many bytes a member takes in the list on average: its name,
	// its dates and what else programs note.
	directoryMember = 1 << 10
	// directoryEnd is what is read to find the list: the end of the file, with a remark.
	directoryEnd = 128 << 10
)

var errDirectory = errors.New("the list of members is too long")

// directoryReader reads a zip, until open no more than its list of members may take.
type directoryReader struct {
	from io.ReaderAt
	left int64
	open bool
}

func newDirectoryReader(from io.ReaderAt, down guards) *directoryReader {
	return &directoryReader{from: from, left: MaxMembers*directoryMember + directoryEnd, open: !down.up(directoryGuard)}
}

func (d *directoryReader) ReadAt(p []byte, at int64) (int, error) {
	if d.open {
		return d.from.ReadAt(p, at)
	}
	if d.left -= int64(len(p)); d.left < 0 {
		return 0, errDirectory
	}
	return d.from.ReadAt(p, at)
}
