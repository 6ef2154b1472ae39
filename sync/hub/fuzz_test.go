package hub

import (
	"encoding/json"
	"strings"
	"testing"
)

// Whatever a phone sends, the answer is JSON with receipts or a code, and the hub's own
// fault is never among the codes.
func FuzzItems(f *testing.F) {
	s := newSite(f, guardRate, alter{})
	token, _ := s.join("")
	for _, body := range []string{
		s.vote("agree", 1), itemsBody(`answer q1 1 3`), itemsBody(`person name 1 "Ada"`), itemsBody(`statement  1 {"text":"More chairs","lang":"en"}`),
		itemsBody(`vote x 4503599627370496 null`), itemsBody(`answer q1 1 1e999`), itemsBody(`statement  1 []`), `{"items":null}`, `{}`, `[]`, `null`, ``, `{"items":[{}],"waiting":-1}`,
		strings.Repeat("[", 9), `{"items":[{"cid":"` + strings.Repeat("z", 32) + `"}]}`, "{\"items\":[],\"waiting\":0}\x00", `{"items":[],"items":[]}`, `"\ud800"`,
	} {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body string) {
		s.t = t
		out := s.call("POST", "/api/v1/items", token, body)
		if !json.Valid([]byte(out.body)) || out.status >= 500 || out.status != 201 && out.code == "" {
			t.Fatalf("%.200q: %d %s", body, out.status, out.body)
		}
	})
}

// The same for joining: nobody is let in without the digits.
func FuzzJoin(f *testing.F) {
	s := newSite(f, guardCodes, alter{})
	for _, body := range []string{joinBody("000000", freshToken(), "Ada"), joinBody("", "", ""), `{"code":482163}`, `{"code":null,"token":[]}`, `{}`, ``, `{"code":"` + strings.Repeat("4", 70000) + `"}`} {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body string) {
		s.t = t
		out := s.call("POST", "/api/v1/join", "", body)
		if !json.Valid([]byte(out.body)) || out.status >= 500 || out.status == 201 && !strings.Contains(digits(body), siteCode) {
			t.Fatalf("%.200q: %d %s", body, out.status, out.body)
		}
	})
}

// A path is refused, or leads to a page, a file of the pages, or nothing.
func FuzzPath(f *testing.F) {
	for _, path := range []string{"/", "/j/482163", "/app/page.js", "/app/host.html%2f.", "/app/%2e%2e/page.js", "//wall", "/j/%00", "/j/４", "/app/..%5c..%5chost.html", "/%", "/%zz"} {
		f.Add(path)
	}
	f.Fuzz(func(t *testing.T, path string) {
		plain := plainPath(path)
		if plain && (!strings.HasPrefix(path, "/") || strings.Contains(path, "//") || strings.Contains(strings.ToLower(path), "%2f") || strings.Contains(path, "/../") || strings.Contains(path, "%00")) {
			t.Fatalf("%q is taken", path)
		}
	})
}
