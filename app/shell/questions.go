package shell

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"

	"folkmoot/app/intake"
	"folkmoot/app/look"
	"folkmoot/app/readmodel"
	"folkmoot/app/screen"
	"folkmoot/assets/words"
)

// askClose asks before a step is closed: everybody will notice.
func (r *room) askClose(step readmodel.AgendaStep) {
	s := r.shell.style
	r.shell.ask(asked{title: s.Say("host.close_title", look.Args{"Step": stepName(s, step)}), lines: []string{s.Say("host.close_help")}, does: s.Say("host.close"),
		act: func() { r.act(readmodel.Act{Act: "step", Step: step.ID, Do: "close"}) }})
}

// askShow asks before results or map are shown: what people saw cannot be taken back.
func (r *room) askShow(what string, on bool) {
	act := readmodel.Act{Act: "show", What: what, On: on}
	switch {
	case on && what == "tables":
		r.askAnnounce()
	case on && (what == "results" || what == "map"):
		s := r.shell.style
		lines := []string{s.Say("desk.show_help")}
		if r.sheet.Voting {
			lines = append(lines, s.Say("desk.show_voting"))
		}
		if unsure := screen.MapUnsure(s, r.sheet); what == "map" && unsure != "" {
			lines = append(lines, unsure)
		}
		r.shell.ask(asked{title: s.Say("desk.show_title_" + what), lines: lines, does: s.Say("desk.show_go"), act: func() { r.act(act) }})
	default:
		r.act(act)
	}
}

// askAnnounce asks before tables are announced; tables of like views or answers
// say everybody's.
func (r *room) askAnnounce() {
	s, plan := r.shell.style, r.sheet.Plan
	lines := []string{s.Say("host.announce_help")}
	if plan.Mode == "alike" || plan.Gathers {
		lines = append(lines, s.Say("host.announce_alike"))
	}
	r.shell.ask(asked{title: s.Say("host.announce_title"), lines: lines, does: s.Say("host.announce"), act: func() { r.act(readmodel.Act{Act: "show", What: "tables", On: true}) }})
}

// askNotNow asks for the reason, which the writer will read.
func (r *room) askNotNow(one readmodel.SheetStatement) {
	s := r.shell.style
	reason := newEntry(2)
	r.askFor(asked{title: s.Say("host.not_now_title"), lines: []string{one.Text}, body: r.penned(s.Say("host.not_now_reason"), reason), entry: reason, does: s.Say("host.not_now")},
		func() readmodel.Act {
			return readmodel.Act{Act: "statement", ID: one.ID, Do: "hide", Reason: strings.TrimSpace(reason.Text)}
		})
}

// penned gives the label of a field in a question, with the way to write it in the browser.
func (r *room) penned(label string, e *entry) fyne.CanvasObject {
	s := r.shell.style
	pen := look.NewButton(s, s.Say("desk.in_browser"), look.Choice, func() {
		r.shell.pen(label, e.Text, e.MultiLine, func(text string) { e.SetText(text) })
	})
	return look.Row(2*look.Gap, 0, look.NewText(s, label, look.TextOptions{Bold: true}), pen)
}

// askAdd asks for a statement of the facilitator's.
func (r *room) askAdd() {
	s := r.shell.style
	text := newEntry(3)
	r.askFor(asked{title: s.Say("desk.add_title"), lines: []string{s.Say("desk.add_help")}, body: r.penned(s.Say("write.label"), text), entry: text, does: s.Say("host.add_go")},
		func() readmodel.Act {
			written := strings.TrimSpace(text.Text)
			return readmodel.Act{Act: "add", Text: written, Lang: intake.Language(written)}
		})
}

// askEdit asks for other words of a statement that nobody has answered.
func (r *room) askEdit(one readmodel.SheetStatement) {
	s := r.shell.style
	text := newEntry(3)
	text.SetText(one.Text)
	r.askFor(asked{title: s.Say("desk.edit_title"), lines: []string{s.Say("desk.edit_help")}, body: r.penned(s.Say("write.label"), text), entry: text, does: s.Say("host.set_save")},
		func() readmodel.Act {
			return readmodel.Act{Act: "edit", ID: one.ID, Text: strings.TrimSpace(text.Text), Reason: s.Say("desk.edit_reason")}
		})
}

// askPair asks for the same statement in the other language: typed, or one of the list.
func (r *room) askPair(one readmodel.SheetStatement) {
	s := r.shell.style
	text := newEntry(3)
	text.SetText(one.Other)
	body := look.Column(2 * look.Gap)
	if one.Other != "" {
		body.Add(look.Wrap(0, look.NewButton(s, s.Say("desk.unpair"), look.Outline, func() {
			r.shell.closeQuestion()
			r.act(readmodel.Act{Act: "unpair", ID: one.ID})
		})))
	}
	others := look.Column(look.Gap)
	for _, other := range r.sheet.Statements {
		if other.Lang != one.Lang && other.MayEdit() && (other.State == "approved" || other.State == "pending") {
			others.Add(look.NewItem(s, other.Text, "", func() {
				r.shell.closeQuestion()
				r.act(readmodel.Act{Act: "pair", ID: one.ID, With: other.ID, Reason: s.Say("desk.pair_reason")})
			}))
		}
	}
	help := s.Say("desk.pair_write")
	if len(others.Objects) > 0 {
		help = s.Say("desk.pair_help")
		body.Add(look.NewText(s, s.Say("desk.pair_choose"), look.TextOptions{Bold: true}))
		body.Add(look.Sized(fyne.NewSize(600, min(180, float32(len(others.Objects))*44)), look.NewScroll(others)))
	}
	body.Add(r.penned(s.Say("desk.in_"+strings.ReplaceAll(otherLanguage(one.Lang), "-", "_")), text))
	r.askFor(asked{title: s.Say("desk.pair_title"), lines: []string{one.Text, help}, body: body, entry: text, does: s.Say("host.set_save"), width: 660},
		func() readmodel.Act {
			return readmodel.Act{Act: "pair", ID: one.ID, Text: strings.TrimSpace(text.Text)}
		})
}

func otherLanguage(lang string) string {
	if lang == "en" {
		return "zh-Hant"
	}
	return "en"
}

// askPaste asks for a list of statements: pasted, or from a file.
func (r *room) askPaste() {
	s := r.shell.style
	text := newEntry(8)
	text.lines = true
	file := look.NewButton(s, s.Say("desk.from_file"), look.Outline, func() {
		r.shell.closeQuestion()
		r.shell.chooseFile(r.shell.readList)
	})
	body := look.Column(2*look.Gap, look.Wrap(0, file), r.penned(s.Say("desk.seeds"), text))
	r.shell.ask(asked{title: s.Say("desk.paste_title"), lines: []string{s.Say("desk.seeds_help")}, body: body, entry: text, does: s.Say("desk.paste_go"), act: func() {
		pasted := text.Text
		r.shell.work(func(ctx context.Context) func() {
			offers, err := r.shell.program.Maker.Lists(ctx, "", pasted)
			return func() {
				if err != nil {
					r.shell.tell(err)
					return
				}
				r.askList(offers)
			}
		})
	}})
}

// askList adds the only list there is, and asks which of several.
func (r *room) askList(offers []readmodel.ListOffer) {
	s := r.shell.style
	if len(offers) == 1 {
		r.addList(offers[0])
		return
	}
	body := look.Column(2 * look.Gap)
	for _, offer := range offers {
		body.Add(look.Wrap(0, look.NewButton(s, screen.ListName(s, offer), look.Outline, func() {
			r.shell.closeQuestion()
			r.addList(offer)
		})))
	}
	r.shell.ask(asked{title: s.Say("desk.list_which"), body: body})
}

// addList adds a list's statements and says what was left out.
func (r *room) addList(offer readmodel.ListOffer) {
	session := r.session
	r.shell.work(func(ctx context.Context) func() {
		added, left, err := session.AddList(ctx, offer.Statements)
		return func() {
			if err != nil {
				r.shell.tell(err)
				return
			}
			s := r.shell.style
			lines := append([]string{s.Say("desk.added", look.Args{"N": added})}, screen.LeftLines(s, append(offer.Left, left...))...)
			r.shell.ask(asked{title: s.Say("desk.paste_title"), lines: lines})
		}
	})
}

// askHow shows what stands behind the map.
func (r *room) askHow(how *readmodel.HowWorkedOut) {
	s := r.shell.style
	r.shell.ask(asked{title: s.Say("desk.how_title"), lines: screen.HowLines(s, how)})
}

// askPerson asks whether a person is here: only those are seated.
func (r *room) askPerson(p readmodel.SheetPerson) {
	s := r.shell.style
	name := words.Person(s.Lang, p.Number, p.Word)
	does := "desk.person_left"
	if !p.Present {
		does = "desk.person_here"
	}
	r.shell.ask(asked{title: name, lines: []string{s.Say("desk.person_help")}, does: s.Say(does), act: func() { r.act(readmodel.Act{Act: "present", ID: p.ID, On: !p.Present}) }})
}
