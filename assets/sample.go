package assets

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"sync"

	"folkmoot/assets/words"
)

// Bilingual is one text in both languages.
type Bilingual struct {
	Chinese string `json:"zh-Hant"`
	English string `json:"en"`
}

// In gives the text in a language, Chinese for one that is not there.
func (b Bilingual) In(lang string) string {
	if lang == words.English {
		return b.English
	}
	return b.Chinese
}

// SampleQuestion is the 0 to 5 question: its text and what its ends mean.
type SampleQuestion struct {
	Text Bilingual `json:"text"`
	Low  Bilingual `json:"low"`
	High Bilingual `json:"high"`
}

// SampleStep is a part of the agenda: its kind as the hub names it (checkin,
// opinion, map, tables, report) and its length in minutes.
type SampleStep struct {
	Kind    string `json:"kind"`
	Minutes int    `json:"minutes"`
}

// SampleSession is a made-up session to try things with. Statements are
// written twice, as the two versions of one statement.
type SampleSession struct {
	Title      Bilingual      `json:"title"`
	About      Bilingual      `json:"about"`
	Notice     Bilingual      `json:"notice"`
	Contact    Bilingual      `json:"contact"`
	Licence    Bilingual      `json:"licence"`
	Practice   Bilingual      `json:"practice"`
	Question   SampleQuestion `json:"question"`
	Discussion Bilingual      `json:"discussion"` // what the tables talk about
	Steps      []SampleStep   `json:"steps"`
	Statements []Bilingual    `json:"statements"`
}

//go:embed sample/session.json
var sample []byte

var parsed = sync.OnceValue(func() SampleSession {
	var session SampleSession
	if err := json.Unmarshal(sample, &session); err != nil {
		panic(fmt.Sprintf("assets: read embedded sample: %v", err))
	}
	return session
})

// Sample gives the sample session, with 14 statements on a street in front of
// a market. The caller owns the slices.
func Sample() SampleSession {
	session := parsed()
	session.Steps = append([]SampleStep(nil), session.Steps...)
	session.Statements = append([]Bilingual(nil), session.Statements...)
	return session
}
