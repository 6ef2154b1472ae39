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
	scene, _ := sceneOf(order, places, letters)
	return &scene
}
