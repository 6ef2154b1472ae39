package mdns

import (
	"maps"
	"net/netip"
	"slices"
	"time"

	"github.com/miekg/dns"
)

// Found is a service that was heard of at one adapter.
type Found struct {
	Instance  string // its name, as it was announced: a hint, as all of this
	Text      map[string]string
	Port      int
	Host      string       // "folkmoot.local"
	Addresses []netip.Addr // at least one; those on the adapter's link first, IPv4 before IPv6; link-local ones with their zone
	Adapter   string       // of this machine
	Seen      time.Time    // when it was last heard of
}

// Bounds of what strangers can make us keep.
const (
	maxServices  = 256
	maxOfSender  = 16 // services
	maxAddresses = 16 // of a host
	maxRecords   = 512
	maxTTL       = 75 * time.Minute // the longest that RFC 6762 recommends
	doubtful     = 4 * time.Second  // how long a service is believed when the network may be another one
)

// life is how long a record is believed.
type life struct {
	from, until time.Time
	asked       int // how many of the askings before its end are done
}

// lateness says at which part of a record's life it is asked for again (RFC 6762, 5.2).
var lateness = []time.Duration{80, 90, 95}

func newLife(now time.Time, seconds uint32) life {
	return life{from: now, until: now.Add(min(time.Duration(seconds)*time.Second, maxTTL))}
}

// ask tells when the record should be asked for next; zero for never.
func (l life) ask() time.Time {
	if l.asked >= len(lateness) {
		return time.Time{}
	}
	return l.from.Add(l.until.Sub(l.from) * lateness[l.asked] / 100)
}

// key names something at an adapter: the same name may mean another thing at the next.
type key struct{ adapter, name string }

// entry is what is known of one service.
type entry struct {
	instance string
	name     string // in full, as it was heard
	from     netip.Addr
	listed   life // of the entry in the list of services
	srv      life
	target   string // the host's name in full, as it was heard
	port     int
	txt      life
	text     map[string]string
	seen     time.Time
	missing  time.Time     // when what is missing is asked for next
	patience time.Duration // and how long after that again
}

// table is all services that were heard of. Its owner passes in packets and time.
type table struct {
	adapters map[string]Adapter
	entries  map[key]*entry
	hosts    map[key]map[netip.Addr]life // addresses of the hosts that entries name
}

func newTable() *table {
	return &table{adapters: map[string]Adapter{}, entries: map[key]*entry{}, hosts: map[key]map[netip.Addr]life{}}
}

// setAdapters passes in where is listened. What was found at an adapter that is gone is
// gone; at one that changed, or when the machine was asleep, it must be heard again soon.
func (t *table) setAdapters(now time.Time, adapters []Adapter, woke bool) {
	next := map[string]Adapter{}
	for _, a := range adapters {
		if old, ok := t.adapters[a.Name]; ok && (woke || !old.same(a)) {
			t.doubt(now, a.Name)
		}
		next[a.Name] = a
	}
	t.adapters = next
	for k := range t.entries {
		if _, ok := next[k.adapter]; !ok {
			delete(t.entries, k)
		}
	}
	t.prune()
}

func (t *table) doubt(now time.Time, adapter string) {
	for k, e := range t.entries {
		if k.adapter == adapter && e.listed.until.After(now.Add(doubtful)) {
			e.listed = life{from: now.Add(-doubtful), until: now.Add(doubtful)}
		}
	}
}

// read takes a packet from somebody on the adapter's link.
func (t *table) read(now time.Time, adapter string, m *dns.Msg, from netip.Addr) {
	a, ok := t.adapters[adapter]
	if !ok || !m.Response || m.Opcode != dns.OpcodeQuery || m.Rcode != 0 || !a.onLink(from) {
		return
	}
	records := said(m)
	if t.reflected(adapter, records, from) {
		return
	}
	for _, r := range records {
		if p, ok := r.(*dns.PTR); ok && canonical(p.Hdr.Name) == typeName {
			t.readList(now, adapter, p, from)
		}
	}
	for _, r := range records {
		if e := t.entries[key{adapter, canonical(r.Header().Name)}]; e != nil {
			e.read(now, r)
		}
	}
	t.prune()
	t.readHosts(now, a, records)
}

// said gives what a response says: the records of the internet's class that are whole.
func said(m *dns.Msg) []dns.RR {
	records := append(slices.Clone(m.Answer), m.Extra...)
	records = slices.DeleteFunc(records, func(r dns.RR) bool {
		return r.Header().Class&^flush != dns.ClassINET || r.Header().Rdlength == 0
	})
	return records[:min(len(records), maxRecords)]
}

// reflected tells whether somebody repeats what another one said: the packet names
// addresses of a service's host, and its sender's is not among those of its kind.
func (t *table) reflected(adapter string, records []dns.RR, from netip.Addr) bool {
	hosts := map[string]bool{}
	for k, e := range t.entries {
		if k.adapter == adapter && e.target != "" {
			hosts[canonical(e.target)] = true
		}
	}
	for _, r := range records {
		if srv, ok := r.(*dns.SRV); ok {
			if _, ours := instanceOf(srv.Hdr.Name); ours {
				hosts[canonical(srv.Target)] = true
			}
		}
	}
	from, others := from.WithZone(""), false
	for _, r := range records {
		address, ok := addressIn(r)
		if !ok || !hosts[canonical(r.Header().Name)] {
			continue
		}
		if address == from {
			return false
		}
		others = others || kindOf(address) == kindOf(from)
	}
	return others
}

func kindOf(a netip.Addr) [2]bool { return [2]bool{a.Is4(), a.IsLinkLocalUnicast()} }

func addressIn(r dns.RR) (netip.Addr, bool) {
	var address netip.Addr
	switch r := r.(type) {
	case *dns.A:
		address, _ = netip.AddrFromSlice(r.A.To4())
	case *dns.AAAA:
		address, _ = netip.AddrFromSlice(r.AAAA.To16())
		address = address.Unmap()
	}
	return address, address.IsValid() && !address.IsUnspecified() && !address.IsLoopback() && !address.IsMulticast()
}

// readList takes a line of the list of services: somebody came, is still there, or left.
func (t *table) readList(now time.Time, adapter string, p *dns.PTR, from netip.Addr) {
	instance, ok := instanceOf(p.Ptr)
	k := key{adapter, canonical(p.Ptr)}
	e := t.entries[k]
	switch {
	case !ok:
	case p.Hdr.Ttl == 0:
		delete(t.entries, k)
	case e != nil:
		e.listed, e.seen = newLife(now, p.Hdr.Ttl), now
	case len(t.entries) < maxServices && t.of(from) < maxOfSender:
		t.entries[k] = &entry{
			instance: readable(instance), name: p.Ptr, from: from, listed: newLife(now, p.Hdr.Ttl), seen: now,
			missing: now.Add(soon), patience: time.Second,
		}
	}
}

// of counts the services that a sender told of first: one device must not fill the list.
func (t *table) of(from netip.Addr) int {
	count := 0
	for _, e := range t.entries {
		if e.from == from {
			count++
		}
	}
	return count
}

// soon is how long the rest may come in packets of their own before it is asked for.
const soon = 100 * time.Millisecond

func (e *entry) read(now time.Time, r dns.RR) {
	switch r := r.(type) {
	case *dns.SRV:
		if r.Hdr.Ttl == 0 {
			e.srv, e.target, e.port = life{}, "", 0
			return
		}
		e.srv, e.target, e.port, e.seen = newLife(now, r.Hdr.Ttl), r.Target, int(r.Port), now
	case *dns.TXT:
		if r.Hdr.Ttl == 0 {
			e.txt, e.text = life{}, nil
			return
		}
		e.txt, e.text, e.seen = newLife(now, r.Hdr.Ttl), readText(r.Txt), now
	}
}

// readHosts takes the addresses of hosts that services name. Addresses that flush take the
// place of older ones of their kind.
func (t *table) readHosts(now time.Time, a Adapter, records []dns.RR) {
	wanted := map[key]bool{}
	for k, e := range t.entries {
		if k.adapter == a.Name && e.target != "" {
			wanted[key{a.Name, canonical(e.target)}] = true
		}
	}
	for _, r := range records {
		address, ok := addressIn(r)
		k := key{a.Name, canonical(r.Header().Name)}
		if !ok || !wanted[k] {
			continue
		}
		if address.Is6() && address.IsLinkLocalUnicast() {
			address = address.WithZone(a.Name)
		}
		known := t.hosts[k]
		if known == nil {
			known = map[netip.Addr]life{}
			t.hosts[k] = known
		}
		if r.Header().Class&flush != 0 {
			maps.DeleteFunc(known, func(other netip.Addr, l life) bool {
				return other.Is4() == address.Is4() && now.Sub(l.from) > time.Second
			})
		}
		if r.Header().Ttl == 0 {
			delete(known, address)
		} else if _, has := known[address]; has || len(known) < maxAddresses {
			known[address] = newLife(now, r.Header().Ttl)
		}
	}
}

// prune forgets hosts that no service names.
func (t *table) prune() {
	named := map[key]bool{}
	for k, e := range t.entries {
		named[key{k.adapter, canonical(e.target)}] = true
	}
	maps.DeleteFunc(t.hosts, func(k key, _ map[netip.Addr]life) bool { return !named[k] })
}

// services gives those of which all is known, sorted by name, then adapter.
func (t *table) services() []Found {
	var all []Found
	for k, e := range t.entries {
		addresses := t.addresses(k.adapter, e.target)
		if e.target == "" || e.port == 0 || e.text == nil || len(addresses) == 0 {
			continue
		}
		all = append(all, Found{
			Instance: e.instance, Text: maps.Clone(e.text), Port: e.port, Host: hostName(e.target),
			Addresses: addresses, Adapter: k.adapter, Seen: e.seen,
		})
	}
	slices.SortFunc(all, func(a, b Found) int {
		if c := compare(a.Instance, b.Instance); c != 0 {
			return c
		}
		return compare(a.Adapter, b.Adapter)
	})
	return all
}

func (t *table) addresses(adapter, host string) []netip.Addr {
	a := t.adapters[adapter]
	rank := func(address netip.Addr) int {
		switch {
		case a.onLink(address) && address.Is4():
			return 0
		case a.onLink(address) && !address.IsLinkLocalUnicast():
			return 1
		case a.onLink(address):
			return 2
		}
		return 3
	}
	addresses := slices.Collect(maps.Keys(t.hosts[key{adapter, canonical(host)}]))
	slices.SortFunc(addresses, func(a, b netip.Addr) int {
		if c := rank(a) - rank(b); c != 0 {
			return c
		}
		return a.Compare(b)
	})
	return addresses
}
