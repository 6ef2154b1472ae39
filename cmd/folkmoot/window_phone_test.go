package main_test

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"testing"
)

// phone is a participant's, which talks to the hub as the page does.
type phone struct {
	t           *testing.T
	base, token string
}

// joinPhone joins with the six digits that stand on the desk.
func joinPhone(t *testing.T, base, code string) *phone {
	t.Helper()
	p := &phone{t: t, base: base}
	token := random(t, 32)
	p.post("/api/v1/join", map[string]string{"code": code, "token": token, "lang": "zh-Hant", "name": ""}, new(any))
	p.token = token
	return p
}

// writes hands a statement in.
func (p *phone) writes(text string) {
	p.t.Helper()
	var answer struct {
		Saved   []struct{ CID string }
		Refused []struct{ Reason string }
	}
	item := map[string]any{"cid": random(p.t, 16), "kind": "statement", "key": "", "rev": 1, "value": map[string]string{"text": text, "lang": "zh-Hant"}}
	p.post("/api/v1/items", map[string]any{"items": []any{item}, "waiting": 0}, &answer)
	if len(answer.Saved) != 1 {
		p.t.Fatalf("the statement was not received: %+v", answer)
	}
}

func (p *phone) post(path string, body, into any) {
	p.t.Helper()
	data, err := json.Marshal(body)
	if err != nil {
		p.t.Fatal(err)
	}
	req, err := http.NewRequest(http.MethodPost, p.base+path, bytes.NewReader(data))
	if err != nil {
		p.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	if p.token != "" {
		req.Header.Set("Authorization", "Bearer "+p.token)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		p.t.Fatal(err)
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusCreated {
		p.t.Fatalf("%s: %d %s %v", path, res.StatusCode, answer, err)
	}
	if err := json.Unmarshal(answer, into); err != nil {
		p.t.Fatalf("%s: %v in %s", path, err, answer)
	}
}

// random gives random bytes, in hex.
func random(t *testing.T, bytes int) string {
	t.Helper()
	raw := make([]byte, bytes)
	if _, err := rand.Read(raw); err != nil {
		t.Fatal(err)
	}
	return hex.EncodeToString(raw)
}
