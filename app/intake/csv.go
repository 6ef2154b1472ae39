package intake

import (
	"bufio"
	"bytes"
	"io"
	"slices"
	"strings"
)

// table reads records of comma-separated values as RFC 4180 has them, from any
// program: a byte-order mark, CRLF, and quotes inside unquoted fields are taken.
// encoding/csv is not used because it keeps a record of any length in memory, and
// counts lines where people count rows.
type table struct {
	file   string
	comma  byte
	in     *bufio.Reader
	row    int  // of the record read last, as a spreadsheet counts
	crlf   bool // the first record ended in CRLF, so breaks inside texts did too
	text   []byte
	ends   []int
	fields [][]byte
	header header
	// tooDense says whether so many rows are more than the packed file can hold; nil for
	// a file that is not packed.
	tooDense func(rows int) bool
}

func newTable(file string, r io.Reader, comma byte) *table {
	t := &table{file: file, comma: comma, in: bufio.NewReaderSize(r, 64<<10)}
	if mark, _ := t.in.Peek(3); string(mark) == "\ufeff" {
		t.in.Discard(3)
	}
	return t
}

// next gives the fields of the next record that is not blank, io.EOF after the
// last. The fields hold until the next call.
func (t *table) next() ([][]byte, error) {
	for {
		t.row++
		if err := t.record(); err != nil {
			return nil, err
		}
		if t.tooDense != nil && t.tooDense(t.row) {
			return nil, &Fault{Code: TooDense, File: t.file, Row: t.row, Err: errTooDense}
		}
		if len(t.ends) > 1 || t.ends[0] > 0 {
			break
		}
	}
	t.fields = t.fields[:0]
	from := 0
	for _, end := range t.ends {
		t.fields = append(t.fields, t.text[from:end:end])
		from = end
	}
	return t.fields, nil
}

// Where the reader stands in a field.
const (
	atStart = iota
	inPlain
	inQuotes
	afterQuote
)

func (t *table) record() error {
	t.text, t.ends = t.text[:0], t.ends[:0]
	state := atStart
	for n := 0; ; n++ {
		b, err := t.in.ReadByte()
		if err == io.EOF && n > 0 && state != inQuotes {
			t.ends = append(t.ends, len(t.text))
			return nil
		}
		if err == io.EOF && n > 0 {
			return &Fault{Code: LongRow, File: t.file, Row: t.row}
		}
		if err == io.EOF {
			return err
		}
		if err != nil {
			return fileFault(t.file, err)
		}
		if n == maxRecord {
			return &Fault{Code: LongRow, File: t.file, Row: t.row}
		}
		switch {
		case state == inQuotes && b == '"':
			state = afterQuote
		case state == inQuotes:
			t.text = append(t.text, b)
		case b == '"' && state == atStart:
			state = inQuotes
		case b == '"' && state == afterQuote:
			t.text = append(t.text, b)
			state = inQuotes
		case b == t.comma:
			t.ends = append(t.ends, len(t.text))
			state = atStart
		case b == '\n':
			t.endRecord(state == inPlain)
			return nil
		case b == '\r' && state == afterQuote:
			// Of CRLF after a quoted field; the line feed ends the record.
			if next, _ := t.in.Peek(1); string(next) == "\n" {
				t.crlf = t.crlf || t.row == 1
			}
		default:
			t.text = append(t.text, b)
			state = inPlain
		}
	}
}

// endRecord ends the last field, without the CR of a CRLF after a plain one.
func (t *table) endRecord(plain bool) {
	if n := len(t.text); plain && t.text[n-1] == '\r' {
		t.text = t.text[:n-1]
		t.crlf = t.crlf || t.row == 1
	}
	t.ends = append(t.ends, len(t.text))
}

// cellText gives a field's text; line breaks of a file that was turned to CRLF are
// turned back.
func (t *table) cellText(field []byte) string {
	if t.crlf {
		field = bytes.ReplaceAll(field, []byte("\r\n"), []byte("\n"))
	}
	return string(field)
}

// header finds columns by their names.
type header []string

// readHeader reads the first record as the columns' names. Capitals, blanks and
// the difference of _ and - do not count.
func (t *table) readHeader() error {
	names, err := t.next()
	if err == io.EOF {
		return &Fault{Code: NoColumn, File: t.file, Row: 1}
	}
	if err != nil {
		return err
	}
	for _, name := range names {
		t.header = append(t.header, columnName(string(name)))
	}
	return nil
}

func columnName(name string) string {
	name = strings.TrimSpace(strings.ToValidUTF8(name, "?"))
	return strings.ReplaceAll(strings.ToLower(name), "_", "-")
}

// find gives the place of the first of the names that the header has, -1 where it
// has none.
func (h header) find(names ...string) int {
	for _, name := range names {
		if i := slices.Index(h, name); i >= 0 {
			return i
		}
	}
	return -1
}

// need is find for a column without which nothing can be read.
func (t *table) need(names ...string) (int, error) {
	i := t.header.find(names...)
	if i < 0 {
		return i, &Fault{Code: NoColumn, File: t.file, Row: 1, Column: names[0]}
	}
	return i, nil
}
