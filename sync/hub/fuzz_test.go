package hub_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"folkmoot/sync/badge"
	"folkmoot/sync/costtest"
	"folkmoot/sync/hub"
	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
)

// unwritten is a record in memory only.
type unwritten struct {
	mu      sync.Mutex // the hub's goroutine looks at the state too
	state   *moot.State
	seq     uint64
	people  map[oplog.Hash]moot.ParticipantID
	changed chan struct{}
}

func newUnwritten() *unwritten {
	u := &unwritten{state: moot.NewState(oplog.SessionID{4}), people: map[oplog.Hash]moot.ParticipantID{}, changed: make(chan struct{})}
	u.apply(&moot.SetField{Field: moot.Title, Value: "A square for the market", Rev: 1})
	u.apply(&moot.SetField{Field: moot.JoinCode, Value: code, Rev: 1})
	u.apply(&moot.SetField{Field: moot.Question, Value: "How safe is it now?", Rev: 1})
	u.apply(&moot.StepAct{Step: "opinion", Do: "start", Open: true, Started: 1, StepKind: moot.StepOpinion, At: 1})
	for i := range 3 {
		u.apply(&moot.NewStatement{Text: fmt.Sprintf("Statement %d", i), Lang: "en", Standing: moot.Approved, Seed: true})
	}
	return u
}

func (u *unwritten) apply(p moot.Payload) {
	u.seq++
	u.write(moot.Item{CID: oplog.ItemID{0xee, byte(u.seq)}, Payload: p})
}

func (u *unwritten) write(item moot.Item) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.seq++
	u.state.ApplyPayload(oplog.Entry{Header: oplog.Header{Seq: u.seq, Time: oplog.Time{MS: u.seq}, CID: item.CID}}, item.Payload)
}

func (u *unwritten) View() *moot.View {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.state.View()
}

func (u *unwritten) Changed() <-chan struct{} { return u.changed }

func (u *unwritten) Person(token oplog.Hash) (moot.ParticipantID, bool) {
	id, ok := u.people[token]
	return id, ok
}

func (u *unwritten) Do(_ context.Context, items ...moot.Item) ([]moot.Outcome, error) {
	out := make([]moot.Outcome, len(items))
	for i, item := range items {
		err := u.state.Check(item.Payload)
		var old *moot.Old
		switch {
		case errors.As(err, &old):
			out[i].Stale = &old.Stale
		case errors.As(err, &out[i].Refusal):
		case err != nil:
			return nil, err
		default:
			u.write(item)
			out[i].Receipt = "receipt"
		}
	}
	return out, nil
}

func (u *unwritten) Admit(ctx context.Context, token oplog.Hash, person moot.ParticipantID, items ...moot.Item) ([]moot.Outcome, error) {
	u.people[token] = person
	return u.Do(ctx, items...)
}

func (u *unwritten) AdmitBadge(ctx context.Context, token oplog.Hash, person moot.ParticipantID, _ badge.Device, items ...moot.Item) ([]moot.Outcome, error) {
	return u.Admit(ctx, token, person, items...)
}

func (u *unwritten) Device(oplog.Hash) badge.Device { return badge.Device{} }

func (u *unwritten) Others(moot.ParticipantID, oplog.Hash) []oplog.Hash { return nil }

// fuzzToken is the token of the one device that is known.
var fuzzToken = strings.Repeat("ab", 32)

// post has any bytes taken as a call by a hub of its own.
func post(t testing.TB, path string, body []byte) (status int, answer []byte) {
	record := newUnwritten()
	h := hub.New(record, hub.Options{Router: &route{}, Random: rand.NewChaCha8([32]byte{1}),
		Now: func() time.Time { return time.Unix(1_800_000_000, 0) }, Host: noHost{},
		Addresses: func() []string { return []string{"http://192.168.7.7:8080"} }})
	defer h.Close()
	send := func(path string, body []byte) *httptest.ResponseRecorder {
		w, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodPost, "http://127.0.0.1"+path, bytes.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Authorization", "Bearer "+fuzzToken)
		r.ContentLength = -1 // as one that does not say how long it is
		h.Handler().ServeHTTP(w, r)
		return w
	}
	if w := send("/api/v1/join", fmt.Appendf(nil, `{"code":%q,"token":%q,"lang":"en","name":""}`, code, fuzzToken)); w.Code != http.StatusCreated {
		t.Fatalf("join: %d %s", w.Code, w.Body)
	}
	w := send(path, body)
	return w.Code, w.Body.Bytes()
}

// mustAnswer says whether an answer is one that a page can read, and no fault of ours.
func mustAnswer(t *testing.T, status int, answer []byte) {
	t.Helper()
	if status >= 500 || !json.Valid(answer) {
		t.Fatalf("%d %s", status, answer)
	}
}

// FuzzItems reads any bytes as what a phone sends.
func FuzzItems(f *testing.F) {
	cid := strings.Repeat("0c", 16)
	for _, item := range []string{
		`{"cid":"` + cid + `","kind":"vote","key":"` + strings.Repeat("ee", 16) + `","rev":1,"value":"agree"}`,
		`{"cid":"` + cid + `","kind":"answer","key":"q1","rev":9007199254740993,"value":3}`,
		`{"cid":"` + cid + `","kind":"statement","key":"","rev":1,"value":{"text":"We need lamps","lang":"en"}}`,
		`{"cid":"` + cid + `","kind":"person","key":"name","rev":1,"value":"\u202e\ud800"}`,
		`{"cid":"","kind":"vote","rev":-1,"value":null}`, `{"cid":"` + cid + `","cid":"` + cid + `"}`, `{"rev":1e400}`,
	} {
		f.Add([]byte(`{"items":[` + item + `],"waiting":0}`))
	}
	for _, body := range []string{`{"items":null,"waiting":NaN}`, "\ufeff{}", `{"items":[]}{}`, `[]`, `"`, ``, `{"items":` + strings.Repeat("[", 2000)} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		status, answer := post(t, "/api/v1/items", body)
		mustAnswer(t, status, answer)
		if status != http.StatusCreated {
			return
		}
		var call struct{ Items []any }
		var said struct{ Saved, Stale, Refused []any }
		if json.NewDecoder(bytes.NewReader(body)).Decode(&call) != nil || json.Unmarshal(answer, &said) != nil { // the hub passes over a bracket too many
			t.Fatalf("%q was taken: %s", body, answer)
		}
		if n := len(said.Saved) + len(said.Stale) + len(said.Refused); n != len(call.Items) {
			t.Errorf("of %d items %d were answered: %s", len(call.Items), n, answer)
		}
	})
}

// FuzzJoin reads any bytes as a call of somebody who wants to come in.
func FuzzJoin(f *testing.F) {
	for _, body := range []string{
		`{"code":"` + code + `","token":"` + strings.Repeat("cd", 32) + `","lang":"en","name":"小明"}`, `{"code":"４８２ １６３","token":"` + strings.Repeat("CD", 32) + `","name":"\u0000\u202e"}`,
		`{"code":482163,"token":{}}`, `{"token":"` + strings.Repeat("c", 63) + `"}`, `{"name":"` + strings.Repeat(`\ud83d\ude00`, 90) + `"}`, `null`, `{"code":"","code":""}`,
	} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		status, answer := post(t, "/api/v1/join", body)
		mustAnswer(t, status, answer)
	})
}

func TestCallCost(t *testing.T) {
	inputs := costtest.Hostile()
	inputs["items"] = []byte(`{"items":[` + strings.Repeat(`{},`, 20_000) + `{}],"waiting":0}`)
	for _, path := range []string{"/api/v1/items", "/api/v1/join"} {
		t.Run(path[8:], func(t *testing.T) {
			costtest.Check(t, inputs, func(body []byte) {
				if status, _ := post(t, path, body); status < 400 || status >= 500 {
					t.Errorf("answer %d", status)
				}
			})
		})
	}
}
