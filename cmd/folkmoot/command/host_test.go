package command_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"folkmoot/cmd/folkmoot/crowd"
)

// hostAct does one act as the host's page does, and gives the code of what stands
// against it, "" for nothing.
func hostAct(t *testing.T, hub *serving, act map[string]any) string {
	t.Helper()
	base, token, _ := strings.Cut(hub.host, "/host#t=")
	body, err := json.Marshal(act)
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequest("POST", base+"/host/v1/do", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+token)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var doc struct{ Error struct{ Code string } }
	if err := json.NewDecoder(res.Body).Decode(&doc); err != nil {
		t.Fatal(err)
	}
	if (res.StatusCode == http.StatusOK) != (doc.Error.Code == "") {
		t.Fatalf("status %d with code %q", res.StatusCode, doc.Error.Code)
	}
	return doc.Error.Code
}

// Answers never come to stand under other words than those that were answered.
func TestAnsweredQuestionStays(t *testing.T) {
	data := t.TempDir()
	run(t, data, "session", "new", "--title", "T", "--language", "en")
	hub := serve(t, data, freeAddress(t))
	set := func(field, value string) string {
		return hostAct(t, hub, map[string]any{"act": "set", "field": field, "value": value})
	}
	if no := set("question", "How safe is it now?"); no != "" {
		t.Fatalf("the first words: %s", no)
	}
	if no := set("question", "How safe is it at night?"); no != "" {
		t.Errorf("other words before anybody answered: %s", no)
	}
	deliver(t, joined(t, lookAt(t, hub)), crowd.Item{CID: crowd.NewID(), Kind: "answer", Key: "q1", Rev: 1, Value: 4})
	if no := set("question", "A quite new question?"); no != "question_answered" {
		t.Errorf("other words after an answer: %q", no)
	}
	if no := set("prompt", "What should change first?"); no != "" {
		t.Errorf("another field: %s", no)
	}
	hub.interrupt()
}
