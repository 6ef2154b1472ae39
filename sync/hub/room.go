package hub

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"math"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"sync"

	"folkmoot/assets/words"
	"folkmoot/sync/moot"
)

type sessionDoc struct {
	ID             string   `json:"id"`
	Title          string   `json:"title"`
	About          string   `json:"about"`
	Languages      []string `json:"languages"`
	Language       string   `json:"language"`
	Notice         string   `json:"notice"`
	Contact        string   `json:"contact"`
	Licence        string   `json:"licence"`
	Sample         bool     `json:"sample"`
	Rehearsal      bool     `json:"rehearsal"`
	Practice       string   `json:"practice"`
	StatementLimit int      `json:"statement_limit"`
	Moderated      bool     `json:"moderated"`
	Emblem         string   `json:"emblem"`
	// Badges says that joining takes a badge.
	Badges bool `json:"badges"`
	// In holds by language what the session says in that language besides.
	In map[string]map[string]string `json:"in"`
}

type questionDoc struct {
	ID   string                       `json:"id"`
	Text string                       `json:"text"`
	Low  string                       `json:"low"`
	High string                       `json:"high"`
	In   map[string]map[string]string `json:"in"`
}

type stepDoc struct {
	ID      string `json:"id"`
	Kind    string `json:"kind"`
	Title   string `json:"title"`
	Open    bool   `json:"open"`
	Started uint64 `json:"started"`
	Ends    uint64 `json:"ends"`
}

type statementDoc struct {
	ID   string `json:"id"`
	Text string `json:"text"`
	Lang string `json:"lang"`
	Seed bool   `json:"seed"`
	// Texts holds the text by language where two versions were paired.
	Texts map[string]string `json:"texts,omitempty"`
}

type countsDoc struct {
	Participants   int `json:"participants"`
	Imported       int `json:"imported"`
	Votes          int `json:"votes"`
	Waiting        int `json:"waiting"`
	WaitingDevices int `json:"waiting_devices"`
}

// roomDoc is what everybody in the room may see.
type roomDoc struct {
	Version    uint64          `json:"version"`
	Now        int64           `json:"now"`
	Session    sessionDoc      `json:"session"`
	Question   *questionDoc    `json:"question"`
	Step       *stepDoc        `json:"step"`
	Statements []statementDoc  `json:"statements"`
	Results    json.RawMessage `json:"results"`
	Counts     countsDoc       `json:"counts"`
	Hubs       []string        `json:"hubs"`
}

// roomCache keeps the parts that change seldom, since each page asks for them.
type roomCache struct {
	mu             sync.Mutex
	shape, picture uint64
	version        uint64
	urgent         uint64 // grows when more than the list of statements changed
	filled         bool
	doc            roomDoc
	pictures       RoomPictures
}

// document gives the room's document as it stands, and the pictures of the same
// version. The version grows whenever a page should ask for it again.
func (h *Hub) document() (roomDoc, RoomPictures) {
	c := &h.room
	c.mu.Lock()
	defer c.mu.Unlock()
	view, pictures := h.record.View(), h.pictures() // inside the lock, so that none overtakes another
	if !c.filled || c.shape != view.Shape || c.picture != pictures.Version {
		if !c.filled {
			c.version = uint64(h.options.Now().UnixMilli()) // so that a restarted hub never repeats a number
		}
		c.filled, c.shape, c.picture, c.version = true, view.Shape, pictures.Version, c.version+1
		doc := roomDoc{Version: c.version, Session: sessionOf(view), Question: questionOf(view), Step: stepOf(view.Running()),
			Statements: statementsOf(view), Results: pictures.Results}
		if !sameButStatements(c.doc, doc) || !c.pictures.same(pictures) {
			c.urgent++
		}
		c.doc, c.pictures = doc, pictures
	}
	doc := c.doc
	doc.Now, doc.Counts, doc.Hubs = h.options.Now().UnixMilli(), h.counts(view), h.hubs()
	return doc, c.pictures
}

// maxSiblings is how many addresses of other hubs pages are told: every event carries them.
const maxSiblings = 16

// hubs gives the addresses at which pages find the session: this hub's, and then the
// newest of its other hubs', which may have gone.
func (h *Hub) hubs() []string {
	own := h.options.Addresses()
	var others []string
	for _, other := range h.options.Siblings() {
		if !slices.Contains(own, other) {
			others = append(others, other)
		}
	}
	return slices.Concat(own, others[max(0, len(others)-maxSiblings):])
}

// sameButStatements says whether two documents tell the same but for the statements.
func sameButStatements(a, b roomDoc) bool {
	return reflect.DeepEqual(a.Session, b.Session) && reflect.DeepEqual(a.Question, b.Question) && reflect.DeepEqual(a.Step, b.Step)
}

func (p RoomPictures) same(other RoomPictures) bool {
	return bytes.Equal(p.Results, other.Results) && bytes.Equal(p.Map, other.Map) && bytes.Equal(p.Tables, other.Tables) && bytes.Equal(p.Answers, other.Answers)
}

// urgency grows whenever pages should be told at once, not with the next counts.
func (h *Hub) urgency() uint64 {
	h.document()
	h.room.mu.Lock()
	defer h.room.mu.Unlock()
	return h.room.urgent
}

func (h *Hub) pictures() RoomPictures {
	if h.options.Pictures == nil {
		return RoomPictures{}
	}
	return h.options.Pictures.Room()
}

func (h *Hub) counts(view *moot.View) countsDoc {
	waiting, holding := h.devices.waiting(h.options.Now())
	return countsDoc{Participants: view.Here(), Imported: view.Imported(), Votes: view.Votes, Waiting: waiting, WaitingDevices: holding}
}

func sessionOf(view *moot.View) sessionDoc {
	s := view.Session
	return sessionDoc{
		ID: s.ID.String(), Title: s.Get(moot.Title), About: s.Get(moot.About), Languages: s.Languages(), Language: s.Language(),
		Notice: s.Get(moot.Notice), Contact: s.Get(moot.Contact), Licence: s.Get(moot.Licence), Sample: s.On(moot.Sample), Rehearsal: s.On(moot.Rehearsal),
		Practice: s.Get(moot.Practice), StatementLimit: s.StatementLimit(), Moderated: s.On(moot.Moderated), Emblem: Emblem(s), Badges: s.BadgesOnly(),
		In: inLanguages(s, map[string]moot.Field{"title": moot.Title, "about": moot.About, "notice": moot.Notice, "contact": moot.Contact, "practice": moot.Practice}),
	}
}

// Emblem gives the short sign by which people tell two sessions apart: an animal
// in the room's language and two hexadecimal digits.
func Emblem(s moot.Session) string {
	animals := words.Animals()
	word := animals[(int(s.ID[0])<<8|int(s.ID[1]))%len(animals)]
	return words.Animal(s.Language(), word) + "-" + hex.EncodeToString(s.ID[2:3])
}

func questionOf(view *moot.View) *questionDoc {
	s := view.Session
	if s.Get(moot.Question) == "" {
		return nil
	}
	return &questionDoc{ID: string(moot.FirstQuestion), Text: s.Get(moot.Question), Low: s.Get(moot.QuestionLo), High: s.Get(moot.QuestionHi),
		In: inLanguages(s, map[string]moot.Field{"text": moot.Question, "low": moot.QuestionLo, "high": moot.QuestionHi})}
}

// inLanguages gives the texts that stand beside fields, by language and name.
func inLanguages(s moot.Session, fields map[string]moot.Field) map[string]map[string]string {
	out := map[string]map[string]string{}
	for _, lang := range s.Languages() {
		texts := map[string]string{}
		for name, field := range fields {
			if text := s.Get(field.In(lang)); text != "" {
				texts[name] = text
			}
		}
		if len(texts) > 0 {
			out[lang] = texts
		}
	}
	return out
}

func stepOf(s *moot.Step) *stepDoc {
	if s == nil {
		return nil
	}
	return &stepDoc{ID: string(s.ID), Kind: string(s.Kind), Title: s.Title, Open: s.Open, Started: s.Started, Ends: s.Ends}
}

func statementsOf(view *moot.View) []statementDoc {
	out := []statementDoc{}
	for _, s := range view.Statements {
		if s.Votable() {
			out = append(out, statementDoc{ID: s.ID.String(), Text: s.Text, Lang: s.Lang, Seed: s.Seed, Texts: s.Texts})
		}
	}
	return out
}

type cellDoc struct {
	Value any    `json:"value"`
	Rev   uint64 `json:"rev"`
}

type ownStatement struct {
	ID     string `json:"id"`
	Text   string `json:"text"`
	State  string `json:"state"`
	Reason string `json:"reason"`
}

type meDoc struct {
	personDoc
	Votes      map[string]cellDoc `json:"votes"`
	Answers    map[string]cellDoc `json:"answers"`
	Statements []ownStatement     `json:"statements"`
}

// stateDoc is the room's document with one person's part.
type stateDoc struct {
	roomDoc
	Me    meDoc           `json:"me"`
	Order []string        `json:"order"`
	Map   json.RawMessage `json:"map"`
	Table json.RawMessage `json:"table"`
}

// state gives a device everything that it shows, or says that nothing changed.
func (h *Hub) state(w http.ResponseWriter, r *http.Request) {
	token, person, ok := h.caller(w, r)
	if !ok || !h.mayAsk(w, r, token) {
		return
	}
	land, ok := h.takeOff(w, r, h.limits.flightOf(token))
	if !ok {
		return
	}
	defer land()
	h.devices.heard(token, h.options.Now())
	doc, _ := h.document()
	if since, err := strconv.ParseUint(r.URL.Query().Get("since"), 10, 64); err == nil && since == doc.Version {
		answer(w, http.StatusOK, map[string]any{"version": doc.Version, "unchanged": true, "now": doc.Now, "step": doc.Step, "counts": doc.Counts, "hubs": doc.Hubs})
		return
	}
	out := stateDoc{roomDoc: doc, Me: h.me(h.record.View(), person), Order: h.order(person, math.MaxInt)}
	if h.options.Pictures != nil {
		own := h.options.Pictures.Person(person)
		out.Map, out.Table = own.Map, own.Table
	}
	answer(w, http.StatusOK, out)
}

func (h *Hub) me(view *moot.View, id moot.ParticipantID) meDoc {
	me := meDoc{personDoc: h.personDoc(id), Votes: map[string]cellDoc{}, Answers: map[string]cellDoc{}, Statements: []ownStatement{}}
	p := view.Person(id)
	if p == nil {
		return me
	}
	for sid, cell := range p.Votes() {
		me.Votes[sid.String()] = cellDoc{cell.Value.String(), cell.Stamp.Rev}
	}
	if a, ok := p.Answer(moot.FirstQuestion); ok {
		me.Answers[string(moot.FirstQuestion)] = cellDoc{a.Value, a.Stamp.Rev}
	}
	for _, s := range view.Statements {
		if s.Author == id {
			me.Statements = append(me.Statements, ownStatement{s.ID.String(), s.Text, s.Standing.String(), s.Reason})
		}
	}
	return me
}

// order gives the statements that a person should see next, so many at most.
func (h *Hub) order(id moot.ParticipantID, most int) []string {
	out := []string{}
	if h.options.Router == nil {
		return out
	}
	order := h.options.Router.Order(id)
	for _, sid := range order[:min(len(order), most)] {
		out = append(out, sid.String())
	}
	return out
}

// alive says which session answers here; pages use it to tell a hub from a portal.
func (h *Hub) alive(w http.ResponseWriter, _ *http.Request) {
	s := h.record.View().Session
	answer(w, http.StatusOK, map[string]any{"session": s.ID.String(), "emblem": Emblem(s), "now": h.options.Now().UnixMilli(), "title": s.Get(moot.Title),
		"badges": s.BadgesOnly()})
}
