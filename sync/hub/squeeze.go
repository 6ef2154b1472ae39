package hub

import (
	"compress/gzip"
	"net/http"
	"strings"
	"sync"
)

// worthSqueezing is from how many bytes an answer is sent compressed: below, it fits
// into one packet anyway.
const worthSqueezing = 1400

var squeezers = sync.Pool{New: func() any {
	z, err := gzip.NewWriterLevel(nil, gzip.BestSpeed)
	if err != nil {
		panic(err) // only for a level that does not exist
	}
	return z
}}

// squeezed compresses long answers for those who take them so, never a stream: that
// would keep each event until there are enough of them.
func squeezed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !takesGzip(r) {
			next.ServeHTTP(w, r)
			return
		}
		s := &squeezer{ResponseWriter: w}
		defer s.end()
		next.ServeHTTP(s, r)
	})
}

func takesGzip(r *http.Request) bool {
	if r.Method != http.MethodGet || r.Header.Get("Range") != "" {
		return false
	}
	for part := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		name, weight, _ := strings.Cut(strings.TrimSpace(part), ";")
		if strings.EqualFold(strings.TrimSpace(name), "gzip") {
			return strings.Trim(weight, " q=0.") != "" || weight == ""
		}
	}
	return false
}

// squeezer decides at the first Write: what comes as a whole and is long is compressed.
type squeezer struct {
	http.ResponseWriter
	status int
	begun  bool
	zip    *gzip.Writer
}

// Unwrap lets a stream reach the connection's own means.
func (s *squeezer) Unwrap() http.ResponseWriter { return s.ResponseWriter }

// WriteHeader keeps the status until it is known what follows.
func (s *squeezer) WriteHeader(status int) {
	if s.status == 0 {
		s.status = status
	}
	if !squeezable(s.Header().Get("Content-Type")) {
		s.begin(0)
	}
}

func (s *squeezer) Write(data []byte) (int, error) {
	if !s.begun {
		s.begin(len(data))
	}
	if s.zip != nil {
		return s.zip.Write(data)
	}
	return s.ResponseWriter.Write(data)
}

func (s *squeezer) begin(size int) {
	if s.begun {
		return
	}
	s.begun = true
	head := s.Header()
	if squeezable(head.Get("Content-Type")) {
		head.Add("Vary", "Accept-Encoding")
		if size >= worthSqueezing && head.Get("Content-Encoding") == "" && (s.status == 0 || s.status == http.StatusOK) {
			head.Set("Content-Encoding", "gzip")
			head.Del("Content-Length")
			s.zip = squeezers.Get().(*gzip.Writer)
			s.zip.Reset(s.ResponseWriter)
		}
	}
	if s.status != 0 {
		s.ResponseWriter.WriteHeader(s.status)
	}
}

// end sends what is left. An answer without a body sends its status here.
func (s *squeezer) end() {
	if s.status != 0 {
		s.begin(0)
	}
	if s.zip != nil {
		s.zip.Close() // the other side may be gone
		s.zip.Reset(nil)
		squeezers.Put(s.zip)
	}
}

func squeezable(kind string) bool {
	kind, _, _ = strings.Cut(kind, ";")
	switch kind {
	case "application/json", "text/html", "text/css", "text/javascript":
		return true
	}
	return false
}
