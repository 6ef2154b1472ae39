package intake

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"
)

// readWorkbook reads the column of statements of each sheet. A panic is a broken file.
func readWorkbook(name string, data []byte, down guards) (sections []section, err error) {
	defer func() {
		if p := recover(); p != nil {
			sections, err = nil, &Fault{Code: BrokenFile, File: name, Err: fmt.Errorf("panic: %v", p)}
		}
	}()
	if bytes.HasPrefix(data, []byte("\xd0\xcf\x11\xe0")) {
		// What Excel makes of a workbook with a password, and its format before 2007.
		return nil, &Fault{Code: LockedFile, File: name}
	}
	book, err := openWorkbook(name, data, down)
	if err != nil {
		return nil, err
	}
	sheets, err := book.sheets()
	if err != nil {
		return nil, err
	}
	return readSheets(book, sheets)
}

func readSheets(book *workbook, sheets []sheet) ([]section, error) {
	var out []section
	var first error
	lines, left := 0, newBudget(MaxWorkbook, book.zip.left.down)
	for _, sheet := range sheets {
		s, err := readSheet(book, sheet, left)
		var fault *Fault
		if errors.As(err, &fault) && fault.Code == NoColumn {
			first = err // another sheet may have it
			continue
		}
		if err != nil {
			return nil, err
		}
		if lines += len(s.lines); lines > MaxLines {
			return nil, &Fault{Code: TooManyLines, File: book.zip.name}
		}
		out = append(out, s)
	}
	if lines == 0 && first != nil {
		return nil, first
	}
	return out, nil
}

// line is a row of a sheet.
type line struct {
	cells []string
	row   int
}

// errEnough ends the reading of a sheet.
var errEnough = errors.New("enough was read")

// lines gives the rows of a sheet that have a text. The error comes last.
func (w *workbook) lines(s sheet) iter.Seq2[line, error] {
	return func(yield func(line, error) bool) {
		c := &cells{texts: w.texts, down: w.zip.left.down}
		err := w.walk(s.path, func(token xml.Token) error {
			whole, err := c.take(token)
			if err != nil || !whole {
				return err
			}
			found := line{trimCells(append(c.line, "")), c.row}
			if slices.ContainsFunc(found.cells, notBlank) && !yield(found, nil) {
				return errEnough
			}
			return nil
		})
		if err != nil && !errors.Is(err, errEnough) {
			yield(line{}, err)
		}
	}
}

func notBlank(cell string) bool { return strings.TrimSpace(cell) != "" }

func readSheet(book *workbook, sheet sheet, left *budget) (section, error) {
	next, stop := iter.Pull2(book.lines(sheet))
	defer stop()
	s, err := readRows(book.zip.name, ',', left, func() ([]string, int, error) {
		found, err, more := next()
		if !more {
			return nil, 0, io.EOF
		}
		return found.cells, found.row, err
	})
	s.heading = sheet.name
	return s, err
}
