package readmodel

import "folkmoot/sync/moot"

// SceneOf lets tests paint places that no votes give.
func SceneOf(at [][2]float64, group []string) *Scene {
	var order []moot.ParticipantID
	places, letters := map[moot.ParticipantID]point{}, map[moot.ParticipantID]string{}
	for i, xy := range at {
		id := moot.ParticipantID{byte(i), byte(i >> 8), 1}
		order = append(order, id)
		places[id], letters[id] = point{xy[0], xy[1]}, group[i]
	}
	scene, _ := sceneOf(order, places, letters, nil)
	return &scene
}

// Align turns places by the best orthogonal map onto where they lay before.
func Align(last, next [][2]float64) [][2]float64 {
	var order []moot.ParticipantID
	before, now := map[moot.ParticipantID]point{}, map[moot.ParticipantID]point{}
	for i := range next {
		id := moot.ParticipantID{byte(i), byte(i >> 8), 1}
		order = append(order, id)
		now[id] = point{next[i][0], next[i][1]}
		if i < len(last) {
			before[id] = point{last[i][0], last[i][1]}
		}
	}
	t := align(before, now, order)
	out := make([][2]float64, len(next))
	for i, id := range order {
		p := t.apply(now[id])
		out[i] = [2]float64{p.x, p.y}
	}
	return out
}

// LetterGroups names groups, given as numbers of people, after the letters that people
// had.
func LetterGroups(groups [][]int, last map[int]string) []string {
	id := func(n int) moot.ParticipantID { return moot.ParticipantID{byte(n), 1} }
	ids := make([][]moot.ParticipantID, len(groups))
	for g, members := range groups {
		for _, n := range members {
			ids[g] = append(ids[g], id(n))
		}
	}
	before := map[moot.ParticipantID]string{}
	for n, letter := range last {
		before[id(n)] = letter
	}
	return letterGroups(ids, before)
}

// Coarsen puts the classes of each way to tell people apart together until none gives
// anybody away: for each way that is told, every person's class as it is told.
func Coarsen(ways [][]int) [][]int {
	var told []partition
	var out [][]int
	for _, of := range ways {
		classes := 0
		for _, class := range of {
			classes = max(classes, class+1)
		}
		p := newPartition("", make([]Sentence, classes)...)
		p.of = of
		if p.coarsen(told) {
			told = append(told, p)
			out = append(out, p.places())
		}
	}
	return out
}
