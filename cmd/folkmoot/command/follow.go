package command

import (
	"bufio"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"folkmoot/app/readmodel"
	"folkmoot/sync/link"
	"folkmoot/sync/mdns"
)

type followOptions struct {
	serveOptions
	room bool
	yes  bool
}

func (a *app) followCommand() *cobra.Command {
	var o followOptions
	c := &cobra.Command{Use: "follow [ADDRESS or LINK]", Short: "Be the backup laptop of another one, or the hub of a second room",
		Long: "Follows the laptop that holds a session: everything that it saves is here too, a moment later, and phones that lose it come here.\n" +
			"The first time the other laptop has to let this one in: both show six digits, which have to be the same. After that it is remembered:\n" +
			"follow without an address goes on. When the other laptop fails: device take-over.",
		Args: func(c *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usage(fmt.Sprintf("%.40q is one word too many: this takes one address or link\n%s", args[1], tryHelp(c)))
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			at := ""
			if len(args) == 1 {
				at = args[0]
			}
			return a.follow(c.Context(), at, o)
		}}
	c.Flags().StringVar(&o.listen, "listen", ":8080", "address and port for phones")
	c.Flags().StringVar(&o.peers, "peers", "", "address and port for tablets and other laptops (default :8443, or the next free one)")
	c.Flags().BoolVar(&o.quiet, "no-mdns", false, "announce nothing on the network and look for nobody")
	c.Flags().BoolVar(&o.room, "room", false, "hold a room of its own in the same session, rather than stand by as a backup")
	c.Flags().BoolVar(&o.yes, "same-digits", false, "do not ask whether both screens show the same digits: you compare them yourself before you pair there")
	return a.sessionFlag(c)
}

// follow joins another laptop's session, or goes on with one, and holds it until ctx ends.
func (a *app) follow(ctx context.Context, at string, o followOptions) error {
	listener, err := listen(o.listen)
	if err != nil {
		return err
	}
	defer listener.Close()
	var session *local
	if at == "" && a.hasSessions() {
		id, err := a.chosen()
		if err == nil {
			session, err = a.hold(id)
		}
		if err != nil {
			return err
		}
	} else if session, err = a.joinSession(ctx, at, o); err != nil {
		return err
	}
	defer session.Close()
	o.follows = true
	return a.answerPhones(ctx, session, listener, o.serveOptions)
}

func (a *app) hasSessions() bool {
	ids, err := a.sessions()
	return err == nil && (len(ids) > 0 || a.session != "")
}

// joinSession is paired with another laptop and gives the session, of which nothing is
// held yet.
func (a *app) joinSession(ctx context.Context, at string, o followOptions) (*local, error) {
	identity, err := a.device()
	if err != nil {
		return nil, err
	}
	to, err := a.targetOf(ctx, at, o)
	if err != nil {
		return nil, err
	}
	role := link.Backup
	if o.room {
		role = link.Hub
	}
	news := make(chan struct{}, 1)
	j := a.join(identity, to, role, func() {
		select {
		case news <- struct{}{}:
		default:
		}
	})
	defer j.Cancel()
	grant, err := a.waitJoined(ctx, j, news, o.yes)
	if err != nil {
		return nil, joinProblem(err)
	}
	a.say("Paired with %s.", grant.Known[0].Name)
	return a.adopt(identity, *grant)
}

// waitJoined says what there is to do until this device was let in.
func (a *app) waitJoined(ctx context.Context, j *joining, news <-chan struct{}, yes bool) (*link.Grant, error) {
	said := readmodel.PairingAsking
	answer := make(chan string, 1)
	for {
		s := j.state()
		if s.grant != nil || s.err != nil {
			return s.grant, s.err
		}
		if s.stand != said {
			said = s.stand
			switch said {
			case readmodel.PairingCompare:
				a.say("%s holds %q. Both screens must show  %s", s.host, s.title, s.digits)
				if yes {
					j.Confirm()
					continue
				}
				a.say("Do they? Then press Enter here, and Pair there (Devices screen, or: device pair). Else stop with Ctrl-C.")
				go func() {
					line, err := bufio.NewReader(a.In).ReadString('\n')
					if err == nil {
						answer <- line
					}
				}()
			case readmodel.PairingWaiting:
				a.say("Waiting for %s to let this laptop in.", s.host)
			}
		}
		select {
		case <-news:
		case line := <-answer:
			if word := strings.ToLower(strings.TrimSpace(line)); word == "n" || word == "no" {
				return nil, &problem{why: "the digits differ: somebody may stand between the two laptops", try: "use another network, or the link that the other laptop shows: device invite"}
			}
			j.Confirm()
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// lookFor is how long a laptop to follow is looked for on the network.
const lookFor = 6 * time.Second

// targetOf gives the laptop to follow: the one that was named, or the only one found.
func (a *app) targetOf(ctx context.Context, at string, o followOptions) (target, error) {
	if at != "" {
		to, err := targetOf(at)
		if err != nil {
			return to, usage(err.Error())
		}
		return to, nil
	}
	if o.quiet {
		return target{}, usage("name the laptop to follow by its address or link, since --no-mdns looks for nobody")
	}
	browser := mdns.Browse(mdns.Options{})
	defer browser.Close()
	ctx, cancel := context.WithTimeout(ctx, lookFor)
	defer cancel()
	fmt.Fprintln(a.Err, "Looking for laptops on this network…")
	var hubs []link.Found
	for {
		hubs = hubs[:0]
		for _, f := range foundDevices(browser.Services()) {
			if f.Role == link.Hub && f.Session != "" {
				hubs = append(hubs, f)
			}
		}
		select {
		case <-browser.Changed():
			continue
		case <-ctx.Done():
		}
		break
	}
	switch len(hubs) {
	case 0:
		return target{}, &problem{why: "no laptop with a session was found on this network", try: "type the address that its Devices screen shows: follow 192.168.1.5:8443"}
	case 1:
		return target{addresses: hubs[0].Addresses}, nil
	}
	lines := make([]string, len(hubs))
	for i, h := range hubs {
		lines[i] = fmt.Sprintf("  follow %s   %s", h.Addresses[0], h.Name)
	}
	return target{}, usage(fmt.Sprintf("%d laptops were found: name one\n%s", len(hubs), strings.Join(lines, "\n")))
}
