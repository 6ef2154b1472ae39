package tablet_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"folkmoot/app/look"
	"folkmoot/app/mapview"
	"folkmoot/app/readmodel"
	"folkmoot/app/tablet"
	"folkmoot/assets/words"
)

func say(key string) string { return words.Text("en", key, nil) }

// TestEveryButtonSaysWhatWasDone taps what stands on each screen.
func TestEveryButtonSaysWhatWasDone(t *testing.T) {
	for _, c := range []struct {
		screen, button string
		want           readmodel.Touch
	}{
		{"start", "多元利害關係人治理", readmodel.Touch{Kind: readmodel.TouchOffer, Key: "1"}},
		{"start", "上週的工作坊", readmodel.Touch{Kind: readmodel.TouchOpen, Key: "3"}},
		{"start", "中文", readmodel.Touch{Kind: readmodel.TouchLang, Text: "zh-Hant"}},
		{"start", say("desk.dark"), readmodel.Touch{Kind: readmodel.TouchDark}},
		{"pairing compare", say("tablet.pair_yes"), readmodel.Touch{Kind: readmodel.TouchConfirm}},
		{"pairing compare", say("tablet.pair_no"), readmodel.Touch{Kind: readmodel.TouchCancel}},
		{"pairing waiting", say("page.cancel"), readmodel.Touch{Kind: readmodel.TouchCancel}},
		{"pairing declined", say("tablet.pair_again"), readmodel.Touch{Kind: readmodel.TouchCancel}},
		{"pairing expired", say("tablet.pair_again"), readmodel.Touch{Kind: readmodel.TouchCancel}},
		{"unpaired", say("tablet.pair_again"), readmodel.Touch{Kind: readmodel.TouchLeave}},
		{"fetching", say("tablet.pair_again"), readmodel.Touch{Kind: readmodel.TouchLeave}},
		{"welcome", say("tablet.welcome_go"), readmodel.Touch{Kind: readmodel.TouchJoin}},
		{"hand", say("hand.go"), readmodel.Touch{Kind: readmodel.TouchJoin}},
		{"move", say("badge.move_go"), readmodel.Touch{Kind: readmodel.TouchMove}},
		{"move", say("badge.move_stay"), readmodel.Touch{Kind: readmodel.TouchStay}},
		{"notice", say("notice.start"), readmodel.Touch{Kind: readmodel.TouchBegin}},
		{"about", say("notice.back"), readmodel.Touch{Kind: readmodel.TouchAbout}},
		{"practised", say("practice.go"), readmodel.Touch{Kind: readmodel.TouchReady}},
		{"practice", say("vote.pass"), readmodel.Touch{Kind: readmodel.TouchPractise, Text: "pass"}},
		{"question", "4", readmodel.Touch{Kind: readmodel.TouchAnswer, Number: 4}},
		{"question", say("question.skip"), readmodel.Touch{Kind: readmodel.TouchSkip}},
		{"vote", say("vote.disagree"), readmodel.Touch{Kind: readmodel.TouchVote, Key: "s1", Text: "disagree"}},
		{"vote", say("vote.back"), readmodel.Touch{Kind: readmodel.TouchBack}},
		{"vote", "＋ " + say("write.title"), readmodel.Touch{Kind: readmodel.TouchWant, Text: "write"}},
		{"vote", say("notice.open"), readmodel.Touch{Kind: readmodel.TouchAbout}},
		{"vote troubled", say("page.close"), readmodel.Touch{Kind: readmodel.TouchClose}},
		{"vote idle", say("idle.stay"), readmodel.Touch{Kind: readmodel.TouchStill}},
		{"vote idle", say("pass.button"), readmodel.Touch{Kind: readmodel.TouchPass}},
		{"earlier", say("vote.take_back"), readmodel.Touch{Kind: readmodel.TouchVote, Key: "s1", Text: "none"}},
		{"earlier", say("vote.now"), readmodel.Touch{Kind: readmodel.TouchWant, Text: "vote"}},
		{"earlier", say("nav.results"), readmodel.Touch{Kind: readmodel.TouchWant, Text: "results"}},
		{"done", say("question.change"), readmodel.Touch{Kind: readmodel.TouchWant, Text: "question"}},
		{"write refused", say("write.send"), readmodel.Touch{Kind: readmodel.TouchWrite, Text: "河岸應該種樹。"}},
		{"write", say("write.back"), readmodel.Touch{Kind: readmodel.TouchWant}},
	} {
		t.Run(c.screen+" "+c.button, func(t *testing.T) {
			w, f := newWindow(t, sizes[0])
			show(w, f, handsets("en")[c.screen])
			test.Tap(press(t, w, c.button))
			if got := f.last(); got != c.want {
				t.Errorf("got %+v, want %+v", got, c.want)
			}
		})
	}
}

func TestATapTooSoonIsForTheScreenBefore(t *testing.T) {
	w, f := newWindow(t, sizes[0])
	show(w, f, handsets("en")["vote"])
	next := handsets("en")["vote long"]
	w.Show(next)
	f.now = f.now.Add(399 * time.Millisecond)
	test.Tap(press(t, w, say("vote.agree")))
	w.Window().Canvas().OnTypedRune()('1')
	if len(f.touches) != 0 {
		t.Fatalf("it counted: %+v", f.touches)
	}
	f.now = f.now.Add(time.Millisecond)
	test.Tap(press(t, w, say("vote.agree")))
	if f.last().Key != "s2" {
		t.Errorf("it did not count: %+v", f.touches)
	}
	test.Tap(press(t, w, say("vote.agree"))) // before the next statement is there
	if len(f.touches) != 1 {
		t.Errorf("a second tap counted: %+v", f.touches)
	}
}

func TestKeysVote(t *testing.T) {
	w, f := newWindow(t, sizes[0])
	show(w, f, handsets("en")["vote"])
	w.Window().Canvas().OnTypedRune()('3')
	if got := f.last(); got.Text != "pass" {
		t.Errorf("got %+v", got)
	}
	show(w, f, handsets("en")["vote idle"])
	n := len(f.touches)
	w.Window().Canvas().OnTypedRune()('1')
	if len(f.touches) != n {
		t.Error("a key voted under a question")
	}
}

func TestPassOnIsAskedFor(t *testing.T) {
	w, f := newWindow(t, sizes[0])
	show(w, f, handsets("en")["vote"])
	test.Tap(press(t, w, say("pass.button")))
	if len(f.touches) != 0 || !strings.Contains(texts(w), say("pass.title")) {
		t.Fatalf("it was not asked: %+v", f.touches)
	}
	test.Tap(press(t, w, say("pass.stay")))
	if strings.Contains(texts(w), say("pass.title")) {
		t.Error("the question stays")
	}
	test.Tap(press(t, w, say("pass.button")))
	test.Tap(press(t, w, say("pass.button")))
	if f.last().Kind != readmodel.TouchPass {
		t.Errorf("got %+v", f.last())
	}
}

func TestBadgeKeys(t *testing.T) {
	w, f := newWindow(t, sizes[0])
	show(w, f, handsets("en")["badge"])
	for _, c := range "K7M3QX2" {
		test.Tap(press(t, w, string(c)))
	}
	test.Tap(press(t, w, say("tablet.badge_left")))
	test.Tap(press(t, w, say("pad.go")))
	if !strings.Contains(texts(w), look.Typeset(words.Text("en", "badge.short", map[string]any{"N": 4}))) || f.last().Kind != "" {
		t.Fatalf("six characters were taken: %+v\n%s", f.last(), texts(w))
	}
	for _, c := range "AB01Z" { // one too many
		test.Tap(press(t, w, string(c)))
	}
	test.Tap(press(t, w, say("pad.go")))
	if got := f.last(); got.Kind != readmodel.TouchBadge || got.Text != "K7M3QXAB01" {
		t.Errorf("got %+v", got)
	}
}

func TestNameTooLongIsNotTaken(t *testing.T) {
	w, f := newWindow(t, sizes[0])
	show(w, f, handsets("en")["name"])
	test.Type(field(t, w), strings.Repeat("n", 61))
	test.Tap(press(t, w, say("name.go")))
	if f.last().Kind != "" || !strings.Contains(texts(w), look.Typeset(words.Text("en", "name.long", map[string]any{"N": 60}))) {
		t.Fatalf("it was taken: %+v", f.last())
	}
	field(t, w).SetText(" Ming ")
	test.Tap(press(t, w, say("name.go")))
	if got := f.last(); got.Kind != readmodel.TouchName || got.Text != "Ming" {
		t.Errorf("got %+v", got)
	}
}

func TestWritingIsCoachedAndHeld(t *testing.T) {
	w, f := newWindow(t, sizes[0])
	h := handsets("en")["written"]
	h.Notice, h.Limit = nil, 20
	show(w, f, h)
	test.Tap(press(t, w, say("write.send")))
	if f.last().Kind != "" || !strings.Contains(texts(w), look.Typeset(say("coach.empty"))) {
		t.Fatalf("nothing was sent: %+v", f.last())
	}
	test.Type(field(t, w), "Why is it dark here at night?")
	if got := texts(w); !strings.Contains(got, look.Typeset(say("coach.question"))) || !strings.Contains(got, look.Typeset(words.Text("en", "coach.too_long", map[string]any{"N": 9}))) {
		t.Errorf("no hint on\n%s", got)
	}
	test.Tap(press(t, w, say("write.send")))
	if f.last().Kind != "" {
		t.Fatalf("too long, and sent: %+v", f.last())
	}
	field(t, w).SetText("More light.")
	test.Tap(press(t, w, say("write.send")))
	if got := f.last(); got.Kind != readmodel.TouchWrite || got.Text != "More light." {
		t.Errorf("got %+v", got)
	}
}

// TestTypingOutlastsWhatComes is about a statement that is being written while others are
// approved, or the language changes.
func TestTypingOutlastsWhatComes(t *testing.T) {
	w, f := newWindow(t, sizes[0])
	h := handsets("en")["written"]
	h.Notice = nil
	show(w, f, h)
	e := field(t, w)
	w.Window().Canvas().Focus(e)
	test.Type(e, "More li")
	other := handsets("en")["written"]
	other.Notice, other.Own, other.Draft = nil, []readmodel.ToldOwn{{ID: "x", Text: "An older one.", State: "approved"}}, "More li"
	show(w, f, other)
	if got := field(t, w).Text; got != "More li" {
		t.Errorf("what was typed is %q", got)
	}
	chinese := handsets("zh-Hant")["written"]
	chinese.Notice, chinese.Draft = nil, "More li"
	show(w, f, chinese)
	if got := field(t, w).Text; got != "More li" || !strings.Contains(texts(w), words.Text("zh-Hant", "write.title", nil)) {
		t.Errorf("what was typed is %q", got)
	}
}

func TestClockRuns(t *testing.T) {
	w, f := newWindow(t, sizes[0])
	h := handsets("en")["down"]
	w.Show(h)
	if !strings.Contains(texts(w), "12:40 left") {
		t.Fatalf("no clock on\n%s", texts(w))
	}
	f.now = f.now.Add(5 * time.Second)
	again := *h
	w.Show(&again)
	if !strings.Contains(texts(w), "12:35 left") {
		t.Errorf("the clock stands on\n%s", texts(w))
	}
	again.Offset = 60_000 // the hub's clock is a minute ahead
	w.Show(&again)
	if !strings.Contains(texts(w), "11:35 left") {
		t.Errorf("the clock is this tablet's on\n%s", texts(w))
	}
}

func TestStatementIsWhole(t *testing.T) {
	for _, size := range append(sizes, fyne.NewSize(480, 700)) {
		w, f := newWindow(t, size)
		for _, lang := range []string{"zh-Hant", "en"} {
			h := handsets(lang)["vote long"]
			show(w, f, h)
			if !strings.Contains(texts(w), look.Typeset(h.Ballot.Text)) {
				t.Errorf("%v: the statement is not there", size)
			}
			for _, bad := range blemishes(w.Window()) {
				t.Errorf("%v %s: %s", size, lang, bad)
			}
		}
	}
}

func TestNoYouOnASharedTablet(t *testing.T) {
	w, f := newWindow(t, sizes[0])
	show(w, f, handsets("en")["map"])
	test.Tap(press(t, w, say("map.text")))
	if got := texts(w); strings.Contains(got, say("map.you")) || strings.Contains(got, "You are in") {
		t.Errorf("it says where the reader is:\n%s", got)
	}
	if !strings.Contains(texts(w), look.Typeset(say("shape.square"))) {
		t.Errorf("the map is not said in words:\n%s", texts(w))
	}
}

// TestReadingIsNoIdleness: who scrolls is there.
func TestReadingIsNoIdleness(t *testing.T) {
	w, f := newWindow(t, sizes[2])
	show(w, f, handsets("en")["results"])
	for _, p := range parts(w.Window()) {
		if s, ok := p.object.(*container.Scroll); ok {
			s.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, -80)})
		}
	}
	if !slices.Contains(f.touches, readmodel.Touch{Kind: readmodel.TouchAny}) {
		t.Errorf("scrolling told nothing: %+v", f.touches)
	}
}

func TestTurnedTablet(t *testing.T) {
	w, f := newWindow(t, sizes[0])
	h := handsets("en")["map"]
	show(w, f, h)
	w.Window().Resize(sizes[3])
	again := *h
	show(w, f, &again)
	if got := press(t, w, say("map.text")); !got.Visible() {
		t.Fatal("no map")
	}
	for _, bad := range blemishes(w.Window()) {
		t.Error(bad)
	}
	for _, p := range parts(w.Window()) {
		if m, ok := p.object.(*mapview.Map); ok && m.Size().Height > sizes[3].Height/2 {
			t.Errorf("the map kept its height of before: %v", m.Size())
		}
	}
}

// word is one that nothing breaks: somebody leans on a key, or pastes an address.
var word = strings.Repeat("Wort", 35)

// TestOneLongWordIsBroken: a word that is wider than the screen took all buttons off it.
func TestOneLongWordIsBroken(t *testing.T) {
	for _, size := range sizes {
		w, f := newWindow(t, size)
		for name, h := range handsets("en") {
			worded(h)
			show(w, f, h)
			if least := w.Window().Content().MinSize(); least.Width > size.Width {
				t.Errorf("%s: the window of %v asks for %v", name, size, least)
			}
			for _, bad := range blemishes(w.Window()) {
				t.Errorf("%s %v: %s", name, size, bad)
			}
			if size == sizes[2] {
				keep(t, w, "word "+name+".png")
			}
		}
	}
}

// worded puts one long word wherever somebody else's text stands.
func worded(h *readmodel.Handset) {
	h.Title = word
	if h.Ballot != nil {
		h.Ballot.Text = word
	}
	if h.Practice != nil {
		h.Practice.Text = word
	}
	if h.Question != nil {
		h.Question.Text, h.Question.Low, h.Question.High = word, word, word
	}
	if h.Pairing != nil {
		h.Pairing.Host, h.Pairing.Title = word, word
	}
	for _, offers := range [][]readmodel.HandsetOffer{h.Start.Found, h.Start.Kept} {
		for i := range offers {
			offers[i].Title, offers[i].Host = word, word
		}
	}
	for i := range h.Own {
		h.Own[i].Text, h.Own[i].Reason = word, word
	}
	if h.Results != nil {
		for _, section := range h.Results.Sections {
			for i := range section.Lines {
				section.Lines[i].Text = word
			}
		}
	}
	if h.Table != nil {
		h.Table.Name, h.Table.Question = word, word
		if h.Table.Host != nil {
			h.Table.Host.Name = word
		}
		for i := range h.Table.People {
			h.Table.People[i].Name = word
		}
	}
	h.Sheet.About, h.Sheet.Use, h.Sheet.Contact, h.Sheet.Licence = word, word, word, word
}

// TestAnswersKeepTheirPlace: a tap at Disagree must not hit Agree since the laptop went away,
// or the statement is longer.
func TestAnswersKeepTheirPlace(t *testing.T) {
	for _, lang := range words.Languages() {
		for _, size := range sizes {
			w, f := newWindow(t, size)
			places := func(h *readmodel.Handset) (at []float32) {
				show(w, f, h)
				for _, vote := range []string{"agree", "disagree", "pass"} {
					b := press(t, w, words.Text(lang, "vote."+vote, nil))
					for _, p := range parts(w.Window()) {
						if p.object == fyne.CanvasObject(b) {
							at = append(at, p.at.X, p.at.Y, b.Size().Width, b.Size().Height)
						}
					}
					if last := at[len(at)-3] + at[len(at)-1]; last > size.Height || w.Window().Content().MinSize().Height > size.Height {
						t.Errorf("%v: %s ends at %v, and the window asks for %v", size, vote, last, w.Window().Content().MinSize())
					}
				}
				return at
			}
			all := handsets(lang)
			want := places(all["vote"])
			for _, name := range []string{"vote first", "vote long", "vote away", "vote troubled", "vote warned", "earlier"} {
				if name == "earlier" {
					all[name].Tabs = all["vote"].Tabs
				}
				if got := places(all[name]); !slices.Equal(got, want) {
					t.Errorf("%s %s %v: the answers are at %v, not %v", name, lang, size, got, want)
				}
			}
			if before, after := places(all["practice"]), places(all["practised"]); !slices.Equal(before, after) {
				t.Errorf("practice %s %v: the answers go from %v to %v", lang, size, before, after)
			}
		}
	}
}

// TestATapAtWhatMovesIsNotMeant: elsewhere a banner moves what is below it.
func TestATapAtWhatMovesIsNotMeant(t *testing.T) {
	w, f := newWindow(t, sizes[0])
	show(w, f, handsets("en")["question"])
	h := handsets("en")["question"]
	h.Banner = handsets("en")["vote away"].Banner
	w.Show(h)
	test.Tap(press(t, w, "4"))
	if len(f.touches) != 0 {
		t.Errorf("it counted: %+v", f.touches)
	}
	f.now = f.now.Add(time.Second)
	test.Tap(press(t, w, "4"))
	if f.last().Number != 4 {
		t.Errorf("it did not count: %+v", f.touches)
	}
}

// TestPairingSaysWhyNot: only a laptop that is out of reach is said to be.
func TestPairingSaysWhyNot(t *testing.T) {
	w, f := newWindow(t, sizes[0])
	for screen, key := range map[string]string{
		"pairing damaged": "tablet.pair_damaged", "pairing no_link": "tablet.pair_no_link", "pairing link_newer": "tablet.pair_version",
		"pairing version": "tablet.pair_version", "pairing spent": "tablet.pair_spent", "pairing impostor": "tablet.pair_impostor",
		"pairing own": "tablet.pair_own", "pairing crowd": "tablet.pair_crowd", "pairing failed": "tablet.pair_failed", "pairing declined": "tablet.pair_declined_wait",
	} {
		show(w, f, handsets("en")[screen])
		if got := texts(w); !strings.Contains(got, look.Typeset(say(key))) {
			t.Errorf("%s: no %q on\n%s", screen, say(key), got)
		}
	}
}

// entries gives the fields of a window, in their order.
func entries(w *tablet.Window) (all []*widget.Entry) {
	for _, p := range parts(w.Window()) {
		if e := entryOf(p.object); e != nil {
			all = append(all, e)
		}
	}
	return all
}

func TestEnterConnects(t *testing.T) {
	w, f := newWindow(t, sizes[0])
	show(w, f, handsets("en")["start"])
	e := entries(w)[0]
	e.SetText(" 192.168.1.20:8443 ")
	e.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if got := f.last(); got.Kind != readmodel.TouchAddress || got.Text != "192.168.1.20:8443" {
		t.Errorf("got %+v", got)
	}
}

func TestTabletIsGivenAName(t *testing.T) {
	w, f := newWindow(t, sizes[0])
	show(w, f, handsets("en")["start"])
	e := entries(w)[1]
	if e.Text != "Galaxy Tab A9" || !strings.Contains(texts(w), look.Typeset(words.Text("en", "tablet.called", map[string]any{"Name": "Galaxy Tab A9"}))) {
		t.Errorf("it is not said what it is called: %q on\n%s", e.Text, texts(w))
	}
	e.SetText(strings.Repeat("n", 41))
	test.Tap(press(t, w, say("devices.rename_go")))
	if f.last().Kind != "" || !strings.Contains(texts(w), look.Typeset(words.Text("en", "tablet.name_long", map[string]any{"N": 40}))) {
		t.Errorf("41 characters were taken: %+v", f.last())
	}
	e.SetText(" Window ")
	test.Tap(press(t, w, say("devices.rename_go")))
	if got := f.last(); got.Kind != readmodel.TouchDevice || got.Text != "Window" {
		t.Errorf("got %+v", got)
	}
}

// TestWritingBeginsAtOnce: who comes to write need not tap into the field first.
func TestWritingBeginsAtOnce(t *testing.T) {
	w, f := newWindow(t, sizes[0])
	show(w, f, handsets("en")["vote"])
	show(w, f, handsets("en")["write"])
	if got := w.Window().Canvas().Focused(); got == nil || entryOf(got.(fyne.CanvasObject)) != field(t, w) {
		t.Errorf("%v has the focus", got)
	}
}

func TestWindowedHasASize(t *testing.T) {
	w := tablet.New(test.NewTempApp(t), &fake{}, tablet.Options{Windowed: true})
	if got := w.Window().Canvas().Size(); got.Width < 600 || got.Height < 600 {
		t.Errorf("the window opens at %v", got)
	}
}
