package pagetest

import "slices"

// hostile are the ways in which a text may try to be more than a text.
const hostile = `"'><script>hit()</script><img src=x onerror=hit()><svg onload=hit()></style></title></textarea>` +
	`<a href="javascript:hit()">x</a><iframe srcdoc="<script>parent.hit()</script>"></iframe>{{hit()}}${hit()}[x](javascript:hit())` + "\u202e&lt;\\u003c "

// typedTexts are the fields of the hub's documents in which people's own words stand.
var typedTexts = []string{"title", "about", "notice", "contact", "licence", "practice", "text", "low", "high", "name", "wifi", "prompt", "question", "reason"}

// Hostile gives the hostile text for a field, with a mark by which it is found.
func Hostile(field string) string { return "⟪" + field + "⟫" + hostile }

// Poison puts hostile texts into every field of a document that holds people's words.
func Poison(document JSON) {
	for field, value := range document {
		switch value := value.(type) {
		case JSON:
			if field == "names" {
				for id := range value {
					value[id] = Hostile("name")
				}
			}
			Poison(value)
		case []JSON:
			for _, one := range value {
				Poison(one)
			}
		case string:
			if slices.Contains(typedTexts, field) {
				document[field] = Hostile(field)
			}
		}
	}
}
