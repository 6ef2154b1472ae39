package hub_test

import (
	"bufio"
	"net/http"
	"strings"
	"testing"
)

// Walls in browsers tell people to join where the desk does, as soon as that changes, with
// that address in the QR code.
func TestWallJoinsWhereTheDeskDoes(t *testing.T) {
	v := newVenue(t)
	req, err := http.NewRequest("GET", v.lan.URL+"/api/v1/wall/live", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+code)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	lines := bufio.NewScanner(res.Body)
	lines.Buffer(nil, 1<<20)
	until := func(part string) {
		t.Helper()
		for lines.Scan() {
			if strings.Contains(lines.Text(), part) {
				return
			}
		}
		t.Fatalf("%s never came: %v", part, lines.Err())
	}
	const all = `"addresses":["http://192.168.7.7:8080","http://10.0.0.9:8080"]`
	drawn := func() string {
		_, doc, _ := v.call("GET", "/api/v1/wall", code, "")
		return doc["join"].(map[string]any)["qr"].(map[string]any)["path"].(string)
	}
	until(all)
	first := drawn()
	v.hub.JoinAt([]string{"http://10.0.0.9:8080"})
	until(`"addresses":["http://10.0.0.9:8080"]`)
	if drawn() == first {
		t.Error("the QR code leads where it led before")
	}
	v.hub.JoinAt(nil)
	until(all)
	if drawn() != first {
		t.Error("back on the first way the QR code is another one")
	}
}
