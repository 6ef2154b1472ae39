package command_test

import (
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"folkmoot/app/readmodel"
	"folkmoot/assets/words"
)

// penCall asks the pen's page, and gives its status, page and headers.
func penCall(t *testing.T, method, link string, body []byte, change func(*http.Request)) (int, string, http.Header) {
	t.Helper()
	req, err := http.NewRequest(method, link, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if change != nil {
		change(req)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	page, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(page), res.Header
}

// handOver sends the form as a browser does.
func handOver(t *testing.T, link, text string, change func(*http.Request)) (int, string) {
	t.Helper()
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	if err := form.WriteField("text", text); err != nil {
		t.Fatal(err)
	}
	form.Close()
	status, page, _ := penCall(t, http.MethodPost, link, b.Bytes(), func(r *http.Request) {
		r.Header.Set("Content-Type", form.FormDataContentType())
		r.Header.Set("Origin", "http://"+r.URL.Host)
		r.Header.Set("Sec-Fetch-Site", "same-origin")
		if change != nil {
			change(r)
		}
	})
	return status, page
}

func TestPen(t *testing.T) {
	d := newDesk(t, t.TempDir())
	texts := make(chan string, 1)
	link, err := d.Write(readmodel.PenAsk{Label: "告知 <b>", Text: "誰 & 為什麼\n</textarea><script>", Lang: "zh-Hant", Lines: true, Limit: 4000}, func(text string) { texts <- text })
	if err != nil {
		t.Fatal(err)
	}
	if !regexp.MustCompile(`^http://127\.0\.0\.1:\d+/w/[0-9a-f]{48}$`).MatchString(link) {
		t.Errorf("link %s", link)
	}
	status, page, head := penCall(t, http.MethodGet, link, nil, nil)
	keep(t, "pen-empty.html", page)
	if status != http.StatusOK || !strings.Contains(page, `lang="zh-Hant"`) || !strings.Contains(page, "告知 &lt;b&gt;") || !strings.Contains(page, "誰 &amp; 為什麼\n&lt;/textarea&gt;&lt;script&gt;") || !strings.Contains(page, "4,000") {
		t.Errorf("%d\n%s", status, page)
	}
	policy := head.Get("Content-Security-Policy")
	for _, want := range []string{"default-src 'none'", "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'", "style-src 'nonce-"} {
		if !strings.Contains(policy, want) {
			t.Errorf("policy %q has no %s", policy, want)
		}
	}
	if strings.Contains(policy, "script") || strings.Contains(policy, "unsafe") || head.Get("Cache-Control") != "no-store" {
		t.Errorf("policy %q, cache %q", policy, head.Get("Cache-Control"))
	}
	for _, text := range []string{"主辦單位蒐集。\r\n存三個月。\r\n", "改好的。"} { // and once more
		status, page = handOver(t, link, text, nil)
		want := strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n"))
		if got := <-texts; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
		if status != http.StatusOK || !strings.Contains(page, words.Text("zh-Hant", "pen.taken", nil)) || !strings.Contains(page, want) {
			t.Errorf("%d\n%s", status, page)
		}
	}
	keep(t, "pen-taken.html", page)
	if _, page, _ := penCall(t, http.MethodGet, link, nil, nil); !strings.Contains(page, "改好的。") {
		t.Error("what was handed over is gone from the page")
	}
}

// keep writes a page where it can be looked at.
func keep(t *testing.T, name, page string) {
	if dir := os.Getenv("FOLKMOOT_PICTURES"); dir != "" {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(page), 0o600); err != nil {
			t.Error(err)
		}
	}
}

func TestPenOfOneLine(t *testing.T) {
	d := newDesk(t, t.TempDir())
	texts := make(chan string, 1)
	link, err := d.Write(readmodel.PenAsk{Label: "Title", Lang: "en", Limit: 10}, func(text string) { texts <- text })
	if err != nil {
		t.Fatal(err)
	}
	status, page := handOver(t, link, "eleven char", nil)
	keep(t, "pen-over.html", page)
	if status != http.StatusUnprocessableEntity || !strings.Contains(page, "eleven char") || !strings.Contains(page, words.Text("en", "pen.over", map[string]any{"Found": 11, "Limit": 10})) {
		t.Errorf("too long: %d\n%s", status, page)
	}
	if status, _ = handOver(t, link, " two\r\nlines ", nil); status != http.StatusOK {
		t.Errorf("status %d", status)
	}
	if got := <-texts; got != "two lines" {
		t.Errorf("got %q", got)
	}
	status, page = handOver(t, link, strings.Repeat("長", 30_000), nil)
	if status != http.StatusRequestEntityTooLarge || !strings.Contains(page, words.Text("en", "pen.too_big", nil)) {
		t.Errorf("far too long: %d", status)
	}
	if status, _ = handOver(t, link, "", nil); status != http.StatusOK || <-texts != "" {
		t.Errorf("nothing: %d", status)
	}
}

func TestPenKeepsStrangersOut(t *testing.T) {
	d := newDesk(t, t.TempDir())
	called := false
	link, err := d.Write(readmodel.PenAsk{Label: "Title", Lang: "en"}, func(string) { called = true })
	if err != nil {
		t.Fatal(err)
	}
	cases := []struct {
		name   string
		change func(*http.Request)
		want   int
	}{
		{"a name that leads here", func(r *http.Request) { r.Host = "evil.example" }, http.StatusMisdirectedRequest},
		{"another port", func(r *http.Request) { r.Host = "127.0.0.1:1" }, http.StatusMisdirectedRequest},
		{"another site's page", func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") }, http.StatusForbidden},
		{"another port's page", func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "same-site") }, http.StatusForbidden},
		{"an old browser, another site", func(r *http.Request) {
			r.Header.Del("Sec-Fetch-Site")
			r.Header.Set("Origin", "http://evil.example")
		}, http.StatusForbidden},
		{"no form", func(r *http.Request) { r.Header.Set("Content-Type", "application/json") }, http.StatusBadRequest},
		{"another token", func(r *http.Request) { r.URL.Path = "/w/" + strings.Repeat("0", 48) }, http.StatusNotFound},
	}
	for _, c := range cases {
		if got, _ := handOver(t, link, "stranger", c.change); got != c.want {
			t.Errorf("%s: status %d, want %d", c.name, got, c.want)
		}
	}
	if called {
		t.Error("a stranger's text was handed over")
	}
	status, page, _ := penCall(t, http.MethodGet, link+"0", nil, nil)
	keep(t, "pen-gone.html", page)
	if status != http.StatusNotFound || !strings.Contains(page, words.Text("zh-Hant", "pen.gone", nil)) || !strings.Contains(page, words.Text("en", "pen.gone", nil)) {
		t.Errorf("%d\n%s", status, page)
	}
	status, _, _ = penCall(t, http.MethodGet, link, nil, func(r *http.Request) { r.Host = "localhost:" + r.URL.Port() })
	if status != http.StatusOK {
		t.Errorf("as localhost: %d", status)
	}
}

func TestPenEnds(t *testing.T) {
	d := newDesk(t, t.TempDir())
	first, err := d.Write(readmodel.PenAsk{Label: "0", Lang: "en"}, func(string) {})
	if err != nil {
		t.Fatal(err)
	}
	last := first
	for i := range 60 {
		if last, err = d.Write(readmodel.PenAsk{Label: fmt.Sprint(i), Lang: "en"}, func(string) {}); err != nil {
			t.Fatal(err)
		}
	}
	if status, _, _ := penCall(t, http.MethodGet, first, nil, nil); status != http.StatusNotFound {
		t.Errorf("the oldest of sixty: %d", status)
	}
	if status, _, _ := penCall(t, http.MethodGet, last, nil, nil); status != http.StatusOK {
		t.Errorf("the newest: %d", status)
	}
	d.Close()
	if res, err := http.Get(last); err == nil {
		res.Body.Close()
		t.Error("it answers after Close")
	}
	_, err = d.Write(readmodel.PenAsk{Label: "late", Lang: "en"}, func(string) {})
	wantTrouble(t, err, "desk.no_pen")
}

// A real browser sends what the pen asks for: its origin, and a form without a script.
func TestPenInABrowser(t *testing.T) {
	d := newDesk(t, t.TempDir())
	texts := make(chan string, 1)
	link, err := d.Write(readmodel.PenAsk{Label: "告知", Text: "誰", Lang: "zh-Hant", Lines: true}, func(text string) { texts <- text })
	if err != nil {
		t.Fatal(err)
	}
	p := newPhone(t)
	p.must(p.Navigate(link))
	for _, text := range []string{"主辦單位蒐集。\n存三個月。", "改好的。"} {
		p.until("the form", `text => {
			const area = document.querySelector("textarea");
			if (!area || document.readyState !== "complete") return false;
			area.value = text;
			document.querySelector("button").click();
			return true;
		}`, text)
		if got := <-texts; got != text {
			t.Errorf("got %q, want %q", got, text)
		}
		p.until("the word that it was taken over", `text => !!document.querySelector("[role=status]") && document.querySelector("textarea").value === text`, text)
	}
}
