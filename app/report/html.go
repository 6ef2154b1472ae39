package report

import (
	"cmp"
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"strings"

	"folkmoot/analysis/opinion"
	"folkmoot/app/picture"
	"folkmoot/assets/words"
	"folkmoot/sync/moot"
)

//go:embed page.html
var pageFile string

//go:embed page.css
var pageStyle string

var pageTemplate = template.Must(template.New("page").Funcs(template.FuncMap{"say": both}).Parse(pageFile))

// WriteHTML writes the report as one file that needs nothing else: both languages,
// light and dark, ready to print. It names no person.
func WriteHTML(w io.Writer, s *Source) error {
	if err := pageTemplate.Execute(w, s.page()); err != nil {
		return fmt.Errorf("report: write page: %w", err)
	}
	return nil
}

// page is what the template shows.
type page struct {
	Lang, Plain      string
	Style            template.CSS
	Kicker           string
	Title            template.HTML
	Facts, Banners   []template.HTML
	About            []template.HTML
	Spoken           []template.HTML
	Map              template.HTML // "" where there is no map
	Groups           []pageGroup
	CommonHelp       template.HTML
	Common, Against  []pageLine
	Differ, All      []pageLine
	NotListed        template.HTML
	Question         *pageQuestion
	Tables           *pageTables
	How, Attribution []template.HTML
	Polis            string
}

// pageGroup is an opinion group.
type pageGroup struct {
	Index      int
	Shape      template.HTML
	Name, Size template.HTML
	Firm       template.HTML // how stable it is, "" where that was not measured
	Note       template.HTML
	Apart      []pageLine
}

// pageLine is a statement with one bar or several.
type pageLine struct {
	Lang, Text       string
	OtherLang, Other string
	Bars             []pageBar
}

// pageBar is a bar of votes with what it says.
type pageBar struct {
	Name                         template.HTML
	Votes, Agree, Disagree, Pass int
	Plain                        string // for those who cannot see it
	Said                         template.HTML
}

type pageQuestion struct {
	Text template.HTML
	Rows []pageCount
}

type pageCount struct {
	Name  template.HTML
	Count string
}

type pageTables struct {
	Heads []template.HTML
	Rows  []pageTable
}

type pageTable struct {
	Name  template.HTML
	Cells []string
}

func (s *Source) page() page {
	session := s.record.Session
	p := page{
		Lang: "zh-Hant-TW", Plain: s.title(words.Chinese), Style: template.CSS(pageStyle),
		Kicker: joined(" · ", session.Get(moot.Organiser), session.Get(moot.Place)),
		Title:  s.inBoth(moot.Title, "Folkmoot"), Facts: s.facts(), Banners: s.banners(), About: s.about(),
		Spoken: s.spoken(), All: s.allLines(), Question: s.question(), Tables: s.tables(),
		How: s.how(), Attribution: s.attributionHTML(), Polis: s.polisParagraph(),
	}
	if session.Language() == words.English {
		p.Lang, p.Plain = words.English, s.title(words.English)
	}
	if hidden := len(s.comments) - len(s.View.Listed()); hidden > 0 {
		p.NotListed = both("not_listed", "N", words.Number(hidden))
	}
	if s.View.Scene == nil {
		return p
	}
	p.Map = s.inlineMap()
	for _, g := range s.View.GroupsByLetter() {
		p.Groups = append(p.Groups, s.pageGroup(g))
	}
	p.CommonHelp = both("common_help")
	if !s.View.Map.GroupsFound {
		p.CommonHelp = both("common_all")
	}
	p.Common, p.Against = s.commonLines(opinion.ForAgree), s.commonLines(opinion.ForDisagree)
	p.Differ = s.differLines()
	return p
}

// title gives the session's title in a language.
func (s *Source) title(lang string) string {
	if title := s.record.Session.Text(moot.Title, lang); title != "" {
		return title
	}
	return "Folkmoot"
}

// inBoth gives a field in both languages; without the text of a language, the field's
// own.
func (s *Source) inBoth(field moot.Field, instead string) template.HTML {
	session := s.record.Session
	zh, en := session.Text(field, words.Chinese), session.Text(field, words.English)
	if zh == "" {
		zh, en = instead, instead
	}
	return inTwo(zh, en)
}

// inTwo gives a text in both languages, once where they are the same.
func inTwo(zh, en string) template.HTML {
	if zh == en {
		return template.HTML(escape(zh))
	}
	return twice(zh, en)
}

func joined(between string, parts ...string) string {
	var full []string
	for _, part := range parts {
		if part != "" {
			full = append(full, part)
		}
	}
	return strings.Join(full, between)
}

// day gives the day of the session.
func (s *Source) day() string { return unixDay(s.sessionTime()) }

func (s *Source) facts() []template.HTML {
	c := s.View.Counts
	facts := []template.HTML{template.HTML(s.day()), both("here", "N", words.Number(c.Here))}
	if c.Imported > 0 {
		facts = append(facts, both("imported", "N", words.Number(c.Imported)))
	}
	return append(facts, both("statements", "N", words.Number(len(s.View.Listed()))), both("votes", "N", words.Number(c.Votes)))
}

func (s *Source) banners() []template.HTML {
	var list []template.HTML
	if s.record.Session.On(moot.Rehearsal) {
		list = append(list, both("rehearsal"))
	}
	if s.record.Session.On(moot.Sample) {
		list = append(list, both("sample"))
	}
	return list
}

// about gives the lines of "what is this about"; of an import, the source's words.
func (s *Source) about() []template.HTML {
	session := s.record.Session
	own := session.Get(moot.SourceInfo)
	zh, en := paragraphs(cmp.Or(session.Text(moot.About, words.Chinese), own)), paragraphs(cmp.Or(session.Text(moot.About, words.English), own))
	var lines []template.HTML
	for i := range max(len(zh), len(en)) {
		lines = append(lines, inTwo(at(zh, i), at(en, i)))
	}
	return lines
}

// paragraphs gives the lines of a text that are not blank.
func paragraphs(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r == '\n' })
}

// at gives a line of a text, "" beyond its end.
func at(lines []string, i int) string {
	if i >= len(lines) {
		return ""
	}
	return lines[i]
}

func (s *Source) spoken() []template.HTML {
	zh, en := SpokenMap(s.View, words.Chinese), SpokenMap(s.View, words.English)
	said := make([]template.HTML, len(zh))
	for i := range zh {
		said[i] = twice(zh[i], en[i])
	}
	return said
}

// inlineMap paints the Scene with the page's own colours, and labels in both languages.
func (s *Source) inlineMap() template.HTML {
	var versions []picture.Version
	for _, lang := range words.Languages() {
		class := map[string]string{words.Chinese: "z", words.English: "e"}[lang]
		versions = append(versions, picture.Version{Class: class, Picture: MapPicture(s.View, PictureOptions{Lang: lang, Software: s.options.Software})})
	}
	return template.HTML(picture.Figure(versions...))
}

// shape draws a group's mark for a key or a heading.
func shape(letter string) template.HTML {
	return template.HTML(fmt.Sprintf(`<svg class="shape" viewBox="0 0 18 18" aria-hidden="true"><path class="f%d" d="%s"/></svg>`, groupIndex(letter), picture.MarkPath(letter, 9, 9, 6.2)))
}
