package hub

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"folkmoot/assets/words"
	"folkmoot/sync/badge"
	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
)

// badges is what a hub knows of badges while it runs.
type badges struct {
	epoch   func() (string, error) // this run's: calls that were recorded in another are worth nothing
	checks  badgeChecks
	mu      sync.Mutex
	windows map[oplog.Hash]*badge.Window // of tokens in the record
	coming  map[int][]newcomer           // by badge, the newest last
	joining map[moot.ParticipantID]bool  // on their way into the record
}

// badgeChecks are what stands between a call and the record, one by one.
type badgeChecks struct {
	genuine func(badge.Key, badge.Code) bool
	holds   func(badge.Call, badge.CallKey, string) bool
	live    func(badge.Device) bool
	// unsigned says whether a device's calls are taken without a signature.
	unsigned func(badge.Device) bool
	current  func(given, epoch string) bool
	fresh    func(*badge.Window, uint64) bool
	voided   func(*moot.View, int) bool
	alone    func(others int, move bool) bool
}

func newBadges(random io.Reader) *badges {
	epoch := sync.OnceValues(func() (string, error) {
		var raw [16]byte
		_, err := io.ReadFull(random, raw[:])
		return hex.EncodeToString(raw[:]), err
	})
	return &badges{epoch: epoch, windows: map[oplog.Hash]*badge.Window{}, coming: map[int][]newcomer{}, joining: map[moot.ParticipantID]bool{}, checks: badgeChecks{
		genuine:  badge.Key.Check,
		holds:    badge.Call.Check,
		unsigned: func(d badge.Device) bool { return !d.Signed },
		live:     func(d badge.Device) bool { return !d.Retired },
		current:  func(given, epoch string) bool { return given == epoch },
		fresh:    (*badge.Window).Take,
		voided:   (*moot.View).BadgeVoided,
		alone:    func(others int, move bool) bool { return others == 0 || move },
	}}
}

// signature is what the page puts into the header of a call that it signs:
// "Badge", the token, the epoch, the counter and the sum.
type signature struct {
	token, epoch, mac string
	counter           uint64
}

func signatureOf(r *http.Request) (signature, bool) {
	parts := strings.Split(r.Header.Get("Authorization"), " ")
	if len(parts) != 5 || parts[0] != "Badge" {
		return signature{}, false
	}
	counter, err := strconv.ParseUint(parts[3], 10, 64)
	return signature{token: parts[1], epoch: parts[2], counter: counter, mac: parts[4]}, err == nil
}

// signProblem is a problem with what the page needs to sign again.
type signProblem struct {
	problem
	Session string `json:"session,omitempty"`
	Epoch   string `json:"epoch,omitempty"`
	Counter uint64 `json:"counter,omitempty"` // the largest that was used
}

func signAgain(w http.ResponseWriter, p signProblem) {
	answer(w, http.StatusUnauthorized, map[string]signProblem{"error": p})
}

// signedCaller is caller for a call with a signature.
func (h *Hub) signedCaller(w http.ResponseWriter, r *http.Request, s signature) (oplog.Hash, moot.ParticipantID, bool) {
	token, ok := tokenHash(s.token)
	id, known := h.record.Person(token)
	device := h.record.Device(token)
	if !ok || !known || device.Number == 0 {
		unknownToken(w, true)
		return oplog.Hash{}, moot.ParticipantID{}, false
	}
	ok = h.mayStay(w, device) && h.signed(w, r, s, token, device.Number, http.StatusUnauthorized, "bad_mac")
	if ok {
		keepOpen(r)
	}
	return token, id, ok
}

// mayCallUnsigned says whether a device is one that need not sign, or answers 401.
func (h *Hub) mayCallUnsigned(w http.ResponseWriter, device badge.Device) bool {
	if !h.mayStay(w, device) {
		return false
	}
	if h.badges.checks.unsigned(device) {
		return true
	}
	fail(w, http.StatusUnauthorized, "bad_mac", "this device scanned a badge: its calls have to be signed")
	return false
}

// mayStay says whether a device's badge still holds, or answers 401.
func (h *Hub) mayStay(w http.ResponseWriter, device badge.Device) bool {
	switch {
	case !h.badges.checks.live(device):
		fail(w, http.StatusUnauthorized, "badge_moved", "this badge has moved to another device: scan it again to move back")
	case device.Number > 0 && h.badges.checks.voided(h.record.View(), device.Number):
		fail(w, http.StatusUnauthorized, "badge_void", "this badge is no longer good: ask the facilitator for a new one")
	default:
		return true
	}
	return false
}

// signed says whether a call is signed with the call key of badge n and is none that
// was heard before; else it answers, with status and code where the sum does not hold.
func (h *Hub) signed(w http.ResponseWriter, r *http.Request, s signature, token oplog.Hash, n, status int, code string) bool {
	key, epoch, err := h.badgeSecrets()
	if err != nil {
		h.unsaved(w, err)
		return false
	}
	if !h.badges.checks.current(s.epoch, epoch) {
		signAgain(w, signProblem{problem: problem{Code: "stale_epoch", Text: "the hub was started anew: sign the call again"}, Session: h.session(), Epoch: epoch})
		return false
	}
	body, ok := wholeBody(w, r)
	if !ok {
		return false
	}
	call := badge.Call{Method: r.Method, Path: r.URL.RequestURI(), Session: h.session(), Epoch: s.epoch, Token: s.token, Counter: s.counter, Body: body}
	if !h.badges.checks.holds(call, key.CallKey(n), s.mac) {
		fail(w, status, code, "this call was not signed with the badge that it names")
		return false
	}
	_, recorded := h.record.Person(token)
	if top, ok := h.badges.take(token, n, recorded, s.counter); !ok {
		signAgain(w, signProblem{problem: problem{Code: "replayed", Text: "this call was made before: sign it again"}, Counter: top})
		return false
	}
	return true
}

// badgeSecrets gives the session's badge key and this run's epoch.
func (h *Hub) badgeSecrets() (key badge.Key, epoch string, err error) {
	if h.options.BadgeKey == nil {
		return key, "", errors.New("this hub has no badge key")
	}
	if key, err = h.options.BadgeKey(); err != nil {
		return key, "", err
	}
	epoch, err = h.badges.epoch()
	return key, epoch, err
}

// wholeBody gives the call's body, which can be read once more afterwards.
func wholeBody(w http.ResponseWriter, r *http.Request) ([]byte, bool) {
	body, err := io.ReadAll(r.Body) // which guardSize holds within bounds
	var big *http.MaxBytesError
	switch {
	case errors.As(err, &big):
		fail(w, http.StatusRequestEntityTooLarge, "too_big", "a call may have 64 KiB at most: send less at a time")
	case err != nil:
		fail(w, http.StatusBadRequest, "bad_json", "the call cannot be read: "+err.Error())
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	return body, err == nil
}

// claim keeps a person for one join at a time, so that of two phones with one badge
// the second is asked, too, when both come at once.
func (b *badges) claim(id moot.ParticipantID) (release func(), ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.joining[id] {
		return nil, false
	}
	b.joining[id] = true
	return func() { b.mu.Lock(); defer b.mu.Unlock(); delete(b.joining, id) }, true
}

// joinWithBadge lets a device in that proves a badge: by its ten characters, or signed
// with the key of its QR code. The session's digits are not asked for: a badge is of
// one session only.
func (h *Hub) joinWithBadge(w http.ResponseWriter, r *http.Request, token oplog.Hash, address string, call joinCall) {
	if !h.record.View().Session.On(moot.Badges) {
		fail(w, http.StatusForbidden, "no_badges", "this session takes the six digits, no badges")
		return
	}
	device, ok := h.proven(w, r, token, address, call)
	if !ok {
		return
	}
	if h.isVoid(w, device.Number) {
		return
	}
	key, epoch, err := h.badgeSecrets()
	if err != nil {
		h.unsaved(w, err)
		return
	}
	id := moot.ParticipantID(key.PID(device.Number))
	if other, known := h.record.Person(token); known && other != id {
		fail(w, http.StatusConflict, "bad_token", "this token belongs to somebody else: make a new one")
		return
	}
	if !h.moveIn(w, r, id, token, device, call) {
		return
	}
	answer(w, http.StatusCreated, map[string]any{"session": h.session(), "person": h.personDoc(id), "epoch": epoch, "code": h.record.View().Session.Get(moot.JoinCode)})
}

// isVoid says whether a badge was voided, and answers so.
func (h *Hub) isVoid(w http.ResponseWriter, n int) bool {
	void := h.badges.checks.voided(h.record.View(), n)
	if void {
		fail(w, http.StatusForbidden, "badge_void", "this badge is no longer good: ask the facilitator for a new one")
	}
	return void
}

// proven says of which badge a join is, or answers. Wrong characters count as guesses.
// A signature has 128 bits and cannot be guessed: who has one is not kept out by those
// who guess.
func (h *Hub) proven(w http.ResponseWriter, r *http.Request, token oplog.Hash, address string, call joinCall) (device badge.Device, ok bool) {
	key, _, err := h.badgeSecrets()
	if err != nil {
		h.unsaved(w, err)
		return device, false
	}
	if call.Number != 0 {
		device = badge.Device{Number: call.Number, Signed: true}
		s, signed := signatureOf(r)
		if !signed || s.token != call.Token || call.Number < 1 || call.Number > badge.MaxNumber {
			fail(w, http.StatusForbidden, "wrong_badge", "this badge is not of this session")
			return device, false
		}
		return device, !h.isVoid(w, device.Number) && h.signed(w, r, s, token, call.Number, http.StatusForbidden, "wrong_badge")
	}
	if left, ok := h.limits.mayGuess(address, oneBadge); !ok {
		wait(w, http.StatusTooManyRequests, "too_many_codes", "too many wrong codes: wait a little", left)
		return device, false
	}
	code, err := badge.Parse(call.Badge)
	if err != nil || !h.badges.checks.genuine(key, code) {
		h.guessedWrong(address)
		fail(w, http.StatusForbidden, "wrong_badge", "this badge is not of this session: look at its ten characters again")
		return device, false
	}
	h.limits.guessedRight(address, oneBadge)
	return badge.Device{Number: code.Number}, true
}

// moveIn makes a device the one of its badge, or answers why not.
func (h *Hub) moveIn(w http.ResponseWriter, r *http.Request, id moot.ParticipantID, token oplog.Hash, device badge.Device, call joinCall) bool {
	release, ok := h.badges.claim(id)
	if !ok {
		wait(w, http.StatusTooManyRequests, "busy", "this badge is joining on another device: wait a second", 0)
		return false
	}
	defer release()
	if known, ok := h.record.Person(token); ok && known == id && h.record.Device(token) == device { // an answer that was lost
		return true
	}
	// A question is as dear as a join: who has one badge can ask with any number of tokens.
	if left, ok := h.limits.takeJoin(guesser(r.RemoteAddr)); !ok && h.on(guardJoins) {
		wait(w, http.StatusTooManyRequests, "busy", "many are joining: wait a second", left)
		return false
	}
	others := h.record.Others(id, token)
	if !h.badges.checks.alone(len(others), call.Move) {
		fail(w, http.StatusConflict, "badge_in_use", "this badge is in use on another device: say whether to move here")
		return false
	}
	if err := h.admitBadge(r.Context(), id, token, device, call); err != nil {
		var refusal *moot.Refusal
		if errors.As(err, &refusal) {
			refuse(w, http.StatusUnprocessableEntity, refusal)
		} else {
			h.unsaved(w, err)
		}
		return false
	}
	if device.Signed {
		h.badges.settle(token, device.Number)
	}
	for _, other := range others {
		h.limits.endStreams(other) // so that it asks, and hears where its badge went
	}
	return true
}

// admitBadge brings a badge's person and device into the record. Number, word and
// items follow from the person: every hub makes the same.
func (h *Hub) admitBadge(ctx context.Context, id moot.ParticipantID, token oplog.Hash, device badge.Device, call joinCall) error {
	person := oplog.Hash(sha256.Sum256(append([]byte("folkmoot badge person\x00"), id[:]...)))
	animals := words.Animals()
	items, err := h.newPerson(id, person, device.Number, animals[(int(person[0])<<8|int(person[1]))%len(animals)], call)
	if err != nil {
		return err
	}
	h.numbers.take(device.Number)
	outcomes, err := h.record.AdmitBadge(context.WithoutCancel(ctx), token, id, device, items...)
	for _, o := range outcomes {
		if err == nil && o.Refusal != nil {
			err = o.Refusal
		}
	}
	return err
}

// endStreams ends a device's streams: it may come again.
func (l *limits) endStreams(token oplog.Hash) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if d := l.devices[token]; d != nil {
		for _, stream := range d.streams {
			close(stream)
		}
		l.streams -= len(d.streams)
		d.streams = nil
	}
}
