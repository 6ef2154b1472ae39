package report

import (
	"fmt"
	"html/template"
	"strings"
	"time"

	"folkmoot/analysis/opinion"
	"folkmoot/app/readmodel"
	"folkmoot/assets/words"
	"folkmoot/sync/moot"
)

// licences are those that are offered, by their SPDX name, with a link.
var licences = map[string]string{
	"CC-BY-4.0":       "https://creativecommons.org/licenses/by/4.0/",
	"CC0-1.0":         "https://creativecommons.org/publicdomain/zero/1.0/",
	"OGDL-Taiwan-1.0": "https://data.gov.tw/license",
}

// NotPublic is the licence that keeps everything with the host.
const NotPublic = "not-public"

// Publishable says whether a licence lets anything out: one was chosen, and it is not
// "not public".
func Publishable(licence string) bool {
	switch strings.ToLower(strings.ReplaceAll(strings.TrimSpace(licence), " ", "-")) {
	case "", NotPublic:
		return false
	}
	return true
}

// polisAttribution is the paragraph that the open data of Polis asks for, unchanged,
// with the address of the conversation at its end.
const polisAttribution = `Data was gathered using the Polis software (compdemocracy.org/polis) and is sub-licensed under CC BY 4.0 with Attribution to The Computational Democracy Project. The data and more information about how the data was collected can be found at the following link(s):
`

// polisParagraph gives the attribution of imported Polis data, "" where nothing was
// imported, or what was names no conversation, as our own packs do not.
func (s *Source) polisParagraph() string {
	address := s.record.Session.Get(moot.SourceURL)
	if s.View.Counts.Imported == 0 || address == "" {
		return ""
	}
	return polisAttribution + address
}

// attribution is what stands in ATTRIBUTION.txt, the report's foot and the data
// package: a key of the report's texts and its arguments a line.
func (s *Source) attribution() [][]string {
	session := s.record.Session
	lines := [][]string{}
	add := func(key, value string) {
		if value != "" {
			lines = append(lines, []string{key, "Name", value})
		}
	}
	if organiser, place := session.Get(moot.Organiser), session.Get(moot.Place); organiser == "" && place == "" {
		add("held", s.day())
	} else {
		add("organiser", joined(" · ", organiser, place, s.day()))
	}
	c := s.View.Counts
	lines = append(lines, []string{"here", "N", words.Number(c.Here)})
	if c.Imported > 0 {
		lines = append(lines, []string{"imported", "N", words.Number(c.Imported)})
	}
	if licence := session.Get(moot.Licence); licence != "" {
		add("licence", joined(" ", licence, licences[licence]))
	} else {
		lines = append(lines, []string{"no_licence"})
	}
	if c.Here > 0 {
		lines = append(lines, []string{"changes"})
	}
	add("contact", session.Get(moot.Contact))
	add("software", joined(" ", "Folkmoot", s.options.Software))
	return lines
}

func (s *Source) attributionHTML() []template.HTML {
	var out []template.HTML
	for _, line := range s.attribution() {
		out = append(out, both(line[0], line[1:]...))
	}
	return out
}

// attributionText gives ATTRIBUTION.txt: the title, the block in Chinese, in English,
// and the paragraph for imported data.
func (s *Source) attributionText() string {
	var zh, en strings.Builder
	for _, line := range s.attribution() {
		pair := plain(line[0], line[1:]...)
		zh.WriteString(pair[0] + "\n")
		en.WriteString(pair[1] + "\n")
	}
	text := s.title(words.Chinese) + "\n\n" + zh.String() + "\n"
	if title := s.title(words.English); title != s.title(words.Chinese) {
		text += title + "\n\n"
	}
	text += en.String()
	if paragraph := s.polisParagraph(); paragraph != "" {
		text += "\n" + paragraph + "\n"
	}
	return text
}

// how says how the map was worked out.
func (s *Source) how() []template.HTML {
	m := &s.View.Map
	out := []template.HTML{both("how_rule")}
	if s.View.Scene != nil {
		out = append(out, both("how_map", "N", itoa(m.VotesNeeded)))
		switch {
		case !m.GroupsTested:
			out = append(out, both("how_groups_open"))
		case m.GroupsFound:
			out = append(out, both("how_groups_yes", "Silhouette", fmt.Sprintf("%.2f", silhouette(m)), "Null", fmt.Sprintf("%.2f", m.Null97)), both("how_caution"))
		default:
			out = append(out, both("how_groups_no"))
		}
	}
	for _, sentence := range s.missing() {
		out = append(out, sentence)
	}
	return append(out, both("engine", "Engine", "folkmoot", "Version", opinion.EngineVersion, "Seed", utoa(s.View.Seed)),
		both("made", "Time", s.Now.Format(time.RFC3339)))
}

// missing says what would make the map more reliable.
func (s *Source) missing() []template.HTML {
	zh, en := sentences(s.View.Missing, words.Chinese), sentences(s.View.Missing, words.English)
	var out []template.HTML
	for i, sentence := range s.View.Missing {
		if words.Has(sentence.ID) && sentence.ID != readmodel.MissingTest {
			out = append(out, twice(zh[i], en[i]))
		}
	}
	return out
}

func silhouette(m *opinion.Map) float64 {
	for _, s := range m.Silhouettes {
		if s.K == m.K {
			return s.Mean
		}
	}
	return 0
}

// sessionTime gives when the session was, in milliseconds since 1970: the start of the
// round, else when it was made, else the newest imported statement, else now.
func (s *Source) sessionTime() uint64 {
	at := s.roomStart
	for _, st := range s.comments {
		if s.roomStart == 0 {
			at = max(at, st.Made)
		}
	}
	if at == 0 {
		return uint64(s.Now.UnixMilli())
	}
	return at
}

func unixDay(ms uint64) string { return time.UnixMilli(int64(ms)).UTC().Format(time.DateOnly) }
