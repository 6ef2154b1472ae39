package assets_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"folkmoot/assets/bundle"
	"folkmoot/assets/words"
)

// sources gives the text of every Go and TypeScript source of the repository by
// its path, but for the tests of the catalogue itself.
func sources(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if slices.Contains([]string{"node_modules", ".git", "out", "app"}, entry.Name()) && path != "../app" {
				return filepath.SkipDir
			}
			return nil
		}
		if !slices.Contains([]string{".go", ".ts", ".tsx"}, filepath.Ext(path)) || strings.HasSuffix(path, "words_test.go") {
			return nil
		}
		data, err := os.ReadFile(path)
		found[path] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func family(key string) string { return key[:strings.IndexByte(key, '.')+1] }

var inGo = regexp.MustCompile(`words\.Text\([^,()]*(?:\([^()]*\))?[^,()]*,\s*"([^"]+)"\s*,`)

// In the desk a Style says a text, and a key may be put together from its beginning.
var (
	said     = regexp.MustCompile(`(?:\.Say|\bsay)\((?:lang, |"[a-zA-Z-]+", )?"([a-z_]+\.[a-z0-9_-]+)"[,)]`)
	together = regexp.MustCompile(`"([a-z]+\.[a-z_]*)"\s*\+`)
)

func TestEveryKeyExists(t *testing.T) {
	families := map[string]bool{}
	for _, key := range words.Keys() {
		families[family(key)] = true
	}
	for path, source := range sources(t) {
		if filepath.Ext(path) == ".go" {
			for _, match := range inGo.FindAllStringSubmatch(source, -1) {
				if !words.Has(match[1]) {
					t.Errorf("%s: no text for %s", path, match[1])
				}
			}
			for _, match := range said.FindAllStringSubmatch(source, -1) {
				if !words.Has(match[1]) {
					t.Errorf("%s: no text for %s", path, match[1])
				}
			}
			continue
		}
		if strings.Contains(path, "/test/") {
			continue
		}
		keys, beginnings := bundle.Named(source)
		for _, key := range keys {
			if families[family(key)] && !words.Has(key) {
				t.Errorf("%s: no text for %s", path, key)
			}
		}
		for _, beginning := range beginnings {
			if families[family(beginning)] && len(bundle.KeysIn("`"+beginning+"${")) == 0 {
				t.Errorf("%s: no text begins with %s", path, beginning)
			}
		}
	}
}

// vocabulary is the family of the words that the design fixes for screens
// whether or not one shows them already; the catalogue's own test holds them.
const vocabulary = "term."

func TestNoKeyIsUnused(t *testing.T) {
	var all strings.Builder
	for path, source := range sources(t) {
		if !strings.HasSuffix(path, "_test.go") && !strings.Contains(path, "/test/") {
			if filepath.Ext(path) == ".go" {
				source = together.ReplaceAllString(source, "`$1$${")
			}
			all.WriteString(source + "\n")
		}
	}
	used := bundle.KeysIn(all.String())
	for _, key := range words.Keys() {
		if _, found := slices.BinarySearch(used, key); !found && family(key) != vocabulary {
			t.Errorf("%s: nobody uses it", key)
		}
	}
}
