package report

import (
	"bytes"
	"context"
	"encoding/csv"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"folkmoot/app/intake"
	"folkmoot/app/readmodel"
	"folkmoot/app/readmodel/readmodeltest"
	"folkmoot/sync/moot"
)

// formulas are statements that would be programs, each with what a spreadsheet would take
// for one.
var formulas = []string{
	`=cmd|' /C calc'!A0`, `+1+cmd|' /C calc'!A0`, `-2+3`, `@SUM(1+9)*cmd`, "＝HYPERLINK(\"http://evil.example\")", "燈\n=1+1", "  =1+1", `_x003D_1+1`, `_x003D_x003D_1`, "-1",
}

// excelSource is a session of statements that are formulas, and a vote on each.
func excelSource(t *testing.T) *Source {
	t.Helper()
	r := readmodeltest.NewOpen(t)
	p := r.Join(1, "=1+1")
	for _, text := range formulas {
		r.Vote(p, r.Statement(text), moot.Disagree)
	}
	r.Put(&moot.SetField{Field: moot.Title, Value: "=1+1", Rev: 9})
	v, err := readmodel.Build(context.Background(), r.View(), readmodel.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s, err := NewSource(v, Options{Random: rand.NewChaCha8([32]byte{1}), Now: time.UnixMilli(1_800_000_000_000).UTC()})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// workbook writes and reads the workbook with another program's code.
func workbook(t *testing.T, s *Source, off excelGuards) *excelize.File {
	t.Helper()
	var files Memory
	if err := writeExcel(&files, s, off); err != nil {
		t.Fatal(err)
	}
	book, err := excelize.OpenReader(bytes.NewReader(files.File("tables.xlsx")))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { book.Close() })
	return book
}

// executable gives the texts of a workbook that a spreadsheet would take for a formula as
// soon as somebody goes into the cell or saves the sheet as CSV, and the cells that are
// formulas already.
func executable(t *testing.T, book *excelize.File) (found []string) {
	t.Helper()
	for _, sheet := range book.GetSheetList() {
		rows, err := book.GetRows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		for i, row := range rows {
			for j, text := range row {
				name, err := excelize.CoordinatesToCellName(j+1, i+1)
				if err != nil {
					t.Fatal(err)
				}
				kind, err := book.GetCellType(sheet, name)
				if err != nil {
					t.Fatal(err)
				}
				if f, _ := book.GetCellFormula(sheet, name); f != "" {
					found = append(found, f)
				}
				if kind != excelize.CellTypeInlineString && kind != excelize.CellTypeSharedString {
					continue
				}
				for _, line := range strings.FieldsFunc(text, lineEnd) {
					if line = strings.TrimLeft(line, " \u3000"); line != "" && strings.ContainsAny(strings.ReplaceAll(line[:min(3, len(line))], "＝", "=")[:1], "=+-@\t") {
						found = append(found, text)
					}
				}
			}
		}
	}
	return found
}

// What is written into a workbook is no program, and it is the guards that see to it:
// without them it is one.
func TestFormulaAttack(t *testing.T) {
	s := excelSource(t)
	if found := executable(t, workbook(t, s, excelGuards{})); len(found) > 0 {
		t.Errorf("these are formulas: %q", found)
	}
	without := executable(t, workbook(t, s, excelGuards{noApostrophe: true}))
	for _, text := range formulas {
		if !slices.Contains(without, oneLine(text)) && !strings.HasPrefix(text, "_x") && !strings.HasPrefix(text, "燈") {
			t.Errorf("without its guard %q was no formula either: %q", text, without)
		}
	}
	// A letter in a code comes out as the letter, behind the back of the other guard.
	if without := executable(t, workbook(t, s, excelGuards{noEscape: true})); !slices.Contains(without, "=1+1") {
		t.Errorf("without its guard the coded letter was none: %q", without)
	}
}

// Counts are numbers, a statement of "-1" is a text, and both are what the tables for
// programs hold, where nothing is put before anything.
func TestExcelHoldsTheTables(t *testing.T) {
	s := excelSource(t)
	book := workbook(t, s, excelGuards{})
	var files Memory
	if err := WritePolis(&files, s); err != nil {
		t.Fatal(err)
	}
	if err := WriteStatements(&files, s); err != nil {
		t.Fatal(err)
	}
	if got := book.GetSheetList(); !slices.Equal(got, excelTables) {
		t.Fatalf("sheets %v", got)
	}
	numbers := 0
	for _, sheet := range book.GetSheetList() {
		want, err := csv.NewReader(bytes.NewReader(files.File(sheet + ".csv"))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		for i, row := range want {
			for j, text := range row {
				name, _ := excelize.CoordinatesToCellName(j+1, i+1)
				got, err := book.GetCellValue(sheet, name, excelize.Options{RawCellValue: true})
				if err != nil {
					t.Fatal(err)
				}
				kind, _ := book.GetCellType(sheet, name)
				if kind == excelize.CellTypeUnset && text != "" { // as a number has none
					numbers++
					if got != text {
						t.Errorf("%s %s is %q, want the number %q", sheet, name, got, text)
					}
					continue
				}
				if strings.ReplaceAll(got, "'", "") != strings.ReplaceAll(text, "'", "") {
					t.Errorf("%s %s is %q, want %q", sheet, name, got, text)
				}
			}
		}
	}
	if numbers < 50 {
		t.Errorf("%d numbers", numbers)
	}
	all := string(files.File("comments.csv"))
	for _, text := range []string{"\n", ",-2+3\n", ",\"  =1+1\"\n", `,_x003D_1+1` + "\n", ",-1\n"} {
		if !strings.Contains(all, text) {
			t.Errorf("comments.csv does not hold %q as it is:\n%s", text, all)
		}
	}
	column, err := book.GetCols("comments")
	if err != nil {
		t.Fatal(err)
	}
	bodies := column[slices.IndexFunc(column, func(c []string) bool { return c[0] == "comment-body" })]
	if !slices.Contains(bodies, "'-1") || !slices.Contains(bodies, "_x003D_1+1") {
		t.Errorf("texts %q", bodies)
	}
}

// The same Source gives the same bytes, and our own reader takes them.
func TestExcelTwice(t *testing.T) {
	s := excelSource(t)
	var one, two Memory
	if err := WriteExcel(&one, s); err != nil {
		t.Fatal(err)
	}
	if err := WriteExcel(&two, s); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(one.File("tables.xlsx"), two.File("tables.xlsx")) {
		t.Error("written twice it differs")
	}
	lists, err := intake.ReadList("tables.xlsx", bytes.NewReader(one.File("tables.xlsx")))
	if err != nil || len(lists[0].Statements) < len(formulas)-1 {
		t.Errorf("%d lists, %v", len(lists), err)
	}
}

func TestExcelCells(t *testing.T) {
	sheet := excelSheet{name: "comments", rows: [][]string{{"comment-id", "comment-body"}, {"1", "=1"}}}
	if got, want := sheet.cells(), `<row><c t="inlineStr"><is><t xml:space="preserve">comment-id</t></is></c><c t="inlineStr"><is><t xml:space="preserve">comment-body</t></is></c></row><row><c><v>1</v></c><c t="inlineStr"><is><t xml:space="preserve">&#39;=1</t></is></c></row>`; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// A table larger than a sheet is left out.
func TestExcelFits(t *testing.T) {
	for _, tt := range []struct {
		rows, columns int
		want          bool
	}{{0, 0, false}, {1, 1, true}, {maxSheetRows, maxSheetColumns, true}, {maxSheetRows + 1, 1, false}, {1, maxSheetColumns + 1, false}} {
		rows := make([][]string, tt.rows)
		for i := range min(1, tt.rows) {
			rows[i] = make([]string, tt.columns)
		}
		if got := fits(rows); got != tt.want {
			t.Errorf("%d rows of %d columns fit: %v", tt.rows, tt.columns, got)
		}
	}
}
