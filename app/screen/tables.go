package screen

import (
	"reflect"
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"folkmoot/app/look"
	"folkmoot/app/readmodel"
	"folkmoot/assets/words"
)

// Tables is the split of the people who are here into tables.
type Tables struct {
	// Modes choose how people are seated; Least and Most how many at a table.
	Modes       *choice
	Least, Most *widget.Select
	// Plan makes tables, or other ones; Announce shows them to the room, or takes them back.
	Plan, Announce *look.Button
	// OnAct is called with what its person wants, OnAnnounce to be asked first.
	OnAct      func(readmodel.Act)
	OnAnnounce func()

	style  look.Style
	sheet  *readmodel.Sheet
	lead   bool
	seed   uint64
	cards  *fyne.Container
	notes  *fyne.Container
	fair   *fyne.Container
	scroll *fyne.Container
	root   fyne.CanvasObject
}

// The ways to seat people: a mode of seating, and for the 0–5 question mixed or gathered.
var seatModes = []string{"mixed", "alike", "answer", "answer-gather", "random"}

// NewTables makes the screen.
func NewTables(s look.Style) *Tables {
	v := &Tables{style: s, cards: look.Grid(3*look.Gap, 190), notes: look.Column(2 * look.Gap), fair: look.Column(0), seed: 1}
	v.Modes = newChoice(s, seatModes, []string{s.Say("host.mixed"), s.Say("host.alike"), s.Say("desk.answer_mixed"), s.Say("desk.answer_gathered"), s.Say("host.random")}, nil)
	v.Modes.Choose("mixed")
	sizes := []string{}
	for n := 2; n <= 12; n++ {
		sizes = append(sizes, strconv.Itoa(n))
	}
	var least, most fyne.CanvasObject
	v.Least, least = selector(s, s.Say("host.seats_min"), sizes, nil)
	v.Most, most = selector(s, s.Say("host.seats_max"), sizes, nil)
	v.Least.SetSelected("4")
	v.Most.SetSelected("8")
	v.Least.OnChanged = func(string) { v.fitSeats(v.Most, true) }
	v.Most.OnChanged = func(string) { v.fitSeats(v.Least, false) }
	v.Plan = look.NewButton(s, s.Say("host.plan"), look.Outline, func() { v.OnAct(v.wish()) })
	v.Announce = look.NewButton(s, s.Say("host.announce"), look.Outline, v.announce)
	head := look.Wrap(3*look.Gap, look.NewText(s, s.Say("host.tables"), look.TextOptions{Size: look.Head, Bold: true, Single: true}), v.Modes.object)
	sizing := look.Wrap(3*look.Gap, look.NewText(s, s.Say("host.seats"), look.TextOptions{Bold: true, Single: true}), least, most, v.Plan, v.Announce)
	v.scroll = look.NewScroll(look.Inset(0, look.Gap, look.Column(3*look.Gap, v.notes, v.cards, v.fair)))
	v.root = look.Filling(3*look.Gap, 2, head, sizing, v.scroll)
	return v
}

// fitSeats keeps the least number of seats at most the most.
func (v *Tables) fitSeats(other *widget.Select, raise bool) {
	least, most := v.seats()
	if least > most {
		fit := least
		if !raise {
			fit = most
		}
		other.SetSelected(strconv.Itoa(fit))
	}
}

func (v *Tables) seats() (least, most int) {
	least, _ = strconv.Atoi(v.Least.Selected)
	most, _ = strconv.Atoi(v.Most.Selected)
	return least, most
}

// wish gives the act that makes tables as they are chosen; each time with other lots.
func (v *Tables) wish() readmodel.Act {
	mode, gather, _ := strings.Cut(v.Modes.chosen, "-")
	least, most := v.seats()
	act := readmodel.Act{Act: "plan", Mode: mode, Answer: "mix", Min: least, Max: most, Seed: v.seed}
	if gather != "" {
		act.Answer = "gather"
	}
	return act
}

func (v *Tables) announce() {
	if v.sheet.Plan.Announced {
		v.OnAct(readmodel.Act{Act: "show", What: "tables", On: false})
		return
	}
	v.OnAnnounce()
}

// Take takes over what was chosen in another Tables, made in another style.
func (v *Tables) Take(other *Tables) {
	v.Modes.Choose(other.Modes.chosen)
	v.Least.SetSelected(other.Least.Selected)
	v.Most.SetSelected(other.Most.Selected)
}

// Object gives what is drawn.
func (v *Tables) Object() fyne.CanvasObject { return v.root }

// Show shows a session. lead says that the screen may have the filled button.
func (v *Tables) Show(sheet *readmodel.Sheet, lead bool) {
	before := v.sheet
	v.sheet = sheet
	if before != nil && v.lead == lead && reflect.DeepEqual(before.Plan, sheet.Plan) && before.Present == sheet.Present {
		return
	}
	v.lead = lead
	if sheet.Plan != nil {
		v.seed = sheet.Plan.Seed + 1 // "another plan" draws anew
	}
	v.showButtons()
	v.showNotes()
	v.showCards()
	v.scroll.Refresh()
}

func (v *Tables) showButtons() {
	s, plan := v.style, v.sheet.Plan
	making, announcing := "host.plan", "host.announce"
	planKind, announceKind := look.Outline, look.Outline
	switch {
	case plan == nil && v.lead:
		planKind = look.Filled
	case plan != nil && !plan.Announced && v.lead:
		announceKind = look.Filled
	}
	if plan != nil {
		making = "host.plan_again"
		if plan.Announced {
			announcing = "desk.take_tables_back"
		}
	}
	v.Plan.Set(s.Say(making), "", planKind)
	v.Announce.Set(s.Say(announcing), "", announceKind)
	v.Announce.Enable(plan != nil)
}

func (v *Tables) showNotes() {
	s, plan := v.style, v.sheet.Plan
	v.notes.Objects, v.fair.Objects = nil, nil
	if plan == nil {
		v.notes.Add(emptyWords(s, s.Say("host.no_plan"), s.Say("host.no_plan_help")))
		return
	}
	told := []string{s.Say("host.plan_mode", look.Args{"Mode": v.modeName(plan)})}
	if plan.Announced {
		told = append(told, s.Say("host.announced"))
	}
	v.notes.Add(look.NewText(s, together(s, told...), look.TextOptions{Role: look.Quiet}))
	waiting := []string{}
	if plan.Superseding {
		waiting = append(waiting, s.Say("host.plan_other"))
	}
	if plan.Late > 0 {
		waiting = append(waiting, s.Say("host.late", look.Args{"N": plan.Late}))
	}
	for _, table := range plan.Tables {
		if len(table.People) < plan.Min {
			waiting = append(waiting, s.Say("desk.table_small", look.Args{"Table": table.Number, "N": len(table.People), "Least": plan.Min}))
		}
	}
	if plan.Unseated > 0 {
		waiting = append(waiting, s.Say("host.unseated", look.Args{"N": plan.Unseated}))
	}
	for _, line := range waiting {
		v.notes.Add(look.NewNote(s, look.NewText(s, line, look.TextOptions{Role: look.OnWaiting})))
	}
	if plan.Uneven >= 0 {
		v.fair.Add(look.NewCard(s, look.Column(look.Gap, look.NewText(s, s.Say("desk.fair"), look.TextOptions{Bold: true}),
			look.NewText(s, s.Say("host.fair", look.Args{"E": strconv.FormatFloat(plan.Uneven, 'f', 2, 64)}), look.TextOptions{}))))
	}
}

func (v *Tables) modeName(plan *readmodel.HostPlan) string {
	mode := plan.Mode
	if plan.Gathers {
		mode += "-gather"
	}
	for i, known := range seatModes {
		if known == mode {
			return v.Modes.Buttons[i].Text()
		}
	}
	return mode
}

func (v *Tables) showCards() {
	v.cards.Objects = nil
	if v.sheet.Plan == nil {
		return
	}
	for _, table := range v.sheet.Plan.Tables {
		v.cards.Add(v.card(table))
	}
}

// card shows a table: its people, and the mix of groups as a whole, never a person's.
func (v *Tables) card(table readmodel.HostTable) fyne.CanvasObject {
	s := v.style
	names := make([]string, len(table.People))
	for i, p := range table.People {
		names[i] = words.Person(s.Lang, p.Number, p.Word)
	}
	head := look.Row(2*look.Gap, 0, look.NewText(s, s.Say("table.number", look.Args{"N": table.Number}), look.TextOptions{Bold: true, Size: look.Strong}),
		look.NewText(s, s.Say("person.count", look.Args{"N": len(table.People)}), look.TextOptions{Role: look.Quiet, Size: look.Small, Single: true}))
	lines := look.Column(2*look.Gap, head)
	letters := []string{}
	for letter := range table.Groups {
		letters = append(letters, letter)
	}
	slices.Sort(letters)
	// A mix of one group would say everybody's.
	if len(letters) > 1 && v.sheet.Plan.Mode != "alike" {
		counts, told := make([]int, len(letters)), []string{}
		for i, letter := range letters {
			counts[i] = table.Groups[letter]
			told = append(told, letter+" "+strconv.Itoa(counts[i]))
		}
		lines.Add(look.NewMix(s, letters, counts))
		lines.Add(look.NewText(s, strings.Join(told, "　"), look.TextOptions{Role: look.Quiet, Size: look.Small}))
	}
	lines.Add(look.NewText(s, strings.Join(names, "\n"), look.TextOptions{}))
	return look.NewCard(s, lines)
}
