package shell

import (
	"context"
	"errors"
	"net/url"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"

	"folkmoot/app/look"
	"folkmoot/app/readmodel"
	"folkmoot/app/screen"
)

// Options say how the desk begins. The zero value shows the list of sessions.
type Options struct {
	// Sample opens the sample session at once.
	Sample bool
	// Port is where phones are let in, 0 for the usual one.
	Port int
	// Folder is where packs are written as long as nothing else is chosen.
	Folder string
	// Trace is a file that says all the time what stands on the windows, for tests that
	// use the mouse; "" for none.
	Trace string
	// Lang is the desk's language, "" for the one of last time, else the system's.
	Lang string
}

// Shell is the desk's window with all that is shown in it.
type Shell struct {
	app     fyne.App
	window  fyne.Window
	program Program
	options Options
	style   look.Style

	home    *screen.Home
	form    *screen.NewSession // nil while it is not shown
	follows *follows           // nil while it is not shown
	room    *room              // nil while no session is open
	wall    *wallWindow        // nil while it is not
	band    *band
	asking  *question // the question over the window, nil for none
	deleted string
	reading string      // the wall's language, "" for the room's
	ending  bool        // the last backup is being written
	ended   atomic.Bool // the window closes for good
}

// preferences of the desk, kept from one start to the next.
const (
	languageKey = "language"
	themeKey    = "dark"
)

// New makes the desk's window. a is Fyne's app; nothing is shown before Run or Show.
func New(a fyne.App, program Program, o Options) *Shell {
	s := &Shell{app: a, program: program, options: o}
	if o.Trace != "" {
		look.Trace()
		program.Hands.Go(s.trace)
	}
	s.style.Lang = o.Lang
	if s.style.Lang == "" {
		s.style.Lang = a.Preferences().StringWithFallback(languageKey, systemLanguage())
	}
	s.style.Dark = a.Preferences().BoolWithFallback(themeKey, systemIsDark(a))
	s.window = a.NewWindow("Folkmoot")
	s.window.SetMaster()
	s.window.SetPadded(false)
	s.window.SetCloseIntercept(s.quit)
	s.window.SetOnDropped(func(_ fyne.Position, files []fyne.URI) { s.dropped(files) })
	s.listenKeys(s.window)
	s.build()
	s.window.Resize(fyne.NewSize(1280, 800))
	return s
}

// systemLanguage gives Chinese where the system speaks any of it, else English.
func systemLanguage() string {
	if code := lang.SystemLocale().String(); len(code) >= 2 && code[:2] == "zh" {
		return "zh-Hant"
	}
	return "en"
}

// systemIsDark says whether the system prefers dark. Fyne takes a Linux that says nothing
// for a dark one; most are not, so that there the desk begins light.
func systemIsDark(a fyne.App) bool {
	return a.Settings().ThemeVariant() == theme.VariantDark && runtime.GOOS != "linux"
}

// Run shows the window and comes back when it was closed.
func (s *Shell) Run() {
	s.Show()
	s.app.Run()
	s.ended.Store(true) // Fyne ends by itself at a signal, and then runs what hops at once, anywhere
}

// Show shows the window, with the sample session where that is wanted.
func (s *Shell) Show() {
	s.window.Show()
	s.refreshHome()
	if s.options.Sample {
		s.openSample()
	}
}

// Window gives the desk's window.
func (s *Shell) Window() fyne.Window { return s.window }

// later is the one hop onto Fyne's thread. After the window is gone nothing hops: there
// is no such thread then.
func (s *Shell) later(do func()) {
	if s.ended.Load() {
		return
	}
	fyne.Do(func() {
		if !s.ended.Load() {
			do()
		}
	})
}

// work does something beside the window, and then something on it.
func (s *Shell) work(do func(ctx context.Context) func()) {
	s.program.Hands.Go(func(ctx context.Context) {
		if then := do(ctx); then != nil {
			s.later(then)
		}
	})
}

// build makes everything anew in the style, and shows what was shown.
func (s *Shell) build() {
	look.SpeakFyne(s.style)
	s.app.Settings().SetTheme(look.Theme(s.style))
	if s.band == nil {
		s.band = newBand(s.style, s.relayout)
	} else {
		s.band = s.band.restyled(s.style)
	}
	s.buildHome()
	if old := s.form; old != nil {
		s.showForm(nil)
		s.form.Take(old)
	}
	if s.follows != nil {
		s.drawFollow()
	}
	if s.room != nil {
		s.room = s.room.anew()
	}
	if s.wall != nil {
		s.wall.name(s.style)
	}
	s.showContent()
}

// showContent puts into the window what is to be seen: a session, the form of a new one,
// or the list.
func (s *Shell) showContent() {
	var content fyne.CanvasObject
	title := "Folkmoot"
	switch {
	case s.room != nil && s.room.fetching != nil:
		content = look.Filling(0, 0, s.room.fetching.Object(), s.band.object)
	case s.room != nil:
		content, title = s.room.object, s.room.title()
	case s.follows != nil:
		content = look.Filling(0, 0, s.follows.screen.Object(), s.band.object)
	case s.form != nil:
		content = look.Filling(0, 0, s.form.Object(), s.band.object)
	default:
		content = look.Filling(0, 0, s.home.Object(), s.band.object)
	}
	s.window.SetTitle(title)
	s.window.SetContent(content) // on Fyne's own ground, which the theme gives the colour of paper
}

// SetLanguage changes the desk's language at once.
func (s *Shell) SetLanguage(lang string) {
	s.style.Lang = lang
	s.app.Preferences().SetString(languageKey, lang)
	s.build()
}

// SetDark changes the desk's theme at once.
func (s *Shell) SetDark(dark bool) {
	s.style.Dark = dark
	s.app.Preferences().SetBool(themeKey, dark)
	s.build()
}

// tell says what did not work: in the reader's words, and that nothing was lost.
func (s *Shell) tell(err error) {
	if err == nil || errors.Is(err, context.Canceled) {
		return
	}
	var trouble *readmodel.Trouble
	refused := errors.As(err, &trouble) && strings.HasPrefix(trouble.Key, "refused.")
	s.band.say(notice{text: func(st look.Style) string { return wordsOf(st, err) }, stays: !refused, wrong: true})
}

// wordsOf puts an error into a style's language.
func wordsOf(st look.Style, err error) string {
	var trouble *readmodel.Trouble
	if errors.As(err, &trouble) {
		return st.Say(trouble.Key, trouble.Args)
	}
	return st.Say("desk.trouble", look.Args{"Text": err.Error()}) + " " + st.Say("desk.kept")
}

// quit closes the program, after asking where a step is running.
func (s *Shell) quit() {
	if s.room == nil || s.room.sheet == nil || s.room.sheet.Running() == nil {
		s.end()
		return
	}
	s.ask(asked{title: s.style.Say("desk.quit_title"), lines: []string{s.style.Say("desk.quit_help")}, does: s.style.Say("desk.quit_go"), act: s.end})
}

// end closes both windows; the program behind them closes the session. What was typed
// into the settings is saved before.
func (s *Shell) end() {
	if s.room == nil || s.ending { // asked once more: then at once
		s.leaveApp()
		return
	}
	s.ending = true
	s.room.saveDrafts(func() { s.room.backUpThen("desk.quit_go", s.leaveApp) })
}

func (s *Shell) leaveApp() {
	s.leaveFollow()
	s.ended.Store(true)
	if s.wall != nil {
		s.wall.window.Close()
	}
	s.app.Quit()
}

// open opens a link or a folder with what the system has for it.
func (s *Shell) open(link *url.URL, shown string) {
	if err := s.app.OpenURL(link); err != nil {
		s.band.say(notice{text: inWords("desk.not_opened", look.Args{"Path": shown})})
	}
}

// openPage opens a page in the browser, and says where it is: not every system has a
// browser that answers, and none says so.
func (s *Shell) openPage(link string) {
	u, err := url.Parse(link)
	if err != nil {
		return
	}
	s.app.OpenURL(u) // what is said next holds whether it worked or not
	text := inWords("desk.link_open", look.Args{"Link": link})
	if s.asking != nil {
		s.asking.tell(text(s.style), s.style.Say("desk.copy_link"), func() { s.app.Clipboard().SetContent(link) })
		return
	}
	s.band.say(notice{text: text, name: inWords("desk.copy_link"), act: func() { s.app.Clipboard().SetContent(link) }})
}

func (s *Shell) openFolder(folder string) {
	s.open(&url.URL{Scheme: "file", Path: filepath.ToSlash(folder)}, folder)
}

// pen lets a text be written in the browser; done gets what was written, each time.
func (s *Shell) pen(label, text string, lines bool, done func(string)) {
	link, err := s.program.Pen.Write(readmodel.PenAsk{Label: label, Text: text, Lang: s.style.Lang, Lines: lines}, func(written string) {
		s.later(func() { done(written) })
	})
	if err != nil {
		s.tell(err)
		return
	}
	s.openPage(link)
}

// Quit closes the program from outside its window.
func (s *Shell) Quit() {
	s.later(func() {
		if s.room != nil {
			s.room.saveDrafts(s.leaveApp) // who closes the sessions then writes the backups
			return
		}
		s.leaveApp()
	})
}
