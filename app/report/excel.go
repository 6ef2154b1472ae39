package report

import (
	"archive/zip"
	"bytes"
	"cmp"
	"encoding/csv"
	"encoding/xml"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
)

// What a sheet takes at most. A table that is larger is left out: it stands in the
// folder polis.
const (
	maxSheetRows    = 1 << 20
	maxSheetColumns = 1 << 14
)

// excelTables are the tables of the workbook, in the order of its sheets, the likeliest
// wanted first. Single votes are not among them: they are for programs.
var excelTables = []string{"comments", "comment-groups", "participant-votes", "statements", "summary"}

// WriteExcel writes tables.xlsx, the tables of Polis's report export for people who work
// with a spreadsheet: counts as numbers, texts as texts that are no formulas.
func WriteExcel(to Target, s *Source) error { return writeExcel(to, s, excelGuards{}) }

// excelGuards are what keeps a text from being a formula. Tests take out one to see that
// it is needed.
type excelGuards struct{ noApostrophe, noEscape bool }

func writeExcel(to Target, s *Source, off excelGuards) error {
	var files Memory
	if err := WritePolis(&files, s); err != nil {
		return err
	}
	if err := WriteStatements(&files, s); err != nil {
		return err
	}
	var sheets []excelSheet
	for _, name := range excelTables {
		rows, err := csv.NewReader(bytes.NewReader(files.File(name + ".csv"))).ReadAll()
		if err != nil {
			return fmt.Errorf("report: read table %s again: %w", name, err)
		}
		if fits(rows) {
			sheets = append(sheets, excelSheet{name: name, rows: rows, off: off})
		}
	}
	return write(to, "tables.xlsx", func(w io.Writer) error { return s.zipSheets(w, sheets) })
}

func fits(rows [][]string) bool {
	return len(rows) > 0 && len(rows) <= maxSheetRows && len(rows[0]) <= maxSheetColumns
}

// excelSheet is a table on its way into a workbook.
type excelSheet struct {
	name string
	rows [][]string
	off  excelGuards
}

const xmlHead = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"

func (s *Source) zipSheets(w io.Writer, sheets []excelSheet) error {
	const (
		main     = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
		document = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
		packages = "http://schemas.openxmlformats.org/package/2006/"
		kind     = "application/vnd.openxmlformats-officedocument.spreadsheetml."
	)
	var types, list, relations strings.Builder
	for i, sheet := range sheets {
		fmt.Fprintf(&types, `<Override PartName="/xl/worksheets/sheet%d.xml" ContentType="%sworksheet+xml"/>`, i+1, kind)
		fmt.Fprintf(&list, `<sheet name="%s" sheetId="%d" r:id="rId%d"/>`, sheet.name, i+1, i+1)
		fmt.Fprintf(&relations, `<Relationship Id="rId%d" Type="%s/worksheet" Target="worksheets/sheet%d.xml"/>`, i+1, document, i+1)
	}
	archive := zip.NewWriter(w)
	add := func(path, text string) error {
		f, err := archive.CreateHeader(&zip.FileHeader{Name: path, Method: zip.Deflate, Modified: s.Now})
		if err == nil {
			_, err = io.WriteString(f, xmlHead+text)
		}
		return err
	}
	err := cmp.Or(
		add("[Content_Types].xml", `<Types xmlns="`+packages+`content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>`+
			`<Override PartName="/xl/workbook.xml" ContentType="`+kind+`sheet.main+xml"/>`+types.String()+`</Types>`),
		add("_rels/.rels", `<Relationships xmlns="`+packages+`relationships"><Relationship Id="rId1" Type="`+document+`/officeDocument" Target="xl/workbook.xml"/></Relationships>`),
		add("xl/workbook.xml", `<workbook xmlns="`+main+`" xmlns:r="`+document+`"><sheets>`+list.String()+`</sheets></workbook>`),
		add("xl/_rels/workbook.xml.rels", `<Relationships xmlns="`+packages+`relationships">`+relations.String()+`</Relationships>`),
	)
	for i, sheet := range sheets {
		err = cmp.Or(err, add(fmt.Sprintf("xl/worksheets/sheet%d.xml", i+1), `<worksheet xmlns="`+main+`"><sheetData>`+sheet.cells()+`</sheetData></worksheet>`))
	}
	return cmp.Or(err, archive.Close())
}

// cells writes the rows of a sheet.
func (t excelSheet) cells() string {
	var b strings.Builder
	for i, row := range t.rows {
		b.WriteString("<row>")
		for j, text := range row {
			switch {
			case text == "":
				b.WriteString("<c/>")
			case t.isNumber(i, j, text):
				b.WriteString("<c><v>" + text + "</v></c>")
			default:
				b.WriteString(`<c t="inlineStr"><is><t xml:space="preserve">`)
				xml.EscapeText(&b, []byte(t.plain(text))) // a Builder gives no error
				b.WriteString("</t></is></c>")
			}
		}
		b.WriteString("</row>")
	}
	return b.String()
}

var (
	aNumber = regexp.MustCompile(`^-?\d{1,15}(\.\d{1,17})?(e-?\d{1,3})?$`)
	// aCode is how a workbook writes a letter that XML has no room for: "_x003D_" is "=".
	aCode = regexp.MustCompile(`^_x[0-9A-Fa-f]{4}_`)
	// countsOfSummary are the rows of the summary that hold a number.
	countsOfSummary = []string{"views", "voters", "voters-in-conv", "commenters", "comments", "groups"}
)

// isNumber says whether a cell is a number: by what its column holds, since a statement
// may be "-1" too.
func (t excelSheet) isNumber(row, column int, text string) bool {
	if t.name == "summary" {
		return column == 1 && slices.Contains(countsOfSummary, t.rows[row][0]) && aNumber.MatchString(text)
	}
	kind, _, _ := columnMeaning(t.rows[0][column])
	return row > 0 && (kind == "integer" || kind == "number") && aNumber.MatchString(text)
}

// plain gives a text that a spreadsheet shows as it is.
func (t excelSheet) plain(text string) string {
	if !t.off.noEscape {
		text = uncoded(text)
	}
	if !t.off.noApostrophe {
		text = harmless(text)
	}
	return text
}

// uncoded gives a text of which nothing is read as the code of another letter.
func uncoded(text string) string {
	if !strings.Contains(text, "_x") {
		return text
	}
	var b strings.Builder
	for at, r := range text {
		if aCode.MatchString(text[at:]) {
			b.WriteString("_x005F")
		}
		b.WriteRune(r)
	}
	return b.String()
}
