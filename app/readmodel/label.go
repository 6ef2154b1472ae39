package readmodel

import "math"

// labelStep is the distance of the places tried for a label, labelGap the least
// distance of a label from hulls and other labels.
const (
	labelStep = 0.02
	labelGap  = 0.008
)

// placeLabels gives every hull a label outside all hulls, not over another label,
// with a short leader that crosses as few other hulls as can be. The margins of the
// Scene are wide enough for five labels above and below the marks, so there is
// always a place.
func placeLabels(marks []Mark, hulls []Hull) []Label {
	labels := make([]Label, 0, len(hulls))
	var taken []box
	for h, hull := range hulls {
		spot, anchor := labelSpot(hulls, h, taken)
		taken = append(taken, boxAround(spot, LabelWidth, LabelHeight).grown(labelGap))
		labels = append(labels, Label{Group: hull.Group, People: peopleIn(marks, hull.Group),
			X: round4(spot.x), Y: round4(spot.y), AX: round4(anchor.x), AY: round4(anchor.y)})
	}
	return labels
}

// labelSpot tries a grid of places and gives the best middle of a label for hull h,
// and the end of its leader.
func labelSpot(hulls []Hull, h int, taken []box) (spot, anchor point) {
	least := math.Inf(1)
	own := hulls[h].Points
	columns := int(math.Floor((SceneWidth - LabelWidth) / labelStep))
	rows := int(math.Floor((SceneHeight - LabelHeight) / labelStep))
	for row := range rows + 1 {
		for column := range columns + 1 {
			at := point{LabelWidth/2 + labelStep*float64(column), LabelHeight/2 + labelStep*float64(row)}
			end := nearestOn(own, at)
			cost := boxAround(at, LabelWidth, LabelHeight).distance(end)
			if cost >= least || !labelFree(hulls, taken, at) {
				continue
			}
			if cost += crossing(hulls, h, at, end); cost < least {
				least, spot, anchor = cost, at, end
			}
		}
	}
	return spot, anchor
}

// labelFree says whether a label at a place touches no hull and no other label.
func labelFree(hulls []Hull, taken []box, at point) bool {
	b := boxAround(at, LabelWidth, LabelHeight)
	for _, other := range taken {
		if b.overlaps(other) {
			return false
		}
	}
	for _, hull := range hulls {
		if b.grown(labelGap).meetsHull(hull.Points) {
			return false
		}
	}
	return true
}

// crossing is the cost of a leader for lying over other groups' hulls: the share of
// it that does, and more where it ends in one.
func crossing(hulls []Hull, h int, from, to point) float64 {
	const parts = 8
	cost := 0.0
	for other, hull := range hulls {
		if other == h {
			continue
		}
		for i := range parts + 1 {
			t := float64(i) / parts
			if inside(hull.Points, point{from.x + t*(to.x-from.x), from.y + t*(to.y-from.y)}) {
				cost += 0.3 / parts
			}
		}
	}
	return cost
}

func peopleIn(marks []Mark, group string) int {
	people := 0
	for _, m := range marks {
		if m.Group == group {
			people += m.People
		}
	}
	return people
}
