package hub

import (
	"crypto/subtle"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"folkmoot/sync/moot"
)

// Limits of one call.
const (
	MaxBody  = 64 << 10
	MaxItems = 50
)

const contentPolicy = "default-src 'self'; connect-src 'self' http:; img-src 'self' data:; style-src 'self'; script-src 'self'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// guard keeps strangers out before any handler runs: names that lead here by a
// trick, calls that another site's page makes, bodies that are no JSON.
func (h *Hub) guard(next http.Handler) http.Handler {
	cross := http.NewCrossOriginProtection()
	cross.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fail(w, http.StatusForbidden, "cross_origin", "calls from another site are not taken")
	}))
	inner := cross.Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		head := w.Header()
		head.Set("Content-Security-Policy", contentPolicy)
		head.Set("X-Content-Type-Options", "nosniff")
		head.Set("Referrer-Policy", "no-referrer")
		head.Set("X-Frame-Options", "DENY")
		if !h.knownHost(r.Host) {
			fail(w, http.StatusMisdirectedRequest, "unknown_host", "this name does not belong to the hub: use the printed address")
			return
		}
		if h.fromSibling(w, r) {
			if r.Method == http.MethodOptions {
				w.WriteHeader(http.StatusNoContent)
				return
			}
			h.checked(next, w, r)
			return
		}
		h.checked(inner, w, r)
	})
}

func (h *Hub) checked(next http.Handler, w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodPost {
		kind, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";")
		if strings.TrimSpace(kind) != "application/json" {
			fail(w, http.StatusUnsupportedMediaType, "not_json", "send JSON with its content type")
			return
		}
		if r.ContentLength > MaxBody {
			fail(w, http.StatusRequestEntityTooLarge, "too_big", "a call may have 64 KiB at most: send less at a time")
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, MaxBody)
	}
	next.ServeHTTP(w, r)
}

// knownHost refuses names that a stranger's name server may have pointed at us:
// an address in digits, localhost and .local names cannot be abused so.
func (h *Hub) knownHost(host string) bool {
	name := host
	if n, _, err := net.SplitHostPort(host); err == nil {
		name = n
	}
	name = strings.ToLower(strings.Trim(name, "[]"))
	if _, err := netip.ParseAddr(name); err == nil {
		return true
	}
	return name == "localhost" || strings.HasSuffix(name, ".local")
}

// fromSibling answers a page that was opened at another address of this session's
// hubs, so that it can bring its outbox here. It says whether the call is one.
func (h *Hub) fromSibling(w http.ResponseWriter, r *http.Request) bool {
	origin := r.Header.Get("Origin")
	if origin == "" || origin == "http://"+r.Host || !slices.Contains(h.options.Siblings(), origin) {
		return false
	}
	if u, err := url.Parse(origin); err != nil || u.Scheme != "http" {
		return false
	}
	head := w.Header()
	head.Set("Access-Control-Allow-Origin", origin)
	head.Set("Access-Control-Allow-Headers", "Authorization, Content-Type")
	head.Set("Access-Control-Allow-Methods", "GET, POST")
	head.Set("Access-Control-Max-Age", "600")
	head.Add("Vary", "Origin")
	return true
}

// hostGuard asks for the host's token, which only the loopback link carries.
func (h *Hub) hostGuard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		needs := strings.HasPrefix(r.URL.Path, "/host/v1/") && h.options.HostToken != ""
		given := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
		if needs && subtle.ConstantTimeCompare([]byte(given), []byte(h.options.HostToken)) != 1 {
			fail(w, http.StatusUnauthorized, "host_only", "only the host's own link opens this")
			return
		}
		next.ServeHTTP(w, r)
	})
}

type problem struct {
	Code  string `json:"code"`
	Text  string `json:"text"`
	Limit int    `json:"limit,omitempty"` // the one that was passed
}

// fail answers with a code for programs and a sentence for people.
func fail(w http.ResponseWriter, status int, code, text string) {
	answer(w, status, map[string]problem{"error": {Code: code, Text: text}})
}

// refuse answers with a "no" of the record's rules.
func refuse(w http.ResponseWriter, status int, no *moot.Refusal) {
	answer(w, status, map[string]problem{"error": {string(no.Code), no.Error(), no.Limit}})
}

// wait is fail with the time after which to try again.
func wait(w http.ResponseWriter, status int, code, text string, after time.Duration) {
	seconds := int((after + time.Second - 1) / time.Second)
	w.Header().Set("Retry-After", strconv.Itoa(max(seconds, 1)))
	fail(w, status, code, text)
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.Encode(body) // the other side may be gone; it will ask again
}

// read takes a call's body: one JSON value without fields that are not known.
func read(w http.ResponseWriter, r *http.Request, into any) bool {
	dec := json.NewDecoder(r.Body)
	dec.DisallowUnknownFields()
	err := dec.Decode(into)
	if err == nil && dec.More() {
		err = errors.New("more than one value")
	}
	var big *http.MaxBytesError
	switch {
	case err == nil:
		return true
	case errors.As(err, &big):
		fail(w, http.StatusRequestEntityTooLarge, "too_big", "a call may have 64 KiB at most: send less at a time")
	default:
		fail(w, http.StatusBadRequest, "bad_json", "the call cannot be read: "+err.Error())
	}
	return false
}
