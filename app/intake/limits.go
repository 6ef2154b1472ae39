package intake

import (
	"errors"
	"io"
)

// Limits of what is read, counted while reading.
const (
	// MaxPacked is the size of a zip, a workbook or a text file, in bytes.
	MaxPacked = 20 << 20
	// MaxUnpacked is the size of all that is unpacked from one import, in bytes.
	MaxUnpacked = 100 << 20
	// MaxMembers is the number of files in a zip.
	MaxMembers = 1000
	// MaxRatio is how many bytes one packed byte may unfold into.
	MaxRatio = 100
	// MaxLines is the number of lines of a list that have a text.
	MaxLines = 5000

	// ratioSlack is unpacked freely, so that a short and dull file is no bomb.
	ratioSlack = 1 << 20
	// maxRecord is the size of one CSV record: moot.MaxImported characters of four
	// bytes with every quote doubled, and the other columns with room to spare.
	maxRecord = 256 << 10
	// maxVisited is how many entries of a folder are looked at.
	maxVisited = 20000
)

var (
	errTooBig   = errors.New("unpacks into too much")
	errTooDense = errors.New("unpacks into far more than it holds")
)

// budget is what an import may still unpack, in bytes.
type budget struct{ left int64 }

// meter counts what is read against the budget and, where packed is known,
// against what it was packed into.
type meter struct {
	from   io.Reader
	budget *budget
	packed func() int64 // nil for files that are not packed
	out    int64
}

func (m *meter) Read(p []byte) (int, error) {
	n, err := m.from.Read(p)
	m.out += int64(n)
	m.budget.left -= int64(n)
	switch {
	case m.budget.left < 0:
		return n, errTooBig
	case m.packed != nil && m.out > ratioSlack && m.out/MaxRatio > m.packed():
		return n, errTooDense
	}
	return n, err
}

// counter counts the bytes that went through it.
type counter struct {
	from io.Reader
	n    int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.from.Read(p)
	c.n += int64(n)
	return n, err
}
