package hub_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"folkmoot/sync/moot"
)

func TestState(t *testing.T) {
	v := newVenue(t)
	token, person := v.join("Ada")
	v.send(token, voteItem(v.statements[0], "agree", 10))
	_, state, head := v.call("GET", "/api/v1/state", token, nil)
	if head.Get("Cache-Control") != "no-store" {
		t.Errorf("caching: %q", head.Get("Cache-Control"))
	}
	me := state["me"].(map[string]any)
	vote := me["votes"].(map[string]any)[v.statements[0]].(map[string]any)
	if me["id"] != person["id"] || me["name"] != "Ada" || vote["value"] != "agree" || vote["rev"].(float64) != 10 {
		t.Errorf("me: %v", me)
	}
	if state["results"] != nil || state["map"] != nil || state["table"] != nil {
		t.Error("results are there before the host shows them")
	}
	since := fmt.Sprintf("/api/v1/state?since=%.0f", state["version"])
	if _, same, _ := v.call("GET", since, token, nil); same["unchanged"] != true || same["statements"] != nil {
		t.Errorf("nothing changed: %v", same)
	}
	other, _ := v.join("")
	v.send(other, voteItem(v.statements[0], "disagree", 10))
	if _, same, _ := v.call("GET", since, token, nil); same["unchanged"] != true {
		t.Error("somebody else's vote makes every page ask again")
	}
	v.do(&moot.SetField{Field: moot.Title, Value: "Another title", Rev: 2})
	_, next, _ := v.call("GET", since, token, nil)
	if next["version"].(float64) <= state["version"].(float64) || next["session"].(map[string]any)["title"] != "Another title" {
		t.Errorf("after a change: %v", next)
	}
}

func TestTwoLanguages(t *testing.T) {
	v := newVenue(t)
	token, _ := v.join("")
	var sid moot.StatementID
	if err := sid.UnmarshalText([]byte(v.statements[0])); err != nil {
		t.Fatal(err)
	}
	v.do(&moot.SetField{Field: moot.Title.In("en"), Value: "In English", Rev: 1},
		&moot.NewStatement{Text: "第一則", Lang: "zh-Hant", Standing: moot.Approved, Pair: sid})
	_, state, _ := v.call("GET", "/api/v1/state", token, nil)
	in := state["session"].(map[string]any)["in"].(map[string]any)["en"].(map[string]any)
	list := state["statements"].([]any)
	texts := list[0].(map[string]any)["texts"].(map[string]any)
	if in["title"] != "In English" || len(list) != 3 || texts["zh-Hant"] != "第一則" || texts["en"] != "Statement 0" {
		t.Errorf("title %v, %d statements, texts %v", in, len(list), texts)
	}
}

// get asks with a token; the answer is closed when the test ends.
func get(t *testing.T, url, token string) *http.Response {
	t.Helper()
	req, err := http.NewRequest("GET", url, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { res.Body.Close() })
	return res
}

func TestWallNamesNobody(t *testing.T) {
	v := newVenue(t)
	token, person := v.join("王小明的名字")
	v.send(token, voteItem(v.statements[0], "agree", 10))
	raw, err := io.ReadAll(get(t, v.lan.URL+"/api/v1/wall", code).Body)
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"王小明", person["id"].(string), token} {
		if strings.Contains(string(raw), secret) {
			t.Errorf("the wall says %q", secret)
		}
	}
	var wall map[string]any
	if err := json.Unmarshal(raw, &wall); err != nil {
		t.Fatal(err)
	}
	join := wall["join"].(map[string]any)
	if join["code"] != code || join["qr"].(map[string]any)["size"].(float64) < 21 || wall["mode"] != "join" {
		t.Errorf("join: %v, mode %v", join, wall["mode"])
	}
}

// Who is on the Wi-Fi and not in the room can read the wall, but not how to join.
func TestWallInvitesWhoKnowsTheDigits(t *testing.T) {
	v := newVenue(t)
	told := func(base, given string) (digits, drawn bool) {
		raw, err := io.ReadAll(get(t, base+"/api/v1/wall", given).Body)
		if err != nil {
			t.Fatal(err)
		}
		return strings.Contains(string(raw), code), !strings.Contains(string(raw), `"path":""`)
	}
	for _, c := range []struct {
		name, base, given string
		want              bool
	}{
		{"nobody's wall", v.lan.URL, "", false},
		{"wrong digits", v.lan.URL, "111111", false},
		{"the digits", v.lan.URL, code, true},
		{"the digits as people write them", v.lan.URL, "482 163", true},
		{"the host's own computer", v.own.URL, "", true},
	} {
		if digits, drawn := told(c.base, c.given); digits != c.want || drawn != c.want {
			t.Errorf("%s: digits %t, QR %t, want %t", c.name, digits, drawn, c.want)
		}
	}
	for i := range 10 {
		told(v.lan.URL, fmt.Sprintf("%06d", i))
	}
	if digits, _ := told(v.lan.URL, code); digits {
		t.Error("the wall lets people guess without end")
	}
	if digits, _ := told(v.own.URL, ""); !digits {
		t.Error("guesses of others take the digits from the host's own wall")
	}
}

// A device that lost its streams without a word gets a new one at once; the host's
// wall is there however many walls others open.
func TestStreams(t *testing.T) {
	v := newVenue(t)
	token, _ := v.join("")
	oldest := get(t, v.lan.URL+"/api/v1/live", token)
	for range 6 {
		if res := get(t, v.lan.URL+"/api/v1/live", token); res.StatusCode != 200 {
			t.Fatalf("a stream more: %d", res.StatusCode)
		}
	}
	if _, err := io.ReadAll(oldest.Body); err != nil {
		t.Errorf("the oldest stream ends with %v", err)
	}
	full := 0
	for range 40 {
		if get(t, v.lan.URL+"/api/v1/wall/live", "").StatusCode == 503 {
			full++
		}
	}
	if full == 0 {
		t.Error("there is no end of walls")
	}
	if res := get(t, v.own.URL+"/api/v1/wall/live", ""); res.StatusCode != 200 {
		t.Errorf("the host's own wall: %d", res.StatusCode)
	}
}

func TestLive(t *testing.T) {
	v := newVenue(t)
	token, _ := v.join("")
	lines := bufio.NewScanner(get(t, v.lan.URL+"/api/v1/live", token).Body)
	next := func() map[string]any {
		for lines.Scan() {
			if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				var doc map[string]any
				if err := json.Unmarshal([]byte(data), &doc); err != nil {
					t.Fatal(err)
				}
				return doc
			}
		}
		t.Fatalf("the stream ended: %v", lines.Err())
		return nil
	}
	first := next()
	v.do(&moot.SetField{Field: moot.Title, Value: "New", Rev: 2})
	if second := next(); second["version"].(float64) <= first["version"].(float64) {
		t.Errorf("version %v, before %v", second["version"], first["version"])
	}
	v.send(token, voteItem(v.statements[0], "agree", 1))
	for doc := next(); doc["counts"].(map[string]any)["votes"].(float64) != 1; {
		doc = next()
	}
	v.hub.Close()
	for lines.Scan() {
	}
	if lines.Err() != nil {
		t.Errorf("closing the hub breaks the stream: %v", lines.Err())
	}
}

func TestPages(t *testing.T) {
	v := newVenue(t)
	get := func(path string) (int, string, http.Header) {
		res, err := http.Get(v.lan.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		body, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		return res.StatusCode, string(body), res.Header
	}
	for _, path := range []string{"/", "/j/482163", "/wall", "/app/page.js"} {
		status, body, head := get(path)
		if status != 200 || len(body) < 100 {
			t.Errorf("GET %s: %d, %d bytes", path, status, len(body))
		}
		if policy := head.Get("Content-Security-Policy"); !strings.Contains(policy, "default-src 'self'") || strings.Contains(policy, "unsafe") {
			t.Errorf("GET %s: policy %q", path, policy)
		}
	}
	for _, path := range []string{"/app/", "/app/../hub.go", "/host.html", "/app/host.html", "/nothing"} {
		if status, _, _ := get(path); status == 200 {
			t.Errorf("GET %s: 200", path)
		}
	}
}

// The host's page follows joins and votes, which other pages need not fetch.
func TestHostFollowsTheRoom(t *testing.T) {
	v := newVenue(t)
	_, before, _ := v.call("GET", "/host/v1/state", "secret", nil)
	req, err := http.NewRequest("GET", v.own.URL+"/host/v1/live", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer secret")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	v.join("")
	lines := bufio.NewScanner(res.Body)
	for lines.Scan() {
		var doc struct{ Version float64 }
		data, ok := strings.CutPrefix(lines.Text(), "data: ")
		if !ok {
			continue
		}
		if err := json.Unmarshal([]byte(data), &doc); err != nil {
			t.Fatal(err)
		}
		if doc.Version > before["version"].(float64) {
			return
		}
	}
	t.Errorf("the stream ended: %v", lines.Err())
}
