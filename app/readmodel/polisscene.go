package readmodel

import (
	"folkmoot/analysis/opinion"
	"folkmoot/sync/moot"
)

// PolisScene gives the opinion map of the polis engine: the people whom it groups, where
// it places them, its groups 0, 1, 2 as A, B, C. nil where it groups nobody. Rows of m are those
// of the matrix.
//
// Polis counts a disagree as +1; the picture has the axes as they come, as Polis's
// own picture does.
func PolisScene(matrix PolisMatrix, m opinion.PolisMap) *Scene {
	row := make(map[int]int, len(m.Participants)) // place among Participants
	for i, participant := range m.Participants {
		row[participant] = i
	}
	at, letters := map[moot.ParticipantID]point{}, map[moot.ParticipantID]string{}
	var order []moot.ParticipantID
	for _, participant := range m.InConversation {
		i, ok := row[participant]
		if !ok || participant >= len(matrix.People) {
			continue
		}
		id := matrix.People[participant].ID
		order = append(order, id)
		at[id] = point{m.Positions[i][0], m.Positions[i][1]}
	}
	if len(order) == 0 {
		return nil
	}
	for _, g := range m.Groups {
		for _, participant := range g.Members {
			if letter := PolisLetter(g.ID); letter != "" && participant < len(matrix.People) {
				letters[matrix.People[participant].ID] = letter
			}
		}
	}
	scene, _ := sceneOf(order, at, letters, nil)
	return &scene
}

// PolisLetter gives the letter of Polis's group 0, 1, 2 in a Scene, "" where letters end.
func PolisLetter(group int) string {
	if group < 0 || group >= len(alphabet) {
		return ""
	}
	return alphabet[group : group+1]
}
