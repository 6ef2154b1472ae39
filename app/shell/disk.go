package shell

import (
	"fyne.io/fyne/v2"

	"folkmoot/app/look"
	"folkmoot/app/readmodel"
)

// diskStrip says below the top line how the record's disk does, as long as it does not do
// well: it is no notice that one closes.
type diskStrip struct {
	Text *look.Text // nil while the disk does well

	style  look.Style
	said   string
	object *fyne.Container
}

func newDiskStrip(s look.Style) *diskStrip { return &diskStrip{style: s, object: look.Column(0)} }

// show says how the disk does, and whether that is another height than before.
func (d *diskStrip) show(disk *readmodel.Disk) bool {
	said := ""
	if t := disk.Trouble(); t != nil {
		said = d.style.Say(t.Key, t.Args)
	}
	if said == d.said {
		return false
	}
	d.said, d.Text, d.object.Objects = said, nil, nil
	if said != "" {
		d.Text = look.NewText(d.style, said, look.TextOptions{Role: look.OnWaiting})
		ground := look.Box(d.style.Colour(look.Waiting), d.style.Colour(look.WaitEdge), 0)
		d.object.Add(look.Stack(ground, look.Inset(4*look.Gap, 2*look.Gap, d.Text)))
	}
	return true
}
