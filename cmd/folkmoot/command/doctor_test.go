package command_test

import (
	"strings"
	"testing"
)

// While a hub is running its port is in good hands, and doctor says whose.
func TestDoctorBesideAHub(t *testing.T) {
	data, address := t.TempDir(), freeAddress(t)
	hub := serve(t, data, address, "--sample")
	var doc struct {
		OK     bool
		Checks []struct{ Name, Verdict, Found string }
	}
	runJSON(t, data, &doc, "doctor", "--listen", address)
	for _, c := range doc.Checks {
		if c.Name == "port" && (c.Verdict != "good" || !strings.Contains(c.Found, "市場前的停車格")) {
			t.Errorf("port: %s, %s", c.Verdict, c.Found)
		}
	}
	if !doc.OK {
		t.Errorf("doctor says that no session can be held: %+v", doc)
	}
	hub.interrupt()
}
