package hub

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"sync"

	qr "github.com/piglig/go-qr"

	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
)

type wallJoin struct {
	Addresses []string `json:"addresses"`
	Code      string   `json:"code"`
	Wifi      string   `json:"wifi"`
	QR        qrDoc    `json:"qr"`
}

type qrDoc struct {
	Size int    `json:"size"`
	Path string `json:"path"`
}

// wallDoc is what a projector may show: no own names, nobody's opinion.
type wallDoc struct {
	Version    uint64          `json:"version"`
	Now        int64           `json:"now"`
	Title      string          `json:"title"`
	About      string          `json:"about"`
	Language   string          `json:"language"`
	Languages  []string        `json:"languages"`
	Mode       string          `json:"mode"`
	Sample     bool            `json:"sample"`
	Rehearsal  bool            `json:"rehearsal"`
	Step       *stepDoc        `json:"step"`
	Join       wallJoin        `json:"join"`
	Counts     countsDoc       `json:"counts"`
	Question   *questionDoc    `json:"question"`
	Answers    json.RawMessage `json:"answers"`
	Prompt     string          `json:"prompt"`
	Statements []statementDoc  `json:"statements"`
	Results    json.RawMessage `json:"results"`
	Map        json.RawMessage `json:"map"`
	Tables     json.RawMessage `json:"tables"`
	Devices    bool            `json:"devices_down"`
	Session    string          `json:"session"`
	Emblem     string          `json:"emblem"`
	// Badges says that joining takes a badge, so that the counts are of people; else they
	// are of devices.
	Badges bool `json:"badges"`
}

func (h *Hub) wallDoc() wallDoc {
	view := h.record.View()
	doc, pictures := h.document()
	mode := view.Session.Get(moot.WallMode)
	if mode == "" {
		mode = "join"
	}
	return wallDoc{
		Version: doc.Version, Now: doc.Now, Title: doc.Session.Title, About: doc.Session.About, Language: doc.Session.Language, Languages: doc.Session.Languages,
		Mode: mode, Sample: doc.Session.Sample, Rehearsal: doc.Session.Rehearsal, Step: doc.Step, Join: h.joinDoc(view), Counts: doc.Counts,
		Question: doc.Question, Answers: pictures.Answers, Prompt: view.Session.Get(moot.Prompt), Statements: doc.Statements, Results: doc.Results, Map: pictures.Map,
		Tables: pictures.Tables, Devices: view.Session.On(moot.DevicesOff), Session: doc.Session.ID, Emblem: doc.Session.Emblem, Badges: doc.Session.Badges,
	}
}

func (h *Hub) joinDoc(view *moot.View) wallJoin {
	code := view.Session.Get(moot.JoinCode)
	join := wallJoin{Addresses: h.shownAddresses(), Code: code, Wifi: view.Session.Get(moot.Wifi)}
	if len(join.Addresses) > 0 {
		join.QR = h.qr.of(JoinLink(join.Addresses[0], code))
	}
	return join
}

// JoinAt has walls tell people to join at these addresses, the first one in the QR code, as
// the facilitator's desk does; none is all of the hub's.
func (h *Hub) JoinAt(addresses []string) {
	if slices.Equal(h.joinAddresses(), addresses) {
		return
	}
	addresses = slices.Clone(addresses)
	h.joinAt.Store(&addresses)
	h.feed.tell()
}

func (h *Hub) joinAddresses() []string {
	if at := h.joinAt.Load(); at != nil {
		return *at
	}
	return nil
}

// shownAddresses gives the addresses that walls show.
func (h *Hub) shownAddresses() []string {
	if at := h.joinAddresses(); len(at) > 0 {
		return at
	}
	return h.options.Addresses()
}

// WallLink gives the address of a wall that shows how to join: the digits stand where
// no server and no log sees them.
func WallLink(base, code string) string { return base + "/wall#" + code }

// JoinLink gives the address that a QR code carries.
func JoinLink(base, code string) string { return base + "/j/" + code }

// qrCache keeps the last code drawn, since every wall asks for the same.
type qrCache struct {
	mu   sync.Mutex
	link string
	doc  qrDoc
}

func (c *qrCache) of(link string) qrDoc {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.link != link {
		c.link, c.doc = link, qrPath(link)
	}
	return c.doc
}

// qrPath draws the dark modules as an SVG path of unit squares, row by row.
func qrPath(link string) qrDoc {
	code, err := qr.EncodeText(link, qr.Medium)
	if err != nil {
		return qrDoc{} // only a link of more than two thousand characters does not fit
	}
	var path strings.Builder
	size := code.Size()
	for y := range size {
		for x := 0; x < size; x++ {
			run := 0
			for x+run < size && code.Module(x+run, y) {
				run++
			}
			if run > 0 {
				path.WriteString("M" + itoa(x) + " " + itoa(y) + "h" + itoa(run) + "v1h-" + itoa(run) + "z")
				x += run
			}
		}
	}
	return qrDoc{Size: size, Path: path.String()}
}

// wall gives the wall to anybody on the LAN, and how to join only to those who have
// the digits: else whoever is on the Wi-Fi could read them here.
func (h *Hub) wall(w http.ResponseWriter, r *http.Request) {
	invites := h.mayInvite(r)
	if !invites && !h.mayAsk(w, r, oplog.Hash{}) {
		return
	}
	land, ok := h.takeOff(w, r, h.limits.wallFlights(invites)...)
	if !ok {
		return
	}
	defer land()
	answerReady(w, h.wallText(invites))
}

func (h *Hub) wallLive(w http.ResponseWriter, r *http.Request) {
	invites := h.mayInvite(r)
	if !invites && !h.mayAsk(w, r, oplog.Hash{}) {
		return
	}
	if h.limits.openWall(invites) {
		defer h.limits.closeWall(invites)
	} else if h.on(guardStreams) {
		tooManyStreams(w)
		return
	}
	h.pour(w, r, nil, func() any { return h.wallText(invites) })
}

// hostWall and hostWallLive are the same on the host's own computer, where nobody
// can be kept out and no number of streams is too many.
func (h *Hub) hostWall(w http.ResponseWriter, _ *http.Request) {
	answer(w, http.StatusOK, h.wallDoc())
}

func (h *Hub) hostWallLive(w http.ResponseWriter, r *http.Request) {
	h.pour(w, r, nil, func() any { return h.wallDoc() })
}

func (h *Hub) wallFor(invites bool) wallDoc {
	doc := h.wallDoc()
	if !invites && !doc.Sample && !doc.Rehearsal {
		doc.Join.Code, doc.Join.QR = "", qrDoc{}
	}
	return doc
}

// mayInvite says whether a wall that asks knows the session's digits. Wrong ones
// count as guesses.
func (h *Hub) mayInvite(r *http.Request) bool {
	given := digits(strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "))
	if given == "" {
		return false
	}
	address, code := guesser(r.RemoteAddr), h.record.View().Session.Get(moot.JoinCode)
	if _, ok := h.limits.mayGuess(address, code); !ok && h.on(guardCodes) {
		return false
	}
	if given == code {
		h.limits.guessedRight(address, code)
		return true
	}
	h.guessedWrong(address)
	return false
}
