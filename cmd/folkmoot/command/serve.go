package command

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"runtime"
	"strings"
	"sync"
	"time"

	qr "github.com/piglig/go-qr"
	"github.com/spf13/cobra"

	"folkmoot/app/readmodel"
	"folkmoot/assets/words"
	"folkmoot/sync/hub"
	"folkmoot/sync/moot"
)

type serveOptions struct {
	listen    string
	rehearsal bool
	sample    bool
	backupTo  string
	peers     string
	quiet     bool
	follows   bool // another laptop, from which everything comes
}

// peersOptions gives how other devices are let in. A hub for this computer only lets in
// nobody else unless it is told to.
func (o serveOptions) peersOptions() peersOptions {
	p := peersOptions{listen: o.peers, quiet: o.quiet, host: hostName}
	if loopbackOnly(o.listen) {
		if p.quiet = true; p.listen == "" {
			p.listen = "off"
		}
	}
	return p
}

// hostName is what laptops are called on the network: folkmoot.local.
const hostName = "folkmoot"

// loopbackOnly says whether an address to listen on is this computer's alone.
func loopbackOnly(address string) bool {
	host, _, err := net.SplitHostPort(address)
	ip, _ := netip.ParseAddr(host)
	return err == nil && (host == "localhost" || ip.IsLoopback())
}

func (a *app) serveCommand() *cobra.Command {
	var o serveOptions
	c := &cobra.Command{
		Use: "serve", Short: "Run a hub without a window: phones join, vote and add statements",
		Long: "Runs a hub until it is interrupted. It prints the address to join, six digits and a QR code, and a link to the host's page,\n" +
			"which works on this computer only. Voting is open from the start; a round that the host closed stays closed.",
		Args: nothing,
		RunE: func(c *cobra.Command, _ []string) error { return a.serve(c.Context(), o) },
	}
	c.Flags().StringVar(&o.listen, "listen", ":8080", "address and port for phones")
	c.Flags().BoolVar(&o.rehearsal, "rehearsal", false, "let simulated people in: the session is marked as a rehearsal for good")
	c.Flags().BoolVar(&o.sample, "sample", false, "serve the sample session; it is made where it is not there yet")
	c.Flags().StringVar(&o.backupTo, "backup-to", "", "a second folder for backups, on a USB stick say (default: the one chosen on the desk)")
	c.Flags().StringVar(&o.peers, "peers", "", "address and port for tablets and other laptops (default :8443, or the next free one; off lets none in)")
	c.Flags().BoolVar(&o.quiet, "no-mdns", false, "announce nothing on the network and look for nobody")
	return a.sessionFlag(c)
}

func (a *app) log() *slog.Logger { return slog.New(slog.NewTextHandler(a.Err, nil)) }

// serve holds a session and answers phones until ctx ends.
func (a *app) serve(ctx context.Context, o serveOptions) error {
	hold := a.holdSample
	if !o.sample {
		id, err := a.chosen()
		if err != nil {
			return err
		}
		hold = func(context.Context) (*local, error) { return a.hold(id) }
	}
	listener, err := listen(o.listen)
	if err != nil {
		return err
	}
	defer listener.Close()
	session, err := hold(ctx)
	if err != nil {
		return err
	}
	defer session.Close()
	if o.backupTo != "" {
		second, err := markPlace(o.backupTo)
		if err != nil {
			return backupProblem(o.backupTo, err)
		}
		session.guarded(a).second = &second
	}
	if err := a.prepare(ctx, session, o); err != nil {
		return err
	}
	return a.answerPhones(ctx, session, listener, o)
}

// prepare marks a rehearsal and opens voting where that was never done. A round
// that the host closed stays closed.
func (a *app) prepare(ctx context.Context, session *local, o serveOptions) error {
	view := session.View()
	var items []moot.Item
	if o.rehearsal && !view.Session.On(moot.Rehearsal) {
		if view.Votes > 0 && !view.Session.On(moot.Sample) {
			return &problem{why: "this session holds real votes: simulated people must not be let in", try: "rehearse on a copy: rehearse --session " + view.Session.ID.String()[:8]}
		}
		items = append(items, item(&moot.SetField{Field: moot.Rehearsal, Value: "on", Rev: view.Session.Rev(moot.Rehearsal) + 1}))
	}
	follows := a.following(readmodel.Card{}, session.file, view).Follows // then the other laptop opens and closes
	if running := view.Running(); !follows && (running == nil || !running.Open) {
		for _, s := range view.Steps {
			if s.Kind == moot.StepOpinion && s.Started == 0 {
				start, err := startWithoutClock(view, s.ID)
				if err != nil {
					return err
				}
				items = append(items, start...)
				break
			}
		}
	}
	return refusals(session.Do(ctx, items...))
}

// startWithoutClock starts a step that runs until somebody closes it, since
// nobody watches a clock where there is no window.
func startWithoutClock(view *moot.View, id moot.StepID) ([]moot.Item, error) {
	items, err := readmodel.StartStep(view, id, nowMS(), rand.Reader)
	for _, i := range items {
		if act, ok := i.Payload.(*moot.StepAct); ok && act.Open {
			act.Ends = 0
		}
	}
	return items, err
}

func nowMS() uint64 { return uint64(time.Now().UnixMilli()) }

// listen opens the port for phones; a taken one is said plainly, never replaced.
func listen(address string) (net.Listener, error) {
	listener, err := net.Listen("tcp", address)
	switch {
	case addressTaken(err):
		return nil, &problem{why: fmt.Sprintf("port %s is taken by another program", address), try: "close that one, or choose another port: serve --listen :8081", cause: err}
	case addressDenied(err):
		return nil, &problem{why: fmt.Sprintf("port %s may not be used by this user", address), try: "choose one above 1023: serve --listen :8080", cause: err}
	case err != nil:
		return nil, &problem{why: fmt.Sprintf("%s is no address to listen on: %v", address, err), try: "give a port, :8080 say, or an address of this computer with one", cause: err}
	}
	return listener, nil
}

// answerPhones runs the hub, prints how to join, and waits for the end.
func (a *app) answerPhones(ctx context.Context, session *local, listener net.Listener, o serveOptions) error {
	running, err := a.startHub(session, listener, o.peersOptions())
	if err != nil {
		return err
	}
	stopSocket, err := a.listenSocket(session, running.peers)
	if err != nil {
		running.stop()
		return err
	}
	if o.follows {
		a.awaitSession(ctx, running.peers)
	}
	a.welcome(session.View(), running.addresses(), running.hostLink, running.peers.elsewhere())
	following, endFollowing := context.WithCancel(ctx)
	var saying sync.WaitGroup
	saying.Go(func() { a.sayFollowing(following, running.peers) })
	defer func() { endFollowing(); saying.Wait() }()
	select {
	case <-ctx.Done():
	case err = <-running.failed:
	}
	stopSocket()
	running.stop()
	if err == nil {
		a.say("Closed. Everything that was received is saved.")
		a.sayBackups(session.guarded(a).State())
	}
	return err
}

// sayBackups says at the end where the last backup lies, and where it does not.
func (a *app) sayBackups(b readmodel.Backups) {
	if b.State() != readmodel.BackupWrong && b.Last > 0 {
		a.say("Backup written and checked, in %s.", counted(b.Places, "place", "places"))
	}
	for _, t := range b.Troubles() {
		fmt.Fprintln(a.Err, words.Text(words.English, t.Key, t.Args))
	}
}

// runningHub is a hub with its read model and its two listeners.
type runningHub struct {
	hub       *hub.Hub
	desk      *readmodel.Desk
	peers     *peers
	guard     *guard
	servers   []*http.Server
	addresses func() []string
	named     func() string // the base address with the name on the network, "" without one; nil where it has none
	hostLink  string
	failed    chan error
	endWatch  context.CancelFunc
	watching  chan struct{} // closed when the addresses are no longer watched
	unwatch   func()        // ends the watch over the disk
}

// startHub joins record, read model and hub, and begins to answer: phones on the
// listener given, the host's page on a loopback listener of its own.
func (a *app) startHub(session *local, listener net.Listener, o peersOptions) (*runningHub, error) {
	token, err := secret()
	if err != nil {
		return nil, err
	}
	hostListener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("open the host's page: %w", err)
	}
	desk, err := readmodel.NewDesk(session, readmodel.DeskOptions{Workers: max(1, runtime.NumCPU()-1), Failed: func(err error) { a.log().Error("map", "error", err) }})
	if err != nil {
		hostListener.Close()
		return nil, err
	}
	book := &addressBook{listening: listener.Addr()}
	o.web = book.Addresses
	others, err := a.startPeers(session, o)
	if err != nil {
		desk.Close()
		hostListener.Close()
		return nil, err
	}
	page := &host{session: session, desk: desk}
	h := hub.New(steadied{session, others.node}, hub.Options{Block: others.node.Index(),
		Router: &router{session: session, desk: desk, now: nowMS}, Pictures: &pictures{session: session, desk: desk}, Host: page, Random: rand.Reader,
		Now: time.Now, Addresses: book.Addresses, Siblings: func() []string { return withHubs(hubsOf(session.View()), book.Ever()) }, HostToken: token, Log: a.log(), Full: func(err error) bool { return diskFull(session.why(err)) }, BadgeKey: badgeKey(session.file.Path()),
	})
	page.guessing = h.Guessing
	r := &runningHub{hub: h, desk: desk, peers: others, named: others.named, guard: a.guard(session), addresses: book.Addresses, failed: make(chan error, 2),
		hostLink: fmt.Sprintf("http://%s/host#t=%s", hostListener.Addr(), token),
		servers:  []*http.Server{hub.Server(h.Handler()), hub.Server(h.HostHandler())}}
	ctx, cancel := context.WithCancel(context.Background())
	r.endWatch, r.watching = cancel, make(chan struct{})
	watch := &hubWatch{session: session, addresses: book.Addresses, fetching: others.Fetching, failed: func(err error) { a.log().Error("addresses of the hub", "error", err) }}
	watch.look(ctx)
	go func() {
		defer close(r.watching)
		watch.run(ctx)
	}()
	r.unwatch = session.watch.start(a.sayDisk)
	go func() { r.failed <- r.servers[0].Serve(listener) }()
	go func() { r.failed <- r.servers[1].Serve(hostListener) }()
	return r, nil
}

// stop lets calls that are under way come to their end.
func (r *runningHub) stop() {
	r.endWatch()
	<-r.watching
	r.hub.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	for _, s := range r.servers {
		if s.Shutdown(ctx) != nil {
			s.Close()
		}
	}
	r.peers.close()
	r.desk.Close()
	r.unwatch()
	r.guard.close() // what stood against it is in State
}

// sayDisk says in the terminal how the disk does, where that has changed.
func (a *app) sayDisk(d *readmodel.Disk) {
	if t := d.Trouble(); t != nil {
		fmt.Fprintln(a.Err, words.Text(words.English, t.Key, t.Args))
		return
	}
	fmt.Fprintln(a.Err, words.Text(words.English, "disk.fine", nil))
}

func secret() (string, error) {
	raw := make([]byte, 24)
	if _, err := rand.Read(raw); err != nil {
		return "", fmt.Errorf("make the host's token: %w", err)
	}
	return hex.EncodeToString(raw), nil
}

// welcome prints how to join. Elsewhere is the laptop that leads, "" where this one does:
// rounds are opened there.
func (a *app) welcome(view *moot.View, addresses []string, hostLink, elsewhere string) {
	code := view.Session.Get(moot.JoinCode)
	marks := ""
	if view.Session.On(moot.Sample) {
		marks += "  [sample]"
	}
	if view.Session.On(moot.Rehearsal) {
		marks += "  [rehearsal: simulated people may join]"
	}
	a.say("%s%s  (%s)", view.Session.Get(moot.Title), marks, hub.Emblem(view.Session))
	a.say("")
	fmt.Fprintln(a.Out, terminalQR(hub.JoinLink(addresses[0], code), a.Progress))
	a.say("Join     %s", hub.JoinLink(addresses[0], code))
	a.say("or open  %s  and enter  %s", addresses[0], spaced(code))
	for _, other := range addresses[1:] {
		a.say("also at  %s", other)
	}
	a.say("Wall     %s", hub.WallLink(addresses[0], code))
	a.say("Host     %s", hostLink)
	a.say("")
	a.say("Here %d, imported %d, statements %d, votes %d.", view.Here(), view.Imported(), statementCount(view), view.Votes)
	if strings.Contains(addresses[0], "127.0.0.1") {
		a.say("Only this computer can join at this address. For phones: be on a Wi-Fi, or open one, and serve without --listen 127.0.0.1.")
	}
	switch {
	case view.Voting():
		a.say("Voting is open. Stop with Ctrl-C.")
	case elsewhere != "":
		a.say("Voting is closed: it is opened at %s, which leads. Stop with Ctrl-C.", elsewhere)
	default:
		a.say("Voting is closed: open it on the host's page, or with session step. Stop with Ctrl-C.")
	}
}

func spaced(code string) string {
	if len(code) == 6 {
		return code[:3] + " " + code[3:]
	}
	return code
}

// terminalQR draws a QR code in half blocks with its white margin, dark on light
// whatever the terminal's own colours are.
func terminalQR(link string, coloured bool) string {
	white, end := "\x1b[97;40m", "\x1b[0m"
	if !coloured {
		white, end = "", ""
	}
	code, err := qr.EncodeText(link, qr.Medium)
	if err != nil {
		return ""
	}
	const margin = 3
	light := func(x, y int) bool { return !code.Module(x, y) } // outside is light
	var out strings.Builder
	for y := -margin; y < code.Size()+margin; y += 2 {
		out.WriteString(white)
		for x := -margin; x < code.Size()+margin; x++ {
			top, below := light(x, y), light(x, y+1)
			switch {
			case top && below:
				out.WriteString("█")
			case top:
				out.WriteString("▀")
			case below:
				out.WriteString("▄")
			default:
				out.WriteString(" ")
			}
		}
		out.WriteString(end + "\n")
	}
	return out.String()
}
