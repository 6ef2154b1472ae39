package command

import (
	"strings"
	"testing"
)

// doctor says how many phones fit where a program may have few connections.
func TestDoctorCountsSockets(t *testing.T) {
	for limit, want := range map[int]string{0: "good", 20000: "good", hubSockets + ownFiles: "good", 1024: "warning", 10: "warning"} {
		if got := checkSockets(limit); got.Verdict != want || got.Found == "" || (want == "good") != (got.Cure == "") {
			t.Errorf("a limit of %d: %+v, want %s", limit, got, want)
		}
	}
	if got := checkSockets(1024).Found; !strings.Contains(got, "about 480 phones") {
		t.Errorf("a limit of 1024: %s", got)
	}
}
