package intake_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"folkmoot/app/intake"
	"folkmoot/sync/oplog"
)

// mustBeFault says whether an error of the importer is one sentence of ours.
func mustBeFault(t *testing.T, err error) {
	t.Helper()
	var fault *intake.Fault
	if !errors.As(err, &fault) || fault.Code == "" || strings.Contains(err.Error(), "\n") {
		t.Fatalf("error %#v", err)
	}
}

// FuzzPolisZip reads any bytes as a zip of an export.
func FuzzPolisZip(f *testing.F) {
	f.Add([]byte(zipped(f, zipOld)))
	f.Add([]byte(zipped(f, zipNew)))
	f.Add([]byte(zipped(f, map[string]string{"comments.csv": zipOld["comments.csv"], "votes.csv.gz": gz(zipOld["votes.csv"])})))
	f.Add([]byte(zipped(f, with(zipOld, "../votes.csv", "x"))))
	f.Fuzz(func(t *testing.T, data []byte) {
		path := filepath.Join(t.TempDir(), "export.zip")
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		p, err := intake.OpenPolis(path, intake.PolisOptions{})
		if err != nil {
			mustBeFault(t, err)
			return
		}
		if p.Counts.Rows < 2000 {
			checkItems(t, p.Session(), p.Items(nil))
		}
	})
}

// FuzzWorkbook reads any text as the parts of a workbook, which a change to the packed
// bytes hardly ever reaches.
func FuzzWorkbook(f *testing.F) {
	parts := bookParts("", true)
	main, relations := parts["xl/workbook.xml"], parts["xl/_rels/workbook.xml.rels"]
	for _, rows := range []string{
		`<row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" t="inlineStr"><is><r><t>a</t></r></is></c></row>`,
		`<row><c><v>1.5E3</v></c></row><row r="20000"><c r="B20000" t="e"><v>#REF!</v></c></row>`,
		`<row r="1048576"/>`, `<row r="-1"/>`, `<c r="XFD1"/>`, `<row r="1"><c r="A1048577"/></row>`, `<x:row xmlns:x="y"><x:c t="str"><x:v>a_x000D_b</x:v></x:c></x:row>`,
	} {
		f.Add(main, relations, sheetOf(rows), `<sst count="99999999999"><si><t>text</t><rPh><t>p</t></rPh></si></sst>`)
	}
	f.Add(`<sheets><sheet id="rId1"/><sheet id="rId1"/></sheets>`, `<Relationship Id="rId1" Type="worksheet" Target="../xl/workbook.xml"/>`, "", "")
	f.Fuzz(func(t *testing.T, main, relations, sheet, texts string) {
		data := zipped(t, map[string]string{"_rels/.rels": parts["_rels/.rels"], "xl/workbook.xml": main, "xl/_rels/workbook.xml.rels": relations,
			"xl/worksheets/sheet1.xml": sheet, "xl/sharedStrings.xml": texts})
		lists, err := intake.ReadList("a.xlsx", strings.NewReader(data))
		if err != nil {
			mustBeFault(t, err)
			return
		}
		for _, list := range lists {
			items, _, err := intake.ListItems(list, intake.ListOptions{Random: &counting{}})
			if err != nil {
				t.Fatal(err)
			}
			checkItems(t, oplog.SessionID{1}, items)
		}
	})
}

// FuzzUnpack unpacks any bytes as a zip and looks that nothing stands outside the folder.
func FuzzUnpack(f *testing.F) {
	f.Add([]byte(zipped(f, map[string]string{"a/b": "text", "SHA256SUMS": "", "c/": ""})))
	for _, name := range []string{"../out", "/out", `..\out`, "a/../../out", "C:out", "a/", "a\x00b", "con", "\xa5\x5c"} {
		f.Add([]byte(zipped(f, map[string]string{name: "text"})))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		outside := t.TempDir()
		archive, err := intake.OpenZip("a.zip", bytes.NewReader(data), int64(len(data)), intake.ZipLimits{Unpacked: 1 << 20})
		if err != nil {
			mustBeFault(t, err)
			return
		}
		err = archive.Unpack(filepath.Join(outside, "inside"))
		var disk *fs.PathError // a name that this disk does not take
		if err != nil && !errors.As(err, &disk) {
			mustBeFault(t, err)
		}
		entries, err := os.ReadDir(outside)
		if err != nil || len(entries) > 1 || len(entries) == 1 && entries[0].Name() != "inside" {
			t.Fatalf("outside of the folder stand %v, %v", entries, err)
		}
		err = filepath.WalkDir(outside, func(path string, entry fs.DirEntry, err error) error {
			if err == nil && !entry.IsDir() && !entry.Type().IsRegular() {
				t.Fatalf("%s is no file", path)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
