package command_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/go-rod/rod"
)

// A page that was opened at an address which the hub no longer has brings its outbox to
// the hub at another one, after a restart too; a stranger's page brings nothing. The
// browser is a real one: it asks first, since the call carries a token.
func TestOutboxMovesToTheRestartedHub(t *testing.T) {
	data := t.TempDir()
	first := serve(t, data, freeAddress(t), "--sample")
	stranger := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		w.Write([]byte("<!doctype html><title>stranger</title>"))
	}))
	defer stranger.Close()
	own, foreign := newPhone(t), newPhone(t)
	own.join(first.base, first.code)
	token, err := own.Eval(`() => JSON.parse(localStorage.getItem("folkmoot.identity")).token`)
	own.must(err)
	own.until("an empty outbox", `() => document.querySelector("[data-waiting]").dataset.waiting === "0"`)
	foreign.must(foreign.Navigate(stranger.URL))
	first.interrupt()
	second := serve(t, data, freeAddress(t), "--sample")
	if second.base == first.base {
		t.Fatal("both hubs have the same address")
	}
	post := `(base, token) => fetch(base + "/api/v1/items", {method: "POST", headers: {Authorization: "Bearer " + token, "Content-Type": "application/json"},
		body: JSON.stringify({items: [{cid: crypto.getRandomValues(new Uint32Array(4)).reduce((s, n) => s + n.toString(16).padStart(8, "0"), ""), kind: "answer", key: "q1", rev: Date.now(), value: 3}], waiting: 0})})
		.then(r => r.status, () => 0)`
	for _, c := range []struct {
		name string
		page *phone
		want int
	}{{"the session's own page", own, http.StatusCreated}, {"a stranger's page", foreign, 0}} {
		got, err := c.page.Evaluate(rod.Eval(post, second.base, token.Value.Str()).ByPromise())
		c.page.must(err)
		if got.Value.Int() != c.want {
			t.Errorf("%s: %d, want %d", c.name, got.Value.Int(), c.want)
		}
	}
}
