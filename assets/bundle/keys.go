package bundle

import (
	"regexp"
	"slices"
	"strings"

	"folkmoot/assets/words"
)

var (
	quoted   = regexp.MustCompile("[\"'`]([a-z_]+\\.[A-Za-z0-9_.-]+)[\"'`]")
	template = regexp.MustCompile("`([a-z_]+\\.[A-Za-z0-9_.]*)\\$\\{")
	joined   = regexp.MustCompile(`"([a-z_]+\.[a-z0-9_.]*[._])" ?\+`)
)

// Named gives the words of a source that look like keys of the catalogue, and
// the beginnings ("animal.") of keys that it puts together from parts. Not all
// are keys: "step.open" may be something else altogether.
func Named(source string) (keys, beginnings []string) {
	for _, match := range quoted.FindAllStringSubmatch(source, -1) {
		keys = append(keys, match[1])
	}
	for _, form := range []*regexp.Regexp{template, joined} {
		for _, match := range form.FindAllStringSubmatch(source, -1) {
			beginnings = append(beginnings, match[1])
		}
	}
	return keys, beginnings
}

// KeysIn gives the keys of the catalogue that a source names, in ascending
// order, each once.
func KeysIn(source string) []string {
	named, beginnings := Named(source)
	var keys []string
	for _, key := range words.Keys() {
		if slices.Contains(named, key) || slices.ContainsFunc(beginnings, func(b string) bool { return strings.HasPrefix(key, b) }) {
			keys = append(keys, key)
		}
	}
	return keys
}
