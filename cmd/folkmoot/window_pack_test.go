package main_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"folkmoot/app/look"
)

// pack writes the pack into a folder whose name is typed.
func (s *story) pack() {
	folder := filepath.Join(s.home, "results")
	s.key("5")
	s.press("CC BY 4.0")
	s.click(s.still(s.style.Say("desk.pack_where")), 36)
	s.key("ctrl+a")
	s.types(folder)
	s.choose("desk.write_pack")
	var packed string
	s.until("the pack's folder", func(seen []look.Sight) bool {
		i := slices.IndexFunc(seen, func(one look.Sight) bool { return strings.HasPrefix(one.Text, folder) })
		if i >= 0 {
			packed = seen[i].Text
		}
		return i >= 0
	})
	s.still(s.style.Say("desk.open_folder"))
	s.take("pack", "map-dark")
	for _, part := range []string{"public", "private"} {
		if _, err := os.Stat(filepath.Join(packed, part, "SHA256SUMS")); err != nil {
			s.t.Error(err)
		}
	}
	if out, err := s.command("", "verify", packed).CombinedOutput(); err != nil {
		s.t.Errorf("verify: %v\n%s", err, out)
	}
	pages, err := filepath.Glob(filepath.Join(packed, "public", "*.html"))
	if err != nil || len(pages) == 0 {
		s.t.Fatalf("no page in the pack: %v %v", pages, err)
	}
	if page, err := os.ReadFile(pages[0]); err != nil || !strings.Contains(string(page), s.title) {
		s.t.Errorf("%s does not hold the title (%v)", pages[0], err)
	}
}

// tall is how high the desk's window is made to see a whole list at once.
const tall = 1500

// facts gives what the desk shows of the session's people, statements, map and tables.
func (s *story) facts() []string {
	s.t.Helper()
	s.screen.do("windowsize", "--sync", fmt.Sprint(s.window), fmt.Sprint(deskArea.Dx()), fmt.Sprint(tall))
	all := []string{}
	for _, place := range []struct {
		key, known string
		left       float32 // where the part begins that stays the same
	}{
		{"1", s.style.Say("host.devices_title", look.Args{"N": people}), 600}, // beside how many devices got through
		{"2", s.style.Say("desk.new_ones"), railEnd},
		{"3", s.style.Say("desk.how_title"), railEnd},
		{"4", s.style.Say("host.seats"), railEnd},
	} {
		s.key(place.key)
		s.see(place.known)
		all = append(all, s.texts(func(one look.Sight) bool {
			// Neither the clock at the top nor the line at the bottom, which tell of now.
			return one.X > place.left && one.Y > 60 && !s.fleeting(one.Text)
		})...)
	}
	return all
}

// fleeting says whether a text is that of the line at the bottom, which tells of now.
func (s *story) fleeting(text string) bool {
	taken, _, _ := strings.Cut(s.style.Say("desk.undo_takes", look.Args{"What": "|"}), "|")
	return text == s.style.Say("desk.rehearsal_made") || text == s.style.Say("desk.safe") || strings.HasPrefix(text, taken)
}

// texts gives the texts of a part of the window once they stay the same.
func (d *desk) texts(in where) (now []string) {
	d.t.Helper()
	var since time.Time
	d.until("texts that stay", func(seen []look.Sight) bool {
		before := now
		now = nil
		for _, one := range seen {
			if one.Kind == "text" && in(one) {
				now = append(now, one.Text)
			}
		}
		slices.Sort(now)
		if !slices.Equal(before, now) {
			since = time.Now()
		}
		return time.Since(since) > 2*settle
	})
	return now
}

// closeProgram closes the window by its close button, and agrees to close it while a step runs.
func (s *story) closeProgram() {
	s.screen.x.closeWindow(s.window)
	s.say("desk.quit_title")
	s.choose("desk.quit_go")
	s.ends()
}

// crowd lets the desk's own pretend people vote, and stops them.
func (s *story) crowd() {
	s.key("1")
	s.choose("desk.crowd", look.Args{"N": strconv.Itoa(people)})
	s.say("desk.crowd_runs")
	s.seeNone(s.style.Say("host.devices_title", look.Args{"N": people})) // others came
	s.choose("desk.stop")
	s.seeNone(s.style.Say("desk.crowd_runs"))
}

// choosesRehearsal opens the copy from the list of sessions.
func (s *story) choosesRehearsal() {
	s.take("home-again", "home")
	s.pressBeside(s.style.Say("notice.rehearsal"), "desk.open")
	s.say("desk.rehearsal_made")
	s.key("3")
	s.take("map-again", "map-empty", paints(deskArea, groups(s.style, s.letters...)...))
}
