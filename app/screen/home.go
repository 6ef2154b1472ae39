package screen

import (
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"folkmoot/app/look"
	"folkmoot/app/readmodel"
)

// Home is the list of sessions, and the ways to another.
type Home struct {
	// New, Import, Merge, Restore, Follow and Sample are the buttons at the top.
	New, Import, Merge, Restore, Follow, Sample *look.Button
	// OnNew, OnImport, OnMerge, OnRestore, OnFollow and OnSample are called for them, OnBringBack with the
	// backup of a session that cannot be read, the others for a session's id.
	OnNew, OnImport, OnSample    func()
	OnMerge, OnRestore, OnFollow func()
	OnBringBack                  func(path string)
	OnOpen, OnRehearse, OnDelete func(id string)
	OnLanguage                   func(lang string)
	OnTheme                      func()
	rows                         []*HomeRow
	style                        look.Style
	list                         *fyne.Container
	scroll, root                 *fyne.Container
	cards                        []readmodel.Card
	shown                        bool
	Languages                    []*look.Button
	Theme                        *look.Button
}

// HomeRow is one session of the list.
type HomeRow struct {
	Card                   readmodel.Card
	Open, Rehearse, Delete *look.Button
	object                 fyne.CanvasObject
}

// NewHome makes the list; it says that it is loading until the first Show.
func NewHome(s look.Style) *Home {
	h := &Home{style: s, list: look.Column(3 * look.Gap)}
	h.New = look.NewButton(s, s.Say("desk.new"), look.Filled, func() { h.OnNew() })
	h.Import = look.NewButton(s, s.Say("desk.import"), look.Outline, func() { h.OnImport() })
	h.Merge = look.NewButton(s, s.Say("merge.button"), look.Outline, func() { h.OnMerge() })
	h.Restore = look.NewButton(s, s.Say("backup.restore"), look.Outline, func() { h.OnRestore() })
	h.Follow = look.NewButton(s, s.Say("follow.button"), look.Outline, func() { h.OnFollow() })
	h.Sample = look.NewButton(s, s.Say("desk.sample"), look.Outline, func() { h.OnSample() })
	head := look.Row(4*look.Gap, 1, look.NewText(s, "Folkmoot", look.TextOptions{Size: look.Large, Bold: true, Single: true}), look.NewSpace(1), h.switches())
	acts := look.Wrap(2*look.Gap, h.New, h.Import, h.Merge, h.Restore, h.Follow, h.Sample)
	h.scroll = look.NewScroll(look.Inset(2*look.Gap, look.Gap, h.list))
	h.list.Objects = []fyne.CanvasObject{h.words(s.Say("page.loading"), "")}
	body := look.Filling(5*look.Gap, 3, head, look.NewText(s, s.Say("desk.what"), look.TextOptions{Role: look.Quiet}), acts, h.scroll)
	h.root = look.Inset(8*look.Gap, 6*look.Gap, body)
	return h
}

// switches are the language and the theme, for the whole program.
func (h *Home) switches() fyne.CanvasObject {
	row := look.Row(look.Gap, -1)
	for _, lang := range []string{"zh-Hant", "en"} {
		b := look.NewButton(h.style, h.style.Say("language."+lang), look.Choice, func() { h.OnLanguage(lang) })
		b.Choose(lang == h.style.Lang)
		h.Languages = append(h.Languages, b)
		row.Add(b)
	}
	name := "desk.dark"
	if h.style.Dark {
		name = "desk.light"
	}
	h.Theme = look.NewButton(h.style, h.style.Say(name), look.Choice, func() { h.OnTheme() })
	row.Add(h.Theme)
	return row
}

// Object gives what is drawn.
func (h *Home) Object() fyne.CanvasObject { return h.root }

// Rows gives the sessions as they are listed.
func (h *Home) Rows() []*HomeRow { return h.rows }

// Show lists the sessions.
func (h *Home) Show(cards []readmodel.Card) {
	if h.shown && slices.Equal(h.cards, cards) {
		return
	}
	h.shown, h.cards, h.rows, h.list.Objects = true, cards, nil, nil
	if len(cards) == 0 {
		h.list.Add(h.words(h.style.Say("desk.none"), h.style.Say("desk.none_help")))
	}
	for _, card := range cards {
		row := h.row(card)
		h.rows = append(h.rows, row)
		h.list.Add(row.object)
	}
	h.scroll.Refresh()
}

func (h *Home) words(strong, quiet string) fyne.CanvasObject {
	return emptyWords(h.style, strong, quiet)
}

// emptyWords gives the sentence of a list with nothing in it, and what to do first.
func emptyWords(s look.Style, strong, quiet string) fyne.CanvasObject {
	lines := look.Column(2*look.Gap, look.NewText(s, strong, look.TextOptions{Bold: true, Align: fyne.TextAlignCenter}))
	if quiet != "" {
		lines.Add(look.NewText(s, quiet, look.TextOptions{Role: look.Quiet, Align: fyne.TextAlignCenter}))
	}
	return look.Inset(4*look.Gap, 8*look.Gap, lines)
}

func (h *Home) row(card readmodel.Card) *HomeRow {
	s := h.style
	row := &HomeRow{Card: card}
	row.Open = look.NewButton(s, s.Say("desk.open"), look.Outline, func() { h.OnOpen(card.ID) })
	row.Rehearse = look.NewButton(s, s.Say("desk.rehearse"), look.Plain, func() { h.OnRehearse(card.ID) })
	row.Delete = look.NewButton(s, s.Say("desk.delete"), look.Plain, func() { h.OnDelete(card.ID) })
	title := card.Title
	facts := []string{}
	if card.Created > 0 {
		facts = append(facts, time.UnixMilli(int64(card.Created)).Format("2006-01-02 15:04"))
	}
	if card.Trouble != nil {
		title = s.Say("desk.unreadable_title")
		facts = append(facts, s.Say(card.Trouble.Key, card.Trouble.Args))
		row.Open.Enable(false)
		row.Rehearse.Enable(false)
		if card.Backup != "" {
			row.Open = look.NewButton(s, s.Say("backup.restore_this"), look.Outline, func() { h.OnBringBack(card.Backup) })
		}
	} else {
		facts = append(facts, s.Say("person.count", look.Args{"N": card.People}), s.Say("desk.statements", look.Args{"N": card.Statements}), s.Say("host.votes", look.Args{"N": card.Votes}))
	}
	marks := look.Wrap(2 * look.Gap)
	if card.Follows {
		marks.Add(look.NewChip(s, "", followedBy(s, card)))
		if title == "" {
			title = s.Say("follow.card_empty")
		}
	}
	for _, mark := range []struct {
		on  bool
		key string
	}{{card.Sample, "notice.sample"}, {card.Rehearsal, "notice.rehearsal"}, {card.Running, "desk.step_runs"}, {card.Elsewhere, "desk.open_elsewhere"}} {
		if mark.on {
			marks.Add(look.NewWaitingChip(s, s.Say(mark.key)))
		}
	}
	lines := look.Column(look.Gap, look.NewText(s, title, look.TextOptions{Size: look.Strong, Bold: true}), look.NewText(s, joined(s, facts), look.TextOptions{Role: look.Quiet}))
	if len(marks.Objects) > 0 {
		lines.Add(marks)
	}
	row.object = look.NewCard(s, look.Row(3*look.Gap, 0, lines, row.Delete, row.Rehearse, row.Open))
	return row
}

// followedBy says what this laptop is to another one in a session.
func followedBy(s look.Style, card readmodel.Card) string {
	switch {
	case card.Leader == "" && card.Room:
		return s.Say("follow.room")
	case card.Leader == "":
		return s.Say("follow.backup")
	case card.Room:
		return s.Say("follow.card_room", look.Args{"Name": card.Leader})
	}
	return s.Say("follow.card", look.Args{"Name": card.Leader})
}

// together puts sentences behind each other: Chinese needs no blank between them.
func together(s look.Style, sentences ...string) string {
	if s.Lang == "zh-Hant" {
		return strings.Join(sentences, "")
	}
	return strings.Join(sentences, " ")
}

// joined puts short facts behind each other, apart by a dot.
func joined(s look.Style, facts []string) string {
	text := ""
	for i, fact := range facts {
		if i == 0 {
			text = fact
			continue
		}
		text = s.Say("text.dotted", look.Args{"First": text, "Second": fact})
	}
	return text
}
