package main_test

import (
	"encoding/json"
	"image"
	"slices"
	"strconv"
	"strings"
	"testing"

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
	laptop, screen := newLaptop(t), newScreen(t)
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
	all = append(all, s.draws(s.title))
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
	s.choose("host.undo")
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
	s.key("2")
	s.choose("host.start_step", look.Args{"Step": s.style.Say("step.opinion")})
	s.say("text.dotted", look.Args{"First": s.style.Say("desk.runs_now"), "Second": s.style.Say("host.minutes", look.Args{"N": 20})})
	s.key("1")
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
	s.choose("desk.show_go")
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
	s.choose("desk.show_go")
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
	s.take("map-dark", "map-zh", paints(deskArea, append(groups(s.style, s.letters...), s.style.Colour(look.Paper), s.style.Colour(look.Card))...))
}

func (s *story) keyboardHelp() {
	s.key("question")
	s.say("host.keys_help")
	s.take("keys", "map-dark")
	s.key("Escape")
	s.seeNone(s.style.Say("host.keys_help"))
}
