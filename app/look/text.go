package look

import (
	"image/color"
	"sync"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
)

// TextOptions say how a Text looks. The zero value is body text in ink, from the left,
// in as many lines as it needs.
type TextOptions struct {
	Size  float32 // 0 for Body
	Bold  bool
	Role  Role // Paper, the zero value, stands for Ink
	Align fyne.TextAlign
	// Single keeps the text on one line, as wide as it is.
	Single bool
	// Colour is taken instead of Role where it is set.
	Colour color.Color
}

// Text is a text that is shown whole: it wraps as Chinese and English want it, and is
// never cut or ended by dots.
type Text struct {
	widget.BaseWidget
	style   Style
	text    string
	options TextOptions
}

// NewText makes a Text.
func NewText(s Style, text string, o TextOptions) *Text {
	if o.Size == 0 {
		o.Size = Body
	}
	if o.Role == Paper {
		o.Role = Ink
	}
	t := &Text{style: s, text: Typeset(text), options: o}
	t.ExtendBaseWidget(t)
	trace(t)
	return t
}

// Text gives the text as it is drawn, see Typeset.
func (t *Text) Text() string { return t.text }

// Set changes the text.
func (t *Text) Set(text string) {
	text = Typeset(text)
	if t.text != text {
		t.text = text
		t.Refresh()
	}
}

// HeightFor gives the height that the text needs at a width.
func (t *Text) HeightFor(width float32) float32 {
	return float32(len(t.lines(width))) * t.lineHeight()
}

func (t *Text) lines(width float32) []string {
	if t.options.Single {
		return []string{t.text}
	}
	return BreakLines(t.text, width, t.measure)
}

func (t *Text) measure(text string) float32 {
	return MeasureText(text, t.options.Size, t.options.Bold).Width
}

func (t *Text) lineHeight() float32 {
	return MeasureText("國g", t.options.Size, t.options.Bold).Height
}

type measured struct {
	text string
	size float32
	bold bool
}

// widths keeps what was measured: the same characters come again and again. Measuring
// happens on Fyne's thread, and in tests on several.
var (
	widthsLock sync.Mutex
	widths     = map[measured]fyne.Size{}
)

// mostWidths bounds what is kept.
const mostWidths = 50_000

// MeasureText gives the size of a text on one line in the embedded typeface.
func MeasureText(text string, size float32, bold bool) fyne.Size {
	key := measured{text, size, bold}
	widthsLock.Lock()
	defer widthsLock.Unlock()
	if got, ok := widths[key]; ok {
		return got
	}
	if len(widths) >= mostWidths {
		clear(widths)
	}
	got := fyne.MeasureText(text, size, fyne.TextStyle{Bold: bold})
	widths[key] = got
	return got
}

func (t *Text) colour() color.Color {
	if t.options.Colour != nil {
		return t.options.Colour
	}
	return t.style.Colour(t.options.Role)
}

// CreateRenderer is Fyne's.
func (t *Text) CreateRenderer() fyne.WidgetRenderer {
	r := &textRenderer{text: t}
	r.fill(t.Size().Width)
	return r
}

type textRenderer struct {
	text  *Text
	width float32
	was   string
	lines []fyne.CanvasObject
}

// fill makes one canvas text a line.
func (r *textRenderer) fill(width float32) {
	r.width, r.was = width, r.text.text
	texts := []string{r.text.text}
	if width > 0 {
		texts = r.text.lines(width)
	}
	for len(r.lines) < len(texts) {
		r.lines = append(r.lines, canvas.NewText("", color.Black))
	}
	r.lines = r.lines[:len(texts)]
	for i, text := range texts {
		line := r.lines[i].(*canvas.Text)
		line.Text, line.Color, line.TextSize, line.Alignment = text, r.text.colour(), r.text.options.Size, r.text.options.Align
		line.TextStyle = fyne.TextStyle{Bold: r.text.options.Bold}
	}
}

func (r *textRenderer) Layout(size fyne.Size) {
	if size.Width != r.width || r.was != r.text.text {
		r.fill(size.Width)
	}
	height := r.text.lineHeight()
	top := max(0, (size.Height-height*float32(len(r.lines)))/2)
	for i, line := range r.lines {
		line.Move(fyne.NewPos(0, top+float32(i)*height))
		line.Resize(fyne.NewSize(size.Width, height))
	}
}

func (r *textRenderer) MinSize() fyne.Size {
	if r.text.options.Single {
		return fyne.NewSize(r.text.measure(r.text.text), r.text.lineHeight())
	}
	least := WidestPiece(r.text.text, r.text.measure)
	return fyne.NewSize(least, r.text.HeightFor(max(least, r.text.Size().Width)))
}

func (r *textRenderer) Refresh() {
	r.fill(r.text.Size().Width)
	r.Layout(r.text.Size())
	for _, line := range r.lines {
		line.Refresh()
	}
	canvas.Refresh(r.text)
}

func (r *textRenderer) Objects() []fyne.CanvasObject { return r.lines }
func (r *textRenderer) Destroy()                     {}
