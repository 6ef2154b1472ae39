package look_test

import (
	"reflect"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"folkmoot/app/look"
)

func TestSlider(t *testing.T) {
	themed(t, styles["light"])
	var moved []int
	s := look.NewSlider(styles["light"], 16, func(at int) { moved = append(moved, at) })
	w := test.NewTempWindow(t, s)
	w.SetPadded(false)
	w.Resize(fyne.NewSize(218, 40))
	if s.At() != 16 {
		t.Fatalf("at first it is at %d", s.At())
	}
	for _, key := range []fyne.KeyName{fyne.KeyRight, fyne.KeyLeft, fyne.KeyPageDown, fyne.KeyHome, fyne.KeyLeft, fyne.KeyRight, fyne.KeyPageUp, fyne.KeyEnd} {
		s.TypedKey(&fyne.KeyEvent{Name: key})
	}
	s.Tapped(&fyne.PointEvent{Position: fyne.NewPos(109, 20)})
	s.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(-50, 20)}})
	s.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(500, 20)}})
	if want := []int{15, 13, 0, 1, 3, 16, 8, 0, 16}; !reflect.DeepEqual(moved, want) {
		t.Errorf("moved to %v, want %v", moved, want)
	}
	moved = nil
	s.Set(40, 20)
	s.Enable(false)
	s.TypedKey(&fyne.KeyEvent{Name: fyne.KeyHome})
	if s.At() != 20 || s.Last() != 20 || moved != nil {
		t.Errorf("at %d of %d, moved %v", s.At(), s.Last(), moved)
	}
	s.Set(0, -1) // without a way to go nothing can go wrong
	s.Enable(true)
	s.Tapped(&fyne.PointEvent{Position: fyne.NewPos(109, 20)})
	if s.At() != 0 || moved != nil {
		t.Errorf("at %d, moved %v", s.At(), moved)
	}
}

// The window's keys work while the slider has the focus.
func TestSliderLeavesOtherKeysToTheWindow(t *testing.T) {
	themed(t, styles["light"])
	s := look.NewSlider(styles["light"], 4, nil)
	w := test.NewTempWindow(t, s)
	var keys []fyne.KeyName
	w.Canvas().SetOnTypedKey(func(e *fyne.KeyEvent) { keys = append(keys, e.Name) })
	w.Canvas().Focus(s)
	s.TypedKey(&fyne.KeyEvent{Name: fyne.KeyT})
	s.TypedKey(&fyne.KeyEvent{Name: fyne.KeyLeft})
	if len(keys) != 1 || keys[0] != fyne.KeyT || s.At() != 3 {
		t.Errorf("keys %v, at %d", keys, s.At())
	}
}

// Who clicked or dragged it may go on with the keys; one that is not to be moved takes none.
func TestSliderTakesTheFocusByMouse(t *testing.T) {
	themed(t, styles["light"])
	s := look.NewSlider(styles["light"], 4, nil)
	w := test.NewTempWindow(t, s)
	w.SetPadded(false)
	w.Resize(fyne.NewSize(218, 40))
	s.Tapped(&fyne.PointEvent{Position: fyne.NewPos(109, 20)})
	w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyLeft})
	if s.At() != 1 {
		t.Errorf("a click in the middle and an arrow: at %d of 4", s.At())
	}
	w.Canvas().Unfocus()
	s.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(0, 20)}})
	if w.Canvas().Focused() != s {
		t.Error("dragging it does not give it the focus")
	}
	w.Canvas().Unfocus()
	s.Enable(false)
	s.Tapped(&fyne.PointEvent{Position: fyne.NewPos(109, 20)})
	var keys []fyne.KeyName
	w.Canvas().SetOnTypedKey(func(e *fyne.KeyEvent) { keys = append(keys, e.Name) })
	s.TypedKey(&fyne.KeyEvent{Name: fyne.KeyPageDown})
	if w.Canvas().Focused() != nil || len(keys) != 1 {
		t.Errorf("a slider that is not to be moved has the focus, or %d keys are the window's", len(keys))
	}
}
