package hub

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"folkmoot/sync/badge"
	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
)

// Record is what the hub needs of a replica.
type Record interface {
	View() *moot.View
	Changed() <-chan struct{}
	Person(token oplog.Hash) (moot.ParticipantID, bool)
	Do(ctx context.Context, items ...moot.Item) ([]moot.Outcome, error)
	// Device, Others and AdmitBadge are about devices that joined with a badge.
	Device(token oplog.Hash) badge.Device
	Others(person moot.ParticipantID, token oplog.Hash) []oplog.Hash
	AdmitBadge(ctx context.Context, token oplog.Hash, person moot.ParticipantID, device badge.Device, items ...moot.Item) ([]moot.Outcome, error)
	Admit(ctx context.Context, token oplog.Hash, person moot.ParticipantID, items ...moot.Item) ([]moot.Outcome, error)
}

// Router says in which order a person should see the statements.
type Router interface {
	Order(moot.ParticipantID) []moot.StatementID
}

// Pictures is what is worked out of the record above, as finished JSON.
type Pictures interface {
	// Room gives what the host has shown to everybody.
	Room() RoomPictures
	// Person gives what one person's own device shows.
	Person(moot.ParticipantID) PersonPictures
	// Changed gives a channel that is closed at the next change.
	Changed() <-chan struct{}
}

// RoomPictures are documents for everybody; null or empty where nothing is shown.
type RoomPictures struct {
	// Version changes with the rest.
	Version                       uint64
	Results, Map, Tables, Answers json.RawMessage
}

// PersonPictures are documents for one person: the map with their own place, and
// their table.
type PersonPictures struct {
	Map, Table json.RawMessage
}

// Host is what the host may see and do; it is asked by HostHandler only.
type Host interface {
	// State gives the host's additions to the wall document.
	State() any
	// Do carries out one act. A *moot.Refusal or a BadCall comes back as the host's mistake.
	Do(ctx context.Context, act json.RawMessage) error
}

// BadCall is an act that cannot be carried out.
type BadCall struct {
	// Code is what the host's page finds its own words by; "" for an act that no page sends.
	Code string
	// Text is a sentence for people.
	Text string
}

// Error gives the sentence.
func (b BadCall) Error() string { return b.Text }

// Options for New. Random, Now and Addresses are needed; Router, Pictures and Host
// may be nil, then the hub does without.
type Options struct {
	Router   Router
	Pictures Pictures
	Host     Host
	Random   io.Reader
	Now      func() time.Time
	// Addresses gives the base addresses at which the hub can be reached, the one to print first.
	Addresses func() []string
	// Siblings gives the addresses of this session's hubs that a page may have been
	// opened at, old ones too; nil takes Addresses.
	Siblings func() []string
	// Block is from where new people get their numbers: 0 is from 1 on, n is n·100+1 to
	// n·100+99 while there are free ones, so that two hubs that do not reach each other
	// give different numbers.
	Block int
	// Full says whether an error of the record means that its disk has no room; nil is never.
	Full func(error) bool
	// BadgeKey gives the session's badge key; nil where the hub takes no badges.
	BadgeKey func() (badge.Key, error)
	// HostToken is asked for by HostHandler; "" asks for none (a socket guards itself).
	HostToken string
	// Log takes faults; nil is silent. Names, votes and tokens are never logged.
	Log *slog.Logger
}

// Hub answers phones and browsers. See New.
type Hub struct {
	record  Record
	options Options
	limits  *limits
	feed    *feed
	numbers *numbers
	devices *devices
	badges  *badges
	room    roomCache
	qr      qrCache
	walls   wallTexts
	joinAt  atomic.Pointer[[]string] // see JoinAt
	without guardName                // the guard that is not in force; only tests of guards set it
}

// New makes a hub over a record and starts following it.
func New(record Record, options Options) *Hub {
	if options.Log == nil {
		options.Log = slog.New(slog.DiscardHandler)
	}
	if options.Full == nil {
		options.Full = func(error) bool { return false }
	}
	if options.Siblings == nil {
		options.Siblings = options.Addresses
	}
	h := &Hub{record: record, options: options, limits: newLimits(options.Now), numbers: newNumbers(options.Block), devices: newDevices(), badges: newBadges(options.Random)}
	h.feed = newFeed(h)
	return h
}

// Guessing gives how many wrong codes were tried in the last minute or the wait that
// followed, and until when some or all new devices have to wait for that; the zero time
// where nobody has to.
func (h *Hub) Guessing() (wrong int, until time.Time) { return h.limits.guessing() }

// guessedWrong counts a wrong code; where somebody has to wait from now on, the host's
// page hears of it at once.
func (h *Hub) guessedWrong(address string) {
	if h.limits.guessedWrong(address) {
		h.feed.tell()
	}
}

// Close ends all streams and waits for the hub's goroutine.
func (h *Hub) Close() { h.feed.close() }

// Waiting gives how many answers were last said to wait, in how many devices, and how
// many devices were heard of since the hub started.
func (h *Hub) Waiting() (answers, holding, seen int) {
	answers, holding = h.devices.waiting(h.options.Now())
	return answers, holding, h.devices.seenCount()
}

// Handler gives what the LAN may ask.
func (h *Hub) Handler() http.Handler {
	mux := http.NewServeMux()
	h.pages(mux)
	mux.HandleFunc("POST /api/v1/join", h.join)
	mux.HandleFunc("POST /api/v1/items", h.items)
	mux.HandleFunc("GET /api/v1/state", h.state)
	mux.HandleFunc("GET /api/v1/live", h.live)
	mux.HandleFunc("GET /api/v1/alive", h.alive)
	mux.HandleFunc("GET /api/v1/wall", h.wall)
	mux.HandleFunc("GET /api/v1/wall/live", h.wallLive)
	return squeezed(h.guard(true, mux))
}

// HostHandler gives what the host may ask, the page among it. It is to be called by a
// name or an address of this computer itself.
func (h *Hub) HostHandler() http.Handler {
	mux := http.NewServeMux()
	h.hostPages(mux)
	mux.HandleFunc("GET /host/v1/state", h.hostState)
	mux.HandleFunc("GET /host/v1/live", h.hostLive)
	mux.HandleFunc("POST /host/v1/do", h.hostDo)
	return squeezed(h.guard(false, h.hostGuard(mux)))
}
