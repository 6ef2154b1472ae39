package report_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-rod/rod/lib/proto"

	"folkmoot/app/readmodel/readmodeltest"
	"folkmoot/app/report"
	"folkmoot/assets/pagetest"
	"folkmoot/sync/moot"
)

// hostileRoom is a room whose every text tries to be more than a text.
func hostileRoom(t testing.TB) *readmodeltest.Room {
	r := planted(t)
	for _, f := range []moot.Field{moot.Title, moot.About, moot.Notice, moot.Contact, moot.Organiser, moot.Place, moot.Licence, moot.Question, moot.QuestionLo, moot.QuestionHi,
		moot.Prompt, moot.Practice, moot.Wifi, moot.SourceTopic, moot.SourceURL, moot.SourceInfo} {
		for _, field := range []moot.Field{f, f.In("en")} {
			text := pagetest.Hostile(string(f))
			if f == moot.Title {
				text = string([]rune(text)[:190]) // a title is short
			}
			if f == moot.SourceURL {
				text = "javascript:hit()"
			}
			r.Put(&moot.SetField{Field: field, Value: text, Rev: r.View().Session.Rev(field) + 1})
		}
	}
	for _, step := range r.View().Steps {
		if step.Started == 0 {
			r.Put(&moot.StepAct{Step: step.ID, Do: "plan", Order: step.Order, StepKind: step.Kind, Title: string([]rune(pagetest.Hostile("step"))[:190]), Minutes: step.Minutes, At: r.Now, Replaces: step.Heads})
		}
	}
	said := r.ImportStatement("7", "", pagetest.Hostile("imported"), 1, 1, r.Now)
	for i, p := range r.View().People() {
		r.Vote(p.ID, said, []moot.Vote{moot.Agree, moot.Disagree}[i%2])
		r.Put(&moot.SetPerson{Person: p.ID, Field: moot.PersonName, Value: `<img src=x onerror=hit()>`, Rev: 99})
	}
	return r
}

// The report is opened from a disk, where no server says what may run in it: nothing
// does, and every text is there as it was written.
func TestHostileReport(t *testing.T) {
	s := source(t, hostileRoom(t), 1)
	dir := t.TempDir()
	var page bytes.Buffer
	if err := report.WriteHTML(&page, s); err != nil {
		t.Fatal(err)
	}
	var drawing bytes.Buffer
	if err := report.WriteSVG(&drawing, s.View, report.PictureOptions{}); err != nil {
		t.Fatal(err)
	}
	path, svg := filepath.Join(dir, "report.html"), filepath.Join(dir, "map.svg")
	control := filepath.Join(dir, "control.html")
	for name, text := range map[string]string{path: page.String(), svg: drawing.String(), control: "<!doctype html><body>" + pagetest.Hostile("control")} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	browser, stop, err := pagetest.StartBrowser()
	defer stop()
	if err != nil {
		t.Fatal(err)
	}
	look := func(path string) (found []string, text string) {
		tab, err := browser.Page(proto.TargetCreateTarget{})
		if err != nil {
			t.Fatal(err)
		}
		defer tab.Close()
		tab = tab.Timeout(time.Minute)
		if _, err := tab.EvalOnNewDocument(`window.hits = []; window.hit = () => { hits.push("ran") }; window.addEventListener("error", e => hits.push(e.message), true)`); err != nil {
			t.Fatal(err)
		}
		if err := tab.Navigate("file://" + path); err != nil {
			t.Fatal(err)
		}
		if err := tab.WaitLoad(); err != nil {
			t.Fatal(err)
		}
		got, err := tab.Eval(`() => JSON.stringify([hits.concat([...document.querySelectorAll("script, img, svg[onload], iframe, [onerror], [onload], a[href^='javascript'], link, object")].map(e => e.outerHTML.slice(0, 80))), [document.documentElement.textContent]])`)
		if err != nil {
			t.Fatal(err)
		}
		var both [2][]string
		if err := json.Unmarshal([]byte(got.Value.Str()), &both); err != nil {
			t.Fatal(err)
		}
		return both[0], both[1][0]
	}
	found, text := look(path)
	for _, thing := range found {
		t.Errorf("the report holds %s", thing)
	}
	for _, field := range []string{"title", "about", "contact", "organiser", "licence", "imported"} {
		if want := pagetest.Hostile(field)[:60]; !strings.Contains(text, want) {
			t.Errorf("the report does not show the text of %s as it is", field)
		}
	}
	if found, text := look(svg); len(found) > 0 || text == "" {
		t.Errorf("the map holds %q", found)
	}
	if found, _ := look(control); len(found) < 4 {
		t.Errorf("in a page without any care only this is found: %q", found)
	}
}
