package hub

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"os"
)

// Limits of a body's JSON. The deepest that a page sends has four levels; the longest
// text is one that is too long, which is refused with its own reason.
const (
	maxDepth  = 8
	maxNumber = 32       // characters
	maxString = 16 << 10 // bytes
)

// shaped reads a call's body and refuses JSON that is small as text and dear to read:
// nesting without end, numbers of a thousand digits.
func shaped(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost {
			next.ServeHTTP(w, r)
			return
		}
		body, err := io.ReadAll(r.Body)
		var big *http.MaxBytesError
		switch {
		case errors.As(err, &big):
			tooBig(w)
		case errors.Is(err, os.ErrDeadlineExceeded):
			w.Header().Set("Connection", "close")
			fail(w, http.StatusRequestTimeout, "too_slow", "the call came too slowly: send it again")
		case err != nil:
			w.Header().Set("Connection", "close")
			fail(w, http.StatusBadRequest, "bad_json", "the call broke off: send it again")
		case !modest(body):
			fail(w, http.StatusBadRequest, "too_deep", "the call is nested too deeply, or has a number or a text that is too long")
		default:
			r.Body = io.NopCloser(bytes.NewReader(body))
			next.ServeHTTP(w, r)
		}
	})
}

// modest says whether a text that should be JSON stays within the limits. It checks
// nothing else: that is the decoder's part.
func modest(text []byte) bool {
	depth, number := 0, 0
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '"':
			end := stringEnd(text, i)
			if end-i > maxString {
				return false
			}
			i, number = end, 0
		case c == '{' || c == '[':
			if depth++; depth > maxDepth {
				return false
			}
			number = 0
		case c == '}' || c == ']':
			depth, number = depth-1, 0
		case c == ',' || c == ':' || c <= ' ':
			number = 0
		default: // a number, or a word such as true
			if number++; number > maxNumber {
				return false
			}
		}
	}
	return true
}

// stringEnd gives where the text that begins at the quote at ends, the end of all
// where it does not.
func stringEnd(text []byte, at int) int {
	for i := at + 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			return i
		}
	}
	return len(text)
}
