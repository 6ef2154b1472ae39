package opinion

import (
	"math"

	"gonum.org/v1/gonum/floats"
)

// place fills in centre, components and the positions of participants and statements.
func (m *PolisMap) place(matrix *polisMatrix, before [][]float64) {
	y := newSheet(matrix.withoutOut(), m.Participants)
	m.Centre = make([]float64, len(m.Statements))
	for column, s := range m.Statements {
		if mean := y.mean[s]; mean != 0 {
			m.Centre[column] = -mean
		}
	}
	found := leading(y, true, stream(0, forAxes, 0))
	for k, axis := range found.axis[:2] {
		if axis == nil {
			break
		}
		component := make([]float64, len(m.Statements))
		for column, s := range m.Statements {
			component[column] = axis[s]
		}
		if k < len(before) {
			polisTurn(component, before[k])
		}
		m.Components = append(m.Components, component)
	}
	m.project(matrix)
}

// polisTurn gives a component the sign that a power iteration from the one before would
// lead to: Polis starts it there, with a 1 for each new statement.
func polisTurn(component, before []float64) {
	along := 0.0
	for column, loading := range component {
		if column < len(before) {
			loading *= before[column]
		}
		along += loading
	}
	if along < 0 {
		floats.Scale(-1, component)
	}
}

// project fills in the positions from centre and components.
func (m *PolisMap) project(matrix *polisMatrix) {
	columns := len(m.Statements)
	m.Positions = make([][2]float64, len(m.Participants))
	m.StatementPositions = make([][2]float64, columns)
	m.Extremity = make([]float64, columns)
	if columns < 2 || len(m.Participants) < 2 {
		return
	}
	for row := range m.Participants {
		m.Positions[row] = m.participantPosition(matrix, row)
	}
	for column := range m.Statements {
		for k, component := range m.Components {
			m.StatementPositions[column][k] = math.Sqrt(float64(columns)) * (-1 - m.Centre[column]) * component[column]
		}
		m.Extremity[column] = math.Hypot(m.StatementPositions[column][0], m.StatementPositions[column][1])
	}
}

// participantPosition projects the votes a participant cast, pushed outwards by
// √(statements / votes). Statements moderated out count as votes of everybody.
func (m *PolisMap) participantPosition(matrix *polisMatrix, row int) [2]float64 {
	var position [2]float64
	cast := matrix.outCount
	for s, value := range matrix.votes.Of(m.Participants[row]) {
		column := matrix.columnOf[s]
		if matrix.out[column] {
			continue
		}
		cast++
		for k, component := range m.Components {
			position[k] += (-float64(value) - m.Centre[column]) * component[column]
		}
	}
	scale := math.Sqrt(float64(len(m.Statements)) / float64(max(cast, 1)))
	return [2]float64{position[0] * scale, position[1] * scale}
}
