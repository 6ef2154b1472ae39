package command

import (
	"bytes"
	"context"
	"crypto/rand"
	_ "embed"
	"encoding/hex"
	"errors"
	"fmt"
	"html/template"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"folkmoot/app/readmodel"
	"folkmoot/assets/words"
	"folkmoot/sync/hub"
	"folkmoot/sync/moot"
)

//go:embed pen.html
var penHTML string

var penTemplate = template.Must(template.New("pen").Parse(penHTML))

const (
	penPath = "/w/"
	// maxPenBody is how many bytes a call may have: over twenty thousand Chinese characters.
	maxPenBody = 64 << 10
	// maxPenDrain is how much more of a call that is too big is listened to.
	maxPenDrain = 4 << 20
	// maxPenPages is how many texts can be under way; the oldest gives way.
	maxPenPages = 50
)

// pen serves the pages on which longer texts are written. The zero value is ready; it
// listens from the first text on.
type pen struct {
	mu     sync.Mutex
	server *http.Server
	ended  chan struct{} // closed: the server is gone
	host   string
	pages  map[string]*penPage
	order  []string
	closed bool
}

// penPage is a text that is being written.
type penPage struct {
	ask  readmodel.PenAsk
	done func(text string)

	mu   sync.Mutex
	text string
}

// Write gives a link to a page on this computer that only who has the link can open.
// done is called each time the text is handed over there, from a goroutine that Close
// waits for: it must not wait for who closes.
func (d *Desk) Write(ask readmodel.PenAsk, done func(text string)) (string, error) {
	link, err := d.pen.write(ask, done)
	if err != nil {
		d.log(err)
		return "", &readmodel.Trouble{Key: "desk.no_pen", Err: err}
	}
	return link, nil
}

func (p *pen) write(ask readmodel.PenAsk, done func(text string)) (string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return "", errors.New("write in the browser: the program has ended")
	}
	if p.server == nil {
		if err := p.listen(); err != nil {
			return "", err
		}
	}
	token, err := secret()
	if err != nil {
		return "", err
	}
	if len(p.order) == maxPenPages {
		delete(p.pages, p.order[0])
		p.order = p.order[1:]
	}
	p.pages[token], p.order = &penPage{ask: ask, done: done, text: ask.Text}, append(p.order, token)
	return "http://" + p.host + penPath + token, nil
}

func (p *pen) listen() error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("write in the browser: %w", err)
	}
	p.host, p.pages, p.ended = listener.Addr().String(), map[string]*penPage{}, make(chan struct{})
	p.server = hub.Server(p.handler(p.host))
	server, ended := p.server, p.ended
	go func() { defer close(ended); server.Serve(listener) }()
	return nil
}

// close ends the pages; texts that are being handed over come to their end.
func (p *pen) close() {
	p.mu.Lock()
	p.closed = true
	server, ended := p.server, p.ended
	p.mu.Unlock()
	if server == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if server.Shutdown(ctx) != nil {
		server.Close()
	}
	<-ended
}

// handler keeps out what does not come from the page itself: other names that lead
// here by a trick, and calls that another site's page makes.
func (p *pen) handler(host string) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+penPath+"{token}", p.show)
	mux.HandleFunc("POST "+penPath+"{token}", p.take)
	inner := http.NewCrossOriginProtection().Handler(mux)
	_, port, _ := net.SplitHostPort(host)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		head := w.Header()
		head.Set("Cache-Control", "no-store")
		head.Set("X-Content-Type-Options", "nosniff")
		head.Set("X-Frame-Options", "DENY")
		head.Set("Referrer-Policy", "same-origin") // no-referrer would take the form's origin away too
		head.Set("Cross-Origin-Opener-Policy", "same-origin")
		head.Set("Content-Security-Policy", "default-src 'none'")
		if r.Host != host && r.Host != "localhost:"+port {
			http.Error(w, "this name does not belong here", http.StatusMisdirectedRequest)
			return
		}
		inner.ServeHTTP(w, r)
	})
}

func (p *pen) page(r *http.Request) *penPage {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.pages[r.PathValue("token")]
}

func (p *pen) show(w http.ResponseWriter, r *http.Request) {
	page := p.page(r)
	if page == nil {
		penGone(w)
		return
	}
	page.mu.Lock()
	defer page.mu.Unlock()
	page.render(w, http.StatusOK, page.text, "", false)
}

// take hands a text over. One that is too long stays on the page, so that nothing of
// it is lost.
func (p *pen) take(w http.ResponseWriter, r *http.Request) {
	page := p.page(r)
	if page == nil {
		penGone(w)
		return
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxPenBody+1))
	big := len(body) > maxPenBody
	if big {
		// The browser listens for the answer only once it has sent all.
		io.CopyN(io.Discard, r.Body, maxPenDrain)
	}
	page.mu.Lock()
	defer page.mu.Unlock()
	if big {
		page.render(w, http.StatusRequestEntityTooLarge, page.text, words.Text(page.ask.Lang, "pen.too_big", nil), false)
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	if err == nil {
		err = r.ParseMultipartForm(maxPenBody)
	}
	text := page.clean(r.PostForm.Get("text"))
	if err != nil || !r.PostForm.Has("text") || !utf8.ValidString(text) {
		page.render(w, http.StatusBadRequest, page.text, words.Text(page.ask.Lang, "pen.unreadable", nil), false)
		return
	}
	if n := utf8.RuneCountInString(text); page.ask.Limit > 0 && n > page.ask.Limit {
		over := words.Text(page.ask.Lang, "pen.over", map[string]any{"Found": n, "Limit": page.ask.Limit})
		page.render(w, http.StatusUnprocessableEntity, text, over, false)
		return
	}
	page.text = text
	page.done(text)
	page.render(w, http.StatusOK, text, "", true)
}

func (p *penPage) clean(text string) string {
	if p.ask.Lines {
		return moot.CleanLines(text)
	}
	return moot.CleanText(text)
}

// penDoc is what pen.html shows.
type penDoc struct {
	Lang, Nonce, Label, Text, Lead, Limit, Button string
	Taken, Again, Wrong                           string
	Title, Gone                                   string
	Rows                                          int
}

func (p *penPage) render(w http.ResponseWriter, status int, text, wrong string, taken bool) {
	say := func(key string, args map[string]any) string { return words.Text(p.ask.Lang, key, args) }
	doc := penDoc{Lang: p.ask.Lang, Label: p.ask.Label, Text: text, Wrong: wrong, Rows: 4,
		Lead: say("pen.lead", nil), Button: say("pen.button", nil)}
	if p.ask.Lines {
		doc.Rows = 12
	}
	if p.ask.Limit > 0 {
		doc.Limit = say("pen.limit", map[string]any{"Limit": p.ask.Limit})
	}
	if taken {
		doc.Taken, doc.Again = say("pen.taken", nil), say("pen.again", nil)
	}
	writePen(w, status, doc)
}

// penGone says in both languages that a link is no longer good: whose it was is not known.
func penGone(w http.ResponseWriter) {
	both := func(key string) string {
		return words.Text(words.Chinese, key, nil) + " · " + words.Text(words.English, key, nil)
	}
	writePen(w, http.StatusNotFound, penDoc{Lang: words.Chinese, Title: both("pen.gone"), Gone: both("pen.gone_try"), Label: both("pen.gone")})
}

func writePen(w http.ResponseWriter, status int, doc penDoc) {
	var raw [16]byte
	rand.Read(raw[:])
	doc.Nonce = hex.EncodeToString(raw[:])
	var page bytes.Buffer
	if err := penTemplate.Execute(&page, doc); err != nil {
		panic("command: the page of the pen: " + err.Error()) // it is checked by its test
	}
	head := w.Header()
	head.Set("Content-Type", "text/html; charset=utf-8")
	head.Set("Content-Security-Policy", strings.Join([]string{"default-src 'none'", "style-src 'nonce-" + doc.Nonce + "'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'"}, "; "))
	w.WriteHeader(status)
	w.Write(page.Bytes()) // the browser may be gone; then it asks again
}
