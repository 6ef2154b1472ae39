package mapview

import (
	"image"
	"time"

	"folkmoot/app/look"
	"folkmoot/app/readmodel"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
)

// glideTime is how long marks take to their new place.
const glideTime = 300 * time.Millisecond

// leastWidth and leastHeight are the least room in which a map can be read.
const leastWidth, leastHeight = 280, 210

// Map is the opinion map as a widget. It can be enlarged and moved by mouse and keys;
// a tap on a group says its letter.
type Map struct {
	widget.BaseWidget
	// OnGroup is called with the letter of a group that was tapped: its mark, hull or tag.
	OnGroup func(letter string)
	// TextShare is how large the tags' text is as a share of the map's height; 0 takes
	// the desk's size. It is made smaller where the room for tags wants it.
	TextShare float32
	// Ground is what the map stands on: Paper, the zero value, or Card.
	Ground look.Role

	style    look.Style
	scene    *readmodel.Scene
	now      shown
	way      *glide
	running  *fyne.Animation
	lens     Lens
	emphasis string
	sorting  *readmodel.Sorting
	only     int // class, from 1; 0 for all
	focused  bool

	painter painter
	version int // of what is to be painted
	kept    *image.RGBA
	keptOf  painted
	tags    []tag

	// start starts an animation; tests put their own here.
	start func(*fyne.Animation)
}

// painted says of what an image is.
type painted struct{ width, height, version int }

// New makes an empty map.
func New(style look.Style) *Map {
	m := &Map{style: style, start: (*fyne.Animation).Start}
	m.ExtendBaseWidget(m)
	return m
}

// SetScene shows a scene, nil for none. With glide the marks go from where they are to their
// new places, in 300 ms; the first scene is there at once. A scene that is shown already
// costs nothing.
func (m *Map) SetScene(scene *readmodel.Scene, glide bool) { m.SetSorted(scene, nil, glide) }

// SetSorted is SetScene with marks in the colours of classes; a nil sorting leaves them
// those of their groups. Other colours are there at once.
func (m *Map) SetSorted(scene *readmodel.Scene, sorting *readmodel.Sorting, glide bool) {
	if scene == m.scene && sorting == m.sorting {
		return
	}
	m.stop()
	glide = glide && sameWay(sorting, m.sorting)
	m.scene, m.sorting = scene, sorting
	if sorting == nil || m.only > len(sorting.Classes) {
		m.only = 0
	}
	to := sortedOf(scene, sorting)
	if scene == nil {
		m.lens = Lens{}
	}
	if !glide || len(m.now.spots) == 0 || len(to.spots) == 0 || !moves() {
		m.now = to
		m.changed()
		return
	}
	m.way = newGlide(m.now, to)
	m.running = fyne.NewAnimation(glideTime, m.tick)
	m.start(m.running)
}

// sameWay says whether classes mean the same in both.
func sameWay(a, b *readmodel.Sorting) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.By == b.By
}

// Only lets the people of one class of the sorting stand out, by its place there; -1 lets
// all. The others stay to be seen, small and quiet.
func (m *Map) Only(class int) {
	if only := max(0, class+1); only != m.only && (only == 0 || m.sorting != nil && only <= len(m.sorting.Classes)) {
		m.only = only
		m.changed()
	}
}

// Filter gives the class that alone stands out, -1 for none.
func (m *Map) Filter() int { return m.only - 1 }

// moves says whether the person wants to see things move.
func moves() bool {
	app := fyne.CurrentApp()
	return app != nil && app.Settings().ShowAnimations()
}

func (m *Map) tick(t float32) {
	if m.way == nil {
		return
	}
	m.now = m.way.at(float64(t))
	if t >= 1 {
		m.way, m.running = nil, nil
	}
	m.changed()
}

func (m *Map) stop() {
	if m.running != nil {
		m.running.Stop()
	}
	m.way, m.running = nil, nil
}

// Emphasise lets a group stand out, and dims the others; "" for none.
func (m *Map) Emphasise(letter string) {
	if m.emphasis != letter {
		m.emphasis = letter
		m.changed()
	}
}

// Emphasis gives the letter of the group that stands out, "" for none.
func (m *Map) Emphasis() string { return m.emphasis }

// Lens gives what is looked at.
func (m *Map) Lens() Lens { return m.frame().lens() }

// Look looks at a part of the map.
func (m *Map) Look(at Lens) {
	if at != m.lens {
		m.lens = at
		m.changed()
	}
}

// Reset looks at all of the map.
func (m *Map) Reset() { m.Look(Lens{}) }

// frame puts the scene into the widget, in Fyne's units.
func (m *Map) frame() frame {
	size := m.Size()
	return newFrame(float64(size.Width), float64(size.Height), m.lens)
}

// changed says that what is painted is no longer right.
func (m *Map) changed() {
	m.version++
	m.Refresh()
}

// paint gives the image of hulls and marks; the one before where nothing changed.
func (m *Map) paint(width, height int) image.Image {
	of := painted{width, height, m.version}
	if m.kept != nil && m.keptOf == of {
		return m.kept
	}
	if m.kept == nil || m.kept.Rect.Dx() != width || m.kept.Rect.Dy() != height {
		m.kept = image.NewRGBA(image.Rect(0, 0, width, height))
	}
	density := 1.0
	if across := m.Size().Width; across >= 1 {
		density = float64(width) / float64(across)
	}
	m.painter.paint(m.kept, m.now, PaintOptions{Style: m.style, Ground: m.style.Colour(m.Ground), Lens: m.lens, Emphasis: m.emphasis, Density: density, sorting: m.sorting, only: m.only})
	m.keptOf = of
	return m.kept
}

// MinSize is Fyne's.
func (m *Map) MinSize() fyne.Size { return fyne.NewSize(leastWidth, leastHeight) }

// CreateRenderer is Fyne's.
func (m *Map) CreateRenderer() fyne.WidgetRenderer {
	r := &renderer{of: m, raster: canvas.NewRaster(m.paint), ring: canvas.NewRectangle(nil)}
	r.ring.StrokeColor, r.ring.StrokeWidth, r.ring.CornerRadius = m.style.Colour(look.Action), 2, look.Corner
	r.arrange()
	return r
}

type renderer struct {
	of      *Map
	raster  *canvas.Raster
	ring    *canvas.Rectangle
	version int
	objects []fyne.CanvasObject
	parts   []tagParts
}

func (r *renderer) Layout(size fyne.Size) {
	r.raster.Resize(size)
	r.ring.Resize(size)
	r.arrange()
}

// arrange puts the tags where the scene has them.
func (r *renderer) arrange() {
	m := r.of
	m.tags = m.placeTags()
	for len(r.parts) < len(m.tags) {
		r.parts = append(r.parts, newTagParts())
	}
	r.parts = r.parts[:len(m.tags)]
	r.ring.Hidden = !m.focused
	r.objects = append(r.objects[:0:0], r.raster)
	for i, p := range r.parts {
		p.show(m.tags[i], m)
		r.objects = append(r.objects, p.leader)
	}
	for _, p := range r.parts {
		r.objects = append(r.objects, p.pill, p.text)
	}
	r.objects = append(r.objects, r.ring)
}

func (r *renderer) MinSize() fyne.Size { return r.of.MinSize() }

func (r *renderer) Refresh() {
	r.arrange()
	if r.version != r.of.version {
		r.version = r.of.version
		r.raster.Refresh()
	}
	canvas.Refresh(r.of)
}

func (r *renderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *renderer) Destroy()                     { r.of.stop() }
