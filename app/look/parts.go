package look

import (
	"image"
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	qr "github.com/piglig/go-qr"
)

// Box gives a rectangle with an edge. radius is that of its corners.
func Box(fill, edge color.Color, radius float32) *canvas.Rectangle {
	box := canvas.NewRectangle(fill)
	box.CornerRadius = radius
	if edge != nil {
		box.StrokeColor, box.StrokeWidth = edge, 1
	}
	return box
}

// NewCard puts something on a card.
func NewCard(s Style, content fyne.CanvasObject) *fyne.Container {
	return Stack(Box(s.Colour(Card), s.Colour(Line), Corner), Inset(4*Gap, 4*Gap, content))
}

// NewNote puts lines on the ground of what waits: out of reach, late, not saved.
func NewNote(s Style, content fyne.CanvasObject) *fyne.Container {
	return Stack(Box(s.Colour(Waiting), s.Colour(WaitEdge), Corner), Inset(4*Gap, 2*Gap, content))
}

// chipSize is the size of text in chips.
const chipSize = 13

// NewChip gives a short fact in a pill: a bold beginning, which may be empty, and the rest.
func NewChip(s Style, strong, text string) *fyne.Container {
	return pill(s, s.Colour(Paper), s.Colour(Line), s.Colour(Ink), nil, strong, text)
}

// NewDotChip gives a chip with a dot of a colour before it.
func NewDotChip(s Style, dot Role, text string) *fyne.Container {
	return pill(s, s.Colour(Paper), s.Colour(Line), s.Colour(Ink), s.Colour(dot), "", text)
}

// NewWaitingChip gives a chip of what waits for the facilitator.
func NewWaitingChip(s Style, text string) *fyne.Container {
	return pill(s, s.Colour(Waiting), s.Colour(WaitEdge), s.Colour(OnWaiting), nil, "", text)
}

// LiveChip is a chip whose words change.
type LiveChip struct {
	*fyne.Container
	style        Style
	dot          *canvas.Circle
	dotted       fyne.CanvasObject
	strong, text *Text
}

// NewLiveChip makes an empty chip; it is hidden until Set gives it words.
func NewLiveChip(s Style) *LiveChip {
	c := &LiveChip{style: s, dot: canvas.NewCircle(color.Transparent), strong: NewText(s, "", TextOptions{Bold: true, Single: true, Size: chipSize}), text: NewText(s, "", TextOptions{Single: true, Size: chipSize})}
	c.dotted = Sized(fyne.NewSize(9, 9), c.dot)
	c.dotted.Hide()
	c.Container = Stack(Box(s.Colour(Paper), s.Colour(Line), 14), Inset(3*Gap, Gap, Row(1.5*Gap, -1, c.dotted, c.strong, c.text)))
	c.Hide()
	return c
}

// Dot puts a dot of a colour before the words.
func (c *LiveChip) Dot(r Role) {
	c.dotted.Show()
	if want := c.style.Colour(r); c.dot.FillColor != color.Color(want) {
		c.dot.FillColor = want
		c.dot.Refresh()
	}
}

// Set changes the words, and says whether the chip now needs another width; with none
// at all the chip is hidden.
func (c *LiveChip) Set(strong, text string) bool {
	if c.strong.text == strong && c.text.text == text {
		return false
	}
	before := c.MinSize()
	c.strong.Set(strong)
	c.text.Set(text)
	c.strong.Hidden, c.text.Hidden = strong == "", text == ""
	wasHidden := c.Hidden
	c.Hidden = strong == "" && text == ""
	c.Refresh()
	return wasHidden != c.Hidden || before != c.MinSize()
}

// Words gives what stands on the chip.
func (c *LiveChip) Words() string { return c.strong.text + c.text.text }

func pill(s Style, fill, edge, ink color.NRGBA, dot color.Color, strong, text string) *fyne.Container {
	parts := []fyne.CanvasObject{}
	if dot != nil {
		parts = append(parts, NewDot(dot))
	}
	if strong != "" {
		parts = append(parts, NewText(s, strong, TextOptions{Bold: true, Single: true, Colour: ink, Size: chipSize}))
	}
	if text != "" {
		parts = append(parts, NewText(s, text, TextOptions{Single: true, Colour: ink, Size: chipSize}))
	}
	return Stack(Box(fill, edge, 14), Inset(3*Gap, Gap, Row(1.5*Gap, -1, parts...)))
}

// NewDot gives a small filled circle.
func NewDot(c color.Color) fyne.CanvasObject {
	return container.NewGridWrap(fyne.NewSize(9, 9), canvas.NewCircle(c))
}

// NewRule gives a thin line across.
func NewRule(s Style) *canvas.Rectangle {
	rule := canvas.NewRectangle(s.Colour(Line))
	rule.SetMinSize(fyne.NewSize(1, 1))
	return rule
}

// NewSpace takes room of a height.
func NewSpace(height float32) *canvas.Rectangle {
	space := canvas.NewRectangle(color.Transparent)
	space.SetMinSize(fyne.NewSize(0, height))
	return space
}

// NewBack gives the ground of a screen.
func NewBack(c color.Color) *canvas.Rectangle { return canvas.NewRectangle(c) }

// scroll gives the content its width before Fyne asks how high it is.
type scroll struct{ of *container.Scroll }

// edge keeps the edges of what scrolls from being cut.
const edge = 1.5

// NewScroll lets something that flows be scrolled up and down.
func NewScroll(content fyne.CanvasObject) *fyne.Container {
	s := container.NewVScroll(Inset(edge, edge, content))
	return &fyne.Container{Layout: &scroll{s}, Objects: []fyne.CanvasObject{s}}
}

func (s *scroll) HeightFor([]fyne.CanvasObject, float32) float32 { return 64 }

func (s *scroll) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(s.of.Content.MinSize().Width, 64)
}

func (s *scroll) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	s.of.Content.Resize(fyne.NewSize(size.Width, max(size.Height, HeightFor(s.of.Content, size.Width))))
	s.of.Resize(size)
	s.of.Refresh()
}

// ScrollTop goes to the beginning of what NewScroll gave.
func ScrollTop(c *fyne.Container) {
	if s, ok := c.Layout.(*scroll); ok {
		s.of.ScrollToTop()
	}
}

// ScrollPages goes so many pages down in what NewScroll gave, up where that is negative.
func ScrollPages(c *fyne.Container, pages float32) {
	if s, ok := c.Layout.(*scroll); ok {
		most := max(0, s.of.Content.Size().Height-s.of.Size().Height)
		s.of.ScrollToOffset(fyne.NewPos(0, max(0, min(most, s.of.Offset.Y+pages*s.of.Size().Height))))
	}
}

// OnScroll has told called whenever what NewScroll gave is scrolled.
func OnScroll(c *fyne.Container, told func()) {
	if s, ok := c.Layout.(*scroll); ok {
		s.of.OnScrolled = func(fyne.Position) { told() }
	}
}

// ScrollTo goes so far down in what NewScroll gave, once it has its size.
func ScrollTo(c *fyne.Container, down float32) {
	if s, ok := c.Layout.(*scroll); ok {
		most := max(0, s.of.Content.Size().Height-s.of.Size().Height)
		s.of.ScrollToOffset(fyne.NewPos(0, max(0, min(most, down))))
	}
}

// Scrolled gives how far down what NewScroll gave is.
func Scrolled(c *fyne.Container) float32 {
	if s, ok := c.Layout.(*scroll); ok {
		return s.of.Offset.Y
	}
	return 0
}

// NewBar gives the bar of a statement's votes: agree, disagree, pass, by their number.
func NewBar(s Style, agree, disagree, pass int) *fyne.Container {
	parts := []fyne.CanvasObject{canvas.NewRectangle(s.Colour(Agree)), canvas.NewRectangle(s.Colour(Disagree)), canvas.NewRectangle(s.Colour(Pass))}
	return &fyne.Container{Layout: &bar{shares: []int{agree, disagree, pass}, height: 10}, Objects: parts}
}

// NewMix gives the bar of a table's opinion groups, in the order of the letters.
func NewMix(s Style, letters []string, people []int) *fyne.Container {
	parts := make([]fyne.CanvasObject, len(letters))
	for i, letter := range letters {
		parts[i] = canvas.NewRectangle(s.Group(letter))
	}
	return &fyne.Container{Layout: &bar{shares: people, height: 10}, Objects: parts}
}

type bar struct {
	shares []int
	height float32
}

func (b *bar) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(40, b.height) }

func (b *bar) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	all := 0
	for _, n := range b.shares {
		all += n
	}
	var x float32
	for i, o := range objects {
		width := float32(0)
		if all > 0 {
			width = size.Width * float32(b.shares[i]) / float32(all)
		}
		o.Move(fyne.NewPos(x, (size.Height-b.height)/2))
		o.Resize(fyne.NewSize(width, b.height))
		x += width
	}
}

// NewQR gives a QR code with its white margin, dark on light in every theme; nil where
// the link is too long for one. side is the least length of its sides.
func NewQR(link string, side float32) *canvas.Image {
	code, err := qr.EncodeText(link, qr.Medium)
	if err != nil {
		return nil
	}
	const margin = 3
	size := code.Size() + 2*margin
	img := image.NewGray(image.Rect(0, 0, size, size))
	for y := range size {
		for x := range size {
			shade := color.Gray{Y: 0xFF}
			if code.Module(x-margin, y-margin) {
				shade.Y = 0x14
			}
			img.SetGray(x, y, shade)
		}
	}
	picture := canvas.NewImageFromImage(img)
	picture.ScaleMode, picture.FillMode = canvas.ImageScalePixels, canvas.ImageFillContain
	picture.SetMinSize(fyne.NewSize(side, side))
	return picture
}

// Sized gives an object one size.
func Sized(size fyne.Size, object fyne.CanvasObject) *fyne.Container {
	return container.NewGridWrap(size, object)
}
