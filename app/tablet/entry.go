package tablet

import (
	"fmt"
	"strings"

	"fyne.io/fyne/v2"

	"folkmoot/app/look"
	"folkmoot/app/readmodel"
)

// welcome is the first screen of a session on this tablet.
func (w *Window) welcome() fyne.CanvasObject {
	return w.lone(w.title(w.say("tablet.welcome")), w.text(w.say("tablet.welcome_help")),
		w.button(w.say("tablet.welcome_go"), filled, readmodel.Touch{Kind: readmodel.TouchJoin}), w.otherSession())
}

// hand is the curtain between two people.
func (w *Window) hand() fyne.CanvasObject {
	return w.lone(w.title(w.say("hand.title")), w.text(w.say("hand.help")),
		w.button(w.say("hand.go"), filled, readmodel.Touch{Kind: readmodel.TouchJoin}), w.otherSession())
}

func (w *Window) otherSession() *Press {
	return w.button(w.say("tablet.other"), plain, readmodel.Touch{Kind: readmodel.TouchLeave})
}

// move asks whether a badge that is in use elsewhere comes here.
func (w *Window) move() fyne.CanvasObject {
	return w.lone(w.title(w.say("tablet.move")), w.text(w.say("badge.move_help")),
		w.button(w.say("badge.move_go"), filled, readmodel.Touch{Kind: readmodel.TouchMove}),
		w.button(w.say("badge.move_stay"), plain, readmodel.Touch{Kind: readmodel.TouchStay}))
}

// badgeKeys are the characters of badges: no I, L, O and U, which are misread.
const badgeKeys = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// badgeLength is how many characters a badge has.
const badgeLength = 10

// badgePad takes the ten characters of a badge by keys that need no keyboard of the system.
func (w *Window) badgePad() fyne.CanvasObject {
	shown := w.single("", look.TextOptions{Size: 34, Bold: true, Align: fyne.TextAlignCenter})
	missing := look.NewText(w.style, "", look.TextOptions{Size: smallSize, Align: fyne.TextAlignCenter})
	draw := func() {
		shown.Set(spelled(w.badge))
		left := badgeLength - len(w.badge)
		missing.Set("")
		if w.tried && left > 0 {
			missing.Set(w.say("badge.short", look.Args{"N": left}))
		}
	}
	draw()
	press := func(text string) {
		w.touch(readmodel.Touch{Kind: readmodel.TouchAny})
		w.badge, w.tried = text, false
		draw()
	}
	var keys []fyne.CanvasObject
	for _, c := range badgeKeys {
		b := w.press(string(c), choice, func() {
			if len(w.badge) < badgeLength {
				press(w.badge + string(c))
			}
		})
		b.size, b.least = 24, target
		keys = append(keys, b)
	}
	back := w.press(w.say("tablet.badge_left"), outline, func() { press(w.badge[:max(0, len(w.badge)-1)]) })
	goOn := w.press(w.say("pad.go"), filled, w.meant(func() {
		w.tried = true
		draw()
		if len(w.badge) == badgeLength {
			w.touch(readmodel.Touch{Kind: readmodel.TouchBadge, Text: w.badge})
		}
	}))
	return look.Middle(page, w.card(w.title(w.say("badge.title")), w.quiet(w.say("tablet.badge_help")), shown, missing,
		columnsOf(8, 52, 2*look.Gap, keys...), pair(back, goOn), w.otherSession()))
}

// spelled gives the characters that were typed, and a place for each that is missing.
func spelled(badge string) string {
	all := badge + strings.Repeat("_", badgeLength-len(badge))
	return fmt.Sprintf("%s %s", strings.Join(strings.Split(all[:5], ""), " "), "  "+strings.Join(strings.Split(all[5:], ""), " "))
}

func lines(text string) []string {
	var all []string
	for line := range strings.SplitSeq(text, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			all = append(all, line)
		}
	}
	return all
}
