package readmodel

// Told is what a hub says to one person's device, as its documents have it. A tablet asks
// its own record the same, so that every rule is the page's.
type Told struct {
	Now        int64           `json:"now"`
	Session    ToldSession     `json:"session"`
	Question   *ToldQuestion   `json:"question"`
	Step       *ToldStep       `json:"step"`
	Me         ToldPerson      `json:"me"`
	Statements []ToldStatement `json:"statements"`
	Order      []string        `json:"order"`
	Results    *Results        `json:"results"`
	Map        *MapForRoom     `json:"map"`
	Table      *Table          `json:"table"`
}

// ToldSession is what a session says of itself.
type ToldSession struct {
	ID             string                       `json:"id"`
	Title          string                       `json:"title"`
	About          string                       `json:"about"`
	Languages      []string                     `json:"languages"`
	Language       string                       `json:"language"`
	Notice         string                       `json:"notice"`
	Contact        string                       `json:"contact"`
	Licence        string                       `json:"licence"`
	Sample         bool                         `json:"sample"`
	Rehearsal      bool                         `json:"rehearsal"`
	Practice       string                       `json:"practice"`
	StatementLimit int                          `json:"statement_limit"`
	Moderated      bool                         `json:"moderated"`
	Emblem         string                       `json:"emblem"`
	Badges         bool                         `json:"badges"`
	In             map[string]map[string]string `json:"in"`
}

// ToldQuestion is the 0 to 5 question.
type ToldQuestion struct {
	ID   string                       `json:"id"`
	Text string                       `json:"text"`
	Low  string                       `json:"low"`
	High string                       `json:"high"`
	In   map[string]map[string]string `json:"in"`
}

// ToldStep is the step that runs, or ran last.
type ToldStep struct {
	ID      string `json:"id"`
	Kind    string `json:"kind"`
	Title   string `json:"title"`
	Open    bool   `json:"open"`
	Started uint64 `json:"started"`
	Ends    uint64 `json:"ends"`
}

// ToldStatement is a statement that may be voted on.
type ToldStatement struct {
	ID    string            `json:"id"`
	Text  string            `json:"text"`
	Lang  string            `json:"lang"`
	Texts map[string]string `json:"texts"`
}

// ToldPerson is the person whose device asks.
type ToldPerson struct {
	ID         string              `json:"id"`
	Number     int                 `json:"number"`
	Word       string              `json:"word"`
	Name       string              `json:"name"`
	Votes      map[string]ToldVote `json:"votes"`
	Answers    map[string]ToldMark `json:"answers"`
	Statements []ToldOwn           `json:"statements"`
}

// ToldVote and ToldMark are an answer with its revision: to a statement, to the question.
type (
	ToldVote struct {
		Value string `json:"value"`
		Rev   uint64 `json:"rev"`
	}
	ToldMark struct {
		Value int    `json:"value"`
		Rev   uint64 `json:"rev"`
	}
)

// OwnHere is the state of a statement that no hub holds yet and that waits on the tablet.
const OwnHere = "here"

// ToldOwn is a statement that the person wrote, and what became of it.
type ToldOwn struct {
	ID     string `json:"id"`
	Text   string `json:"text"`
	State  string `json:"state"` // pending, approved, hidden or removed; OwnHere on a tablet
	Reason string `json:"reason"`
}

// in gives a text in a language where the session has it there, else the given one.
func (s ToldSession) in(lang, name, text string) string { return inLang(s.In, lang, name, text) }

func inLang(in map[string]map[string]string, lang, name, text string) string {
	if said := in[lang][name]; said != "" {
		return said
	}
	return text
}

// said gives a statement's text in a language where two versions were paired, else as it
// was written, and the language that it is in.
func (s ToldStatement) said(lang string) (text, in string) {
	if text := s.Texts[lang]; text != "" {
		return text, lang
	}
	return s.Text, s.Lang
}

// voting says whether statements may be answered now, asking whether the question may.
func (t *Told) voting() bool { return t.Step != nil && t.Step.Open && t.Step.Kind == "opinion" }
func (t *Told) asking() bool {
	return t.Step != nil && t.Step.Open && (t.Step.Kind == "opinion" || t.Step.Kind == "checkin")
}

// before says whether voting has not begun.
func (t *Told) before() bool { return t.Step == nil || t.Step.Kind == "checkin" }

// statement gives a statement by its id, nil where it is not there.
func (t *Told) statement(id string) *ToldStatement {
	for i := range t.Statements {
		if t.Statements[i].ID == id {
			return &t.Statements[i]
		}
	}
	return nil
}

// answered says whether the person has answered a statement.
func (t *Told) answered(id string) bool {
	vote, ok := t.Me.Votes[id]
	return ok && vote.Value != "none"
}
