package store_test

import (
	"testing"

	"folkmoot/sync/store/storetest"
)

// TestPowerLoss looks at what may be found of sessions after a power cut.
func TestPowerLoss(t *testing.T) {
	if err := storetest.Images(t.TempDir(), 1, 500); err != nil {
		t.Error(err)
	}
}
