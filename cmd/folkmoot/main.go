// Folkmoot is the facilitator's desk: a window on the laptop that runs the hub itself.
// With the word tablet, and always on a phone or a tablet, it is the participants' program;
// with another command it does what folkmootd does.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
	"golang.org/x/term"

	"folkmoot/app/shell"
	"folkmoot/assets"
	"folkmoot/cmd/folkmoot/command"
	_ "folkmoot/cmd/folkmoot/locale" // before Fyne asks what the system speaks
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second interrupt ends at once
	streams := command.Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Env: os.Getenv, Progress: term.IsTerminal(int(os.Stderr.Fd()))}
	os.Exit(command.MainWithWindows(ctx, "folkmoot", command.StartArgs(runtime.GOOS, os.Args[1:]), streams, command.Windows{Desk: openDesk, Tablet: openTablet}))
}

// openDesk shows the desk's window until it is closed, or ctx ends.
func openDesk(ctx context.Context, o command.DeskOptions, streams command.Streams) error {
	if !display() {
		return command.ErrNoDisplay
	}
	behind := command.NewDesk(context.WithoutCancel(ctx), "folkmoot", o.Data, streams) // what is under way at a signal comes to its end
	behind.Host, behind.Peers, behind.Quiet = o.Host, o.Peers, o.Quiet
	defer behind.Close()
	keepRunningWithoutDisplay(func() {
		fmt.Fprintln(streams.Err, "folkmoot: the display is gone; phones notice nothing, and what they send is saved.\nOpen the desk again when it is back, or stop with Ctrl-C.")
		select {
		case <-ctx.Done():
		case <-behind.Orphan(): // opened again
		}
		behind.Close()
		os.Exit(0)
	})
	a := app.NewWithID("org.folkmoot.desk")
	a.SetIcon(fyne.NewStaticResource("icon.png", assets.Icon))
	desk, err := newWindow(a, shell.Program{Shelf: behind, Maker: behind, Opener: opener{behind}, Pen: behind, Hands: behind, Follower: follower{behind}},
		shell.Options{Sample: o.Sample, Port: o.Port, Folder: packFolder(), Trace: os.Getenv("FOLKMOOT_TRACE")})
	if err != nil {
		return err
	}
	leave := context.AfterFunc(ctx, func() { desk.Quit() })
	defer leave()
	desk.Run()
	return nil
}

// newWindow makes the desk's window. GLFW panics where a display that answered just now
// is gone.
func newWindow(a fyne.App, program shell.Program, o shell.Options) (desk *shell.Shell, err error) {
	defer func() {
		if fault := recover(); fault != nil {
			if !strings.Contains(fmt.Sprint(fault), "GLFW library is not initialized") {
				panic(fault)
			}
			err = command.ErrNoDisplay
		}
	}()
	return shell.New(a, program, o), nil
}

// opener fits the desk's sessions to what the shell declares.
type opener struct{ *command.Desk }

func (o opener) Open(ctx context.Context, id string, port int) (shell.Session, error) {
	session, err := o.Desk.Open(ctx, id, port)
	if err != nil {
		return nil, err
	}
	return session, nil
}

// follower fits what follows another laptop to what the shell declares.
type follower struct{ *command.Desk }

func (f follower) Follow(changed func()) (shell.Following, error) {
	following, err := f.Desk.Follow(changed)
	if err != nil {
		return nil, err
	}
	return following, nil
}

// packFolder is where packs go as long as nothing else is chosen: the documents, where
// there is such a folder, else the home.
func packFolder() string {
	home, err := os.UserHomeDir()
	if err != nil {
		return ""
	}
	for _, name := range []string{"Documents", "文件"} {
		if info, err := os.Stat(filepath.Join(home, name)); err == nil && info.IsDir() {
			return filepath.Join(home, name)
		}
	}
	return home
}
