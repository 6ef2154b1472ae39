package intake

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const (
	someComments = "comment-id,comment-body\n2,We need lamps\n"
	votesHead    = "timestamp,comment-id,voter-id,vote\n"
	voteLine     = "1435654193000,2,5,1\n"
)

// packedFile is a member of a zip that is made by hand.
type packedFile struct {
	name, text string
	change     func(*zip.FileHeader) // nil for an honest one
}

func pack(t *testing.T, files ...packedFile) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, file := range files {
		var packed bytes.Buffer
		deflate, err := flate.NewWriter(&packed, flate.BestCompression)
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(deflate, file.text)
		deflate.Close()
		header := &zip.FileHeader{Name: file.name, Method: zip.Deflate, CompressedSize64: uint64(packed.Len()), UncompressedSize64: uint64(len(file.text))}
		if file.change != nil {
			file.change(header)
		}
		f, err := w.CreateRaw(header)
		if err != nil {
			t.Fatal(err)
		}
		packed.WriteTo(f)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func gzipped(text string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	io.WriteString(w, text)
	w.Close()
	return b.String()
}

func asLink(h *zip.FileHeader) { h.SetMode(fs.ModeSymlink | 0o777) }

func noise(size int) string {
	random, data := rand.NewChaCha8([32]byte{9}), make([]byte, size)
	random.Read(data)
	return string(data)
}

// importing reads a zip as a Polis export; harmed says whether what came of it is what
// the attack is after.
func importing(t *testing.T, data []byte, harmed func(*Polis) bool) func(guards) (bool, error) {
	return func(down guards) (bool, error) {
		path := filepath.Join(t.TempDir(), "export.zip")
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		p, err := OpenPolis(path, PolisOptions{down: down})
		return err == nil && harmed(p), err
	}
}

// unpacking unpacks a zip into a folder within another one.
func unpacking(t *testing.T, data []byte, limits ZipLimits, harmed func(outside string) bool) func(guards) (bool, error) {
	return func(down guards) (bool, error) {
		outside := t.TempDir()
		limits.down = down
		z, err := OpenZip("pack.zip", bytes.NewReader(data), int64(len(data)), limits)
		if err == nil {
			err = z.Unpack(filepath.Join(outside, "folder"))
		}
		return err == nil && harmed(outside), err
	}
}

func listing(data []byte, harmed func([]List) bool) func(guards) (bool, error) {
	return func(down guards) (bool, error) {
		lists, err := readList("a.xlsx", bytes.NewReader(data), down)
		return err == nil && harmed(lists), err
	}
}

func sheetBook(t *testing.T, rows string) []byte {
	return pack(t,
		packedFile{name: "_rels/.rels", text: `<Relationship Id="a" Type="officeDocument" Target="w.xml"/>`},
		packedFile{name: "w.xml", text: `<sheets><sheet name="One" id="b"/></sheets>`},
		packedFile{name: "_rels/w.xml.rels", text: `<Relationship Id="b" Type="worksheet" Target="s.xml"/>`},
		packedFile{name: "s.xml", text: "<sheetData>" + rows + "</sheetData>"})
}

// sharedBook is sheetBook with a common list of one text.
func sharedBook(t *testing.T, text, rows string) []byte {
	return pack(t,
		packedFile{name: "_rels/.rels", text: `<Relationship Id="a" Type="officeDocument" Target="w.xml"/>`},
		packedFile{name: "w.xml", text: `<sheets><sheet name="One" id="b"/></sheets>`},
		packedFile{name: "_rels/w.xml.rels", text: `<Relationship Id="b" Type="worksheet" Target="s.xml"/><Relationship Id="c" Type="sharedStrings" Target="t.xml"/>`},
		packedFile{name: "t.xml", text: "<sst><si><t>" + text + "</t></si></sst>"},
		packedFile{name: "s.xml", text: `<sheetData><row><c t="str"><v>text</v></c></row>` + rows + "</sheetData>"})
}

// textBytes is how much text lists hold.
func textBytes(lists []List) (n int) {
	for _, list := range lists {
		for _, s := range list.Statements {
			n += len(s.Text)
		}
	}
	return n
}

func size(path string) int64 {
	info, err := os.Stat(path)
	if err != nil {
		return -1
	}
	return info.Size()
}

// Every attack is run against the importer, which refuses it with nothing imported, and
// against the importer with just one guard down, where it does what it is after: so it
// is that guard that keeps it away.
func TestAttacks(t *testing.T) {
	bomb := votesHead + strings.Repeat(voteLine, 400_000)
	manyVotes := func(p *Polis) bool { return p.Counts.Rows >= 200_000 }
	any := func(*Polis) bool { return true }
	honest := packedFile{name: "comments.csv", text: someComments}
	votes := packedFile{name: "votes.csv", text: votesHead + voteLine}

	crowd := []packedFile{honest, votes}
	for i := range MaxMembers - 1 {
		crowd = append(crowd, packedFile{name: fmt.Sprintf("%d.txt", i)})
	}
	// A bomb that says it was packed into a gigabyte.
	shy := packedFile{name: "votes.csv", text: bomb, change: func(h *zip.FileHeader) { h.CompressedSize64 = 1 << 30 }}
	// Rows that do not unfold a hundredfold, but cost a thousand times their bytes.
	random := rand.New(rand.NewPCG(1, 2))
	var light strings.Builder
	light.WriteString(votesHead)
	for i := range 200_000 {
		vote := 1
		if i%8 == 0 {
			vote = random.IntN(3) - 1
		}
		fmt.Fprintf(&light, "1,2,5,%d\n", vote)
	}
	secret := t.TempDir()
	if err := os.WriteFile(filepath.Join(secret, "diary.txt"), []byte("comment-id,comment-body\n2,my secret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	linked := func(down guards) (bool, error) {
		folder := t.TempDir()
		if err := errors.Join(os.WriteFile(filepath.Join(folder, "votes.csv"), []byte(votes.text), 0o600),
			os.Symlink(filepath.Join(secret, "diary.txt"), filepath.Join(folder, "comments.csv"))); err != nil {
			t.Fatal(err)
		}
		p, err := ReadPolis("folder", os.DirFS(folder), PolisOptions{down: down})
		return err == nil && p.Statements[0].Text == "my secret", err
	}
	row := func(at, cell string) string {
		return `<row r="` + at + `"><c r="` + cell + `" t="str"><v>We need lamps</v></c></row>`
	}

	// Remarks between the cells that unfold thirtyfold.
	var comments strings.Builder
	for comments.Len() <= MaxWorkbook {
		fmt.Fprintf(&comments, "<!--%x%s-->", noise(700), strings.Repeat("x", 50_000))
	}

	long := strings.Repeat("lamps ", maxText/6)
	const again = `<c t="s"><v>0</v></c>`
	blanks := `<row><c t="str"><v>lamps</v></c></row><row>` + strings.Repeat(again, 1000) + "</row>"

	for _, tt := range []struct {
		name  string
		guard guards
		code  Code
		run   func(down guards) (harmed bool, err error)
	}{
		{"a zip that unfolds a hundredfold", ratioGuard, TooDense, importing(t, pack(t, honest, packedFile{name: "votes.csv", text: bomb}), manyVotes)},
		{"one that says it does not", ratioGuard, TooDense, importing(t, pack(t, honest, shy), manyVotes)},
		{"one packed twice", ratioGuard, TooDense, importing(t, pack(t, honest, packedFile{name: "votes.csv.gz", text: gzipped(bomb)}), manyVotes)},
		{"one of streams behind each other", ratioGuard, TooDense, importing(t, pack(t, honest, packedFile{name: "votes.csv.gz", text: gzipped(votesHead) + strings.Repeat(gzipped(strings.Repeat(voteLine, 4000)), 100)}), manyVotes)},
		{"rows that weigh nothing", ratioGuard, TooDense, importing(t, pack(t, honest, packedFile{name: "votes.csv", text: light.String()}), manyVotes)},
		{"a pack that is too big unpacked", sizeGuard, TooBig, unpacking(t, pack(t, packedFile{name: "a", text: noise(3000)}, packedFile{name: "b", text: noise(3000)}), ZipLimits{Unpacked: 5000}, func(outside string) bool { return size(outside+"/folder/b") == 3000 })},
		{"a workbook that is too big unpacked", sizeGuard, TooBig, listing(sheetBook(t, row("1", "A1")+comments.String()), func(lists []List) bool { return len(lists) == 1 })},
		{"a zip that is too big", packedGuard, TooBig, unpacking(t, pack(t, packedFile{name: "a", text: "x"}), ZipLimits{Packed: 20}, func(outside string) bool { return size(outside+"/folder/a") == 1 })},
		{"1,001 members", membersGuard, TooManyFiles, importing(t, pack(t, crowd...), any)},
		{"a path that leads out", pathGuard, BadPath, unpacking(t, pack(t, packedFile{name: "../evil", text: "x"}), ZipLimits{}, func(outside string) bool { return size(outside+"/evil") == 1 })},
		{"a path twice", pathGuard, BadPath, importing(t, pack(t, honest, votes, packedFile{name: "VOTES.csv", text: votesHead + voteLine + voteLine}), any)},
		{"a link in a zip", linkGuard, LinkedFile, unpacking(t, pack(t, packedFile{name: "a", text: "/etc/passwd", change: asLink}), ZipLimits{}, func(outside string) bool { return size(outside+"/folder/a") > 0 })},
		{"a link in a folder", linkGuard, LinkedFile, linked},
		{"a workbook with a billion rows", rowGuard, TooManyLines, listing(sheetBook(t, row("999999999", "A999999999")), func(lists []List) bool { return lists[0].Statements[0].Line == 999999999 })},
		{"a cell beyond all rows", rowGuard, TooManyLines, listing(sheetBook(t, row("1", "A1048577")), func(lists []List) bool { return len(lists) == 1 })},
		{"a sheet of too many columns", rowGuard, TooManyColumns, listing(sheetBook(t, row("1", "A1")+row("2", "XFD2")), func(lists []List) bool { return len(lists) == 1 })},
		{"one text in all cells of a row", textGuard, LongRow, listing(sharedBook(t, long, "<row>"+strings.Repeat(again, 20)+"</row>"), func(lists []List) bool { return textBytes(lists) > 1<<20 })},
		{"one text in all rows", textGuard, TooBig, listing(sharedBook(t, long, strings.Repeat("<row>"+again+"</row>", 600)), func(lists []List) bool { return textBytes(lists) > MaxWorkbook })},
		{"blanks in all cells of a row", textGuard, LongRow, listing(sharedBook(t, strings.Repeat(" ", maxText), blanks), func(lists []List) bool { return len(lists) == 1 })},
		{"tags within tags", markupGuard, BrokenFile, listing(sheetBook(t, row("1", "A1")+strings.Repeat("<a>", 5000)+strings.Repeat("</a>", 5000)), func(lists []List) bool { return len(lists) == 1 })},
		{"a tag that does not end", markupGuard, BrokenFile, listing(sheetBook(t, row("1", "A1")+`<a b="`+strings.Repeat("x", 900_000)+`"/>`), func(lists []List) bool { return len(lists) == 1 })},
	} {
		t.Run(tt.name, func(t *testing.T) {
			harmed, err := tt.run(0)
			var fault *Fault
			if harmed || !errors.As(err, &fault) || fault.Code != tt.code {
				t.Errorf("against the importer: harmed %v, error %v, want %s", harmed, err, tt.code)
			}
			if harmed, err := tt.run(tt.guard); !harmed {
				t.Errorf("without the guard the attack did nothing (error %v): it is not that guard which keeps it away", err)
			}
		})
	}
}
