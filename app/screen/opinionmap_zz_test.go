package screen_test

import (
	"fmt"
	"image/png"
	"os"
	"strings"
	"testing"

	"folkmoot/app/look"
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

func TestMapPictures(t *testing.T) {
	os.MkdirAll("../../out/pictures/desk", 0o755)
	for name, sheet := range mapStates(t) {
		for _, lang := range []string{"en", "zh-Hant"} {
			for _, dark := range []bool{false, true} {
				for _, size := range []fyne.Size{{Width: 1070, Height: 740}, {Width: 640, Height: 480}} {
					v, w := mapShown(t, look.Style{Lang: lang, Dark: dark}, size, sheet)
					if dark && v.Letters["B"] != nil {
						test.Tap(v.Letters["B"])
					}
					f, _ := os.Create(fmt.Sprintf("../../out/pictures/desk/map_%s_%s_%v_%v.png", strings.ReplaceAll(name, " ", "-"), lang, dark, size.Width))
					png.Encode(f, w.Canvas().Capture())
					f.Close()
				}
			}
		}
	}
}
