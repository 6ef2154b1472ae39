package intake

import (
	"io"
	"slices"
	"strings"
)

// textColumns is the names of the column that holds the statements, the likeliest
// first, as columnName gives them.
var textColumns = []string{
	"comment-text", "comment-body", "statement", "statements", "text", "comment", "body", "意見", "陳述", "陳述句", "敘述", "意見內容", "內容", "文字", "留言",
}

// rows gives the cells of one row of a table after the other and the row's number;
// io.EOF after the last.
type rows func() (cells []string, row int, err error)

// readCSV reads the column of statements of a table.
func readCSV(name, text string, tabs bool) ([]section, error) {
	comma := byte('\t')
	if !tabs {
		comma = separator(text)
	}
	t := newTable(name, strings.NewReader(text), comma)
	s, err := readRows(name, comma, newBudget(MaxWorkbook, 0), func() ([]string, int, error) {
		fields, err := t.next()
		if err != nil {
			return nil, 0, err
		}
		cells := make([]string, len(fields))
		for i, f := range fields {
			cells[i] = string(f)
		}
		return cells, t.row, nil
	})
	return []section{s}, err
}

// separator guesses what separates the columns from the first line, outside quotes.
func separator(text string) byte {
	count := map[rune]int{}
	quoted := false
	for _, r := range text[:min(len(text), 64<<10)] {
		if r == '"' {
			quoted = !quoted
		}
		if r == '\n' && !quoted {
			break
		}
		if !quoted {
			count[r]++
		}
	}
	best := ','
	for _, r := range ";\t" {
		if count[r] > count[best] {
			best = r
		}
	}
	return byte(best)
}

// readRows takes the statements out of a table: the column with a known name, or
// the only one, whose first row then is a statement too. In the last column, cells
// beyond the header belong to an unquoted text, cut at its commas. What is kept counts
// against left: a workbook may have one text in all its cells.
func readRows(name string, comma byte, left *budget, next rows) (section, error) {
	var s section
	cells, row, err := next()
	if err == io.EOF {
		return s, nil
	}
	if err != nil {
		return s, err
	}
	var names header
	for _, cell := range trimCells(cells) {
		names = append(names, columnName(cell))
	}
	column := names.find(textColumns...)
	moderated := names.find("moderated")
	if column < 0 && len(names) > 1 {
		return s, &Fault{Code: NoColumn, File: name, Row: row, Column: "comment_text"}
	}
	if column < 0 {
		column = 0
		if err := s.keep(ListStatement{Text: cells[0], Line: row}, left); err != nil { // the others are blank
			return s, fileFault(name, err)
		}
	}
	for {
		cells, row, err := next()
		if err == io.EOF {
			return s, nil
		}
		if err != nil {
			return s, err
		}
		if column >= len(cells) {
			continue
		}
		text := cells[column]
		if column == len(names)-1 {
			text = strings.Join(trimCells(cells[column:]), string(comma))
		}
		if moderated >= 0 && moderated < len(cells) && strings.TrimSpace(cells[moderated]) == "-1" {
			s.rejected++
			continue
		}
		if strings.TrimSpace(text) == "" {
			continue
		}
		if len(s.lines) == MaxLines {
			return s, &Fault{Code: TooManyLines, File: name, Row: row}
		}
		if err := s.keep(ListStatement{Text: text, Line: row}, left); err != nil {
			return s, fileFault(name, err)
		}
	}
}

func (s *section) keep(line ListStatement, left *budget) error {
	s.lines = append(s.lines, line)
	return left.take(len(line.Text))
}

// trimCells drops the empty cells at the end.
func trimCells(cells []string) []string {
	end := len(cells) - 1
	for end > 0 && strings.TrimSpace(cells[end]) == "" {
		end--
	}
	return slices.Clip(cells[:end+1])
}
