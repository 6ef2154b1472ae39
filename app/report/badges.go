package report

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"strings"

	qr "github.com/piglig/go-qr"

	"folkmoot/assets/words"
)

//go:embed badges.html
var badgesFile string

var badgesTemplate = template.Must(template.New("badges").Parse(badgesFile))

// badgesAPage is how many badges an A4 page has, in two columns.
const badgesAPage = 10

// Badges are what WriteBadges prints.
type Badges struct {
	// Title is the session's, by language; Languages are those to print, the room's first.
	Title     map[string]string
	Languages []string
	// Address is the base address that people type who cannot scan.
	Address string
	Badges  []Badge
}

// Badge is one of them.
type Badge struct {
	Number int
	// Code is the ten characters in two groups, Link what the QR code says.
	Code, Link string
}

// badgePage and badgeView are what the template shows.
type badgeView struct {
	Badge
	QR   template.HTML
	Says []badgeSays
}

type badgeSays struct{ Lang, Title, Scan, Type, Keep string }

type badgeSheet struct {
	Lang, Title string
	Pages       [][]badgeView
}

// WriteBadges writes badges to print and cut, ten to a page of A4, as one file that
// needs nothing else and runs nothing. Error: also for a link that no QR code holds.
func WriteBadges(w io.Writer, b Badges) error {
	says := make([]badgeSays, len(b.Languages))
	for i, lang := range b.Languages {
		address := map[string]any{"Address": strings.TrimPrefix(b.Address, "http://")}
		says[i] = badgeSays{Lang: tag(lang), Title: b.Title[lang], Scan: words.Text(lang, "badge.scan", nil),
			Type: words.Text(lang, "badge.type", address), Keep: words.Text(lang, "badge.keep", nil)}
	}
	sheet := badgeSheet{Lang: says[0].Lang, Title: words.Text(b.Languages[0], "badge.sheet", map[string]any{"Title": says[0].Title})}
	for i, one := range b.Badges {
		code, err := badgeQR(one.Link)
		if err != nil {
			return fmt.Errorf("report: badge %d: %w", one.Number, err)
		}
		if i%badgesAPage == 0 {
			sheet.Pages = append(sheet.Pages, nil)
		}
		last := len(sheet.Pages) - 1
		sheet.Pages[last] = append(sheet.Pages[last], badgeView{Badge: one, QR: code, Says: says})
	}
	if err := badgesTemplate.Execute(w, sheet); err != nil {
		return fmt.Errorf("report: write badges: %w", err)
	}
	return nil
}

// tag gives a language as HTML names it.
func tag(lang string) string {
	if lang == words.Chinese {
		return "zh-Hant-TW"
	}
	return lang
}

// badgeQR draws a QR code with its white margin as SVG, a row's dark modules in runs.
func badgeQR(link string) (template.HTML, error) {
	code, err := qr.EncodeText(link, qr.Medium)
	if err != nil {
		return "", err
	}
	const margin = 4 // what the standard asks for
	var path strings.Builder
	for y := range code.Size() {
		for x := 0; x < code.Size(); x++ {
			run := 0
			for x+run < code.Size() && code.Module(x+run, y) {
				run++
			}
			if run > 0 {
				fmt.Fprintf(&path, "M%d %dh%dv1h-%dz", x+margin, y+margin, run, run)
				x += run
			}
		}
	}
	side := code.Size() + 2*margin
	return template.HTML(fmt.Sprintf(`<svg viewBox="0 0 %d %d" shape-rendering="crispEdges" role="img" aria-label="QR"><path d="%s"/></svg>`, side, side, &path)), nil
}
