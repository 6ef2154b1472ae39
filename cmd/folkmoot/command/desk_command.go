package command

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
)

// ErrNoDisplay says that no window can be shown here.
var ErrNoDisplay = errors.New("there is no display here, so there can be no window")

// DeskOptions say how the desk is opened.
type DeskOptions struct {
	// Data is the folder of sessions, "" for the usual one.
	Data string
	// Sample opens the sample session at once.
	Sample bool
	// Port is where phones are let in, 0 for the usual one.
	Port int
	// Host is the address on which phones are let in, "" for every one of this computer.
	Host string
	// Peers and Quiet are as those of Desk.
	Peers string
	Quiet bool
}

// OpenDesk shows the desk's window until it is closed. Error: ErrNoDisplay.
type OpenDesk func(ctx context.Context, o DeskOptions, streams Streams) error

// MainWithDesk is Main for the program with a window: without a command it opens the
// desk. Where there is no display it says so, and with --sample serves the sample
// session without a window.
func MainWithDesk(ctx context.Context, program string, args []string, streams Streams, open OpenDesk) int {
	return mainWithWindows(ctx, program, args, streams, Windows{Desk: open})
}

func mainWithWindows(ctx context.Context, program string, args []string, streams Streams, windows Windows) int {
	a, open := &app{Streams: streams}, windows.Desk
	root := a.root(program)
	if windows.Tablet != nil {
		root.AddCommand(a.tabletCommand(windows.Tablet))
	}
	var o DeskOptions
	var listen string
	root.Short = "The facilitator's desk: hold a session, without internet"
	root.Flags().BoolVar(&o.Sample, "sample", false, "open the sample session at once")
	root.Flags().IntVar(&o.Port, "port", 0, "port for phones (default 8080)")
	root.Flags().StringVar(&listen, "listen", "", "address and port for phones, in place of --port")
	root.Flags().StringVar(&o.Peers, "peers", "", "address and port for tablets and other laptops (default :8443, or the next free one; off lets none in)")
	root.Flags().BoolVar(&o.Quiet, "no-mdns", false, "announce nothing on the network and look for nobody")
	root.RunE = func(c *cobra.Command, _ []string) error {
		o.Data = a.data
		if o.Port < 0 || o.Port > 65535 {
			return usage(fmt.Sprintf("there is no port %d", o.Port))
		}
		if err := o.listenAt(listen); err != nil {
			return err
		}
		err := open(c.Context(), o, streams)
		if !errors.Is(err, ErrNoDisplay) {
			return err
		}
		if !o.Sample {
			return &problem{why: err.Error(), try: "serve without one: " + program + " serve, and use the facilitator's page in a browser", cause: err}
		}
		fmt.Fprintln(streams.Err, strings.ToUpper(err.Error()[:1])+err.Error()[1:]+". The sample session is served without one; the facilitator's page stands below.")
		port := usualPort
		if o.Port != 0 {
			port = o.Port
		}
		return a.serve(c.Context(), serveOptions{listen: net.JoinHostPort(o.Host, strconv.Itoa(port)), sample: true, peers: o.Peers, quiet: o.Quiet})
	}
	return a.execute(ctx, root, program, args)
}

// listenAt takes the address and port of --listen; "" leaves them.
func (o *DeskOptions) listenAt(address string) error {
	if address == "" {
		return nil
	}
	host, text, err := net.SplitHostPort(address)
	port, wrong := strconv.ParseUint(text, 10, 16)
	if err != nil || wrong != nil {
		return usage(fmt.Sprintf("%.40q is no address to listen on: give one with a port, as 127.0.0.1:8080, or only :8080", address))
	}
	o.Host, o.Port = host, int(port)
	return nil
}
