package intake_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"folkmoot/app/intake"
	"folkmoot/sync/costtest"
)

// What is read of a file, whatever it is called.
func TestListCost(t *testing.T) {
	for _, name := range []string{"a.txt", "a.md", "a.csv", "a.tsv", "a.xlsx"} {
		t.Run(name, func(t *testing.T) {
			costtest.Check(t, costtest.Hostile(), func(data []byte) { intake.ReadList(name, bytes.NewReader(data)) })
		})
	}
}

// An export in a folder, each of its files hostile in turn.
func TestPolisCost(t *testing.T) {
	for _, name := range []string{"summary.csv", "comments.csv", "votes.csv", "votes.csv.gz"} {
		t.Run(name, func(t *testing.T) {
			costtest.Check(t, costtest.Hostile(), func(data []byte) {
				files := folder(with(zipOld, strings.TrimSuffix(name, ".gz"), "")).(fstest.MapFS)
				head, _, _ := strings.Cut(zipOld[strings.TrimSuffix(name, ".gz")], "\n")
				if strings.HasSuffix(name, ".gz") {
					head = ""
				}
				files[name] = &fstest.MapFile{Data: append([]byte(head), data...)}
				intake.ReadPolis("cost", files, intake.PolisOptions{})
			})
		})
	}
}

// heavy makes a zip of nearly a megabyte, one member of which goes on and on.
func heavy(t *testing.T, files map[string]string, name, head string, row func(i int) string, tail string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, other := range slices.Sorted(maps.Keys(files)) {
		f, err := w.Create(other)
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(f, files[other])
	}
	f, err := w.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	io.WriteString(f, head)
	for i := 0; b.Len() < costtest.Size-200<<10 && i < 2_000_000; i++ {
		io.WriteString(f, row(i))
	}
	io.WriteString(f, tail)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// A zip of a megabyte costs no more, though it unfolds.
func TestZipCost(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	inputs := map[string][]byte{}
	comments := map[string]string{"comments.csv": "comment-id,comment-body\n2,x\n"}
	for name, row := range map[string]func(i int) string{
		"votes of one":        func(int) string { return fmt.Sprintf("1,2,5,%d\n", random.IntN(3)-1) },
		"votes of many":       func(i int) string { return fmt.Sprintf("1,2,%d,1\n", i) },
		"votes on nothing":    func(int) string { return fmt.Sprintf("1,3,%d,1\n", random.IntN(10)) },
		"blank lines":         func(int) string { return strings.Repeat("\n", random.IntN(9)) },
		"votes at many times": func(i int) string { return fmt.Sprintf("%d,2,5,1\n", i) },
	} {
		inputs[name] = heavy(t, comments, "votes.csv", "timestamp,comment-id,voter-id,vote\n", row, "")
	}
	votes := map[string]string{"votes.csv": "timestamp,comment-id,voter-id,vote\n"}
	for name, row := range map[string]func(i int) string{
		"many statements":  func(i int) string { return fmt.Sprintf("%d,x\n", i) },
		"same statements":  func(int) string { return fmt.Sprintf("1,%c\n", 'a'+random.IntN(20)) },
		"empty statements": func(int) string { return fmt.Sprintf("%d,\n", random.IntN(1000)) },
	} {
		inputs[name] = heavy(t, votes, "comments.csv", "comment-id,comment-body\n", row, "")
	}
	path := filepath.Join(t.TempDir(), "export.zip")
	costtest.Check(t, inputs, func(data []byte) {
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		intake.OpenPolis(path, intake.PolisOptions{})
	})
}

// A workbook of a megabyte costs no more, whichever of its parts unfolds.
func TestWorkbookCost(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	letter := func() string { return string(rune('a' + random.IntN(26))) }
	inputs := map[string][]byte{}
	for name, texts := range map[string]func(i int) string{
		"texts":       func(int) string { return "<si><t>" + letter() + "</t></si>" },
		"no texts":    func(int) string { return "<si/>" + strings.Repeat(" ", random.IntN(3)) },
		"long texts":  func(int) string { return "<si><t>" + noiseText(300) + strings.Repeat("x", 10_000) + "</t></si>" },
		"split texts": func(int) string { return "<si>" + strings.Repeat("<r><t>"+letter()+"</t></r>", 500) + "</si>" },
	} {
		inputs[name] = heavy(t, bookParts(sheetOf(`<row><c t="s"><v>0</v></c></row>`), true), "xl/sharedStrings.xml", "<sst>", texts, "</sst>")
	}
	for name, rows := range map[string]func(i int) string{
		"cells": func(int) string {
			return "<row>" + strings.Repeat(`<c t="str"><v>`+letter()+`</v></c>`, 900) + "</row>"
		},
		"no cells": func(int) string { return "<row>" + strings.Repeat("<c/>", random.IntN(900)) + "</row>" },
		"wide": func(i int) string {
			return fmt.Sprintf(`<row r="%d"><c r="ALL%d" t="str"><v>%s</v></c></row>`, i+1, i+1, letter())
		},
		"deep":   func(int) string { return "<a" + letter() + ">" },
		"marked": func(int) string { return fmt.Sprintf(`<mergeCell ref="A1:B%d"/>`, random.IntN(1000)) },
		"ornate": func(int) string { return "<row" + strings.Repeat(" "+letter()+`=""`, 20_000) + "/>" },
	} {
		inputs[name] = heavy(t, bookParts("", false), "xl/worksheets/sheet1.xml", sheetHead+"<sheetData>", rows, "</sheetData></worksheet>")
	}
	costtest.Check(t, inputs, func(data []byte) { intake.ReadList("a.xlsx", bytes.NewReader(data)) })
}
