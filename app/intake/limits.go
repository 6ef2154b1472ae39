package intake

import (
	"errors"
	"fmt"
	"io"
)

// Limits of what is read, counted while reading.
const (
	// MaxPacked is the size of a zip, a workbook or a text file, in bytes.
	MaxPacked = 20 << 20
	// MaxUnpacked is the size of all that is unpacked from one import, in bytes.
	MaxUnpacked = 100 << 20
	// MaxWorkbook is the size of all that is unpacked from a workbook, in bytes.
	MaxWorkbook = 32 << 20
	// MaxMembers is the number of files in a zip.
	MaxMembers = 1000
	// MaxRatio is how many bytes one packed byte may unfold into.
	MaxRatio = 100
	// MaxLines is the number of lines of a list that have a text.
	MaxLines = 5000
	// MaxColumns is the number of columns of a workbook's sheet.
	MaxColumns = 1000

	// blankLines is how many lines, blank ones among them, a text may have for each of
	// MaxLines.
	blankLines = 20
	// ratioSlack is unpacked freely, so that a short and dull file is no bomb.
	ratioSlack = 1 << 20
	// maxRecord is the size of one CSV record, and of the texts in a row of a workbook: moot.MaxImported characters of four
	// bytes with every quote doubled, and the other columns with room to spare.
	maxRecord = 256 << 10
	// maxVisited is how many entries of a folder are looked at.
	maxVisited = 20000
	// freeRows is how many rows a packed table may have however small it is packed. Rows
	// cost memory by their number: beyond this each must have cost the file something.
	freeRows = 100_000
	// voteRow and commentRow are the fewest packed bytes of a row, on average. The
	// largest exports of ours have 2.8 bytes a vote, those of Polis 12.
	voteRow, commentRow = 2, 16
)

var errTooDense = errors.New("unpacks into far more than it holds")

// sizeError says that more came out of a file than the limit, in bytes.
type sizeError int64

func (e sizeError) Error() string { return fmt.Sprintf("unpacks into more than %d bytes", int64(e)) }

// guards is the set of guards that are down. It is empty but in the tests that take
// out one guard to see the harm that it keeps away.
type guards uint

const (
	packedGuard guards = 1 << iota
	sizeGuard
	ratioGuard
	membersGuard
	pathGuard
	linkGuard
	rowGuard
	markupGuard
	textGuard
	directoryGuard
)

func (down guards) up(guard guards) bool { return down&guard == 0 }

// budget is what an import may still unpack, in bytes.
type budget struct {
	limit, left int64
	down        guards
}

func newBudget(limit int64, down guards) *budget { return &budget{limit, limit, down} }

// take counts bytes of text that are kept in memory.
func (b *budget) take(n int) error {
	if b.left -= int64(n); b.left < 0 && b.down.up(textGuard) {
		return sizeError(b.limit)
	}
	return nil
}

// meter counts what is read against the budget and, where packed is known,
// against what it was packed into.
type meter struct {
	from   io.Reader
	budget *budget
	packed func() int64 // bytes of the packed file that were read; nil for what is not packed
	out    int64
}

func (m *meter) Read(p []byte) (int, error) {
	n, err := m.from.Read(p)
	m.out += int64(n)
	m.budget.left -= int64(n)
	switch {
	case m.budget.left < 0 && m.budget.down.up(sizeGuard):
		return n, sizeError(m.budget.limit)
	case m.packed != nil && m.out > ratioSlack && m.out/MaxRatio > m.packed() && m.budget.down.up(ratioGuard):
		return n, errTooDense
	}
	return n, err
}

// counter counts the bytes that went through it.
type counter struct {
	from io.Reader
	n    *int64
}

func (c counter) Read(p []byte) (int, error) {
	n, err := c.from.Read(p)
	*c.n += int64(n)
	return n, err
}
