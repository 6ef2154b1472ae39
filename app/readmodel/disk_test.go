package readmodel_test

import (
	"strings"
	"testing"

	"folkmoot/app/readmodel"
	"folkmoot/assets/words"
)

// Every state of a disk says how much is left or what is safe, where, and what to do.
func TestDiskTrouble(t *testing.T) {
	for _, c := range []struct {
		disk *readmodel.Disk
		key  string
	}{
		{readmodel.NewDisk(1<<40, "/data", false, false), ""},
		{readmodel.NewDisk(300<<20, "/data", false, false), "disk.low"},
		{readmodel.NewDisk(100<<20, "/data", false, false), "disk.short"},
		{readmodel.NewDisk(0, "/data", true, true), "disk.full"},
		{readmodel.NewDisk(1<<40, "/data", false, true), "disk.read_only"},
	} {
		trouble := c.disk.Trouble()
		if trouble == nil {
			if c.key != "" {
				t.Errorf("nothing is said, want %s", c.key)
			}
			continue
		}
		if trouble.Key != c.key {
			t.Errorf("%s, want %s", trouble.Key, c.key)
		}
		for _, lang := range words.Languages() {
			if text := words.Text(lang, trouble.Key, trouble.Args); !strings.Contains(text, "/data") || strings.Contains(text, "{{") || strings.Contains(text, "no value") {
				t.Errorf("%s: %q", lang, text)
			}
		}
	}
}
