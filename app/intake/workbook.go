package intake

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"io"
	"path"
	"regexp"
	"strconv"
	"strings"
)

const (
	// maxTexts is how many texts a workbook may hold in its common list.
	maxTexts = 250_000
	// maxText is how much of a text is kept, in bytes: more than any statement has.
	maxText = 64 << 10
	// maxSheetRow is the largest row number that is read: enough for MaxLines with
	// blank rows between, and far below what a forged number would make of it.
	maxSheetRow = 4 * MaxLines
)

// workbook reads an XLSX file tag by tag. A library is not used, because all that there
// are hold every part of the file unpacked, and a small file can be made to cost them
// hundreds of megabytes.
type workbook struct {
	zip   *Zip
	parts map[string]*zip.File // by path in small letters
	texts []string             // the common list of texts
}

// sheet is a sheet of a workbook: its name and the path of its part.
type sheet struct{ name, path string }

func openWorkbook(name string, data []byte, down guards) (*workbook, error) {
	archive, err := OpenZip(name, bytes.NewReader(data), int64(len(data)), ZipLimits{Unpacked: MaxWorkbook, down: down})
	if err != nil {
		return nil, err
	}
	w := &workbook{zip: archive, parts: map[string]*zip.File{}}
	for _, f := range archive.archive.File {
		w.parts[strings.ToLower(f.Name)] = f
	}
	return w, nil
}

// walk reads a part, which has to be there, and gives its tags and texts to one.
func (w *workbook) walk(at string, one func(xml.Token) error) error {
	f := w.parts[strings.ToLower(at)]
	if f == nil {
		return &Fault{Code: BrokenFile, File: w.zip.name}
	}
	in, err := w.zip.open(f)
	if err != nil {
		return fileFault(w.zip.name, err)
	}
	defer in.Close()
	tokens := newMarkup(&meter{from: in, budget: w.zip.left, packed: in.packed}, w.zip.left.down)
	for {
		token, err := tokens.next()
		if err == io.EOF {
			return nil
		}
		if err == nil {
			err = one(token)
		}
		if err != nil {
			fault := fileFault(w.zip.name, err)
			fault.File = w.zip.name
			return fault
		}
	}
}

// relations gives what a part refers to, by id: the path and the kind, which is the
// last word of its type. "" is the workbook as a whole.
func (w *workbook) relations(part string) (paths, kinds map[string]string, err error) {
	paths, kinds = map[string]string{}, map[string]string{}
	dir, base := path.Split(part)
	err = w.walk(dir+"_rels/"+base+".rels", func(token xml.Token) error {
		tag, ok := token.(xml.StartElement)
		if !ok || tag.Name.Local != "Relationship" {
			return nil
		}
		if len(paths) == MaxMembers {
			return &Fault{Code: TooManyFiles}
		}
		id, to := attribute(tag, "Id"), attribute(tag, "Target")
		if rest, whole := strings.CutPrefix(to, "/"); whole {
			paths[id] = rest
		} else {
			paths[id] = path.Join(dir, to)
		}
		kinds[id] = path.Base(attribute(tag, "Type"))
		return nil
	})
	return paths, kinds, err
}

// sheets gives the sheets that have cells, in their order, and reads the texts.
func (w *workbook) sheets() ([]sheet, error) {
	main := ""
	paths, kinds, err := w.relations("")
	for id, kind := range kinds {
		if kind == "officeDocument" && (main == "" || paths[id] < main) {
			main = paths[id]
		}
	}
	if err != nil {
		return nil, err
	}
	if paths, kinds, err = w.relations(main); err != nil {
		return nil, err
	}
	texts := ""
	for id, kind := range kinds {
		if kind == "sharedStrings" && (texts == "" || paths[id] < texts) {
			texts = paths[id]
		}
	}
	var sheets []sheet
	err = w.walk(main, func(token xml.Token) error {
		tag, ok := token.(xml.StartElement)
		if !ok || tag.Name.Local != "sheet" || kinds[attribute(tag, "id")] != "worksheet" {
			return nil
		}
		if len(sheets) == MaxMembers {
			return &Fault{Code: TooManyFiles}
		}
		sheets = append(sheets, sheet{attribute(tag, "name"), paths[attribute(tag, "id")]})
		return nil
	})
	if err == nil && texts != "" {
		err = w.readTexts(texts)
	}
	return sheets, err
}

// readTexts reads the common list of texts. How many it says to hold is not looked at.
func (w *workbook) readTexts(at string) error {
	var text wordy
	return w.walk(at, func(token xml.Token) error {
		if tag, ok := token.(xml.StartElement); ok && tag.Name.Local == "si" {
			text = wordy{pieces: text.pieces[:0]}
		}
		text.take(token)
		if end, ok := token.(xml.EndElement); !ok || end.Name.Local != "si" {
			return nil
		}
		if len(w.texts) == maxTexts {
			return &Fault{Code: TooManyLines}
		}
		w.texts = append(w.texts, text.give())
		return nil
	})
}

// wordy puts a text together from its pieces. What says how to pronounce it is left out.
type wordy struct {
	pieces []byte
	in     string // the tag that holds text, "" outside of one
	aside  bool   // inside a pronunciation
}

func (t *wordy) take(token xml.Token) {
	switch token := token.(type) {
	case xml.StartElement:
		switch name := token.Name.Local; name {
		case "rPh":
			t.aside = true
		case "t", "v":
			t.in = name
		}
	case xml.EndElement:
		switch token.Name.Local {
		case "rPh":
			t.aside = false
		case "t", "v":
			t.in = ""
		}
	case xml.CharData:
		if t.in != "" && !t.aside {
			t.pieces = append(t.pieces, token[:min(len(token), maxText-len(t.pieces))]...)
		}
	}
}

var escapedRune = regexp.MustCompile(`_x[0-9A-Fa-f]{4}_`)

// give gives the text that was taken, and begins a new one.
func (t *wordy) give() string {
	text := strings.ToValidUTF8(string(t.pieces), "") // a cut may go through a character
	t.pieces = t.pieces[:0]
	if !strings.Contains(text, "_x") {
		return text
	}
	return escapedRune.ReplaceAllStringFunc(text, func(code string) string {
		n, _ := strconv.ParseUint(code[2:6], 16, 16)
		return string(rune(n))
	})
}

// cells gathers the cells of a sheet and gives the rows that have a text.
type cells struct {
	texts  []string
	down   guards
	row    int
	rows   int
	column int
	kind   string
	text   wordy
	line   []string
	size   int // bytes of the texts of the row
}

// take takes a tag or text, and says whether a row is complete.
func (c *cells) take(token xml.Token) (whole bool, err error) {
	c.text.take(token)
	switch token := token.(type) {
	case xml.StartElement:
		switch token.Name.Local {
		case "row":
			return false, c.startRow(token)
		case "c":
			return false, c.startCell(token)
		}
	case xml.EndElement:
		switch token.Name.Local {
		case "row":
			return len(c.line) > 0, nil
		case "c":
			return false, c.endCell()
		}
	}
	return false, nil
}

func (c *cells) startRow(tag xml.StartElement) (err error) {
	clear(c.line)
	c.line, c.column, c.size = c.line[:0], 0, 0
	c.row, c.rows = c.row+1, c.rows+1
	if has(tag, "r") {
		if c.row, err = strconv.Atoi(attribute(tag, "r")); err != nil {
			c.row = 0
		}
	}
	if (c.row < 1 || c.row > maxSheetRow || c.rows > maxSheetRow) && c.down.up(rowGuard) {
		return &Fault{Code: TooManyLines}
	}
	return nil
}

// startCell finds the column of a cell: of its name, "B12", or the next one.
func (c *cells) startCell(tag xml.StartElement) error {
	c.column++
	c.kind = attribute(tag, "t")
	c.text = wordy{pieces: c.text.pieces[:0]}
	name := attribute(tag, "r")
	letters := strings.TrimRight(name, "0123456789")
	if letters != "" {
		c.column = 0
		for _, r := range strings.ToUpper(letters[:min(len(letters), 4)]) {
			if r < 'A' || r > 'Z' {
				return &Fault{Code: BrokenFile}
			}
			c.column = c.column*26 + int(r-'A') + 1
		}
	}
	if digits := name[len(letters):]; digits != "" && c.down.up(rowGuard) {
		if n, err := strconv.Atoi(digits); err != nil || n < 1 || n > maxSheetRow {
			return &Fault{Code: TooManyLines}
		}
	}
	if c.column > MaxColumns && c.down.up(rowGuard) {
		return &Fault{Code: TooManyColumns}
	}
	return nil
}

func (c *cells) endCell() error {
	text := c.text.give()
	switch c.kind {
	case "s":
		at, err := strconv.Atoi(strings.TrimSpace(text))
		if err != nil || at < 0 || at >= len(c.texts) {
			return &Fault{Code: BrokenFile}
		}
		text = c.texts[at]
	case "e": // a formula that came to nothing
		text = ""
	}
	if text == "" {
		return nil
	}
	// One text of the common list may stand in every cell and cost the file nothing.
	if c.size += len(text); c.size > maxRecord && c.down.up(textGuard) {
		return &Fault{Code: LongRow, Row: c.row}
	}
	for len(c.line) < c.column {
		c.line = append(c.line, "")
	}
	c.line[c.column-1] = text
	return nil
}
