package pagetest

import (
	"math"
	"math/rand/v2"
)

// Crowd gives the map of a room of about so many people in groups A, B, C, …, as
// the hub's geometry lays one out: marks between a margin, hulls around them, labels
// above and below. One person in eight stands between two groups, one in ten has a
// soft edge. groups 0 gives a map on which no groups were found.
func Crowd(people, groups int) JSON {
	random := rand.New(rand.NewPCG(uint64(people), uint64(groups)))
	marks, hulls, labels := []JSON{}, []JSON{}, []JSON{}
	clouds := max(1, groups)
	for g := range clouds {
		letter := ""
		if groups > 0 {
			letter = string(rune('A' + g))
		}
		// The clouds lie around the middle, as wide as the margins allow.
		angle := 2*math.Pi*float64(g)/float64(clouds) + 0.5
		x, y := 0.5+0.26*math.Cos(angle), 0.375+0.14*math.Sin(angle)
		rx, ry := 0.16, 0.115
		if clouds == 1 {
			x, y, rx, ry = 0.5, 0.375, 0.42, 0.25
		}
		size := people / clouds
		for i := range size {
			turn, far := random.Float64()*2*math.Pi, math.Sqrt(random.Float64())
			mark := JSON{"x": round(x + rx*far*math.Cos(turn)), "y": round(y + ry*far*math.Sin(turn)), "group": letter, "people": 1}
			if i%8 == 3 && groups > 1 {
				mark["between"] = true
			}
			if i%10 == 6 {
				mark["spread"] = round(0.02 + 0.04*random.Float64())
			}
			if i%11 == 5 {
				mark["people"] = 3
			}
			marks = append(marks, mark)
		}
		if groups == 0 {
			continue
		}
		var points [][2]float64
		for i := range 12 {
			turn := 2 * math.Pi * float64(i) / 12
			points = append(points, [2]float64{round(x + rx*math.Cos(turn)), round(y + ry*math.Sin(turn))})
		}
		hulls = append(hulls, JSON{"group": letter, "points": points})
		edge := 0.05
		if math.Sin(angle) > 0 {
			edge = 0.7
		}
		labels = append(labels, JSON{"group": letter, "people": size, "x": round(x), "y": edge, "ax": round(x), "ay": round(y + ry*math.Copysign(1, math.Sin(angle)))})
	}
	return JSON{
		"groups_found": groups > 0, "light": "amber",
		"missing": []JSON{{"id": "missing.target", "args": JSON{"N": "3", "Text": "小廣場的打掃，鄰居願意一起輪值。"}}},
		"scene":   JSON{"marks": marks, "hulls": hulls, "labels": labels},
		"you":     JSON{"x": marks[3%len(marks)]["x"], "y": marks[3%len(marks)]["y"], "group": marks[3%len(marks)]["group"], "between": groups > 1},
	}
}

// OddMaps gives maps by what is odd about them: each must be painted or said sensibly.
func OddMaps() map[string]JSON {
	scene := func(marks, labels []JSON) JSON {
		return JSON{"groups_found": true, "missing": nil, "scene": JSON{"marks": marks, "hulls": nil, "labels": labels}, "you": nil}
	}
	label := func(letter string) JSON {
		return JSON{"group": letter, "people": 9, "x": 0.5, "y": 0.375, "ax": 0.5, "ay": 0.375}
	}
	heap, heapLabels := []JSON{}, []JSON{}
	for _, letter := range []string{"A", "B", "C", "G", "constructor"} {
		heap = append(heap, JSON{"x": 0.5, "y": 0.375, "group": letter, "people": 9, "spread": 40})
		heapLabels = append(heapLabels, label(letter))
	}
	return map[string]JSON{
		"no-scene": {"groups_found": true, "missing": nil, "scene": nil},
		"no-marks": scene([]JSON{}, []JSON{label("A")}),
		"nothing":  {"groups_found": false, "missing": nil, "scene": JSON{}},
		"one-mark": scene([]JSON{{"x": 0.5, "y": 0.375, "group": "A", "people": 1}}, []JSON{label("A")}),
		"one-heap": scene(heap, heapLabels),
		"outside":  scene([]JSON{{"x": 7, "y": -3, "group": "B", "people": -1}, {"x": nil, "y": 1, "group": "A"}, {"x": 0.2, "y": 0.2}}, nil),
	}
}

func round(x float64) float64 { return math.Round(x*1e4) / 1e4 }
