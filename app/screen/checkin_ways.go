package screen

import (
	"strconv"

	"fyne.io/fyne/v2"

	"folkmoot/app/look"
	"folkmoot/app/readmodel"
)

// joinWays is where the room stands on the ways to join, and the steps to the others.
type joinWays struct {
	// Next and Back go to the next way and the one before, Wifi says which Wi-Fi was opened.
	Next, Back, Wifi *look.Button

	style  look.Style
	first  bool // it belongs above how to join
	object *fyne.Container
}

func newJoinWays(s look.Style, climb func(by int), wifi func()) *joinWays {
	w := &joinWays{style: s, object: look.Column(2 * look.Gap)}
	w.Next = look.NewButton(s, s.Say("ladder.next"), look.Choice, func() { climb(1) })
	w.Back = look.NewButton(s, s.Say("ladder.back"), look.Choice, func() { climb(-1) })
	w.Wifi = look.NewButton(s, s.Say("ladder.wifi"), look.Choice, wifi)
	return w
}

// show says which way is shown, what to do on it, and whether it seems not to work.
func (w *joinWays) show(sheet *readmodel.Sheet) {
	s, j := w.style, sheet.Joining
	name, does := WayName(s, j.Rung)
	w.object.Objects = nil
	if w.first = j.Stuck || j.Rung > readmodel.RungQR; !w.first {
		w.object.Add(look.NewRule(s))
	}
	if j.Stuck {
		next, _ := WayName(s, j.After)
		w.object.Add(look.NewNote(s, look.NewText(s, together(s, s.Say("ladder.stuck"), s.Say("ladder.stuck_next", look.Args{"Name": next})), look.TextOptions{Role: look.OnWaiting})))
	}
	w.object.Add(look.NewText(s, s.Say("ladder.way", look.Args{"Rung": strconv.Itoa(int(j.Rung)), "Last": strconv.Itoa(int(j.Last)), "Name": name}), look.TextOptions{Bold: true, Size: look.Small}))
	w.object.Add(look.NewText(s, does, look.TextOptions{Role: look.Quiet, Size: look.Small}))
	if j.Through != j.All {
		w.object.Add(look.NewText(s, s.Say("ladder.through", look.Args{"N": j.Through}), look.TextOptions{Role: look.Quiet, Size: look.Small}))
	}
	kind := look.Choice
	if j.Stuck {
		kind = look.Outline
	}
	w.Next.Low()
	w.Next.Set(s.Say("ladder.next"), "", kind)
	w.Back.Enable(j.Back)
	w.Next.Enable(j.Next)
	buttons := look.Wrap(2*look.Gap, w.Back, w.Next)
	if j.Rung == readmodel.RungRouter {
		buttons.Add(w.Wifi)
	}
	w.object.Add(buttons)
	if w.first {
		w.object.Add(look.NewRule(s))
	}
}

// ways are the keys of the ways to join: what each is called, and what to do.
var ways = map[readmodel.Rung][2]string{
	readmodel.RungQR: {"ladder.qr", "ladder.qr_do"}, readmodel.RungTyped: {"ladder.typed", "ladder.typed_do"}, readmodel.RungName: {"ladder.name", "ladder.name_do"},
	readmodel.RungAdapter: {"ladder.adapter", "ladder.adapter_do"}, readmodel.RungRouter: {"ladder.router", "ladder.router_do"},
	readmodel.RungTablets: {"ladder.tablets", "ladder.tablets_do"}, readmodel.RungPaper: {"ladder.paper", "ladder.paper_do"},
}

// WayName gives what a way to join is called, and what to do on it.
func WayName(s look.Style, rung readmodel.Rung) (name, does string) {
	return s.Say(ways[rung][0]), s.Say(ways[rung][1])
}
