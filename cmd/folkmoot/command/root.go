package command

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"folkmoot/app/report"
)

// Streams are what a command reads and writes.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer
	// Env gives environment variables.
	Env func(string) string
	// Progress says whether Err is a terminal, on which a bar may be drawn.
	Progress bool
}

// problem is something that could not be done: why, and what to try.
type problem struct {
	why, try string
	cause    error
}

func (p *problem) Error() string {
	if p.try == "" {
		return p.why
	}
	return p.why + "\n" + p.try
}

func (p *problem) Unwrap() error { return p.cause }

// usage is a call that is wrong.
type usage string

func (u usage) Error() string { return string(u) }

// app is what all commands share.
type app struct {
	Streams
	data    string
	session string
	json    bool
	anyway  bool // what is for the laptop that leads is done here all the same
	tablet  bool // it is a participants' tablet
	orphan  orphan
	free    func(folder string) (uint64, error) // room on a disk; nil asks the system
}

// Main runs the command line of one of the two programs and gives its exit
// status: 0 done, 1 it could not be done, 2 the call is wrong. The context ends
// what runs for long.
func Main(ctx context.Context, program string, args []string, streams Streams) int {
	a := &app{Streams: streams}
	return a.execute(ctx, a.root(program), program, args)
}

// execute runs a command line and gives its exit status.
func (a *app) execute(ctx context.Context, root *cobra.Command, program string, args []string) int {
	root.SetArgs(args)
	root.SetIn(a.In)
	root.SetOut(a.Out)
	root.SetErr(a.Err)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return 0
	}
	fmt.Fprintf(a.Err, "%s: %s\n", program, strings.TrimSpace(sentence(err)))
	var wrong usage
	if errors.As(err, &wrong) {
		return 2
	}
	return 1
}

func (a *app) root(program string) *cobra.Command {
	root := &cobra.Command{
		Use: program, Short: "Hold a session: people vote on statements, a map and tables follow, without internet",
		SilenceUsage: true, SilenceErrors: true, Args: subcommand,
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	root.CompletionOptions.DisableDefaultCmd = true
	root.SetHelpCommand(&cobra.Command{Hidden: true})
	root.PersistentFlags().StringVar(&a.data, "data", "", "folder of sessions (default: FOLKMOOT_DATA, else the user's data folder)")
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		var said usage // a flag of our own says it better than what it comes wrapped in
		if !errors.As(err, &said) {
			said = usage(err.Error())
		}
		return said + usage("\n"+tryHelp(c))
	})
	root.AddCommand(a.serveCommand(), a.sessionCommand(), a.statementCommand(), a.importCommand(), a.mapCommand(), a.tablesCommand(), a.exportCommand(), a.verifyCommand(), a.rebuildCommand(),
		a.backupCommand(), a.restoreCommand(), a.deviceCommand(), a.followCommand(),
		a.rehearseCommand(), a.doctorCommand(), a.versionCommand())
	return root
}

func tryHelp(c *cobra.Command) string { return "see: " + c.CommandPath() + " --help" }

// subcommand refuses words that are no command.
func subcommand(c *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usage(fmt.Sprintf("there is no command %.40q\n%s", args[0], tryHelp(c)))
	}
	return nil
}

// group gives a command that only holds others.
func group(use, short string, commands ...*cobra.Command) *cobra.Command {
	c := &cobra.Command{Use: use, Short: short, Args: subcommand, RunE: func(c *cobra.Command, _ []string) error {
		return usage("this needs one more word\n" + tryHelp(c))
	}}
	c.AddCommand(commands...)
	return c
}

// exactly asks for n arguments.
func exactly(n int, what string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if len(args) < n {
			return usage(fmt.Sprintf("this needs %s\n%s", what, tryHelp(c)))
		}
		if len(args) > n {
			return usage(fmt.Sprintf("%.40q is one word too many: this needs %s\n%s", args[n], what, tryHelp(c)))
		}
		return nil
	}
}

func nothing(c *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usage(fmt.Sprintf("%.40q is one word too many\n%s", args[0], tryHelp(c)))
	}
	return nil
}

// jsonFlag adds --json to a command.
func (a *app) jsonFlag(c *cobra.Command) *cobra.Command {
	c.Flags().BoolVar(&a.json, "json", false, "print one JSON document and nothing else")
	return c
}

// sessionFlag adds --session to a command.
func (a *app) sessionFlag(c *cobra.Command) *cobra.Command {
	c.Flags().StringVar(&a.session, "session", "", "id of the session, or any unique beginning of it (may be left out where there is only one)")
	return c
}

// printJSON writes one document.
func (a *app) printJSON(doc any) error {
	enc := json.NewEncoder(a.Out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	return enc.Encode(doc)
}

// counted gives a number with the word that goes with it.
func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

func (a *app) say(format string, args ...any) {
	fmt.Fprintf(a.Out, format+"\n", report.OneLines(args)...)
}
