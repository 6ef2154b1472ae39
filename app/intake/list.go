package intake

import (
	"bytes"
	"fmt"
	"io"
	"path"
	"strings"
	"unicode/utf8"

	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
)

// List is statements that stand under one heading.
type List struct {
	// File is the name of the file.
	File string
	// Heading is the heading or sheet; "" for a list without one.
	Heading string
	// Statements is in the order of the file, never empty.
	Statements []ListStatement
	// Warnings is what the host should know; what is true of the whole file stands
	// with each of its lists.
	Warnings []Notice
}

// ListStatement is a line of a list.
type ListStatement struct {
	// Text is without bullet, number and marks, as moot.CleanText gives it.
	Text string
	// Line is the line, or the row of a table, from 1.
	Line int
	// SameAs is the line of an earlier statement of the list with the same text
	// (capitals, width, blanks and punctuation apart); 0 where there is none.
	SameAs int
}

// ReadList reads the lists of a file, whose name's ending says what it is: XLSX,
// CSV (also .tsv), Markdown, or else text of one statement a line. Bullets and
// numbers before the statements are dropped, and so are blank lines. The headings
// of Markdown and the sheets of a workbook divide it into lists; there is at least
// one. Every error is a *Fault.
func ReadList(name string, r io.Reader) ([]List, error) { return readList(name, r, 0) }

func readList(name string, r io.Reader, down guards) ([]List, error) {
	data, err := io.ReadAll(io.LimitReader(r, MaxPacked+1))
	if err != nil {
		return nil, fileFault(name, err)
	}
	if len(data) > MaxPacked && down.up(packedGuard) {
		return nil, &Fault{Code: TooBig, File: name, Limit: MaxPacked}
	}
	ending := strings.ToLower(path.Ext(name))
	if ending == ".xlsx" || bytes.HasPrefix(data, []byte("PK\x03\x04")) {
		sections, err := readWorkbook(name, data, down)
		return finishLists(name, sections, nil, err)
	}
	text, notices, err := decodeText(name, data)
	if err != nil {
		return nil, err
	}
	var sections []section
	switch {
	case ending == ".csv" || ending == ".tsv":
		sections, err = readCSV(name, text, ending == ".tsv")
	case ending == ".md" || ending == ".markdown" || hasHeading(text):
		sections, err = readMarkdown(name, text)
	default:
		sections, err = readLines(name, text)
	}
	return finishLists(name, sections, notices, err)
}

// section is a list in the making.
type section struct {
	heading string
	lines   []ListStatement
	// prose is the lines that are no item of a list.
	prose    []ListStatement
	rejected int
}

// finishLists cleans the texts, drops empty ones and flags repeated ones.
func finishLists(name string, sections []section, notices []Notice, err error) ([]List, error) {
	if err != nil {
		return nil, err
	}
	var out []List
	for _, s := range sections {
		list := List{File: name, Heading: moot.CleanText(s.heading), Warnings: notices[:len(notices):len(notices)]}
		first := map[string]int{}
		for _, line := range s.lines {
			line.Text = moot.CleanText(line.Text)
			if line.Text == "" {
				continue
			}
			key := sameText(line.Text)
			if key != "" {
				line.SameAs = first[key]
			}
			if line.SameAs == 0 {
				first[key] = line.Line
			}
			list.Statements = append(list.Statements, line)
		}
		if len(s.prose) > 0 {
			list.Warnings = append(list.Warnings, Notice{TextLeftOut, len(s.prose)})
		}
		if s.rejected > 0 {
			list.Warnings = append(list.Warnings, Notice{RejectedLeftOut, s.rejected})
		}
		if len(list.Statements) > 0 {
			out = append(out, list)
		}
	}
	if len(out) == 0 {
		return nil, &Fault{Code: NoStatements, File: name}
	}
	return out, nil
}

// Together puts lists behind each other as one, in which a text that several of them
// have is flagged like one that a list has twice.
func Together(lists []List) List {
	var all List
	first := map[string]int{}
	for _, list := range lists {
		all.File = list.File
		for _, line := range list.Statements {
			key := sameText(line.Text)
			if at, again := first[key]; again && key != "" && line.SameAs == 0 {
				line.SameAs = at
			} else if !again {
				first[key] = line.Line
			}
			all.Statements = append(all.Statements, line)
		}
	}
	return all
}

// splitLines gives the lines of a text. Error: TooManyLines, for which blank ones do
// not count as long as they are no more than blankLines to one.
func splitLines(name, text string) ([]string, error) {
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	if strings.Count(text, "\n") > blankLines*MaxLines {
		return nil, &Fault{Code: TooManyLines, File: name}
	}
	lines := strings.Split(text, "\n")
	full := 0
	for i, line := range lines {
		if strings.TrimSpace(line) == "" {
			continue
		}
		if full++; full > MaxLines {
			return nil, &Fault{Code: TooManyLines, File: name, Row: i + 1}
		}
	}
	return lines, nil
}

// readLines reads one statement a line.
func readLines(name, text string) ([]section, error) {
	lines, err := splitLines(name, text)
	var s section
	for i, line := range lines {
		if !ruler(line) {
			_, line := cutBullet(line)
			s.lines = append(s.lines, ListStatement{Text: line, Line: i + 1})
		}
	}
	return []section{s}, err
}

// ListOptions says how statements are made. Random is needed.
type ListOptions struct {
	// Now is the wall clock, in milliseconds since 1970.
	Now uint64
	// Random gives the ids.
	Random io.Reader
	// Limit is the number of characters that a statement may have; 0 is
	// moot.DefaultStatementLimit.
	Limit int
}

// ListItems gives the statements of a list as approved seed statements of the host.
// Those that are too long, that have no letter in them or that the list has twice
// are not made, and are named in the second result. The error is that of Random.
func ListItems(list List, options ListOptions) ([]moot.Item, []Skipped, error) {
	limit := options.Limit
	if limit == 0 {
		limit = moot.DefaultStatementLimit
	}
	items := make([]moot.Item, 0, len(list.Statements))
	var skipped []Skipped
	for _, s := range list.Statements {
		if why := whyNot(s, limit); why != "" {
			skipped = append(skipped, Skipped{File: list.File, Row: s.Line, Why: why})
			continue
		}
		var id oplog.ItemID
		if _, err := io.ReadFull(options.Random, id[:]); err != nil {
			return nil, nil, fmt.Errorf("intake: id of a statement: %w", err)
		}
		items = append(items, moot.Item{CID: id, Payload: &moot.NewStatement{
			Text: s.Text, Lang: Language(s.Text), Standing: moot.Approved, Seed: true, Src: moot.FromHost, Made: options.Now,
		}})
	}
	return items, skipped, nil
}

func whyNot(s ListStatement, limit int) Code {
	switch {
	case s.SameAs > 0:
		return SameText
	case utf8.RuneCountInString(s.Text) > limit:
		return LongText
	case !hasWords(s.Text):
		return NoWords
	}
	return ""
}
