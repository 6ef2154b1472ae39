package main_test

import (
	"encoding/json"
	"fmt"
	"net"
	"testing"
)

// otherDevices is what the command says of a hub's other devices.
type otherDevices struct {
	Link    string
	Devices []struct{ ID, State string }
}

// devices asks a hub for its other devices.
func (l *laptop) devices(do string) (d otherDevices, err error) {
	out, err := l.command("", "device", do, "--json").Output()
	if err == nil {
		err = json.Unmarshal(out, &d)
	}
	return d, err
}

// TestWindowTablet has the tablet's real window let in by a hub: it is started, given the
// hub's link as somebody pastes it, and talks to the hub from then on.
func TestWindowTablet(t *testing.T) {
	hub := newLaptop(t)
	serving := hub.serve()
	screen, table := newScreen(t), newLaptop(t)
	tablet := table.run(screen.name, "tablet", "--no-mdns", "--peers", "127.0.0.1:0")
	tablet.awaits("the tablet's window", func() bool { return screen.window("Folkmoot") != 0 })
	invited, err := hub.devices("invite")
	if err != nil {
		t.Fatalf("invite: %v\n%s", err, serving.said())
	}
	screen.copies(invited.Link)
	var asking otherDevices
	tablet.awaits("the tablet to ask", func() bool {
		// Where the field for the link is not in focus yet, nothing is pasted.
		screen.do("key", "Tab", "ctrl+v", "Return")
		asking, err = hub.devices("list")
		return err == nil && len(asking.Devices) == 1 && asking.Devices[0].State == "asking"
	})
	if out, err := hub.command("", "device", "pair", asking.Devices[0].ID).CombinedOutput(); err != nil {
		t.Fatalf("pair: %v\n%s", err, out)
	}
	tablet.awaits("the tablet to be in reach", func() bool {
		d, err := hub.devices("list")
		return err == nil && len(d.Devices) == 1 && d.Devices[0].State == "paired"
	})
	tablet.stopped()
	serving.stopped()
}

// serve runs a hub with the sample session for this computer only.
func (l *laptop) serve() *running {
	r := l.run("", "serve", "--sample", "--listen", fmt.Sprintf("127.0.0.1:%d", l.port), "--peers", net.JoinHostPort("127.0.0.1", "0"))
	r.awaits("the hub", r.alive)
	return r
}
