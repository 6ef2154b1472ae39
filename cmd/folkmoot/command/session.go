package command

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"folkmoot/app/readmodel"
	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
	"folkmoot/sync/store"
)

// sessionDoc is one session in JSON documents.
type sessionDoc struct {
	ID           string       `json:"id"`
	Title        string       `json:"title"`
	Created      string       `json:"created"`
	Step         string       `json:"step"`
	Participants int          `json:"participants"`
	Statements   int          `json:"statements"`
	Votes        int          `json:"votes"`
	Sample       bool         `json:"sample"`
	Rehearsal    bool         `json:"rehearsal"`
	Imported     *importedDoc `json:"imported,omitempty"`
	Merged       *mergedDoc   `json:"merged,omitempty"`
}

func docOf(view *moot.View) sessionDoc {
	s := view.Session
	doc := sessionDoc{ID: s.ID.String(), Title: s.Get(moot.Title), Created: timeText(s.Get(moot.Created)), Participants: view.Here() + view.Imported(),
		Statements: statementCount(view), Votes: view.Votes, Sample: s.On(moot.Sample), Rehearsal: s.On(moot.Rehearsal)}
	if running := view.Running(); running != nil && running.Open {
		doc.Step = string(running.ID)
	}
	return doc
}

// statementCount counts statements, versions in a second language left out.
func statementCount(view *moot.View) int {
	n := 0
	for _, s := range view.Statements {
		if s.Pair == (moot.StatementID{}) {
			n++
		}
	}
	return n
}

func timeText(ms string) string {
	n, err := strconv.ParseInt(ms, 10, 64)
	if err != nil {
		return ""
	}
	return time.UnixMilli(n).Format(time.RFC3339)
}

func (a *app) sessionCommand() *cobra.Command {
	return group("session", "Make, list, show and delete sessions; run their steps", a.sessionNew(), a.sessionList(), a.sessionShow(), a.sessionDelete(), a.sessionStep(), a.sessionPresent(),
		a.anywayFlag(a.sessionBadges()), a.anywayFlag(a.sessionBadgeVoid()), a.anywayFlag(a.sessionBadgesOff()), a.anywayFlag(a.sessionUnlink()), a.sessionBranch())
}

type newOptions struct {
	title, template, statements, list, language string
}

func (a *app) sessionNew() *cobra.Command {
	var o newOptions
	c := &cobra.Command{Use: "new", Short: "Make a session", Args: nothing,
		RunE: func(c *cobra.Command, _ []string) error { return a.newSession(c.Context(), o) }}
	f := c.Flags()
	f.StringVar(&o.title, "title", "", "what people see on top")
	f.StringVar(&o.template, "template", "opinion", "agenda: "+strings.Join(readmodel.Templates, " or "))
	f.StringVar(&o.statements, "statements", "", "file of statements to begin with: TXT, Markdown, CSV or XLSX")
	f.StringVar(&o.list, "list", "", "which list of that file, by its heading")
	f.StringVar(&o.language, "language", "zh-Hant", "the room's language: zh-Hant or en")
	return a.jsonFlag(c)
}

func (a *app) newSession(ctx context.Context, o newOptions) error {
	if moot.CleanText(o.title) == "" {
		return usage("a session needs a title: --title \"…\"")
	}
	languages := map[string][]string{"zh-Hant": {"zh-Hant", "en"}, "en": {"en", "zh-Hant"}}[o.language]
	if languages == nil {
		return usage("the language is zh-Hant or en")
	}
	items, err := readmodel.NewSession(readmodel.NewSessionOptions{Template: o.template, Title: o.title, Languages: languages}, nowMS(), rand.Reader)
	if errors.Is(err, readmodel.ErrUnknownTemplate) {
		return usage(fmt.Sprintf("there is no template %.40q: take %s", o.template, strings.Join(readmodel.Templates, " or ")))
	}
	if err != nil {
		return err
	}
	var left []skippedDoc
	if o.statements != "" {
		more, skipped, err := a.listItems(o.statements, o.list, moot.DefaultStatementLimit, nil)
		if err != nil {
			return err
		}
		items, left = append(items, more...), skipped
	}
	var id oplog.SessionID
	rand.Read(id[:])
	held, err := a.makeSession(ctx, id, items)
	if err != nil {
		return err
	}
	view := held.View()
	held.Close()
	if a.json {
		return a.printJSON(docOf(view))
	}
	a.say("Made session %s, %q, with %s.", id.String()[:8], view.Session.Get(moot.Title), counted(len(view.Statements), "statement", "statements"))
	a.sayLeft(left)
	a.say("Next: serve --session %s", id.String()[:8])
	return nil
}

// makeSession makes a session of its items, whole or not at all, and leaves it open.
func (a *app) makeSession(ctx context.Context, id oplog.SessionID, items []moot.Item) (*local, error) {
	held, err := a.create(id)
	if err != nil {
		return nil, err
	}
	if err := refusals(held.Do(ctx, items...)); err != nil {
		err = held.why(err)
		held.Close()
		return nil, errors.Join(err, a.removeSession(id))
	}
	return held, nil
}

func (a *app) sessionList() *cobra.Command {
	c := &cobra.Command{Use: "list", Short: "List the sessions", Args: nothing, RunE: func(*cobra.Command, []string) error { return a.listSessions() }}
	return a.jsonFlag(c)
}

func (a *app) listSessions() error {
	ids, err := a.sessions()
	if err != nil {
		return err
	}
	docs := []sessionDoc{}
	for _, id := range ids {
		s, err := a.open(id)
		if err != nil {
			fmt.Fprintf(a.Err, "%s: %s\n", id.String()[:8], sentence(err))
			continue
		}
		docs = append(docs, docOf(s.View()))
		s.Close()
	}
	if a.json {
		return a.printJSON(map[string]any{"sessions": docs})
	}
	if len(ids) == 0 {
		a.say("There is no session yet. Make one: session new --title \"…\"")
	}
	for _, d := range docs {
		a.say("%s  %s  %4d people %4d statements %6d votes  %s%s", d.ID[:8], day(d.Created), d.Participants, d.Statements, d.Votes, d.Title, marks(d))
	}
	return nil
}

func marks(d sessionDoc) string {
	out := ""
	if d.Sample {
		out += "  [sample]"
	}
	if d.Rehearsal {
		out += "  [rehearsal]"
	}
	if d.Step != "" {
		out += "  [" + d.Step + " running]"
	}
	return out
}

func day(created string) string {
	if len(created) < 10 {
		return "          "
	}
	return created[:10]
}

// titleOf gives a session's title, or why it cannot be had.
func (a *app) titleOf(id oplog.SessionID) string {
	s, err := a.open(id)
	if err != nil {
		return "(" + strings.SplitN(sentence(err), "\n", 2)[0] + ")"
	}
	defer s.Close()
	return s.View().Session.Get(moot.Title)
}

func (a *app) sessionShow() *cobra.Command {
	c := &cobra.Command{Use: "show ID", Short: "Show a session: its steps, code, people and statements", Args: exactly(1, "the id of a session"),
		RunE: func(_ *cobra.Command, args []string) error {
			return a.withSession(args[0], func(s opened) error { return a.showSession(s.View(), openSplits(s.View(), s.Record())) })
		}}
	return a.jsonFlag(c)
}

// withSession opens the session that a beginning of its id names, for work to use.
func (a *app) withSession(beginning string, work func(opened) error) error {
	id, err := a.find(beginning)
	if err != nil {
		return err
	}
	s, err := a.open(id)
	if err != nil {
		return err
	}
	defer s.Close()
	return work(s)
}

func (a *app) showSession(view *moot.View, splits []readmodel.SplitFacts) error {
	d := docOf(view)
	if a.json {
		return a.printJSON(wholeDoc{d, view.Session.Get(moot.JoinCode), readmodel.Agenda(view, nowMS()), statementDocs(view), splitLines(splits)})
	}
	a.say("%s%s", d.Title, marks(d))
	a.say("id %s, made %s, code %s", d.ID, day(d.Created), spaced(view.Session.Get(moot.JoinCode)))
	a.say("here %d, imported %d; %s, %s", view.Here(), view.Imported(), counted(d.Statements, "statement", "statements"), counted(d.Votes, "vote", "votes"))
	for _, line := range splitLines(splits) {
		a.say("! %s", line)
	}
	for _, s := range view.Steps {
		state := "not started"
		switch {
		case s.Open:
			state = "running since " + clockText(s.Started)
		case s.Started > 0:
			state = "closed"
		}
		a.say("  step %-10s %3d min  %s", s.ID, s.Minutes, state)
	}
	for _, s := range view.Statements {
		if s.Pair == (moot.StatementID{}) {
			a.say("  %s  %-8s  %s", shortID(s), s.Standing, s.Text)
		}
	}
	return nil
}

// wholeDoc is what session show tells a script: besides the one object, what the
// other commands need.
type wholeDoc struct {
	sessionDoc
	Code string                 `json:"code"`
	List []readmodel.AgendaStep `json:"steps"`
	Said []statementDoc         `json:"statement_list"`
	// Troubles are sentences.
	Troubles []string `json:"troubles"`
}

type statementDoc struct {
	ID    string `json:"id"`
	Text  string `json:"text"`
	Lang  string `json:"lang"`
	State string `json:"state"`
}

func statementDocs(view *moot.View) []statementDoc {
	docs := []statementDoc{}
	for _, s := range view.Statements {
		if s.Pair == (moot.StatementID{}) {
			docs = append(docs, statementDoc{cmp.Or(s.SourceID, s.ID.String()), s.Text, s.Lang, s.Standing.String()})
		}
	}
	return docs
}

func clockText(ms uint64) string { return time.UnixMilli(int64(ms)).Format("15:04") }

// shortID gives the id by which a command can name a statement.
func shortID(s *moot.Statement) string {
	if s.SourceID != "" {
		return s.SourceID
	}
	return s.ID.String()[:8]
}

func (a *app) sessionDelete() *cobra.Command {
	return &cobra.Command{Use: "delete ID", Short: "Delete a session: it is moved to deleted/ in the data folder, and can be moved back", Args: exactly(1, "the id of a session"),
		RunE: func(_ *cobra.Command, args []string) error { return a.deleteSession(args[0]) }}
}

// deleteSession moves a session's files aside, so that nothing is lost by one wrong
// word, nor by deleting a session of the same id twice. One that is open elsewhere
// stays; a damaged one can be deleted all the same.
func (a *app) deleteSession(beginning string) error {
	id, err := a.find(beginning)
	if err != nil {
		return err
	}
	title := "(unreadable)"
	held, err := a.hold(id)
	switch {
	case errors.Is(err, store.ErrOpenElsewhere):
		return &problem{why: fmt.Sprintf("session %s is open in another program", id.String()[:8]), try: "close it there first", cause: err}
	case err == nil:
		title = held.View().Session.Get(moot.Title)
		held.Close()
	}
	aside, err := a.putAside(id)
	if err != nil {
		return err
	}
	a.say("Deleted %q. Its files lie in %s; move them back to undo this, or remove them for good.", title, aside)
	if backups := a.backupsOf(id); len(backups) > 0 {
		a.say("Its backups stay, in %s: remove them too where nothing of it is to be kept.", filepath.Dir(backups[0].Path))
	}
	return nil
}

// putAside moves a session's files into a folder of its own below deleted/.
func (a *app) putAside(id oplog.SessionID) (aside string, err error) {
	dir, err := a.folder()
	if err != nil {
		return "", err
	}
	aside = filepath.Join(dir, "deleted", id.String()[:8]+"-"+time.Now().Format("20060102-150405.000"))
	if err := os.MkdirAll(aside, 0o700); err != nil {
		return "", folderProblem(aside, err)
	}
	if err := moveSession(dir, aside, id); err != nil {
		return "", &problem{why: fmt.Sprintf("session %s could not be moved: %v", id.String()[:8], err), try: "see that " + aside + " can be written to", cause: err}
	}
	return aside, nil
}

// moveSession moves the two files of a session, or neither.
func moveSession(from, to string, id oplog.SessionID) error {
	record, key := store.Name(id), id.String()+".key"
	if err := os.Rename(filepath.Join(from, record), filepath.Join(to, record)); err != nil {
		return err
	}
	os.Remove(filepath.Join(from, id.String()+".reserve")) // of a program that was killed
	err := os.Rename(filepath.Join(from, key), filepath.Join(to, key))
	if err == nil || errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	os.Rename(filepath.Join(to, record), filepath.Join(from, record))
	return err
}

// removeSession takes the files of a session away that was never finished.
func (a *app) removeSession(id oplog.SessionID) error {
	path, err := a.path(id)
	if err != nil {
		return err
	}
	return errors.Join(os.Remove(path), os.Remove(strings.TrimSuffix(path, ".folkmoot")+".key"))
}

func (a *app) sessionStep() *cobra.Command {
	minutes := 0
	c := &cobra.Command{Use: "step ID STEP start|close|extend|undo", Short: "Start, close, extend or undo a step of the agenda",
		Args: exactly(3, "the id of a session, a step, and start, close, extend or undo"),
		RunE: func(c *cobra.Command, args []string) error {
			return a.leading(c.Context(), args[0], func(s opened) error { return a.step(c.Context(), s, args[1], args[2], minutes) })
		}}
	c.Flags().IntVar(&minutes, "minutes", 2, "extend: by how many minutes")
	return a.anywayFlag(c)
}

func (a *app) step(ctx context.Context, s opened, step, do string, minutes int) error {
	if do != "start" && do != "close" && do != "extend" && do != "undo" {
		return usage(fmt.Sprintf("a step can be started, closed, extended or undone, not %.40q", do))
	}
	if do == "extend" && (minutes < 1 || minutes > readmodel.LongestExtension) {
		return usage(fmt.Sprintf("--minutes is from 1 to %d, not %d", readmodel.LongestExtension, minutes))
	}
	items, err := stepItems(s.View(), moot.StepID(step), do, minutes)
	if err := said(err, "see the steps: session show "+s.View().Session.ID.String()[:8]); err != nil {
		return err
	}
	if err := refusals(s.Do(ctx, items...)); err != nil {
		return err
	}
	a.say("Done: %s %s.", do, step)
	return nil
}

// said turns what stands against a wish into a sentence for people.
func said(err error, try string) error {
	if err == nil {
		return nil
	}
	return &problem{why: plain(err).Error(), try: try, cause: err}
}

func (a *app) sessionPresent() *cobra.Command {
	var all bool
	first := 0
	file := ""
	c := &cobra.Command{Use: "present ID --all|--first N|--file F", Short: "Say who is present, from a script: only present people are seated",
		Args: exactly(1, "the id of a session"),
		RunE: func(c *cobra.Command, args []string) error {
			return a.leading(c.Context(), args[0], func(s opened) error { return a.present(c.Context(), s, all, first, file) })
		}}
	c.Flags().BoolVar(&all, "all", false, "everybody of the room")
	c.Flags().IntVar(&first, "first", 0, "the first N by number")
	c.Flags().StringVar(&file, "file", "", "numbers of people, one a line")
	return a.anywayFlag(c)
}

func (a *app) present(ctx context.Context, s opened, all bool, first int, file string) error {
	people := readmodel.SortedPeople(s.View())
	chosen := map[int]bool{}
	switch {
	case file != "" && !all && first == 0:
		data, err := os.ReadFile(file)
		if err != nil {
			return &problem{why: fmt.Sprintf("%s cannot be read", file), try: "see whether it is there", cause: err}
		}
		for line, text := range strings.Split(string(data), "\n") {
			if text = strings.TrimSpace(text); text == "" {
				continue
			}
			n, err := strconv.Atoi(text)
			if err != nil {
				return &problem{why: fmt.Sprintf("%s, line %d: %.40q is no number", file, line+1, text), try: "put one number of a person on each line"}
			}
			chosen[n] = true
		}
	case (all || first > 0) && file == "" && !(all && first > 0):
	default:
		return usage("say who is present: --all, --first N or --file F")
	}
	var items []moot.Item
	count := 0
	known := map[int]bool{}
	for _, p := range people {
		if !p.Here() {
			continue
		}
		known[p.Number()] = true
		in := all || count < first || chosen[p.Number()]
		if in {
			count++
		}
		if p.Present() != in {
			items = append(items, item(&moot.SetPresence{Person: p.ID, In: in, Rev: nowMS(), At: nowMS()}))
		}
	}
	for _, n := range slices.Sorted(maps.Keys(chosen)) {
		if !known[n] {
			return &problem{why: fmt.Sprintf("nobody here has the number %d", n), try: "see the numbers on the host's page; nothing was changed"}
		}
	}
	if err := refusals(s.Do(ctx, items...)); err != nil {
		return err
	}
	a.say("%s present.", counted(count, "person is", "people are"))
	return nil
}
