package command

import (
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"folkmoot/app/look"
	"folkmoot/app/readmodel"
	"folkmoot/app/tablet"
)

// tabletScreen is a tablet with its window: what is tapped goes through both.
type tabletScreen struct {
	*tabletRig
	window *tablet.Window
	app    fyne.App
}

func (s *tabletScreen) Follow(func(*readmodel.Handset)) {}
func (s *tabletScreen) Touch(touch readmodel.Touch) {
	if s.it != nil {
		s.it.take(touch)
	}
}

func newScreen(t *testing.T) *tabletScreen {
	s := &tabletScreen{tabletRig: newRig(t, false), app: test.NewTempApp(t)}
	s.window = tablet.New(s.app, s, tablet.Options{Windowed: true, Now: s.clock.Now})
	s.window.Window().Resize(fyne.NewSize(820, 1180))
	s.show()
	return s
}

// show shows what the tablet says, and waits until a tap counts.
func (s *tabletScreen) show() {
	s.window.Show(s.look())
	s.clock.move(time.Second)
}

// tap taps the last button of a text.
func (s *tabletScreen) tap(key string, args ...map[string]any) {
	s.t.Helper()
	text := look.Style{Lang: "en"}.Say(key, args...)
	s.tapText(text)
}

func (s *tabletScreen) tapText(text string) {
	s.t.Helper()
	var found *tablet.Press
	each(s.window.Window(), func(o fyne.CanvasObject) {
		if b, ok := o.(*tablet.Press); ok && strings.Contains(b.Text(), text) && !b.Disabled() {
			found = b
		}
	})
	if found == nil {
		s.t.Fatalf("no button %q on\n%s", text, s.canvasText())
	}
	test.Tap(found)
	s.show()
}

// write types into the only field.
func (s *tabletScreen) write(text string) {
	s.t.Helper()
	done := false
	each(s.window.Window(), func(o fyne.CanvasObject) {
		if e, ok := o.(fyne.Focusable); ok && !done {
			if _, press := o.(*tablet.Press); !press {
				s.window.Window().Canvas().Focus(e)
				test.Type(e, text)
				done = true
			}
		}
	})
	if !done {
		s.t.Fatal("there is no field")
	}
}

// each calls see for everything on a window, whether it is to be seen or not.
func each(w fyne.Window, see func(fyne.CanvasObject)) {
	roots := append([]fyne.CanvasObject{w.Content()}, w.Canvas().Overlays().List()...)
	for len(roots) > 0 {
		o := roots[0]
		roots = roots[1:]
		see(o)
		switch it := o.(type) {
		case *fyne.Container:
			roots = append(roots, it.Objects...)
		case fyne.Widget:
			roots = append(roots, test.WidgetRenderer(it).Objects()...)
		}
	}
}

// canvasText gives every text that hangs on the window anywhere.
func (s *tabletScreen) canvasText() string {
	var all []string
	each(s.window.Window(), func(o fyne.CanvasObject) {
		switch it := o.(type) {
		case *canvas.Text:
			all = append(all, it.Text)
		case *look.Text:
			all = append(all, it.Text())
		case *tablet.Press:
			all = append(all, it.Text(), it.Small())
		case *widget.RichText:
			all = append(all, it.String())
		}
	})
	return strings.Join(append(all, s.window.Window().Title()), "\n")
}

// TestTabletFromFindingToTheHub goes the whole way by tapping.
func TestTabletFromFindingToTheHub(t *testing.T) {
	s := newScreen(t)
	s.tapText("The riverside")
	if !strings.Contains(s.canvasText(), "123 456") {
		t.Fatalf("no digits on\n%s", s.canvasText())
	}
	s.tap("tablet.pair_yes")
	s.link.letIn()
	s.show()
	s.link.exchange()
	s.show()
	s.asFarAsVoting("Ming")
	for range 3 {
		s.tap("vote.agree")
	}
	s.at(s.it.last, readmodel.AtDone)
	s.tap("write.title")
	s.write("River trees for everybody.")
	s.tap("write.send")
	s.link.exchange()
	s.show()
	view := s.link.hub.View()
	if view.Votes != 3 || len(view.Statements) != 4 || view.Statements[3].Text != "River trees for everybody." {
		t.Errorf("the hub has %d votes and %d statements", view.Votes, len(view.Statements))
	}
	if !strings.Contains(s.canvasText(), look.Style{Lang: "en"}.Say("write.live")) {
		t.Errorf("nothing says what became of it:\n%s", s.canvasText())
	}
}

// asFarAsVoting taps through what comes before the statements.
func (s *tabletScreen) asFarAsVoting(name string) {
	s.t.Helper()
	if s.it.last.Place == readmodel.AtHand {
		s.tap("hand.go")
	} else {
		s.tap("tablet.welcome_go")
	}
	s.tap("notice.start")
	s.write(name)
	s.tap("name.go")
	s.tap("vote.agree")
	s.tap("practice.go")
	s.tapText("4")
	s.at(s.it.last, readmodel.AtVote)
}

// TestTabletCurtain is I-"nothing of the person before": after the curtain neither the
// window, the engine, what it wrote down nor any answer of its hub has anything of them.
func TestTabletCurtain(t *testing.T) {
	s := newScreen(t)
	s.paired()
	s.show()
	s.asFarAsVoting("Quetzalcoatl")
	s.tap("vote.disagree")
	s.tap("write.title")
	s.write("Ocelots deserve bridges.")
	s.tap("write.send")
	s.tap("write.back")
	s.tap("vote.back") // an earlier answer is on screen
	s.tap("vote.now")
	s.tap("write.title")
	s.write("Half a sent")
	s.show()
	token, me := s.it.memory.Person.Token, *s.it.last.Person
	if text := s.canvasText() + s.remains(); !strings.Contains(text, "Ocelots") || !strings.Contains(text, token) || !strings.Contains(text, "Half a sent") {
		t.Fatal("the test looks in the wrong place")
	}
	s.tap("pass.button")
	s.tap("pass.button") // the question whether it may
	s.at(s.it.last, readmodel.AtHand)
	s.nothingOf(token, me)

	s.asFarAsVoting("Bo")
	if n := s.it.last.Answered; n != 0 {
		t.Errorf("the next person has %d answers", n)
	}
	if s.it.last.Person.Number == me.Number {
		t.Error("the next person has the number of the one before")
	}
	if len(s.it.last.Own) != 0 {
		t.Errorf("the next person has statements: %+v", s.it.last.Own)
	}
	s.tap("write.title")
	s.nothingOf(token, me, "Ocelots") // everybody may answer that statement, but it is nobody's own
}

// nothingOf fails where anything is left of a person. but are words that may be read.
func (s *tabletScreen) nothingOf(token string, me readmodel.Seat, but ...string) {
	s.t.Helper()
	reply, err := callHub(s.t.Context(), s.it.session.handler, http.MethodGet, "/api/v1/wall", "", nil)
	if err != nil || reply.status != http.StatusOK {
		s.t.Fatalf("the wall: %v %d", err, reply.status)
	}
	places := map[string]string{"the window": s.canvasText(), "the engine": s.remains(), "the window's memory": fmt.Sprintf("%+v", heldStrings(reflect.ValueOf(s.window).Elem(), 6))}
	if s.it.told != nil {
		places["the hub's document"] = fmt.Sprintf("%+v", s.it.told.Me)
	}
	secret := []string{"Quetzalcoatl", "Half a sent", token, fmt.Sprintf("%d · ", me.Number)}
	if len(but) == 0 {
		secret = append(secret, "Ocelots")
	}
	for place, text := range places {
		for _, word := range secret {
			if strings.Contains(text, word) {
				s.t.Errorf("%s still has %q", place, word)
			}
		}
	}
	if strings.Contains(reply.body.String(), "Quetzalcoatl") {
		s.t.Error("the wall has the name")
	}
}

// heldStrings gives all strings that can be reached from a value in so many steps.
func heldStrings(v reflect.Value, steps int) []string {
	if steps == 0 || !v.IsValid() {
		return nil
	}
	var found []string
	switch v.Kind() {
	case reflect.String:
		return []string{v.String()}
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			return heldStrings(v.Elem(), steps)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			switch v.Type().Field(i).Name {
			case "program", "app", "window": // they are looked through in their own ways
				continue
			}
			found = append(found, heldStrings(v.Field(i), steps-1)...)
		}
	case reflect.Slice, reflect.Array:
		for i := range min(v.Len(), 1000) {
			found = append(found, heldStrings(v.Index(i), steps-1)...)
		}
	case reflect.Map:
		for _, key := range v.MapKeys() {
			found = append(found, heldStrings(key, steps-1)...)
			found = append(found, heldStrings(v.MapIndex(key), steps-1)...)
		}
	}
	return found
}
