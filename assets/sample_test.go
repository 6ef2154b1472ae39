package assets_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"folkmoot/assets"
)

func TestSample(t *testing.T) {
	sample := assets.Sample()
	if len(sample.Statements) != 14 {
		t.Errorf("%d statements, want 14", len(sample.Statements))
	}
	if len(sample.Steps) != 5 || sample.Steps[1].Kind != "opinion" || sample.Steps[1].Minutes <= 0 {
		t.Errorf("steps are %v", sample.Steps)
	}
	texts := append([]assets.Bilingual{
		sample.Title, sample.About, sample.Notice, sample.Contact, sample.Licence, sample.Practice,
		sample.Question.Text, sample.Question.Low, sample.Question.High, sample.Discussion,
	}, sample.Statements...)
	seen := map[string]bool{}
	for _, text := range texts {
		for _, lang := range []string{"zh-Hant", "en"} {
			if strings.TrimSpace(text.In(lang)) == "" {
				t.Errorf("a text is empty: %+v", text)
			}
		}
		if text.Chinese != "CC BY 4.0" && (seen[text.Chinese] || seen[text.English]) {
			t.Errorf("twice: %+v", text)
		}
		seen[text.Chinese], seen[text.English] = true, true
	}
}

// A sample that breaks the rules it teaches would be a poor one.
func TestSampleStatementsFollowTheRules(t *testing.T) {
	for _, statement := range assets.Sample().Statements {
		for _, text := range []string{statement.Chinese, statement.English} {
			if utf8.RuneCountInString(text) > 140 || strings.ContainsAny(text, "?？@") {
				t.Errorf("too long, or a question, or a reply: %q", text)
			}
		}
	}
}

func TestSampleIsTheCallersOwn(t *testing.T) {
	first := assets.Sample()
	first.Statements[0].Chinese = "改過"
	if assets.Sample().Statements[0].Chinese == "改過" {
		t.Error("a change of one sample shows in the next")
	}
}
