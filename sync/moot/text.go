package moot

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Limits of texts typed in Folkmoot, in characters (code points after NFC).
const (
	DefaultStatementLimit = 140
	MinStatementLimit     = 20
	MaxStatementLimit     = 280
	MaxName               = 60
	MaxImported           = 4000
	MaxTitle              = 200
	MaxField              = 4000
)

// CleanText brings a typed text into the form in which it is kept: NFC, without
// control and direction-override characters, blanks trimmed at both ends, and
// each run of blanks and line breaks a single blank.
func CleanText(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r) || bidiControl(r) || r == utf8.RuneError || r == '\ufeff':
			return -1
		}
		return r
	}, text)
	text = strings.Join(strings.FieldsFunc(text, func(r rune) bool { return r == ' ' }), " ")
	return norm.NFC.String(text) // last: a letter and its accent may have been apart
}

// CleanLines is CleanText line by line: line breaks stay.
func CleanLines(text string) string {
	lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	for i, line := range lines {
		lines[i] = CleanText(line)
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}

func bidiControl(r rune) bool {
	return r == '\u061c' || r >= '\u200e' && r <= '\u200f' || r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069'
}

// checkText refuses an empty text and one longer than limit.
func checkText(text string, limit int) error {
	switch n := utf8.RuneCountInString(text); {
	case strings.TrimSpace(text) == "":
		return refuse(Empty)
	case n > limit:
		return &Refusal{Code: TooLong, Limit: limit}
	}
	return nil
}

// hasWords says whether a text has a letter or a digit in any script.
func hasWords(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
}

// sameText gives the form in which two texts are compared for being the same.
func sameText(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || unicode.IsSymbol(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, norm.NFKC.String(text))
}
