package command

import (
	"fmt"
	"path/filepath"

	"folkmoot/app/report"
)

type mapOptions struct {
	polis, engine, svg, png, language string
	seed                              uint64
	quick, wall                       bool
}

// check says what is wrong with a call; given says whether a flag is in it.
func (o mapOptions) check(session string, given func(flag string) bool) error {
	for _, file := range []struct{ flag, name string }{{"polis", o.polis}, {"svg", o.svg}, {"png", o.png}} {
		if given(file.flag) && file.name == "" {
			return usage(fmt.Sprintf("--%s needs a name", file.flag))
		}
	}
	if o.polis != "" && session != "" {
		return usage("give either --session or --polis")
	}
	if o.engine != "folkmoot" && o.engine != "polis" {
		return usage("the engine is folkmoot or polis")
	}
	if o.engine == "polis" && given("seed") {
		return usage("the engine polis chooses nothing at random: leave --seed out")
	}
	return o.checkPictures(given)
}

func (o mapOptions) checkPictures(given func(flag string) bool) error {
	if o.language != "zh-Hant" && o.language != "en" {
		return usage("the language is zh-Hant or en")
	}
	if o.svg == "" && o.png == "" {
		for _, flag := range []string{"wall", "language"} {
			if given(flag) {
				return usage(fmt.Sprintf("--%s is about the picture: ask for one with --svg or --png", flag))
			}
		}
	}
	if o.svg != "" && o.png != "" && sameName(o.svg, o.png) {
		return usage("--svg and --png name the same file")
	}
	return nil
}

// sameName says whether two names lead to one place.
func sameName(a, b string) bool {
	first, err := filepath.Abs(a)
	if err != nil {
		return a == b
	}
	second, err := filepath.Abs(b)
	return err == nil && first == second
}

func (o mapOptions) picture() report.PictureOptions {
	return report.PictureOptions{Lang: o.language, Wall: o.wall, Software: Version}
}
