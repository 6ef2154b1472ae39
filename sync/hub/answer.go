package hub

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"time"

	"folkmoot/sync/moot"
)

type problem struct {
	Code  string `json:"code"`
	Text  string `json:"text"`
	Limit int    `json:"limit,omitempty"` // the one that was passed
}

// fail answers with a code for programs and a sentence for people.
func fail(w http.ResponseWriter, status int, code, text string) {
	answer(w, status, map[string]problem{"error": {Code: code, Text: text}})
}

// refuse answers with a "no" of the record's rules.
func refuse(w http.ResponseWriter, status int, no *moot.Refusal) {
	answer(w, status, map[string]problem{"error": {string(no.Code), no.Error(), no.Limit}})
}

// wait is fail with the time after which to try again.
func wait(w http.ResponseWriter, status int, code, text string, after time.Duration) {
	seconds := int((after + time.Second - 1) / time.Second)
	w.Header().Set("Retry-After", strconv.Itoa(max(seconds, 1)))
	fail(w, status, code, text)
}

// answerFor is how long an answer may be on its way: who does not read it would keep
// its text in memory.
const answerFor = 15 * time.Second

func answer(w http.ResponseWriter, status int, body any) {
	begin(w, status)
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.Encode(body) // the other side may be gone; it will ask again
}

// answerReady is answer for what is JSON already; who else is told the same shares it.
func answerReady(w http.ResponseWriter, data []byte) {
	begin(w, http.StatusOK)
	w.Write(data) // as above
}

func begin(w http.ResponseWriter, status int) {
	http.NewResponseController(w).SetWriteDeadline(time.Now().Add(answerFor)) // no deadline without a network
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
}

// read takes a call's body: one JSON value without fields that are not known.
func read(w http.ResponseWriter, r *http.Request, into any) bool {
	dec := json.NewDecoder(r.Body)
	dec.DisallowUnknownFields()
	err := dec.Decode(into)
	if err == nil && dec.More() {
		err = errors.New("more than one value")
	}
	var big *http.MaxBytesError
	switch {
	case err == nil:
		return true
	case errors.As(err, &big):
		tooBig(w)
	default:
		fail(w, http.StatusBadRequest, "bad_json", "the call cannot be read: "+err.Error())
	}
	return false
}
