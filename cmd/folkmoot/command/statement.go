package command

import (
	"context"
	"crypto/rand"
	"fmt"

	"github.com/spf13/cobra"

	"folkmoot/app/intake"
	"folkmoot/app/readmodel"
)

func (a *app) statementCommand() *cobra.Command {
	reason := ""
	decide := func(do, short string) *cobra.Command {
		return &cobra.Command{Use: do + " ID STATEMENT …", Short: short, Args: atLeast(2, "the id of a session and a statement"),
			RunE: func(c *cobra.Command, args []string) error {
				return a.leading(c.Context(), args[0], func(s opened) error { return a.decide(c.Context(), s, args[1:], do, reason) })
			}}
	}
	hide := decide("hide", "Put statements aside: they leave the map; --reason is what their authors read")
	hide.Flags().StringVar(&reason, "reason", "", "why, for the author to read")
	add := &cobra.Command{Use: "add ID TEXT …", Short: "Add statements of the host", Args: atLeast(2, "the id of a session and a text"),
		RunE: func(c *cobra.Command, args []string) error {
			return a.leading(c.Context(), args[0], func(s opened) error { return a.addStatements(c.Context(), s, args[1:]) })
		}}
	return group("statement", "Add, approve and hide statements", a.anywayFlag(add), a.anywayFlag(decide("approve", "Let statements be voted on")), a.anywayFlag(hide))
}

func atLeast(n int, what string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if len(args) < n {
			return usage(fmt.Sprintf("this needs %s\n%s", what, tryHelp(c)))
		}
		return nil
	}
}

func (a *app) addStatements(ctx context.Context, s opened, texts []string) error {
	for _, text := range texts {
		items, err := readmodel.AddStatement(s.View(), text, intake.Language(text), nowMS(), rand.Reader)
		if err == nil {
			err = refusals(s.Do(ctx, items...))
		}
		if err != nil {
			return &problem{why: fmt.Sprintf("%.60q was not added: %s", text, plain(err)), try: "change the text and add it again", cause: err}
		}
		a.say("Added %s  %s", items[0].CID.String()[:8], text)
	}
	return nil
}

func (a *app) decide(ctx context.Context, s opened, ids []string, do, reason string) error {
	for _, id := range ids {
		items, err := standingItems(s.View(), id, do, reason)
		if err := said(err, "see the statements: session show "+s.View().Session.ID.String()[:8]); err != nil {
			return err
		}
		if err := refusals(s.Do(ctx, items...)); err != nil {
			return err
		}
		a.say("Done: %s %s.", do, id)
	}
	return nil
}
