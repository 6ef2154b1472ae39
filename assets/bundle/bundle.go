// Package bundle builds the three pages from their TypeScript sources.
//
// Start with Build, which gives the files that lie in assets/app. A page is an
// HTML document, one script and one style sheet, all self-contained: a page
// asks nobody but its hub for anything.
//
// Catalogue: the script of a page holds the texts whose keys its own sources
// name, in both languages; a key in a template ("animal.${word}") stands for
// its whole family.
//
// Build keeps no state and may be called from several goroutines.
//
// What will bite: the sources use preact from assets/page/node_modules, so
// "npm ci" must have run there. The same sources always give the same bytes.
package bundle

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/evanw/esbuild/pkg/api"

	"folkmoot/assets/words"
)

// Pages are the names of the documents: the participants' page, the wall and
// the facilitator's page.
func Pages() []string { return []string{"page", "wall", "host"} }

// ErrNotInstalled means that assets/page has no node_modules.
var ErrNotInstalled = errors.New("bundle: assets/page/node_modules is missing: run npm ci --ignore-scripts in assets/page")

// Build gives the built files by name ("page.html", "page.js", "page.css", …)
// from the sources in the folder, which is assets/page. The documents name
// scripts and styles with a part of their hash, so that they may be cached for
// ever.
func Build(folder string) (map[string][]byte, error) {
	if _, err := os.Stat(filepath.Join(folder, "node_modules", "preact")); err != nil {
		return nil, ErrNotInstalled
	}
	files := map[string][]byte{}
	for _, page := range Pages() {
		if err := buildPage(folder, page, files); err != nil {
			return nil, fmt.Errorf("bundle: build %s: %w", page, err)
		}
	}
	return files, nil
}

func buildPage(folder, page string, files map[string][]byte) error {
	script, err := Script(folder, filepath.Join("src", page, "main.tsx"))
	if err != nil {
		return err
	}
	styles := options(folder, filepath.Join("src", page, page+".css"), nil)
	styles.Engines = []api.Engine{{Name: api.EngineChrome, Version: "64"}, {Name: api.EngineSafari, Version: "12"}, {Name: api.EngineFirefox, Version: "62"}}
	style, err := output(api.Build(styles))
	if err != nil {
		return err
	}
	document, err := os.ReadFile(filepath.Join(folder, "src", page, page+".html"))
	if err != nil {
		return err
	}
	html := string(document)
	for name, data := range map[string][]byte{page + ".js": script, page + ".css": style} {
		files[name] = data
		html = strings.ReplaceAll(html, `"/app/`+name+`"`, `"/app/`+name+"?"+mark(data)+`"`)
	}
	files[page+".html"] = []byte(html)
	return nil
}

// Script bundles one TypeScript source, given relative to the folder, with the
// texts that it and what it imports name.
func Script(folder, source string) ([]byte, error) {
	first := api.Build(options(folder, source, nil))
	if err := failure(first); err != nil {
		return nil, err
	}
	keys, err := keysOf(folder, first.Metafile)
	if err != nil {
		return nil, err
	}
	return output(api.Build(options(folder, source, keys)))
}

// Test bundles a test for Node, with the whole catalogue.
func Test(folder, source string) ([]byte, error) {
	settings := options(folder, source, words.Keys())
	settings.Platform = api.PlatformNode
	settings.Format = api.FormatCommonJS
	return output(api.Build(settings))
}

// options are those of the browsers of 2018: the tablets in a neighbourhood
// house are old.
func options(folder, source string, keys []string) api.BuildOptions {
	return api.BuildOptions{
		AbsWorkingDir:     absolute(folder),
		EntryPoints:       []string{source},
		Bundle:            true,
		Format:            api.FormatIIFE,
		Target:            api.ES2018,
		JSX:               api.JSXAutomatic,
		JSXImportSource:   "preact",
		MinifyWhitespace:  true,
		MinifyIdentifiers: true,
		MinifySyntax:      true,
		Charset:           api.CharsetUTF8,
		LegalComments:     api.LegalCommentsNone,
		Metafile:          true,
		LogLevel:          api.LogLevelSilent,
		Plugins:           []api.Plugin{catalogue(keys)},
	}
}

// catalogue answers the import of "catalogue" with the texts of the keys.
func catalogue(keys []string) api.Plugin {
	return api.Plugin{Name: "catalogue", Setup: func(build api.PluginBuild) {
		build.OnResolve(api.OnResolveOptions{Filter: "^catalogue$"}, func(api.OnResolveArgs) (api.OnResolveResult, error) {
			return api.OnResolveResult{Path: "catalogue", Namespace: "catalogue"}, nil
		})
		build.OnLoad(api.OnLoadOptions{Filter: ".*", Namespace: "catalogue"}, func(api.OnLoadArgs) (api.OnLoadResult, error) {
			text, err := chosen(keys)
			return api.OnLoadResult{Contents: &text, Loader: api.LoaderJSON}, err
		})
	}}
}

func chosen(keys []string) (string, error) {
	texts := map[string]map[string]json.RawMessage{}
	for _, lang := range words.Languages() {
		var all map[string]json.RawMessage
		if err := json.Unmarshal(words.File(lang), &all); err != nil {
			return "", err
		}
		texts[lang] = map[string]json.RawMessage{}
		for _, key := range keys {
			texts[lang][key] = all[key]
		}
	}
	data, err := json.Marshal(texts)
	return string(data), err
}

// keysOf reads the sources that went into a build and finds the keys in them.
func keysOf(folder, metafile string) ([]string, error) {
	var meta struct {
		Inputs map[string]json.RawMessage `json:"inputs"`
	}
	if err := json.Unmarshal([]byte(metafile), &meta); err != nil {
		return nil, err
	}
	var sources strings.Builder
	for name := range meta.Inputs {
		if !strings.HasPrefix(name, "src/") {
			continue
		}
		text, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			return nil, err
		}
		sources.Write(text)
		sources.WriteByte('\n')
	}
	return KeysIn(sources.String()), nil
}

func output(result api.BuildResult) ([]byte, error) {
	if err := failure(result); err != nil {
		return nil, err
	}
	return result.OutputFiles[0].Contents, nil
}

func failure(result api.BuildResult) error {
	if len(result.Errors) == 0 && len(result.Warnings) == 0 {
		return nil
	}
	lines := api.FormatMessages(append(result.Errors, result.Warnings...), api.FormatMessagesOptions{})
	return errors.New(strings.Join(lines, ""))
}

func absolute(folder string) string {
	path, err := filepath.Abs(folder)
	if err != nil {
		return folder
	}
	return path
}

func mark(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:5])
}
