package screen

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"folkmoot/app/look"
	"folkmoot/app/mapview"
	"folkmoot/app/readmodel"
)

// opinionMap draws the map, or what it still lacks, and at its right how to take part.
func (w *Wall) opinionMap(p *wallPen, a wallArea) {
	left := a
	if w.sheet.Code != "" {
		left.w -= (wallCornerWidth + 2) * p.rem
		w.corner(p, wallArea{a.x + a.w - wallCornerWidth*p.rem, a.y, wallCornerWidth * p.rem, a.h})
	}
	shown := w.sheet.Map
	if shown == nil || shown.Scene == nil || len(shown.Scene.Marks) == 0 {
		p.empty(left, p.say("map.missing"), wallMissingSaid(p, shown)...)
		return
	}
	left = p.unsure(shown.Light, left)
	if !shown.GroupsFound {
		none := p.fit(p.say("map.none"), 1.3, left.w, 5*p.rem, wallInk{role: look.Quiet})
		p.put(none, fyne.TextAlignCenter, wallArea{left.x, left.y + left.h - none.height, left.w, none.height})
		left.h -= none.height + 0.4*p.rem
	}
	if key := mapUncertain(shown.Scene); key != "" {
		legend := p.fit(p.say(key), 1, left.w, 4*p.rem, wallInk{role: look.Quiet})
		p.put(legend, fyne.TextAlignCenter, wallArea{left.x, left.y + left.h - legend.height, left.w, legend.height})
		left.h -= legend.height + 0.4*p.rem
	}
	p.add(w.painted(p), left)
	p.add(newWallShield(), left)
	if shown.GroupsFound {
		p.tags(shown.Scene, left)
	}
}

// unsure says above a map that it is not to be trusted yet, and gives the area that is left:
// no mark lies below it.
func (p *wallPen) unsure(light readmodel.Light, a wallArea) wallArea {
	var said wallSaid
	switch light {
	case readmodel.Amber:
		said = p.say("desk.map_amber")
	case readmodel.Red:
		said = p.say("desk.map_red")
	default:
		return a
	}
	b := p.fit(said, 1.3, a.w, 5*p.rem, wallInk{role: look.OnWaiting})
	high := b.height + 2*wallBadgeTop*p.rem
	p.badge(b, a.x, a.y, high)
	high += 0.4 * p.rem
	return wallArea{a.x, a.y + high, a.w, a.h - high}
}

// wallMissingSaid says what a map lacks that was shown before there was one.
func wallMissingSaid(p *wallPen, shown *readmodel.MapForRoom) []wallSaid {
	if shown == nil {
		return nil
	}
	var said []wallSaid
	for _, one := range shown.Missing {
		args := look.Args{}
		for name, value := range one.Args {
			args[name] = value
		}
		said = append(said, p.say(one.ID, args))
	}
	if len(said) == 0 {
		said = append(said, p.say("missing.other"))
	}
	return said
}

// painted gives the map without its labels.
func (w *Wall) painted(p *wallPen) *mapview.Map {
	if w.opinions == nil || w.mapLang != p.style.Lang {
		w.opinions, w.mapLang, w.scene = mapview.New(p.style), p.style.Lang, nil
	}
	if scene := w.sheet.Map.Scene; scene != w.scene {
		w.scene = scene
		w.opinions.SetScene(wallUnlabelled(scene, w.sheet.Map.GroupsFound), true)
	}
	w.opinions.Reset()
	return w.opinions
}

// wallShield lies over the map, which on a wall nobody enlarges: its labels would stay
// where they are.
type wallShield struct{ widget.BaseWidget }

func newWallShield() *wallShield {
	s := &wallShield{}
	s.ExtendBaseWidget(s)
	return s
}

// Scrolled is Fyne's.
func (*wallShield) Scrolled(*fyne.ScrollEvent) {}

// Dragged and DragEnd are Fyne's.
func (*wallShield) Dragged(*fyne.DragEvent) {}
func (*wallShield) DragEnd()                {}

// CreateRenderer is Fyne's.
func (*wallShield) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(canvas.NewRectangle(color.Transparent))
}

// wallUnlabelled gives a scene without labels, since those of a wall are larger than the
// room that the scene keeps for them; and without groups where none were found.
func wallUnlabelled(scene *readmodel.Scene, grouped bool) *readmodel.Scene {
	bare := &readmodel.Scene{Marks: scene.Marks, Hulls: scene.Hulls}
	if !grouped {
		bare.Hulls, bare.Marks = nil, append([]readmodel.Mark(nil), scene.Marks...)
		for i := range bare.Marks {
			bare.Marks[i].Group = ""
		}
	}
	return bare
}

// The measures of a tag, in sizes of its text.
const (
	wallTagSize = 1.33
	wallTagSide = 0.65
	wallTagTop  = 0.1
	wallTagStep = 0.5 // between the places that are tried, in rems
)

// wallTag is a group's label.
type wallTag struct {
	group string
	text  wallBlock
	box   wallArea
	end   fyne.Position // of the leader
}

// tags draws the groups' labels, as large as they find places where they cover no mark.
func (p *wallPen) tags(scene *readmodel.Scene, a wallArea) {
	ground := newWallTagGround(scene, a, p.rem)
	var tags []wallTag
	wallLargest(wallTagSize, 1, func(size float32) bool {
		var free bool
		tags, free = p.placeTags(scene, ground, size)
		return free
	})
	for _, tag := range tags {
		line := canvas.NewLine(p.style.Group(tag.group))
		line.StrokeWidth = 0.08 * p.rem
		line.Position1 = fyne.NewPos(tag.box.x+tag.box.w/2, tag.box.y+tag.box.h/2)
		line.Position2 = tag.end
		p.objects = append(p.objects, line)
	}
	for _, tag := range tags {
		p.box(p.style.Group(tag.group), nil, tag.box.h/2, tag.box)
		text := tag.text.lines[0]
		drawn := canvas.NewText(text.text, p.style.OnGroup())
		drawn.TextSize, drawn.TextStyle.Bold = text.size, true
		p.add(drawn, wallArea{tag.box.x + (tag.box.w-text.width)/2, tag.box.y + (tag.box.h-text.height)/2, text.width, text.height})
	}
}

// placeTags gives each label the best of the places tried, and whether all cover nothing.
func (p *wallPen) placeTags(scene *readmodel.Scene, ground wallTagGround, size float32) (tags []wallTag, free bool) {
	free = true
	var taken []wallArea
	for _, label := range scene.Labels {
		tag := wallTag{group: label.Group, end: ground.at(label.AX, label.AY)}
		tag.text = p.single(p.style.Say("map.label", look.Args{"Letter": label.Group, "N": label.People}), size, wallInk{bold: true})
		tag.box.w, tag.box.h = tag.text.width+2*wallTagSide*size*p.rem, tag.text.height+2*wallTagTop*size*p.rem
		var cost float32
		tag.box, cost = ground.best(fyne.NewSize(tag.box.w, tag.box.h), ground.at(label.X, label.Y), tag.end, taken)
		free = free && cost < wallCoveredCost*p.rem
		taken = append(taken, tag.box)
		tags = append(tags, tag)
	}
	return tags, free
}
