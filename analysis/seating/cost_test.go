package seating_test

import (
	"bytes"
	"strings"
	"testing"

	"folkmoot/analysis/seating"
	"folkmoot/sync/costtest"
)

func TestReadInstanceCost(t *testing.T) {
	inputs := costtest.Hostile()
	head, tail := `{"schema":"folkmoot-groups-1","tables":{"count":2,"min":1,"max":3},"participants":[`, `{"id":"z"}]}`
	for name, person := range map[string]string{"people": `{},`, "skills": `{"can":[` + strings.Repeat(`"",`, 1000) + `""]},`, "places": `{"coords":[` + strings.Repeat("0,", 1000) + `0]},`} {
		inputs[name] = []byte(head + strings.Repeat(person, (costtest.Size-200)/len(person)) + tail)
	}
	costtest.Check(t, inputs, func(data []byte) { seating.ReadInstance(bytes.NewReader(data)) })
}
