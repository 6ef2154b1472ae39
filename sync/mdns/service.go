package mdns

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"maps"
	"net"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/hashicorp/mdns"
	"github.com/miekg/dns"
)

// Service is what is announced.
type Service struct {
	// Instance is its name for people, which is cut after 63 bytes. Where another device has the same, a
	// number is put behind it.
	Instance string
	// Port is where it listens.
	Port int
	// Text says more about it: short keys, no "=" in them; about 1 000 bytes in all.
	Text map[string]string
	// Host is the name "folkmoot" in folkmoot.local, of letters, digits and hyphens. Where
	// another device has it, a number is put behind it. Empty for a service that nobody
	// types: it gets a name that is worked out from Instance and Text["id"].
	Host string
}

const (
	textSize    = 1000 // bytes of all Text, so that an announcement fits a packet
	timeToLive  = 120  // seconds, as RFC 6762 wants for what names a host
	flush       = 1 << 15
	addressesOf = 8 // of an adapter, that are announced
)

var hostLabel = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,58}[a-z0-9])?$`)

// check gives the service as it will be announced.
func (s Service) check() (Service, error) {
	if s.Instance == "" || !utf8.ValidString(s.Instance) {
		return s, errors.New("mdns: announce: the service has no readable name")
	}
	if s.Port < 1 || s.Port > 65535 {
		return s, fmt.Errorf("mdns: announce: %d is no port", s.Port)
	}
	size := 0
	for key, value := range s.Text {
		if key == "" || strings.Contains(key, "=") || len(key)+len(value) > 254 {
			return s, fmt.Errorf("mdns: announce: text %q is malformed or too long", key)
		}
		size += len(key) + len(value) + 2
	}
	if size > textSize {
		return s, fmt.Errorf("mdns: announce: %d bytes of text are more than %d", size, textSize)
	}
	s.Text = maps.Clone(s.Text)
	s.Instance = cut(s.Instance, labelSize)
	s.Host = strings.ToLower(s.Host)
	if s.Host == "" {
		s.Host = fmt.Sprintf("folkmoot-%x", sha256.Sum256([]byte(s.Instance+"\x00"+s.Text["id"])))[:20]
	}
	if !hostLabel.MatchString(s.Host) {
		return s, fmt.Errorf("mdns: announce: %q is no name for a host", s.Host)
	}
	return s, nil
}

// zone holds the records of a service at one adapter.
type zone struct {
	inner          *mdns.MDNSService
	ttl            uint32
	instance, host string // names in full
}

// newZone gives the records under these names. The service was checked.
func newZone(s Service, instance, host string, a Adapter, ttl uint32) zone {
	z := zone{ttl: ttl, instance: escape(instance) + "." + typeName, host: host + ".local."}
	var addresses []net.IP
	for _, p := range a.Addresses[:min(len(a.Addresses), addressesOf)] {
		addresses = append(addresses, p.Addr().AsSlice())
	}
	text := []string{""} // a service without text has one empty string, by RFC 6763
	if len(s.Text) > 0 {
		text = nil
		for _, key := range slices.Sorted(maps.Keys(s.Text)) {
			text = append(text, strings.ReplaceAll(key+"="+s.Text[key], `\`, `\\`))
		}
	}
	// What it would refuse was checked, but for no address; then it would ask the
	// system's resolver.
	if len(addresses) > 0 {
		z.inner, _ = mdns.NewMDNSService(escape(instance), Type, "local.", z.host, s.Port, addresses, text)
	}
	return z
}

// Records answers a question, in whatever letter case it was asked.
func (z zone) Records(q dns.Question) []dns.RR {
	if z.inner == nil || q.Qclass&^flush != dns.ClassINET && q.Qclass&^flush != dns.ClassANY {
		return nil
	}
	var records []dns.RR
	switch name := canonical(q.Name); name {
	case canonical(z.host):
		records = z.hostRecords(q.Qtype)
	case canonical(z.instance):
		if q.Qtype == dns.TypeSRV || q.Qtype == dns.TypeTXT || q.Qtype == dns.TypeANY {
			records = z.inner.Records(dns.Question{Name: z.instance, Qtype: q.Qtype})
		}
	case typeName, enumName:
		records = z.inner.Records(dns.Question{Name: name, Qtype: q.Qtype})
	}
	for _, r := range records {
		r.Header().Ttl = z.ttl
		if r.Header().Rrtype != dns.TypePTR { // all but the list of services is ours alone
			r.Header().Class |= flush
		}
	}
	return records
}

// hostRecords gives the host's addresses; where it has none of the kind that was asked for
// it says so, since who asks for both kinds waits for both.
func (z zone) hostRecords(kind uint16) []dns.RR {
	four := z.inner.Records(dns.Question{Name: z.host, Qtype: dns.TypeA})
	six := z.inner.Records(dns.Question{Name: z.host, Qtype: dns.TypeAAAA})
	none := func(has uint16) []dns.RR {
		return []dns.RR{&dns.NSEC{
			Hdr:        dns.RR_Header{Name: z.host, Rrtype: dns.TypeNSEC, Class: dns.ClassINET},
			NextDomain: z.host, TypeBitMap: []uint16{has},
		}}
	}
	switch {
	case kind == dns.TypeA && len(four) == 0:
		return none(dns.TypeAAAA)
	case kind == dns.TypeAAAA && len(six) == 0:
		return none(dns.TypeA)
	case kind == dns.TypeA:
		return four
	case kind == dns.TypeAAAA:
		return six
	case kind == dns.TypeANY:
		return append(four, six...)
	}
	return nil
}

// all gives every record, as they are announced.
func (z zone) all() []dns.RR {
	return z.Records(dns.Question{Name: typeName, Qtype: dns.TypePTR, Qclass: dns.ClassINET})
}

// claim spells what the service's record says.
func (z zone) claim() string {
	for _, r := range z.Records(dns.Question{Name: z.instance, Qtype: dns.TypeSRV, Qclass: dns.ClassINET}) {
		if srv, ok := r.(*dns.SRV); ok {
			return claimOf(srv)
		}
	}
	return ""
}

// goodbye gives every record with no time left to live. They do not flush: another device
// may have the name by now.
func (z zone) goodbye() []dns.RR {
	records := z.all()
	for _, r := range records {
		r.Header().Ttl = 0
		r.Header().Class &^= flush
	}
	return records
}
