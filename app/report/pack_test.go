package report_test

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"folkmoot/app/readmodel"
	"folkmoot/app/readmodel/readmodeltest"
	"folkmoot/app/report"
	"folkmoot/sync/moot"
)

const secret = "石小虎的本名"

// packed is a room with names, a licence and all formats.
func packed(t testing.TB, licence string) (*readmodeltest.Room, []moot.ParticipantID) {
	r := readmodeltest.NewOpen(t)
	if licence != "" {
		r.Do(readmodel.SetField(r.View(), moot.Licence, licence, r.IDs))
	}
	pids, _ := r.Rehearse(readmodel.Rehearsal{Seed: 4}, 26, 14)
	for i, p := range pids {
		r.Put(&moot.SetPerson{Person: p, Field: moot.PersonName, Value: secret + string(rune('一'+i)), Rev: 1})
	}
	return r, pids
}

func TestPack(t *testing.T) {
	r, _ := packed(t, "CC-BY-4.0")
	dir := t.TempDir()
	got, err := report.WritePack(dir, source(t, r, 1), report.PackOptions{Zip: true})
	if err != nil {
		t.Fatal(err)
	}
	if want := filepath.Join(dir, "2026-06-14-河岸怎麼用-the-riverside"); got.Folder != want || !got.Checked || !got.Public || got.Withheld != 0 {
		t.Errorf("got %+v, want the folder %s", got, want)
	}
	var paths []string
	for _, f := range got.Files {
		paths = append(paths, f.Path)
		if f.Path == "public/polis/votes.csv" && f.Rows != r.View().Votes {
			t.Errorf("%d rows of votes, want %d", f.Rows, r.View().Votes)
		}
		if f.Path == "private/log.jsonl" && f.Rows != len(r.Entries) {
			t.Errorf("%d lines of log, want %d", f.Rows, len(r.Entries))
		}
	}
	want := []string{
		"private/ATTRIBUTION.txt", "private/README.txt", "private/SHA256SUMS", "private/closing.html", "private/datapackage.json", "private/log.jsonl", "private/names.csv", "private/recount.py",
		"public/ATTRIBUTION.txt", "public/README.txt", "public/SHA256SUMS", "public/datapackage.json", "public/excel/tables.xlsx", "public/extra/statements.csv", "public/map.json", "public/map.png", "public/map.svg",
		"public/polis-zip.zip", "public/polis-zip/comments.csv", "public/polis-zip/participants-votes.csv", "public/polis-zip/stats-history.csv", "public/polis-zip/summary.csv", "public/polis-zip/votes.csv",
		"public/polis/comment-groups.csv", "public/polis/comments.csv", "public/polis/participant-votes.csv", "public/polis/summary.csv", "public/polis/votes.csv", "public/report.html",
	}
	if !slices.Equal(paths, want) {
		t.Errorf("files %v", paths)
	}
	left, _ := filepath.Glob(filepath.Join(dir, ".pack-*"))
	if len(left) != 0 {
		t.Errorf("half-done work left: %v", left)
	}
	again, err := report.WritePack(dir, source(t, r, 1), report.PackOptions{Zip: true})
	if err != nil || again.Folder != got.Folder+"-2" {
		t.Errorf("a second pack: %s, %v", again.Folder, err)
	}
	for i := range got.Files {
		if got.Files[i] != again.Files[i] {
			t.Errorf("the same Source writes another %s", got.Files[i].Path)
		}
	}
	found, err := report.VerifyPack(got.Folder)
	if err != nil || !found.OK || found.Entries != len(r.Entries) || found.Digest != r.View().Digest() {
		t.Errorf("verified %+v, %v", found, err)
	}
}

// No name and no id of a person leaves in the public part, in zips neither.
func TestPublicNamesNobody(t *testing.T) {
	r, pids := packed(t, "CC0-1.0")
	got, err := report.WritePack(t.TempDir(), source(t, r, 1), report.PackOptions{Zip: true})
	if err != nil {
		t.Fatal(err)
	}
	needles := []string{secret}
	for _, p := range pids {
		needles = append(needles, p.String(), string(p[:]))
	}
	inPrivate := 0
	for path, data := range contents(t, got.Folder) {
		for _, needle := range needles {
			if !bytes.Contains(data, []byte(needle)) {
				continue
			}
			if strings.HasPrefix(path, "public") {
				t.Errorf("%s holds %q", path, needle)
			}
			inPrivate++
		}
	}
	if inPrivate == 0 {
		t.Error("the private part holds no names: the test looks for the wrong thing")
	}
}

// contents reads all files of a folder, and the members of zips.
func contents(t *testing.T, root string) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, _ := filepath.Rel(root, path)
		data, err := os.ReadFile(path)
		all[filepath.ToSlash(rel)] = data
		if ext := filepath.Ext(path); (ext == ".zip" || ext == ".xlsx") && err == nil {
			archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
			if err != nil {
				return err
			}
			for _, member := range archive.File {
				in, err := member.Open()
				if err != nil {
					return err
				}
				text, err := io.ReadAll(in)
				if err != nil {
					return err
				}
				all[filepath.ToSlash(rel)+"!"+member.Name] = text
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestWithoutLicenceNothingIsPublic(t *testing.T) {
	for _, licence := range []string{"", "not public", "not-public"} {
		r, _ := packed(t, licence)
		got, err := report.WritePack(t.TempDir(), source(t, r, 1), report.PackOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(filepath.Join(got.Folder, "public")); !errors.Is(err, os.ErrNotExist) || got.Public {
			t.Errorf("licence %q: there is a public part", licence)
		}
		if _, err := os.Stat(filepath.Join(got.Folder, "private", "report.html")); err != nil {
			t.Errorf("licence %q: the host has no report: %v", licence, err)
		}
	}
}

func TestPackOfSomeFormats(t *testing.T) {
	r, _ := packed(t, "conditional: ask us")
	got, err := report.WritePack(t.TempDir(), source(t, r, 1), report.PackOptions{As: []string{"svg", "png", "json"}})
	if err != nil || len(got.Files) != 7 {
		t.Errorf("%d files, %v", len(got.Files), err)
	}
	if _, err := report.WritePack(t.TempDir(), source(t, r, 1), report.PackOptions{As: []string{"pptx"}}); !errors.Is(err, report.ErrFormat) {
		t.Errorf("an unknown format: %v", err)
	}
}

func TestWithheldTexts(t *testing.T) {
	r := hybrid(t)
	r.Do(readmodel.SetField(r.View(), moot.Licence, "CC-BY-4.0", r.IDs))
	got, err := report.WritePack(t.TempDir(), source(t, r, 1), report.PackOptions{Zip: true})
	if err != nil || got.Withheld != 2 {
		t.Fatalf("withheld %d, %v", got.Withheld, err)
	}
	for path, data := range contents(t, got.Folder) {
		for standing, text := range map[string]string{"removed": "不該出現的個資", "undecided": "留一塊草地"} {
			if strings.HasPrefix(path, "public") && bytes.Contains(data, []byte(text)) {
				t.Errorf("%s holds a text that is %s", path, standing)
			}
		}
	}
	attribution, _ := os.ReadFile(filepath.Join(got.Folder, "public", "ATTRIBUTION.txt"))
	if !bytes.Contains(attribution, []byte("sub-licensed under CC BY 4.0 with Attribution to The Computational Democracy Project")) || !bytes.Contains(attribution, []byte("https://pol.is/3abc")) {
		t.Errorf("the attribution of imported data is missing: %s", attribution)
	}
}

func TestVerifyFindsWhatIsWrong(t *testing.T) {
	cases := []struct {
		name string
		do   func(folder string) error
		want string
	}{
		{"a changed file", func(f string) error { return change(f+"/public/polis/votes.csv", "-1\n", "1\n") }, "public/polis/votes.csv: its sum is another one"},
		{"an added file", func(f string) error { return os.WriteFile(f+"/public/x.txt", nil, 0o600) }, "public/x.txt: it is not listed in SHA256SUMS"},
		{"a missing file", func(f string) error { return os.Remove(f + "/public/map.svg") }, "public/map.svg: it is missing"},
		{"missing sums", func(f string) error { return os.Remove(f + "/private/SHA256SUMS") }, "private/SHA256SUMS: it is missing"},
		{"another vote in the log", func(f string) error { return change(f+"/private/log.jsonl", `"value":"agree"`, `"value":"pass"`) }, "the line says something else than its entry"},
		{"a turned vote, with new sums", func(f string) error {
			return errors.Join(change(f+"/public/polis/votes.csv", ",1\n", ",0\n"), sumAgain(f+"/public"))
		}, "public/polis: its votes are not those of the log"},
		{"the log's end cut off, with new sums", func(f string) error {
			data, err := os.ReadFile(f + "/private/log.jsonl")
			lines := bytes.SplitAfter(data, []byte("\n"))
			short := bytes.Join(lines[:len(lines)-4], nil)
			return errors.Join(err, os.WriteFile(f+"/private/log.jsonl", short, 0o600), sumAgain(f+"/private"))
		}, "entries are missing at its end"},
		{"a line less in the log", func(f string) error { return cutLine(f+"/private/log.jsonl", 20) }, "the entry's number"},
	}
	r, _ := packed(t, "CC-BY-4.0")
	for _, c := range cases {
		got, err := report.WritePack(t.TempDir(), source(t, r, 1), report.PackOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if err := c.do(got.Folder); err != nil {
			t.Fatal(err)
		}
		found, err := report.VerifyPack(got.Folder)
		if err != nil || found.OK {
			t.Errorf("%s: %+v, %v", c.name, found, err)
		}
		said := ""
		for _, bad := range found.BadFiles {
			said += bad.Path + ": " + bad.Why + "\n"
		}
		if found.FirstBad != nil {
			said += found.FirstBad.Why
		}
		if c.name == "a line less in the log" {
			if found.FirstBad == nil || found.FirstBad.Seq != 22 {
				t.Errorf("%s: first bad %+v", c.name, found.FirstBad)
			}
		} else if !strings.Contains(said, c.want) {
			t.Errorf("%s: got %q, want %q", c.name, said, c.want)
		}
	}
	if _, err := report.VerifyPack(t.TempDir()); !errors.Is(err, report.ErrNoPack) {
		t.Errorf("an empty folder: %v", err)
	}
}

func change(path, old, new string) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	return os.WriteFile(path, bytes.Replace(data, []byte(old), []byte(new), 1), 0o600)
}

// sumAgain writes SHA256SUMS anew, as somebody would who wants to hide a change.
func sumAgain(part string) error {
	data, err := os.ReadFile(part + "/SHA256SUMS")
	if err != nil {
		return err
	}
	var out strings.Builder
	for line := range strings.Lines(string(data)) {
		path := strings.TrimSpace(line[64:])
		content, err := os.ReadFile(part + "/" + path)
		if err != nil {
			return err
		}
		fmt.Fprintf(&out, "%x  %s\n", sha256.Sum256(content), path)
	}
	return os.WriteFile(part+"/SHA256SUMS", []byte(out.String()), 0o600)
}

func cutLine(path string, n int) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	lines := bytes.SplitAfter(data, []byte("\n"))
	return os.WriteFile(path, bytes.Join(slices.Delete(lines, n, n+1), nil), 0o600)
}

// Every column that we write has a meaning in both languages.
func TestDataPackage(t *testing.T) {
	r := hybrid(t)
	r.Do(readmodel.SetField(r.View(), moot.Licence, "CC-BY-4.0", r.IDs))
	got, err := report.WritePack(t.TempDir(), source(t, r, 1), report.PackOptions{})
	if err != nil {
		t.Fatal(err)
	}
	var p struct {
		Profile   string
		Licenses  []struct{ Name, Path string }
		Resources []struct {
			Path   string
			Schema struct {
				Fields []struct {
					Name, Type, Description_zh, Description_en string
				}
			}
		}
	}
	data, _ := os.ReadFile(filepath.Join(got.Folder, "public", "datapackage.json"))
	if err := json.Unmarshal(data, &p); err != nil {
		t.Fatal(err)
	}
	if p.Profile != "tabular-data-package" || len(p.Resources) != 11 || p.Licenses[0].Path == "" {
		t.Errorf("%s, %d resources", p.Profile, len(p.Resources))
	}
	for _, r := range p.Resources {
		for _, f := range r.Schema.Fields {
			if f.Description_zh == "" || f.Description_en == "" || f.Type == "" {
				t.Errorf("%s, column %s has no meaning", r.Path, f.Name)
			}
		}
	}
}

func TestSlug(t *testing.T) {
	cases := map[string]string{
		"河岸怎麼用 · The Riverside!": "河岸怎麼用-the-riverside",
		"  ../../etc/passwd ":    "etc-passwd",
		"？！":                     "session",
		"":                       "session",
		strings.Repeat("長", 60):  strings.Repeat("長", 40),
	}
	for title, want := range cases {
		if got := report.Slug(title); got != want {
			t.Errorf("%q: got %q, want %q", title, got, want)
		}
	}
}

// A link or a pipe in a pack leads to what is not in it, or never ends: it is named, and
// not read.
func TestVerifyReadsNoLinks(t *testing.T) {
	r, _ := packed(t, "")
	got, err := report.WritePack(t.TempDir(), source(t, r, 1), report.PackOptions{As: []string{"log", "polis"}})
	if err != nil {
		t.Fatal(err)
	}
	part := filepath.Join(got.Folder, "private")
	for _, name := range []string{"log.jsonl", "datapackage.json", "polis/votes.csv", "names.csv"} {
		path, aside := filepath.Join(part, filepath.FromSlash(name)), filepath.Join(t.TempDir(), "aside")
		if err := errors.Join(os.Rename(path, aside), os.Symlink(aside, path)); err != nil {
			t.Fatal(err)
		}
		found, err := report.VerifyPack(part)
		if err != nil || found.OK || !slices.ContainsFunc(found.BadFiles, func(bad report.BadFile) bool {
			return bad.Path == "private/"+name && bad.Why == "it is not a file of its own"
		}) {
			t.Errorf("%s: %+v, %v", name, found, err)
		}
		if err := errors.Join(os.Remove(path), os.Rename(aside, path)); err != nil {
			t.Fatal(err)
		}
	}
	sums := filepath.Join(part, "SHA256SUMS")
	if err := os.Truncate(sums, 17<<20); err != nil {
		t.Fatal(err)
	}
	if found, err := report.VerifyPack(part); err != nil || found.OK {
		t.Errorf("sums of 17 MiB: %+v, %v", found, err)
	}
}
