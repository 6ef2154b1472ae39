package intake_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"

	"folkmoot/app/intake"
	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
)

// shape writes lists as "heading: line text | line text".
func shape(lists []intake.List) string {
	var b strings.Builder
	for i, l := range lists {
		if i > 0 {
			b.WriteString("\n")
		}
		fmt.Fprintf(&b, "%s:", l.Heading)
		for j, s := range l.Statements {
			if j > 0 {
				b.WriteString(" |")
			}
			fmt.Fprintf(&b, " %d %s", s.Line, s.Text)
			if s.SameAs > 0 {
				fmt.Fprintf(&b, " (=%d)", s.SameAs)
			}
		}
	}
	return b.String()
}

func inUTF16(text string, order binary.ByteOrder) string {
	b := make([]byte, 2)
	order.PutUint16(b, 0xfeff)
	for _, u := range utf16.Encode([]rune(text)) {
		b = append(b, 0, 0)
		order.PutUint16(b[len(b)-2:], u)
	}
	return string(b)
}

func TestReadList(t *testing.T) {
	const mixed = "a talk\n\n第二\n"
	tests := []struct{ name, file, text, want string }{
		{"lines", "a.txt", "We need lamps.\n\n  我覺得要有燈。 \r\nThird", ": 1 We need lamps. | 3 我覺得要有燈。 | 4 Third"},
		{"bullets in text", "a.txt", "- one\n* two\n• 三\n・四\n1. five\n2) six\n3、七\n(8) eight\n-5 degrees is cold\n2030 will come\n3、4 月辦\n---\n[x] kept\n- [ ] open", ": 1 one | 2 two | 3 三 | 4 四 | 5 five | 6 six | 7 七 | 8 eight | 9 -5 degrees is cold | 10 2030 will come | 11 3、4 月辦 | 13 [x] kept | 14 open"},
		{"same twice", "a.txt", "We need lamps.\nwe  ＮＥＥＤ lamps\nOther", ": 1 We need lamps. | 2 we ＮＥＥＤ lamps (=1) | 3 Other"},
		{"byte-order mark", "a.txt", "\ufeffone\n", ": 1 one"},
		{"little UTF-16", "a.txt", inUTF16(mixed, binary.LittleEndian), ": 1 a talk | 3 第二"},
		{"big UTF-16", "a.txt", inUTF16(mixed, binary.BigEndian), ": 1 a talk | 3 第二"},
		{"Big5", "a.txt", "\xa5\xfe\xa5\xc1\xb0\xd1\xbbP\nok", ": 1 全民參與 | 2 ok"},
		{"headings in pasted text", "paste", "## A\n- one\n## 乙\n- 二", "A: 2 one\n乙: 4 二"},
		{"front matter and prose", "a.md", "---\ntags: x\n- no: statement\n---\n# Title\nSome words.\n\n- one\n  goes on\n* 二\n  接著\n\nMore words\n\n1. three\n2. **four** of [these](https://x.example)\n", "Title: 8 one goes on | 10 二接著 | 15 three | 16 four of these"},
		{"nested, boxes, no list below a heading", "a.md", "# Empty\n\n## B ##\n- [ ] one\n    - [x] under\n+ a \\*star\\*\n", "B: 4 one | 5 under | 6 a *star*"},
		{"blocks", "a.md", "- one\n```\n- code\n```\n<!-- - note\n- note -->\n> - said\n| - cell |\n<details>\n- two\n</details>\n***\n", ": 1 one | 10 two"},
		{"underlined headings", "a.md", "First\n=====\n- one\n\nSecond\n---\n- two\n", "First: 3 one\nSecond: 7 two"},
		{"paragraphs only", "a.md", "# Ours\nWe need lamps.\n\nWe need trees.\n", "Ours: 2 We need lamps. | 4 We need trees."},
		{"comment_text", "a.csv", "comment_text\n\"one, two\"\n\n三\n", ": 2 one, two | 4 三"},
		{"unquoted commas", "a.csv", "comment_text\none, two, three\n", ": 2 one, two, three"},
		{"other columns", "a.csv", "id;意見;name\n1;一;A\n2;二;B\n", ": 2 一 | 3 二"},
		{"tabs", "a.tsv", "id\tstatement\n1\tone, two\n", ": 2 one, two"},
		{"the only column", "a.csv", "We need lamps\nWe need trees\n", ": 1 We need lamps | 2 We need trees"},
		{"line breaks in a cell", "a.csv", "text,n\n\"one\ntwo\",1\n", ": 2 one two"},
		{"CSV in Big5", "a.csv", "\xb7N\xa8\xa3\n\xa5\xfe\xa5\xc1\xb0\xd1\xbbP\n", ": 2 全民參與"},
		{"comments.csv of Polis", "comments.csv", zipOld["comments.csv"], ": 3 我覺得要有燈"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			lists, err := intake.ReadList(tt.file, strings.NewReader(tt.text))
			if err != nil {
				t.Fatal(err)
			}
			if got := shape(lists); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestReadListWarnings(t *testing.T) {
	tests := []struct {
		name, file, text string
		want             []intake.Notice
	}{
		{"UTF-8", "a.txt", "one", nil},
		{"Big5", "a.txt", "\xa5\xfe", []intake.Notice{{Code: intake.ReadAsBig5}}},
		{"UTF-16", "a.txt", inUTF16("one", binary.LittleEndian), []intake.Notice{{Code: intake.ReadAsUTF16}}},
		{"prose", "a.md", "Some words\nand more\n\n- one", []intake.Notice{{Code: intake.TextLeftOut, N: 2}}},
		{"rejected", "a.csv", "text,moderated\na,1\nb,-1\n", []intake.Notice{{Code: intake.RejectedLeftOut, N: 1}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			lists, err := intake.ReadList(tt.file, strings.NewReader(tt.text))
			if err != nil {
				t.Fatal(err)
			}
			if got := lists[0].Warnings; !slices.Equal(got, tt.want) {
				t.Errorf("warnings %v, want %v", got, tt.want)
			}
			for _, n := range lists[0].Warnings {
				if strings.Contains(n.String(), "%") || n.String() == "" {
					t.Errorf("%+v reads %q", n, n)
				}
			}
		})
	}
}

func TestReadListFaults(t *testing.T) {
	tests := []struct {
		name, file, text string
		code             intake.Code
	}{
		{"empty", "a.txt", "\n \n", intake.NoStatements},
		{"only a header", "a.csv", "comment_text\n", intake.NoStatements},
		{"no known column", "a.csv", "a,b\n1,2\n", intake.NoColumn},
		{"5,001 lines", "a.txt", strings.Repeat("x\n", 5001), intake.TooManyLines},
		{"100,001 lines, nearly all blank", "a.txt", "x" + strings.Repeat("\n", 100_001), intake.TooManyLines},
		{"5,001 lines of Markdown", "a.md", strings.Repeat("- x\n", 5001), intake.TooManyLines},
		{"5,001 rows", "a.csv", "text\n" + strings.Repeat("x\n", 5001), intake.TooManyLines},
		{"a picture", "a.txt", "\x89PNG\r\n\x1a\n\x00\x00", intake.NotText},
		{"no encoding", "a.txt", "\xff\xff\xff", intake.NotText},
		{"odd UTF-16", "a.txt", "\xff\xfe\x00\x00", intake.NotText},
		{"no workbook", "a.xlsx", "hello", intake.BrokenFile},
		{"a zip of other things", "a.xlsx", zipped(t, map[string]string{"a.txt": "x"}), intake.BrokenFile},
		{"locked workbook", "a.xlsx", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", intake.LockedFile},
		{"workbook with a path trick", "a.xlsx", zipped(t, map[string]string{"../xl/workbook.xml": "x"}), intake.BadPath},
		{"workbook that is a bomb", "a.xlsx", book(t, sheetOf(strings.Repeat("<a/>", 2<<20)), ""), intake.TooDense},
		{"workbook with a forged row", "a.xlsx", book(t, sheetOf(`<row r="1048576"/>`), ""), intake.TooManyLines},
		{"workbook with no XML", "a.xlsx", book(t, `<worksheet <`, ""), intake.BrokenFile},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			lists, err := intake.ReadList(tt.file, strings.NewReader(tt.text))
			var fault *intake.Fault
			if !errors.As(err, &fault) || fault.Code != tt.code || lists != nil {
				t.Fatalf("error %v, want %s", err, tt.code)
			}
			if !strings.HasPrefix(err.Error(), tt.file) {
				t.Errorf("the sentence %q does not name the file", err)
			}
		})
	}
	lists, err := intake.ReadList("a.txt", strings.NewReader(strings.Repeat("x\n\n", 5000)))
	if err != nil || len(lists[0].Statements) != 5000 {
		t.Errorf("5,000 lines: %v", err)
	}
}

// noise never ends.
type noise struct {
	random *rand.Rand
	read   int
}

func (n *noise) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(n.random.Uint32())
	}
	n.read += len(p)
	return len(p), nil
}

// An item that goes on for megabytes is one statement, too long, and no labour.
func TestReadListLongItem(t *testing.T) {
	lists, err := intake.ReadList("a.md", strings.NewReader("- one\n"+strings.Repeat(strings.Repeat("x", 4000)+"\n", 4999)))
	if err != nil || len(lists) != 1 || len(lists[0].Statements) != 1 {
		t.Fatalf("%d lists, error %v", len(lists), err)
	}
	if _, skipped, err := intake.ListItems(lists[0], intake.ListOptions{Random: &counting{}}); err != nil || len(skipped) != 1 {
		t.Errorf("skipped %v, error %v", skipped, err)
	}
}

func TestReadListNoise(t *testing.T) {
	n := &noise{random: rand.New(rand.NewPCG(3, 4))}
	_, err := intake.ReadList("a.txt", n)
	var fault *intake.Fault
	if !errors.As(err, &fault) || fault.Code != intake.TooBig || n.read > intake.MaxPacked+4096 {
		t.Errorf("read %d bytes, error %v", n.read, err)
	}
	_, err = intake.ReadList("a.txt", io.LimitReader(n, 1<<20))
	if !errors.As(err, &fault) || fault.Code != intake.NotText {
		t.Errorf("a megabyte of noise: %v", err)
	}
}

// workbook makes an XLSX of sheets; cells are given from A1.
func workbook(t testing.TB, sheets ...[][]any) []byte {
	t.Helper()
	book := excelize.NewFile()
	defer book.Close()
	for i, rows := range sheets {
		name := fmt.Sprintf("Sheet%d", i+1)
		if _, err := book.NewSheet(name); err != nil {
			t.Fatal(err)
		}
		for j, row := range rows {
			if err := book.SetSheetRow(name, fmt.Sprintf("A%d", j+1), &row); err != nil {
				t.Fatal(err)
			}
		}
	}
	var b bytes.Buffer
	if err := book.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestReadWorkbook(t *testing.T) {
	tests := []struct {
		name   string
		sheets [][][]any
		want   string
	}{
		{"a column with a known name", [][][]any{{{"id", "意見", "by"}, {1, "要有燈", "A"}, {}, {2, "one, two,", "B"}}}, "Sheet1: 2 要有燈 | 4 one, two,"},
		{"the only column", [][][]any{{{"We need lamps"}, {nil}, {"We need trees, too"}}}, "Sheet1: 1 We need lamps | 3 We need trees, too"},
		{"two sheets and one of numbers", [][][]any{{{"text"}, {"one"}}, {{"a", "b"}, {1, 2}}, {{"text"}, {"two"}}}, "Sheet1: 2 one\nSheet3: 2 two"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			lists, err := intake.ReadList("a.xlsx", bytes.NewReader(workbook(t, tt.sheets...)))
			if err != nil {
				t.Fatal(err)
			}
			if got := shape(lists); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
	_, err := intake.ReadList("a.xlsx", bytes.NewReader(workbook(t, [][]any{{"a", "b"}, {1, 2}})))
	if want := "a.xlsx, row 1, column comment_text: the first row does not name this column; export the conversation again or put the name back"; err == nil || err.Error() != want {
		t.Errorf("error %v", err)
	}
	half := workbook(t, [][]any{{"text"}, {"one"}})
	if _, err := intake.ReadList("a.xlsx", bytes.NewReader(half[:len(half)/2])); err == nil {
		t.Error("half a workbook was read")
	}
}

func TestListItems(t *testing.T) {
	lists, err := intake.ReadList("a.txt", strings.NewReader("要有燈\nWe need lamps\nwe need lamps!\n"+strings.Repeat("長", 141)+"\n💡💡\n"))
	if err != nil {
		t.Fatal(err)
	}
	items, skipped, err := intake.ListItems(lists[0], intake.ListOptions{Now: 1700000000000, Random: rand.NewChaCha8([32]byte{1})})
	if err != nil {
		t.Fatal(err)
	}
	want := []intake.Skipped{{"a.txt", 3, intake.SameText}, {"a.txt", 4, intake.LongText}, {"a.txt", 5, intake.NoWords}}
	if !slices.Equal(skipped, want) {
		t.Errorf("skipped %v, want %v", skipped, want)
	}
	state := moot.NewState(oplog.SessionID{1})
	for i, item := range items {
		if err := state.Check(item.Payload); err != nil {
			t.Fatalf("item %d: %v", i, err)
		}
		state.ApplyPayload(oplog.Entry{Header: oplog.Header{Seq: uint64(i + 1), Time: oplog.Time{MS: uint64(i + 1)}, CID: item.CID}}, item.Payload)
	}
	got := state.View().Statements
	if len(got) != 2 || got[0].Text != "要有燈" || got[0].Lang != "zh-Hant" || got[1].Lang != "en" || !got[1].Seed || got[1].Source != moot.FromHost || got[1].Standing != moot.Approved || got[1].Made != 1700000000000 {
		t.Errorf("statements %+v", got)
	}
	if _, skipped, _ = intake.ListItems(lists[0], intake.ListOptions{Random: rand.NewChaCha8([32]byte{1}), Limit: 200}); len(skipped) != 2 {
		t.Errorf("with a limit of 200: %v", skipped)
	}
	if _, _, err := intake.ListItems(lists[0], intake.ListOptions{Random: strings.NewReader("short")}); err == nil {
		t.Error("no randomness was no error")
	}
}

func TestReferenceSeedStatements(t *testing.T) {
	file, err := os.Open(reference("workshop", "seed-statements.md"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	lists, err := intake.ReadList("seed-statements.md", file)
	if err != nil {
		t.Fatal(err)
	}
	if len(lists) != 2 || lists[0].Heading != "English" || len(lists[0].Statements) != 8 || lists[1].Heading != "繁體中文" || len(lists[1].Statements) != 14 {
		t.Fatalf("lists %s", shape(lists))
	}
	for i, lang := range []string{"en", "zh-Hant"} {
		for _, s := range lists[i].Statements {
			if strings.ContainsAny(s.Text[:1], "-*+ ") || s.SameAs > 0 || intake.Language(s.Text) != lang {
				t.Errorf("statement %+v", s)
			}
		}
		items, skipped, err := intake.ListItems(lists[i], intake.ListOptions{Random: rand.NewChaCha8([32]byte{2})})
		if err != nil || len(skipped) > 0 || len(items) != len(lists[i].Statements) || len(lists[i].Warnings) > 0 {
			t.Errorf("%d items, skipped %v, warnings %v, error %v", len(items), skipped, lists[i].Warnings, err)
		}
	}
}
