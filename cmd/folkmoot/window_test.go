package main_test

import (
	"encoding/json"
	"fmt"
	"image"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"folkmoot/app/look"
)

// story is a session from its first start to the pack, at the real program, by mouse and
// keys. Each part goes on where the one before ended.
type story struct {
	*desk
	title    string
	letters  []string // of the opinion groups
	pictures map[string]*image.RGBA
}

// deskArea is where the desk's window stands.
var deskArea = image.Rect(0, 0, 1280, 800)

// The list that is pasted, and what a phone writes.
const (
	sessionTitle = "社區公園更新討論"
	seedList     = "1. 公園裡應該多種一些大樹\n2. 兒童遊戲場要有遮陽\n3. 晚上的燈太亮了\n4. 狗可以不繫繩\n5. 停車場該改成草地\n6. 噴水池值得修好\n7. 週末應該封街\n8. 攤販可以進公園\n"
	seeds        = 8
	people       = 30
	goodOne      = "公園應該有飲水機"
	otherOne     = "隔壁的阿明很吵"
)

// TestWindow holds a session at the real program, and opens it again.
func TestWindow(t *testing.T) {
	screen, laptop := newScreen(t), newLaptop(t)
	s := &story{desk: openDesk(screen, laptop, look.Style{Lang: "en"}), title: sessionTitle, pictures: map[string]*image.RGBA{}}
	s.firstStart()
	s.pasteSession()
	s.emptySession()
	s.decide()
	s.rehearse()
	s.results()
	s.opinionMap()
	s.tables()
	s.wallModes()
	s.fullScreen()
	s.otherLanguage()
	s.keyboardHelp()
	s.pack()
	before := s.facts()
	t.Logf("FACTS %s", strings.Join(before, "/"))
	s.closeProgram()

	s.desk = openDesk(screen, laptop, s.style)
	s.choosesRehearsal()
	if after := s.facts(); !slices.Equal(before, after) {
		t.Errorf("after opening it again the desk shows\n%s\nbefore it showed\n%s", strings.Join(after, "\n"), strings.Join(before, "\n"))
	}
	s.crowd()
	s.closeProgram()
}

// take takes a picture of the desk. It holds the title, and differs from the one that
// was taken while there was nothing to see yet.
func (s *story) take(name, empty string, all ...holds) {
	s.t.Helper()
	all = append(all, s.writes(s.title))
	if empty != "" {
		all = append(all, differs(s.pictures[empty], deskArea))
	}
	s.pictures[name] = s.picture(name, deskArea, all...)
}

func (s *story) firstStart() {
	s.say("desk.none")
	s.say("desk.none_help")
	s.pictures["first"] = s.picture("first", deskArea, paints(deskArea, s.style.Colour(look.Paper)))
}

// pasteSession makes a session: the title is pasted, and the list.
func (s *story) pasteSession() {
	s.choose("desk.new")
	s.say("desk.title_help")
	s.pastes(s.title) // the field has the focus
	s.click(s.still(s.style.Say("desk.seeds_help")), 40)
	s.pastes(seedList)
	s.say("desk.seeds_found", look.Args{"N": seeds})
	s.picture("form", deskArea, differs(s.pictures["first"], deskArea))
	s.choose("desk.make")
	s.see(s.title)
}

// emptySession looks at all places before anybody came.
func (s *story) emptySession() {
	s.say("host.nobody")
	s.take("checkin-empty", "")
	s.key("3")
	s.say("map.missing")
	s.take("map-empty", "checkin-empty")
	s.key("4")
	s.say("host.no_plan")
	s.take("tables-empty", "map-empty")
	s.key("5")
	s.say("desk.pack")
	s.take("report-empty", "tables-empty")
	s.key("2")
	s.see("公園裡應該多種一些大樹")
	s.take("statements-empty", "report-empty")
}

// decide approves one of two statements of a phone, takes that back and does it again,
// and refuses the other with a reason.
func (s *story) decide() {
	s.choose("desk.look_first")
	s.choose("host.start_step", look.Args{"Step": s.style.Say("step.opinion")})
	s.say("host.close")
	p := joinPhone(s.t, s.base(), s.code())
	p.writes(goodOne)
	p.writes(otherOne)
	s.say("host.waiting_for_you", look.Args{"N": 2})
	s.take("statements-waiting", "statements-empty")
	s.pressBeside(goodOne, "host.approve")
	s.say("host.waiting_for_you", look.Args{"N": 1})
	s.choose("desk.undo_statement")
	s.say("host.waiting_for_you", look.Args{"N": 2})
	s.pressBeside(goodOne, "host.approve")
	s.say("host.waiting_for_you", look.Args{"N": 1})
	s.key("ctrl+z")
	s.say("host.waiting_for_you", look.Args{"N": 2})
	s.pressBeside(goodOne, "host.approve")
	s.say("host.live", look.Args{"N": seeds + 1})
	s.pressBeside(otherOne, "desk.not_now")
	s.say("host.not_now_reason")
	s.types("It names a neighbour")
	s.take("not-now", "statements-waiting")
	s.press(s.style.Say("host.not_now"))
	s.say("host.hidden", look.Args{"N": 1})
	s.until("the reason", func(seen []look.Sight) bool {
		s.wheel(500, 500) // what was refused stands at the end of the list
		return slices.ContainsFunc(seen, func(one look.Sight) bool { return strings.Contains(one.Text, "It names a neighbour") })
	})
	s.take("statements-decided", "statements-waiting")
}

// code gives the six digits.
func (d *desk) code() (code string) {
	d.t.Helper()
	digits := regexp.MustCompile(`^\d{3} \d{3}$`)
	d.until("the six digits", func(seen []look.Sight) bool {
		i := slices.IndexFunc(seen, func(one look.Sight) bool { return digits.MatchString(one.Text) })
		if i >= 0 {
			code = strings.ReplaceAll(seen[i].Text, " ", "")
		}
		return i >= 0
	})
	return code
}

// rehearse leaves the session, makes a copy to rehearse with, and lets people vote in it.
func (s *story) rehearse() {
	s.choose("desk.home")
	s.say("desk.leave_title")
	s.choose("desk.leave_go")
	s.take("home", "first")
	s.pressBeside(s.title, "desk.rehearse")
	s.say("desk.rehearsal_made")
	s.key("1")
	s.say("host.nobody")
	cmd := s.command("", "rehearse", "--url", s.base(), "--people", strconv.Itoa(people), "--minutes", "0.05", "--seed", "7", "--json")
	out, err := cmd.Output()
	if err != nil {
		s.t.Fatalf("rehearse: %v\n%s", err, out)
	}
	var report struct{ Acknowledged int }
	if err := json.Unmarshal(out, &report); err != nil || report.Acknowledged < 100 {
		s.t.Fatalf("rehearse: %v\n%s", err, out)
	}
	s.say("wall.received", look.Args{"N": report.Acknowledged})
	s.say("host.present", look.Args{"N": people})
	s.take("checkin", "checkin-empty")
}

func (s *story) results() {
	s.key("2")
	s.see("公園裡應該多種一些大樹")
	s.take("statements-voted", "statements-empty")
	s.choose("desk.show_results")
	s.say("desk.hide_results")
	s.take("results", "statements-voted")
}

func (s *story) opinionMap() {
	s.key("3")
	s.say("desk.how_title")
	working := s.style.Say("missing.working")
	s.until("groups that are worked out", func(seen []look.Sight) bool {
		s.letters = nil
		for _, one := range seen {
			if one.Kind == "button" && len(one.Text) == 1 && strings.Contains("ABCDE", one.Text) {
				s.letters = append(s.letters, one.Text)
			}
		}
		return len(s.letters) > 1 && !slices.ContainsFunc(seen, func(one look.Sight) bool { return strings.Contains(one.Text, working) })
	})
	s.take("map", "map-empty", paints(deskArea, groups(s.style, s.letters...)...))
	s.choose("host.show_title")
	s.say("desk.map_hide")
	s.take("map-shown", "map-empty", paints(deskArea, groups(s.style, s.letters...)...))
}

func (s *story) tables() {
	s.key("4")
	s.choose("host.plan")
	s.say("table.number", look.Args{"N": 1})
	s.take("tables", "tables-empty", paints(deskArea, groups(s.style, s.letters...)...))
	s.choose("host.announce")
	s.say("host.announce_title")
	s.choose("host.announce") // now the question's
	s.say("desk.take_tables_back")
	s.take("tables-announced", "tables")
}

// wallModes opens the wall's window beside the desk's, and goes through its modes.
func (s *story) wallModes() {
	s.key("w")
	title := s.style.Say("desk.wall_title")
	s.until("the wall's window", func([]look.Sight) bool {
		s.wall = s.screen.window("^" + title + "$")
		return s.wall != 0
	})
	s.screen.do("windowmove", "--sync", fmt.Sprint(s.wall), "1300", "0")
	s.screen.do("windowfocus", "--sync", fmt.Sprint(s.window))
	s.press(s.style.Say("host.wall"), inRail)
	s.say("host.wall_now")
	row := s.still(s.style.Say("host.mode_black"))
	among := func(one look.Sight) bool { return distance(one, row) < row.Height }
	wall := s.screen.area(s.wall)
	both := deskArea.Union(wall)
	dark := look.Style{Dark: true}
	before := s.picture("wall-before", both)
	for _, mode := range []string{"rules", "join", "clock", "statements", "map", "tables", "black"} {
		all := []holds{s.writes(s.title), differs(before, wall)}
		switch mode {
		case "map":
			all = append(all, paints(wall, groups(dark, s.letters...)...))
		case "black":
			all = append(all, black(wall))
		default:
			all = append(all, paints(wall, dark.Colour(look.Paper), dark.Colour(look.Ink)))
		}
		s.press(s.style.Say("host.mode_"+mode), among)
		before = s.picture("wall-"+mode, both, all...)
	}
	s.press(s.style.Say("host.mode_map"), among)
}

func inRail(one look.Sight) bool { return one.X < railEnd }

// fullScreen lets the wall fill the screen and come back, by the keys of who stands there.
func (s *story) fullScreen() {
	small := s.screen.area(s.wall)
	s.screen.do("windowfocus", "--sync", fmt.Sprint(s.wall))
	s.screen.do("mousemove", fmt.Sprint(small.Min.X+50), fmt.Sprint(small.Min.Y+50))
	whole := image.Rect(0, 0, screenWidth, screenHeight)
	s.key("w")
	s.until("the wall on the whole screen", func([]look.Sight) bool { return s.screen.area(s.wall) == whole })
	dark := look.Style{Dark: true}
	s.picture("wall-full", whole, paints(whole, groups(dark, s.letters...)...))
	s.key("Escape")
	s.until("the wall in its window", func([]look.Sight) bool { return s.screen.area(s.wall).Size() == small.Size() })
	s.screen.do("windowmove", "--sync", fmt.Sprint(s.wall), "1300", "0")
	s.screen.do("windowraise", fmt.Sprint(s.window))
	s.screen.do("windowfocus", "--sync", fmt.Sprint(s.window))
}

// otherLanguage changes language and theme while the session runs.
func (s *story) otherLanguage() {
	s.key("3")
	s.say("desk.map_title")
	s.choose("language.zh-Hant")
	s.style.Lang = "zh-Hant"
	s.say("desk.map_title")
	s.say("host.settings")
	s.take("map-zh", "map", paints(deskArea, groups(s.style, s.letters...)...))
	s.choose("desk.dark")
	s.style.Dark = true
	s.say("desk.light")
	s.take("map-dark", "map-zh", paints(deskArea, append(groups(s.style, "A", "B"), s.style.Colour(look.Paper), s.style.Colour(look.Card))...))
}

func (s *story) keyboardHelp() {
	s.key("question")
	s.say("host.keys_help")
	s.take("keys", "map-dark")
	s.key("Escape")
	s.seeNone(s.style.Say("host.keys_help"))
}

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
		{"1", s.style.Say("host.people_title", look.Args{"N": people}), 600}, // beside how many devices got through
		{"2", s.style.Say("desk.results"), railEnd},
		{"3", s.style.Say("desk.map_title"), railEnd},
		{"4", s.style.Say("host.seats"), railEnd},
	} {
		s.key(place.key)
		s.see(place.known)
		all = append(all, s.texts(func(one look.Sight) bool {
			return one.X > place.left && one.Text != s.style.Say("desk.rehearsal_made")
		})...)
	}
	return all
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
	s.seeNone(s.style.Say("host.people_title", look.Args{"N": people})) // others came
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
