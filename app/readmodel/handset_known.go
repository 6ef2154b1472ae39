package readmodel

import "slices"

// HandsetKnown is what a tablet knows, from which HandsetOf works out what it shows.
type HandsetKnown struct {
	Lang string
	Dark bool
	// Start, Pairing: where no session is open. Fetching says that one is, and empty still.
	Start    HandsetOffers
	Pairing  *HandsetPairing
	Fetching bool
	// Title is that of a session that is on its way.
	Title string
	// Session is the one that is open, nil for none.
	Session *ToldSession
	// PassedOn says that somebody took part on this tablet before.
	PassedOn bool
	// Told is what the record says to the person who takes part, nil while nobody does.
	Told   *Told
	Person HandsetPerson
	// Badging says that the ten characters are asked for, Moving that the badge is in use
	// elsewhere.
	Badging, Moving bool
	Reach           HandsetReach
	Notice          *HandsetLine
	Idle            int
}

// HandsetPerson is how far a person has come, which no record holds.
type HandsetPerson struct {
	Stage   HandsetStage
	Wish    HandsetPlace // what they asked to see, "" for what the session shows
	About   bool
	Current string // the statement on screen
	Earlier string // the answered statement that is shown again
	Tried   string // the answer to the practice statement
	Skipped bool   // the 0 to 5 question
	Draft   string
}

// ReachState is how a tablet stands to its hub.
type ReachState string

// The states. ReachNone: there is no link at all.
const (
	ReachNone     ReachState = ""
	ReachHere     ReachState = "here"
	ReachAway     ReachState = "away"
	ReachUnpaired ReachState = "unpaired"
	ReachRefused  ReachState = "refused"
)

// HandsetReach is what a tablet knows of its hub.
type HandsetReach struct {
	State ReachState
	Hub   string
	Kept  int // answers that no hub has confirmed
	// Statements are the ids of those among them that are statements.
	Statements []string
	Ahead      int64 // this tablet's clock minus the hub's, ms
	// Newer and Older compare the hub's program with this one where they cannot talk.
	Newer, Older bool
	Full         bool // nothing can be written here
}

// HandsetOf works out what a tablet shows.
func HandsetOf(k HandsetKnown) *Handset {
	h := &Handset{Lang: k.Lang, Dark: k.Dark, Start: k.Start, Pairing: k.Pairing, Place: k.place(), Title: k.Title, Notice: k.Notice, Offset: -k.Reach.Ahead}
	if k.Session == nil {
		return h
	}
	s := k.Session
	h.Title, h.Mark = s.in(k.Lang, "title", s.Title), s.Emblem
	h.Banner, h.Kept = k.Reach.banner(), k.Reach.Kept
	if k.Told == nil || h.Place == AtUnpaired {
		return h
	}
	k.fillPerson(h)
	return h
}

// fillPerson adds what is shown to the person who takes part.
func (k HandsetKnown) fillPerson(h *Handset) {
	t := k.Told
	h.Title = t.Session.in(k.Lang, "title", t.Session.Title)
	h.Person, h.First = &Seat{Number: t.Me.Number, Word: t.Me.Word, Name: t.Me.Name}, k.Person.Stage == StageNotice
	h.Sheet, h.Idle = sheetFor(t.Session, k.Lang), k.Idle
	h.Step, h.Open, h.CanChange = t.Step, t.voting(), t.Question != nil && t.asking()
	h.Answered, h.Total = len(t.history()), len(t.Statements)
	h.Draft, h.Limit, h.Own = k.Person.Draft, t.Session.StatementLimit, k.own()
	if h.Limit == 0 {
		h.Limit = 140
	}
	h.Tabs = t.tabs()
	if h.Answered > 0 || k.Reach.Kept > 0 {
		h.Saved = k.Reach.saved()
	}
	switch h.Place {
	case AtPractice:
		h.Practice = &HandsetBallot{ID: "practice", Text: t.Session.in(k.Lang, "practice", t.Session.Practice), Lang: t.Session.Language, Chosen: k.Person.Tried}
	case AtQuestion:
		h.Question = t.questionFor(k.Lang)
	case AtVote:
		h.Ballot = ballotOf(t.next(k.Person.Current), k.Lang, "")
	case AtEarlier:
		h.Ballot = ballotOf(t.statement(k.Person.Earlier), k.Lang, t.Me.Votes[k.Person.Earlier].Value)
	case AtResults:
		h.Results = t.resultsFor(k.Lang)
	case AtMap:
		h.Map = t.Map
		if t.Results != nil {
			h.Results = t.resultsFor(k.Lang)
		}
	case AtTable, AtDown:
		h.Table = t.Table
	}
}

// own gives the person's statements. Nobody else can have seen one that has not left the
// tablet.
func (k HandsetKnown) own() []ToldOwn {
	own := slices.Clone(k.Told.Me.Statements)
	for i := range own {
		if k.Reach.State != ReachHere && slices.Contains(k.Reach.Statements, own[i].ID) {
			own[i].State = OwnHere
		}
	}
	return own
}

func sheetFor(s ToldSession, lang string) HandsetSheet {
	about := s.in(lang, "about", s.About)
	if about == "" {
		about = s.in(lang, "title", s.Title)
	}
	return HandsetSheet{About: about, Use: s.in(lang, "notice", s.Notice), Contact: s.in(lang, "contact", s.Contact), Licence: s.Licence,
		Mark: s.Emblem, Sample: s.Sample, Rehearsal: s.Rehearsal}
}

func ballotOf(s *ToldStatement, lang, chosen string) *HandsetBallot {
	if s == nil {
		return nil
	}
	text, in := s.said(lang)
	return &HandsetBallot{ID: s.ID, Text: text, Lang: in, Chosen: chosen}
}

func (t *Told) questionFor(lang string) *HandsetQuestion {
	q := t.Question
	asked := &HandsetQuestion{ID: q.ID, Text: inLang(q.In, lang, "text", q.Text), Low: inLang(q.In, lang, "low", q.Low), High: inLang(q.In, lang, "high", q.High), Given: -1}
	if given, ok := t.Me.Answers[q.ID]; ok {
		asked.Given = given.Value
	}
	return asked
}

// tabs gives the screens that there is something behind.
func (t *Told) tabs() []HandsetPlace {
	found := []HandsetPlace{AtVote}
	if t.Results != nil {
		found = append(found, AtResults)
	}
	if t.Map != nil {
		found = append(found, AtMap)
	}
	if t.Table != nil {
		found = append(found, AtTable)
	}
	return found
}

// place says which screen is shown.
func (k HandsetKnown) place() HandsetPlace {
	switch {
	case k.Session == nil && k.Pairing != nil:
		return AtPairing
	case k.Session == nil && !k.Fetching:
		return AtStart
	case k.Reach.State == ReachUnpaired:
		return AtUnpaired
	case k.Session == nil:
		return AtFetching
	case k.Told != nil:
		return k.Told.place(k.Person)
	case k.Moving:
		return AtMove
	case k.Badging:
		return AtBadge
	case k.PassedOn:
		return AtHand
	}
	return AtWelcome
}

// place is the same rule as that of the page, see assets/page/src/page/place.ts.
func (t *Told) place(p HandsetPerson) HandsetPlace {
	switch {
	case p.About || p.Stage == StageNotice:
		return AtNotice
	case p.Stage == StageName:
		return AtName
	case p.Stage == StagePractice && t.Session.Practice != "" && (t.voting() || t.before()):
		return AtPractice
	case t.Table != nil && t.Table.DevicesDown:
		return AtDown
	case p.Wish == AtWrite && t.voting(),
		p.Wish == AtResults && t.Results != nil,
		p.Wish == AtMap && t.Map != nil,
		p.Wish == AtTable && t.Table != nil,
		p.Wish == AtQuestion && t.Question != nil && t.asking():
		return p.Wish
	case p.Wish != AtVote && p.Wish != AtEarlier:
		if shown := t.afterVotes(); shown != "" {
			return shown
		}
	}
	return t.atVotes(p)
}

// afterVotes gives what a step after the votes shows, "" where it is not there yet.
func (t *Told) afterVotes() HandsetPlace {
	switch {
	case t.voting() || t.Step != nil && t.Step.Kind == "checkin":
		return ""
	case t.Step != nil && t.Step.Kind == "tables" && t.Table != nil:
		return AtTable
	case t.Map != nil:
		return AtMap
	case t.Results != nil:
		return AtResults
	}
	return ""
}

func (t *Told) atVotes(p HandsetPerson) HandsetPlace {
	if t.Question != nil && t.asking() && !p.Skipped {
		if _, given := t.Me.Answers[t.Question.ID]; !given {
			return AtQuestion
		}
	}
	switch {
	case !t.voting() && t.before():
		return AtWait
	case !t.voting():
		return AtClosed
	case p.Wish == AtEarlier && t.statement(p.Earlier) != nil:
		return AtEarlier
	case len(t.Statements) == 0:
		return AtEmpty
	case t.next(p.Current) == nil:
		return AtDone
	}
	return AtVote
}

// Rests says that nothing is asked of people now, so that a tablet that nobody touches is
// not one that was left.
func (h *Handset) Rests() bool {
	switch h.Place {
	case AtWait, AtDown, AtFetching:
		return true
	}
	return h.Person == nil
}

// Next gives the statement that is on screen, "" where none is, for
// HandsetPerson.Current: what is shown stays, whatever order comes meanwhile.
func (h *Handset) Next() string {
	if h.Place == AtVote && h.Ballot != nil {
		return h.Ballot.ID
	}
	return ""
}
