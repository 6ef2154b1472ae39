package command_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// goPackage is what "go list" says of a package.
type goPackage struct {
	ImportPath string
	Imports    []string
	Deps       []string
	GoFiles    []string
}

// boundary is a row of the table of who must not reach what.
type boundary struct {
	who     string   // folder; "…/" stands for everything below it
	not     []string // direct imports: exact paths, or with a trailing / everything below
	through []string // not reached through others either
	because string
}

const (
	fyne    = "fyne.io/fyne/v2"
	fyneApp = "fyne.io/fyne/v2/app"
	bbolt   = "go.etcd.io/bbolt"
)

var boundaries = []boundary{
	{"analysis/", []string{"folkmoot/", "net", "net/", "os", "time"}, []string{fyne, bbolt}, "the numbers must be checkable alone"},
	{"sync/", []string{"folkmoot/app/", "folkmoot/analysis/"}, []string{fyne}, "the record outlives the screens"},
	{"sync/oplog", []string{"net", "net/", "os", "time", bbolt}, []string{bbolt}, "same entries, same state"},
	{"sync/moot", []string{"net", "net/", "os", "time", bbolt}, []string{bbolt}, "same entries, same state"},
	{"sync/badge", []string{"folkmoot/", "net", "net/", "os", "time", bbolt}, []string{bbolt}, "who may join is worked out from the key alone"},
	{"app/readmodel", []string{"net", "net/"}, []string{fyne, bbolt}, "what is shown is tested without showing it"},
	{"app/report", []string{"net", "net/"}, []string{fyne, bbolt}, "what is shown is tested without showing it"},
	{"app/picture", []string{"folkmoot/sync/", "folkmoot/analysis/", "folkmoot/app/report", "net", "net/", "os", "time"}, []string{fyne, bbolt}, "a map is the same pixels wherever it is painted"},
	{"app/intake", []string{"net", "net/"}, []string{fyne, bbolt}, "what others made is read without a window or a store"},
	{"assets", []string{"folkmoot/assets/font"}, []string{fyne, "folkmoot/assets/font"}, "the hub imports it, and needs no typeface of 14 MB"},
	{"sync/store", []string{"folkmoot/sync/hub", "folkmoot/sync/replica"}, nil, "command joins them"},
	{"sync/hub", []string{"folkmoot/sync/store", "folkmoot/sync/replica"}, nil, "command joins them"},
	{"sync/peer", []string{"folkmoot/sync/store", "folkmoot/sync/hub", "net", "net/http", "crypto/tls"}, []string{"net/http"}, "what devices say to each other is tested without a network"},
	{"sync/link", []string{"folkmoot/sync/store", "folkmoot/sync/hub", "folkmoot/sync/mdns"}, nil, "command joins them"},
	{"sync/mdns", []string{"folkmoot/"}, []string{fyne, bbolt}, "whom the network knows is a hint, whatever it is used for"},
	{"sync/replica", []string{"folkmoot/sync/store", "folkmoot/sync/hub"}, nil, "command joins them"},
	{"app/screen", []string{"folkmoot/sync/", "folkmoot/analysis/", "net", "net/"}, []string{fyneApp}, "screens draw only from the read model"},
	{"app/mapview", []string{"folkmoot/sync/", "folkmoot/analysis/", "net", "net/"}, []string{fyneApp}, "screens draw only from the read model"},
	{"app/tablet", []string{"folkmoot/sync/", "folkmoot/analysis/", "folkmoot/app/screen", "folkmoot/app/shell", "net", "net/"}, []string{fyneApp, bbolt}, "the participants' screens draw only from the read model"},
	{"app/look", []string{"folkmoot/sync/", "folkmoot/analysis/", "folkmoot/app/", "net", "net/"}, []string{fyneApp}, "screens draw only from the read model"},
	{"app/shell", []string{"folkmoot/sync/", "folkmoot/analysis/", "net", "net/http"}, []string{fyneApp, bbolt}, "wiring lives in command"},
	{"cmd/folkmoot/command", nil, []string{fyne}, "the same commands run where there is no window"},
	{"cmd/folkmootd", nil, []string{fyne}, "it runs where there is no window"},
	{"cmd/torture", nil, []string{fyne}, "it runs where there is no window"},
	{"cmd/torture/storm", nil, []string{fyne}, "it runs where there is no window"},
	{"sync/faultproxy", []string{"folkmoot/"}, []string{fyne, bbolt}, "a network knows nothing of what it carries"},
	{"cmd/folkmoot/crowd", []string{"folkmoot/"}, []string{fyne, bbolt}, "phones know of a hub what it says, and no more"},
}

// TestBoundaries keeps the table of who must not reach what.
func TestBoundaries(t *testing.T) {
	packages := listPackages(t)
	for _, b := range boundaries {
		rows := 0
		for _, p := range packages {
			at := strings.TrimPrefix(p.ImportPath, "folkmoot/")
			if at != b.who && !(strings.HasSuffix(b.who, "/") && strings.HasPrefix(at, b.who)) {
				continue
			}
			rows++
			for _, no := range b.not {
				if i := slices.IndexFunc(p.Imports, func(path string) bool { return reaches(path, no) && !sibling(b.who, path) }); i >= 0 {
					t.Errorf("%s imports %s: %s", at, p.Imports[i], b.because)
				}
			}
			for _, no := range b.through {
				if i := slices.IndexFunc(p.Deps, func(path string) bool { return path == no || strings.HasPrefix(path, no+"/") }); i >= 0 {
					t.Errorf("%s reaches %s: %s", at, p.Deps[i], b.because)
				}
			}
		}
		if rows == 0 {
			t.Errorf("no package at %q: the table is out of date", b.who)
		}
	}
}

// TestOnlyImporters keeps what a single package may import.
func TestOnlyImporters(t *testing.T) {
	for _, p := range listPackages(t) {
		if slices.Contains(p.Imports, bbolt) && p.ImportPath != "folkmoot/sync/store" {
			t.Errorf("%s imports bbolt: sync/store alone knows how the record lies on the disk", p.ImportPath)
		}
		if slices.Contains(p.Imports, fyneApp) && p.ImportPath != "folkmoot/cmd/folkmoot" {
			t.Errorf("%s imports Fyne's app package: it needs cgo and a display", p.ImportPath)
		}
	}
}

// TestTopLevel keeps the folder list: it tells the story.
func TestTopLevel(t *testing.T) {
	allowed := []string{"cmd", "app", "sync", "analysis", "assets", "go.mod", "go.sum", "FyneApp.toml", "README.md", "LICENSE", "Makefile", ".gitignore", ".ci"}
	made := []string{".git", "bin", "out"} // by git and make, in .gitignore
	entries, err := os.ReadDir(root(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !slices.Contains(allowed, e.Name()) && !slices.Contains(made, e.Name()) {
			t.Errorf("%s stands at the top: only %v may", e.Name(), allowed)
		}
	}
	for _, folder := range []string{"app", "sync", "analysis"} {
		if files, _ := filepath.Glob(filepath.Join(root(t), folder, "*.go")); len(files) > 0 {
			t.Errorf("%v: %s holds packages and no Go file of its own", files, folder)
		}
	}
}

// sibling lets a folder of packages import within itself.
func sibling(who, path string) bool {
	return strings.HasSuffix(who, "/") && strings.HasPrefix(path, "folkmoot/"+who)
}

func reaches(path, no string) bool {
	return path == no || strings.HasSuffix(no, "/") && strings.HasPrefix(path, no)
}

func listPackages(t *testing.T) []goPackage {
	t.Helper()
	cmd := exec.Command("go", "list", "-tags", "ci", "-json=ImportPath,Imports,Deps,GoFiles", "./...")
	cmd.Dir = root(t)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var packages []goPackage
	dec := json.NewDecoder(strings.NewReader(string(out)))
	for dec.More() {
		var p goPackage
		if err := dec.Decode(&p); err != nil {
			t.Fatal(err)
		}
		packages = append(packages, p)
	}
	return packages
}

// root gives the repository's folder.
func root(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for dir != "/" {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		dir = filepath.Dir(dir)
	}
	t.Fatal("no go.mod above the test")
	return ""
}
