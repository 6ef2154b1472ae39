package store_test

import (
	"os"
	"testing"

	"folkmoot/sync/store/storetest"
)

// smallDisk names the folder over which a test that runs itself again mounts its disk.
const smallDisk = "FOLKMOOT_SMALL_DISK"

// TestSmallDisk lets sessions run out of room on a memory disk of eight MiB. Where the
// system does not let tests mount one, command's TestFullDisk stands for it.
func TestSmallDisk(t *testing.T) {
	if folder := os.Getenv(smallDisk); folder != "" {
		if err := storetest.Mount(folder); err != nil {
			t.Logf("no small disk: %v", err)
			return
		}
		if err := storetest.Full(folder, 1, 3); err != nil {
			t.Error(err)
		}
		return
	}
	c := storetest.OnSmallDisk(os.Args[0], "-test.run", "^TestSmallDisk$", "-test.v")
	c.Env = append(os.Environ(), smallDisk+"="+t.TempDir())
	out, err := c.CombinedOutput()
	if c.ProcessState == nil {
		t.Logf("no small disk: %v", err)
		return
	}
	if err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	t.Logf("%s", out)
}
