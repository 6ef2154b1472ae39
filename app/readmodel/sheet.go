package readmodel

import (
	"fmt"
	"slices"

	"folkmoot/analysis/opinion"
	"folkmoot/sync/moot"
)

// Sheet is a session as its facilitator's screens show it: plain values, counted and
// sorted, with nothing left to work out. It is masked: it says that somebody answered,
// never what. Own names stand apart in Names, so that a screen has to ask for them.
//
// What is written as JSON is the host's page's addition to the wall's document.
type Sheet struct {
	Steps      []AgendaStep      `json:"steps"`
	People     []SheetPerson     `json:"people"`
	Names      map[string]string `json:"names"` // by SheetPerson.ID
	Statements []SheetStatement  `json:"statements"`
	Shown      map[string]bool   `json:"shown"`
	Plan       *HostPlan         `json:"plan"`
	Settings   map[string]string `json:"settings"`
	// Late are the votes that came while voting was closed: kept, and not counted.
	Late int `json:"late_votes"`
	// Guessing says that somebody guesses the session's code; nil where nobody does.
	Guessing *Guessing `json:"guessing"`
	// Map is the host's own view of the opinion map, shown to the room or not.
	Map *MapForRoom `json:"host_map"`
	// Disk says how the record's disk does, nil for well.
	Disk *Disk `json:"disk"`

	// ID is the session's id, Emblem the short sign by which people tell two sessions apart.
	ID     string `json:"-"`
	Emblem string `json:"-"`
	// Now is when the Sheet was made, in milliseconds since 1970.
	Now uint64 `json:"-"`
	// Wall is what the room looks at.
	Wall WallSheet `json:"-"`
	// Voting says that votes count now.
	Voting bool `json:"-"`
	// Answered is how many people of the room have answered anything, Present how many
	// are here now, Asked how many answered the 0–5 question.
	Answered, Present, Asked int `json:"-"`
	// Approved, Pending and Aside count the statements by their standing.
	Approved, Pending, Aside int `json:"-"`
	// Findings are the results for the facilitator's eyes, of the map as it stands.
	Findings Results `json:"-"`
	// Light says how far the map may be trusted.
	Light Light `json:"-"`
	// OffMap is how many people, of the room and imported, are not on the map, since they
	// answered too little; 0 where there is no map.
	OffMap int `json:"-"`
	// Forecast says what will lack votes when the running step ends.
	Forecast Forecast `json:"-"`
	// How says how the map was worked out; nil where there is none.
	How *HowWorkedOut `json:"-"`
	// Undo is the act of the last minute that can be taken back; nil for none.
	Undo *UndoOffer `json:"-"`
	// Venue is what the hub knows of the room's network.
	Venue Venue `json:"-"`
	// Backups says how the session's backups stand, Jump what its computer's clock did last;
	// nil for nothing.
	Backups Backups    `json:"-"`
	Jump    *ClockJump `json:"-"`
	// Devices is what is known of the session's other devices.
	Devices Devices `json:"-"`
	// Fetching is set while the session comes here for the first time: what else stands here
	// is not the whole then.
	Fetching *Fetching `json:"-"`
	// Joining is the way to join that is shown to the room; Wall.Venue is the venue on it.
	Joining Joining `json:"-"`

	stand Stand
}

// Stand is what a Sheet was made of: as long as two are equal, Sortings and Table of their
// Sheets are too.
type Stand struct {
	view   *View
	record *moot.View
}

// Stand gives what the Sheet was made of.
func (s *Sheet) Stand() Stand { return s.stand }

// Sortings gives the ways to tell the people on the map apart, see View.Sortings.
func (s *Sheet) Sortings() []Sorting { return s.stand.view.Sortings(s.stand.record) }

// Table gives the map as a table, nil where there is no map.
func (s *Sheet) Table() *MapTable { return s.stand.view.Table() }

// Venue is what the hub knows of the room's network.
type Venue struct {
	// Addresses are the base addresses at which phones reach the hub, the one to print
	// first; JoinLink and WallLink are whole ones with the digits.
	Addresses          []string
	JoinLink, WallLink string
	// JoinLinks are the links to join at each of Addresses.
	JoinLinks []string
	// NameAddress is the address with this computer's name on the network, NameLink the link
	// to join there; "" where it has none.
	NameAddress, NameLink string
	// HostLink opens the facilitator's page on this computer.
	HostLink string
	// Waiting answers are said to wait on Devices phones; Seen phones got through.
	Waiting, Devices, Seen int
	// Wrong codes were tried of late; WaitUntil is until when new devices may have to wait
	// for that, in milliseconds since 1970, 0 where none does.
	Wrong     int
	WaitUntil uint64
	// Alone says that only this computer can reach the hub: there is no network.
	Alone bool
}

// Guessing is that somebody guesses the session's code.
type Guessing struct {
	// Wrong is how many wrong codes were tried of late.
	Wrong int `json:"wrong"`
	// Until is when new devices need no longer wait for that, in milliseconds since 1970.
	Until uint64 `json:"until"`
}

// UndoOffer is an act that can be taken back.
type UndoOffer struct {
	// Act is what was done.
	Act Act
	// Until is when the offer ends, in milliseconds since 1970.
	Until uint64
}

// SheetPerson is a person of the room who came: who has only opened the page is nobody yet.
type SheetPerson struct {
	ID       string `json:"id"`
	Number   int    `json:"number"`
	Word     string `json:"word"`
	Answered bool   `json:"answered"` // anything
	Asked    bool   `json:"asked"`    // the 0–5 question
	Present  bool   `json:"present"`
	Seen     uint64 `json:"seen"`
	Table    int    `json:"table"`
}

// SheetStatement is a statement as the facilitator decides on it. It says nothing of
// its writer.
type SheetStatement struct {
	ID     string `json:"id"`
	Text   string `json:"text"`
	Lang   string `json:"lang"`
	Seed   bool   `json:"seed"`
	State  string `json:"state"`
	Reason string `json:"reason"`
	Votes  int    `json:"votes"`
	// Agree, Disagree and Pass are what the room was shown, 0 while it sees no results.
	Agree    int  `json:"agree"`
	Disagree int  `json:"disagree"`
	Pass     int  `json:"pass"`
	Look     bool `json:"look"`

	// Number is its place in the record, from 1.
	Number int `json:"-"`
	// Other is the same statement in the other language, "" where nobody paired one.
	Other string `json:"-"`
	// Made is when it was written, in milliseconds since 1970; 0 where that is not known.
	Made uint64 `json:"-"`
	// Imported says that it came with an import: its words are its source's.
	Imported bool `json:"-"`
}

// MayEdit says whether its words may still be changed: nobody has voted on it.
func (s SheetStatement) MayEdit() bool { return s.Votes == 0 && !s.Imported }

// HowWorkedOut is what stands behind a map, for those who ask.
type HowWorkedOut struct {
	Engine             string
	People, Statements int
	VotesNeeded        int
	Explained          [2]float64 // shares of the variance on the two axes
	Tried              []opinion.Silhouette
	Groups             int // 0 where none were found
	Tested             bool
	// TestedAgo is how many seconds ago the groups were tested, -1 where that is not known.
	TestedAgo int
	// Silhouette is that of the groups among TestedPeople, ByChance that of permuted votes in
	// 90 of 100. TestedPeople is People, or fewer of them in a large room.
	Silhouette, ByChance     float64
	TestedPeople             int
	FalseRate                float64 // among the statements named
	Common, Apart, Divisions int     // how many statements are named
	// Stable are the groups with how firmly they stand, by letter; empty where that was
	// not measured.
	Stable []GroupStability
	// Agreement is the mean adjusted Rand index of the groups of those maps with these.
	Agreement float64
}

// GroupStability is how firmly a group stands when votes are left out.
type GroupStability struct {
	Letter string
	// Word is one of opinion.StabilityWord, Mean the mean Jaccard coefficient, 0 … 1.
	Word string
	Mean float64
}

// SheetOptions are what a Sheet shows besides the record.
type SheetOptions struct {
	// Shown is the View that the room may see, nil for none.
	Shown *View
	Venue Venue
	Undo  *UndoOffer
	// Emblem is the session's short sign.
	Emblem string
	// Disk says how the record's disk does, nil for well.
	Disk    *Disk
	Backups Backups
	Jump    *ClockJump
	Devices Devices
	Ladder  Ladder
	// Fetching is set while the session comes here for the first time.
	Fetching *Fetching
}

// NewSheet gives the Sheet of a record. v is the newest View of the session, which may
// be of a little earlier than the record. now is in milliseconds since 1970.
func NewSheet(v *View, record *moot.View, now uint64, o SheetOptions) *Sheet {
	s := &Sheet{
		Steps: Agenda(record, now), People: []SheetPerson{}, Names: map[string]string{}, Statements: []SheetStatement{},
		Shown: ShownSwitches(record), Plan: v.PlanForHost(record), Settings: record.Session.Fields(), Map: v.MapForHost(), Disk: o.Disk,
		ID: record.Session.ID.String(), Emblem: o.Emblem, Now: now, Voting: record.Voting(), Findings: v.Results, Light: v.Light, How: v.how(now), Undo: o.Undo, Venue: o.Venue, Backups: o.Backups, Jump: o.Jump, Devices: o.Devices, Fetching: o.Fetching,
		stand: Stand{v, record},
	}
	delete(s.Settings, string(moot.MapAnchor)) // it says who is in which group
	delete(s.Settings, string(moot.Hubs))      // nobody sets them
	if v.Scene != nil {
		s.OffMap = max(0, record.Here()+record.Imported()-v.Counts.OnMap)
	}
	s.addPeople(record)
	s.addStatements(v, record, o.Shown)
	s.Forecast = v.Forecast(record, now)
	s.Wall = newWallSheet(record, o.Shown, now)
	s.Joining, s.Wall.Venue = o.Ladder.Joining(now, o.Venue)
	if s.Wall.Own = s.Joining.Own; s.Wall.Own.Name != "" {
		s.Wall.Wifi = s.Wall.Own.Name
	}
	if o.Venue.WaitUntil > now {
		s.Guessing = &Guessing{Wrong: o.Venue.Wrong, Until: o.Venue.WaitUntil}
	}
	return s
}

func (s *Sheet) addPeople(record *moot.View) {
	plan := record.ActivePlan()
	for _, p := range record.People() {
		if !p.Here() || p.Arrived() == 0 {
			continue
		}
		_, asked := p.Answer(moot.FirstQuestion)
		for sid := range p.Late() {
			if p.Vote(sid).Value == moot.None { // else it was answered anew
				s.Late++
			}
		}
		table := 0
		if plan != nil {
			table = plan.Table(p.ID)
		}
		person := SheetPerson{ID: p.ID.String(), Number: p.Number(), Word: p.Get(moot.PersonWord), Answered: asked || p.Counted() > 0,
			Asked: asked, Present: p.Present(), Seen: p.Arrived(), Table: table}
		s.People = append(s.People, person)
		s.Answered += btoi(person.Answered)
		s.Asked += btoi(asked)
		s.Present += btoi(person.Present)
		if name := p.Get(moot.PersonName); name != "" {
			s.Names[person.ID] = name
		}
	}
	slices.SortStableFunc(s.People, func(a, b SheetPerson) int { return a.Number - b.Number })
}

// addStatements counts votes as they are; how people voted it tells as the room is told,
// in batches, since the desk may be mirrored.
func (s *Sheet) addStatements(v *View, record *moot.View, shown *View) {
	votes, tallies := map[string]int{}, map[string]Tally{}
	for _, t := range v.Results.Statements {
		votes[t.ID] = t.Voted()
	}
	if results := ShownResults(record, shown); results != nil {
		for _, t := range results.Statements {
			tallies[t.ID] = t
		}
	}
	for _, one := range record.Statements {
		if one.Pair != (moot.StatementID{}) {
			continue
		}
		t := tallies[one.ID.String()]
		row := SheetStatement{ID: one.ID.String(), Text: one.Text, Lang: one.Lang, Seed: one.Seed, State: one.Standing.String(), Reason: one.Reason,
			Votes: votes[one.ID.String()], Agree: t.Agree, Disagree: t.Disagree, Pass: t.Pass, Look: one.Look,
			Number: len(s.Statements) + 1, Made: one.Made, Imported: one.Source == moot.Imported}
		for lang, text := range one.Texts {
			if lang != one.Lang {
				row.Other = text
			}
		}
		s.Statements = append(s.Statements, row)
		switch one.Standing {
		case moot.Approved:
			s.Approved++
		case moot.Pending:
			s.Pending++
		default:
			s.Aside++
		}
	}
}

// Listing gives the places in Statements in the order in which the facilitator wants
// them: what waits for a decision first, what was put aside last.
func (s *Sheet) Listing() []int {
	order := make([]int, len(s.Statements))
	for i := range order {
		order[i] = i
	}
	rank := func(i int) int {
		switch s.Statements[i].State {
		case moot.Pending.String():
			return 0
		case moot.Approved.String():
			return 1
		}
		return 2
	}
	slices.SortStableFunc(order, func(a, b int) int { return rank(a) - rank(b) })
	return order
}

// Running gives the step that runs, nil where none does.
func (s *Sheet) Running() *AgendaStep {
	if i := slices.IndexFunc(s.Steps, func(step AgendaStep) bool { return step.Open }); i >= 0 {
		return &s.Steps[i]
	}
	return nil
}

// Next gives the step to look at first: the one that runs, else the one after the last
// that was started, else the last; nil for an empty agenda.
func (s *Sheet) Next() *AgendaStep {
	if running := s.Running(); running != nil {
		return running
	}
	if len(s.Steps) == 0 {
		return nil
	}
	next := 0
	for i, step := range s.Steps {
		if step.Started > 0 {
			next = min(i+1, len(s.Steps)-1)
		}
	}
	return &s.Steps[next]
}

// Statement gives a statement by its id, nil where there is none.
func (s *Sheet) Statement(id string) *SheetStatement {
	if i := slices.IndexFunc(s.Statements, func(one SheetStatement) bool { return one.ID == id }); i >= 0 {
		return &s.Statements[i]
	}
	return nil
}

// how tells what stands behind the map.
func (v *View) how(now uint64) *HowWorkedOut {
	if v.Scene == nil {
		return nil
	}
	h := &HowWorkedOut{Engine: opinion.EngineVersion, People: v.Counts.OnMap, Statements: len(v.Statements), VotesNeeded: v.Map.VotesNeeded,
		Explained: v.Map.Explained, Tried: slices.Clone(v.Map.Silhouettes), Groups: len(v.Map.Groups), Tested: v.Map.GroupsTested || v.Map.Carried,
		Silhouette: v.Map.Test.Silhouette, TestedPeople: min(v.Map.Test.People, v.Counts.OnMap), ByChance: v.Map.Test.SilhouetteNull90, FalseRate: opinion.FalseRate,
		Common: len(v.Map.CommonGround), Divisions: len(v.Map.Divisive), TestedAgo: -1}
	if v.Examined > 0 {
		h.TestedAgo = int((now - min(now, v.Examined)) / 1000)
	}
	h.Agreement = v.Map.Agreement
	for _, g := range v.GroupsByLetter() {
		if group := v.Map.Groups[g]; group.Word != "" {
			h.Stable = append(h.Stable, GroupStability{Letter: v.Letters[g], Word: string(group.Word), Mean: group.Stability})
		}
	}
	for _, group := range v.Map.Groups {
		h.Apart += len(group.Representative)
	}
	return h
}

// Clock gives the minutes and seconds that a running step has left at a time, as
// "12:40"; "" for a step without a clock, and over where its time is up.
func (a AgendaStep) Clock(now uint64) (text string, over bool) {
	if !a.Open || a.Ends == 0 {
		return "", false
	}
	if now >= a.Ends {
		return "0:00", true
	}
	left := (a.Ends - now + 999) / 1000
	return fmt.Sprintf("%d:%02d", left/60, left%60), false
}
