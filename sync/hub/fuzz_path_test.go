package hub

import (
	"strings"
	"testing"
)

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
