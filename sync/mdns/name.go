package mdns

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

const (
	// Type is the kind of service that this package announces and finds.
	Type = "_folkmoot._tcp"

	typeName  = Type + ".local."
	enumName  = "_services._dns-sd._udp.local."
	labelSize = 63 // bytes, by RFC 1035
)

func compare[T ~string](a, b T) int { return strings.Compare(string(a), string(b)) }

// escape writes a label as it stands in a name: with its dots and backslashes marked.
func escape(label string) string {
	return strings.NewReplacer(`\`, `\\`, `.`, `\.`).Replace(label)
}

// unescape gives the bytes behind \. and \230.
func unescape(text string) string {
	if !strings.Contains(text, `\`) {
		return text
	}
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] != '\\' || i+1 == len(text) {
			b.WriteByte(text[i])
			continue
		}
		if value, ok := decimal(text[i+1:]); ok {
			b.WriteByte(value)
			i += 3
			continue
		}
		i++
		b.WriteByte(text[i])
	}
	return b.String()
}

func decimal(text string) (byte, bool) {
	if len(text) < 3 {
		return 0, false
	}
	value := 0
	for _, digit := range []byte(text[:3]) {
		if digit < '0' || digit > '9' {
			return 0, false
		}
		value = value*10 + int(digit-'0')
	}
	return byte(value), value < 256
}

// labels splits a name at its dots and gives the bytes of each label.
func labels(name string) []string {
	var parts []string
	start := 0
	for i := 0; i < len(name); i++ {
		switch name[i] {
		case '\\':
			i++
		case '.':
			parts = append(parts, unescape(name[start:i]))
			start = i + 1
		}
	}
	if start < len(name) {
		parts = append(parts, unescape(name[start:]))
	}
	return parts
}

// canonical gives one spelling to all spellings of a name: small letters (of ASCII, as DNS
// compares), the same escapes, a dot at the end.
func canonical(name string) string {
	var b strings.Builder
	for _, label := range labels(name) {
		b.WriteString(escape(lower(label)))
		b.WriteByte('.')
	}
	return b.String()
}

func lower(label string) string {
	bytes := []byte(label)
	for i, c := range bytes {
		if 'A' <= c && c <= 'Z' {
			bytes[i] = c + 'a' - 'A'
		}
	}
	return string(bytes)
}

// instanceOf gives the first label of a service's name, if it is one of our type.
func instanceOf(name string) (string, bool) {
	parts := labels(name)
	if len(parts) != 4 || canonical(strings.Join(parts[1:], ".")) != typeName {
		return "", false
	}
	return parts[0], utf8.ValidString(parts[0]) && readable(parts[0]) != ""
}

// numbered gives the name to try at the count-th attempt, no longer than a label may be:
// "Hall", "Hall (2)", or for hosts "folkmoot", "folkmoot-2".
func numbered(label, pattern string, count int) string {
	suffix := ""
	if count > 1 {
		suffix = fmt.Sprintf(pattern, count)
	}
	return cut(label, labelSize-len(suffix)) + suffix
}

// cut shortens text to so many bytes without breaking a character.
func cut(text string, size int) string {
	if len(text) <= size {
		return text
	}
	for size > 0 && !utf8.RuneStart(text[size]) {
		size--
	}
	return text[:size]
}
