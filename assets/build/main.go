// Command build writes the built pages to assets/app. "go generate ./assets"
// runs it; assets/page/node_modules must be there (npm ci --ignore-scripts).
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"folkmoot/assets/bundle"
)

func main() {
	sources := flag.String("sources", "page", "folder of the sources")
	target := flag.String("target", "app", "folder of the built files")
	flag.Parse()
	if err := run(*sources, *target); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(sources, target string) error {
	files, err := bundle.Build(sources)
	if err != nil {
		return err
	}
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(target, name), data, 0o644); err != nil {
			return err
		}
	}
	return nil
}
