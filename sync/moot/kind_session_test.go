package moot_test

import (
	"slices"
	"strings"
	"testing"

	"folkmoot/sync/moot"
)

func TestSetFieldCheck(t *testing.T) {
	h := newHub(1)
	h.put(&moot.SetField{Field: moot.Title, Value: "Trees", Rev: 5})
	runChecks(t, h.state, []checkCase{
		{"a title", &moot.SetField{Field: moot.Title, Value: "Shade", Rev: 6}, "", 0},
		{"an empty title", &moot.SetField{Field: moot.Title, Value: " 　", Rev: 6}, moot.Empty, 0},
		{"a long title", &moot.SetField{Field: moot.Title, Value: strings.Repeat("樹", moot.MaxTitle+1), Rev: 6}, moot.TooLong, moot.MaxTitle},
		{"the longest title", &moot.SetField{Field: moot.Title, Value: strings.Repeat("樹", moot.MaxTitle), Rev: 6}, "", 0},
		{"an empty field", &moot.SetField{Field: moot.Notice, Rev: 1}, "", 0},
		{"a long field", &moot.SetField{Field: moot.About, Value: strings.Repeat("樹", moot.MaxField+1), Rev: 1}, moot.TooLong, moot.MaxField},
		{"the largest revision", &moot.SetField{Field: moot.About, Rev: moot.MaxRev - 1}, "", 0},
		{"a revision too large", &moot.SetField{Field: moot.About, Rev: moot.MaxRev}, moot.BadRev, 0},
		{"who leads", &moot.SetField{Field: moot.Lead, Value: strings.Repeat("0f", 16), Rev: 1}, "", 0},
		{"nobody leads", &moot.SetField{Field: moot.Lead, Rev: 1}, "", 0},
		{"a name leads", &moot.SetField{Field: moot.Lead, Value: "laptop", Rev: 1}, moot.BadValue, 0},
		{"no device leads", &moot.SetField{Field: moot.Lead, Value: strings.Repeat("00", 16), Rev: 1}, moot.BadValue, 0},
		{"no UTF-8", &moot.SetField{Field: moot.About, Value: "\xff", Rev: 1}, moot.BadValue, 0},
		{"a limit", &moot.SetField{Field: moot.Limit, Value: "280", Rev: 1}, "", 0},
		{"a limit too small", &moot.SetField{Field: moot.Limit, Value: "19", Rev: 1}, moot.BadValue, 0},
		{"a limit too large", &moot.SetField{Field: moot.Limit, Value: "281", Rev: 1}, moot.BadValue, 0},
		{"a limit in words", &moot.SetField{Field: moot.Limit, Value: "many", Rev: 1}, moot.BadValue, 0},
	})
	wantOld(t, h.state, &moot.SetField{Field: moot.Title, Value: "Shade", Rev: 5}, 5, "Trees")
	wantOld(t, h.state, &moot.SetField{Field: moot.Title, Value: "Shade", Rev: 4}, 5, "Trees")
}

func TestSessionFields(t *testing.T) {
	h := newHub(1)
	s := h.view().Session
	if s.Get(moot.Title) != "" || s.Rev(moot.Title) != 0 || s.On(moot.Sample) || s.StatementLimit() != moot.DefaultStatementLimit || s.Language() != "zh-Hant" || !slices.Equal(s.Languages(), []string{"zh-Hant", "en"}) || len(s.Fields()) != 0 {
		t.Errorf("a new session: %+v", s)
	}
	for field, value := range map[moot.Field]string{
		moot.Title: "樹", moot.Title.In("en"): "Trees", moot.Sample: "on", moot.Limit: "99", moot.Languages: "en,zh-Hant", moot.About: "",
	} {
		h.put(&moot.SetField{Field: field, Value: value, Rev: 3})
	}
	s = h.view().Session
	if s.ID != session || s.Get(moot.Title) != "樹" || s.Rev(moot.Title) != 3 || !s.On(moot.Sample) || s.StatementLimit() != 99 || s.Language() != "en" {
		t.Errorf("session: %+v", s)
	}
	if s.Text(moot.Title, "en") != "Trees" || s.Text(moot.Title, "zh-Hant") != "樹" {
		t.Errorf("title in two languages: %q and %q", s.Text(moot.Title, "en"), s.Text(moot.Title, "zh-Hant"))
	}
	if fields := s.Fields(); len(fields) != 5 || fields["title@en"] != "Trees" {
		t.Errorf("fields that have a value: %v", fields)
	}
	h.put(&moot.SetField{Field: moot.Language, Value: "zh-Hant", Rev: 1})
	if got := h.view().Session.Language(); got != "zh-Hant" {
		t.Errorf("language %q", got)
	}
}

// What another program wrote into the limit does not reach the pages.
func TestLimitOfAnotherProgram(t *testing.T) {
	h := newHub(1)
	h.put(&moot.SetField{Field: moot.Limit, Value: "9999999999", Rev: 1})
	if got := h.view().Session.StatementLimit(); got != moot.DefaultStatementLimit {
		t.Errorf("limit %d, want %d", got, moot.DefaultStatementLimit)
	}
}
