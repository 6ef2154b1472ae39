package shell_test

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"folkmoot/app/intake"
	"folkmoot/app/readmodel"
	"folkmoot/app/readmodel/readmodeltest"
	"folkmoot/app/shell"
	"folkmoot/sync/moot"
)

// uberx is vTaiwan's conversation on ride sharing: 1,921 people, 197 statements.
func uberx(b *testing.B) *readmodeltest.Room {
	b.Helper()
	reference := cmp.Or(os.Getenv("FOLKMOOT_REFERENCE"), "../../../shared/reference")
	found, err := filepath.Glob(filepath.Join(reference, "polis", "exports", "vtaiwan.uberx"))
	if err != nil || len(found) == 0 {
		b.Fatalf("no vtaiwan.uberx below %s", reference)
	}
	export, err := intake.OpenPolis(found[0], intake.PolisOptions{})
	if err != nil {
		b.Fatal(err)
	}
	room := readmodeltest.New(b)
	room.Do(export.Items(nil), nil)
	items, err := readmodel.NewSession(readmodel.NewSessionOptions{Template: "opinion", Title: export.Topic}, room.Now, room.IDs)
	for _, item := range items {
		if field, ok := item.Payload.(*moot.SetField); ok && room.View().Session.Rev(field.Field) >= field.Rev {
			continue // the export says that itself
		}
		room.Do([]moot.Item{item}, err)
	}
	return room
}

// BenchmarkReferenceView hands a new Sheet over to each screen, and paints the window
// with the software canvas. The record changes by a statement each time.
func BenchmarkReferenceView(b *testing.B) {
	room := uberx(b)
	a := test.NewTempApp(b)
	f := &fake{session: &fakeSession{t: b, room: room, venue: venue}}
	s := shell.New(a, f.program(), shell.Options{Lang: "zh-Hant", Sample: true})
	defer s.Window().Close()
	s.Window().Resize(fyne.NewSize(1280, 800))
	s.Show()
	empty := test.NewTempWindow(b, nil)
	empty.SetPadded(false)
	empty.Resize(fyne.NewSize(1280, 800))
	b.Run("nothing", func(b *testing.B) {
		for b.Loop() {
			empty.Canvas().Capture()
		}
	})
	sheets := []*readmodel.Sheet{f.session.sheet()}
	room.Put(&moot.NewStatement{Text: "一則新的意見。", Lang: "zh-Hant", Standing: moot.Pending, Src: moot.FromPhone, Made: room.Now})
	sheets = append(sheets, f.session.sheet())
	for n, name := range []string{"checkin", "statements", "map", "tables", "report"} {
		press(s, key(n+1))
		for _, painted := range []bool{false, true} {
			b.Run(fmt.Sprintf("%s/painted=%v", name, painted), func(b *testing.B) {
				for i := 0; b.Loop(); i++ {
					f.session.show(sheets[i%2])
					if painted {
						s.Window().Canvas().Capture()
					}
				}
			})
		}
	}
	b.Run("switch", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			press(s, key(i%5+1))
			s.Window().Canvas().Capture()
		}
	})
}
