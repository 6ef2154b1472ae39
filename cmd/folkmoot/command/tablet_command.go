package command

import (
	"context"
	"errors"
	"path/filepath"
	"runtime"

	"github.com/spf13/cobra"
)

// TabletWindow says how the participants' window is opened.
type TabletWindow struct {
	// Data is the folder of the tablet's record, "" for the usual one.
	Data string
	// Windowed leaves the window its frame.
	Windowed bool
	// Peers is the address and port for the session's other devices, "" for the usual one.
	Peers string
	// Quiet says that nothing is announced on the network, and nobody looked for.
	Quiet bool
}

// OpenTablet shows the participants' window until it is closed. Error: ErrNoDisplay.
type OpenTablet func(ctx context.Context, o TabletWindow, streams Streams) error

// Windows are the windows that the program with windows can open.
type Windows struct {
	Desk   OpenDesk
	Tablet OpenTablet
}

// tabletCommand opens the participants' window.
func (a *app) tabletCommand(open OpenTablet) *cobra.Command {
	var o TabletWindow
	c := &cobra.Command{
		Use: "tablet", Short: "The participants' program for a tablet: find a session, vote, also out of reach",
		Long: "Shows the participants' program over the whole screen. It finds sessions nearby, keeps a record of its own and takes answers\n" +
			"with no facilitator's laptop in reach; they go over when it is back. Several people may use it, one after the other.",
		Args: nothing,
		RunE: func(c *cobra.Command, _ []string) error {
			folder, err := a.tabletFolder()
			if err != nil {
				return err
			}
			o.Data = folder
			err = open(c.Context(), o, a.Streams)
			if errors.Is(err, ErrNoDisplay) {
				return &problem{why: err.Error(), try: "people can take part in a browser instead: folkmootd serve shows the address", cause: err}
			}
			return err
		},
	}
	c.Flags().BoolVar(&o.Windowed, "windowed", false, "leave the window its frame")
	c.Flags().StringVar(&o.Peers, "peers", "", "address and port for laptops (default :8443, or the next free one)")
	c.Flags().BoolVar(&o.Quiet, "no-mdns", false, "announce nothing on the network and look for nobody")
	return c
}

// tabletFolder gives the folder of the tablet's record: one below that of the desk, so
// that the two are two devices where somebody tries both on one computer.
func (a *app) tabletFolder() (string, error) {
	if a.data != "" {
		return a.data, nil
	}
	folder, err := a.folder()
	if runtime.GOOS == "android" || runtime.GOOS == "ios" { // there the window knows the app's own
		return "", nil
	}
	return filepath.Join(folder, "tablet"), err
}

// MainWithWindows is MainWithDesk for the program that has the tablet's window too.
func MainWithWindows(ctx context.Context, program string, args []string, streams Streams, windows Windows) int {
	return mainWithWindows(ctx, program, args, streams, windows)
}

// StartArgs gives the words that the program is started with on a system: where there are
// no words, on a phone or a tablet, it is the participants' program, never the desk.
func StartArgs(goos string, args []string) []string {
	if goos == "android" || goos == "ios" {
		return []string{"tablet"}
	}
	return args
}
