package command

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"folkmoot/app/intake"
	"folkmoot/app/readmodel"
	"folkmoot/app/report"
	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
	"folkmoot/sync/store"
)

// importedDoc says what an import added.
type importedDoc struct {
	Rows         int          `json:"rows"`
	Votes        int          `json:"votes"`
	Statements   int          `json:"statements"`
	Participants int          `json:"participants"`
	Skipped      []skippedDoc `json:"skipped"`
}

type skippedDoc struct {
	File string `json:"file"`
	Row  int    `json:"row"`
	Why  string `json:"why"`
}

func skippedDocs(rows []intake.Skipped) []skippedDoc {
	docs := make([]skippedDoc, len(rows))
	for i, s := range rows {
		docs[i] = skippedDoc{s.File, s.Row, s.String()}
	}
	return docs
}

func (a *app) importCommand() *cobra.Command {
	reversed := false
	polis := &cobra.Command{Use: "polis PATH", Short: "Import a Polis export: a folder or a zip",
		Long: "Imports a Polis export, members gzipped or not, of either dialect. It makes a session of its own, or adds to --session.\n" +
			"A second import of the same adds nothing.",
		Args: exactly(1, "the path of a Polis export"),
		RunE: func(c *cobra.Command, args []string) error {
			return a.importPolis(c.Context(), args[0], c.Flags().Changed("reversed"), reversed)
		}}
	polis.Flags().BoolVar(&reversed, "reversed", false, "agree and disagree are exchanged in the files (--reversed=false: they are not); else the counts decide")
	list := ""
	statements := &cobra.Command{Use: "statements FILE", Short: "Import a list of statements: TXT, Markdown, CSV or XLSX",
		Args: exactly(1, "the path of a list"),
		RunE: func(c *cobra.Command, args []string) error { return a.importStatements(c.Context(), args[0], list) }}
	statements.Flags().StringVar(&list, "list", "", "which list of the file, by its heading")
	return group("import", "Bring in what others made: Polis exports, lists of statements, packs",
		a.jsonFlag(a.anywayFlag(a.sessionFlag(polis))), a.jsonFlag(a.anywayFlag(a.sessionFlag(statements))), a.importPackCommand())
}

// intakeProblem turns a fault of a file into a problem; left says how things stand.
func intakeProblem(err error, left string) error {
	var fault *intake.Fault
	if errors.As(err, &fault) {
		return &problem{why: fault.Error(), try: left, cause: err}
	}
	return err
}

func (a *app) importPolis(ctx context.Context, path string, told, reversed bool) error {
	reading := a.progress("reading", -1)
	export, err := intake.OpenPolis(path, intake.PolisOptions{Progress: func(done, _ int) { reading.set(done) }})
	reading.done()
	if err != nil {
		return intakeProblem(err, "nothing was imported")
	}
	if told {
		export.Flip = reversed
	}
	session, err := a.forImport(export)
	if err != nil {
		return err
	}
	defer session.Close()
	if err := a.mayLead(ctx, session); err != nil {
		return err
	}
	before := session.View()
	items, err := polisItems(export, before)
	if err != nil {
		return err
	}
	bar := a.progress("importing", len(items))
	rows, err := bringIn(ctx, session, items, bar.add)
	bar.done()
	if errors.Is(err, context.Canceled) {
		return &problem{why: "interrupted: a part was imported", try: "import it again to complete it; what is there already counts once", cause: err}
	}
	if err != nil {
		return err
	}
	return a.sayImported(export, before, session, rows)
}

// polisItems gives the items of an export, and those of a session where before is of
// one that is new, or of an import that was cut short.
func polisItems(export *intake.Polis, before *moot.View) ([]moot.Item, error) {
	items := export.Items(nil)
	if before.Session.Get(moot.Created) != "" {
		return items, nil
	}
	head, err := readmodel.NewSession(readmodel.NewSessionOptions{Template: "opinion", Title: clip(export.Topic, moot.MaxTitle)}, nowMS(), rand.Reader)
	return append(head, items...), err
}

func clip(text string, limit int) string {
	if runes := []rune(text); len(runes) > limit {
		return string(runes[:limit])
	}
	return text
}

// forImport gives the session that an export goes into: the one named, the one
// that an earlier import of the same conversation made, or a new one.
func (a *app) forImport(export *intake.Polis) (opened, error) {
	id := export.Session()
	if a.session != "" {
		var err error
		if id, err = a.find(a.session); err != nil {
			return nil, err
		}
	}
	session, err := a.open(id)
	if a.session == "" && errors.Is(err, store.ErrNotFound) {
		return a.holdOrMake(id)
	}
	if err != nil {
		return nil, err
	}
	if comment, ok := otherwise(export, session.View()); ok {
		session.Close()
		return nil, &problem{why: fmt.Sprintf("session %s came from a conversation of the same title and address, but statement %d reads otherwise there", id.String()[:8], comment),
			try: "delete that session first, or change the title in summary.csv; nothing was imported"}
	}
	return session, nil
}

// otherwise gives the first statement of an export that reads otherwise in a session:
// that one then came from another conversation.
func otherwise(export *intake.Polis, view *moot.View) (comment int64, found bool) {
	for _, s := range export.Statements {
		if old := view.Statement(export.Statement(s.ID)); old != nil && old.Text != s.Text {
			return s.ID, true
		}
	}
	return 0, false
}

// chunk is how many items of an import go into the record at a time.
const chunk = 5000

// bringIn takes the items of an import into the record, and gives how many rows of
// votes were new. add is told how many more items are in.
func bringIn(ctx context.Context, session opened, items []moot.Item, add func(n int)) (rows int, err error) {
	for at := 0; at < len(items); at += chunk {
		if err := ctx.Err(); err != nil {
			return rows, err // Do may take items of a call that was cancelled
		}
		part := items[at:min(at+chunk, len(items))]
		outcomes, err := session.Do(ctx, part...)
		if err != nil {
			return rows, err
		}
		for i, o := range outcomes {
			if o.Refusal != nil {
				return rows, &problem{why: fmt.Sprintf("item %d of the import was refused: %s", at+i+1, o.Refusal), try: "tell the makers of Folkmoot, with the file", cause: o.Refusal}
			}
			if _, vote := part[i].Payload.(*moot.SetVote); vote && !o.Again && o.Stale == nil {
				rows++
			}
		}
		add(len(part))
	}
	return rows, nil
}

func (a *app) sayImported(export *intake.Polis, before *moot.View, session opened, rows int) error {
	view, err := a.again(session)
	if err != nil {
		return err
	}
	doc := docOf(view)
	doc.Imported = &importedDoc{Rows: rows, Votes: view.Votes - before.Votes, Statements: statementCount(view) - statementCount(before),
		Participants: view.PeopleCount() - before.PeopleCount(), Skipped: skippedDocs(export.Skipped)}
	for _, w := range export.Warnings {
		fmt.Fprintln(a.Err, "note: "+w.String())
	}
	if export.AskSign {
		fmt.Fprintln(a.Err, "These were agreed to most, if the files are right; if they read as the opposite, delete the session and import again with --reversed:")
		for _, s := range export.MostAgreed(3) {
			fmt.Fprintf(a.Err, "  %d of %d agree: %s\n", s.Agrees, s.All, report.OneLine(s.Statement.Text))
		}
	}
	if a.json {
		return a.printJSON(doc)
	}
	i := doc.Imported
	if i.Rows == 0 && i.Statements == 0 && i.Participants == 0 {
		a.say("Everything of it is in session %s already; nothing was added.", doc.ID[:8])
		return nil
	}
	a.say("Imported into session %s, %q: %s, %s, %s with %s.", doc.ID[:8], doc.Title, counted(i.Participants, "person", "people"),
		counted(i.Statements, "statement", "statements"), counted(i.Rows, "row", "rows"), counted(i.Votes, "last vote", "last votes"))
	a.sayLeft(i.Skipped)
	return nil
}

// again gives the session's View after writing: a session asked over its socket
// has to be asked anew.
func (a *app) again(session opened) (*moot.View, error) {
	if r, ok := session.(*remote); ok {
		if err := r.fetch(r.view.Session.ID); err != nil {
			return nil, err
		}
	}
	return session.View(), nil
}

// sayLeft lists rows that were not used, the first ten of them.
func (a *app) sayLeft(rows []skippedDoc) {
	if len(rows) == 0 {
		return
	}
	a.say("Left out: %d.", len(rows))
	for _, s := range rows[:min(len(rows), 10)] {
		a.say("  %s", s.Why)
	}
	if len(rows) > 10 {
		a.say("  … and %d more (--json names them all)", len(rows)-10)
	}
}

// listItems reads the statements of one list of a file. Those that the session has
// already are left out.
func (a *app) listItems(path, heading string, limit int, view *moot.View) ([]moot.Item, []skippedDoc, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, nil, &problem{why: fmt.Sprintf("%s cannot be opened: %v", path, errors.Unwrap(err)), try: "see whether it is there and may be read", cause: err}
	}
	defer file.Close()
	lists, err := intake.ReadList(filepath.Base(path), file)
	if err != nil {
		return nil, nil, intakeProblem(err, "nothing was imported")
	}
	list, err := choose(lists, heading)
	if err != nil {
		return nil, nil, err
	}
	for _, w := range list.Warnings {
		fmt.Fprintln(a.Err, "note: "+w.String())
	}
	items, skipped, err := intake.ListItems(list, intake.ListOptions{Now: nowMS(), Random: rand.Reader, Limit: limit})
	return items, skippedDocs(skipped), err
}

// choose gives the list of that heading, or the only one.
func choose(lists []intake.List, heading string) (intake.List, error) {
	var lines []string
	for _, l := range lists {
		if heading == l.Heading && (heading != "" || len(lists) == 1) || heading == "" && len(lists) == 1 {
			return l, nil
		}
		lines = append(lines, fmt.Sprintf("  --list %q  (%s)", l.Heading, counted(len(l.Statements), "statement", "statements")))
	}
	if heading == "" {
		return intake.List{}, usage(fmt.Sprintf("the file holds %d lists: choose one\n%s", len(lists), strings.Join(lines, "\n")))
	}
	return intake.List{}, usage(fmt.Sprintf("the file holds no list %.60q; there are\n%s", heading, strings.Join(lines, "\n")))
}

func (a *app) importStatements(ctx context.Context, path, heading string) error {
	id, err := a.chosen()
	if err != nil {
		return err
	}
	session, err := a.open(id)
	if err != nil {
		return err
	}
	defer session.Close()
	if err := a.mayLead(ctx, session); err != nil {
		return err
	}
	before := session.View()
	items, left, err := a.listItems(path, heading, before.Session.StatementLimit(), before)
	if err != nil {
		return err
	}
	outcomes, err := session.Do(ctx, items...)
	if err != nil {
		return err
	}
	for i, o := range outcomes {
		if o.Refusal != nil {
			text := items[i].Payload.(*moot.NewStatement).Text
			left = append(left, skippedDoc{File: filepath.Base(path), Row: i + 1, Why: fmt.Sprintf("%.60s: %s", text, o.Refusal)})
		}
	}
	view, err := a.again(session)
	if err != nil {
		return err
	}
	doc := docOf(view)
	doc.Imported = &importedDoc{Statements: statementCount(view) - statementCount(before), Skipped: left}
	if a.json {
		return a.printJSON(doc)
	}
	a.say("Added %s to session %s, %q.", counted(doc.Imported.Statements, "statement", "statements"), oplog.SessionID(id).String()[:8], doc.Title)
	a.sayLeft(left)
	return nil
}
