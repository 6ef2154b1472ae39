package hub_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"folkmoot/sync/moot"
)

func TestJoin(t *testing.T) {
	v := newVenue(t)
	token, person := v.join("小美")
	if n := person["number"].(float64); n < 1 || n > 99 || person["word"] == "" || person["name"] != "小美" {
		t.Errorf("person %v", person)
	}
	_, doc, _ := v.call("POST", "/api/v1/join", "", map[string]any{"code": code, "token": token, "lang": "en", "name": ""})
	if again := doc["person"].(map[string]any); again["id"] != person["id"] {
		t.Errorf("the same token is somebody else: %v, first %v", again, person)
	}
	status, doc, _ := v.call("POST", "/api/v1/join", "", map[string]any{"code": "４８２ １６３", "token": newToken(), "lang": "en", "name": ""})
	if status != http.StatusCreated {
		t.Errorf("full-width digits: %d %v", status, doc)
	}
	for name, c := range map[string]struct {
		body   map[string]any
		status int
		code   string
	}{
		"wrong code":    {map[string]any{"code": "000000", "token": newToken(), "lang": "en", "name": ""}, 403, "wrong_code"},
		"no token":      {map[string]any{"code": code, "token": "", "lang": "en", "name": ""}, 400, "bad_token"},
		"a long name":   {map[string]any{"code": code, "token": newToken(), "lang": "en", "name": strings.Repeat("名", 5000)}, 422, "too_long"},
		"unknown field": {map[string]any{"code": code, "token": newToken(), "admin": true}, 400, "bad_json"},
	} {
		if status, doc, _ := v.call("POST", "/api/v1/join", "", c.body); status != c.status || errorCode(doc) != c.code {
			t.Errorf("%s: %d %v, want %d %s", name, status, doc, c.status, c.code)
		}
	}
}

func TestNumbersAreUnique(t *testing.T) {
	v := newVenue(t)
	var mu sync.Mutex
	seen, rising, last := map[float64]bool{}, 0, 0.0
	var wait sync.WaitGroup
	for range 120 {
		wait.Go(func() {
			_, person := v.join("")
			mu.Lock()
			defer mu.Unlock()
			n := person["number"].(float64)
			if seen[n] {
				t.Errorf("number %v twice", n)
			}
			seen[n] = true
			if n > last {
				rising++
			}
			last = n
		})
	}
	wait.Wait()
	if rising > 100 {
		t.Errorf("%d of 120 numbers rise: they tell the order of arrival", rising)
	}
}

func TestItems(t *testing.T) {
	v := newVenue(t)
	token, _ := v.join("")
	first := voteItem(v.statements[0], "agree", 10)
	status, doc := v.send(token, first, voteItem(v.statements[1], "pass", 10), voteItem(strings.Repeat("ab", 16), "agree", 10), newItem("answer", "q1", 10, 3))
	if status != http.StatusCreated || rows(doc, "saved") != 3 || reason(doc) != "unknown_statement" || doc["session"] != v.replica.View().Session.ID.String() {
		t.Fatalf("%d %v", status, doc)
	}
	if got := v.replica.View().Votes; got != 2 {
		t.Errorf("votes %d, want 2", got)
	}
	if _, doc := v.send(token, first); rows(doc, "saved") != 1 || v.replica.View().Votes != 2 {
		t.Errorf("the same item again: %v, %d votes", doc, v.replica.View().Votes)
	}
	_, doc = v.send(token, voteItem(v.statements[0], "disagree", 9))
	if stale := doc["stale"].([]any); len(stale) != 1 || stale[0].(map[string]any)["value"] != "agree" || stale[0].(map[string]any)["rev"].(float64) != 10 {
		t.Errorf("an older answer: %v", doc)
	}
	if _, doc := v.send(token, voteItem(v.statements[0], "disagree", 11)); rows(doc, "saved") != 1 {
		t.Errorf("a newer answer: %v", doc)
	}
}

func TestItemsRefused(t *testing.T) {
	v := newVenue(t)
	sid := v.statements[0]
	for name, c := range map[string]struct {
		item map[string]any
		want string
	}{
		"a vote of 2":            {newItem("vote", sid, 1, 2), "bad_value"},
		"a vote of maybe":        {newItem("vote", sid, 1, "maybe"), "bad_value"},
		"no statement id":        {newItem("vote", "x", 1, "agree"), "unknown_statement"},
		"a revision of 2^52":     {newItem("vote", sid, 1<<52, "agree"), "bad_rev"},
		"an answer of 6":         {newItem("answer", "q1", 1, 6), "bad_value"},
		"an answer in words":     {newItem("answer", "q1", 1, "three"), "bad_value"},
		"an answer of nothing":   {newItem("answer", "q1", 1, nil), "bad_value"},
		"no such question":       {newItem("answer", "q7", 1, 3), "unknown_question"},
		"an empty statement":     {statementItem(" \u3000\n"), "empty"},
		"an emoji-only one":      {statementItem("🙂🙂"), "emoji_only"},
		"a doubled statement":    {statementItem("statement 0."), "duplicate"},
		"141 characters":         {statementItem(strings.Repeat("長", 141)), "too_long"},
		"a kind for hosts only":  {newItem("moderation", sid, 1, "hidden"), "bad_value"},
		"a step from a phone":    {newItem("step", "opinion", 1, "close"), "bad_value"},
		"somebody's number":      {newItem("person", "number", 1, "1"), "bad_value"},
		"a name of 5000 letters": {newItem("person", "name", 1, strings.Repeat("a", 5000)), "too_long"},
	} {
		token, _ := v.join("") // a new device each, so that no limit over time is in the way
		status, doc := v.send(token, c.item)
		if status != http.StatusCreated || reason(doc) != c.want || rows(doc, "saved") != 0 {
			t.Errorf("%s: %d %v, want %s", name, status, doc, c.want)
		}
		if limit, _ := doc["refused"].([]any)[0].(map[string]any)["limit"].(float64); name == "141 characters" && limit != 140 {
			t.Errorf("%s: limit %v, want 140", name, limit)
		}
	}
	if n := len(v.replica.View().Statements); n != 3 || v.replica.View().Votes != 0 {
		t.Errorf("%d statements and %d votes, want 3 and 0", n, v.replica.View().Votes)
	}
}

func TestStatementsFollowTheHost(t *testing.T) {
	v := newVenue(t)
	token, _ := v.join("")
	write := func(text string) string {
		item := statementItem(text)
		if _, doc := v.send(token, item); rows(doc, "saved") != 1 {
			t.Fatalf("write: %v", doc)
		}
		return item["cid"].(string)
	}
	open := write("多放幾張有樹蔭的椅子。")
	v.do(&moot.SetField{Field: moot.Moderated, Value: "on", Rev: 1})
	pending := write("星期天把這條路留給行人。")
	_, state, _ := v.call("GET", "/api/v1/state", token, nil)
	text := fmt.Sprint(state["statements"])
	if !strings.Contains(text, open) || strings.Contains(text, pending) {
		t.Errorf("statements to vote on: %s; %s should be among them and %s not", text, open, pending)
	}
	own := state["me"].(map[string]any)["statements"].([]any)
	if len(own) != 2 || own[1].(map[string]any)["state"] != "pending" {
		t.Errorf("own statements: %v", own)
	}
}

func TestLateVotesAreKeptAndNotCounted(t *testing.T) {
	v := newVenue(t)
	token, _ := v.join("")
	step := v.replica.View().Step("opinion")
	v.do(&moot.StepAct{Step: "opinion", Do: "close", StepKind: moot.StepOpinion, Started: 1, At: 2, Replaces: step.Heads})
	_, doc := v.send(token, voteItem(v.statements[0], "agree", 10))
	if saved := doc["saved"].([]any); len(saved) != 1 || saved[0].(map[string]any)["late"] != true {
		t.Fatalf("after the close: %v", doc)
	}
	view := v.replica.View()
	if view.Votes != 0 || len(view.People()[0].Late()) != 1 {
		t.Errorf("votes %d, late %v", view.Votes, view.People()[0].Late())
	}
}

// A lost answer, or the same call many times at once, is one person.
func TestSameTokenAtOnce(t *testing.T) {
	v := newVenue(t)
	token := newToken()
	var wait sync.WaitGroup
	for range 20 {
		wait.Go(func() {
			status, doc, _ := v.call("POST", "/api/v1/join", "", map[string]any{"code": code, "token": token, "lang": "en", "name": "Ada"})
			if status != http.StatusCreated {
				t.Errorf("join: %d %v", status, doc)
			}
		})
	}
	wait.Wait()
	if n := v.replica.View().PeopleCount(); n != 1 {
		t.Errorf("%d people of one token", n)
	}
}

func TestNoCodeNoEntry(t *testing.T) {
	v := newVenue(t)
	v.do(&moot.SetField{Field: moot.JoinCode, Value: "", Rev: 2})
	status, doc, _ := v.call("POST", "/api/v1/join", "", map[string]any{"code": "", "token": newToken(), "lang": "en", "name": ""})
	if status != http.StatusForbidden {
		t.Errorf("a session without a code lets in: %d %v", status, doc)
	}
}

// Who opened the page and left is not present; the first thing sent says so.
func TestArrival(t *testing.T) {
	v := newVenue(t)
	token, _ := v.join("")
	if v.replica.View().People()[0].Present() {
		t.Error("present before anything was sent")
	}
	if _, doc := v.send(token, newItem("person", "name", 10, "Ada")); rows(doc, "saved") != 1 {
		t.Errorf("answer %v: want the one item that was sent", doc)
	}
	p := v.replica.View().People()[0]
	if !p.Present() {
		t.Error("not present after the first item")
	}
	v.do(&moot.SetPresence{Person: p.ID, In: false, Rev: 2, At: p.Arrived()})
	v.send(token, voteItem(v.statements[0], "agree", 10))
	if v.replica.View().People()[0].Present() {
		t.Error("the host's word that somebody left was overruled by a vote")
	}
}

// What to ask next comes with every receipt: what the page was told when it joined
// knows nothing of what others voted on since.
func TestReceiptsTellWhatComesNext(t *testing.T) {
	v := newVenue(t)
	token, _ := v.join("")
	for i := range 30 {
		v.route.order = append(v.route.order, moot.StatementID{byte(30 - i)})
	}
	_, doc := v.send(token, voteItem(v.statements[0], "agree", 10))
	order, _ := doc["order"].([]any)
	if len(order) != 20 || order[0] != v.route.order[0].String() || order[19] != v.route.order[19].String() {
		t.Errorf("told %d: %v", len(order), order)
	}
	if _, state, _ := v.call("GET", "/api/v1/state", token, nil); len(state["order"].([]any)) != 30 {
		t.Errorf("the state's order: %v", state["order"])
	}
	v.do(&moot.StepAct{Step: "opinion", Do: "close", StepKind: moot.StepOpinion, Started: 1, At: 2, Replaces: v.replica.View().Step("opinion").Heads})
	if _, doc = v.send(token, voteItem(v.statements[1], "agree", 10)); doc["order"] != nil {
		t.Errorf("voting is closed, and %v comes next", doc["order"])
	}
}
