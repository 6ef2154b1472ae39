package shell_test

import (
	"flag"
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"folkmoot/app/readmodel/readmodeltest"
	"folkmoot/app/shell"
)

var pictures = flag.String("pictures", "", "folder to write a picture of every screen into")

// sizes are the windows that everything must fit into.
var sizes = []fyne.Size{{Width: 1024, Height: 700}, {Width: 1280, Height: 800}, {Width: 2560, Height: 1440}}

// places are the screens of a session, by the key or the button that leads there.
var places = []struct {
	name string
	go_  func(t *testing.T, s *shell.Shell, lang string)
}{
	{"checkin", func(_ *testing.T, s *shell.Shell, _ string) { press(s, key(1)) }},
	{"statements", func(_ *testing.T, s *shell.Shell, _ string) { press(s, key(2)) }},
	{"map", func(_ *testing.T, s *shell.Shell, _ string) { press(s, key(3)) }},
	{"tables", func(_ *testing.T, s *shell.Shell, _ string) { press(s, key(4)) }},
	{"report", func(_ *testing.T, s *shell.Shell, _ string) { press(s, key(5)) }},
	{"wall", func(t *testing.T, s *shell.Shell, lang string) { tap(t, s, say(lang, "host.wall")) }},
	{"settings", func(t *testing.T, s *shell.Shell, lang string) { tap(t, s, say(lang, "host.settings")) }},
}

func press(s *shell.Shell, name fyne.KeyName) {
	s.Window().Canvas().OnTypedKey()(&fyne.KeyEvent{Name: name})
}

// states are the five in which each screen can be.
var states = []struct {
	name string
	room func(testing.TB) *readmodeltest.Room
	into func(s *shell.Shell, f *fake)
	want string // a key of what must be read, "" for nothing more
}{
	{"empty", func(t testing.TB) *readmodeltest.Room { return newRoom(t, "河岸") }, func(*shell.Shell, *fake) {}, ""},
	{"working", func(t testing.TB) *readmodeltest.Room { return fullRoom(t, 12) }, func(s *shell.Shell, _ *fake) { s.Working("desk.working") }, "desk.working"},
	{"right", func(t testing.TB) *readmodeltest.Room { return fullRoom(t, 48) }, func(*shell.Shell, *fake) {}, ""},
	{"away", func(t testing.TB) *readmodeltest.Room { return fullRoom(t, 48) }, func(_ *shell.Shell, f *fake) {
		f.session.venue.Alone = true
		f.session.push()
	}, "desk.network_alone"},
	{"wrong", func(t testing.TB) *readmodeltest.Room { return fullRoom(t, 48) }, func(s *shell.Shell, f *fake) {
		f.session.fails = errDisk
		press(s, fyne.KeyQ)
	}, "desk.disk_full"},
}

// TestScreens shows every screen in its five states, in both languages and themes and
// three sizes: nothing is clipped, nothing lies over anything, one button is filled.
func TestScreens(t *testing.T) {
	for _, lang := range []string{"zh-Hant", "en"} {
		for _, state := range states {
			for _, dark := range []bool{false, true} {
				t.Run(fmt.Sprintf("%s-%s-dark=%v", state.name, lang, dark), func(t *testing.T) {
					s, f := inSession(t, lang, dark, state.room(t))
					state.into(s, f)
					if state.name == "right" && !dark {
						s.Window().Canvas().(test.WindowlessCanvas).SetScale(2) // a screen of twice as many pixels
					}
					for _, place := range places {
						for i, size := range sizes {
							if dark && i != 1 {
								continue // a colour has no size
							}
							s.Window().Resize(size)
							place.go_(t, s, lang)
							for _, line := range blemishes(s.Window()) {
								t.Errorf("%s at %.0f: %s", place.name, size.Width, line)
							}
							if state.want != "" && !strings.Contains(drawn(s), say(lang, state.want)) {
								t.Errorf("%s: nothing says %q", place.name, say(lang, state.want))
							}
							picture(t, s, fmt.Sprintf("desk-%s-%s-%s-%.0fx%.0f", place.name, state.name, lang, size.Width, size.Height), dark)
						}
					}
				})
			}
		}
	}
}

// picture writes what a window shows, where -pictures says where to.
func picture(t *testing.T, s *shell.Shell, name string, dark bool) {
	t.Helper()
	if *pictures == "" {
		return
	}
	if dark {
		name += "-dark"
	}
	file, err := os.Create(filepath.Join(*pictures, name+".png"))
	if err == nil {
		err = png.Encode(file, s.Window().Canvas().Capture())
		file.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
}

// TestHomeScreens does the same for the list of sessions and the form of a new one.
func TestHomeScreens(t *testing.T) {
	for _, lang := range []string{"zh-Hant", "en"} {
		for _, dark := range []bool{false, true} {
			for _, size := range sizes {
				t.Run(fmt.Sprintf("%s-%v-%.0f", lang, dark, size.Width), func(t *testing.T) {
					s, f := desk(t, lang, dark, newRoom(t, "T"))
					s.Window().Resize(size)
					check := func(name string) {
						t.Helper()
						for _, line := range blemishes(s.Window()) {
							t.Errorf("%s: %s", name, line)
						}
						picture(t, s, fmt.Sprintf("desk-%s-%s-%.0fx%.0f", name, lang, size.Width, size.Height), dark)
					}
					check("home-empty")
					if !strings.Contains(drawn(s), say(lang, "desk.none_help")) {
						t.Error("an empty list does not say what to do first")
					}
					f.cards = manyCards()
					s.Refresh()
					check("home")
					tap(t, s, say(lang, "desk.new"))
					check("new")
					f.offers = offers
					s.ReadList("seeds.md")
					check("new-lists")
					press(s, fyne.KeyEscape)
					tap(t, s, say(lang, "page.cancel"))
					tap(t, s, say(lang, "desk.import"))
					check("import")
					press(s, fyne.KeyEscape)
				})
			}
		}
	}
}
