package readmodel

import (
	"encoding/binary"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"folkmoot/sync/moot"
)

// Templates are the names of the templates that NewSession knows.
var Templates = []string{"opinion", "tictec-80"}

// NewSessionOptions say what a new session is to be. Template and Title are needed.
type NewSessionOptions struct {
	// Template is one of Templates.
	Template string
	Title    string
	// Languages are those offered, the room's first; zh-Hant and en where empty.
	Languages []string
	// Statements are the seeds, in their order.
	Statements []Seed
	// Moderated lets new statements wait for the host.
	Moderated bool
	// Sample and Rehearsal mark a session that is not real.
	Sample, Rehearsal bool
	// Fields are written besides, and instead of what the template says.
	Fields map[moot.Field]string
}

// Seed is a statement that is there from the beginning.
type Seed struct {
	Text string
	Lang string // zh-Hant or en
	// Other is the same statement in the other language, "" where there is none.
	Other string
}

// planned is a step of a template; titles by language, none for the kind's own word.
type planned struct {
	id      moot.StepID
	kind    moot.StepKind
	minutes int
	title   map[string]string
}

type template struct {
	steps  []planned
	fields map[moot.Field]map[string]string // by language
}

var templates = map[string]template{
	"opinion": {steps: []planned{
		{id: "checkin", kind: moot.StepCheckin, minutes: 10},
		{id: "opinion", kind: moot.StepOpinion, minutes: 20},
		{id: "map", kind: moot.StepMap, minutes: 15},
		{id: "tables", kind: moot.StepTables, minutes: 25},
		{id: "report", kind: moot.StepReport, minutes: 10},
	}},
	"tictec-80": {
		steps: []planned{
			{"overview", moot.StepCheckin, 15, map[string]string{"zh-Hant": "開場與報到", "en": "Welcome and overview"}},
			{"opinion", moot.StepOpinion, 20, map[string]string{"zh-Hant": "線上收集意見", "en": "Opinions, in the room and from afar"}},
			{"tables", moot.StepTables, 25, map[string]string{"zh-Hant": "分桌面對面談", "en": "Face to face at tables"}},
			{"reflection", moot.StepReport, 20, map[string]string{"zh-Hant": "分享與問答", "en": "Sharing, questions and answers"}},
		},
		fields: map[moot.Field]map[string]string{
			moot.Question: {
				"zh-Hant": "讓利害關係人一起治理的好機制，你覺得做得到嗎？",
				"en":      "Can a good way of governing together, with everyone who has a stake, be reached?",
			},
			moot.QuestionLo: {"zh-Hant": "做不到", "en": "Out of reach"},
			moot.QuestionHi: {"zh-Hant": "做得到", "en": "Within reach"},
			moot.Prompt: {
				"zh-Hant": "多元利害關係人一起治理，能不能緩和全球政治的對立？\n科技巨頭和一般人的權力差很多，這樣的機制能拉近嗎？\n政府要在什麼情況下，才會願意一起來？",
				"en":      "Can governing with all stakeholders ease the political divides of our time?\nCan it narrow the gap in power between large technology firms and people?\nWhat would make a government want to take part?",
			},
			moot.Practice: {"zh-Hant": "鳳梨可以放在披薩上。", "en": "Pineapple belongs on a pizza."},
		},
	},
}

// NewSession gives the items that make a session: its fields, its agenda and its seed
// statements. ids gives random bytes, also for the six-digit code. Error:
// ErrUnknownTemplate.
func NewSession(o NewSessionOptions, now uint64, ids io.Reader) ([]moot.Item, error) {
	plan, ok := templates[o.Template]
	if !ok {
		return nil, fmt.Errorf("readmodel: template %.40q: %w", o.Template, ErrUnknownTemplate)
	}
	if len(o.Languages) == 0 {
		o.Languages = []string{"zh-Hant", "en"}
	}
	m := &itemMaker{ids: ids}
	fields, err := o.fields(plan, now, ids)
	if err != nil {
		return nil, err
	}
	for _, name := range sortedFields(fields) {
		m.add(&moot.SetField{Field: name, Value: fields[name], Rev: 1})
	}
	for i, s := range plan.steps {
		m.add(&moot.StepAct{Step: s.id, Do: "plan", Order: i + 1, StepKind: s.kind, Title: s.title[o.Languages[0]], Minutes: s.minutes, At: now})
	}
	for _, s := range o.Statements {
		m.addSeed(s, now)
	}
	return m.done()
}

func (m *itemMaker) addSeed(s Seed, now uint64) {
	seed := moot.NewStatement{Text: moot.CleanText(s.Text), Lang: s.Lang, Standing: moot.Approved, Seed: true, Src: moot.FromHost, Made: now}
	m.add(&seed)
	if s.Other == "" {
		return
	}
	other := seed
	other.Pair = moot.StatementID(m.items[len(m.items)-1].CID)
	other.Text, other.Lang = moot.CleanText(s.Other), "en"
	if s.Lang == "en" {
		other.Lang = "zh-Hant"
	}
	m.add(&other)
}

func (o NewSessionOptions) fields(plan template, now uint64, ids io.Reader) (map[moot.Field]string, error) {
	code, err := newCode(ids)
	if err != nil {
		return nil, err
	}
	fields := map[moot.Field]string{
		moot.Title: moot.CleanText(o.Title), moot.Template: o.Template, moot.JoinCode: code,
		moot.Created:  strconv.FormatUint(now, 10),
		moot.Language: o.Languages[0], moot.Languages: strings.Join(o.Languages, ","), moot.WallMode: DefaultWallMode,
	}
	for name, text := range plan.fields {
		fields[name] = text[o.Languages[0]]
		for _, lang := range o.Languages {
			fields[name.In(lang)] = text[lang]
		}
	}
	for name, on := range map[moot.Field]bool{moot.Moderated: o.Moderated, moot.Sample: o.Sample, moot.Rehearsal: o.Rehearsal} {
		if on {
			fields[name] = "on"
		}
	}
	for name, value := range o.Fields {
		fields[name] = value
	}
	return fields, nil
}

func sortedFields(fields map[moot.Field]string) []moot.Field {
	names := make([]moot.Field, 0, len(fields))
	for name := range fields {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// newCode draws six digits, each code as likely as any other; none begins with 0, so
// that a keypad shows it as it was said.
func newCode(ids io.Reader) (string, error) {
	var b [8]byte
	if _, err := io.ReadFull(ids, b[:]); err != nil {
		return "", fmt.Errorf("readmodel: draw a code: %w", err)
	}
	return strconv.FormatUint(100_000+binary.BigEndian.Uint64(b[:])%900_000, 10), nil
}
