package assets_test

import (
	"fmt"
	"math"
	"os"
	"regexp"
	"testing"
)

var colour = regexp.MustCompile(`--([a-z-]+): #([0-9a-f]{6});`)

func palette(t *testing.T, file string) map[string][3]float64 {
	t.Helper()
	data, err := os.ReadFile("page/src/look/" + file)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string][3]float64{}
	for _, match := range colour.FindAllStringSubmatch(string(data), -1) {
		var rgb [3]int
		fmt.Sscanf(match[2], "%02x%02x%02x", &rgb[0], &rgb[1], &rgb[2])
		for i, value := range rgb {
			light := found[match[1]]
			light[i] = float64(value) / 255
			found[match[1]] = light
		}
	}
	return found
}

// contrast is that of WCAG 2.2, from 1 to 21.
func contrast(a, b [3]float64) float64 {
	luminance := func(c [3]float64) float64 {
		linear := func(v float64) float64 {
			if v <= 0.04045 {
				return v / 12.92
			}
			return math.Pow((v+0.055)/1.055, 2.4)
		}
		return 0.2126*linear(c[0]) + 0.7152*linear(c[1]) + 0.0722*linear(c[2])
	}
	high, low := luminance(a), luminance(b)
	if high < low {
		high, low = low, high
	}
	return (high + 0.05) / (low + 0.05)
}

func TestContrast(t *testing.T) {
	const text, graphic = 4.5, 3.0
	pairs := []struct {
		front, back string
		least       float64
	}{
		{"ink", "paper", text}, {"ink", "card", text}, {"ink", "action-soft", text},
		{"quiet", "paper", text}, {"quiet", "card", text},
		{"action", "card", text}, {"action", "paper", text}, {"action", "action-soft", text}, {"on-action", "action", text},
		{"good", "paper", text}, {"good", "card", text},
		{"on-wait", "wait", text}, {"wait-edge", "paper", graphic}, {"wait-edge", "card", graphic},
		{"edge", "card", graphic}, {"edge", "paper", graphic},
		{"agree", "card", graphic}, {"disagree", "card", graphic},
		{"group-a", "card", graphic}, {"group-b", "card", graphic}, {"group-c", "card", graphic}, {"group-d", "card", graphic}, {"group-e", "card", graphic},
		{"on-group", "group-a", text}, {"on-group", "group-b", text}, {"on-group", "group-c", text}, {"on-group", "group-d", text}, {"on-group", "group-e", text},
	}
	for _, file := range []string{"light.css", "dark.css"} {
		colours := palette(t, file)
		for _, pair := range pairs {
			front, ok := colours[pair.front]
			back, also := colours[pair.back]
			if !ok || !also {
				t.Errorf("%s: no colour %s or %s", file, pair.front, pair.back)
				continue
			}
			if got := contrast(front, back); got < pair.least {
				t.Errorf("%s: %s on %s has a contrast of %.2f, at least %.1f", file, pair.front, pair.back, got, pair.least)
			}
		}
	}
}
