package moot_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
)

func TestNewStatementCheck(t *testing.T) {
	h := newHub(1)
	h.person(1)
	h.statement("More trees, please!", moot.Approved)
	h.statement("我們需要ABC", moot.Removed)
	say := func(text string) *moot.NewStatement {
		return &moot.NewStatement{Text: text, Lang: "en", Author: pid(1), Standing: moot.Pending, Src: moot.FromPhone}
	}
	with := func(change func(*moot.NewStatement)) *moot.NewStatement {
		n := say("Something new")
		change(n)
		return n
	}
	limit := moot.DefaultStatementLimit
	runChecks(t, h.state, []checkCase{
		{"a statement", say("Fewer cars"), "", 0},
		{"the longest", say(strings.Repeat("樹", limit)), "", 0},
		{"too long", say(strings.Repeat("樹", limit+1)), moot.TooLong, limit},
		{"empty", say(""), moot.Empty, 0},
		{"full-width blanks", say("　　"), moot.Empty, 0},
		{"emoji only", say("👍👍🏽 ❤️"), moot.EmojiOnly, 0},
		{"signs only", say("?!…"), moot.EmojiOnly, 0},
		{"an emoji and a word", say("👍 yes"), "", 0},
		{"a number", say("42"), "", 0},
		{"no UTF-8", say("trees \xff"), moot.BadValue, 0},
		{"the same text", say("More trees, please!"), moot.Duplicate, 0},
		{"the same but for case, blanks and signs", say("more  TREES please…"), moot.Duplicate, 0},
		{"the same in full-width letters", say("我們需要ＡＢＣ"), moot.Duplicate, 0},
		{"an author unknown", with(func(n *moot.NewStatement) { n.Author = pid(9) }), moot.UnknownPerson, 0},
		{"the host's", with(func(n *moot.NewStatement) { n.Author, n.Standing = moot.ParticipantID{}, moot.Approved }), "", 0},
		{"born hidden", with(func(n *moot.NewStatement) { n.Standing = moot.Hidden }), moot.BadValue, 0},
		{"a standing that is none", with(func(n *moot.NewStatement) { n.Standing = 4 }), moot.BadValue, 0},
		{"an unknown language", with(func(n *moot.NewStatement) { n.Lang = "fr" }), moot.BadValue, 0},
	})
	h.put(&moot.SetField{Field: moot.Limit, Value: "20", Rev: 1})
	runChecks(t, h.state, []checkCase{{"too long for the session", say(strings.Repeat("a", 21)), moot.TooLong, 20}})
}

// Imports are kept as they were.
func TestImportedStatementCheck(t *testing.T) {
	h := newHub(1)
	h.statement("Twice", moot.Approved)
	in := func(text string) *moot.NewStatement {
		return &moot.NewStatement{Text: text, Lang: "und", Author: pid(9), Standing: moot.Hidden, Src: moot.Imported}
	}
	runChecks(t, h.state, []checkCase{
		{"a text that is there", in("Twice"), "", 0},
		{"emoji only", in("👍"), "", 0},
		{"the longest", in(strings.Repeat("樹", moot.MaxImported)), "", 0},
		{"too long", in(strings.Repeat("樹", moot.MaxImported+1)), moot.TooLong, moot.MaxImported},
		{"empty", in(" "), moot.Empty, 0},
	})
}

func TestStatementKeepsWhatItWasMadeWith(t *testing.T) {
	h := newHub(1)
	made := &moot.NewStatement{Text: "A", Lang: "en", Author: pid(1), Standing: moot.Pending, Seed: true, Src: moot.Imported, Made: 5,
		SourceID: "17", Row: 3, Meta: true, Edits: moot.StatementID{1}, SourceMod: -1, SourceAuthor: "9"}
	id := moot.StatementID(h.put(made).CID)
	s := h.view().Statement(id)
	if s.ID != id || s.Text != "A" || s.Lang != "en" || s.Author != pid(1) || s.Standing != moot.Pending || s.Votable() || !s.Seed || s.Source != moot.Imported || s.Made != 5 ||
		s.SourceID != "17" || s.Row != 3 || !s.Meta || s.Edits != made.Edits || s.SourceMod != -1 || s.SourceAuthor != "9" || s.Look || s.Heads != nil || s.Reason != "" {
		t.Errorf("statement %+v", s)
	}
	if h.view().Statement(moot.StatementID{7}) != nil {
		t.Error("a statement that is not there")
	}
}

// One item sent to two hubs is one statement; where its texts differ, all replicas
// choose the same and somebody is to look at it.
func TestStatementInTwoLogs(t *testing.T) {
	for _, texts := range [][2]string{{"Same", "Same"}, {"Before", "After"}} {
		a, b := newHub(1), newHub(2)
		var entries [2]oplog.Entry
		for i, h := range []*hub{a, b} {
			entries[i] = h.send(oplog.ItemID{5}, &moot.NewStatement{Text: texts[i], Lang: "en", Standing: moot.Approved, Src: moot.FromPhone})
		}
		v := met(t, a, b)
		if len(v.Statements) != 1 {
			t.Fatalf("%v: %d statements", texts, len(v.Statements))
		}
		ha, hb := entries[0].Hash(), entries[1].Hash()
		want := texts[0]
		if bytes.Compare(hb[:], ha[:]) < 0 {
			want = texts[1]
		}
		if s := v.Statements[0]; s.Text != want || s.Look != (texts[0] != texts[1]) {
			t.Errorf("%v: text %q, look %t; want %q", texts, s.Text, s.Look, want)
		}
		merged := stateOf(append(b.log, a.log...)...)
		for i, text := range texts {
			taken := merged.Check(&moot.NewStatement{Text: text, Lang: "en", Src: moot.FromHost}) != nil
			if taken != (texts[i] == want) {
				t.Errorf("%v: %q counts as a duplicate: %t", texts, text, taken)
			}
		}
	}
}

func TestStatementOrder(t *testing.T) {
	h, late := newHub(1), newHub(2)
	late.Now += 1000
	third := late.statement("Third", moot.Approved)
	first := h.statement("First", moot.Approved)
	h.Now += 10
	second := h.statement("Second", moot.Pending)
	row := func(n int) moot.StatementID {
		return moot.StatementID(h.put(&moot.NewStatement{Text: fmt.Sprint("Row ", n), Src: moot.Imported, Row: n}).CID)
	}
	r2, r1 := row(2), row(1)
	want := []moot.StatementID{r1, r2, first, second, third}
	for i, s := range met(t, late, h).Statements {
		if s.ID != want[i] {
			t.Errorf("place %d: %q", i, s.Text)
		}
	}
}

func TestVersionsInTwoLanguages(t *testing.T) {
	h := newHub(1)
	h.person(1)
	whole := h.statement("Trees", moot.Approved)
	var zh []moot.StatementID
	for _, c := range []struct {
		text, lang string
		standing   moot.Standing
	}{{"樹", "zh-Hant", moot.Approved}, {"木", "zh-Hant", moot.Approved}, {"Also trees", "en", moot.Approved}, {"草", "zh-Hant", moot.Pending}} {
		e := h.put(&moot.NewStatement{Text: c.text, Lang: c.lang, Standing: c.standing, Src: moot.FromHost, Pair: whole})
		zh = append(zh, moot.StatementID(e.CID))
	}
	want := "樹"
	if bytes.Compare(zh[1][:], zh[0][:]) < 0 {
		want = "木"
	}
	v := met(t, h)
	if texts := v.Statement(whole).Texts; len(texts) != 2 || texts["en"] != "Trees" || texts["zh-Hant"] != want {
		t.Errorf("texts %v, want %q", texts, want)
	}
	if v.Statement(zh[0]).Votable() || !v.Statement(whole).Votable() || v.Statement(zh[0]).Texts != nil {
		t.Error("votes go to the whole statement and not to its version")
	}
	runChecks(t, h.state, []checkCase{
		{"a vote on a version", &moot.SetVote{Person: pid(1), Statement: zh[0], Value: moot.Agree, Rev: 1}, moot.UnknownStatement, 0},
		{"a vote on the whole", &moot.SetVote{Person: pid(1), Statement: whole, Value: moot.Agree, Rev: 1}, "", 0},
	})
}

func TestModerationCheck(t *testing.T) {
	h := newHub(1)
	id := h.statement("Trees", moot.Pending)
	runChecks(t, h.state, []checkCase{
		{"approve", &moot.Moderation{Statement: id, Standing: moot.Approved}, "", 0},
		{"remove with a reason", &moot.Moderation{Statement: id, Standing: moot.Removed, Reason: strings.Repeat("x", moot.MaxStatementLimit)}, "", 0},
		{"a long reason", &moot.Moderation{Statement: id, Standing: moot.Hidden, Reason: strings.Repeat("x", moot.MaxStatementLimit+1)}, moot.TooLong, moot.MaxStatementLimit},
		{"a standing that is none", &moot.Moderation{Statement: id, Standing: 4}, moot.BadValue, 0},
		{"a statement that is not there", &moot.Moderation{Statement: moot.StatementID{9}}, moot.UnknownStatement, 0},
	})
	h.put(&moot.Moderation{Statement: moot.StatementID{9}, Standing: moot.Hidden})
	runChecks(t, h.state, []checkCase{
		{"a statement of which only acts have come", &moot.Moderation{Statement: moot.StatementID{9}}, moot.UnknownStatement, 0},
	})
}

// decide is a host's act on a statement; its name stands for its item id.
type decide struct {
	hub      int
	name     byte
	standing moot.Standing
	replaces string
}

func TestModerationMerge(t *testing.T) {
	approve, hide, remove, wait := moot.Approved, moot.Hidden, moot.Removed, moot.Pending
	for _, c := range []struct {
		name  string
		acts  []decide
		want  moot.Standing
		by    byte // the act whose reason is given
		heads string
	}{
		{"nobody decided", nil, wait, 0, ""},
		{"one host", []decide{{0, 'a', approve, ""}}, approve, 'a', "a"},
		{"a change of mind", []decide{{0, 'a', approve, ""}, {0, 'b', hide, "a"}}, hide, 'b', "b"},
		{"and back", []decide{{0, 'a', approve, ""}, {0, 'b', hide, "a"}, {0, 'c', approve, "b"}}, approve, 'c', "c"},
		{"back to waiting", []decide{{0, 'a', approve, ""}, {0, 'b', wait, "a"}}, wait, 'b', "b"},
		{"two hosts at once", []decide{{0, 'a', approve, ""}, {1, 'b', hide, ""}}, hide, 'b', "ab"},
		{"a long history does not outvote one act", []decide{{0, 'a', hide, ""}, {1, 'b', approve, ""}, {1, 'c', wait, "b"}, {1, 'd', approve, "c"}}, hide, 'a', "ad"},
		{"one who saw both settles it", []decide{{0, 'a', approve, ""}, {1, 'b', hide, ""}, {0, 'c', approve, "ab"}}, approve, 'c', "c"},
		{"removed beats all", []decide{{0, 'a', hide, ""}, {1, 'b', remove, ""}, {0, 'c', approve, "a"}}, remove, 'b', "bc"},
		{"of two alike the newer one's reason", []decide{{0, 'a', hide, ""}, {1, 'b', hide, ""}}, hide, 'b', "ab"},
		{"the act replaced has not come", []decide{{0, 'b', approve, "x"}}, approve, 'b', "b"},
		{"an act that names itself", []decide{{0, 'a', hide, "a"}}, hide, 'a', "a"},
		{"a circle counts for nothing", []decide{{0, 'a', hide, "b"}, {0, 'b', remove, "a"}}, wait, 0, ""},
		{"one item in two logs", []decide{{0, 'a', hide, ""}, {1, 'a', hide, ""}}, hide, 'a', "a"},
	} {
		t.Run(c.name, func(t *testing.T) {
			hubs := []*hub{newHub(1), newHub(2)}
			id := hubs[0].statement("Trees", wait)
			for _, d := range c.acts {
				for _, h := range hubs {
					h.Now += 10
				}
				act := &moot.Moderation{Statement: id, Standing: d.standing, Reason: string(d.name)}
				for _, r := range []byte(d.replaces) {
					act.Replaces = append(act.Replaces, oplog.ItemID{r})
				}
				hubs[d.hub].send(oplog.ItemID{d.name}, act)
			}
			s := met(t, hubs...).Statement(id)
			heads := ""
			for _, h := range s.Heads {
				heads += string(h[0])
			}
			reason := ""
			if c.by != 0 {
				reason = string(c.by)
			}
			if s.Standing != c.want || s.Reason != reason || heads != c.heads || s.Look != (len(c.heads) > 1) {
				t.Errorf("%s by %q, heads %q, look %t; want %s by %q, heads %q", s.Standing, s.Reason, heads, s.Look, c.want, reason, c.heads)
			}
		})
	}
}

func TestStandingNames(t *testing.T) {
	for s := moot.Pending; s <= moot.Removed; s++ {
		if got, ok := moot.ParseStanding(s.String()); !ok || got != s {
			t.Errorf("%s reads as %v, %t", s, got, ok)
		}
	}
	if _, ok := moot.ParseStanding("lovely"); ok {
		t.Error("an unknown standing was read")
	}
}
