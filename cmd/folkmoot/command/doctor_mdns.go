package command

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"folkmoot/app/readmodel"
	"folkmoot/sync/mdns"
)

// hearing is what came of announcing something and looking for it.
type hearing struct {
	adapters []mdns.Adapter
	heard    map[string]bool // by adapter: what was announced there was found there
	others   []string        // other devices of Folkmoot that were found, by their ids
}

// hearItself announces something on every usable adapter and looks for it, until it is
// found on each or ctx ends. What it announces has a role that no device asks to pair.
func hearItself(ctx context.Context, o mdns.Options) (hearing, error) {
	var id [16]byte
	rand.Read(id[:])
	own := hex.EncodeToString(id[:])
	announcer, err := mdns.Announce(mdns.Service{Instance: "Folkmoot doctor " + own[:6], Port: 9, Text: map[string]string{"v": "1", "id": own, "role": "doctor"}}, o)
	if err != nil {
		return hearing{}, err
	}
	defer announcer.Close()
	browser := mdns.Browse(o)
	defer browser.Close()
	for {
		h := heardOf(own, browser.Adapters(), browser.Services())
		if n := len(h.usable()); n > 0 && n == len(h.heard) {
			return h, nil
		}
		select {
		case <-browser.Changed():
		case <-ctx.Done():
			if h.adapters == nil {
				h.adapters, err = mdns.Adapters()
			}
			return h, err
		}
	}
}

// heardOf tells what was announced under an id from other devices; one that is found at two
// adapters is one.
func heardOf(own string, adapters []mdns.Adapter, services []mdns.Found) hearing {
	h := hearing{adapters: adapters, heard: map[string]bool{}}
	for _, found := range services {
		switch id := found.Text["id"]; {
		case id == own:
			h.heard[found.Adapter] = true
		case found.Text["role"] != "doctor" && !slices.Contains(h.others, id):
			h.others = append(h.others, id)
		}
	}
	return h
}

// usable gives the names of the adapters at which devices may be found.
func (h hearing) usable() []string {
	var names []string
	for _, a := range h.adapters {
		if a.Reason == mdns.Usable {
			names = append(names, a.Name)
		}
	}
	return names
}

// check says whether devices can find each other here.
func (h hearing) check(err error) check {
	if err != nil {
		return check{"mdns", "bad", "looking for devices does not work: " + err.Error(), "tablets can still be paired with the QR code, which has the address in it"}
	}
	var heard, deaf []string
	for _, name := range h.usable() {
		if h.heard[name] {
			heard = append(heard, name)
		} else {
			deaf = append(deaf, name)
		}
	}
	found := "what is announced on " + strings.Join(heard, ", ") + " is heard there"
	if len(h.others) > 0 {
		found += fmt.Sprintf("; %d other devices of Folkmoot are here", len(h.others))
	}
	switch {
	case mdns.Look(h.adapters) == mdns.NoAdapter:
		return check{"mdns", "warning", "no network, so no device can be found", "join a Wi-Fi, or open one with this computer or a pocket router"}
	case mdns.Look(h.adapters) == mdns.OnlyVirtual:
		return check{"mdns", "warning", "only a VPN or containers, through which no device in the room comes", "join a Wi-Fi, or open one with this computer or a pocket router"}
	case len(heard) == 0:
		return check{"mdns", "warning", "nothing that is announced on " + strings.Join(deaf, ", ") + " is heard", "a firewall keeps UDP port 5353 back: open it; or pair tablets with the QR code, which has the address in it"}
	case len(deaf) > 0:
		return check{"mdns", "warning", found + ", not on " + strings.Join(deaf, ", "), "use the network of " + strings.Join(heard, ", ") + ", or open UDP port 5353 on the others"}
	}
	return check{"mdns", "good", found, ""}
}

// mdnsPatience is how long doctor listens: a name is claimed within a second.
const mdnsPatience = 4 * time.Second

func checkMDNS(ctx context.Context) check {
	ctx, stop := context.WithTimeout(ctx, mdnsPatience)
	defer stop()
	return quietly(hearItself(ctx, mdns.Options{}))
}

func quietly(h hearing, err error) check { return h.check(err) }

// deviceAdapters are this computer's adapters as readmodel.DeviceFacts wants them: those
// that are up and lead somewhere.
func deviceAdapters(adapters []mdns.Adapter) []readmodel.AdapterFacts {
	var facts []readmodel.AdapterFacts
	for _, a := range adapters {
		if a.Reason != mdns.Usable && a.Reason != mdns.Tunnel && a.Reason != mdns.Virtual && a.Reason != mdns.NoMulticast {
			continue
		}
		f := readmodel.AdapterFacts{Name: a.Name, Virtual: a.Reason == mdns.Tunnel || a.Reason == mdns.Virtual}
		for _, p := range a.Addresses {
			ip := p.Addr()
			f.IPv4 = f.IPv4 || usable(ip)
			f.IPv6 = f.IPv6 || ip.Is6() && !(f.Virtual && ip.IsLinkLocalUnicast())
		}
		facts = append(facts, f)
	}
	return facts
}
