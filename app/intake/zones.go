package intake

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Style is how a source writes its datetime column.
type Style string

// The styles.
const (
	// NoDatetime: the source has no datetime column, or none that is understood.
	NoDatetime Style = "none"
	// Java is java.util.Date's text, "Tue Jun 30 15:49:52 WIB 2015".
	Java Style = "java"
	// JavaScript is Date's text,
	// "Tue Jun 30 2015 08:49:52 GMT+0000 (Coordinated Universal Time)".
	JavaScript Style = "js"
)

// Span is a zone that holds from a moment on.
type Span struct {
	// From is the first moment, in milliseconds since 1970; 0 for the first span,
	// which holds for everything before the second.
	From int64
	// Offset is local time less UTC, in seconds.
	Offset int
	// Name is the zone's abbreviation (Java) or the name in brackets (JavaScript).
	Name string
}

// Zones is how a source writes its times, so that they can be written again as
// they were. As text it is a line "style unit" (unit is ms or s) and a line
// "from offset name" for each span:
//
//	java ms
//	0 -25200 PDT
//	1414918800000 -28800 PST
type Zones struct {
	Style Style
	// Seconds says that timestamps are whole seconds, as in the report export.
	Seconds bool
	// Spans is in the order of time; empty exactly where Style is NoDatetime.
	Spans []Span
}

// maxSpans keeps the text below what a field of the session takes.
const maxSpans = 40

// String gives the text that ParseZones reads.
func (z Zones) String() string {
	unit := "ms"
	if z.Seconds {
		unit = "s"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s", z.Style, unit)
	for _, s := range z.Spans {
		fmt.Fprintf(&b, "\n%d %d %s", s.From, s.Offset, s.Name)
	}
	return b.String()
}

// ParseZones reads what String gives. The error says which line is wrong.
func ParseZones(text string) (Zones, error) {
	lines := strings.Split(text, "\n")
	style, unit, _ := strings.Cut(lines[0], " ")
	z := Zones{Style: Style(style), Seconds: unit == "s"}
	known := z.Style == Java || z.Style == JavaScript || z.Style == NoDatetime
	if !known || unit != "s" && unit != "ms" || (z.Style == NoDatetime) != (len(lines) == 1) {
		return Zones{}, fmt.Errorf("intake: zones %.40q: want a style, a unit and the spans", lines[0])
	}
	for i, line := range lines[1:] {
		s, err := parseSpan(line)
		if err != nil || i == 0 && s.From != 0 || i > 0 && s.From <= z.Spans[i-1].From {
			return Zones{}, fmt.Errorf("intake: zones, line %d: %.40q is no span", i+2, line)
		}
		z.Spans = append(z.Spans, s)
	}
	return z, nil
}

func parseSpan(line string) (Span, error) {
	from, rest, _ := strings.Cut(line, " ")
	offset, name, _ := strings.Cut(rest, " ")
	s := Span{Name: name}
	var err error
	if s.From, err = strconv.ParseInt(from, 10, 64); err != nil {
		return s, err
	}
	if s.Offset, err = strconv.Atoi(offset); err != nil {
		return s, err
	}
	if s.Offset < -86400 || s.Offset > 86400 {
		return s, strconv.ErrRange
	}
	return s, nil
}

// Format gives the datetime text of a moment in milliseconds since 1970; "" where
// the source had none.
func (z Zones) Format(ms int64) string {
	if len(z.Spans) == 0 {
		return ""
	}
	return string(z.Spans[z.at(ms)].format(nil, z.Style, ms))
}

// Timestamp gives the timestamp text of a moment in milliseconds since 1970:
// milliseconds, or whole seconds.
func (z Zones) Timestamp(ms int64) string {
	if z.Seconds {
		ms = floorSeconds(ms)
	}
	return strconv.FormatInt(ms, 10)
}

// at gives the span that holds at a moment.
func (z Zones) at(ms int64) int {
	i, exact := slices.BinarySearchFunc(z.Spans, ms, func(s Span, ms int64) int { return compareInt64(s.From, ms) })
	if exact {
		return i
	}
	return max(0, i-1)
}

func compareInt64(a, b int64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

func floorSeconds(ms int64) int64 {
	if ms < 0 {
		return -((999 - ms) / 1000)
	}
	return ms / 1000
}

func (s Span) format(dst []byte, style Style, ms int64) []byte {
	local := time.Unix(floorSeconds(ms)+int64(s.Offset), 0).UTC()
	if style == Java {
		dst = local.AppendFormat(dst, "Mon Jan 02 15:04:05 ")
		dst = append(dst, s.Name...)
		return local.AppendFormat(dst, " 2006")
	}
	dst = local.AppendFormat(dst, "Mon Jan 02 2006 15:04:05 GMT")
	dst = fmt.Appendf(dst, "%c%02d%02d", signOf(s.Offset), abs(s.Offset)/3600, abs(s.Offset)/60%60)
	if s.Name == "" {
		return dst
	}
	return fmt.Appendf(dst, " (%s)", s.Name)
}

func signOf(n int) byte {
	if n < 0 {
		return '-'
	}
	return '+'
}

func abs(n int) int {
	if n < 0 {
		return -n
	}
	return n
}
