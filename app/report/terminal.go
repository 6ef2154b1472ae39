package report

import (
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strings"
	"unicode"

	"folkmoot/analysis/opinion"
	"folkmoot/analysis/seating"
	"folkmoot/app/readmodel"
	"folkmoot/assets/words"

	"golang.org/x/text/width"
)

// atTerminal is how many statements a list of the map names at a terminal; the JSON
// names them all.
const atTerminal = 5

// OneLine gives a text as it may stand in a line of a terminal: breaks and runs of
// blanks are one blank, and what would steer the terminal is left out.
func OneLine(text string) string {
	steers := func(r rune) rune {
		if unicode.IsControl(r) && !unicode.IsSpace(r) || unicode.Is(unicode.Bidi_Control, r) {
			return -1
		}
		return r
	}
	return strings.Join(strings.Fields(strings.Map(steers, text)), " ")
}

// OneLines applies OneLine to every text among the arguments of a format.
func OneLines(args []any) []any {
	out := slices.Clone(args)
	for i, arg := range out {
		if text, ok := arg.(string); ok && strings.ContainsFunc(text, unusual) {
			out[i] = OneLine(text)
		}
	}
	return out
}

func unusual(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) }

// Why says in an English sentence how a table compares with the room.
func Why(table seating.Table) string {
	if table.GapField == "" {
		return "Drawn by lot."
	}
	if table.MixGap < 0.005 {
		return fmt.Sprintf("As close to the room's mix as %s can be.", counted(len(table.Seats), "person", "people"))
	}
	return fmt.Sprintf("Mirrors the room within %.0f %% (%s is furthest off).", 100*table.MixGap, table.GapField)
}

// WriteMapText writes the map for people at a terminal: counts, groups with what sets
// them apart, common ground and differences, in plain English.
func WriteMapText(w io.Writer, v *readmodel.View, names Names) error {
	t := &printer{w: w}
	m := &v.Map
	t.line("%s, %d on the map · %s · %s", counted(m.Participants, "person", "people"), len(m.OnMap), counted(m.Statements, "statement", "statements"), counted(m.Votes, "vote", "votes"))
	t.line("Engine folkmoot %s, seed %d", opinion.EngineVersion, m.Seed)
	t.light(v)
	if v.Scene == nil {
		return t.err
	}
	switch {
	case !m.GroupsFound:
		t.line("\n%s.", words.Text(words.English, "map.none", nil))
	case len(m.Unnamed) > 0:
		t.line("\n%s in no group that is stable enough to be named.", counted(len(m.Unnamed), "person is", "people are"))
	}
	if m.GroupsTested && m.Test.Permutations > 0 {
		t.line("%s", againstChance(m.Test.Chance))
	}
	for _, g := range v.GroupsByLetter() {
		t.group(v, g, names)
	}
	t.statements("agree", v, m.CommonGround, opinion.ForAgree, names)
	t.statements("disagree", v, m.CommonGround, opinion.ForDisagree, names)
	if len(m.Divisive) > 0 {
		t.line("\nWhere we differ")
	}
	for _, d := range m.Divisive[:min(len(m.Divisive), atTerminal)] {
		t.line("  %6s  %s", names.Statement(v.Statements[d.Statement].ID), v.Statements[d.Statement].Text)
		t.line("          %s agrees more than %s", v.Letters[d.Between[0]], v.Letters[d.Between[1]])
	}
	t.more(len(m.Divisive))
	return t.err
}

// printer writes lines until one cannot be written.
type printer struct {
	w   io.Writer
	err error
}

func (t *printer) line(format string, args ...any) {
	if t.err == nil {
		_, t.err = fmt.Fprintf(t.w, format+"\n", OneLines(args)...)
	}
}

// more says how many of a list were not named.
func (t *printer) more(all int) {
	if all > atTerminal {
		t.line("          … and %d more (--json names them all)", all-atTerminal)
	}
}

// light says how far the map can be relied on, and what would help.
func (t *printer) light(v *readmodel.View) {
	t.line("")
	for _, text := range sentences(v.Missing, words.English) {
		t.line("%s: %s", v.Light, text)
	}
	if v.Light == readmodel.Green {
		t.line("%s: the map can be relied on.", v.Light)
	}
}

// againstChance puts opinion.GroupTest's Chance into words.
func againstChance(chance float64) string {
	if chance <= 0.01 {
		return "Chance alone gives groups as clear in fewer than 1 room of 100."
	}
	return fmt.Sprintf("Chance alone gives groups as clear in about %s of 100.", counted(int(math.Round(100*chance)), "room", "rooms"))
}

// counted gives a number with the word that goes with it.
func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return itoa(n) + " " + many
}

func (t *printer) group(v *readmodel.View, g int, names Names) {
	group := v.Map.Groups[g]
	word := ""
	if group.Word != "" {
		word = fmt.Sprintf(" · %s (%.2f)", group.Word, group.Stability)
	}
	t.line("\nGroup %s · %s%s", v.Letters[g], counted(len(group.Members), "person", "people"), word)
	for _, r := range group.Representative[:min(len(group.Representative), atTerminal)] {
		side := r.Tally.Agree
		if r.Direction == opinion.ForDisagree {
			side = r.Tally.Disagree
		}
		t.line("  %6s  %s", names.Statement(v.Statements[r.Statement].ID), v.Statements[r.Statement].Text)
		t.line("          %d of %d %s", side, r.Tally.Voted(), r.Direction)
	}
	t.more(len(group.Representative))
	if len(group.Representative) == 0 {
		t.line("  Nothing sets this group apart beyond chance.")
	}
}

// statements lists what most in every group hold, or most of all where there are none.
func (t *printer) statements(verb string, v *readmodel.View, list []opinion.CommonGround, direction opinion.Direction, names Names) {
	who, where := "Most", ""
	if v.Map.GroupsFound {
		who, where = "Most in every group", " in every group"
	}
	said := 0
	for _, c := range list {
		if c.Direction != direction {
			continue
		}
		if said++; said == 1 {
			t.line("\n%s %s", who, verb)
		}
		if said > atTerminal {
			continue
		}
		t.line("  %6s  %s", names.Statement(v.Statements[c.Statement].ID), v.Statements[c.Statement].Text)
		t.line("          at least %.0f %% %s%s, at the lower bound", 100*c.Lower, verb, where)
	}
	t.more(said)
}

// WriteTablesText writes a group plan for people at a terminal.
func WriteTablesText(w io.Writer, doc TablesDocument) error {
	t := &printer{w: w}
	for _, round := range doc.Rounds {
		widest := 0
		for _, table := range round.Tables {
			for _, seat := range table.Seats {
				widest = max(widest, columns(seat.Participant))
			}
		}
		for _, table := range round.Tables {
			t.line("Table %d · %s", table.Table, counted(len(table.Seats), "person", "people"))
			for _, seat := range table.Seats {
				t.line("  %s", strings.TrimRight(seat.Participant+strings.Repeat(" ", widest-columns(seat.Participant))+"  "+seat.Group, " "))
			}
			t.line("  %s\n", table.Why)
		}
	}
	t.line("Mode %s, seed %d.%s", doc.Mode, doc.Seed, unevennessLine(doc))
	for _, id := range doc.Fairness.Unseated {
		t.line("Without a seat: %s", id)
	}
	for _, rule := range doc.Fairness.Unmet {
		t.line("Not kept: %s", rule)
	}
	return t.err
}

// unevennessLine says how evenly the tables mirror the room, attribute by attribute.
func unevennessLine(doc TablesDocument) string {
	var parts []string
	for _, field := range slices.Sorted(maps.Keys(doc.Unevenness)) {
		parts = append(parts, fmt.Sprintf("%s %.2f", field, float64(doc.Unevenness[field])))
	}
	if len(parts) == 0 {
		return ""
	}
	return " Unevenness, where lots give 1 and 0 is the room in small: " + strings.Join(parts, ", ") + "."
}

// columns gives how wide a text is in a terminal, where Chinese takes two columns a
// character.
func columns(text string) int {
	n := 0
	for _, r := range text {
		n++
		if kind := width.LookupRune(r).Kind(); kind == width.EastAsianWide || kind == width.EastAsianFullwidth {
			n++
		}
	}
	return n
}
