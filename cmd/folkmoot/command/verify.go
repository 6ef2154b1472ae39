package command

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"folkmoot/app/report"
	"folkmoot/sync/oplog"
	"folkmoot/sync/store"
)

func (a *app) verifyCommand() *cobra.Command {
	var sheet sheetFlag
	c := &cobra.Command{Use: "verify PATH", Short: "Check a pack or a session's file: chain, signatures, counts",
		Args: exactly(1, "the path of a pack, or of a session's .folkmoot file"),
		RunE: func(_ *cobra.Command, args []string) error { return a.verify(args[0], string(sheet)) }}
	c.Flags().Var(&sheet, "sheet", "the line of the session's closing sheet, FOLKMOOT1:…, to compare a session's file with")
	return a.jsonFlag(c)
}

func (a *app) verify(path, sheet string) error {
	info, err := os.Stat(path)
	if err != nil {
		return &problem{why: fmt.Sprintf("%s cannot be read", path), try: "give the folder of a pack, or a session's .folkmoot file", cause: err}
	}
	var found report.Verification
	closed := int64(0)
	stop := a.working("checking")
	if info.IsDir() && sheet != "" {
		stop()
		return usage("a closing sheet is compared with a session's file, not with a pack")
	}
	if info.IsDir() {
		found, err = report.VerifyPack(path)
		if errors.Is(err, report.ErrNoPack) {
			stop()
			return &problem{why: fmt.Sprintf("%s is no pack", path), try: "give the folder that holds public/ and private/, or one of the two", cause: err}
		}
	} else {
		found, closed, err = a.verifyFile(path, sheet)
	}
	stop()
	if err != nil {
		return err
	}
	if a.json {
		if err := a.printJSON(found); err != nil {
			return err
		}
	} else if found.OK {
		a.sayVerified(found, closed)
	}
	return verdict(path, found)
}

func (a *app) sayVerified(found report.Verification, closed int64) {
	if found.Files > 0 {
		a.say("%d files have the sums that SHA256SUMS says.", found.Files)
	}
	if found.Entries > 0 {
		a.say("%s: chain and signatures are whole.", counted(found.Entries, "entry", "entries"))
	}
	if found.Digest != "" {
		a.say("The state has the digest %s.", found.Digest)
	}
	if found.Files > 0 && found.Entries > 0 && !found.Uncounted {
		a.say("The log is that of which the pack was made, and the votes in votes.csv are those of the log. Other files are held by their sums alone.")
	}
	if found.Sheet != "" {
		a.say("%s", found.Sheet)
	}
	for _, s := range found.Splits {
		if !s.Counts {
			a.say("The log %s was written on two devices at once: from its entry %d on it does not count until somebody names the branch that holds (session branch).", s.Replica, s.Seq)
		}
	}
	for _, u := range found.Unpaired {
		if u.Above == 0 { // all that is here counts
			continue
		}
		a.say("%s of an unpaired device %s not count: the log %s, from entry %d on.", counted(int(u.Above), "entry", "entries"), doOrDoes(u.Above), u.Replica, u.Seq+1)
	}
	if found.Redacted > 0 {
		a.say("%d entries were redacted; the chain holds.", found.Redacted)
	}
	if closed > 0 {
		a.say("%d personal entries cannot be read without the key; the chain holds.", closed)
	}
}

func doOrDoes(n uint64) string {
	if n == 1 {
		return "does"
	}
	return "do"
}

func verdict(path string, found report.Verification) error {
	switch {
	case found.OK:
		return nil
	case found.FirstBad != nil && found.FirstBad.Replica == "":
		return &problem{why: fmt.Sprintf("%s: %s", path, found.FirstBad.Why), try: "compare with another copy or a backup"}
	case found.FirstBad != nil:
		return &problem{why: fmt.Sprintf("%s: entry %d of %s is wrong: %s", path, found.FirstBad.Seq, found.FirstBad.Replica, found.FirstBad.Why), try: "do not trust what comes after it; compare with another copy or a backup"}
	case len(found.BadFiles) > 0:
		return &problem{why: fmt.Sprintf("%s: %s: %s", path, found.BadFiles[0].Path, found.BadFiles[0].Why), try: "take the pack again from where it was made"}
	}
	return &problem{why: path + " is not whole", try: "compare with another copy or a backup"}
}

// verifyFile checks every entry of a session's file. A file that is open in
// another program is asked for there.
func (a *app) verifyFile(path, sheet string) (report.Verification, int64, error) {
	var log oplog.Log
	var session oplog.SessionID
	file, err := openToVerify(path)
	switch {
	case err == nil:
		defer file.Close()
		log, session = file, file.Session()
	case errors.Is(err, store.ErrOpenElsewhere):
		name := filepath.Base(path)
		if oplog.ParseHex(session[:], name[:len(name)-len(filepath.Ext(name))]) != nil {
			return report.Verification{}, 0, err
		}
		asked, askErr := a.ask(session)
		if askErr != nil {
			return report.Verification{}, 0, err
		}
		defer asked.Close()
		log = asked.Record()
	default:
		return report.Verification{}, 0, err
	}
	found, _ := verifyLog(session, log)
	if sheet != "" && found.OK {
		if err := againstSheet(&found, sheet, session, log); err != nil {
			return found, 0, err
		}
	}
	if file == nil || file.Closed() == 0 {
		return found, 0, nil
	}
	// What is closed reads like what was redacted, and without it the state is another.
	closed := file.Closed()
	found.Redacted, found.Digest = max(0, found.Redacted-int(closed)), ""
	return found, closed, nil
}

// openToVerify opens a session's file, or a backup with what opens the names in it.
func openToVerify(path string) (*store.File, error) {
	if !strings.HasSuffix(path, store.BackupSuffix) {
		return store.Open(path, store.Options{ReadOnly: true})
	}
	if err := store.CheckBackup(path); err != nil {
		return nil, err
	}
	file, _, err := store.OpenBackup(path)
	return file, err
}

// sheetFlag is the line of a closing sheet.
type sheetFlag string

// Set takes what was given; nothing is no line.
func (s *sheetFlag) Set(text string) error {
	if strings.TrimSpace(text) == "" {
		return usage("--sheet needs the line of a closing sheet, FOLKMOOT1:…")
	}
	*s = sheetFlag(text)
	return nil
}

func (s *sheetFlag) String() string { return string(*s) }

// Type is what the help calls the value.
func (s *sheetFlag) Type() string { return "LINE" }

func badEntry(err error) *report.BadEntry {
	var damaged *store.DamagedEntry
	if errors.As(err, &damaged) {
		return &report.BadEntry{Replica: damaged.Replica.String(), Seq: damaged.Seq, Why: damaged.Err.Error()}
	}
	return &report.BadEntry{Why: err.Error()}
}

// sameEnds compares how far the logs were read with the heads that are kept apart, so
// that a tail that was cut off shows.
func sameEnds(log oplog.Log, read oplog.Heads) error {
	kept, err := log.Heads()
	if err != nil {
		return err
	}
	for _, id := range kept.Replicas() {
		if read[id] != kept[id] {
			return &store.DamagedEntry{Replica: id, Seq: read[id].Seq + 1, Err: fmt.Errorf("%w: the log goes up to entry %d", oplog.ErrGap, kept[id].Seq)}
		}
	}
	return nil
}

// againstSheet compares a record with the line of its closing sheet.
func againstSheet(found *report.Verification, line string, session oplog.SessionID, log oplog.Log) error {
	var failed error
	why := report.CheckSheet(line, session, func(r oplog.ReplicaID, seq uint64) (hash oplog.Hash) {
		err := log.Entries(r, seq, func(e oplog.Entry) bool {
			if e.Seq == seq {
				hash = e.Hash()
			}
			return false
		})
		failed = errors.Join(failed, err)
		return hash
	})
	if why != "" {
		found.OK, found.FirstBad = false, &report.BadEntry{Why: why}
		return failed
	}
	added, err := report.AfterSheet(line, log.Heads)
	found.Sheet = "All that the closing sheet names is there, as it was, and nothing was written since."
	if added > 0 {
		found.Sheet = fmt.Sprintf("All that the closing sheet names is there, as it was; %s written since.", counted(added, "entry was", "entries were"))
	}
	return errors.Join(failed, err)
}
