package hub

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"folkmoot/assets/words"
	"folkmoot/sync/moot"
)

// wrong tries so many wrong codes of one address, and gives how long the last waits.
func (s *site) wrong(n int, from string) string {
	var last said
	for i := range n {
		last = s.call("POST", "/api/v1/join", "", joinBody(fmt.Sprintf("%06d", i), freshToken(), ""), func(r *http.Request) { r.RemoteAddr = from })
	}
	return last.head.Get("Retry-After")
}

// After ten wrong codes an address waits a minute, then twice as long each time; others
// join as ever.
func TestWaitDoubles(t *testing.T) {
	s := newSite(t, "", alter{})
	for _, want := range []string{"60", "120", "240", "480"} {
		if got := s.wrong(wrongPerAddress+1, "10.0.0.5:1"); got != want {
			t.Errorf("a wait of %s s, want %s", got, want)
		}
		if out := s.call("POST", "/api/v1/join", "", joinBody(siteCode, freshToken(), "")); out.status != http.StatusCreated {
			t.Errorf("another address: %d %s", out.status, out.body)
		}
		_, until := s.hub.Guessing()
		s.setNow(until.Add(time.Second))
	}
	s.setNow(s.at().Add(forgive + time.Minute))
	if got := s.wrong(wrongPerAddress+1, "10.0.0.5:1"); got != "60" {
		t.Errorf("long after: a wait of %s s, want 60", got)
	}
}

func TestGuessing(t *testing.T) {
	s := newSite(t, "", alter{})
	s.wrong(wrongPerAddress-1, "10.0.0.5:1")
	if wrong, until := s.hub.Guessing(); wrong != 9 || !until.IsZero() {
		t.Errorf("nine wrong codes: %d until %v", wrong, until)
	}
	s.wrong(1, "10.0.0.5:1")
	if wrong, until := s.hub.Guessing(); wrong != 10 || !until.Equal(s.at().Add(time.Minute)) {
		t.Errorf("ten wrong codes: %d until %v, now %v", wrong, until, s.at())
	}
	s.setNow(s.at().Add(2 * time.Minute))
	if wrong, until := s.hub.Guessing(); wrong != 0 || !until.IsZero() {
		t.Errorf("two minutes later: %d until %v", wrong, until)
	}
	if out := s.call("POST", "/api/v1/join", "", joinBody(siteCode, freshToken(), ""), func(r *http.Request) { r.RemoteAddr = "10.0.0.5:1" }); out.status != http.StatusCreated {
		t.Errorf("the right code after the wait: %d", out.status)
	}
}

// The host's page hears of it at once, though nothing changed in the record.
func TestHostHearsOfGuesses(t *testing.T) {
	s := newSite(t, "", alter{})
	server := httptest.NewServer(s.host)
	defer server.Close()
	r, err := http.NewRequest("GET", server.URL+"/host/v1/live", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer the-host")
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	lines := bufio.NewScanner(res.Body)
	next := func() (doc liveDoc) {
		for lines.Scan() {
			if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				if err := json.Unmarshal([]byte(data), &doc); err != nil {
					t.Fatal(err)
				}
				return doc
			}
		}
		t.Fatalf("the stream ended: %v", lines.Err())
		return doc
	}
	first := next()
	s.wrong(wrongPerAddress, "10.0.0.5:1")
	if second := next(); second.Version <= first.Version {
		t.Errorf("version %d after %d", second.Version, first.Version)
	}
}

// guessedOut has others guess until the whole hub waits.
func (s *site) guessedOut() {
	for i := range wrongPerHub {
		s.wrong(1, fmt.Sprintf("10.9.9.%d:1", i%10+1))
	}
}

// While others guess, who never guessed comes in, and a wall that knew the digits keeps
// them; the next guess from anywhere is the last for ten minutes.
func TestGuessesOfOthers(t *testing.T) {
	s := newSite(t, "", alter{})
	at := func(address string) func(*http.Request) { return func(r *http.Request) { r.RemoteAddr = address } }
	join := func(code, from string) string {
		return s.call("POST", "/api/v1/join", "", joinBody(code, freshToken(), ""), at(from)).code
	}
	invited := func(from string) bool {
		return strings.Contains(s.call("GET", "/api/v1/wall", siteCode, "", at(from)).body, siteCode)
	}
	if !invited("10.0.0.2:1") {
		t.Fatal("the wall does not invite")
	}
	s.guessedOut()
	if left := s.hub.limits.all.until.Sub(s.at()); left <= 0 {
		t.Fatal("the hub does not wait")
	}
	for range 3 {
		if !invited("10.0.0.2:1") {
			t.Error("a wall loses the digits for the guesses of others")
		}
		if got := join(siteCode, "10.0.0.3:1"); got != "" { // a room behind one address
			t.Errorf("who knows the digits: %q", got)
		}
	}
	if !invited("10.0.0.4:1") {
		t.Error("a new wall is kept out by the guesses of others")
	}
	for _, want := range []string{"wrong_code", "too_many_codes", "too_many_codes"} {
		if got := join("111111", "10.0.0.5:1"); got != want {
			t.Errorf("a guess: %q, want %q", got, want)
		}
		s.setNow(s.at().Add(time.Minute))
		s.hub.limits.all.until = s.at().Add(time.Hour)
	}
	if got := join(siteCode, "10.9.9.1:1"); got != "too_many_codes" {
		t.Errorf("the right one among guesses: %q", got)
	}
	s.hub.limits.all.until = s.at().Add(time.Hour)
	s.setNow(s.at().Add(forgive))
	if got := join(siteCode, "10.0.0.5:1"); got != "" {
		t.Errorf("ten minutes after one wrong code: %q", got)
	}
}

// Each address has one try a minute while the hub waits, however many come at once; the
// digits of before prove nothing of those of today.
func TestOneTryAMinute(t *testing.T) {
	s := newSite(t, "", alter{})
	l := s.hub.limits
	l.guessedRight("a", "111111")
	l.all.until = s.at().Add(time.Hour)
	for _, address := range []string{"a", "b"} {
		if _, ok := l.mayGuess(address, siteCode); !ok {
			t.Errorf("%s: not one try", address)
		}
		if left, ok := l.mayGuess(address, siteCode); ok || left != time.Minute {
			t.Errorf("%s: a second try at once: %t, else in %v", address, ok, left)
		}
	}
	s.setNow(s.at().Add(time.Minute))
	if _, ok := l.mayGuess("b", siteCode); !ok {
		t.Error("a minute later: no")
	}
}

func TestGuesser(t *testing.T) {
	for remote, want := range map[string]string{
		"10.0.0.5:80": "10.0.0.5", "[::ffff:10.0.0.5]:80": "10.0.0.5", "[2001:db8:1:2:3:4:5:6]:80": "2001:db8:1:2::/64",
		"[2001:db8:1:2:ffff::1%eth0]:1": "2001:db8:1:2::/64", "pipe": "",
	} {
		if got := guesser(remote); got != want {
			t.Errorf("%s: %q, want %q", remote, got, want)
		}
	}
}

var coded = regexp.MustCompile(`(?:fail|wait)\(w, [^,]+, (?:cmp\.Or\(bad\.Code, )?"([a-z_]+)"`)

// Every code that the hub can answer has a sentence for people, in every language.
func TestEveryCodeIsSaid(t *testing.T) {
	codes := map[string]bool{}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		for _, match := range coded.FindAllStringSubmatch(string(source), -1) {
			codes[match[1]] = true
		}
	}
	if len(codes) < 20 {
		t.Fatalf("only %d codes found: %v", len(codes), codes)
	}
	for _, code := range []moot.Code{moot.Closed, moot.UnknownStatement, moot.UnknownQuestion, moot.BadValue, moot.TooLong, moot.Empty, moot.EmojiOnly,
		moot.TooMany, moot.BadRev, moot.NotYours, moot.TooManyPeople, moot.Duplicate, moot.NamesErased, moot.DiskLow} {
		codes[string(code)] = true
	}
	for code := range codes {
		if !words.Has("refused." + code) {
			t.Errorf("no text for refused.%s", code)
		}
	}
}
