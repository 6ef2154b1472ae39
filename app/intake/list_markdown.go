package intake

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"folkmoot/sync/moot"
)

var (
	// A bullet wants a blank after it where it could be part of a sentence; a number
	// has at most three digits, so that a year may begin a statement.
	bullet   = regexp.MustCompile(`^[\s\x{3000}]*(?:[-*+–—·][\s\x{3000}]+|[•‣◦●○▪・][\s\x{3000}]*|\d{1,3}[.)][\s\x{3000}]+|\d{1,3}[、．）][\s\x{3000}]*|[(（]\d{1,3}[)）][\s\x{3000}]*)`)
	checkbox = regexp.MustCompile(`^\[[ xX]\]\s+`)
	heading  = regexp.MustCompile(`^ {0,3}#{1,6}(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$`)
	anyHead  = regexp.MustCompile(`(?m)^#{1,6} .*\S`)
	tagLine  = regexp.MustCompile(`^</?[A-Za-z][^>]*>`)
	link     = regexp.MustCompile(`!?\[([^\]]*)\]\([^)]*\)`)
	escaped  = regexp.MustCompile(`\\([-\\*_+.!#\[\]()` + "`" + `])`)
	emphasis = strings.NewReplacer("**", "", "__", "", "`", "")
)

func hasHeading(text string) bool { return anyHead.MatchString(text) }

// cutBullet says whether a line begins with a bullet or number, and gives the rest.
func cutBullet(line string) (bool, string) {
	at := bullet.FindStringIndex(line)
	if at == nil {
		return false, line
	}
	rest := line[at[1]:]
	before, _ := utf8.DecodeLastRuneInString(line[:at[1]])
	next, _ := utf8.DecodeRuneInString(rest)
	if unicode.IsDigit(next) && strings.ContainsRune("、．", before) {
		return false, line // "3、4 月", "1．5 倍"
	}
	if box := checkbox.FindStringIndex(rest); box != nil {
		rest = rest[box[1]:]
	}
	return true, rest
}

// ruler says whether a line is nothing but a line across, or a lone bullet.
func ruler(line string) bool {
	line = strings.TrimSpace(line)
	return line != "" && strings.Trim(line, "-*_=+•·‣◦●○▪ ") == ""
}

// markdown reads lists from Markdown. Items of lists are statements; other text is
// one only where the whole file has no list.
type markdown struct {
	sections []section
	fence    string // what ends the block of code that we are in
	comment  bool   // inside an HTML comment
	item     bool   // the line before belongs to an item
	prose    bool   // the line before is prose
	items    bool   // the file has a list
}

func readMarkdown(name, text string) ([]section, error) {
	lines, err := splitLines(name, text)
	if err != nil {
		return nil, err
	}
	m := &markdown{sections: []section{{}}}
	for i := frontMatter(lines); i < len(lines); i++ {
		m.line(lines[i], i+1)
	}
	if !m.items {
		for i, s := range m.sections {
			m.sections[i].lines, m.sections[i].prose = s.prose, nil
		}
	}
	for _, s := range m.sections {
		for i := range s.lines {
			s.lines[i].Text = plainMarkdown(s.lines[i].Text)
		}
	}
	return m.sections, nil
}

// frontMatter gives the number of lines that a block between two lines of --- at
// the top takes.
func frontMatter(lines []string) int {
	if strings.TrimRight(lines[0], " \t") != "---" {
		return 0
	}
	for i, line := range lines[1:] {
		if line = strings.TrimRight(line, " \t"); line == "---" || line == "..." {
			return i + 2
		}
	}
	return 0
}

func (m *markdown) line(line string, number int) {
	trimmed := strings.TrimSpace(line)
	s := &m.sections[len(m.sections)-1]
	wasItem, wasProse := m.item, m.prose
	m.item, m.prose = false, false
	if m.hidden(trimmed) || trimmed == "" {
		return
	}
	if title := heading.FindStringSubmatch(line); title != nil {
		m.head(title[1])
		return
	}
	if wasProse && underline(trimmed) {
		title := s.prose[len(s.prose)-1].Text
		s.prose = s.prose[:len(s.prose)-1]
		m.head(title)
		return
	}
	if ruler(line) {
		return
	}
	if is, rest := cutBullet(line); is {
		s.lines = append(s.lines, ListStatement{Text: rest, Line: number})
		m.item, m.items = true, true
		return
	}
	if strings.ContainsAny(trimmed[:1], "|>") || tagLine.MatchString(trimmed) || strings.HasPrefix(trimmed, ":::") {
		return // a table, a quotation, markup: nothing that is put to the vote
	}
	if wasItem {
		// Beyond what any statement may have, more text only costs time.
		if last := &s.lines[len(s.lines)-1]; len(last.Text) < 4*moot.MaxImported {
			last.Text = joinLines(last.Text, trimmed)
		}
		m.item = true
		return
	}
	s.prose = append(s.prose, ListStatement{Text: trimmed, Line: number})
	m.prose = true
}

// hidden says whether a line belongs to a block of code or an HTML comment.
func (m *markdown) hidden(line string) bool {
	switch {
	case m.fence != "":
		if strings.HasPrefix(line, m.fence) {
			m.fence = ""
		}
		return true
	case m.comment:
		m.comment = !strings.Contains(line, "-->")
		return true
	case strings.HasPrefix(line, "```") || strings.HasPrefix(line, "~~~"):
		m.fence = line[:3]
		return true
	case strings.HasPrefix(line, "<!--"):
		m.comment = !strings.Contains(line, "-->")
		return true
	}
	return false
}

func (m *markdown) head(title string) {
	m.sections = append(m.sections, section{heading: plainMarkdown(title)})
}

// underline says whether a line makes a heading of the line of text above it.
func underline(line string) bool {
	return len(line) > 1 && (strings.Trim(line, "=") == "" || strings.Trim(line, "-") == "")
}

// joinLines puts a line that was broken for width together: Chinese without a blank.
func joinLines(a, b string) string {
	last, _ := utf8.DecodeLastRuneInString(a)
	first, _ := utf8.DecodeRuneInString(b)
	if last >= '\u2e80' && first >= '\u2e80' {
		return a + b
	}
	return a + " " + b
}

// plainMarkdown gives the text without emphasis, links and backslashes.
func plainMarkdown(text string) string {
	text = link.ReplaceAllString(text, "$1")
	return escaped.ReplaceAllString(emphasis.Replace(text), "$1")
}
