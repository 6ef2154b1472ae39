package moot_test

import (
	"testing"

	"folkmoot/sync/costtest"
	"folkmoot/sync/moot"
)

func TestItemCost(t *testing.T) {
	kinds := map[string]bool{}
	for _, p := range samples() {
		kinds[draft(t, p).Kind] = true
	}
	costtest.Check(t, costtest.Hostile(), func(data []byte) {
		for kind := range kinds {
			moot.Decode(kind, moot.Schema, data)
		}
		moot.CleanText(string(data))
	})
}
