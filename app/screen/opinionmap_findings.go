package screen

import (
	"math"
	"reflect"
	"slices"

	"fyne.io/fyne/v2"

	"folkmoot/app/look"
	"folkmoot/app/mapview"
	"folkmoot/app/readmodel"
)

// mapFindings is all that stands beside the map, as texts and numbers: two that are equal
// look alike.
type mapFindings struct {
	letters  []string
	chosen   string
	sections []mapSection
}

// mapSection is a heading with statements, or with a note where there are none.
type mapSection struct {
	title string
	mark  string // letter of the group that it is about, "" for all
	under string // who the group is; "" for nothing
	note  string
	rows  []mapRow
}

// mapRow is a statement: its text whole, the votes of its bar, and what is said of them.
type mapRow struct {
	text, said  string
	tally       readmodel.Tally
	withoutBars bool
}

func (f mapFindings) equal(other mapFindings) bool { return reflect.DeepEqual(f, other) }

// find gathers what the sheet says of the chosen group and of all.
func (v *OpinionMap) find() mapFindings {
	s, sheet := v.style, v.sheet
	if mapScene(sheet.Map) == nil {
		return mapFindings{sections: []mapSection{{note: s.Say("desk.map_later")}}}
	}
	f := mapFindings{letters: mapLetters(sheet), chosen: v.chosen}
	if better := mapBetter(s, sheet.Map); len(better) > 0 {
		section := mapSection{title: s.Say("desk.map_better")}
		for _, text := range better {
			section.rows = append(section.rows, mapRow{said: text, withoutBars: true})
		}
		f.sections = append(f.sections, section)
	}
	if len(f.letters) == 0 {
		f.sections = append(f.sections, mapSection{title: s.Say("map.none"), note: s.Say("desk.map_plain_help")})
	} else {
		if v.chosen != "" {
			f.sections = append(f.sections, v.apart())
		}
		f.sections = append(f.sections,
			v.listed(s.Say("results.common"), s.Say("desk.map_common_none"), sheet.Findings.Common),
			v.listed(s.Say("results.divisive"), s.Say("desk.map_differ_none"), sheet.Findings.Divisive))
	}
	return f
}

// apart says what sets the chosen group apart.
func (v *OpinionMap) apart() mapSection {
	s := v.style
	section := mapSection{title: s.Say("results.apart", look.Args{"Letter": v.chosen}), mark: v.chosen}
	for _, group := range v.sheet.Findings.Groups {
		if group.Letter != v.chosen {
			continue
		}
		section.under = mapGroupLine(s, group.Letter, group.Size, group.Stability)
		for _, apart := range group.Apart {
			section.add(v, apart.ID, mapApart(s, group.Letter, apart), apart.Group)
		}
		if len(section.rows) == 0 {
			section.note = s.Say("desk.map_apart_none")
		}
		if group.Hidden {
			section.note = s.Say("desk.map_small", look.Args{"Least": readmodel.FewestForWhy})
		}
	}
	return section
}

// mapApart says it in counts of people: "26 of 31 in A agree; 4 in 10 elsewhere".
func mapApart(s look.Style, letter string, apart readmodel.Apart) string {
	tenths := int(math.Round(apart.Elsewhere * 10))
	args := look.Args{"Letter": letter, "Agree": apart.Agree, "Votes": apart.Votes, "Tenths": tenths}
	agree, few := apart.Direction == "agree", tenths == 0 && apart.Elsewhere > 0
	switch {
	case agree && few:
		return s.Say("results.apart_agree_few", args)
	case agree:
		return s.Say("results.apart_agree", args)
	case few:
		return s.Say("results.apart_disagree_few", args)
	}
	return s.Say("results.apart_disagree", args)
}

// listed gives statements with everybody's votes, and how many of each group agree.
func (v *OpinionMap) listed(title, none string, ids []string) mapSection {
	section := mapSection{title: title}
	for _, id := range ids {
		t := v.tally(id)
		said := mapShares(v.style, v.sheet.Findings.Shares[id], t.Voted())
		if said == "" {
			said = v.style.Say("results.counts", look.Args{"Agree": t.Agree, "Disagree": t.Disagree, "Pass": t.Pass})
		}
		section.add(v, id, said, t)
	}
	if len(section.rows) == 0 {
		section.note = none
	}
	return section
}

// mapShares says how many of each group agree: "A 21 % · B 83 % agree · 110 votes"; ""
// where no group may be told of.
func mapShares(s look.Style, shares []readmodel.GroupShare, votes int) string {
	said := ""
	for _, one := range shares {
		share := s.Say("results.share", look.Args{"Letter": one.Letter, "Share": mapPercent(one.Agree)})
		if said != "" {
			share = s.Say("text.dotted", look.Args{"First": said, "Second": share})
		}
		said = share
	}
	if said == "" {
		return ""
	}
	return s.Say("results.shares", look.Args{"Shares": said, "N": votes})
}

// add adds a statement; one that is no longer in the session is left out.
func (section *mapSection) add(v *OpinionMap, id, said string, tally readmodel.Tally) {
	if one := v.sheet.Statement(id); one != nil {
		section.rows = append(section.rows, mapRow{text: one.Text, said: said, tally: tally})
	}
}

func (v *OpinionMap) tally(id string) readmodel.Tally {
	for _, t := range v.sheet.Findings.Statements {
		if t.ID == id {
			return t
		}
	}
	return readmodel.Tally{ID: id}
}

// mapLegend says what the colours of the bars are.
func mapLegend(s look.Style) fyne.CanvasObject {
	legend := look.Wrap(2 * look.Gap)
	for _, one := range []struct {
		role look.Role
		key  string
	}{{look.Agree, "vote.agree"}, {look.Disagree, "vote.disagree"}, {look.Pass, "vote.pass"}} {
		legend.Add(look.Row(look.Gap, -1, look.Sized(fyne.NewSize(12, 10), look.NewBack(s.Colour(one.role))), look.NewText(s, s.Say(one.key), look.TextOptions{Size: look.Small, Role: look.Quiet, Single: true})))
	}
	return legend
}

// fillFindings makes what stands beside the map anew.
func (v *OpinionMap) fillFindings() {
	v.fillLetters()
	v.list.Objects = nil
	if slices.ContainsFunc(v.findings.sections, func(s mapSection) bool { return len(s.rows) > 0 && !s.rows[0].withoutBars }) {
		v.list.Add(mapLegend(v.style))
	}
	for i, section := range v.findings.sections {
		if i > 0 {
			v.list.Add(look.NewRule(v.style))
		}
		for _, o := range mapSectionObjects(v.style, section) {
			v.list.Add(o)
		}
	}
}

func (v *OpinionMap) fillLetters() {
	old := v.Letters
	v.Letters = map[string]*look.Button{}
	v.letters.Objects = nil
	for _, letter := range v.findings.letters {
		button := old[letter]
		if button == nil {
			button = look.NewButton(v.style, letter, look.Choice, func() { v.choose(letter) })
		}
		button.Choose(letter == v.findings.chosen)
		v.Letters[letter] = button
		v.letters.Add(look.Row(1.5*look.Gap, -1, mapview.NewMark(v.style, letter, 18), button))
	}
	if len(v.findings.letters) > 0 {
		v.Everyone.Choose(v.findings.chosen == "")
		v.letters.Add(v.Everyone)
	}
	v.letters.Hidden = len(v.letters.Objects) == 0
}

func mapSectionObjects(s look.Style, section mapSection) []fyne.CanvasObject {
	var objects []fyne.CanvasObject
	if section.title != "" {
		title := look.NewText(s, section.title, look.TextOptions{Size: look.Strong, Bold: true})
		if section.mark != "" {
			objects = append(objects, look.Row(2*look.Gap, 1, mapview.NewMark(s, section.mark, 18), title))
		} else {
			objects = append(objects, title)
		}
	}
	if section.under != "" {
		objects = append(objects, look.NewText(s, section.under, look.TextOptions{Role: look.Quiet}))
	}
	if section.note != "" {
		objects = append(objects, look.NewText(s, section.note, look.TextOptions{Role: look.Quiet}))
	}
	for _, row := range section.rows {
		objects = append(objects, mapRowObject(s, row))
	}
	return objects
}

func mapRowObject(s look.Style, row mapRow) fyne.CanvasObject {
	said := look.NewText(s, row.said, look.TextOptions{Role: look.Quiet, Size: look.Body - 1})
	if row.withoutBars {
		return said
	}
	return look.Column(look.Gap, look.NewText(s, row.text, look.TextOptions{Bold: true}), look.NewBar(s, row.tally.Agree, row.tally.Disagree, row.tally.Pass), said)
}
