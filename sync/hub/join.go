package hub

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"

	"folkmoot/sync/badge"
	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
)

type joinCall struct {
	Code  string `json:"code"`
	Token string `json:"token"`
	Lang  string `json:"lang"`
	Name  string `json:"name"`
	// Badge is the ten characters as they were typed. Number is that of a badge that was
	// scanned; the call is then signed. Move retires the device that has the badge now.
	Badge  string `json:"badge"`
	Number int    `json:"number"`
	Move   bool   `json:"move"`
	// Was is what another hub of the session, out of reach now, called the person: kept
	// where nobody here has the number.
	Was struct {
		Number int    `json:"number"`
		Word   string `json:"word"`
	} `json:"was"`
}

type label struct {
	Number int    `json:"number"`
	Word   string `json:"word"`
	Name   string `json:"name"`
}

type personDoc struct {
	ID string `json:"id"`
	label
}

// join lets a device in: the right code, a token of its own making, and it is a
// person with a random number and a word. The same token again gives the same
// person, so that a lost answer does no harm.
func (h *Hub) join(w http.ResponseWriter, r *http.Request) {
	body, ok := wholeBody(w, r)
	var call joinCall
	if !ok || !read(w, r, &call) {
		return
	}
	address := guesser(r.RemoteAddr)
	token, ok := tokenHash(call.Token)
	if !ok {
		fail(w, http.StatusBadRequest, "bad_token", "the token is not 64 hexadecimal digits")
		return
	}
	if call.Badge != "" || call.Number != 0 {
		r.Body = io.NopCloser(bytes.NewReader(body)) // a signature is about the whole of it
		h.joinWithBadge(w, r, token, address, call)
		return
	}
	// An answer that was lost; or the person came with what another hub of the session sent.
	if id, known := h.personOf(token); known && h.record.Device(token) == (badge.Device{}) {
		answer(w, http.StatusCreated, map[string]any{"session": h.session(), "person": h.personDoc(id)})
		return
	}
	if h.record.View().Session.BadgesOnly() || h.record.Device(token) != (badge.Device{}) {
		fail(w, http.StatusForbidden, "badge_needed", "this session is joined with a badge: scan it, or type its ten characters")
		return
	}
	code := h.record.View().Session.Get(moot.JoinCode)
	if left, ok := h.limits.mayGuess(address, code); !ok && h.on(guardCodes) {
		wait(w, http.StatusTooManyRequests, "too_many_codes", "too many wrong codes: wait a little", left)
		return
	}
	if code == "" || digits(call.Code) != code {
		h.guessedWrong(address)
		fail(w, http.StatusForbidden, "wrong_code", "this is not the session's code: look at the wall")
		return
	}
	h.limits.guessedRight(address, code)
	if left, ok := h.limits.takeJoin(address); !ok && h.on(guardJoins) {
		wait(w, http.StatusTooManyRequests, "busy", "many are joining: wait a second", left)
		return
	}
	person, err := h.admit(r.Context(), token, call)
	var refusal *moot.Refusal
	switch {
	case errors.As(err, &refusal):
		refuse(w, http.StatusUnprocessableEntity, refusal)
	case err != nil:
		h.unsaved(w, err)
	default:
		answer(w, http.StatusCreated, map[string]any{"session": h.session(), "person": person})
	}
}

func (h *Hub) session() string { return h.record.View().Session.ID.String() }

func digits(code string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '0' && r <= '9':
			return r
		case r >= '０' && r <= '９': // as a Chinese keyboard may write them
			return r - '０' + '0'
		}
		return -1
	}, code)
}

// tokenHash gives what the hub keeps of a token.
func tokenHash(token string) (oplog.Hash, bool) {
	raw, err := hex.DecodeString(token)
	if err != nil || len(raw) != 32 {
		return oplog.Hash{}, false
	}
	return sha256.Sum256(append([]byte("folkmoot token 1\x00"), raw...)), true
}

// admit finds or makes the person of a token. Person and items follow from the
// token alone, so that whatever is repeated, at the same moment too, is one person.
// Joins share commits: nothing is locked while one is under way.
func (h *Hub) admit(ctx context.Context, token oplog.Hash, call joinCall) (personDoc, error) {
	if id, ok := h.personOf(token); ok {
		return h.personDoc(id), nil
	}
	id := ownPerson(token)
	number, word, err := h.draw(call.Was.Number, call.Was.Word)
	if err != nil {
		return personDoc{}, err
	}
	items, err := h.newPerson(id, token, number, word, call)
	if err != nil {
		return personDoc{}, err
	}
	// A phone that goes away does not stop its commit half known.
	outcomes, err := h.record.Admit(context.WithoutCancel(ctx), token, id, items...)
	if err != nil {
		return personDoc{}, err
	}
	for _, o := range outcomes {
		if o.Refusal != nil {
			return personDoc{}, o.Refusal
		}
	}
	return h.personDoc(id), nil
}

// personOf gives whose token it is: of a device that joined here, or of one that joined
// at another hub of the session without a badge. Who such a person is follows from the
// token alone, so that they need not join again: they are in the record already, with
// their number and word.
func (h *Hub) personOf(token oplog.Hash) (moot.ParticipantID, bool) {
	if id, ok := h.record.Person(token); ok {
		return id, true
	}
	id := ownPerson(token)
	return id, h.on(guardJoined) && h.record.View().Person(id) != nil
}

// ownPerson gives the person that a token makes where no badge says who it is.
func ownPerson(token oplog.Hash) moot.ParticipantID {
	return moot.ParticipantID(derived(token, "person"))
}

// derived gives the id that follows from a token for one purpose.
func derived(token oplog.Hash, purpose string) [16]byte {
	sum := sha256.Sum256(append([]byte("folkmoot "+purpose+"\x00"), token[:]...))
	return [16]byte(sum[:16])
}

// newPerson gives the items that make a person.
func (h *Hub) newPerson(id moot.ParticipantID, token oplog.Hash, number int, word string, call joinCall) ([]moot.Item, error) {
	now := uint64(h.options.Now().UnixMilli())
	payloads := []moot.Payload{
		&moot.SetPerson{Person: id, Field: moot.PersonNumber, Value: strconv.Itoa(number), Rev: 1},
		&moot.SetPerson{Person: id, Field: moot.PersonWord, Value: word, Rev: 1},
	}
	if call.Lang == "zh-Hant" || call.Lang == "en" {
		payloads = append(payloads, &moot.SetPerson{Person: id, Field: moot.PersonLang, Value: call.Lang, Rev: now})
	}
	if name := h.clean(call.Name); name != "" {
		if n := len([]rune(name)); n > moot.MaxName {
			return nil, &moot.Refusal{Code: moot.TooLong, Limit: moot.MaxName}
		}
		payloads = append(payloads, &moot.SetPerson{Person: id, Field: moot.PersonName, Value: name, Rev: now})
	}
	items := make([]moot.Item, len(payloads))
	for i, p := range payloads {
		items[i] = moot.Item{CID: derived(token, "join "+strconv.Itoa(i)), Payload: p}
	}
	return items, nil
}

// random gives a number from 0 to n−1.
func (h *Hub) random(n int) (int, error) {
	var raw [8]byte
	if _, err := io.ReadFull(h.options.Random, raw[:]); err != nil {
		return 0, err
	}
	return int(binary.BigEndian.Uint64(raw[:]) % uint64(n)), nil // n is small: the bias is below 2⁻⁴⁰
}

func (h *Hub) personDoc(id moot.ParticipantID) personDoc {
	p := h.record.View().Person(id)
	if p == nil {
		return personDoc{ID: id.String()}
	}
	return personDoc{ID: id.String(), label: labelOf(p)}
}

func labelOf(p *moot.Person) label {
	return label{Number: p.Number(), Word: p.Get(moot.PersonWord), Name: p.Get(moot.PersonName)}
}

// caller finds whose token a call carries, or answers 401.
func (h *Hub) caller(w http.ResponseWriter, r *http.Request) (oplog.Hash, moot.ParticipantID, bool) {
	if s, signed := signatureOf(r); signed {
		return h.signedCaller(w, r, s)
	}
	given, bearer := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	token, ok := tokenHash(given)
	if ok && bearer {
		if id, known := h.personOf(token); known {
			keepOpen(r)
			return token, id, h.mayCallUnsigned(w, h.record.Device(token))
		}
	}
	unknownToken(w, false)
	return oplog.Hash{}, moot.ParticipantID{}, false
}
