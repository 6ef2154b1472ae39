package store_test

import (
	"os"
	"strings"
	"testing"

	"folkmoot/sync/store/storetest"
)

// smallDisk names the folder over which a test that runs itself again mounts its disk.
const smallDisk = "FOLKMOOT_SMALL_DISK"

// noSmallDisk is what the inner run says where it may not mount one.
const noSmallDisk = "no small disk"

// TestSmallDisk lets sessions run out of room on a memory disk of eight MiB. Where the
// system does not let tests mount one, writes and syncs are refused as by a full disk.
func TestSmallDisk(t *testing.T) {
	if folder := os.Getenv(smallDisk); folder != "" {
		if err := storetest.Mount(folder); err != nil {
			t.Fatalf("%s: %v", noSmallDisk, err)
		}
		if err := storetest.Full(folder, 1, 3); err != nil {
			t.Error(err)
		}
		return
	}
	c := storetest.OnSmallDisk(os.Args[0], "-test.run", "^TestSmallDisk$", "-test.v")
	c.Env = append(os.Environ(), smallDisk+"="+t.TempDir())
	out, err := c.CombinedOutput()
	if c.ProcessState == nil || err != nil && strings.Contains(string(out), noSmallDisk) {
		t.Logf("%s: %v", noSmallDisk, err)
		out, err = nil, storetest.Faults(t.TempDir(), 100, 5)
	}
	if err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
