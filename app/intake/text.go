package intake

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/traditionalchinese"
	utf16 "golang.org/x/text/encoding/unicode"
	"golang.org/x/text/unicode/norm"
)

// decodeText gives the text of a file: UTF-8 with or without mark, UTF-16 with
// mark, or else Big5, which a notice says. Error: NotText.
func decodeText(file string, data []byte) (string, []Notice, error) {
	if bytes.HasPrefix(data, []byte("\xff\xfe")) || bytes.HasPrefix(data, []byte("\xfe\xff")) {
		text, err := utf16.UTF16(utf16.LittleEndian, utf16.UseBOM).NewDecoder().Bytes(data)
		if err != nil || !readable(text) {
			return "", nil, &Fault{Code: NotText, File: file, Err: err}
		}
		return string(text), []Notice{{Code: ReadAsUTF16}}, nil
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if utf8.Valid(data) {
		if !readable(data) {
			return "", nil, &Fault{Code: NotText, File: file}
		}
		return string(data), nil, nil
	}
	text, err := traditionalchinese.Big5.NewDecoder().Bytes(data)
	if err != nil || !readable(text) || bytes.ContainsRune(text, utf8.RuneError) {
		return "", nil, &Fault{Code: NotText, File: file, Err: err}
	}
	return string(text), []Notice{{Code: ReadAsBig5}}, nil
}

// readable says that there is no zero byte, which no text has.
func readable(text []byte) bool { return bytes.IndexByte(text, 0) < 0 }

// sameText gives the form in which statements are compared: NFKC, small letters,
// without blanks and punctuation. It is the record's own rule (moot.Duplicate), so
// that what is not flagged here is not refused there.
func sameText(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || unicode.IsSymbol(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, norm.NFKC.String(text))
}

func hasWords(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
}
