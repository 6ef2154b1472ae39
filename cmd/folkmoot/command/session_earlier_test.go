package command_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// What a restore and a deletion put aside, and keys of before, go with the names; who has
// not said yes is told of them first.
func TestUnlinkDeletesWhatWasPutAside(t *testing.T) {
	data := t.TempDir()
	var made, other struct{ ID string }
	runJSON(t, data, &made, "session", "new", "--title", "Riverside")
	runJSON(t, data, &other, "session", "new", "--title", "Another")
	put := func(name string) string {
		t.Helper()
		path := filepath.Join(data, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte("Ann Example"), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	short := made.ID[:8]
	earlier := []string{
		put("damaged/" + short + "-20260601-100000.000/" + made.ID + ".folkmoot"),
		put("damaged/" + short + "-20260601-100000.000/" + made.ID + ".key"),
		put("deleted/" + short + "-20260602-100000.000/" + made.ID + ".folkmoot"),
		put(made.ID + ".key.1"),
		put(made.ID + ".folkmoot.restoring"),
	}
	others := []string{put("deleted/" + short + "-20260603-100000.000/" + other.ID + ".folkmoot"), put(other.ID + ".key.1")}
	there := func() (left []string) {
		for _, path := range slices.Concat(earlier, others) {
			if _, err := os.Stat(path); err == nil {
				left = append(left, path)
			}
		}
		return left
	}
	_, stderr, status := try(t, data, "session", "unlink", made.ID)
	if status != 1 || !strings.Contains(stderr, "2 earlier copies") || !strings.Contains(stderr, "5 files") || !strings.Contains(stderr, "damaged/") {
		t.Errorf("without yes: %d %s", status, stderr)
	}
	if got := there(); len(got) != len(earlier)+len(others) {
		t.Errorf("without yes there is only %q", got)
	}
	run(t, data, "session", "unlink", made.ID, "--yes")
	if got := there(); !slices.Equal(got, others) {
		t.Errorf("left: %q", got)
	}
	if _, err := os.Stat(filepath.Dir(earlier[0])); err == nil {
		t.Error("an empty folder stays")
	}
	// What is put aside later is not touched without a word.
	again := put("deleted/" + short + "-20260604-100000.000/" + made.ID + ".folkmoot")
	if _, stderr, status := try(t, data, "session", "unlink", made.ID); status != 1 || !strings.Contains(stderr, "1 earlier copy") {
		t.Errorf("once more: %d %s", status, stderr)
	}
	run(t, data, "session", "unlink", made.ID, "--yes")
	if _, err := os.Stat(again); err == nil {
		t.Error("what was put aside later stays")
	}
}
