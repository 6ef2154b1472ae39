package command

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"folkmoot/app/readmodel"
	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
	"folkmoot/sync/store"
)

// mergedDoc says what a pack adds, or has added.
type mergedDoc struct {
	// New says that the session was not on this computer.
	New bool `json:"new"`
	// Look says that nothing was changed.
	Look       bool              `json:"look"`
	Entries    int               `json:"entries"`
	Filled     int               `json:"filled"`
	People     int               `json:"participants"`
	Statements int               `json:"statements"`
	Votes      int               `json:"votes"`
	Same       int               `json:"same_participants"`
	Devices    []mergedDeviceDoc `json:"devices"`
	Newest     string            `json:"newest"`
	Nameless   int               `json:"nameless"`
	Splits     int               `json:"splits"`
	Left       int               `json:"left_out"`
	Bad        int               `json:"bad"`
	Erases     bool              `json:"erases_names"`
}

type mergedDeviceDoc struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Entries int    `json:"entries"`
}

func mergedDocOf(m readmodel.Merge, look bool) *mergedDoc {
	doc := &mergedDoc{New: m.New, Look: look, Entries: m.Entries, Filled: m.Filled, People: m.People, Statements: m.Statements, Votes: m.Votes, Same: m.Same, Devices: []mergedDeviceDoc{},
		Nameless: m.Nameless, Splits: m.Splits, Left: m.Left, Bad: m.Bad, Erases: m.Erases}
	if m.Newest > 0 {
		doc.Newest = time.UnixMilli(int64(m.Newest)).UTC().Format(time.RFC3339)
	}
	for _, d := range m.Devices {
		doc.Devices = append(doc.Devices, mergedDeviceDoc{d.ID, d.Name, d.Entries})
	}
	return doc
}

func (a *app) importPackCommand() *cobra.Command {
	look := false
	c := &cobra.Command{Use: "pack FILE", Short: "Merge a pack, a backup or a session's file of another computer",
		Long: "Says what the file would add, then merges it: the votes of two computers become one result.\n" +
			"FILE is a pack with its private part (folder or zip), a backup, or a .folkmoot file. A session that is not here is made.\n" +
			"The same again adds nothing, and a merge that was cut short goes on where it was.",
		Args: exactly(1, "the path of a pack, a backup or a session's file"),
		RunE: func(c *cobra.Command, args []string) error { return a.importPack(c.Context(), args[0], look) }}
	c.Flags().BoolVar(&look, "look", false, "only say what it would add, and change nothing")
	return a.jsonFlag(c)
}

func (a *app) importPack(ctx context.Context, path string, look bool) error {
	stop := a.working("checking")
	source, err := a.openMerge(path)
	stop()
	if err != nil {
		return mergeProblem(err)
	}
	defer source.close()
	session, err := a.open(source.session())
	fresh := errors.Is(err, store.ErrNotFound)
	if err != nil && !fresh {
		return err
	}
	defer func() {
		if session != nil {
			session.Close()
		}
	}()
	stop = a.working("comparing")
	found, before, err := lookAtMerge(session, source)
	stop()
	if err != nil {
		return mergeProblem(err)
	}
	if !a.json {
		a.sayMerge(found)
	}
	if look || found.Nothing() {
		return a.endMerge(before, found, look)
	}
	if fresh {
		if session, err = a.holdOrMake(source.session()); err != nil {
			return err
		}
	}
	bar := a.progress("merging", found.Entries)
	did, err := merge(ctx, session, source, bar.set)
	bar.done()
	if err != nil {
		return mergeProblem(a.unmake(fresh, &session, err))
	}
	view, err := a.again(session)
	if err != nil {
		return err
	}
	found = mergedBetween(found, before, view, did)
	return a.endMerge(view, found, false)
}

// lookAtMerge says what a source would add to a session, nil for one that is not here.
func lookAtMerge(session opened, source *mergeSource) (readmodel.Merge, *moot.View, error) {
	if session == nil {
		before := emptyView(source.session())
		found, err := readmodel.PreviewMerge(oplog.NewMemory(), before, source.log)
		found.New, found.Changed = true, source.changed
		return found, before, err
	}
	before := session.View()
	found, err := readmodel.PreviewMerge(session.Record(), before, source.log)
	found.Changed = source.changed
	return found, before, err
}

// mergedBetween says what a merge has added, of what it was to add.
func mergedBetween(m readmodel.Merge, before, after *moot.View, did merged) readmodel.Merge {
	m.Between(before, after)
	m.Title = cmp.Or(after.Session.Get(moot.Title), m.Title)
	m.Entries, m.Filled, m.Bad, m.Left = did.Entries, did.Filled, did.Bad, did.Left
	return m
}

// unmake removes a session that was made for a merge of which nothing came in.
func (a *app) unmake(made bool, session *opened, err error) error {
	if held, ok := (*session).(*local); made && ok {
		if heads, herr := held.Heads(); herr == nil && len(heads) == 0 {
			id := held.View().Session.ID
			err = errors.Join(err, held.Close(), a.removeSession(id))
			*session = nil
		}
	}
	return err
}

// sayMerge says what a pack adds before it is merged.
func (a *app) sayMerge(m readmodel.Merge) {
	if m.Changed > 0 {
		fmt.Fprintf(a.Err, "note: %s of the pack changed since it was written; its log is whole\n", counted(m.Changed, "other file", "other files"))
	}
	if m.New {
		a.say("The session %q is not on this computer yet: it is made.", m.Title)
	}
	if m.Entries > 0 {
		a.say("It adds %s, %s and %s (%s) from %s: %s.", counted(m.People, "person", "people"), counted(m.Statements, "statement", "statements"), counted(m.Votes, "vote", "votes"),
			counted(m.Entries, "entry", "entries"), counted(len(m.Devices), "device", "devices"), strings.Join(m.DeviceNames(), ", "))
		a.say("The newest entry is of %s.", time.UnixMilli(int64(m.Newest)).Format("2006-01-02 15:04:05"))
	}
	if m.Same > 0 {
		why := "people of whom both hold something"
		if m.Badges {
			why = "by the same badge"
		}
		a.say("%s the same as here: %s.", counted(m.Same, "person is", "people are"), why)
	}
	for _, line := range []struct {
		n         int
		one, many string
	}{
		{m.Filled, "%d entry gets the name that was missing here.", "%d entries get the names that were missing here."},
		{m.Nameless, "%d entry comes without its name, which is filled in when its device is met.", "%d entries come without their names, which are filled in when their device is met."},
		{m.Splits, "%d log was written on two devices at once: from there on it does not count until a branch is named (session branch).", "%d logs were written on two devices at once: from there on they do not count until a branch is named (session branch)."},
		{m.Over, "%d log finds no room: a session holds 64 of them.", "%d logs find no room: a session holds 64 of them."},
	} {
		switch {
		case line.n == 1:
			a.say(line.one, line.n)
		case line.n > 1:
			a.say(line.many, line.n)
		}
	}
	if m.Erases {
		a.say("The names of this session were erased there: they are erased here too.")
	}
}

// endMerge says how the session stands afterwards.
func (a *app) endMerge(view *moot.View, m readmodel.Merge, look bool) error {
	if a.json {
		doc := docOf(view)
		doc.Title = m.Title
		doc.Merged = mergedDocOf(m, look)
		return a.printJSON(doc)
	}
	id := view.Session.ID.String()[:8]
	switch {
	case m.Nothing():
		a.say("Already included: everything of it is in session %s, %q.", id, m.Title)
	case look:
		a.say("Nothing was changed.")
	default:
		a.say("Merged into session %s, %q: %s, %s and %s more (%s).", id, m.Title, counted(m.People, "person", "people"),
			counted(m.Statements, "statement", "statements"), counted(m.Votes, "vote", "votes"), counted(m.Entries, "entry", "entries"))
	}
	if m.Bad > 0 {
		a.say("%s put aside, since not right.", counted(m.Bad, "entry was", "entries were"))
	}
	if m.Left > 0 {
		a.say("%s of it could not be taken.", counted(m.Left, "entry", "entries"))
	}
	return nil
}
