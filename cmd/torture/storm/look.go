package storm

import (
	"context"
	"net/netip"
	"time"

	"folkmoot/sync/link"
	"folkmoot/sync/mdns"
)

// look announces the device on its network, says that it is ready, and looks for others
// until ctx ends.
func (d *device) look(ctx context.Context) error {
	route, err := defaultRoute()
	if err != nil {
		return err
	}
	announcer, err := mdns.Announce(mdns.Service{Instance: d.setup.Name, Port: SyncPort, Text: map[string]string{
		"v": "1", "id": string(d.node.ID()), "role": d.setup.Role, "n": d.setup.Name, "s": d.setup.Session[:8],
	}}, mdns.Options{})
	if err != nil {
		return err
	}
	browser := mdns.Browse(mdns.Options{})
	d.speaker.say(told{Ready: &readyDoc{At: time.Now().UnixMilli(), Route: route}})
	d.work.Go(func() {
		for ctx.Err() == nil {
			d.met(browser.Services())
			select {
			case <-browser.Changed():
			case <-ctx.Done():
			}
		}
		browser.Close()
		announcer.Close()
	})
	return nil
}

// met tells the node, and who listens, of those who were found.
func (d *device) met(services []mdns.Found) {
	var found []link.Found
	for _, s := range services {
		id, err := link.ParseDeviceID(s.Text["id"])
		if err != nil || id == d.node.ID() {
			continue
		}
		f := link.Found{ID: id, Name: s.Text["n"], Role: link.Role(s.Text["role"]), Session: s.Text["s"]}
		for _, ip := range s.Addresses {
			f.Addresses = append(f.Addresses, netip.AddrPortFrom(ip, uint16(s.Port)).String())
		}
		found = append(found, f)
		d.speaker.say(told{Found: &foundDoc{Name: f.Name, At: time.Now().UnixMilli()}})
	}
	d.node.Find(found)
}
