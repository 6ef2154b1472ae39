package command

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"

	"github.com/spf13/cobra"

	"folkmoot/app/readmodel"
	"folkmoot/assets/words"
	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
)

// deviceCall is what a command asks of the program that has a session open, about its
// other devices.
type deviceCall struct {
	Do   string `json:"do"` // list, invite, pair, decline, unpair, name, take-over
	ID   string `json:"id,omitempty"`
	Name string `json:"name,omitempty"`
	// Anyway and Yes say that its person was told what stands against it, or what it means.
	Anyway bool `json:"anyway,omitempty"`
	Yes    bool `json:"yes,omitempty"`
}

// deviceReply is the answer. Why and Try say why nothing was done.
type deviceReply struct {
	Doc devicesDoc `json:"doc"`
	Why string     `json:"why"`
	Try string     `json:"try"`
}

// devicesDoc is what device list says, with --json just so.
type devicesDoc struct {
	Session string `json:"session"`
	Title   string `json:"title"`
	Name    string `json:"name"`
	Port    int    `json:"port"`
	Lead    string `json:"lead"`
	// LeadName is that of the laptop that leads, LeadAway since when it is out of reach.
	LeadName string `json:"lead_name"`
	LeadAway uint64 `json:"lead_away_since,omitempty"`
	// Leads and Follows say whether this one leads, or is a backup of the one that does.
	Leads   bool `json:"leads"`
	Follows bool `json:"follows"`
	// OutBy is the laptop that took this one out of the session.
	OutBy   string      `json:"out_by,omitempty"`
	Link    string      `json:"link,omitempty"` // of the invitation that holds now
	Until   uint64      `json:"until,omitempty"`
	Devices []deviceOut `json:"devices"`
	// Troubles are sentences.
	Troubles []string `json:"troubles"`
}

type deviceOut struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Index   int    `json:"index"`
	Role    string `json:"role"`
	State   string `json:"state"`
	Digits  string `json:"digits,omitempty"`
	Seen    uint64 `json:"seen"`
	Away    uint64 `json:"away_since,omitempty"`
	Kept    int    `json:"kept"`
	Battery int    `json:"battery"`
	Ahead   int64  `json:"ahead_ms"`
	Behind  int    `json:"behind"`
	Version string `json:"version"`
	line    string
}

func (a *app) deviceCommand() *cobra.Command {
	sure := false
	one := func(use, short, do string) *cobra.Command {
		return &cobra.Command{Use: use + " ID", Short: short, Args: exactly(1, "the beginning of a device's id (see: device list)"),
			RunE: func(c *cobra.Command, args []string) error {
				return a.onDevice(c.Context(), deviceCall{Do: do, ID: args[0], Anyway: a.anyway, Yes: sure})
			}}
	}
	list := &cobra.Command{Use: "list", Short: "Show the other devices of a session that is open", Args: nothing,
		RunE: func(c *cobra.Command, _ []string) error { return a.onDevice(c.Context(), deviceCall{Do: "list"}) }}
	invite := &cobra.Command{Use: "invite", Short: "Show a QR code that lets one device ask to be paired, for two minutes", Args: nothing,
		RunE: func(c *cobra.Command, _ []string) error {
			return a.onDevice(c.Context(), deviceCall{Do: "invite", Anyway: a.anyway})
		}}
	take := &cobra.Command{Use: "take-over", Short: "Lead the session from this laptop, when the one that did has failed", Args: nothing,
		RunE: func(c *cobra.Command, _ []string) error {
			return a.onDevice(c.Context(), deviceCall{Do: "take-over", Anyway: a.anyway})
		}}
	name := &cobra.Command{Use: "name TEXT", Short: "Change what other devices call this one", Args: exactly(1, "a name"),
		RunE: func(c *cobra.Command, args []string) error { return a.renameDevice(c.Context(), args[0]) }}
	unpair := one("unpair", "Send a device away: what it sent so far counts, nothing that comes later", "unpair")
	unpair.Flags().BoolVar(&sure, "yes", false, "yes, also a laptop")
	return group("device", "Tablets and other laptops of a session that is open",
		a.jsonFlag(a.sessionFlag(list)), a.jsonFlag(a.anywayFlag(a.sessionFlag(invite))), a.anywayFlag(a.sessionFlag(one("pair", "Let a device in that asks, after comparing the six digits", "pair"))),
		a.anywayFlag(a.sessionFlag(one("decline", "Turn a device away that asks", "decline"))), a.anywayFlag(a.sessionFlag(unpair)), a.anywayFlag(a.sessionFlag(take)), a.sessionFlag(name))
}

// onDevice has the program that has the session open do something, and says what came of it.
func (a *app) onDevice(ctx context.Context, call deviceCall) error {
	id, err := a.chosen()
	if err != nil {
		return err
	}
	doc, err := a.askDevices(ctx, id, call)
	if err != nil {
		return err
	}
	switch call.Do {
	case "list":
		if a.json {
			return a.printJSON(doc)
		}
		a.sayDevices(doc)
	case "invite":
		if a.json {
			return a.printJSON(doc)
		}
		fmt.Fprintln(a.Out, terminalQR(doc.Link, a.Progress))
		a.say("%s", doc.Link)
		a.say("This lets one device ask, for two minutes. Then see: device list, and: device pair ID")
	case "pair":
		a.say("Paired.")
	case "decline":
		a.say("Turned away.")
	case "unpair":
		a.say("Unpaired: what it sent so far counts; nothing that comes later does, on any device.")
	case "take-over":
		a.say("This laptop leads now.")
	case "name":
		a.say("Other devices call this one %s now.", doc.Name)
	}
	return nil
}

// renameDevice changes the name, also where no session is open.
func (a *app) renameDevice(ctx context.Context, name string) error {
	clean, err := checkDeviceName(name)
	if err != nil {
		return usage("a name has 1 to 40 characters")
	}
	if id, err := a.chosen(); err == nil {
		if _, err := a.askDevices(ctx, id, deviceCall{Do: "name", Name: clean}); err == nil {
			a.say("Other devices call this one %s now.", clean)
			return nil
		}
	}
	if err := a.nameDevice(clean); err != nil {
		return err
	}
	a.say("Other devices call this one %s from the next start on.", clean)
	return nil
}

func (a *app) sayDevices(doc devicesDoc) {
	a.say("This is %s; other devices come in at port %d.", doc.Name, doc.Port)
	if line := leadLine(doc); line != "" {
		a.say("%s", line)
	}
	if len(doc.Devices) == 0 {
		a.say("No other device so far. A tablet shows up here when Folkmoot runs on it; a laptop with: follow")
	}
	for _, d := range doc.Devices {
		a.say("%s  %-9s %s", d.ID[:8], d.State, d.line)
	}
	for _, t := range doc.Troubles {
		a.say("! %s", t)
	}
}

// askDevices asks over the socket.
func (a *app) askDevices(ctx context.Context, id oplog.SessionID, call deviceCall) (devicesDoc, error) {
	path, err := a.socketPath(id)
	if err != nil {
		return devicesDoc{}, err
	}
	client := http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", path)
	}}}
	defer client.CloseIdleConnections()
	body, err := json.Marshal(call)
	if err != nil {
		return devicesDoc{}, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://session/devices", bytes.NewReader(body))
	if err != nil {
		return devicesDoc{}, err
	}
	var reply deviceReply
	res, err := client.Do(req)
	if err == nil {
		defer res.Body.Close()
		err = json.NewDecoder(io.LimitReader(res.Body, 4<<20)).Decode(&reply)
	}
	if err != nil {
		return devicesDoc{}, &problem{why: "the session is not open in a program that talks to other devices", try: "open it first: serve, follow, or the desk", cause: err}
	}
	if reply.Why != "" {
		return devicesDoc{}, &problem{why: reply.Why, try: reply.Try}
	}
	for i := range reply.Doc.Devices {
		reply.Doc.Devices[i].line = deviceLine(reply.Doc.Devices[i])
	}
	return reply.Doc, nil
}

// deviceLine says in one line how a device stands.
func deviceLine(d deviceOut) string {
	parts := []string{d.Role}
	if d.Role == "tablet" && d.Index > 0 {
		parts[0] = fmt.Sprintf("tablet %d", d.Index)
	}
	if d.Name != "" {
		parts = append(parts, d.Name)
	}
	if d.Digits != "" {
		parts = append(parts, "both screens show "+d.Digits)
	}
	if d.Kept > 0 {
		parts = append(parts, counted(d.Kept, "answer kept there", "answers kept there"))
	}
	if d.Battery >= 0 {
		parts = append(parts, fmt.Sprintf("battery %d %%", d.Battery))
	}
	if d.Behind > 0 {
		parts = append(parts, fmt.Sprintf("behind by %d", d.Behind))
	}
	return strings.Join(parts, ", ")
}

// serveDevices answers other commands of the same user about the session's devices.
func serveDevices(w http.ResponseWriter, r *http.Request, p *peers) {
	var call deviceCall
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 64<<10)).Decode(&call); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	var reply deviceReply
	if err := p.do(r.Context(), call); err != nil {
		reply.Why, reply.Try = err.Error(), "see: device list"
		if t := readmodel.DeviceTrouble(err); t != nil {
			reply.Why = words.Text(words.English, t.Key, t.Args)
		}
		var many usage
		if errors.As(err, &many) {
			reply.Why = string(many)
		}
		var no *problem
		if errors.As(err, &no) {
			reply.Why, reply.Try = no.why, no.try
		}
	}
	reply.Doc = p.doc()
	json.NewEncoder(w).Encode(reply)
}

func (p *peers) do(ctx context.Context, call deviceCall) error {
	if err := p.mayAct(call); err != nil {
		return err
	}
	switch call.Do {
	case "list":
		return nil
	case "invite":
		return p.Invite(ctx)
	case "take-over":
		return p.TakeOver(ctx)
	case "name":
		return p.NameDevice(ctx, call.Name)
	}
	id, err := p.deviceOf(call.ID)
	if err != nil {
		return err
	}
	switch call.Do {
	case "pair":
		return p.Pair(ctx, id)
	case "decline":
		return p.Decline(ctx, id)
	case "unpair":
		if err := p.mayUnpair(id, call); err != nil {
			return err
		}
		return p.Unpair(ctx, id)
	}
	return usage(fmt.Sprintf("there is nothing called %.20q to do", call.Do))
}

// deviceOf gives the device that a beginning of its id names.
func (p *peers) deviceOf(beginning string) (string, error) {
	var found []string
	for _, d := range p.node.Devices() {
		if beginning != "" && strings.HasPrefix(string(d.ID), strings.ToLower(beginning)) {
			found = append(found, string(d.ID))
		}
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return "", readmodel.ErrUnknownDevice
	}
	return "", usage(fmt.Sprintf("%d devices begin with %q: give more of the id", len(found), beginning))
}

func (p *peers) doc() devicesDoc {
	d := p.Devices(nowMS())
	doc := devicesDoc{Session: p.session.View().Session.ID.String(), Title: p.session.View().Session.Get(moot.Title), Name: d.Name, Port: d.Port, Lead: d.Leader.ID, LeadName: d.Leader.Name, LeadAway: d.Leader.AwaySince, Leads: d.Leader.ID == string(p.node.ID()), Follows: d.Leader.Follows, OutBy: d.Leader.OutBy, Devices: []deviceOut{}, Troubles: []string{}}
	if d.Invitation != nil {
		doc.Link, doc.Until = d.Invitation.Link, d.Invitation.Until
	}
	for _, one := range d.Ordered() {
		doc.Devices = append(doc.Devices, deviceOut{ID: one.ID, Name: one.Name, Index: one.Index, Role: string(one.Role), State: string(one.State), Digits: one.Digits, Seen: one.Seen,
			Away: one.AwaySince, Kept: one.Kept, Battery: one.Battery, Ahead: one.Ahead, Behind: one.Behind, Version: one.Version})
	}
	for _, t := range d.Troubles {
		doc.Troubles = append(doc.Troubles, words.Text(words.English, t.Key, t.Args))
	}
	return doc
}
