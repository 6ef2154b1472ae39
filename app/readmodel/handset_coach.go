package readmodel

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// longShare is the share of the limit from which a statement is called long.
const longShare = 0.6

// The hints go by the same signs as those of the page, see assets/page/src/write/coach.ts.
var (
	asks = regexp.MustCompile(`(?i)[?？]|[嗎呢]\s*[。！!.]?\s*$|^(為什麼|為何|是不是|有沒有|能不能|可不可以)|` +
		`^(why|how|what|who|when|where|should we|is it|are we|do we|can we)\b`)
	lists         = regexp.MustCompile(`(^|\n)\s*([-*•・●▪◦‧]|\d{1,2}[.)、．]|[（(][0-9一二三四五六七八九十]{1,2}[)）]|[一二三四五六七八九十]、)\s*\S`)
	twoSentences  = regexp.MustCompile(`[。！!；;]\s*\S|[.]\s+\S|\n\s*\S`)
	replies       = regexp.MustCompile(`(?i)[@＠]|樓上|上一則|上面那|前面那|(我)?(同意|贊成|反對|不同意)(上面|前面|樓上|他|她|你)|回覆|^re[:：]|^(i )?(dis)?agree with (him|her|you|them|the above)|as (he|she|they|you) said|the statement above`)
	denies        = regexp.MustCompile(`不|沒有|沒辦法|無法|禁止|反對|別再|勿`)
	deniesNothing = regexp.MustCompile(`不同|不錯|不只|不但|不僅|不過|不久|不斷|不論|不管|不少|不得不|不妨|差不多|不一定|不可或缺|不可思議`)
	deniesLatin   = regexp.MustCompile(`(?i)\b(not|no|never|cannot|nobody|nothing|without|ban|stop|against)\b|n['’]t\b`)
	latinNothing  = regexp.MustCompile(`(?i)\bnot only\b|\bno one-way\b|\bno matter\b|\bnon-?stop\b`)
)

// Characters counts a text as the hub does: composed, without blanks around.
func Characters(text string) int { return len([]rune(tidied(text))) }

func tidied(text string) string { return strings.TrimSpace(norm.NFC.String(text)) }

// Held says why a statement cannot be sent, as the last part of a key of the catalogue;
// "" where it can.
func Held(text string, limit int) string {
	text = tidied(text)
	switch {
	case text == "":
		return "empty"
	case !strings.ContainsFunc(text, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }):
		return "emoji_only"
	case Characters(text) > limit:
		return "too_long"
	}
	return ""
}

// Hints gives what could be better about a statement, as last parts of keys, in the order
// in which it helps. A hint never holds anything back.
func Hints(text string, limit int) []string {
	text = tidied(text)
	var found []string
	if text == "" {
		return found
	}
	question := asks.MatchString(text)
	if question {
		found = append(found, "question")
	}
	if lists.MatchString(text) {
		found = append(found, "list")
	} else if twoSentences.MatchString(text) {
		found = append(found, "two")
	}
	if replies.MatchString(text) {
		found = append(found, "reply")
	}
	denied := denies.MatchString(deniesNothing.ReplaceAllString(text, "")) || deniesLatin.MatchString(latinNothing.ReplaceAllString(text, ""))
	if denied && !question { // 「是不是」 asks; it does not deny
		found = append(found, "negative")
	}
	if float64(Characters(text)) > float64(limit)*longShare {
		found = append(found, "long")
	}
	return found
}
