package screen

import (
	"strings"
	"unicode/utf8"

	"fyne.io/fyne/v2"

	"folkmoot/app/look"
	"folkmoot/app/readmodel"
)

// NewSession is the form from which a session is made.
type NewSession struct {
	// Title, Statements, Notice and Licence are the fields.
	Title, Statements, Notice *field
	// Language, Template, Licence are choices; Lists is which list of a file is taken.
	Language, Template, Licence *choice
	// Make, Cancel and File are the other buttons.
	Make, Cancel, File *look.Button
	// Away takes away a list that was too long to be shown.
	Away *look.Button

	// OnMake is called with what was filled in, OnFile to choose a file of statements,
	// OnPen to write one of the fields in the browser, OnTyped when the statements
	// changed and are to be read anew (see Offer).
	OnMake   func(readmodel.Wish)
	OnCancel func()
	OnFile   func()
	OnPen    func(label, text string, lines bool, done func(string))
	OnTyped  func(text string)

	style   look.Style
	offers  []readmodel.ListOffer
	long    string // statements that are too many for their field, "" for none
	taken   int
	tooLong *look.Text // the title is
	lists   *fyne.Container
	found   *fyne.Container
	scroll  *fyne.Container
	root    fyne.CanvasObject
}

// licences are those offered; "" is undecided.
var licences = []string{"", "CC-BY-4.0", "CC-BY-SA-4.0", "CC0-1.0"}

// NewNewSession makes an empty form.
func NewNewSession(s look.Style) *NewSession {
	n := &NewSession{style: s, lists: look.Column(2 * look.Gap), found: look.Column(look.Gap)}
	n.Title = newField(s, s.Say("desk.title"), s.Say("desk.title_help"), 1, func() { n.pen(n.Title, false) })
	n.Statements = newField(s, s.Say("desk.seeds"), s.Say("desk.seeds_help"), 7, func() { n.pen(n.Statements, true) })
	n.Notice = newField(s, s.Say("host.set_notice"), s.Say("desk.notice_help"), 3, func() { n.pen(n.Notice, true) })
	n.tooLong = look.NewText(s, "", look.TextOptions{Role: look.Quiet})
	n.tooLong.Hide()
	n.Title.object.(*fyne.Container).Add(n.tooLong)
	n.Language = newChoice(s, []string{"zh-Hant", "en"}, []string{s.Say("language.zh-Hant"), s.Say("language.en")}, nil)
	n.Language.Choose(s.Lang)
	n.Template = newChoice(s, readmodel.Templates, []string{s.Say("desk.template_opinion"), s.Say("desk.template_tictec")}, nil)
	n.Template.Choose(readmodel.Templates[0])
	n.Licence = newChoice(s, licences, []string{s.Say("desk.licence_none"), "CC BY 4.0", "CC BY-SA 4.0", "CC0 1.0"}, nil)
	n.Licence.Choose("")
	n.Make = look.NewButton(s, s.Say("desk.make"), look.Filled, func() { n.OnMake(n.Wish()) })
	n.Cancel = look.NewButton(s, s.Say("page.cancel"), look.Outline, func() { n.OnCancel() })
	n.File = look.NewButton(s, s.Say("desk.from_file"), look.Outline, func() { n.OnFile() })
	n.Away = look.NewButton(s, s.Say("desk.seeds_away"), look.Outline, n.takeAway)
	n.Away.Hide()
	n.Title.Entry.OnChanged = func(string) { n.check() }
	n.Title.Entry.OnSubmitted = func(string) {
		if !n.Make.Disabled() {
			n.OnMake(n.Wish())
		}
	}
	n.Statements.Entry.OnChanged = n.typed
	n.check()
	form := look.Column(5*look.Gap,
		look.NewText(s, s.Say("desk.new"), look.TextOptions{Size: look.Head, Bold: true}),
		look.NewCard(s, look.Column(4*look.Gap, n.Title.object, n.labelled("desk.room_language", "", n.Language), n.labelled("desk.template", "desk.template_help", n.Template))),
		look.NewCard(s, look.Column(3*look.Gap, n.lists, n.found, n.Statements.object, look.Wrap(2*look.Gap, n.File, n.Away))),
		look.NewCard(s, look.Column(4*look.Gap, n.Notice.object, n.labelled("host.set_licence", "desk.licence_help", n.Licence))),
	)
	n.scroll = look.NewScroll(look.Inset(2*look.Gap, look.Gap, form))
	body := look.Filling(3*look.Gap, 0, n.scroll, look.Row(2*look.Gap, 0, look.NewSpace(1), n.Cancel, n.Make))
	n.root = look.Inset(8*look.Gap, 5*look.Gap, body)
	return n
}

func (n *NewSession) labelled(label, help string, c *choice) fyne.CanvasObject {
	lines := look.Column(look.Gap, look.NewText(n.style, n.style.Say(label), look.TextOptions{Bold: true}))
	if help != "" {
		lines.Add(look.NewText(n.style, n.style.Say(help), look.TextOptions{Role: look.Quiet, Size: look.Small}))
	}
	lines.Add(c.object)
	return lines
}

func (n *NewSession) pen(f *field, lines bool) {
	n.OnPen(f.label, f.Entry.Text, lines, func(text string) { f.Entry.SetText(text) })
}

// Object gives what is drawn.
func (n *NewSession) Object() fyne.CanvasObject { return n.root }

// mostTyped is how many lines the field of statements shows. Fyne's fields become slow
// with the square of their lines: a longer list is taken, and told of in its place.
const mostTyped = 300

// typed takes what stands in the field of statements now.
func (n *NewSession) typed(text string) {
	lines := strings.Count(strings.TrimSpace(text), "\n") + 1
	if lines <= mostTyped {
		if n.long == "" {
			n.OnTyped(text)
		}
		return
	}
	n.long = text
	n.Statements.Entry.SetText("")
	n.Statements.Entry.SetPlaceHolder(n.style.Say("desk.seeds_long", look.Args{"N": lines}))
	n.Statements.Entry.Disable()
	n.Away.Show()
	n.scroll.Refresh()
	n.OnTyped(text)
}

// takeAway empties the field of statements again.
func (n *NewSession) takeAway() {
	n.long = ""
	n.Statements.Entry.SetPlaceHolder("")
	n.Statements.Entry.Enable()
	n.Away.Hide()
	n.scroll.Refresh()
	n.OnTyped("")
}

// Typed gives what was typed or pasted as statements.
func (n *NewSession) Typed() string {
	if n.long != "" {
		return n.long
	}
	return n.Statements.Entry.Text
}

// check lets the session be made once it has a title.
func (n *NewSession) check() {
	length := utf8.RuneCountInString(strings.TrimSpace(n.Title.Entry.Text))
	n.Make.Enable(length > 0 && length <= mostTitle)
	long := ""
	if length > mostTitle {
		long = n.style.Say("coach.too_long", look.Args{"N": length - mostTitle})
	}
	if n.tooLong.Text() != long {
		n.tooLong.Set(long)
		n.tooLong.Hidden = long == ""
		if n.scroll != nil {
			n.scroll.Refresh()
		}
	}
}

// mostTitle is how many characters a title may have.
const mostTitle = 200

// Offer shows the lists that were found in the statements or in a file, of which one is
// taken, and what of it cannot be.
func (n *NewSession) Offer(offers []readmodel.ListOffer) {
	n.offers, n.taken = offers, 0
	n.lists.Objects = nil
	if len(offers) > 1 {
		values, names := make([]string, len(offers)), make([]string, len(offers))
		for i, o := range offers {
			values[i] = string(rune('a' + i%26))
			names[i] = ListName(n.style, o)
		}
		c := newChoice(n.style, values, names, nil)
		for i, b := range c.Buttons {
			b.OnTapped = func() {
				n.taken = i
				for j, other := range c.Buttons {
					other.Choose(i == j)
				}
				n.tell()
			}
		}
		c.Buttons[0].Choose(true)
		n.lists.Add(look.NewText(n.style, n.style.Say("desk.list_which"), look.TextOptions{Bold: true}))
		n.lists.Add(c.object)
	}
	n.tell()
}

// ListName gives what a list of statements is called, with how many it holds.
func ListName(s look.Style, o readmodel.ListOffer) string {
	if o.All {
		o.Heading = s.Say("desk.list_all")
	}
	return s.Say("desk.list", look.Args{"Heading": o.Heading, "N": len(o.Statements)})
}

// mostLeft is how many lines that are not taken are named.
const mostLeft = 5

// tell says what the chosen list brings.
func (n *NewSession) tell() {
	n.found.Objects = nil
	if n.taken < len(n.offers) {
		offer := n.offers[n.taken]
		n.found.Add(look.NewText(n.style, n.style.Say("desk.seeds_found", look.Args{"N": len(offer.Statements)}), look.TextOptions{}))
		for _, line := range LeftLines(n.style, offer.Left) {
			n.found.Add(look.NewText(n.style, line, look.TextOptions{Role: look.Quiet, Size: look.Small}))
		}
	}
	n.scroll.Refresh()
}

// LeftLines puts what was not taken into sentences.
func LeftLines(s look.Style, left []readmodel.Leftover) []string {
	var lines []string
	for i, one := range left {
		if i == mostLeft {
			return append(lines, s.Say("desk.left_more", look.Args{"N": len(left) - mostLeft}))
		}
		lines = append(lines, s.Say("desk.left_line", look.Args{"Where": one.Where, "Why": strings.TrimRight(sentence(s, one.Why), ".。")}))
	}
	return lines
}

// sentence puts a Sentence into the style's language.
func sentence(s look.Style, one readmodel.Sentence) string {
	args := look.Args{}
	for name, value := range one.Args {
		args[name] = value
	}
	return s.Say(one.ID, args)
}

// Take takes over what was filled into another form, which was made in another style.
func (n *NewSession) Take(other *NewSession) {
	setEntry(n.Title.Entry, other.Title.Entry.Text)
	setEntry(n.Statements.Entry, other.Typed())
	setEntry(n.Notice.Entry, other.Notice.Entry.Text)
	n.Language.Choose(other.Language.chosen)
	n.Template.Choose(other.Template.chosen)
	n.Licence.Choose(other.Licence.chosen)
	if other.offers != nil {
		n.Offer(other.offers)
		n.taken = other.taken
		n.tell()
	}
}

// Wish gives what was filled in.
func (n *NewSession) Wish() readmodel.Wish {
	w := readmodel.Wish{Title: strings.TrimSpace(n.Title.Entry.Text), Lang: n.Language.chosen, Template: n.Template.chosen,
		Notice: strings.TrimSpace(n.Notice.Entry.Text), Licence: n.Licence.chosen}
	if n.taken < len(n.offers) {
		w.Statements = n.offers[n.taken].Statements
	}
	return w
}

// Lines puts sentences into the style's language.
func Lines(s look.Style, sentences []readmodel.Sentence) []string {
	lines := make([]string, len(sentences))
	for i, one := range sentences {
		lines[i] = sentence(s, one)
	}
	return lines
}
