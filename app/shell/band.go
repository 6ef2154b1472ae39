package shell

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"folkmoot/app/look"
)

// band is the line under the top: what is under way, or what did not work and what was
// kept. Nothing in it is red, since nothing is lost.
type band struct {
	style  look.Style
	object *fyne.Container
	bar    *widget.ProgressBar
	text   string
	Act    *look.Button // what the band offers, nil for nothing
	Close  *look.Button
}

func newBand(s look.Style) *band {
	b := &band{style: s, object: look.Column(0)}
	b.Close = look.NewButton(s, s.Say("page.close"), look.Choice, b.clear)
	return b
}

// clear takes the band away.
func (b *band) clear() {
	b.text, b.Act, b.bar = "", nil, nil
	b.object.Objects = nil
	b.object.Refresh()
}

func (b *band) put(text string, parts ...fyne.CanvasObject) {
	b.text = text
	row := append([]fyne.CanvasObject{look.NewText(b.style, text, look.TextOptions{Role: look.OnWaiting})}, parts...)
	b.object.Objects = []fyne.CanvasObject{look.Inset(3*look.Gap, 2*look.Gap, look.NewNote(b.style, look.Row(3*look.Gap, 0, row...)))}
	b.object.Refresh()
}

// wrong says what did not work.
func (b *band) wrong(text string) {
	b.Act, b.bar = nil, nil
	b.put(text, b.Close)
}

// offer says what happened and offers one thing to do.
func (b *band) offer(text, name string, act func()) {
	b.bar = nil
	b.Act = look.NewButton(b.style, name, look.Outline, act)
	b.put(text, b.Act, b.Close)
}

// working says what is under way, with a bar and a way to stop; stop may be nil.
func (b *band) working(text string, stop func()) {
	b.bar = widget.NewProgressBar()
	parts := []fyne.CanvasObject{look.Sized(fyne.NewSize(160, 20), b.bar)}
	b.Act = nil
	if stop != nil {
		b.Act = look.NewButton(b.style, b.style.Say("page.cancel"), look.Outline, stop)
		parts = append(parts, b.Act)
	}
	b.put(text, parts...)
}

// progress moves the bar; all is -1 where it is not known.
func (b *band) progress(done, all int) {
	if b.bar != nil && all > 0 {
		b.bar.SetValue(float64(done) / float64(all))
	}
}
