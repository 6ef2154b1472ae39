package mapview_test

import (
	"context"
	"image"
	"image/color"
	"testing"

	"folkmoot/app/look"
	"folkmoot/app/mapview"
	"folkmoot/app/readmodel"
	"folkmoot/app/readmodel/readmodeltest"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

// rehearsed gives the scene of a rehearsal with so many leanings and people.
func rehearsed(t testing.TB, seed uint64, leanings, people int) *readmodel.Scene {
	t.Helper()
	room := readmodeltest.NewOpen(t)
	room.Rehearse(readmodel.Rehearsal{Seed: seed, Leanings: leanings}, people, 12)
	view, err := readmodel.Build(context.Background(), room.View(), readmodel.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if view.Scene == nil {
		t.Fatalf("the rehearsal has no map: %v", view.Missing)
	}
	return view.Scene
}

// crowd gives a made-up scene of three groups and people in none. Readmodel would need
// minutes for so many people.
func crowd(people int, shift float64) *readmodel.Scene {
	scene := &readmodel.Scene{}
	groups := []string{"A", "B", "C", ""}
	middles := [][2]float64{{0.3, 0.3}, {0.7, 0.3}, {0.5, 0.55}, {0.5, 0.4}}
	state := uint32(1)
	draw := func() float64 {
		state = state*1664525 + 1013904223
		return float64(state>>8) / (1 << 24)
	}
	for i := range people {
		g := i % len(groups)
		scene.Marks = append(scene.Marks, readmodel.Mark{X: middles[g][0] + shift + 0.3*(draw()-0.5), Y: middles[g][1] + 0.25*(draw()-0.5), Group: groups[g], People: 1 + i%9/8*3})
	}
	for g, letter := range groups[:3] {
		x, y := middles[g][0]+shift, middles[g][1]
		scene.Hulls = append(scene.Hulls, readmodel.Hull{Group: letter, Points: [][2]float64{{x - 0.17, y - 0.14}, {x + 0.17, y - 0.14}, {x + 0.17, y + 0.14}, {x - 0.17, y + 0.14}}})
		scene.Labels = append(scene.Labels, readmodel.Label{Group: letter, People: people / 4, X: x, Y: 0.05 + 0.65*float64(g/2), AX: x, AY: y - 0.14 + 0.28*float64(g/2)})
	}
	return scene
}

// one gives a scene of one mark in the middle.
func one(letter string, people int) *readmodel.Scene {
	return &readmodel.Scene{Marks: []readmodel.Mark{{X: 0.5, Y: 0.375, Group: letter, People: people}}}
}

func painted(scene *readmodel.Scene, width, height int, o mapview.PaintOptions) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	mapview.Paint(img, scene, o)
	return img
}

// pixels counts the pixels of a colour.
func pixels(img image.Image, c color.NRGBA) int {
	count := 0
	for y := img.Bounds().Min.Y; y < img.Bounds().Max.Y; y++ {
		for x := img.Bounds().Min.X; x < img.Bounds().Max.X; x++ {
			if color.NRGBAModel.Convert(img.At(x, y)) == c {
				count++
			}
		}
	}
	return count
}

// shown gives a map in a window of a size, and the window.
func shown(t testing.TB, style look.Style, width, height float32) (*mapview.Map, fyne.Window) {
	t.Helper()
	test.NewTempApp(t)
	fyne.CurrentApp().Settings().SetTheme(look.Theme(style))
	m := mapview.New(style)
	window := test.NewTempWindow(t, m)
	window.SetPadded(false)
	window.Resize(fyne.NewSize(width, height))
	return m, window
}
