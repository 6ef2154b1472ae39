package assets_test

import (
	"bytes"
	"io/fs"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"folkmoot/assets"
	"folkmoot/assets/bundle"
)

// mostBytes is what the participants' page may weigh, texts of both languages
// included: a room of 300 loads it within three minutes.
const mostBytes = 150 << 10

func TestBuiltFilesAreUpToDate(t *testing.T) {
	files, err := bundle.Build("page")
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range files {
		got, err := os.ReadFile(filepath.Join("app", name))
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("app/%s is not what the sources give: run go generate ./assets", name)
		}
	}
	entries, err := os.ReadDir("app")
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if files[entry.Name()] == nil {
			t.Errorf("app/%s is no longer built", entry.Name())
		}
	}
}

func TestWeight(t *testing.T) {
	for _, page := range bundle.Pages() {
		sum := 0
		for _, kind := range []string{".html", ".js", ".css"} {
			data, err := fs.ReadFile(assets.App(), page+kind)
			if err != nil {
				t.Fatal(err)
			}
			sum += len(data)
		}
		t.Logf("%s: %d bytes", page, sum)
		if sum > mostBytes {
			t.Errorf("%s weighs %d bytes, at most %d", page, sum, mostBytes)
		}
	}
}

var address = regexp.MustCompile(`(?i)(?:https?:|wss?:)?//[a-z0-9][a-z0-9.-]*\.[a-z]{2,}[^"'\x60\s)]*`)

// The page must work without the internet, so it may name no address there.
// What is left are names of XML languages, which nobody fetches.
func TestNoAddressElsewhere(t *testing.T) {
	err := fs.WalkDir(assets.App(), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := fs.ReadFile(assets.App(), name)
		if err != nil {
			return err
		}
		for _, found := range address.FindAllString(string(data), -1) {
			parsed, err := url.Parse(strings.Trim(found, `"'`))
			if err != nil || parsed.Host != "www.w3.org" {
				t.Errorf("%s names %s", name, found)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// The policy of the hub allows neither inline scripts nor inline styles.
func TestDocumentsKeepThePolicy(t *testing.T) {
	inline := regexp.MustCompile(`(?i)<script(?:\s[^>]*)?>[^<]|<style|\sstyle=|\son[a-z]+=|javascript:`)
	for _, page := range bundle.Pages() {
		html, err := fs.ReadFile(assets.App(), page+".html")
		if err != nil {
			t.Fatal(err)
		}
		if found := inline.Find(html); found != nil {
			t.Errorf("%s.html has %q", page, found)
		}
		for _, file := range []string{page + ".js", page + ".css"} {
			if !regexp.MustCompile(`"/app/` + regexp.QuoteMeta(file) + `\?[0-9a-f]{10}"`).Match(html) {
				t.Errorf("%s.html does not ask for /app/%s with its hash", page, file)
			}
		}
	}
}

// run runs a program in assets/page; node comes with the distribution, the
// rest with npm ci.
func run(t *testing.T, program string, arguments ...string) {
	t.Helper()
	command := exec.Command(program, arguments...)
	command.Dir = "page"
	if out, err := command.CombinedOutput(); err != nil {
		t.Errorf("%s %s: %v\n%s", program, strings.Join(arguments, " "), err, out)
	}
}

func TestTypes(t *testing.T) {
	run(t, "node", "node_modules/typescript/bin/tsc", "--noEmit", "-p", ".")
}

func TestLockNamesNoRegistry(t *testing.T) {
	lock, err := os.ReadFile("page/package-lock.json")
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(lock, []byte(`"resolved"`)) {
		t.Error("page/package-lock.json names a registry; .npmrc should prevent it")
	}
}

// The sums, queues and choices of the pages are tested in TypeScript.
func TestScripts(t *testing.T) {
	tests, err := filepath.Glob("page/test/*.test.ts")
	if err != nil || len(tests) == 0 {
		t.Fatalf("no tests found: %v", err)
	}
	folder := t.TempDir()
	// Node 18 has what browsers call crypto behind a flag; later ones take the flag too.
	files := []string{"--experimental-global-webcrypto", "--test"}
	for _, test := range tests {
		script, err := bundle.Test("page", strings.TrimPrefix(test, "page/"))
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(folder, strings.TrimSuffix(filepath.Base(test), ".ts")+".cjs")
		if err := os.WriteFile(file, script, 0o644); err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	run(t, "node", files...)
}
