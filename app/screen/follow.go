package screen

import (
	"strings"

	"fyne.io/fyne/v2"

	"folkmoot/app/look"
	"folkmoot/app/readmodel"
)

// Follow is how this laptop is made to follow another one.
type Follow struct {
	// Backup and Room are what it becomes, Offers stand beside the laptops found, in their order.
	Backup, Room *look.Button
	Offers       []*look.Button
	// Address is what is typed or pasted, Connect asks there.
	Address *field
	Connect *look.Button
	// Yes and No answer whether the digits are the same; Open opens the session that is here
	// already, Again pairs it anew. Each is nil while it is not asked.
	Yes, No, Open, Again *look.Button
	// Cancel leaves the screen; Back leaves the laptop that was asked.
	Cancel, Back *look.Button

	// OnAsk is called with whom to ask, OnOpen with the id of a session, the others for their
	// buttons.
	OnAsk                     func(readmodel.FollowWish)
	OnOpen                    func(session string)
	OnConfirm, OnBack, OnGone func()

	style  look.Style
	room   bool
	shown  string
	list   *fyne.Container
	start  fyne.CanvasObject
	body   *fyne.Container
	scroll *fyne.Container
	root   fyne.CanvasObject
}

// NewFollow makes the screen, which has found nobody yet.
func NewFollow(s look.Style) *Follow {
	f := &Follow{style: s, list: look.Column(2 * look.Gap), body: look.Column(4 * look.Gap)}
	f.Backup = look.NewButton(s, s.Say("follow.backup"), look.Choice, func() { f.chooseRoom(false) })
	f.Room = look.NewButton(s, s.Say("follow.room"), look.Choice, func() { f.chooseRoom(true) })
	f.Cancel = look.NewButton(s, s.Say("page.cancel"), look.Outline, func() { f.OnGone() })
	f.Connect = look.NewButton(s, s.Say("tablet.connect"), look.Outline, f.connect)
	f.Address = newField(s, s.Say("follow.address"), s.Say("follow.address_help"), 1, nil)
	f.Address.Entry.OnChanged = func(text string) { f.Connect.Enable(strings.TrimSpace(text) != "") }
	f.Address.Entry.OnSubmitted = func(string) { f.connect() }
	f.Connect.Enable(false)
	f.chooseRoom(false)
	quiet := look.TextOptions{Role: look.Quiet, Size: look.Small}
	is := func(b *look.Button, help string) fyne.CanvasObject {
		return look.Column(look.Gap, look.Wrap(0, b), look.NewText(s, s.Say(help), quiet))
	}
	f.start = look.Column(3*look.Gap,
		look.NewCard(s, look.Column(2*look.Gap, look.NewText(s, s.Say("follow.as"), look.TextOptions{Bold: true}),
			look.Grid(4*look.Gap, 300, is(f.Backup, "follow.backup_help"), is(f.Room, "follow.room_help")))),
		look.NewCard(s, f.list),
		look.NewCard(s, look.Column(2*look.Gap, f.Address.object, look.Wrap(0, f.Connect))))
	head := look.Column(look.Gap, look.NewText(s, s.Say("follow.title"), look.TextOptions{Size: look.Head, Bold: true}),
		look.NewText(s, s.Say("follow.help"), look.TextOptions{Role: look.Quiet}))
	f.scroll = look.NewScroll(look.Inset(2*look.Gap, look.Gap, look.Column(0, look.Middle(900, look.Column(4*look.Gap, head, f.body)))))
	f.root = look.Inset(8*look.Gap, 4*look.Gap, look.Filling(3*look.Gap, 0, f.scroll, look.Row(2*look.Gap, 0, look.NewSpace(1), f.Cancel)))
	f.Show(readmodel.Follow{Looking: true})
	return f
}

// Object gives what is drawn.
func (f *Follow) Object() fyne.CanvasObject { return f.root }

func (f *Follow) chooseRoom(room bool) {
	f.room = room
	f.Backup.Choose(!room)
	f.Room.Choose(room)
}

func (f *Follow) connect() {
	if text := strings.TrimSpace(f.Address.Entry.Text); text != "" {
		f.OnAsk(readmodel.FollowWish{Text: text, Room: f.room})
	}
}

// Take takes over what was chosen and typed on another one, made in another style.
func (f *Follow) Take(other *Follow) {
	f.chooseRoom(other.room)
	setEntry(f.Address.Entry, other.Address.Entry.Text)
	f.Connect.Enable(strings.TrimSpace(f.Address.Entry.Text) != "")
}

// Show shows how far it has come.
func (f *Follow) Show(state readmodel.Follow) {
	shown := f.words(state)
	if shown == f.shown {
		return
	}
	f.shown = shown
	f.Yes, f.No, f.Open, f.Again, f.Back = nil, nil, nil, nil, nil
	f.body.Objects = nil
	if state.Asked == nil {
		f.showFound(state)
		f.body.Add(f.start)
	} else {
		f.body.Add(look.NewCard(f.style, look.Inset(2*look.Gap, 2*look.Gap, f.asked(*state.Asked))))
	}
	f.scroll.Refresh()
}

// words are what is shown, so that nothing is drawn anew that stays: what is pressed must
// not be another button meanwhile.
func (f *Follow) words(state readmodel.Follow) string {
	parts := []string{"found"}
	if !state.Looking {
		parts = append(parts, "quiet")
	}
	if state.Trouble != nil {
		parts = append(parts, state.Trouble.Key)
	}
	for _, o := range state.Offers {
		parts = append(parts, o.ID, o.Title, o.Host, o.Address, o.Session)
	}
	if a := state.Asked; a != nil {
		parts = []string{"asked", string(a.Stand), a.Digits, a.Host, a.Title, a.Session}
		if a.Why != nil {
			parts = append(parts, a.Why.Key)
		}
	}
	return strings.Join(parts, "\n")
}

// showFound lists the laptops found, or says what to do where there is none.
func (f *Follow) showFound(state readmodel.Follow) {
	s := f.style
	f.list.Objects, f.Offers = nil, nil
	f.list.Add(look.NewText(s, s.Say("follow.found"), look.TextOptions{Bold: true}))
	switch {
	case state.Trouble != nil:
		f.list.Add(look.NewNote(s, look.NewText(s, s.Say(state.Trouble.Key, state.Trouble.Args), look.TextOptions{Role: look.OnWaiting})))
	case !state.Looking:
		f.list.Add(look.NewText(s, s.Say("follow.quiet"), look.TextOptions{Role: look.Quiet}))
	case len(state.Offers) == 0:
		f.list.Add(emptyWords(s, s.Say("follow.none"), s.Say("follow.none_help")))
	}
	for i, offer := range state.Offers {
		if i > 0 {
			f.list.Add(look.NewRule(s))
		}
		f.list.Add(f.offer(offer))
	}
}

func (f *Follow) offer(o readmodel.FollowOffer) fyne.CanvasObject {
	s := f.style
	b := look.NewButton(s, s.Say("follow.go"), look.Outline, func() { f.OnAsk(readmodel.FollowWish{ID: o.ID, Room: f.room}) })
	f.Offers = append(f.Offers, b)
	return look.Row(3*look.Gap, 0, look.Column(look.Gap, look.NewText(s, o.Title, look.TextOptions{Bold: true}),
		look.NewText(s, s.Say("tablet.host_at", look.Args{"Host": o.Host, "Address": o.Address}), look.TextOptions{Role: look.Quiet, Size: look.Small})), b)
}

// asked compares digits, waits, or says why nothing came of it.
func (f *Follow) asked(a readmodel.FollowAsked) fyne.CanvasObject {
	s := f.style
	rows := look.Column(4 * look.Gap)
	if a.Title != "" {
		rows.Add(look.Column(look.Gap, look.NewText(s, a.Title, look.TextOptions{Size: look.Strong, Bold: true}),
			look.NewText(s, s.Say("tablet.host", look.Args{"Host": a.Host}), look.TextOptions{Role: look.Quiet})))
	}
	head := func(text string) { rows.Add(look.NewText(s, text, look.TextOptions{Size: look.Head, Bold: true})) }
	f.Back = look.NewButton(s, s.Say("follow.back"), look.Outline, func() { f.OnBack() })
	switch {
	case a.Over():
		f.over(rows, a)
	case a.Stand == readmodel.PairingCompare:
		head(s.Say("tablet.pair"))
		rows.Add(f.digits(a.Digits))
		rows.Add(look.NewText(s, s.Say("follow.pair_help", look.Args{"Host": a.Host}), look.TextOptions{}))
		f.No = look.NewButton(s, s.Say("tablet.pair_no"), look.Outline, func() { f.OnBack() })
		f.Yes = look.NewButton(s, s.Say("tablet.pair_yes"), look.Filled, func() { f.OnConfirm() })
		rows.Add(look.Wrap(2*look.Gap, f.Yes, f.No))
		f.Back = f.No
	case a.Stand == readmodel.PairingWaiting:
		head(s.Say("follow.waiting", look.Args{"Host": a.Host}))
		if a.Digits != "" {
			rows.Add(f.digits(a.Digits))
		}
		rows.Add(look.NewText(s, s.Say("follow.waiting_help"), look.TextOptions{}))
		rows.Add(look.Wrap(0, f.Back))
	default:
		head(s.Say("follow.asking"))
		rows.Add(look.Wrap(0, f.Back))
	}
	return rows
}

// over says why nothing came of it, and what there is to do.
func (f *Follow) over(rows *fyne.Container, a readmodel.FollowAsked) {
	s := f.style
	if a.Why != nil {
		rows.Add(look.NewNote(s, look.NewText(s, s.Say(a.Why.Key, a.Why.Args), look.TextOptions{Role: look.OnWaiting})))
	}
	acts := look.Wrap(2 * look.Gap)
	if a.Session != "" {
		f.Open = look.NewButton(s, s.Say("desk.open"), look.Filled, func() { f.OnOpen(a.Session) })
		f.Again = look.NewButton(s, s.Say("follow.again"), look.Outline, func() {
			again := a.Wish
			again.Again = true
			f.OnAsk(again)
		})
		acts.Add(f.Open)
		acts.Add(f.Again)
	}
	acts.Add(f.Back)
	rows.Add(acts)
}

// digits draws six digits so that they can be compared across a table.
func (f *Follow) digits(digits string) fyne.CanvasObject {
	if len(digits) == 6 {
		digits = digits[:3] + " " + digits[3:]
	}
	return look.NewText(f.style, digits, look.TextOptions{Size: 56, Bold: true, Single: true, Role: look.Action})
}
