package shell

import (
	"context"
	"strconv"
	"strings"

	"folkmoot/app/look"
	"folkmoot/app/readmodel"
)

// usualBadges is how many badges are offered to be printed.
const usualBadges = 30

// askBadges asks how many badges to print, and says what they change.
func (r *room) askBadges() {
	s := r.shell.style
	count := newEntry(1)
	count.SetText(strconv.Itoa(usualBadges))
	a := asked{title: s.Say("desk.badges_title"), entry: count, does: s.Say("desk.badges_go")}
	a.lines = []string{s.Say("desk.badges_help"), s.Say("desk.badges_where", look.Args{"Folder": r.report.Folder.Text})}
	if addresses := r.sheet.Venue.Addresses; len(addresses) > 0 && !r.sheet.Venue.Alone {
		a.lines = append(a.lines, s.Say("desk.badges_address", look.Args{"Address": addresses[0]}))
	}
	if r.sheet.Wall.Badges {
		a.body = look.Wrap(0, look.NewButton(s, s.Say("desk.badges_off"), look.Outline, func() {
			r.shell.closeQuestion()
			r.act(readmodel.Act{Act: "badges"})
		}))
	}
	a.act = func() { r.shell.room.printBadges(a, count.Text) }
	r.shell.ask(a)
}

// printBadges writes the file. Where that does not work the question comes back and says
// why; else the band says where the file is.
func (r *room) printBadges(a asked, typed string) {
	count, err := strconv.Atoi(strings.TrimSpace(typed))
	if err != nil {
		count = 0 // which is refused with the sentence for it
	}
	session, s := r.session, r.shell
	wish := readmodel.BadgeWish{Count: count, Folder: strings.TrimSpace(r.report.Folder.Text)}
	s.work(func(ctx context.Context) func() {
		done, err := session.Badges(ctx, wish)
		return func() {
			if err != nil {
				a.note = wordsOf(s.style, err)
				s.ask(a)
				return
			}
			s.band.say(notice{text: inWords("desk.badges_done", look.Args{"First": done.First, "Last": done.Last}), name: inWords("desk.open_folder"),
				act: func() { s.openFolder(done.Folder) }, stays: true})
		}
	})
}
