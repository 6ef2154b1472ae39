package intake

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

// maxSheetRow is the largest row number that is read: enough for MaxLines with
// blank rows between, and far below what a forged number would make of it.
const maxSheetRow = 4 * MaxLines

// readWorkbook reads the column of statements of each sheet. The workbook's parts
// are measured and its row numbers looked at before the library sees them, and a
// panic of the library is a broken file.
func readWorkbook(name string, data []byte) (sections []section, err error) {
	defer func() {
		if p := recover(); p != nil {
			sections, err = nil, &Fault{Code: BrokenFile, File: name, Err: fmt.Errorf("panic: %v", p)}
		}
	}()
	if bytes.HasPrefix(data, []byte("\xd0\xcf\x11\xe0")) {
		// What Excel makes of a workbook with a password, and its format before 2007.
		return nil, &Fault{Code: LockedFile, File: name}
	}
	if err := checkWorkbook(name, data); err != nil {
		return nil, err
	}
	book, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{UnzipSizeLimit: MaxUnpacked, UnzipXMLSizeLimit: MaxUnpacked})
	if err != nil {
		return nil, &Fault{Code: BrokenFile, File: name, Err: err}
	}
	defer book.Close()
	return readSheets(name, book)
}

// checkWorkbook unpacks every part once, counted, and throws it away.
func checkWorkbook(name string, data []byte) error {
	archive, err := openZip(name, bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return err
	}
	left := &budget{left: MaxUnpacked}
	for _, f := range archive.File {
		if err := checkPart(f, left); err != nil {
			var known *Fault
			if errors.As(err, &known) {
				known.File = name
				return known
			}
			return fileFault(name, err)
		}
	}
	return nil
}

func checkPart(f *zip.File, left *budget) error {
	file, err := f.Open()
	if err != nil {
		return err
	}
	defer file.Close()
	in := &meter{from: file, budget: left, packed: func() int64 { return max(1, int64(f.CompressedSize64)) }}
	if strings.HasSuffix(strings.ToLower(f.Name), ".xml") { // a sheet may have any name
		if err := checkRows(in); err != nil {
			return err
		}
	}
	_, err = io.Copy(io.Discard, in)
	return err
}

// checkRows refuses a part with a row number or a count of rows beyond maxSheetRow,
// and one that is no XML.
func checkRows(in io.Reader) error {
	tokens := xml.NewDecoder(in)
	for n := 0; ; {
		token, err := tokens.RawToken()
		switch {
		case err == io.EOF:
			return nil
		case errors.Is(err, errTooBig) || errors.Is(err, errTooDense):
			return err
		case err != nil:
			return &Fault{Code: BrokenFile, Err: err}
		}
		start, ok := token.(xml.StartElement)
		if !ok || start.Name.Local != "row" {
			continue
		}
		n++
		for _, a := range start.Attr {
			if number, err := strconv.Atoi(a.Value); a.Name.Local == "r" && (err != nil || number > maxSheetRow || number < 1) {
				return &Fault{Code: TooManyLines}
			}
		}
		if n > maxSheetRow {
			return &Fault{Code: TooManyLines}
		}
	}
}

func readSheets(name string, book *excelize.File) ([]section, error) {
	var out []section
	var first error
	lines := 0
	for _, sheet := range book.GetSheetList() {
		s, err := readSheet(name, book, sheet)
		var fault *Fault
		if errors.As(err, &fault) && fault.Code == NoColumn {
			first = err // another sheet may have it
			continue
		}
		if err != nil {
			return nil, err
		}
		if lines += len(s.lines); lines > MaxLines {
			return nil, &Fault{Code: TooManyLines, File: name}
		}
		out = append(out, s)
	}
	if lines == 0 && first != nil {
		return nil, first
	}
	return out, nil
}

func readSheet(name string, book *excelize.File, sheet string) (section, error) {
	in, err := book.Rows(sheet)
	if err != nil {
		return section{}, nil // a sheet of charts has no rows
	}
	defer in.Close()
	row := 0
	s, err := readRows(name, ',', func() ([]string, int, error) {
		for in.Next() {
			row++
			cells, err := in.Columns()
			if err != nil {
				return nil, row, &Fault{Code: BrokenFile, File: name, Row: row, Err: err}
			}
			if cells = trimCells(append(cells, "")); strings.TrimSpace(strings.Join(cells, "")) != "" {
				return cells, row, nil
			}
		}
		if err := in.Error(); err != nil {
			return nil, row, &Fault{Code: BrokenFile, File: name, Row: row, Err: err}
		}
		return nil, row, io.EOF
	})
	s.heading = sheet
	return s, err
}
