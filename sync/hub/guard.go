package hub

import (
	"crypto/subtle"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// Limits of one call.
const (
	MaxBody  = 64 << 10
	MaxItems = 50
)

const contentPolicy = "default-src 'self'; connect-src 'self' http:; img-src 'self' data:; style-src 'self'; script-src 'self'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// guard is one thing that stands between a call and what answers it. Each has a name,
// so that a test can show that it is this one that stops an attack.
type guard struct {
	name guardName
	wrap func(http.Handler) http.Handler
}

type guardName string

// The guards of a call before any handler runs, in their order.
const (
	guardHost   guardName = "host"   // names that lead here by a trick
	guardPath   guardName = "path"   // paths that mean something else than they say
	guardOrigin guardName = "origin" // calls that another site's page makes
	guardType   guardName = "type"   // bodies that a form can send
	guardSize   guardName = "size"   // bodies over MaxBody
	guardRate   guardName = "rate"   // devices that send without end, before and after reading
	guardShape  guardName = "shape"  // JSON that costs more to read than it says
)

// The limits that handlers ask for themselves.
const (
	guardItems      guardName = "items"      // MaxItems in a call
	guardStatements guardName = "statements" // statements of one device over time
	guardJoins      guardName = "joins"      // joins of the whole hub over time
	guardCodes      guardName = "codes"      // wrong codes over time
	guardAsking     guardName = "asking"     // documents asked for over time
	guardStreams    guardName = "streams"    // streams of one device, and of all
	guardReader     guardName = "reader"     // who does not read their stream
	guardFlight     guardName = "flight"     // answers on their way at a time
	guardJoined     guardName = "joined"     // devices of people who are in the record
	guardText       guardName = "text"       // control and direction characters
)

// guards gives what stands before the handlers, the outermost first. siblings says that
// pages of the session's other addresses are let in: not where the host asks, who has
// nothing but names of this computer either.
func (h *Hub) guards(siblings bool) []guard {
	known := knownHost
	if !siblings {
		known = loopback
	}
	return []guard{
		{guardHost, func(next http.Handler) http.Handler { return hostNames(known, next) }},
		{guardPath, plainPaths},
		{guardOrigin, func(next http.Handler) http.Handler { return h.origins(siblings, next) }},
		{guardType, jsonOnly},
		{guardSize, bounded},
		{guardRate, h.pace},
		{guardShape, shaped},
	}
}

// on says whether a guard is in force. All are, but the one that a test of it takes out.
func (h *Hub) on(name guardName) bool { return h.without != name }

// guard keeps strangers out before any handler runs, and says to browsers what the
// pages may do.
func (h *Hub) guard(siblings bool, next http.Handler) http.Handler {
	list := h.guards(siblings)
	for i := len(list) - 1; i >= 0; i-- {
		if h.on(list[i].name) {
			next = list[i].wrap(next)
		}
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		head := w.Header()
		head.Set("Content-Security-Policy", contentPolicy)
		head.Set("X-Content-Type-Options", "nosniff")
		head.Set("Referrer-Policy", "no-referrer")
		head.Set("X-Frame-Options", "DENY")
		next.ServeHTTP(w, r)
	})
}

func hostNames(known func(string) bool, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !known(r.Host) {
			fail(w, http.StatusMisdirectedRequest, "unknown_host", "this name does not belong to the hub: use the printed address")
			return
		}
		next.ServeHTTP(w, r)
	})
}

// plainPaths refuses paths that would be one thing to the router and another to the
// files behind it: those that climb, that are doubled, that hide a slash.
func plainPaths(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !plainPath(r.URL.EscapedPath()) {
			fail(w, http.StatusNotFound, "no_such_page", "there is no such page")
			return
		}
		next.ServeHTTP(w, r)
	})
}

func plainPath(escaped string) bool {
	rest, rooted := strings.CutPrefix(escaped, "/")
	if !rooted || strings.Contains(escaped, "//") {
		return false
	}
	for part := range strings.SplitSeq(rest, "/") {
		name, err := url.PathUnescape(part)
		if err != nil || name == "." || name == ".." || strings.ContainsAny(name, `/\`) || strings.ContainsFunc(name, unicode.IsControl) {
			return false
		}
	}
	return true
}

// origins refuses calls that another site's page makes, and with siblings lets those in
// that were opened at another address of this session's hubs.
func (h *Hub) origins(siblings bool, next http.Handler) http.Handler {
	cross := http.NewCrossOriginProtection()
	cross.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fail(w, http.StatusForbidden, "cross_origin", "calls from another site are not taken")
	}))
	others := cross.Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch sibling := siblings && h.fromSibling(w, r); {
		case sibling && r.Method == http.MethodOptions:
			w.WriteHeader(http.StatusNoContent)
		case sibling:
			next.ServeHTTP(w, r)
		default:
			others.ServeHTTP(w, r)
		}
	})
}

// jsonOnly refuses what a form of another site could send without asking first.
func jsonOnly(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		kind, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";")
		if r.Method == http.MethodPost && !strings.EqualFold(strings.TrimSpace(kind), "application/json") {
			fail(w, http.StatusUnsupportedMediaType, "not_json", "send JSON with its content type")
			return
		}
		next.ServeHTTP(w, r)
	})
}

// bounded refuses bodies over MaxBody: those that say so unread, the others where the
// limit is passed. Headers over 16 KiB are refused by net/http itself, with 431.
func bounded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ContentLength > MaxBody {
			tooBig(w)
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, MaxBody)
		next.ServeHTTP(w, r)
	})
}

func tooBig(w http.ResponseWriter) {
	fail(w, http.StatusRequestEntityTooLarge, "too_big", "a call may have 64 KiB at most: send less at a time")
}

// knownHost refuses names that a stranger's name server may have pointed at us: an
// address in digits and localhost cannot be abused so. Somebody on the LAN can point a
// .local name here, but finds nothing that they could not ask for themselves: phones
// prove who they are by what no browser sends on its own.
func knownHost(host string) bool {
	name, ip := hostName(host)
	return ip.IsValid() || name == "localhost" || strings.HasSuffix(name, ".local")
}

// loopback takes names of this computer only. What the host's pages are told without a
// token, the wall with its digits, is told to no page that was opened by another name.
func loopback(host string) bool {
	name, ip := hostName(host)
	return ip.IsLoopback() || name == "localhost"
}

func hostName(host string) (name string, ip netip.Addr) {
	name = host
	if n, _, err := net.SplitHostPort(host); err == nil {
		name = n
	}
	name = strings.ToLower(strings.Trim(name, "[]"))
	ip, _ = netip.ParseAddr(name) // a name in letters is no address
	return name, ip.Unmap()
}

// fromSibling answers a page that was opened at another address of this session's
// hubs, so that it can bring its outbox here. It says whether the call is one.
func (h *Hub) fromSibling(w http.ResponseWriter, r *http.Request) bool {
	origin := r.Header.Get("Origin")
	if origin == "" || origin == "http://"+r.Host {
		return false
	}
	u, err := url.Parse(origin)
	if err != nil || u.Scheme != "http" || !slices.Contains(h.options.Siblings(), origin) && !announced(u.Host) {
		return false
	}
	head := w.Header()
	head.Set("Access-Control-Allow-Origin", origin)
	head.Set("Access-Control-Allow-Headers", "Authorization, Content-Type")
	head.Set("Access-Control-Allow-Methods", "GET, POST")
	head.Set("Access-Control-Expose-Headers", "Retry-After")
	head.Set("Access-Control-Max-Age", "600")
	head.Add("Vary", "Origin")
	return true
}

// announced says whether a host is a name that hubs announce on the network: folkmoot.local,
// or with a number where that is taken. Who else says to be it could ask for the same
// without a browser.
func announced(host string) bool {
	name, _ := hostName(host)
	rest, ok := strings.CutPrefix(name, "folkmoot")
	number, local := strings.CutSuffix(rest, ".local")
	if !ok || !local || number == "" {
		return ok && local
	}
	n, err := strconv.Atoi(strings.TrimPrefix(number, "-"))
	return err == nil && n > 1 && number == "-"+strconv.Itoa(n)
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
