package look_test

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"folkmoot/app/look"
	"folkmoot/assets/font"
)

// themed starts an app that draws in a style.
func themed(t *testing.T, s look.Style) {
	t.Helper()
	test.NewTempApp(t).Settings().SetTheme(look.Theme(s))
}

// The embedded typeface is taken in every style, so that no character depends on what
// the system has.
func TestTypefaceInEveryStyle(t *testing.T) {
	theme := look.Theme(styles["light"])
	for _, style := range []fyne.TextStyle{{}, {Italic: true}, {Monospace: true}, {TabWidth: 4}} {
		if got := theme.Font(style).Content(); &got[0] != &font.Regular[0] {
			t.Errorf("%+v: another typeface", style)
		}
	}
	for _, style := range []fyne.TextStyle{{Bold: true}, {Bold: true, Italic: true}, {Bold: true, Monospace: true}} {
		if got := theme.Font(style).Content(); &got[0] != &font.Bold[0] {
			t.Errorf("%+v: another typeface", style)
		}
	}
}

func TestTextIsAsHighAsItsLines(t *testing.T) {
	themed(t, styles["light"])
	text := look.NewText(styles["light"], "公開的資料才有意義，應該公開透明。公開的資料才有意義。", look.TextOptions{})
	one := look.NewText(styles["light"], "公", look.TextOptions{}).MinSize().Height
	if got := text.HeightFor(2000); got != one {
		t.Errorf("on one line %.1f, want %.1f", got, one)
	}
	if got := text.HeightFor(120); got < 3*one {
		t.Errorf("in 120 units %.1f, want at least %.1f", got, 3*one)
	}
	column := look.Column(4, text, look.NewText(styles["light"], "b", look.TextOptions{}))
	if got, want := look.HeightFor(column, 120), text.HeightFor(120)+4+one; got != want {
		t.Errorf("the column is %.1f high, want %.1f", got, want)
	}
}

func TestButton(t *testing.T) {
	themed(t, styles["light"])
	tapped := 0
	b := look.NewButton(styles["light"], "Go", look.Filled, func() { tapped++ })
	w := test.NewTempWindow(t, b)
	test.Tap(b)
	w.Canvas().Focus(b)
	b.TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace})
	b.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if tapped != 3 {
		t.Errorf("pressed %d times, want 3", tapped)
	}
	b.Enable(false)
	test.Tap(b)
	if tapped != 3 {
		t.Error("a button that is off can be pressed")
	}
	other := fyne.KeyName("")
	w.Canvas().SetOnTypedKey(func(e *fyne.KeyEvent) { other = e.Name })
	b.TypedKey(&fyne.KeyEvent{Name: fyne.KeyW})
	if other != fyne.KeyW {
		t.Error("the window's keys do not work while a button has the focus")
	}
}

func TestEnds(t *testing.T) {
	themed(t, styles["light"])
	s := styles["light"]
	single := func(text string) *look.Text { return look.NewText(s, text, look.TextOptions{Single: true}) }
	first, second := single("first"), single("second")
	line := look.Ends(8, first, second)
	line.Resize(fyne.NewSize(400, 40))
	if got := second.Position().X + second.Size().Width; got < 399 || got > 401 {
		t.Errorf("the second ends at %.0f of 400", got)
	}
	narrow := first.MinSize().Width + 10
	if got := look.HeightFor(line, narrow); got <= first.MinSize().Height {
		t.Errorf("where both do not fit they are %.0f high", got)
	}
}

func TestTypeset(t *testing.T) {
	for text, want := range map[string]string{"“no internet” isn’t": "\"no internet\" isn't", "他說“好”": "他說“好”"} {
		if got := look.Typeset(text); got != want {
			t.Errorf("%q is drawn as %q, want %q", text, got, want)
		}
	}
}

func TestQR(t *testing.T) {
	if look.NewQR("http://192.168.0.10:8080/j/482163", 200) == nil {
		t.Error("a link has no code")
	}
	long := make([]byte, 5000)
	for i := range long {
		long[i] = 'a'
	}
	if look.NewQR(string(long), 200) != nil {
		t.Error("a link that is too long has a code")
	}
}
