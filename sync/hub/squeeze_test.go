package hub

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"folkmoot/sync/moot"
)

// fill adds statements to a site.
func (s *site) fill(n int) {
	var items []moot.Item
	for i := range n {
		items = append(items, s.item(&moot.NewStatement{Text: fmt.Sprintf("第 %d 則：市場前的停車格要不要變成小廣場，讓大家有地方可以坐下來說話？ %x", i, freshID(3)), Lang: "zh-Hant", Standing: moot.Approved}))
	}
	if _, err := s.record.Do(context.Background(), items...); err != nil {
		s.t.Fatal(err)
	}
}

// Long answers come compressed for those who take them so, and say the same.
func TestLongAnswersAreSqueezed(t *testing.T) {
	s := newSite(t, "", alter{})
	s.fill(100)
	token, _ := s.join("")
	takes := header("Accept-Encoding", "br, gzip, deflate")
	for _, path := range []string{"/api/v1/state", "/api/v1/wall", "/app/page.js", "/app/page.css?v=1"} {
		plain, packed := s.call("GET", path, token, ""), s.call("GET", path, token, "", takes)
		if plain.head.Get("Content-Encoding") != "" || packed.head.Get("Content-Encoding") != "gzip" || packed.head.Get("Vary") != "Accept-Encoding" {
			t.Fatalf("%s: %v and %v", path, plain.head, packed.head)
		}
		zip, err := gzip.NewReader(strings.NewReader(packed.body))
		if err != nil {
			t.Fatal(err)
		}
		whole, err := io.ReadAll(zip)
		if err != nil {
			t.Fatal(err)
		}
		if string(whole) != plain.body || plain.status != packed.status || plain.head.Get("Content-Type") != packed.head.Get("Content-Type") {
			t.Errorf("%s: %d bytes squeezed, %d plain; %s and %s", path, len(whole), len(plain.body), packed.head.Get("Content-Type"), plain.head.Get("Content-Type"))
		}
		if 2*len(packed.body) > len(plain.body) {
			t.Errorf("%s: %d bytes of %d", path, len(packed.body), len(plain.body))
		}
	}
	for name, c := range map[string]struct {
		path   string
		change func(*http.Request)
	}{
		"a short answer":         {"/api/v1/alive", takes},
		"who forbids it":         {"/api/v1/state", header("Accept-Encoding", "gzip;q=0")},
		"who takes another kind": {"/api/v1/state", header("Accept-Encoding", "br")},
		"a part of a script":     {"/app/page.js", func(r *http.Request) { takes(r); r.Header.Set("Range", "bytes=0-9999") }},
		"an answer that is none": {"/app/nothing.js", takes},
	} {
		if out := s.call("GET", c.path, token, "", c.change); out.head.Get("Content-Encoding") != "" {
			t.Errorf("%s: %v", name, out.head)
		}
	}
}

// A stream is never compressed: an event would wait for the next ones.
func TestStreamsAreNotSqueezed(t *testing.T) {
	online(t, "", usual, func(t *testing.T, s *site, l line, _ *sockets) {
		token, _ := s.join("")
		conn := l.dial("")
		go io.WriteString(conn, "GET /api/v1/live HTTP/1.1\r\nHost: 192.168.7.7:8080\r\nAccept-Encoding: gzip\r\nAuthorization: Bearer "+token+"\r\n\r\n")
		var got bytes.Buffer
		go io.Copy(&got, conn)
		synctest.Wait()
		if text := got.String(); !strings.Contains(text, "event: state\ndata: {") || strings.Contains(text, "gzip") {
			t.Errorf("the stream begins with %q", text)
		}
	})
}

// A device that asks without end is answered later and later.
func TestAskingComesToRest(t *testing.T) {
	online(t, "", usual, func(t *testing.T, s *site, l line, _ *sockets) {
		token, _ := s.join("")
		s.setNow(time.Now())
		for range askBurst {
			s.call("GET", "/api/v1/state", token, "")
		}
		begin := time.Now()
		first, second := s.call("GET", "/api/v1/state", token, ""), s.call("GET", "/api/v1/state", token, "")
		if first.status != 429 || second.status != 429 || time.Since(begin) != holdFor {
			t.Errorf("%d and %d after %v, want 429 twice after %v", first.status, second.status, time.Since(begin), holdFor)
		}
	})
}

// BenchmarkState is a person's document of 300 statements, plain and compressed.
func BenchmarkState(b *testing.B) {
	s := newSite(b, guardAsking, alter{})
	s.fill(300)
	token, _ := s.join("")
	for _, encoding := range []string{"identity", "gzip"} {
		b.Run(encoding, func(b *testing.B) {
			size := 0
			for b.Loop() {
				r := httptest.NewRequest("GET", "/api/v1/state", nil)
				r.Host = "192.168.7.7"
				r.Header.Set("Authorization", "Bearer "+token)
				r.Header.Set("Accept-Encoding", encoding)
				w := httptest.NewRecorder()
				s.lan.ServeHTTP(w, r)
				size = w.Body.Len()
			}
			b.ReportMetric(float64(size), "bytes")
		})
	}
}
