package command

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
	"folkmoot/sync/store"
)

func (a *app) sessionUnlink() *cobra.Command {
	sure := false
	c := &cobra.Command{Use: "unlink ID", Short: "Erase the names of a session for good",
		Long: "Names, numbers and words of all people are erased from the session's file; votes, statements and the chain of the record stay.\n" +
			"Its backups are replaced by one without names, and earlier copies that were put aside in damaged/ and deleted/ are deleted.\n" +
			"Names that people wrote into their statements stay. It cannot be taken back. Packs that were exported before, and copies elsewhere, are not touched.",
		Args: exactly(1, "the id of a session"),
		RunE: func(c *cobra.Command, args []string) error { return a.unlink(c.Context(), args[0], sure) }}
	c.Flags().BoolVar(&sure, "yes", false, "yes, erase them")
	return c
}

func (a *app) unlink(ctx context.Context, beginning string, sure bool) error {
	id, err := a.find(beginning)
	if err != nil {
		return err
	}
	session, err := a.hold(id)
	if errors.Is(err, store.ErrOpenElsewhere) {
		return &problem{why: fmt.Sprintf("session %s is open in another program, which would write names again", id), try: "close it there first", cause: err}
	}
	if err != nil {
		return err
	}
	defer session.Close()
	if err := a.mayLead(ctx, session); err != nil {
		return err
	}
	view := session.View()
	files, err := a.earlierFiles(id)
	if err != nil {
		return err
	}
	if !sure && (!view.Unlinked || len(files) > 0) {
		return &problem{why: unlinkWarning(view, earlierRecords(id, files), len(files)), try: "if that is what you want: session unlink " + id.String()[:8] + " --yes"}
	}
	if view.Unlinked { // and so are those in backups that were not at hand then
		a.say("The names of %q were erased before.", view.Session.Get(moot.Title))
		return a.eraseBackupNames(ctx, session)
	}
	if err := refusals(session.Do(ctx, item(&moot.Unlink{At: nowMS()}))); err != nil {
		return err
	}
	a.say("The names of %q are erased. Votes and statements stay, and the record's chain holds: see verify.", view.Session.Get(moot.Title))
	return a.eraseBackupNames(ctx, session)
}

// unlinkWarning says what unlink will do where nobody has said yes: records and files are
// how much was put aside.
func unlinkWarning(view *moot.View, records, files int) string {
	why := fmt.Sprintf("this erases the names of %s in %q for good", counted(view.Here(), "person", "people"), view.Session.Get(moot.Title))
	if view.Unlinked {
		why = fmt.Sprintf("the names of %q were erased before, but not in what was put aside", view.Session.Get(moot.Title))
	}
	if files > 0 {
		why += fmt.Sprintf("; it also deletes what was put aside of this session in damaged/ and deleted/: %s, %s", counted(records, "earlier copy", "earlier copies"), counted(files, "file", "files"))
	}
	return why
}

// eraseBackupNames replaces all backups by one without names, and names the places that
// are not at hand.
func (a *app) eraseBackupNames(ctx context.Context, session *local) error {
	left, err := a.remakeBackups(ctx, session)
	for _, folder := range left {
		a.say("Backups in %s cannot be reached now and still hold names: they are erased when it is there again and this is run once more.", folder)
	}
	if err != nil {
		return &problem{why: fmt.Sprintf("names may be left in backups or earlier copies: %v", err), try: "run it once more when there is room and the folder can be written to", cause: err}
	}
	return nil
}

func (a *app) sessionBranch() *cobra.Command {
	return &cobra.Command{Use: "branch ID [HASH]", Short: "Name which branch of a log holds that was written on two devices at once",
		Long: "Without a hash it lists the logs that are split, and the beginnings of their two branches.\n" +
			"What stands in the branch that is not named is kept in quarantine and does not count.",
		Args: func(c *cobra.Command, args []string) error {
			if len(args) == 2 {
				return nil
			}
			return exactly(1, "the id of a session")(c, args)
		},
		RunE: func(c *cobra.Command, args []string) error { return a.branch(c.Context(), args) }}
}

func (a *app) branch(ctx context.Context, args []string) error {
	id, err := a.find(args[0])
	if err != nil {
		return err
	}
	session, err := a.open(id)
	if err != nil {
		return err
	}
	defer session.Close()
	splits := session.View().Splits
	if len(args) == 1 {
		a.saySplits(splits, session.Record())
		return nil
	}
	act, err := chosenBranch(splits, args[1])
	if err != nil {
		return err
	}
	if err := refusals(session.Do(ctx, item(act))); err != nil {
		return err
	}
	a.say("Named. What this branch says counts here once it is held here; the other branch does not.")
	return nil
}

func (a *app) saySplits(splits []moot.Split, record oplog.Log) {
	if len(splits) == 0 {
		a.say("No log of this session is split.")
	}
	for _, s := range splits {
		name := ""
		if of := nameOfLog(record, s.Replica); of != "" {
			name = " of " + of
		}
		a.say("log %s%s, from entry %d on:", s.Replica, name, s.Seq)
		for _, hash := range s.Branches {
			held := ""
			if hash == s.Held {
				held = ", " + counted(answersFrom(record, s.Replica, s.Seq), "answer", "answers")
			}
			a.say("  %s%s%s", hash, splitMarks(s, hash), held)
		}
	}
}

func splitMarks(s moot.Split, hash oplog.Hash) string {
	marks := ""
	if hash == s.Named {
		marks += "  named"
	}
	if hash == s.Held {
		marks += "  held here"
	}
	return marks
}

// chosenBranch gives the act that names the branch of which the hash begins so.
func chosenBranch(splits []moot.Split, beginning string) (*moot.Branch, error) {
	for _, s := range splits {
		for _, hash := range s.Branches {
			if len(beginning) >= 4 && strings.HasPrefix(hash.String(), strings.ToLower(beginning)) {
				return &moot.Branch{Replica: s.Replica, Seq: s.Seq, Hash: hash, Rev: nowMS()}, nil
			}
		}
	}
	return nil, &problem{why: fmt.Sprintf("no branch begins with %.64q", beginning), try: "see the branches: session branch ID"}
}
