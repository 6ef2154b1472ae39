package intake

import (
	"bytes"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// zoneCollector works out from timestamps and datetime texts which zones a source
// used when.
type zoneCollector struct {
	zones   []zoneSeen
	moments []zoneMoment
	strange int // texts that are in no known style
	scratch []byte
	last    int
}

type zoneSeen struct {
	style Style
	span  Span
}

type zoneMoment struct {
	ms   int64
	zone int
}

// maxZones is how many distinct zones one source can have before it is noise.
const maxZones = 100

// add takes in one row; an empty text says nothing.
func (c *zoneCollector) add(ms int64, text []byte) {
	if len(text) == 0 {
		return
	}
	// Nearly always it is the zone of the row before, so that is tried first.
	if c.last < len(c.zones) && c.fits(c.last, ms, text) {
		c.moments = append(c.moments, zoneMoment{ms, c.last})
		return
	}
	seen, ok := readZone(ms, string(text))
	i := slices.Index(c.zones, seen)
	if ok && i < 0 && len(c.zones) < maxZones {
		i = len(c.zones)
		c.zones = append(c.zones, seen)
	}
	if !ok || i < 0 || !c.fits(i, ms, text) {
		c.strange++
		return
	}
	c.moments, c.last = append(c.moments, zoneMoment{ms, i}), i
}

func (c *zoneCollector) fits(zone int, ms int64, text []byte) bool {
	c.scratch = c.zones[zone].span.format(c.scratch[:0], c.zones[zone].style, ms)
	return bytes.Equal(c.scratch, text)
}

// readZone tells style, offset and name from a text and the moment it stands for.
func readZone(ms int64, text string) (zoneSeen, bool) {
	if before, after, ok := strings.Cut(text, " GMT"); ok && len(before) == len("Tue Jun 30 2015 08:49:52") {
		local, err := time.Parse("Mon Jan 02 2006 15:04:05", before)
		_, name, _ := strings.Cut(after, " (")
		name = strings.TrimSuffix(name, ")")
		return zoneSeen{JavaScript, Span{Offset: offsetOf(local, ms), Name: name}}, err == nil && plainName(name)
	}
	const head = "Tue Jun 30 15:49:52 "
	if len(text) < len(head)+len(" 2015") {
		return zoneSeen{}, false
	}
	year := text[len(text)-len(" 2015"):]
	local, err := time.Parse("Mon Jan 02 15:04:05  2006", text[:len(head)]+year)
	name := text[len(head) : len(text)-len(year)]
	return zoneSeen{Java, Span{Offset: offsetOf(local, ms), Name: name}}, err == nil && plainName(name)
}

func offsetOf(local time.Time, ms int64) int { return int(local.Unix() - floorSeconds(ms)) }

func plainName(name string) bool {
	return len(name) <= 60 && !strings.ContainsAny(name, "\r\n") && utf8.ValidString(name)
}

// result gives the zones, and how many of the texts they do not give again.
func (c *zoneCollector) result(seconds bool) (Zones, int) {
	z := Zones{Style: NoDatetime, Seconds: seconds}
	if len(c.moments) == 0 {
		return z, c.strange
	}
	slices.SortStableFunc(c.moments, func(a, b zoneMoment) int { return compareInt64(a.ms, b.ms) })
	z.Style = c.zones[c.moments[0].zone].style
	held := -1
	for _, m := range c.moments {
		seen := c.zones[m.zone]
		if m.zone == held || seen.style != z.Style || len(z.Spans) == maxSpans || abs(seen.span.Offset) > 86400 {
			continue
		}
		span := Span{From: m.ms, Offset: seen.span.Offset, Name: seen.span.Name}
		if len(z.Spans) == 0 {
			span.From = 0
		} else if z.Spans[len(z.Spans)-1].From == m.ms {
			continue // two zones at one moment: the first stays
		}
		z.Spans, held = append(z.Spans, span), m.zone
	}
	if len(z.Spans) == 0 {
		return Zones{Style: NoDatetime, Seconds: seconds}, c.strange + len(c.moments)
	}
	return z, c.strange + c.misses(z)
}

func (c *zoneCollector) misses(z Zones) int {
	n := 0
	for _, m := range c.moments {
		seen, span := c.zones[m.zone], z.Spans[z.at(m.ms)]
		if seen.style != z.Style || seen.span.Offset != span.Offset || seen.span.Name != span.Name {
			n++
		}
	}
	return n
}
