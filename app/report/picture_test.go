package report_test

import (
	"bytes"
	"context"
	"encoding/xml"
	"image/png"
	"io"
	"maps"
	"strings"
	"testing"

	"folkmoot/analysis/opinion"
	"folkmoot/app/readmodel"
	"folkmoot/app/readmodel/readmodeltest"
	"folkmoot/app/report"
	"folkmoot/assets/words"
)

func TestSVG(t *testing.T) {
	v := view(t, planted(t))
	for _, lang := range words.Languages() {
		for _, wall := range []bool{false, true} {
			var b bytes.Buffer
			if err := report.WriteSVG(&b, v, report.PictureOptions{Lang: lang, Wall: wall}); err != nil {
				t.Fatal(err)
			}
			count := map[string]int{}
			decoder := xml.NewDecoder(&b)
			for {
				token, err := decoder.Token()
				if err == io.EOF {
					break
				}
				if err != nil {
					t.Fatal(err)
				}
				if start, ok := token.(xml.StartElement); ok {
					count[start.Name.Local]++
				}
			}
			hollow, legend := 0, 0
			for _, m := range v.Scene.Marks {
				if m.Spread > 0 {
					t.Fatal("a room whose people answer enough has no soft marks")
				}
				if m.Between {
					hollow++ // two shapes in a group of their own
					legend = 1
				}
			}
			want := map[string]int{"svg": 1, "title": 1, "desc": 1, "polygon": len(v.Scene.Hulls) + len(v.Scene.Labels), "path": len(v.Scene.Marks) + len(v.Scene.Labels) + 2 + hollow + legend, "g": 1 + len(v.Scene.Labels) + hollow, "rect": 1 + len(v.Scene.Labels)}
			if !maps.Equal(count, want) {
				t.Errorf("%s: got %v, want %v", lang, count, want)
			}
		}
	}
}

// Every picture says which program, engine, version and seed made it.
func TestPicturesSayWhatMadeThem(t *testing.T) {
	v := view(t, planted(t))
	for lang, want := range map[string]string{"en": "Folkmoot 1.2.3 · engine folkmoot " + opinion.EngineVersion + " · seed 1", "zh-Hant": "Folkmoot 1.2.3，引擎 folkmoot " + opinion.EngineVersion + "，種子 1", "": "Folkmoot 1.2.3，引擎"} {
		if got := report.MapPicture(v, report.PictureOptions{Lang: lang, Software: "1.2.3"}).Made; !strings.HasPrefix(got, want) {
			t.Errorf("%q: %q, want %q", lang, got, want)
		}
	}
	if got := report.MapPicture(v, report.PictureOptions{Lang: "en"}).Made; !strings.HasPrefix(got, "Folkmoot · ") {
		t.Errorf("without a version: %q", got)
	}
	page := pageOf(t, planted(t))
	if !strings.Contains(page, `aria-label="Folkmoot`) || strings.Contains(page, "<text") {
		t.Error("the report's map does not say what made it, or holds text")
	}
}

// A picture says how sure it is, in its description too; a green one has nothing to add.
func TestPicturesSayHowSureTheyAre(t *testing.T) {
	v := view(t, planted(t))
	for _, c := range []struct {
		people   int
		light    readmodel.Light
		lang     string
		want     string
		sentence string
	}{
		{339, readmodel.Red, "en", "Opinion map · 42 of 339 people · Not reliable yet", "."},
		{339, readmodel.Red, "zh-Hant", "意見地圖 · 339 人中的 42 人 · 還不可靠", "。"},
		{42, readmodel.Amber, "en", "Opinion map · 42 people · Provisional", "."},
		{42, readmodel.Amber, "zh-Hant", "意見地圖 · 42 人 · 暫時的結果", "。"},
		{42, readmodel.Green, "en", "Opinion map · 42 people", "."},
		{42, readmodel.Green, "zh-Hant", "意見地圖 · 42 人", "。"},
	} {
		v.Map.Participants, v.Light = c.people, c.light
		var b bytes.Buffer
		if err := report.WriteSVG(&b, v, report.PictureOptions{Lang: c.lang}); err != nil {
			t.Fatal(err)
		}
		if svg := b.String(); !strings.Contains(svg, `<path aria-label="`+c.want+`"`) || !strings.Contains(svg, `<desc id="map-desc">`+c.want+c.sentence) {
			t.Errorf("the picture does not say %q", c.want)
		}
	}
}

func TestPNG(t *testing.T) {
	var light, wall bytes.Buffer
	v := view(t, planted(t))
	if err := report.WritePNG(&light, v, report.PictureOptions{}); err != nil {
		t.Fatal(err)
	}
	if err := report.WritePNG(&wall, v, report.PictureOptions{Wall: true}); err != nil {
		t.Fatal(err)
	}
	if size, err := png.DecodeConfig(bytes.NewReader(light.Bytes())); err != nil || size.Width != 2000 || size.Height != 1600 {
		t.Errorf("%+v, %v", size, err)
	}
	if bytes.Equal(light.Bytes(), wall.Bytes()) {
		t.Error("the wall's picture is the light one")
	}
}

func TestPolisPicture(t *testing.T) {
	r := readmodeltest.NewOpen(t)
	r.Rehearse(readmodel.Rehearsal{Seed: 2, Leanings: 2}, 30, 12)
	matrix, err := readmodel.LayOutForPolis(r.View())
	if err != nil {
		t.Fatal(err)
	}
	m, err := opinion.Polis(context.Background(), matrix.Votes)
	if err != nil {
		t.Fatal(err)
	}
	p := report.PolisPicture(matrix, m, report.PictureOptions{Lang: "en", Software: "1.2.3"})
	if p.Scene == nil || p.Made != "Folkmoot 1.2.3 · engine polis 2024" || p.Head != "Opinion map · 30 people" || !strings.HasPrefix(p.Spoken, "Opinion map · 30 people. There are 30 people on the map, in ") {
		t.Errorf("made %q, spoken %q", p.Made, p.Spoken)
	}
	m.Participants = append(m.Participants, 30)
	m.Positions = append(m.Positions, [2]float64{})
	if p := report.PolisPicture(matrix, m, report.PictureOptions{Lang: "en"}); p.Head != "Opinion map · 30 of 31 people" {
		t.Errorf("with somebody who is not grouped: %q", p.Head)
	}
	for _, lang := range words.Languages() {
		p := report.PolisPicture(readmodel.PolisMatrix{}, opinion.PolisMap{}, report.PictureOptions{Lang: lang})
		if p.Scene != nil || len(p.Missing) != 1 || p.Spoken == "" {
			t.Errorf("%s: nobody: %+v", lang, p)
		}
	}
}
