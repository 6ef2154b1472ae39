package report

import (
	_ "embed"
	"encoding/json"
	"html/template"
	"strings"
	"sync"

	"folkmoot/assets/words"
)

//go:embed texts.json
var textsFile []byte

// texts are the sentences of the report, each in Chinese and in English. What screens
// say too comes from the catalogue in assets/words.
var texts = sync.OnceValue(func() map[string][2]string {
	var all map[string][2]string
	if err := json.Unmarshal(textsFile, &all); err != nil {
		panic("report: read embedded texts: " + err.Error())
	}
	return all
})

// both gives a sentence in both languages, {Name} replaced by the value that follows
// the name in args. Keys that are not the report's own are the catalogue's. An unknown
// key is a mistake in our own code.
func both(key string, args ...string) template.HTML {
	pair := plain(key, args...)
	return twice(pair[0], pair[1])
}

// plain is both as plain text, Chinese first.
func plain(key string, args ...string) [2]string {
	pair, own := texts()[key]
	if !own {
		if !words.Has(key) {
			panic("report: no text " + key)
		}
		values := map[string]any{}
		for i := 0; i+1 < len(args); i += 2 {
			values[args[i]] = args[i+1]
		}
		return [2]string{words.Text(words.Chinese, key, values), words.Text(words.English, key, values)}
	}
	var marks []string
	for i := 0; i+1 < len(args); i += 2 {
		marks = append(marks, "{"+args[i]+"}", args[i+1])
	}
	fill := strings.NewReplacer(marks...)
	return [2]string{fill.Replace(pair[0]), fill.Replace(pair[1])}
}

// twice gives a text in both languages, of which the page shows one.
func twice(zh, en string) template.HTML {
	return template.HTML(`<span class="z" lang="zh-Hant-TW">` + escape(zh) + `</span><span class="e" lang="en">` + escape(en) + `</span>`)
}
