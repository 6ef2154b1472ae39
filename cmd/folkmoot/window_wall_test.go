package main_test

import (
	"fmt"
	"image"

	"folkmoot/app/look"
)

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
		all := []holds{s.draws(s.title), differs(before, wall)}
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
