package moot

import (
	"cmp"
	"strconv"
	"strings"

	"folkmoot/sync/oplog"
)

// Field names a property of the session.
type Field string

// The fields. Values are texts; switches are "on" or "".
const (
	Title      Field = "title"
	About      Field = "about"   // "what is this about", lines allowed
	Notice     Field = "notice"  // who collects what, for which purpose, how long
	Contact    Field = "contact" // who to ask
	Organiser  Field = "organiser"
	Place      Field = "place"
	Licence    Field = "licence"   // SPDX name or words; "" is undecided, so nothing is public
	Language   Field = "language"  // the room's: zh-Hant or en
	Languages  Field = "languages" // offered, separated by commas
	Template   Field = "template"
	JoinCode   Field = "code"     // six digits
	Created    Field = "created"  // milliseconds since 1970
	Practice   Field = "practice" // the practice statement
	Question   Field = "question" // text of the 0–5 question q1; "" is none
	QuestionLo Field = "question_low"
	QuestionHi Field = "question_high"
	Prompt     Field = "prompt"          // what the tables talk about
	Limit      Field = "statement_limit" // characters
	Moderated  Field = "moderated"       // "on": new statements wait for the host
	Sample     Field = "sample"
	Rehearsal  Field = "rehearsal"
	Wifi       Field = "wifi"
	WallMode   Field = "wall" // join, rules, clock, statements, map, tables, black
	ShowResult Field = "show_results"
	ShowMap    Field = "show_map"
	ShowTables Field = "show_tables"
	DevicesOff Field = "devices_down"
	ActivePlan Field = "plan" // id of the plan of round 1
	// Hubs are the base addresses at which hubs of the session were ever reached,
	// separated by commas, the oldest first.
	Hubs Field = "hubs"
	// Lead is the device that leads where there are several hubs: its id as 32 hexadecimal
	// digits, "" where nobody took over.
	Lead Field = "lead"
	// MapAnchor says how the map lay when it was shown, see app/readmodel.
	MapAnchor Field = "map_anchor"

	SourceTopic  Field = "source_topic" // of an import: the conversation's own title
	SourceURL    Field = "source_url"
	SourceInfo   Field = "source_description"
	SourceViews  Field = "source_views"
	SourceZone   Field = "source_zone" // how the source wrote its times, see app/intake
	SourceFields Field = "source_fields"
)

// FirstQuestion is the id of the session's 0–5 question.
const FirstQuestion QuestionID = "q1"

// SetField writes one field of the session.
type SetField struct {
	Field Field  `cbor:"1,keyasint"`
	Value string `cbor:"2,keyasint"`
	Rev   uint64 `cbor:"3,keyasint"`
}

// Kind is "session".
func (*SetField) Kind() string { return "session" }

func (*SetField) class() oplog.Class { return oplog.Public }

func (f *SetField) bounds() error {
	return cmp.Or(checkRev(f.Rev), checkTexts(string(f.Field), f.Value))
}

func (f *SetField) check(s *State) error {
	if f.Field == Title {
		return checkText(f.Value, MaxTitle)
	}
	if f.Field == Limit {
		if _, ok := statementLimit(f.Value); !ok {
			return refuse(BadValue)
		}
	}
	if f.Field == Lead && f.Value != "" {
		var id [16]byte
		if err := oplog.ParseHex(id[:], f.Value); err != nil || id == [16]byte{} {
			return refuse(BadValue)
		}
	}
	if len([]rune(f.Value)) > MaxField {
		return &Refusal{Code: TooLong, Limit: MaxField}
	}
	return nil
}

func (f *SetField) apply(s *State, e oplog.Entry) {
	s.touch()
	s.mark(RowField, []byte(f.Field))
	s.fields[f.Field] = s.fields[f.Field].put(f.Value, stampOf(e, f.Rev), e.CID)
}

// Session is the properties of a session as they stand.
type Session struct {
	ID     oplog.SessionID
	fields map[Field]Cell[string]
}

// Get gives the value of a field, "" where it was never written.
func (s Session) Get(f Field) string { return s.fields[f].Value }

// In gives the field whose text of that language stands beside the field's own:
// Title.In("en") is "title@en".
func (f Field) In(lang string) Field { return f + "@" + Field(lang) }

// Text gives a field in a language, and the field's own value where there is no
// text of that language.
func (s Session) Text(f Field, lang string) string {
	if text := s.Get(f.In(lang)); text != "" {
		return text
	}
	return s.Get(f)
}

// Rev gives the revision of a field; the next writing takes one more.
func (s Session) Rev(f Field) uint64 { return s.fields[f].Stamp.Rev }

// Fields gives all fields that have a value. The caller owns the map.
func (s Session) Fields() map[string]string {
	out := make(map[string]string, len(s.fields))
	for f, cell := range s.fields {
		if cell.Value != "" {
			out[string(f)] = cell.Value
		}
	}
	return out
}

// On says whether a switch is on.
func (s Session) On(f Field) bool { return s.Get(f) == "on" }

// StatementLimit gives the number of characters that a statement may have.
func (s Session) StatementLimit() int {
	if n, ok := statementLimit(s.Get(Limit)); ok {
		return n
	}
	return DefaultStatementLimit
}

func statementLimit(text string) (int, bool) {
	n, err := strconv.Atoi(text)
	return n, err == nil && n >= MinStatementLimit && n <= MaxStatementLimit
}

// Languages gives the languages offered, the room's first; zh-Hant and en where
// nothing was set.
func (s Session) Languages() []string {
	if list := s.Get(Languages); list != "" {
		return strings.Split(list, ",")
	}
	return []string{"zh-Hant", "en"}
}

// Language gives the room's language.
func (s Session) Language() string {
	if l := s.Get(Language); l != "" {
		return l
	}
	return s.Languages()[0]
}
