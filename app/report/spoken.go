package report

import (
	"folkmoot/app/readmodel"
	"folkmoot/assets/words"
)

// SpokenMap says the map in a few sentences, for those who cannot see it.
func SpokenMap(v *readmodel.View, lang string) []string {
	list := v.MapForHost().Spoken()
	said := sentences(list, lang)
	if list[0].ID == readmodel.SayMissing {
		said[0] += stop(lang)
	}
	return said
}

func stop(lang string) string {
	if lang == words.Chinese {
		return "。"
	}
	return "."
}
