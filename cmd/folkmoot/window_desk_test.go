package main_test

import (
	"encoding/json"
	"fmt"
	"image"
	"math"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"folkmoot/app/look"
)

// desk is the program's window as who sits before it has it: what stands on it, a mouse,
// keys. All texts are those of the style.
type desk struct {
	*running
	screen *screen
	style  look.Style
	window uint32
	wall   uint32 // 0 while it is not open
}

// openDesk starts the program and waits for its window.
func openDesk(s *screen, l *laptop, style look.Style, args ...string) *desk {
	l.t.Helper()
	d := &desk{running: l.start(s.name, args...), screen: s, style: style}
	d.until("the desk's window", func([]look.Sight) bool {
		d.window = s.window("Folkmoot$")
		return d.window != 0
	})
	s.do("windowfocus", "--sync", fmt.Sprint(d.window))
	return d
}

// sights gives what stands on the desk's window, the newest last.
func (d *desk) sights() []look.Sight {
	data, err := os.ReadFile(d.trace())
	if os.IsNotExist(err) { // it has only just begun
		return nil
	}
	var seen []look.Sight
	if err == nil {
		err = json.Unmarshal(data, &seen)
	}
	if err != nil {
		d.t.Fatal(err)
	}
	return seen
}

// until waits until what is seen is as it must be.
func (d *desk) until(what string, met func(seen []look.Sight) bool) {
	d.t.Helper()
	ended := false
	if wait(func() bool {
		select {
		case <-d.ended:
			ended = true
			return true
		default:
			return met(d.sights())
		}
	}) && !ended {
		return
	}
	texts := []string{}
	for _, one := range d.sights() {
		texts = append(texts, fmt.Sprintf("%s %q at %.0f, %.0f", one.Kind, one.Text, one.X, one.Y))
	}
	keep(d.t, "window-failed", d.screen.x.see(image.Rect(0, 0, screenWidth, screenHeight)))
	d.t.Fatalf("waited for %s in vain (the program ended: %v). On the window stand:\n%s\nThe program said:\n%s", what, ended, strings.Join(texts, "\n"), d.said())
}

// where narrows which of several sights is meant.
type where func(look.Sight) bool

// find gives the newest sight with a text.
func find(seen []look.Sight, text string, at ...where) (look.Sight, bool) {
	for _, one := range slices.Backward(seen) {
		if one.Text == text && !slices.ContainsFunc(at, func(in where) bool { return !in(one) }) {
			return one, true
		}
	}
	return look.Sight{}, false
}

// see waits for a text and gives where it stands.
func (d *desk) see(text string, at ...where) (found look.Sight) {
	d.t.Helper()
	d.until(strconv.Quote(text), func(seen []look.Sight) (ok bool) {
		found, ok = find(seen, text, at...)
		return ok
	})
	return found
}

// say is see for a text of the catalogue.
func (d *desk) say(key string, args ...look.Args) look.Sight {
	d.t.Helper()
	return d.see(d.style.Say(key, args...))
}

// seeNone waits until a text is gone.
func (d *desk) seeNone(text string, at ...where) {
	d.t.Helper()
	d.until("no "+strconv.Quote(text), func(seen []look.Sight) bool {
		_, ok := find(seen, text, at...)
		return !ok
	})
}

// settle is how long a place must stay the same before a hand goes there: windows are
// laid out in several steps. It is longer than the trace takes to tell (shell.traceEvery).
const settle = 250 * time.Millisecond

// still waits until a text stands still in sight, scrolling to it where it must.
func (d *desk) still(text string, at ...where) look.Sight {
	d.t.Helper()
	var last look.Sight
	var since time.Time
	d.until(strconv.Quote(text)+", standing still", func(seen []look.Sight) bool {
		found, ok := find(seen, text, at...)
		if !ok || found.Kind == "disabled" || found != last {
			last, since = found, time.Now()
			return false
		}
		if time.Since(since) < settle {
			return false
		}
		if height := d.screen.area(d.window).Dy(); found.Y+found.Height/2 > float32(height) {
			d.wheelOverText(seen, float32(height))
			return false
		}
		return true
	})
	return last
}

// wheelOverText scrolls down with the mouse over the lowest text in sight: fields keep the
// wheel for themselves.
func (d *desk) wheelOverText(seen []look.Sight, height float32) {
	d.t.Helper()
	var over look.Sight
	for _, one := range seen {
		if one.Kind == "text" && one.X > railEnd && one.Y > over.Y && one.Y+one.Height < height {
			over = one
		}
	}
	d.wheel(over.X-over.Width/2+2, over.Y)
}

// railEnd is where the agenda ends at the left.
const railEnd = 196

// wheel scrolls down what lies at a place.
func (d *desk) wheel(x, y float32) {
	d.t.Helper()
	d.screen.do("mousemove", "--window", fmt.Sprint(d.window), fmt.Sprint(int(x)), fmt.Sprint(int(y)), "click", "--repeat", "5", "5")
}

// press presses the newest button of a name.
func (d *desk) press(name string, at ...where) {
	d.t.Helper()
	d.click(d.still(name, append(at, func(one look.Sight) bool { return one.Kind != "text" })...), 0)
}

// choose is press for a name of the catalogue.
func (d *desk) choose(key string, args ...look.Args) {
	d.t.Helper()
	d.press(d.style.Say(key, args...))
}

// pressBeside presses the button of a name that stands nearest to a text's height: the
// one in the same row.
func (d *desk) pressBeside(text, key string) {
	d.t.Helper()
	name, row := d.style.Say(key), d.still(text, func(one look.Sight) bool { return one.Kind == "text" })
	nearest := float32(math.Inf(1))
	for _, one := range d.sights() {
		if one.Kind == "button" && one.Text == name {
			nearest = min(nearest, distance(one, row))
		}
	}
	d.press(name, func(one look.Sight) bool { return distance(one, row) == nearest })
}

func distance(a, b look.Sight) float32 { return max(a.Y-b.Y, b.Y-a.Y) }

// click clicks below the middle of what was seen.
func (d *desk) click(at look.Sight, below int) {
	d.t.Helper()
	d.screen.do("mousemove", "--window", fmt.Sprint(d.window), fmt.Sprint(int(at.X-at.Width/2+min(at.Width/2, 24))), fmt.Sprint(int(at.Y)+below), "click", "1")
}

// key presses keys, one after the other.
func (d *desk) key(keys ...string) {
	d.t.Helper()
	d.screen.do(append([]string{"key"}, keys...)...)
}

// types types a text into the field that has the focus.
func (d *desk) types(text string) {
	d.t.Helper()
	d.screen.do("type", "--delay", "10", text)
}

// pastes puts a text into the field that has the focus: Chinese is pasted, since no
// keyboard of a pretend display has it.
func (d *desk) pastes(text string) {
	d.t.Helper()
	d.screen.copies(text)
	d.screen.do("key", "ctrl+v")
}

// code gives the six digits.
func (d *desk) code() (code string) {
	d.t.Helper()
	digits := regexp.MustCompile(`\b(\d{3}) (\d{3})$`)
	d.until("the six digits", func(seen []look.Sight) bool {
		for _, one := range seen {
			if found := digits.FindStringSubmatch(one.Text); found != nil {
				code = found[1] + found[2]
			}
		}
		return code != ""
	})
	return code
}
