package report_test

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"testing"

	"folkmoot/app/report"
)

func badges(count int) report.Badges {
	b := report.Badges{Title: map[string]string{"zh-Hant": "廣場<要>給市集", "en": "A square & its market"}, Languages: []string{"zh-Hant", "en"}, Address: "http://192.168.7.7:8080"}
	for n := 1; n <= count; n++ {
		b.Badges = append(b.Badges, report.Badge{Number: n, Code: fmt.Sprintf("%05d ABCDE", n), Link: fmt.Sprintf("http://192.168.7.7:8080/j/482163#b=%d&k=x", n)})
	}
	return b
}

func TestWriteBadges(t *testing.T) {
	var out, again bytes.Buffer
	if err := report.WriteBadges(&out, badges(23)); err != nil {
		t.Fatal(err)
	}
	if report.WriteBadges(&again, badges(23)); !bytes.Equal(out.Bytes(), again.Bytes()) {
		t.Error("the same badges are not the same bytes")
	}
	text := out.String()
	for want, times := range map[string]int{`class="sheet"`: 3, `class="badge"`: 23, "<svg": 23, ">00023 ABCDE<": 1, "192.168.7.7:8080": 46,
		"廣場&lt;要&gt;給市集": 24, "A square &amp; its market": 23, "<script": 0, "http://": 0, "src=": 0, "@import": 0, "url(": 0} {
		if got := strings.Count(text, want); got != times {
			t.Errorf("%q is there %d times, want %d", want, got, times)
		}
	}
	if zh, en := strings.Index(text, "用手機相機"), strings.Index(text, "Scan this"); zh < 0 || en < zh {
		t.Error("the room's language does not come first")
	}
}

// Each QR code is another, and none is cut off.
func TestBadgesHaveTheirOwnCodes(t *testing.T) {
	var out bytes.Buffer
	if err := report.WriteBadges(&out, badges(12)); err != nil {
		t.Fatal(err)
	}
	paths := map[string]bool{}
	dec := xml.NewDecoder(&out)
	dec.Strict, dec.AutoClose, dec.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	for {
		token, err := dec.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if e, ok := token.(xml.StartElement); ok && e.Name.Local == "path" {
			paths[e.Attr[0].Value] = true
		}
	}
	if len(paths) != 12 {
		t.Errorf("%d different codes for 12 badges", len(paths))
	}
	long := badges(1)
	long.Badges[0].Link = strings.Repeat("x", 5000)
	if err := report.WriteBadges(&out, long); err == nil {
		t.Error("a link that no QR code holds was printed")
	}
}
