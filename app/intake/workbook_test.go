package intake_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"folkmoot/app/intake"
)

const sheetHead = `<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">`

func sheetOf(rows string) string {
	return sheetHead + "<sheetData>" + rows + "</sheetData></worksheet>"
}

// bookParts gives what an XLSX of one sheet is made of, by hand, so that it may hold what
// no program would write. An empty sheet is not among it.
func bookParts(sheet string, withTexts bool) map[string]string {
	more := ""
	if withTexts {
		more = `<Relationship Id="rId2" Type="http://x/sharedStrings" Target="sharedStrings.xml"/>`
	}
	parts := map[string]string{
		"_rels/.rels":                `<Relationships><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml":            `<workbook xmlns:r="r"><sheets><sheet name="One" sheetId="1" r:id="rId1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="rId1" Type="http://x/worksheet" Target="/xl/worksheets/sheet1.xml"/>` + more + `</Relationships>`,
	}
	if sheet != "" {
		parts["xl/worksheets/sheet1.xml"] = sheet
	}
	return parts
}

// book makes an XLSX of one sheet, with the common list of texts where there is one.
func book(t testing.TB, sheet, texts string) string {
	parts := bookParts(sheet, texts != "")
	if texts != "" {
		parts["xl/sharedStrings.xml"] = texts
	}
	return zipped(t, parts)
}

// What a workbook says of its own size is not looked at, and what it holds beside its
// cells is not read.
func TestWorkbookByHand(t *testing.T) {
	row := `<row r="1"><c r="A1" t="inlineStr"><is><t>We need lamps</t></is></c></row>`
	merged := "<mergeCells>" + strings.Repeat(`<mergeCell ref="A1:XFD1048576"/>`, 5000) + "</mergeCells>"
	common := `<row><c t="s"><v>1</v></c></row>`
	tests := []struct {
		name, data string
		code       intake.Code
	}{
		{"a sheet of a billion rows by its own word", book(t, sheetHead+`<dimension ref="A1:XFD1000000000"/><sheetData>`+row+`</sheetData></worksheet>`, ""), ""},
		{"thousands of merged ranges", book(t, sheetHead+"<sheetData>"+row+"</sheetData>"+merged+"</worksheet>", ""), ""},
		{"a list of texts with a false count", book(t, sheetOf(common), `<sst count="4294967295" uniqueCount="4294967295"><si><t>x</t></si><si><r><t>We need </t></r><r><t>lamps</t></r><rPh><t>no</t></rPh></si></sst>`), ""},
		{"a text that is not in the list", book(t, sheetOf(common), `<sst count="2"><si><t>x</t></si></sst>`), intake.BrokenFile},
		{"a text that no list has", book(t, sheetOf(common), ""), intake.BrokenFile},
		{"escaped letters", book(t, sheetOf(`<row><c t="str"><v>We_x0020_need lamps</v></c></row>`), ""), ""},
		{"a row beyond all", book(t, sheetOf(`<row r="999999999"><c t="str"><v>x</v></c></row>`), ""), intake.TooManyLines},
		{"a row of no number", book(t, sheetOf(`<row r="one"/>`), ""), intake.TooManyLines},
		{"a cell beyond all rows", book(t, sheetOf(`<row><c r="A1048577" t="str"><v>x</v></c></row>`), ""), intake.TooManyLines},
		{"a cell beyond all columns", book(t, sheetOf(`<row><c r="XFD1" t="str"><v>x</v></c></row>`), ""), intake.TooManyColumns},
		{"a cell beyond all letters", book(t, sheetOf(`<row><c r="ZZZZZZZZZZZZZZZZZZZZZ1" t="str"><v>x</v></c></row>`), ""), intake.TooManyColumns},
		{"many rows without numbers", book(t, sheetOf(strings.Repeat("<row/>", 20001)), ""), intake.TooManyLines},
		{"tags within tags", book(t, sheetOf(strings.Repeat("<a>", 5000)), ""), intake.BrokenFile},
		{"a tag that does not end", book(t, sheetHead+`<row r="`+noiseText(300<<10), ""), intake.BrokenFile},
		{"a part that is missing", zipped(t, map[string]string{"_rels/.rels": `<Relationship Id="a" Type="officeDocument" Target="xl/workbook.xml"/>`}), intake.BrokenFile},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			lists, err := intake.ReadList("a.xlsx", strings.NewReader(tt.data))
			var fault *intake.Fault
			switch {
			case tt.code == "" && (err != nil || shape(lists) != "One: 1 We need lamps"):
				t.Errorf("%s, error %v", shape(lists), err)
			case tt.code != "" && (!errors.As(err, &fault) || fault.Code != tt.code || fault.File != "a.xlsx" || lists != nil):
				t.Errorf("%s, error %v, want %s", shape(lists), err, tt.code)
			}
		})
	}
}

// noiseText gives letters that do not pack well.
func noiseText(n int) string {
	random := []byte(strings.Repeat("x", n))
	seed := uint32(1)
	for i := range random {
		seed = seed*1664525 + 1013904223
		random[i] = 'a' + byte(seed>>24)%26
	}
	return string(random)
}

// What another program writes and reads is read here too.
func TestLawWorkbookAsOthersReadIt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[a-z燈]([ -~\n燈樹_xA0<&]{0,20}[a-z燈])?`)
		rows := rapid.SliceOfN(rapid.SliceOfN(text, 1, 4), 1, 8).Draw(t, "rows")
		made := excelize.NewFile()
		defer made.Close()
		for i, row := range rows {
			if err := made.SetSheetRow("Sheet1", fmt.Sprintf("B%d", 3*i+1), &row); err != nil {
				t.Fatal(err)
			}
		}
		made.SetCellValue("Sheet1", "A1", "statement")
		for i := range rows {
			made.SetCellValue("Sheet1", fmt.Sprintf("A%d", 3*i+2), "x"+strings.Join(rows[i], "|"))
		}
		var b bytes.Buffer
		if err := made.Write(&b); err != nil {
			t.Fatal(err)
		}
		lists, err := intake.ReadList("a.xlsx", &b)
		if err != nil {
			t.Fatal(err)
		}
		cells, err := made.GetCols("Sheet1")
		if err != nil {
			t.Fatal(err)
		}
		for i, s := range lists[0].Statements {
			if want := strings.Join(strings.Fields(cells[0][s.Line-1]), " "); strings.Join(strings.Fields(s.Text), " ") != want || s.Line != 3*i+2 {
				t.Fatalf("row %d reads %q, want %q", s.Line, s.Text, want)
			}
		}
		if len(lists[0].Statements) != len(rows) {
			t.Fatalf("%d statements, want %d", len(lists[0].Statements), len(rows))
		}
	})
}
