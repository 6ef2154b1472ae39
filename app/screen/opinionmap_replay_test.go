package screen_test

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"folkmoot/app/look"
	"folkmoot/app/mapview"
	"folkmoot/app/readmodel"
	"folkmoot/app/screen"
	"folkmoot/assets/words"
)

// overDays gives a session whose past lies some days before the test's.
func overDays(m *mapSession) *mapSession {
	long := *m
	long.frames = append([]readmodel.Frame(nil), m.frames...)
	const day = 24 * 3600 * 1000
	for i := range long.frames {
		long.frames[i].At -= uint64(len(long.frames)-1-i) * day
	}
	return &long
}

func TestTheReplayOfDaysSaysTheDay(t *testing.T) {
	m := overDays(sharedSession(t))
	for lang, layout := range map[string]string{words.English: "2 Jan 15:04", words.Chinese: "1月2日 15:04"} {
		v, _ := mapShown(t, look.Style{Lang: lang}, mapRoom, m.sheet)
		v.Replay.OnFrames = func() { v.Replay.Take(m.frames) }
		v.Show(m.sheet)
		press(v, fyne.KeyLeft)
		first, at := time.UnixMilli(int64(m.frames[0].At)), time.UnixMilli(int64(m.frames[v.Replay.Slider.At()].At))
		if said := mapTexts(v); !mapDrawn(v, look.Typeset(first.Format(layout))) || !strings.Contains(said, look.Typeset(at.Format(layout))) {
			t.Errorf("%s, from %s to %s:\n%s", lang, first.Format(layout), at.Format(layout), said)
		}
	}
}

// The slider stays where it is while the past comes in, and is long enough to be aimed at.
func TestTheSliderKeepsItsPlace(t *testing.T) {
	for _, lang := range words.Languages() {
		for _, size := range []fyne.Size{mapRoom, {Width: 800, Height: 600}, {Width: 640, Height: 480}} {
			m := overDays(sharedSession(t))
			v, _ := mapShown(t, look.Style{Lang: lang}, size, m.sheet)
			v.Replay.OnFrames = func() {}
			v.Show(m.sheet)
			place := func() (at fyne.Position, size fyne.Size) {
				mapWalk(v.Object(), fyne.Position{}, func(o fyne.CanvasObject, where fyne.Position) {
					if o == fyne.CanvasObject(v.Replay.Slider) {
						at, size = where, o.Size()
					}
				})
				return at, size
			}
			press(v, fyne.KeyHome)
			before, long := place()
			v.Replay.Take(m.frames)
			if after, still := place(); after.X != before.X || still != long || long.Width < 180 {
				t.Errorf("%s, %v: from %v, %v to %v, %v", lang, size, before, long, after, still)
			}
		}
	}
}

// A slider that is not there takes no keys, though it had them before.
func TestTheTableHasNoReplay(t *testing.T) {
	m := sharedSession(t)
	v, asked, _ := replayed(t, m)
	v.Toggle()
	press(v, fyne.KeyHome)
	if *asked != 0 || v.Replay.Slider.At() != v.Replay.Slider.Last() {
		t.Error("a key moves a slider that cannot be seen")
	}
	v.Toggle()
	press(v, fyne.KeyHome)
	if *asked != 1 {
		t.Error("the slider that came back cannot be moved")
	}
}

func TestEscapeLeadsBack(t *testing.T) {
	m := sharedSession(t)
	v, _, _ := replayed(t, m)
	whole := v.Map.Lens()
	near := mapview.Lens{Zoom: 3, X: 0.5, Y: 0.5}
	v.Map.Look(near)
	enlarged := v.Map.Lens()
	press(v, fyne.KeyLeft)
	v.Escape()
	if strings.Contains(mapTexts(v), "Replay:") || v.Map.Lens() != enlarged {
		t.Error("the first Escape leads back to now, and to nothing else")
	}
	v.Escape()
	if v.Map.Lens() != whole {
		t.Errorf("the second does not show the whole map: %+v", v.Map.Lens())
	}
}

// The language changes words, and nothing else.
func TestAnotherLanguageKeepsTheEmphasis(t *testing.T) {
	m := sharedSession(t)
	v, _ := mapShown(t, look.Style{Lang: words.English}, mapRoom, m.sheet)
	for _, chosen := range []string{"", "B"} {
		if chosen != "" {
			test.Tap(v.Letters[chosen])
		}
		fresh := screen.NewOpinionMap(look.Style{Lang: words.Chinese})
		fresh.Take(v)
		fresh.Show(m.sheet)
		if got := fresh.Map.Emphasis(); got != chosen {
			t.Errorf("%q stood out, now %q does", chosen, got)
		}
	}
}
