package command

import (
	"fmt"
	"sync"

	"github.com/spf13/cobra"

	"folkmoot/app/report"
	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
	"folkmoot/sync/replica"
	"folkmoot/sync/store"
)

func (a *app) rebuildCommand() *cobra.Command {
	c := &cobra.Command{Use: "rebuild ID", Short: "Make a session's state anew from its record and compare it with the one that is stored",
		Long: "Every entry is checked and folded in again. Parts of the stored state that differ are written anew, since the record is what counts.",
		Args: exactly(1, "the id of a session"), RunE: func(_ *cobra.Command, args []string) error { return a.rebuild(args[0]) }}
	return a.jsonFlag(c)
}

func (a *app) rebuild(beginning string) error {
	id, err := a.find(beginning)
	if err != nil {
		return err
	}
	path, err := a.path(id)
	if err != nil {
		return err
	}
	stop := sync.OnceFunc(a.working("folding the record"))
	defer stop()
	file, err := store.Open(path, store.Options{})
	if err != nil {
		return err
	}
	defer file.Close()
	found, state := verifyLog(id, file)
	differing := oplog.Change{}
	if found.OK {
		if differing, err = replica.Differences(file, state); err != nil {
			return err
		}
		if found.OK = len(differing.Rows) == 0; !found.OK {
			if err := file.Commit(differing); err != nil {
				return fmt.Errorf("write the state anew: %w", err)
			}
		}
	}
	stop()
	if a.json {
		if err := a.printJSON(found); err != nil {
			return err
		}
	}
	switch {
	case found.FirstBad != nil:
		return verdict(path, found)
	case !found.OK:
		return &problem{why: fmt.Sprintf("%s of the stored state differed from the record and were written anew, the first in %s", counted(len(differing.Rows), "part", "parts"), differing.Rows[0].Table),
			try: "the record is whole, and what it says holds; run it again to see that all is well now"}
	}
	if !a.json {
		a.sayVerified(found, 0)
		a.say("The stored state is the one that the record gives.")
	}
	return nil
}

// verifyLog checks every entry of a record and folds it.
func verifyLog(session oplog.SessionID, log oplog.Log) (report.Verification, *moot.State) {
	found := report.Verification{OK: true, BadFiles: []report.BadFile{}}
	state, err := moot.Fold(session, func(apply func(oplog.Entry) error) error {
		chain := oplog.NewChain(session)
		found.Entries, found.Redacted = 0, 0
		var failed error
		err := oplog.All(log, func(e oplog.Entry) bool {
			if failed = chain.Next(e); failed == nil {
				failed = apply(e)
			}
			if failed != nil {
				found.FirstBad = &report.BadEntry{Replica: e.Replica.String(), Seq: e.Seq, Why: failed.Error()}
				return false
			}
			found.Entries++
			if e.Redacted() {
				found.Redacted++
			}
			return true
		})
		if err == nil {
			err = failed
		}
		if err == nil {
			err = sameEnds(log, chain.Heads())
		}
		return err
	})
	if err != nil {
		found.OK = false
		if found.FirstBad == nil { // an entry that cannot even be decoded, or that is missing at the end
			found.FirstBad = badEntry(err)
		}
	}
	view := state.View()
	found.Digest, found.Splits, found.Unpaired = view.Digest(), report.SplitsOf(view), report.UnpairedOf(view)
	return found, state
}
