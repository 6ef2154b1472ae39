// Folkmootd is Folkmoot without a window: for small boxes, servers and tests.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"golang.org/x/term"

	"folkmoot/cmd/folkmoot/command"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second interrupt ends at once
	os.Exit(command.Main(ctx, "folkmootd", os.Args[1:], command.Streams{
		In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Env: os.Getenv, Progress: term.IsTerminal(int(os.Stderr.Fd())),
	}))
}
