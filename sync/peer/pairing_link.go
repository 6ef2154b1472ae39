package peer

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"folkmoot/sync/oplog"
)

// Errors of ParseLink.
var (
	// ErrNoLink is a text of another kind.
	ErrNoLink = errors.New("this is no link for pairing a device")
	// ErrLinkDamaged is a link of which something is missing or wrong.
	ErrLinkDamaged = errors.New("this link is not whole: scan or copy it once more")
	// ErrLinkNewer is a link of another form than this version knows.
	ErrLinkNewer = errors.New("this link was made by a newer version of Folkmoot: update this device")
)

const (
	maxLink      = 2000 // bytes of text, blanks included
	maxAddresses = 8
	linkVersion  = "1"
	linkScheme   = "folkmoot://"
	linkMark     = "pair?"
	linkTag      = "folkmoot pairing link 1\x00"
)

// Secret is what a link proves. It is not printed.
type Secret [16]byte

// String gives no secret.
func (Secret) String() string { return "(secret)" }

// Link is what a host shows as a QR code, so that a device finds it, knows its key and
// proves that it saw the code.
type Link struct {
	// Key is the host's: who answers with another one did not make the link.
	Key    ed25519.PublicKey
	Secret Secret
	// Session is the beginning of the session's id: eight hexadecimal digits.
	Session string
	// Addresses have a port each: "192.168.1.5:8443", "[2001:db8::1]:8443" or
	// "folkmoot.local:8443". There may be none.
	Addresses []string
}

// Link gives the link of an invitation. Addresses that mean nothing on another device,
// such as those with a zone, are left out, and what is more than eight.
func (v Invitation) Link(session oplog.SessionID, addresses []string) Link {
	l := Link{Key: v.Key, Secret: v.Secret, Session: session.String()[:8]}
	for _, a := range addresses {
		if a, ok := usable(a); ok && len(l.Addresses) < maxAddresses && !slices.Contains(l.Addresses, a) {
			l.Addresses = append(l.Addresses, a)
		}
	}
	return l
}

// Text gives the link as text. web is the address of the host's page for phones
// ("http://192.168.1.5:8080"): a tablet's camera, which knows nothing of Folkmoot, then
// opens that page, and what stands behind the # stays in the browser. Without web it is
// a folkmoot: address.
//
// Who brings its own page to that browser can take the secret from it and ask first. It
// still has to be confirmed by the host, and the device that was meant is told that the
// link was used.
func (l Link) Text(web string) string {
	base := base64.RawURLEncoding
	text := linkScheme
	if web != "" {
		text = strings.TrimRight(web, "/") + "/#"
	}
	return text + linkMark + "v=" + linkVersion + "&a=" + strings.Join(l.Addresses, ",") + "&e=" + l.Session +
		"&s=" + base.EncodeToString(l.Secret[:]) + "&k=" + base.EncodeToString(l.Key) + "&c=" + l.control()
}

// control gives four characters that show a link in which a letter is another, or of
// another case: else it would be taken for one of another device.
func (l Link) control() string {
	return base64.RawURLEncoding.EncodeToString(hashed(linkTag, l.Key, l.Secret[:], []byte(l.Session))[:3])
}

// ParseLink reads the text of a link as people bring it: with blanks and line breaks
// anywhere, in quotes or at the end of a sentence, percent signs, other case where that
// says the same. Errors: ErrNoLink, ErrLinkDamaged, ErrLinkNewer.
func ParseLink(text string) (Link, error) {
	if len(text) > maxLink {
		return Link{}, ErrNoLink
	}
	text = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) || unicode.IsControl(r) {
			return -1
		}
		return r
	}, text)
	if whole, err := url.PathUnescape(text); err == nil {
		text = whole
	}
	text = strings.Trim(text, "\"'<>()[]“”‘’「」『』.,;。，")
	fields, ok := linkFields(text)
	if !ok {
		return Link{}, ErrNoLink
	}
	return readLink(fields)
}

// linkFields gives what stands behind the mark of a link.
func linkFields(text string) (string, bool) {
	at := strings.Index(strings.ToLower(text), linkMark)
	if at < 0 || len(strings.ToLower(text)) != len(text) { // a letter of other length in lower case moved it
		return "", false
	}
	before := strings.ToLower(text[:at])
	page := strings.HasSuffix(before, "#") && (strings.HasPrefix(before, "http://") || strings.HasPrefix(before, "https://"))
	return text[at+len(linkMark):], before == "" || before == linkScheme || page
}

func readLink(fields string) (Link, error) {
	values := map[string]string{}
	for field := range strings.SplitSeq(fields, "&") {
		name, value, _ := strings.Cut(field, "=")
		name = strings.ToLower(name)
		if _, twice := values[name]; twice {
			return Link{}, ErrLinkDamaged
		}
		values[name] = value
	}
	if v := values["v"]; v != linkVersion {
		if n, err := strconv.ParseUint(v, 10, 16); err == nil && n > 1 {
			return Link{}, ErrLinkNewer
		}
		return Link{}, ErrLinkDamaged
	}
	l := Link{Session: strings.ToLower(values["e"])}
	key, okKey := readBase64(values["k"], ed25519.PublicKeySize)
	secret, okSecret := readBase64(values["s"], len(l.Secret))
	if begin, err := hex.DecodeString(l.Session); !okKey || !okSecret || err != nil || len(begin) != 4 {
		return Link{}, ErrLinkDamaged
	}
	if l.Key, l.Secret = key, Secret(secret); strings.TrimRight(values["c"], "=") != l.control() {
		return Link{}, ErrLinkDamaged
	}
	for a := range strings.SplitSeq(values["a"], ",") {
		if a == "" {
			continue
		}
		address, ok := usable(a)
		if !ok || len(l.Addresses) == maxAddresses {
			return Link{}, ErrLinkDamaged
		}
		l.Addresses = append(l.Addresses, address)
	}
	return l, nil
}

func readBase64(text string, size int) ([]byte, bool) {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(strings.TrimRight(text, "="))
	return raw, err == nil && len(raw) == size
}

// usable gives an address with its port in one form, if another device can dial it.
func usable(address string) (string, bool) {
	if ip, err := netip.ParseAddrPort(address); err == nil {
		a := ip.Addr().Unmap()
		ok := ip.Port() > 0 && a.Zone() == "" && !a.IsUnspecified() && !a.IsMulticast() && !(a.Is6() && a.IsLinkLocalUnicast())
		return netip.AddrPortFrom(a, ip.Port()).String(), ok
	}
	name, port, ok := strings.Cut(strings.ToLower(address), ":")
	number, err := strconv.ParseUint(port, 10, 16)
	letter := func(r rune) bool { return r >= 'a' && r <= 'z' }
	odd := func(r rune) bool { return !letter(r) && !(r >= '0' && r <= '9') && r != '-' && r != '.' }
	ok = ok && err == nil && number > 0 && len(name) <= 253 && strings.ContainsFunc(name, letter) && !strings.ContainsFunc(name, odd)
	return name + ":" + strconv.FormatUint(number, 10), ok
}
