package mapview

import (
	"image/color"

	"folkmoot/app/look"
	"folkmoot/app/readmodel"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
)

// leastText is the size under which a tag says the letter alone: anything smaller
// cannot be read from a chair.
const leastText float32 = 10

// deskText is the size of tags where nobody asks for another.
const deskText = look.Body - 1

// Room around a tag's text, as shares of its size.
const tagSide, tagTop = 0.65, 0.12

// tagLift is how far the text is lifted, as a share of its size: the typeface has more
// room above its letters than below.
const tagLift = 0.07

// tag is a group's label as it is shown: a pill with a text, and a leader to its hull.
type tag struct {
	group, text string
	size        float32 // of the text
	at          fyne.Position
	box         fyne.Size
	end         fyne.Position // of the leader
	led         bool          // the leader is to be seen
}

// placeTags gives the tags that are to be seen. Tags keep their size when the map is
// enlarged, and stay at its edge as long as anything of their hull is to be seen.
func (m *Map) placeTags() []tag {
	f := m.frame()
	texts, size := m.tagTexts()
	var tags []tag
	for i, l := range m.now.labels {
		if f.zoom > 1 && !m.sees(l.Group) {
			continue
		}
		t := tag{group: l.Group, text: texts[i], size: size, box: tagBox(texts[i], size)}
		x, y := f.at(l.X, l.Y)
		t.at = fyne.NewPos(between(float32(x)-t.box.Width/2, m.Size().Width-t.box.Width), between(float32(y)-t.box.Height/2, m.Size().Height-t.box.Height))
		x, y = f.at(l.AX, l.AY)
		t.end = fyne.NewPos(float32(x), float32(y))
		t.led = x >= 0 && y >= 0 && x <= f.width && y <= f.height
		tags = append(tags, t)
	}
	return tags
}

func between(at, most float32) float32 { return max(0, min(at, most)) }

// sees says whether anything of a group's hull may be in sight.
func (m *Map) sees(group string) bool {
	f := m.frame()
	i := indexOfHull(m.now.hulls, group)
	if i < 0 {
		return false
	}
	left, top := f.back(0, 0)
	right, bottom := f.back(f.width, f.height)
	low, high := m.now.hulls[i].Points[0], m.now.hulls[i].Points[0]
	for _, p := range m.now.hulls[i].Points {
		low = [2]float64{min(low[0], p[0]), min(low[1], p[1])}
		high = [2]float64{max(high[0], p[0]), max(high[1], p[1])}
	}
	return low[0] < right && high[0] > left && low[1] < bottom && high[1] > top
}

// tagTexts gives what stands on the tags, and the size for all of them: as large as
// wanted, or as the room that the scene keeps for a tag has place for.
func (m *Map) tagTexts() ([]string, float32) {
	room := m.tagRoom()
	full, short := make([]string, len(m.now.labels)), make([]string, len(m.now.labels))
	for i, l := range m.now.labels {
		full[i], short[i] = m.style.Say("map.label", look.Args{"Letter": l.Group, "N": l.People}), l.Group
	}
	wanted := deskText
	if m.TextShare > 0 {
		wanted = max(leastText, m.TextShare*m.Size().Height)
	}
	for size := wanted; size >= leastText; size -= 0.5 {
		if fits(full, size, room) {
			return full, size
		}
	}
	return short, leastText
}

// tagRoom is the room that the scene keeps for a tag, in Fyne's units.
func (m *Map) tagRoom() fyne.Size {
	size := m.Size()
	whole := newFrame(float64(size.Width), float64(size.Height), Lens{})
	return fyne.NewSize(float32(readmodel.LabelWidth*whole.scale), float32(readmodel.LabelHeight*whole.scale))
}

func fits(texts []string, size float32, room fyne.Size) bool {
	for _, text := range texts {
		if box := tagBox(text, size); box.Width > room.Width || box.Height > room.Height {
			return false
		}
	}
	return true
}

func tagBox(text string, size float32) fyne.Size {
	box := look.MeasureText(text, size, true)
	return box.Add(fyne.NewSize(2*tagSide*size, 2*tagTop*size))
}

// tagParts are the canvas objects of a tag.
type tagParts struct {
	leader *canvas.Line
	pill   *canvas.Rectangle
	text   *canvas.Text
}

func newTagParts() tagParts {
	p := tagParts{canvas.NewLine(color.Black), canvas.NewRectangle(color.Black), canvas.NewText("", color.Black)}
	p.text.TextStyle, p.text.Alignment = fyne.TextStyle{Bold: true}, fyne.TextAlignCenter
	return p
}

// show puts the parts where a tag stands. A tag of a group that steps back, and
// all where colours say something else, have an edge in their colour only.
func (p tagParts) show(t tag, m *Map) {
	fill, ink := m.style.Group(t.group), m.style.OnGroup()
	p.pill.StrokeColor, p.pill.StrokeWidth = fill, 0
	if dims(m.emphasis, t.group) || m.sorting != nil {
		fill, ink = m.style.Colour(m.Ground), fill
		p.pill.StrokeWidth = 1
	}
	p.pill.FillColor, p.pill.CornerRadius = fill, t.box.Height/2
	p.pill.Move(t.at)
	p.pill.Resize(t.box)
	p.text.Text, p.text.TextSize, p.text.Color = t.text, t.size, ink
	p.text.Move(t.at.SubtractXY(0, tagLift*t.size))
	p.text.Resize(t.box)
	p.leader.StrokeColor, p.leader.StrokeWidth = m.style.Group(t.group), max(1, t.size/11)
	p.leader.Hidden = !t.led
	p.leader.Position1 = t.at.Add(fyne.NewDelta(t.box.Width/2, t.box.Height/2))
	p.leader.Position2 = t.end
}
