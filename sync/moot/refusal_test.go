package moot_test

import (
	"encoding"
	"strings"
	"testing"

	"folkmoot/sync/moot"
)

func TestRefusalsSayWhatIsWrong(t *testing.T) {
	seen := map[string]moot.Code{}
	for _, code := range []moot.Code{moot.Closed, moot.UnknownStatement, moot.UnknownQuestion, moot.UnknownPerson, moot.BadValue, moot.TooLong,
		moot.Empty, moot.EmojiOnly, moot.TooMany, moot.BadRev, moot.NotYours, moot.Duplicate} {
		text := (&moot.Refusal{Code: code, Limit: 140}).Error()
		if other, ok := seen[text]; ok || text == "" {
			t.Errorf("%s and %s say the same: %q", code, other, text)
		}
		seen[text] = code
	}
	if text := (&moot.Refusal{Code: moot.TooLong, Limit: 140}).Error(); !strings.Contains(text, "140") {
		t.Errorf("%q does not name the limit", text)
	}
	if text := (&moot.Old{}).Error(); text == "" {
		t.Error("a stale answer says nothing")
	}
}

func TestIDsAsText(t *testing.T) {
	text := strings.Repeat("0123456789abcdef", 2)
	for name, id := range map[string]encoding.TextUnmarshaler{"participant": &moot.ParticipantID{}, "statement": &moot.StatementID{}, "plan": &moot.PlanID{}} {
		if err := id.UnmarshalText([]byte(text)); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		got, err := id.(encoding.TextMarshaler).MarshalText()
		if err != nil || string(got) != text {
			t.Errorf("%s: %q %v", name, got, err)
		}
		if err := id.UnmarshalText([]byte("no id")); err == nil {
			t.Errorf("%s: took what is no id", name)
		}
	}
	if !(moot.ParticipantID{}).IsZero() || pid(1).IsZero() {
		t.Error("IsZero")
	}
}
