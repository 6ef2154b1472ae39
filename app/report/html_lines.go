package report

import (
	"html/template"
	"math"
	"slices"

	"folkmoot/analysis/opinion"
	"folkmoot/app/readmodel"
	"folkmoot/assets/words"
	"folkmoot/sync/moot"
)

// apartLimit and listLimit are how many statements are listed for a group, and under
// the headings common to all.
const (
	apartLimit = 5
	listLimit  = 10
)

// small is the count below which a cell of a cross table is not printed.
const small = 3

func (s *Source) pageGroup(g int) pageGroup {
	group, letter := s.View.Map.Groups[g], s.View.Letters[g]
	out := pageGroup{Index: groupIndex(letter), Shape: shape(letter), Name: both("group", "Letter", letter),
		Size: both("people", "N", words.Number(len(group.Members))), Firm: firm(group.Word)}
	switch {
	case !s.View.MayTell(g):
		out.Note = both("few")
		return out
	case len(group.Representative) == 0:
		out.Note = both("nothing_apart")
	}
	for _, r := range group.Representative[:min(len(group.Representative), apartLimit)] {
		out.Apart = append(out.Apart, s.apartLine(g, r))
	}
	return out
}

func firm(word opinion.StabilityWord) template.HTML {
	switch word {
	case opinion.Solid:
		return both("stability.solid")
	case opinion.Stable:
		return both("stability.stable")
	case opinion.Tentative:
		return both("stability.tentative")
	}
	return ""
}

// apartLine says what a group holds against the others, in people's counts.
func (s *Source) apartLine(g int, r opinion.Representative) pageLine {
	line := lineOf(s.View.Statements[r.Statement])
	bar := barOf(readmodel.Tally{Agree: r.Tally.Agree, Disagree: r.Tally.Disagree, Pass: r.Tally.Pass})
	key, few, side := "results.apart_agree", "results.apart_agree_few", r.Tally.Agree
	if r.Direction == opinion.ForDisagree {
		key, few, side = "results.apart_disagree", "results.apart_disagree_few", r.Tally.Disagree
	}
	elsewhere, voted := 0, 0
	for other, tallies := range s.View.Map.Tallies {
		if other == g {
			continue
		}
		t := tallies[r.Statement]
		voted += t.Voted()
		elsewhere += t.Agree
		if r.Direction == opinion.ForDisagree {
			elsewhere += t.Disagree - t.Agree
		}
	}
	tenths := 0.0
	if voted > 0 {
		tenths = math.Round(10 * float64(elsewhere) / float64(voted))
	}
	if elsewhere > 0 && tenths == 0 {
		key = few
	}
	bar.Said = both(key, "Letter", s.View.Letters[g], "Agree", words.Number(side), "Votes", words.Number(r.Tally.Voted()), "Tenths", itoa(int(tenths)))
	line.Bars = []pageBar{bar}
	return line
}

func lineOf(st *moot.Statement) pageLine {
	line := pageLine{Lang: htmlLang(st.Lang), Text: st.Text, Other: otherText(st), OtherLang: "en"}
	if st.Lang == "en" {
		line.OtherLang = htmlLang(words.Chinese)
	}
	return line
}

func htmlLang(lang string) string {
	if lang == words.Chinese {
		return "zh-Hant-TW"
	}
	return lang
}

func barOf(t readmodel.Tally) pageBar {
	args := []string{"Agree", words.Number(t.Agree), "Disagree", words.Number(t.Disagree), "Pass", words.Number(t.Pass)}
	bar := pageBar{Votes: t.Voted(), Agree: t.Agree, Disagree: t.Disagree, Pass: t.Pass, Said: both("counts", args...)}
	bar.Plain = words.Number(t.Agree) + " 同意 agree, " + words.Number(t.Disagree) + " 不同意 disagree, " + words.Number(t.Pass) + " 略過 pass"
	if bar.Votes == 0 {
		bar.Said = both("no_votes")
	}
	return bar
}

// groupBars gives a bar a group, by letter; one for everybody where there are no
// groups. Groups that may not be told have none, see
// readmodel.View.MayTell.
func (s *Source) groupBars(column int) []pageBar {
	if !s.View.Map.GroupsFound {
		return []pageBar{barOf(s.View.Results.Of(s.View.Statements[column].ID.String()))}
	}
	var bars []pageBar
	for _, g := range s.View.GroupsByLetter() {
		if !s.View.MayTell(g) {
			continue
		}
		bar := barOf(tallyOf(s.View.Map.Tallies[g][column]))
		bar.Name = template.HTML(escape(s.View.Letters[g]))
		bars = append(bars, bar)
	}
	return bars
}

func tallyOf(t opinion.Tally) readmodel.Tally {
	return readmodel.Tally{Agree: t.Agree, Disagree: t.Disagree, Pass: t.Pass}
}

func (s *Source) commonLines(direction opinion.Direction) []pageLine {
	var lines []pageLine
	for _, c := range s.View.Map.CommonGround {
		if c.Direction == direction && len(lines) < listLimit {
			line := lineOf(s.View.Statements[c.Statement])
			line.Bars = s.groupBars(c.Statement)
			lines = append(lines, line)
		}
	}
	return lines
}

func (s *Source) differLines() []pageLine {
	var lines []pageLine
	for _, d := range s.View.Map.Divisive[:min(len(s.View.Map.Divisive), listLimit)] {
		line := lineOf(s.View.Statements[d.Statement])
		line.Bars = s.groupBars(d.Statement)
		lines = append(lines, line)
	}
	return lines
}

func (s *Source) allLines() []pageLine {
	lines := make([]pageLine, 0, len(s.View.Listed()))
	for _, st := range s.View.Listed() {
		line := lineOf(st)
		line.Bars = []pageBar{barOf(s.tallies[st.ID])}
		lines = append(lines, line)
	}
	return lines
}

// question gives how many chose each answer of the 0–5 question, nil where there is
// none or nobody answered.
func (s *Source) question() *pageQuestion {
	counts := readmodel.AnswerCounts(s.record)
	if counts == nil || *counts == [6]int{} {
		return nil
	}
	q := &pageQuestion{Text: s.inBoth(moot.Question, "")}
	for answer, n := range counts {
		name := template.HTML(itoa(answer))
		if end := s.scaleEnd(answer); end != "" {
			name += " · " + end
		}
		q.Rows = append(q.Rows, pageCount{Name: name, Count: cell(n)})
	}
	return q
}

func (s *Source) scaleEnd(answer int) template.HTML {
	switch answer {
	case 0:
		return s.inBoth(moot.QuestionLo, "")
	case 5:
		return s.inBoth(moot.QuestionHi, "")
	}
	return ""
}

// cell writes a count of a cross table: those below three are not told apart.
func cell(n int) string {
	if n > 0 && n < small {
		return "<3"
	}
	return words.Number(n)
}

// cellsOf writes the counts of a row beside which their sum stands. One cell below
// three would follow from the others; then the next smallest is not told either.
func cellsOf(counts []int) []string {
	cells := make([]string, len(counts))
	untold, next := 0, -1
	for i, n := range counts {
		cells[i] = cell(n)
		switch {
		case n > 0 && n < small:
			untold++
		case n > 0 && (next < 0 || n < counts[next]):
			next = i
		}
	}
	if untold == 1 && next >= 0 {
		cells[next] = "·"
	}
	return cells
}

// tables gives the active plan as counts of people and of opinion groups, nil where no
// plan holds.
func (s *Source) tables() *pageTables {
	plan := s.record.ActivePlan()
	if plan == nil {
		return nil
	}
	letters := append(s.letters(), "")
	out := &pageTables{}
	for _, letter := range letters {
		if letter == "" {
			out.Heads = append(out.Heads, both("no_group"))
		} else {
			out.Heads = append(out.Heads, both("group", "Letter", letter))
		}
	}
	for i, table := range plan.Tables {
		counts := make([]int, len(letters))
		for _, id := range table {
			counts[slices.Index(letters, s.View.Group(id))]++
		}
		cells := append([]string{cell(len(table))}, cellsOf(counts)...)
		out.Rows = append(out.Rows, pageTable{Name: both("table", "N", itoa(i+1)), Cells: cells})
	}
	return out
}
