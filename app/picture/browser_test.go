package picture_test

import (
	"bytes"
	"image"
	"image/png"
	"net/http"
	"net/http/httptest"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/go-rod/rod"
	"github.com/go-rod/rod/lib/proto"

	"folkmoot/app/picture"
	"folkmoot/assets/pagetest"
)

// patience is how long a browser may take for anything on a busy machine.
const patience = time.Minute

var (
	startOnce sync.Once
	chromium  *rod.Browser
	startErr  error
	stop      = func() {}
)

func TestMain(m *testing.M) {
	code := m.Run()
	stop()
	os.Exit(code)
}

// shown opens a picture as SVG in a browser, as large as its own units.
func shown(t *testing.T, p picture.Picture) *rod.Page {
	t.Helper()
	startOnce.Do(func() { chromium, stop, startErr = pagetest.StartBrowser() })
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(startErr)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/favicon.ico" { // the browser's own wish
			http.NotFound(w, r)
			return
		}
		if r.URL.Path != "/map.svg" {
			t.Errorf("the picture asks for %s", r.URL)
		}
		w.Header().Set("Content-Type", "image/svg+xml")
		if err := picture.WriteSVG(w, p); err != nil {
			t.Error(err)
		}
	}))
	t.Cleanup(server.Close)
	page, err := chromium.Page(proto.TargetCreateTarget{})
	must(err)
	t.Cleanup(func() { page.Close() })
	page = page.Timeout(patience)
	must(page.SetViewport(&proto.EmulationSetDeviceMetricsOverride{Width: picture.Width, Height: picture.Height, DeviceScaleFactor: 1}))
	must(page.Navigate(server.URL + "/map.svg"))
	must(page.WaitLoad())
	return page
}

// found is what the browser says of an SVG.
type found struct {
	Root    string   `json:"root"`
	Marks   int      `json:"marks"`
	Texts   int      `json:"texts"`
	Outside []string `json:"outside"`
}

const look = `() => {
	const root = document.documentElement;
	const outside = [];
	for (const e of root.querySelectorAll("path, rect, polygon, circle")) {
		if (e.closest("[opacity]")) continue; // soft discs may fade out beyond the edge
		const b = e.getBBox();
		if (b.x < 0 || b.y < 0 || b.x + b.width > 1000 || b.y + b.height > 800 || !(b.width > 0)) outside.push(e.outerHTML.slice(0, 80));
	}
	return {
		root: root.localName,
		marks: root.querySelector("[paint-order]").children.length,
		texts: root.querySelectorAll("text, tspan, style, [font-family], [class]").length,
		outside,
	};
}`

// A browser paints the SVG as we paint the pixels.
func TestBrowserShowsTheSVGLikeThePNG(t *testing.T) {
	for _, c := range golden {
		if c.people == 0 {
			continue
		}
		p := drawn(scene(t, 3, c.people, c.groups), c.lang, picture.Light())
		if c.wall {
			p.Palette = picture.Wall()
		}
		page := shown(t, p)
		result, err := page.Eval(look)
		if err != nil {
			t.Fatal(err)
		}
		var got found
		if err := result.Value.Unmarshal(&got); err != nil {
			t.Fatal(err)
		}
		if got.Root != "svg" || got.Marks != len(p.Scene.Marks) || got.Texts != 0 || len(got.Outside) != 0 {
			t.Errorf("%d people with %d marks: %+v", c.people, len(p.Scene.Marks), got)
		}
		compareShot(t, page, p, c.people)
	}
}

// compareShot compares what the browser shows with what we paint: edges may differ a
// little, nothing else may.
func compareShot(t *testing.T, page *rod.Page, p picture.Picture, people int) {
	t.Helper()
	shot, err := page.Screenshot(false, &proto.PageCaptureScreenshot{Format: proto.PageCaptureScreenshotFormatPng})
	if err != nil {
		t.Fatal(err)
	}
	theirs, err := png.Decode(bytes.NewReader(shot))
	if err != nil {
		t.Fatal(err)
	}
	ours := painted(p, picture.Width)
	mean, share := differ(ours, theirs)
	marks := float64(len(p.Scene.Marks)) // each has an edge, and a place kept to a quarter of a pixel
	if mean > 0.05+0.001*marks || share > 0.001+0.00002*marks {
		t.Errorf("%d people: the mean difference is %.3f, and %.3f %% of the pixels differ", people, mean, 100*share)
	}
	if blank, _ := differ(image.NewRGBA(ours.Rect), theirs); blank < 5 {
		t.Errorf("%d people: the browser shows nothing", people)
	}
}
