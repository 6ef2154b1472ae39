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

// TestFaults lets each of the first writes and syncs fail in turn.
func TestFaults(t *testing.T) {
	if err := storetest.Faults(t.TempDir(), 1, 10); err != nil {
		t.Error(err)
	}
}

// TestBits turns over each bit of a small log.
func TestBits(t *testing.T) {
	if err := storetest.Bits(t.TempDir(), 1, 20); err != nil {
		t.Error(err)
	}
}
