package tablet

import (
	"reflect"
	"strings"
	"sync/atomic"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"

	"folkmoot/app/look"
	"folkmoot/app/mapview"
	"folkmoot/app/readmodel"
	"folkmoot/assets/words"
)

// Program is what stands behind the window.
type Program interface {
	// Follow calls show with what is to be shown, from a goroutine of its own. It is
	// called once.
	Follow(show func(*readmodel.Handset))
	// Touch says what a person did, and comes back at once.
	Touch(readmodel.Touch)
}

// Options say how the window works. The zero value is ready to use.
type Options struct {
	// Now gives the time; nil for the clock.
	Now func() time.Time
	// Windowed leaves the window its frame; else it takes the whole screen.
	Windowed bool
}

// settle is how long a new screen or statement stands before a tap counts.
const settle = 400 * time.Millisecond

// Window is the tablet's one window.
type Window struct {
	app     fyne.App
	window  fyne.Window
	program Program
	now     func() time.Time

	style  look.Style
	themed bool
	shown  *readmodel.Handset
	since  time.Time // since when what is shown stands there
	at     string    // what that is
	asking bool      // whether the next person may begin
	badge  string    // the characters of a badge that were typed
	tried  bool      // sending was tried
	fields map[string]*field
	built  fyne.Size  // of the window when it was built
	clock  *look.Text // the step's clock, nil where none is drawn
	idle   *look.Text
	opened map[string]bool // what was unfolded
	scroll *fyne.Container
	// statement is what scrolls within its card, nil where there is none
	statement *fyne.Container
	opinions  *mapview.Map
}

// windowed is how large a window is that leaves its frame: a tablet that lies, since one that
// stands is higher than most laptops' screens, and Fyne tells nobody how high those are.
var windowed = fyne.NewSize(1100, 720)

// New makes the window; Show or Run shows it.
func New(a fyne.App, program Program, o Options) *Window {
	w := &Window{app: a, program: program, now: o.Now, fields: map[string]*field{}, opened: map[string]bool{}}
	if w.now == nil {
		w.now = time.Now
	}
	w.window = a.NewWindow("Folkmoot")
	w.window.SetMaster()
	w.window.SetPadded(false)
	w.window.SetFullScreen(!o.Windowed)
	w.window.Resize(windowed)
	w.window.Canvas().SetOnTypedRune(w.typed)
	return w
}

// Run shows the window and what the program says, until it is closed. Nothing hops onto
// Fyne's thread before there is one, or after: a phone's driver would run it elsewhere.
func (w *Window) Run() {
	var ended atomic.Bool
	later := func(h *readmodel.Handset) {
		if !ended.Load() {
			w.Show(h)
		}
	}
	w.app.Lifecycle().SetOnStopped(func() { ended.Store(true) })
	w.app.Lifecycle().SetOnStarted(func() {
		w.program.Follow(func(h *readmodel.Handset) {
			if !ended.Load() {
				fyne.Do(func() { later(h) })
			}
		})
	})
	w.window.ShowAndRun()
}

// SystemLanguage gives Chinese where the system speaks any of it, English where it speaks
// that, and "" else.
func SystemLanguage() string {
	code := lang.SystemLocale().String()
	switch {
	case strings.HasPrefix(code, "zh"):
		return words.Chinese
	case strings.HasPrefix(code, "en"):
		return words.English
	}
	return ""
}

// Window gives Fyne's window.
func (w *Window) Window() fyne.Window { return w.window }

// Show shows what the program says. A Handset that differs in nothing but its clocks makes
// nothing anew.
func (w *Window) Show(h *readmodel.Handset) {
	before := w.shown
	w.shown = h
	if before != nil && same(before, h) {
		if w.built == w.window.Canvas().Size() {
			w.tick()
			return
		}
		w.build() // the tablet was turned
		return
	}
	if before != nil && w.another(before, h) {
		w.letGo()
	}
	if place := placeOf(h); place != w.at {
		w.at, w.since, w.asking, w.tried, w.scroll, w.statement = place, w.now(), false, false, nil, nil
	} else if h.Ballot == nil && h.Practice == nil && moved(before, h) {
		w.since = w.now()
	}
	w.build()
}

// moved says whether something came or went above what is shown, and moved it. The answers
// to a statement keep their place, see Window.ballot.
func moved(before, now *readmodel.Handset) bool {
	return before != nil && (!reflect.DeepEqual(before.Banner, now.Banner) || !reflect.DeepEqual(before.Notice, now.Notice))
}

// placeOf tells screens and statements apart.
func placeOf(h *readmodel.Handset) string {
	at := string(h.Place)
	switch {
	case h.Ballot != nil:
		at += " " + h.Ballot.ID
	case h.Pairing != nil:
		at += " " + string(h.Pairing.Stand)
	}
	return at
}

// same says whether two Handsets look the same but for clocks and what is being typed.
func same(a, b *readmodel.Handset) bool {
	x, y := *a, *b
	x.Draft, y.Draft, x.Offset, y.Offset = "", "", 0, 0
	if x.Idle > 0 && y.Idle > 0 {
		x.Idle = y.Idle
	}
	return reflect.DeepEqual(x, y)
}

// another says whether somebody else holds the tablet now, or nobody.
func (w *Window) another(before, now *readmodel.Handset) bool {
	if before.Person == nil || now.Person == nil {
		return before.Person != now.Person || before.Place != now.Place
	}
	return before.Person.Number != now.Person.Number || now.First && !before.First
}

// letGo forgets what a person typed and looked at.
func (w *Window) letGo() {
	for _, f := range w.fields {
		f.entry.OnChanged = nil
		f.entry.SetText("")
	}
	w.fields, w.opened, w.badge, w.asking, w.tried = map[string]*field{}, map[string]bool{}, "", false, false
	w.scroll, w.statement, w.opinions, w.clock, w.idle = nil, nil, nil, nil, nil
	w.window.Canvas().Unfocus()
}

// build makes the window's content anew.
func (w *Window) build() {
	h := w.shown
	style := look.Style{Lang: h.Lang, Dark: h.Dark}
	if !w.themed || style != w.style {
		w.style, w.themed, w.opinions = style, true, nil
		w.app.Settings().SetTheme(theme{look.Theme(style)})
		look.SpeakFyne(style)
	}
	focused := w.focusedField()
	kept, read := float32(0), float32(0)
	if w.scroll != nil {
		kept = look.Scrolled(w.scroll)
	}
	if w.statement != nil {
		read = look.Scrolled(w.statement)
	}
	w.clock, w.idle, w.statement = nil, nil, nil
	content := w.frame()
	if over := w.over(); over != nil {
		content = container.NewStack(content, over)
		focused = nil
	}
	w.built = w.window.Canvas().Size()
	w.window.SetContent(content)
	if kept > 0 {
		look.ScrollTo(w.scroll, kept)
	}
	there := func() { w.touch(readmodel.Touch{Kind: readmodel.TouchAny}) }
	look.OnScroll(w.scroll, there) // after going back to where it was, which is nobody's doing
	if w.statement != nil {
		if read > 0 {
			look.ScrollTo(w.statement, read)
		}
		look.OnScroll(w.statement, there)
	}
	if f := w.fields["statement"]; h.Place == readmodel.AtWrite && f != nil && !f.used && w.over() == nil {
		focused, f.used = f, true // who comes to write can type at once
	}
	if focused != nil && focused.used {
		w.window.Canvas().Focus(focused.entry)
	}
}

// again makes the window anew after something that only the window knows of.
func (w *Window) again() {
	if w.shown != nil {
		w.build()
	}
}

// tick moves the clocks.
func (w *Window) tick() {
	if w.clock != nil {
		w.clock.Set(w.clockText())
	}
	if w.idle != nil {
		w.idle.Set(w.style.Say("idle.help", look.Args{"N": w.shown.Idle}))
	}
}

// settled says whether what is shown has stood there long enough to be meant.
func (w *Window) settled() bool { return w.now().Sub(w.since) >= settle }

// touch says what a person did.
func (w *Window) touch(t readmodel.Touch) { w.program.Touch(t) }

// do gives what a button does: nothing in the first moment of a screen.
func (w *Window) do(t readmodel.Touch) func() { return w.meant(func() { w.touch(t) }) }

func (w *Window) meant(act func()) func() {
	return func() {
		if w.settled() {
			act()
		}
	}
}

// typed answers a keyboard where there is one: 1, 2 and 3 vote.
func (w *Window) typed(r rune) {
	votes := map[rune]string{'1': "agree", '2': "disagree", '3': "pass", '１': "agree", '２': "disagree", '３': "pass"}
	if vote, ok := votes[r]; ok && w.shown != nil && w.over() == nil && w.settled() {
		w.choose(vote)
	}
}
