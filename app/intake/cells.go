package intake

import (
	"strconv"
	"strings"

	"folkmoot/sync/moot"
)

// msFrom is the first timestamp that is taken as milliseconds: in seconds it is
// the year 5138, in milliseconds March 1973.
const msFrom = 1e11

// cell gives the field of a column, nil for a column that the file has not.
// Error: ShortRow.
func (t *table) cell(fields [][]byte, column int) ([]byte, error) {
	switch {
	case column < 0:
		return nil, nil
	case column >= len(fields):
		return nil, &Fault{Code: ShortRow, File: t.file, Row: t.row, Column: t.header[column]}
	}
	return fields[column], nil
}

// number gives a whole number from lo to hi; absent for a column that the file has
// not.
func (t *table) number(fields [][]byte, column int, lo, hi, absent int64, want string) (int64, error) {
	raw, err := t.cell(fields, column)
	if err != nil || column < 0 {
		return absent, err
	}
	n, err := strconv.ParseInt(strings.TrimSpace(string(raw)), 10, 64)
	if err != nil || n < lo || n > hi {
		return 0, t.bad(column, raw, want)
	}
	return n, nil
}

func (t *table) bad(column int, raw []byte, want string) *Fault {
	return &Fault{Code: BadCell, File: t.file, Row: t.row, Column: t.header[column], Found: string(raw), Want: want}
}

// id gives a whole number from 0.
func (t *table) id(fields [][]byte, column int) (int64, error) {
	return t.number(fields, column, 0, 1<<62, 0, "a whole number from 0")
}

// sign gives -1, 0 or 1; 0 for a column that the file has not.
func (t *table) sign(fields [][]byte, column int) (int8, error) {
	n, err := t.number(fields, column, -1, 1, 0, "-1, 0 or 1")
	return int8(n), err
}

// time gives a timestamp in milliseconds since 1970, and whether it was written in
// seconds; 0 for a column that the file has not.
func (t *table) time(fields [][]byte, column int) (ms int64, seconds bool, err error) {
	n, err := t.number(fields, column, 0, moot.MaxRev-1, 0, "a time in seconds or milliseconds since 1970")
	if err != nil || column < 0 || n >= msFrom {
		return n, false, err
	}
	return n * 1000, true, nil
}

// truth gives true or false; false for an empty cell and for a column that the
// file has not.
func (t *table) truth(fields [][]byte, column int) (bool, error) {
	raw, err := t.cell(fields, column)
	if err != nil {
		return false, err
	}
	switch strings.ToLower(strings.TrimSpace(string(raw))) {
	case "true", "t", "1":
		return true, nil
	case "false", "f", "0", "":
		return false, nil
	}
	return false, t.bad(column, raw, "true or false")
}
