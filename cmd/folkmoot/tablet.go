package main

import (
	"context"
	"path/filepath"
	"runtime"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"

	"folkmoot/app/tablet"
	"folkmoot/assets"
	"folkmoot/cmd/folkmoot/command"
)

// openTablet shows the participants' window until it is closed, or ctx ends.
func openTablet(ctx context.Context, o command.TabletWindow, streams command.Streams) error {
	mobile := runtime.GOOS == "android" || runtime.GOOS == "ios"
	if !mobile && !display() {
		return command.ErrNoDisplay
	}
	a := app.NewWithID("org.folkmoot.tablet")
	a.SetIcon(fyne.NewStaticResource("icon.png", assets.Icon))
	if mobile { // an app there has no folder but its own
		o.Data = filepath.Join(a.Storage().RootURI().Path(), "sessions")
	}
	network, err := command.NewTabletNetwork(o.Data, o.Peers, o.Quiet, streams)
	if err != nil {
		return err
	}
	defer network.Close()
	behind, err := command.NewTablet(context.WithoutCancel(ctx), command.TabletOptions{Data: o.Data, Link: network, Lang: tablet.SystemLanguage()}, streams)
	if err != nil {
		return err
	}
	defer behind.Close()
	window := tablet.New(a, behind, tablet.Options{Windowed: o.Windowed})
	leave := context.AfterFunc(ctx, func() { fyne.Do(a.Quit) })
	defer leave()
	window.Run()
	return nil
}
