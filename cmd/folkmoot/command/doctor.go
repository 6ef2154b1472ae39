package command

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"folkmoot/app/readmodel"
	"folkmoot/cmd/folkmoot/crowd"
	"folkmoot/sync/store"
)

// check is one thing that doctor looked at.
type check struct {
	Name    string `json:"name"`
	Verdict string `json:"verdict"` // good, warning, bad
	Found   string `json:"found"`
	Cure    string `json:"cure"`
}

func (a *app) doctorCommand() *cobra.Command {
	var o doctorOptions
	c := &cobra.Command{
		Use: "doctor", Short: "Look at what a session needs: network, devices, ports, firewall, clock, disk", Args: nothing,
		Long: "Looks at what a session needs, and says what to do where something stands against it.\n" +
			"With --phone it shows a QR code and waits a minute for one phone: nothing else tells whether a Wi-Fi keeps devices apart.",
		RunE: func(c *cobra.Command, _ []string) error { return a.doctor(c.Context(), o) },
	}
	c.Flags().StringVar(&o.listen, "listen", ":8080", "address and port that serve would use")
	c.Flags().BoolVar(&o.phone, "phone", false, "wait a minute for one phone to get through")
	return a.jsonFlag(c)
}

type doctorOptions struct {
	listen string
	phone  bool
}

// doctorChecks looks at everything, in the order in which it is said.
func (a *app) doctorChecks(ctx context.Context, o doctorOptions) []check {
	start := time.Now()
	limit, _ := crowd.Sockets(0, false)
	checks := append(checkAdapters(), checkPort(o.listen), checkPeers(peersPort, a.peerPorts(ctx)), checkSockets(limit), a.checkDisk(), checkFonts(), checkMDNS(ctx))
	_, web, _ := net.SplitHostPort(o.listen)
	checks = append(checks, askFirewall(ctx).check(web, strconv.Itoa(peersPort)))
	if addresses := wouldReach(o.listen); len(addresses) > 0 {
		checks = append(checks, checkWays(addresses, ""))
	}
	checks = append(checks, a.checkPhone(ctx, o.listen, o.phone))
	now := time.Now()
	return append(checks, clockFacts{now: now, moved: movedSince(start, now), set: clockSet(), devices: a.openDevices(ctx)}.check())
}

func (a *app) doctor(ctx context.Context, o doctorOptions) error {
	checks := a.doctorChecks(ctx, o)
	ok := true
	for _, c := range checks {
		ok = ok && c.Verdict != "bad"
	}
	if a.json {
		if err := a.printJSON(map[string]any{"ok": ok, "checks": checks}); err != nil {
			return err
		}
	} else {
		for _, c := range checks {
			a.say("%-8s %-10s %s", c.Verdict, c.Name, c.Found)
			if c.Cure != "" {
				a.say("%-19s → %s", "", c.Cure)
			}
		}
	}
	if !ok {
		return &problem{why: "a session could not be held like this", try: "see the lines marked bad"}
	}
	return nil
}

func checkAdapters() []check {
	found, err := adapters()
	if err != nil {
		return []check{{"adapters", "bad", err.Error(), "ask whoever looks after this computer"}}
	}
	if len(found) == 0 {
		return []check{
			{"adapters", "warning", "no network adapter that phones could reach", "join a Wi-Fi, or open one with this computer or a pocket router"},
			{"addresses", "warning", "only this computer itself (127.0.0.1)", "join a Wi-Fi, or open one with this computer or a pocket router: phones then come in at its address"},
		}
	}
	var names, ips []string
	for _, ad := range found {
		names = append(names, ad.name)
		for _, ip := range ad.addresses {
			ips = append(ips, ip.String())
		}
	}
	addresses := check{"addresses", "good", strings.Join(ips, ", "), ""}
	if len(ips) > 1 {
		addresses.Cure = "phones must be on the network of one of these: the first is printed, try the next where it does not answer"
	}
	return []check{{"adapters", "good", strings.Join(names, ", "), ""}, addresses}
}

func checkPort(address string) check {
	listener, err := net.Listen("tcp", address)
	if err == nil {
		listener.Close()
		return check{"port", "good", address + " is free", ""}
	}
	if title, ours := hubAt(address); ours {
		return check{"port", "good", fmt.Sprintf("a hub of Folkmoot answers at %s, with the session %q", address, title), ""}
	}
	if addressTaken(err) {
		return check{"port", "bad", address + " is taken by another program", "close that one, or choose another: serve --listen :8081"}
	}
	return check{"port", "bad", fmt.Sprintf("%s cannot be used: %v", address, err), "choose one above 1023: serve --listen :8080"}
}

// hubAt asks whether a hub of ours answers on a port of this computer, and gives its
// session's title.
func hubAt(address string) (title string, ours bool) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return "", false
	}
	if ip, err := netip.ParseAddr(host); err != nil || ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	client := http.Client{Timeout: time.Second}
	res, err := client.Get("http://" + net.JoinHostPort(host, port) + "/api/v1/alive")
	if err != nil {
		return "", false
	}
	defer res.Body.Close()
	var alive struct{ Session, Title string }
	err = json.NewDecoder(io.LimitReader(res.Body, 64<<10)).Decode(&alive)
	return alive.Title, err == nil && alive.Session != ""
}

const (
	// hubSockets is how many connections a hub takes at a time.
	hubSockets = 8192
	// ownFiles is how many files and connections it has besides, with room to spare.
	ownFiles = 64
)

// checkSockets looks at how many files and connections a program may have open; 0 is
// without limit.
func checkSockets(limit int) check {
	if limit == 0 || limit >= hubSockets+ownFiles {
		return check{"sockets", "good", fmt.Sprintf("a hub may have the %d connections that it takes at the most", hubSockets), ""}
	}
	found := fmt.Sprintf("a program may have %d files and connections here: the pages of about %d phones at a time", limit, max(0, limit-ownFiles)/2)
	return check{"sockets", "warning", found, "for more raise the limit before you start: ulimit -n 16384"}
}

// Free space below which doctor warns, and below which a session is at risk.
func (a *app) checkDisk() check {
	dir, err := a.writable()
	if err != nil {
		why, try, _ := strings.Cut(sentence(err), "\n")
		return check{"disk", "bad", why, try}
	}
	free, err := store.Free(dir)
	if err != nil {
		return check{"disk", "warning", fmt.Sprintf("%s can be written to; how much is free is not known (%v)", dir, err), "see that there is half a gigabyte"}
	}
	found := fmt.Sprintf("%s can be written to, %d MiB free", dir, free>>20)
	switch {
	case free < readmodel.ShortRoom:
		return check{"disk", "bad", found, "make room: half a gigabyte at least"}
	case free < readmodel.LowRoom:
		return check{"disk", "warning", found, "make room: half a gigabyte is safe"}
	}
	return check{"disk", "good", found, ""}
}
