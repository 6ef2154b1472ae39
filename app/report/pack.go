package report

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"

	"folkmoot/assets/words"
	"folkmoot/sync/moot"
)

// ErrFormat occurs when a pack is asked for in a format that is not known.
var ErrFormat = errors.New("no such format")

// Formats are the formats of a pack, in the order in which they are offered. Log is
// the host's and never public.
var Formats = []string{"polis", "polis-zip", "excel", "html", "svg", "png", "json", "log"}

// The two parts of a pack.
const (
	publicPart  = "public"
	privatePart = "private"
)

// PackOptions say what goes into a pack.
type PackOptions struct {
	// As are the formats, all of them where empty. The log is left out by itself where
	// the Source has none and nobody asked for it.
	As []string
	// Zip adds polis-zip.zip, the files of polis-zip as one archive.
	Zip bool
}

// Packed says what a pack holds; it is what `export --json` prints.
type Packed struct {
	Folder string       `json:"folder"`
	Files  []PackedFile `json:"files"` // by path
	// Checked says that the files were read again from the disk, their sums compared,
	// and the Polis files counted again with the same result.
	Checked bool `json:"checked"`
	// Withheld is the number of statements whose text was not given out.
	Withheld int `json:"withheld"`
	// Public says whether there is a public part: not without a licence.
	Public bool `json:"-"`
}

// PackedFile is a file of a pack.
type PackedFile struct {
	Path   string `json:"path"`
	SHA256 string `json:"sha256"`
	Rows   int    `json:"rows"` // of tables and of the log, without the header; 0 for others
}

// WritePack writes a pack into dir as "<date>-<title>", with -2, -3 … behind it where
// that is there already. It is written beside, checked, and renamed at the end: a pack
// is whole or not there.
func WritePack(dir string, s *Source, o PackOptions) (Packed, error) {
	formats, err := s.formats(o.As)
	if err != nil {
		return Packed{}, err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return Packed{}, fmt.Errorf("report: make the pack's folder: %w", err)
	}
	draft, err := os.MkdirTemp(dir, ".pack-")
	if err != nil {
		return Packed{}, fmt.Errorf("report: make a folder for the pack: %w", err)
	}
	defer os.RemoveAll(draft)
	public := Publishable(s.record.Session.Get(moot.Licence))
	if err := s.writeParts(draft, formats, public, o.Zip); err != nil {
		return Packed{}, err
	}
	p := Packed{Withheld: s.Withheld(), Public: public}
	if p.Files, p.Checked, err = s.check(draft); err != nil {
		return Packed{}, err
	}
	if err := setModes(draft); err != nil {
		return Packed{}, err
	}
	p.Folder, err = settle(draft, filepath.Join(dir, s.day()+"-"+Slug(s.record.Session.Get(moot.Title))))
	return p, err
}

// formats gives the formats asked for.
func (s *Source) formats(as []string) ([]string, error) {
	for _, format := range as {
		if !slices.Contains(Formats, format) {
			return nil, fmt.Errorf("report: %q: %w", format, ErrFormat)
		}
	}
	if len(as) > 0 {
		return as, nil
	}
	all := slices.Clone(Formats)
	if s.options.Entries == nil {
		all = slices.DeleteFunc(all, func(f string) bool { return f == "log" })
	}
	return all, nil
}

// writeParts writes the public part, or what would be public into the private one, and
// the private part.
func (s *Source) writeParts(dir string, formats []string, public, zip bool) error {
	open, log := privatePart, slices.Contains(formats, "log")
	if public {
		open = publicPart
	}
	shared := slices.DeleteFunc(slices.Clone(formats), func(f string) bool { return f == "log" })
	to := Folder(filepath.Join(dir, open))
	for _, format := range shared {
		if err := s.writeFormat(to, format, zip); err != nil {
			return err
		}
	}
	if slices.ContainsFunc(shared, func(f string) bool { return f == "polis" || f == "polis-zip" }) {
		if err := WriteStatements(below{to, "extra"}, s); err != nil {
			return err
		}
	}
	if log {
		private := Folder(filepath.Join(dir, privatePart))
		if err := write(private, "log.jsonl", func(w io.Writer) error { return WriteLog(w, s) }); err != nil {
			return err
		}
		if err := writeNames(private, s); err != nil {
			return err
		}
		if err := write(private, "recount.py", func(w io.Writer) error { _, err := w.Write(recountScript); return err }); err != nil {
			return err
		}
		if err := write(private, "closing.html", func(w io.Writer) error { return WriteClosing(w, s) }); err != nil {
			return err
		}
	}
	parts, err := partsOf(dir)
	for _, part := range parts {
		if err == nil {
			err = s.writeAbout(dir, part)
		}
	}
	return err
}

// writeFormat writes one format that may be public.
func (s *Source) writeFormat(to Target, format string, zip bool) error {
	switch format {
	case "polis":
		return WritePolis(below{to, "polis"}, s)
	case "polis-zip":
		if err := WritePolisZip(below{to, "polis-zip"}, s); err != nil || !zip {
			return err
		}
		return write(to, "polis-zip.zip", func(w io.Writer) error { return ZipPolis(w, s) })
	case "excel":
		return WriteExcel(below{to, "excel"}, s)
	case "html":
		return write(to, "report.html", func(w io.Writer) error { return WriteHTML(w, s) })
	case "svg":
		return write(to, "map.svg", func(w io.Writer) error { return WriteSVG(w, s.View, s.pictureOptions()) })
	case "png":
		return write(to, "map.png", func(w io.Writer) error { return WritePNG(w, s.View, s.pictureOptions()) })
	}
	return write(to, "map.json", func(w io.Writer) error { return WriteMapJSON(w, s) })
}

// pictureOptions are those of the pack's pictures: in the session's language, on white.
func (s *Source) pictureOptions() PictureOptions {
	return PictureOptions{Lang: s.record.Session.Language(), Software: s.options.Software}
}

// writeAbout writes what says what a part is: README.txt, ATTRIBUTION.txt,
// datapackage.json and, last, the sums of all.
func (s *Source) writeAbout(dir, part string) error {
	root := filepath.Join(dir, part)
	to := Folder(root)
	paths, err := filesBelow(root)
	if err != nil {
		return err
	}
	dictionary, err := s.describe(root, paths)
	if err != nil {
		return err
	}
	if err := write(to, "datapackage.json", func(w io.Writer) error { return WriteJSON(w, dictionary) }); err != nil {
		return err
	}
	if err := put(to, "ATTRIBUTION.txt", []byte(s.attributionText())); err != nil {
		return err
	}
	if err := put(to, "README.txt", []byte(s.readme(part, paths))); err != nil {
		return err
	}
	if paths, err = filesBelow(root); err != nil {
		return err
	}
	var sums bytes.Buffer
	for _, path := range paths {
		sum, err := sumOf(filepath.Join(root, filepath.FromSlash(path)))
		if err != nil {
			return err
		}
		fmt.Fprintf(&sums, "%s  %s\n", sum, path)
	}
	return put(to, sumsFile, sums.Bytes())
}

// check reads the draft again: sums, and the counts of the Polis files.
func (s *Source) check(dir string) ([]PackedFile, bool, error) {
	found, err := VerifyPack(dir)
	if err != nil {
		return nil, false, err
	}
	if !found.OK {
		return nil, false, fmt.Errorf("report: the pack does not hold what was written: %s", found.why())
	}
	paths, err := filesBelow(dir)
	if err != nil {
		return nil, false, err
	}
	var files []PackedFile
	for _, path := range paths {
		full := filepath.Join(dir, filepath.FromSlash(path))
		sum, err := sumOf(full)
		if err != nil {
			return nil, false, err
		}
		rows, err := rowsOf(full)
		if err != nil {
			return nil, false, err
		}
		files = append(files, PackedFile{Path: path, SHA256: sum, Rows: rows})
	}
	return files, !found.Uncounted, nil
}

// setModes lets everybody of this computer read the pack, and only its owner the
// private part, also where its files are moved elsewhere. The draft is its owner's alone
// until that is done.
func setModes(draft string) error {
	err := closeOff(filepath.Join(draft, privatePart))
	if err == nil {
		err = os.Chmod(draft, 0o755)
	}
	if err != nil {
		return fmt.Errorf("report: finish the pack: %w", err)
	}
	return nil
}

// closeOff takes a folder and all in it, where it is there, from everybody but its owner.
func closeOff(folder string) error {
	if _, err := os.Lstat(folder); errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			return os.Chmod(path, 0o700)
		}
		return os.Chmod(path, 0o600)
	})
}

// settle gives the finished folder its name: the wish, or the wish with a number.
func settle(draft, wish string) (string, error) {
	for n := 1; ; n++ {
		name := wish
		if n > 1 {
			name = fmt.Sprintf("%s-%d", wish, n)
		}
		if _, err := os.Lstat(name); err == nil {
			continue
		} else if !errors.Is(err, os.ErrNotExist) {
			return "", fmt.Errorf("report: name the pack: %w", err)
		}
		if err := os.Rename(draft, name); err != nil {
			return "", fmt.Errorf("report: name the pack: %w", err)
		}
		return name, nil
	}
}

// slugLimit keeps names short enough for every disk, in characters.
const slugLimit = 40

// Slug makes a name for files out of a title: letters and digits of any script, small,
// with a dash for all between; "session" where nothing is left.
func Slug(title string) string {
	var b strings.Builder
	n := 0
	for _, r := range strings.ToLower(title) {
		switch {
		case n == slugLimit:
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			b.WriteRune(r)
			n++
		case n > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
			n++
		}
	}
	return cmp.Or(strings.Trim(b.String(), "-"), "session")
}

// readmeLines say what a file is, by the beginning of its path.
var readmeLines = []struct{ path, zh, en string }{
	{"polis/", "Polis 報告匯出的五個檔案，UTF-8、沒有 BOM，時間是秒", "the five files of Polis's report export, UTF-8 without a mark, times in seconds"},
	{"polis-zip/", "Polis zip 匯出的五個檔案，時間是毫秒", "the five files of Polis's zip export, times in milliseconds"},
	{"polis-zip.zip", "同樣的檔案，壓成一包", "the same files as one archive"},
	{"extra/statements.csv", "Polis 沒有位置放的：語言、來源、理由", "what Polis has no place for: language, source, reasons"},
	{"excel/", "同樣的表格，給試算表用：數字是數字，看起來像公式的文字前面加了撇號", "the same tables for a spreadsheet: numbers are numbers, and an apostrophe stands before texts that look like formulas"},
	{"report.html", "報告，一個檔案，中英文，可以列印", "the report as one page, in both languages, ready to print"},
	{"map.svg", "意見地圖，放大也清楚", "the opinion map, sharp at any size"},
	{"map.png", "意見地圖，給簡報和社群貼文", "the opinion map, for slides and posts"},
	{"map.json", "地圖、意見與票數，給程式讀", "map, statements and counts, for programs"},
	{"log.jsonl", "完整的紀錄，一行一筆，有簽章，可以重新計票；裡面有姓名，請不要外流", "the whole record, an entry a line, signed, to be counted again; it holds names: keep it"},
	{"recount.py", "二十行的小程式，照 log.jsonl 重新計票：python3 recount.py", "twenty lines that count log.jsonl again: python3 recount.py"},
	{"closing.html", "收場單，印出來收好：之後看得出紀錄的結尾有沒有被動過", "the closing sheet, to be printed: it shows later whether the record's end was touched"},
	{"names.csv", "來的人的名牌與稱呼，沒有意見；請不要外流", "who was here, without any opinion: keep it"},
}

// readme gives README.txt.
func (s *Source) readme(part string, paths []string) string {
	var zh, en strings.Builder
	for _, line := range readmeLines {
		if slices.ContainsFunc(paths, func(p string) bool { return strings.HasPrefix(p, line.path) }) {
			fmt.Fprintf(&zh, "%s：%s\n", line.path, line.zh)
			fmt.Fprintf(&en, "%s: %s\n", line.path, line.en)
		}
	}
	about := [2]string{"這個資料夾可以公開。", "This folder may be passed on."}
	if part == privatePart {
		about = [2]string{"這個資料夾只給主辦留存，請不要外流。", "This folder is the host's. Do not pass it on."}
	}
	rule := plain("how_rule")
	return fmt.Sprintf("%s\n%s\n\n%s\n%s\n%s\n計票：%s\ndatapackage.json：每一欄的意思。SHA256SUMS：每個檔案的雜湊值。ATTRIBUTION.txt：出處與授權。\n\n%s\n%s\n%s\nCounting: %s\ndatapackage.json: what every column means. SHA256SUMS: the sum of every file. ATTRIBUTION.txt: where this is from, and its licence.\n",
		s.title(words.Chinese), s.day(), about[0], zh.String(), s.banner(0), rule[0], about[1], en.String(), s.banner(1), rule[1])
}

// banner says of a session that is not real that it is not.
func (s *Source) banner(lang int) string {
	text := ""
	if s.record.Session.On(moot.Rehearsal) {
		text += plain("rehearsal")[lang] + "\n"
	}
	if s.record.Session.On(moot.Sample) {
		text += plain("sample")[lang] + "\n"
	}
	return text
}
