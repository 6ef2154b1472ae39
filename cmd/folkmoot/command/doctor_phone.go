package command

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"

	"folkmoot/app/readmodel"
)

// phoneTry is a page on which doctor waits for one phone.
type phoneTry struct {
	server *http.Server
	came   chan string // where from, the first that was not this computer
	once   sync.Once
}

// phonePage is what the phone shows: it is no session.
const phonePage = `<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Folkmoot</title>
<body style="font:20px system-ui;margin:2em"><p>✓ This phone reaches the facilitator’s computer.</p><p lang="zh-Hant">✓ 這支手機連得到主持人的電腦。</p>`

// newPhoneTry begins to wait on a listener.
func newPhoneTry(listener net.Listener) *phoneTry {
	p := &phoneTry{came: make(chan string, 1)}
	p.server = &http.Server{Handler: p, ReadHeaderTimeout: 5 * time.Second}
	go p.server.Serve(listener)
	return p
}

// ServeHTTP answers a phone.
func (p *phoneTry) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.Write([]byte(phonePage))
	if from, err := netip.ParseAddrPort(r.RemoteAddr); err == nil && !ofThisComputer(from.Addr()) {
		p.once.Do(func() { p.came <- from.Addr().Unmap().String() })
	}
}

// wait gives where a phone came from, "" where none did before ctx ended.
func (p *phoneTry) wait(ctx context.Context) string {
	defer p.server.Close()
	select {
	case from := <-p.came:
		return from
	case <-ctx.Done():
		return ""
	}
}

// ofThisComputer says whether an address is one of this computer's own: what comes from
// there did not cross the Wi-Fi.
func ofThisComputer(ip netip.Addr) bool {
	if ip.IsLoopback() {
		return true
	}
	addrs, err := net.InterfaceAddrs()
	if err != nil {
		return false
	}
	for _, addr := range addrs {
		if p, err := netip.ParsePrefix(addr.String()); err == nil && p.Addr().Unmap() == ip.Unmap().WithZone("") {
			return true
		}
	}
	return false
}

// phonePatience is how long doctor waits for a phone: as long as the ladder does.
const phonePatience = readmodel.Patience * time.Millisecond

// phoneCheck says what it means that a phone came, or that none did. interrupted says that
// somebody would not wait.
func phoneCheck(from string, waited time.Duration, interrupted bool) check {
	switch {
	case from != "":
		return check{"phone", "good", fmt.Sprintf("a phone at %s got through after %d s: this Wi-Fi lets devices reach each other", from, int(waited/time.Second)), ""}
	case interrupted:
		return check{"phone", "warning", fmt.Sprintf("no phone came within %d s, and it was not waited for longer", int(waited/time.Second)), "try again: doctor --phone"}
	}
	return check{"phone", "warning", fmt.Sprintf("no phone got through within %d s: this Wi-Fi probably keeps devices apart", int(waited/time.Second)),
		"type the address instead of scanning; then try the other addresses; then use a pocket router or this computer's hotspot"}
}

// checkPhone shows a QR code and waits for a phone; without the wish to it says how.
func (a *app) checkPhone(ctx context.Context, address string, wanted bool) check {
	if !wanted {
		return check{"phone", "warning", "not tried whether this Wi-Fi lets a phone reach this computer", "try it with one phone: doctor --phone"}
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return check{"phone", "warning", "no page could be opened for the phone: " + err.Error(), "while a session is open its own page does: check-in says how many phones got through"}
	}
	reach := reachable(listener.Addr())
	if len(reach) == 0 || strings.HasPrefix(reach[0], "http://127.") {
		listener.Close()
		return check{"phone", "warning", "this computer is in no network that a phone could be in", "join a Wi-Fi, or open one with this computer or a pocket router"}
	}
	fmt.Fprintf(a.Err, "Scan this with one phone on the same Wi-Fi, or type %s. Waiting for %d seconds; Ctrl-C ends it.\n%s\n", reach[0], int(phonePatience/time.Second), terminalQR(reach[0], a.Progress))
	within, stop := context.WithTimeout(ctx, phonePatience)
	defer stop()
	start := time.Now()
	from := newPhoneTry(listener).wait(within)
	return phoneCheck(from, time.Since(start), errors.Is(ctx.Err(), context.Canceled))
}
