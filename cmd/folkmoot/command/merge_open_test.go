package command_test

import (
	"path/filepath"
	"strings"
	"testing"
)

type mergedJSON struct {
	ID     string
	Votes  int
	Merged struct {
		New        bool
		Look       bool
		Entries    int
		Statements int
		Devices    []struct{ ID, Name string }
	}
}

// packOf writes a pack of a session's log and gives its folder.
func packOf(t *testing.T, data, id string) string {
	t.Helper()
	var packed struct{ Folder string }
	runJSON(t, data, &packed, "export", id, "--to", t.TempDir(), "--as", "log")
	return packed.Folder
}

// A pack is merged into a session in which people are voting: the program that has it
// open does it, and shows it at once.
func TestMergeIntoAnOpenSession(t *testing.T) {
	here, there := t.TempDir(), t.TempDir()
	var made struct{ ID string }
	runJSON(t, here, &made, "session", "new", "--title", "Riverside", "--language", "en")
	run(t, there, "import", "pack", packOf(t, here, made.ID))
	run(t, there, "statement", "add", made.ID, "Trees need room.")
	pack := packOf(t, there, made.ID)
	served := serve(t, here, freeAddress(t), "--session", made.ID)
	var doc mergedJSON
	runJSON(t, here, &doc, "import", "pack", pack, "--look")
	if !doc.Merged.Look || doc.Merged.Entries == 0 || doc.Merged.Statements != 1 || len(doc.Merged.Devices) != 1 {
		t.Errorf("looked at: %+v", doc)
	}
	runJSON(t, here, &doc, "import", "pack", pack)
	if doc.Merged.Look || doc.Merged.New || doc.Merged.Statements != 1 || doc.Merged.Entries == 0 {
		t.Errorf("merged: %+v", doc)
	}
	if out := run(t, here, "session", "show", made.ID); !strings.Contains(out, "Trees need room.") && !strings.Contains(out, "1 statement") {
		t.Errorf("the session shows:\n%s", out)
	}
	if out := run(t, here, "import", "pack", pack); !strings.Contains(out, "Already included") {
		t.Errorf("once more:\n%s", out)
	}
	_, stderr, status := try(t, here, "import", "pack", filepath.Join(here, made.ID+".folkmoot"))
	if status != 1 || !strings.Contains(stderr, "the session on this computer itself") {
		t.Errorf("its own file: %d, %s", status, stderr)
	}
	served.interrupt()
	run(t, here, "rebuild", made.ID)
}
