package moot_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"math"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
)

// samples has a payload of each kind, with every property set.
func samples() []moot.Payload {
	p, s := pid(1), moot.StatementID{2}
	return []moot.Payload{
		&moot.SetField{Field: moot.Title, Value: "樹", Rev: 1},
		&moot.StepAct{Step: "opinion", Do: "start", Open: true, Started: 1, Ends: 2, Replaces: []oplog.ItemID{{1}, {2}}, Order: 3, StepKind: moot.StepOpinion, Title: "t", Minutes: 4, At: 5},
		&moot.NewStatement{Text: "樹", Lang: "zh-Hant", Author: p, Standing: moot.Hidden, Seed: true, Src: moot.Imported, Made: 1, SourceID: "2", Row: 3, Meta: true,
			Edits: s, Pair: s, SourceMod: -1, SourceAuthor: "4"},
		&moot.Moderation{Statement: s, Standing: moot.Removed, Reason: "r", Replaces: []oplog.ItemID{{1}}},
		&moot.SetPerson{Person: p, Field: moot.PersonName, Value: "小明", Rev: 1},
		&moot.SetPresence{Person: p, In: true, Rev: 1, At: 2},
		&moot.SetAnswer{Person: p, Question: moot.FirstQuestion, Value: 5, Rev: 1},
		&moot.SetVote{Person: p, Statement: s, Value: moot.Pass, Rev: moot.MaxRev - 1, Src: moot.FromTablet, Open: true},
		&moot.NewPlan{Round: 1, Mode: "mixed", Seed: math.MaxUint64, Min: 4, Max: 8, Tables: [][]moot.ParticipantID{{p}, {}}, Unseated: []moot.ParticipantID{pid(2)}, Measure: -1, Made: 1},
		&moot.VoidBadge{Number: 12, At: 1},
	}
}

func draft(t testing.TB, p moot.Payload) oplog.Draft {
	t.Helper()
	d, err := moot.Item{CID: oplog.ItemID{1}, Payload: p}.Draft()
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestDraftRoundTrip(t *testing.T) {
	kinds := map[string]bool{}
	for _, p := range samples() {
		d := draft(t, p)
		if d.CID != (oplog.ItemID{1}) || d.Kind != p.Kind() || d.Schema != moot.Schema {
			t.Errorf("%s: draft %+v", p.Kind(), d)
		}
		got, err := moot.Decode(d.Kind, d.Schema, d.Payload)
		if err != nil || !reflect.DeepEqual(got, p) {
			t.Errorf("%s: %+v, %v; want %+v", p.Kind(), got, err, p)
		}
		kinds[d.Kind] = true
	}
	for _, kind := range []string{"session", "step", "statement", "moderation", "person", "presence", "answer", "vote", "plan", "badge_void"} {
		if !kinds[kind] {
			t.Errorf("no sample of kind %s", kind)
		}
	}
}

// Only what can name a person may be erased.
func TestClasses(t *testing.T) {
	for _, p := range samples() {
		want := oplog.Public
		if p.Kind() == "person" {
			want = oplog.Personal
		}
		if got := draft(t, p).Class; got != want {
			t.Errorf("%s: class %d, want %d", p.Kind(), got, want)
		}
	}
	if got := draft(t, &moot.SetPerson{Person: pid(1), Field: moot.PersonSource, Value: "imported"}).Class; got != oplog.Public {
		t.Errorf("source of a person: class %d, want %d", got, oplog.Public)
	}
}

// What no state allows never gets into the record: neither as an item of ours nor
// in an entry of somebody else.
func TestOutOfBounds(t *testing.T) {
	tooMuch := math.MaxInt32
	for name, p := range map[string]moot.Payload{
		"a vote above":                  &moot.SetVote{Value: 4},
		"a vote below":                  &moot.SetVote{Value: -1},
		"a vote's revision":             &moot.SetVote{Rev: moot.MaxRev},
		"a vote's source":               &moot.SetVote{Src: "\xff"},
		"an answer above":               &moot.SetAnswer{Value: 6},
		"an answer below":               &moot.SetAnswer{Value: -1},
		"an answer's revision":          &moot.SetAnswer{Rev: moot.MaxRev},
		"a question":                    &moot.SetAnswer{Question: "\xff"},
		"a presence's revision":         &moot.SetPresence{Rev: math.MaxUint64},
		"a name":                        &moot.SetPerson{Value: "\xe6\x98"},
		"a name's revision":             &moot.SetPerson{Rev: moot.MaxRev},
		"a field's value":               &moot.SetField{Value: "\xff"},
		"a field's name":                &moot.SetField{Field: "\xff"},
		"a field's revision":            &moot.SetField{Rev: moot.MaxRev},
		"a standing":                    &moot.Moderation{Standing: 4},
		"a reason":                      &moot.Moderation{Reason: "\xff"},
		"a statement's standing":        &moot.NewStatement{Standing: 255},
		"a statement's text":            &moot.NewStatement{Text: "\xff"},
		"a statement's language":        &moot.NewStatement{Lang: "\xff"},
		"a statement's source's author": &moot.NewStatement{SourceAuthor: "\xff"},
		"a step's title":                &moot.StepAct{Title: "\xff"},
		"a plan's mode":                 &moot.NewPlan{Mode: "\xff"},
	} {
		if _, err := (moot.Item{Payload: p}).Draft(); !errors.As(err, new(*moot.Refusal)) {
			t.Errorf("%s: %v, want a refusal", name, err)
		}
		data, err := oplog.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := moot.Decode(p.Kind(), moot.Schema, data); !errors.Is(err, oplog.ErrMalformed) {
			t.Errorf("%s: %v, want %v", name, err, oplog.ErrMalformed)
		}
	}
	if int64(math.MaxInt) > math.MaxInt32 { // on a processor that can hold it
		tooMuch++
		for name, p := range map[string]moot.Payload{
			"a row": &moot.NewStatement{Row: tooMuch}, "a source's moderation": &moot.NewStatement{SourceMod: -tooMuch - 1}, "an order": &moot.StepAct{Order: tooMuch},
			"minutes": &moot.StepAct{Minutes: tooMuch}, "a round": &moot.NewPlan{Round: tooMuch}, "seats": &moot.NewPlan{Max: tooMuch},
		} {
			if _, err := (moot.Item{Payload: p}).Draft(); !errors.As(err, new(*moot.Refusal)) {
				t.Errorf("%s: %v, want a refusal", name, err)
			}
		}
	}
}

func TestDecodeRefuses(t *testing.T) {
	vote := draft(t, &moot.SetVote{Person: pid(1), Value: moot.Agree, Rev: 1}).Payload
	short := strings.Replace(hex.EncodeToString(vote), "0150"+hex.EncodeToString([]byte{1}), "014f", 1)
	for _, c := range []struct {
		name   string
		kind   string
		schema uint
		data   string
		want   error
	}{
		{"an unknown kind", "dance", 1, "a0", moot.ErrUnknownKind},
		{"the kind of a log's first entry", oplog.KindPair, 1, "a0", moot.ErrUnknownKind},
		{"a newer schema", "vote", 2, "a0", moot.ErrUnknownKind},
		{"no schema", "vote", 0, "a0", moot.ErrUnknownKind},
		{"nothing", "vote", 1, "", oplog.ErrMalformed},
		{"a number", "vote", 1, "01", oplog.ErrMalformed},
		{"properties left out", "vote", 1, "a0", oplog.ErrMalformed},
		{"an unknown property", "presence", 1, "a118" + "63" + "01", oplog.ErrMalformed},
		{"a short id", "vote", 1, short, oplog.ErrMalformed},
		{"bytes behind the end", "vote", 1, hex.EncodeToString(append(vote, 0)), oplog.ErrMalformed},
	} {
		data, err := hex.DecodeString(c.data)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := moot.Decode(c.kind, c.schema, data); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
}

func TestApplyTellsMalformedEntries(t *testing.T) {
	h := newHub(1)
	before := h.view().Digest()
	e := h.Write(oplog.Draft{CID: h.CID(), Kind: "vote", Schema: moot.Schema, Payload: []byte{0xa0}})
	if err := h.state.Apply(e); !errors.Is(err, oplog.ErrMalformed) || !strings.Contains(err.Error(), "entry 2 of "+h.Replica().String()) {
		t.Errorf("%v, want %v and the entry named", err, oplog.ErrMalformed)
	}
	if h.view().Digest() != before {
		t.Error("a malformed entry changed the state")
	}
}

// ApplyPayload with the item at hand gives what Apply reads back from the record.
func TestApplyPayloadIsApply(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		entries := history(t)
		direct := moot.NewState(session)
		for _, e := range entries {
			p, err := moot.Decode(e.Kind, e.Schema, e.Payload)
			if err != nil {
				if err := direct.Apply(e); err != nil {
					t.Fatal(err)
				}
				continue
			}
			direct.ApplyPayload(e, p)
		}
		if direct.View().Digest() != stateOf(entries...).View().Digest() {
			t.Fatal("two states of one record")
		}
	})
}

func FuzzItem(f *testing.F) {
	kinds := []string{}
	for i, p := range samples() {
		d := draft(f, p)
		kinds = append(kinds, d.Kind)
		f.Add(byte(i), d.Payload)
	}
	f.Fuzz(func(t *testing.T, kind byte, data []byte) {
		name := kinds[int(kind)%len(kinds)]
		p, err := moot.Decode(name, moot.Schema, data)
		if err != nil {
			return
		}
		if again := draft(t, p).Payload; !bytes.Equal(again, data) {
			t.Errorf("decoded and encoded again\n got %x\nwant %x", again, data)
		}
		s := moot.NewState(session)
		s.ApplyPayload(oplog.Entry{Header: oplog.Header{Kind: name, Schema: moot.Schema, Seq: 1}, Payload: data}, p)
		_ = s.Check(p) // must not panic
		if s.View().Digest() == "" {
			t.Error("no digest")
		}
	})
}
