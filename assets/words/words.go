// Package words holds every text that people read, in Traditional Chinese as
// written in Taiwan and in English, and puts values into it.
//
// Start with Text; Languages and Animals list what there is.
//
// A key names a text ("vote.agree"); its part before the first dot is its
// family. An argument is a {{.Name}} in the text. The argument N is a count:
// it chooses between the singular and the plural.
//
// The catalogue is read once and never changes: everything here may be called
// from several goroutines.
//
// What will bite: a key or a language that is not there is no error. Text then
// gives the key back, and English for the language; a test looks through all
// sources of the repository for keys that do not exist.
package words

import (
	"embed"
	"encoding/json"
	"fmt"
	"slices"
	"sort"
	"strconv"
	"strings"
	"sync"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

// The languages of the catalogue, as the hub and the pages name them.
const (
	Chinese = "zh-Hant"
	English = "en"
)

const animalFamily = "animal."

//go:embed zh-Hant.json en.json
var files embed.FS

type catalogue struct {
	localizers map[string]*i18n.Localizer
	keys       []string
	animals    []string
}

var load = sync.OnceValue(func() catalogue {
	bundle := i18n.NewBundle(language.English)
	bundle.RegisterUnmarshalFunc("json", json.Unmarshal)
	c := catalogue{localizers: map[string]*i18n.Localizer{}}
	for _, lang := range Languages() {
		file, err := bundle.ParseMessageFileBytes(File(lang), lang+".json")
		if err != nil {
			panic(fmt.Sprintf("words: parse embedded catalogue: %v", err))
		}
		c.localizers[lang] = i18n.NewLocalizer(bundle, lang, English)
		if lang == English {
			for _, message := range file.Messages {
				c.keys = append(c.keys, message.ID)
			}
		}
	}
	sort.Strings(c.keys)
	for _, key := range c.keys {
		if word, ok := strings.CutPrefix(key, animalFamily); ok {
			c.animals = append(c.animals, word)
		}
	}
	return c
})

// Languages gives the languages of the catalogue, Chinese first. The caller
// owns the slice.
func Languages() []string { return []string{Chinese, English} }

// File gives the catalogue file of a language as it is stored: a JSON object
// from key to text, or to {"one","other"} where the count matters. It gives nil
// for a language that is not there.
func File(lang string) []byte {
	if !slices.Contains(Languages(), lang) {
		return nil
	}
	data, err := files.ReadFile(lang + ".json")
	if err != nil {
		panic(fmt.Sprintf("words: read embedded catalogue: %v", err))
	}
	return data
}

// Keys gives all keys in ascending order. The caller owns the slice.
func Keys() []string { return slices.Clone(load().keys) }

// Has says whether the catalogue holds the key.
func Has(key string) bool {
	_, found := slices.BinarySearch(load().keys, key)
	return found
}

// Animals gives the words that a participant may be called by, in ascending
// order and without their family: the name of "otter" is the text of
// "animal.otter". The caller owns the slice.
func Animals() []string { return slices.Clone(load().animals) }

// Animal gives the name of an animal in a language, and the word itself where
// the catalogue does not hold it (a word from a newer hub).
func Animal(lang, word string) string {
	if !Has(animalFamily + word) {
		return word
	}
	return Text(lang, animalFamily+word, nil)
}

// Person gives what a participant is called on screens: "12 號・石虎" or
// "12 · Leopard cat".
func Person(lang string, number int, word string) string {
	return Text(lang, "person.label", map[string]any{"N": strconv.Itoa(number), "Word": Animal(lang, word)})
}

// Text gives the text of a key in a language, with its arguments filled in.
// Whole numbers are written with a comma at the thousands (1,207); strings are
// taken as they are. An argument Count, else N, a number or a string of digits, chooses the
// plural. A missing argument leaves "<no value>", which a test finds; a key
// that is not there comes back itself; an unknown language reads English.
func Text(lang, key string, args map[string]any) string {
	if !Has(key) {
		return key
	}
	localizer, ok := load().localizers[lang]
	if !ok {
		localizer = load().localizers[English]
	}
	config := i18n.LocalizeConfig{MessageID: key, TemplateData: written(args)}
	if n, ok := count(args["Count"]); ok {
		config.PluralCount = n
	} else if n, ok := count(args["N"]); ok {
		config.PluralCount = n
	}
	text, err := localizer.Localize(&config)
	if err != nil && config.PluralCount != nil {
		config.PluralCount = nil // N is a number in the text, "Table 1", and the text has one form
		text, err = localizer.Localize(&config)
	}
	if err != nil {
		return key
	}
	return text
}

// written turns whole numbers into text with thousands apart.
func written(args map[string]any) map[string]any {
	texts := make(map[string]any, len(args))
	for name, value := range args {
		switch n := value.(type) {
		case int:
			texts[name] = Number(n)
		case int64:
			texts[name] = Number(int(n))
		default:
			texts[name] = value
		}
	}
	return texts
}

func count(value any) (int, bool) {
	switch n := value.(type) {
	case int:
		return n, true
	case int64:
		return int(n), true
	case string:
		parsed, err := strconv.Atoi(strings.ReplaceAll(n, ",", ""))
		return parsed, err == nil
	}
	return 0, false
}

// Number writes a whole number with a comma before every three digits, as both
// languages of the catalogue do: 1,207.
func Number(n int) string {
	digits := strconv.Itoa(n)
	sign := ""
	if n < 0 {
		sign, digits = "-", digits[1:]
	}
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return sign + digits
}
