package command

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"folkmoot/analysis/seating"
	"folkmoot/app/readmodel"
	"folkmoot/app/report"
	"folkmoot/assets/words"
	"folkmoot/sync/moot"
)

type tablesOptions struct {
	instance, mode, answer, size string
	seed                         uint64
}

func (a *app) tablesCommand() *cobra.Command {
	var o tablesOptions
	c := &cobra.Command{Use: "tables", Short: "Split the people who are present into tables", Args: nothing,
		RunE: func(c *cobra.Command, _ []string) error { return a.tables(c.Context(), o, c.Flags().Changed("mode")) }}
	f := c.Flags()
	f.StringVar(&o.instance, "instance", "", "a stored case (JSON) to plan instead of a session")
	f.StringVar(&o.mode, "mode", "mixed", "mixed, alike, answer or random")
	f.StringVar(&o.answer, "answer", "mix", "mode answer: mix the answers at each table, or gather people of one answer")
	f.StringVar(&o.size, "size", "4-8", "seats a table, from-to")
	f.Var(seedFlag(&o.seed, 1), "seed", "the same seed gives the same plan")
	return a.jsonFlag(a.sessionFlag(c))
}

func (a *app) tables(ctx context.Context, o tablesOptions, modeSaid bool) error {
	from, to, err := seats(o.size)
	if err != nil {
		return err
	}
	if o.mode != "mixed" && o.mode != "alike" && o.mode != "answer" && o.mode != "random" {
		return usage("the mode is mixed, alike, answer or random")
	}
	if o.answer != "mix" && o.answer != "gather" {
		return usage("answers are mixed or gathered: --answer mix or gather")
	}
	if o.instance != "" {
		return a.instanceTables(ctx, o, modeSaid, from, to)
	}
	defer a.working("seating people")()
	record, err := a.recordFor("")
	if err != nil {
		return err
	}
	view, err := readmodel.Build(ctx, record, readmodel.Options{})
	if err != nil {
		return err
	}
	plan, err := view.Seating(ctx, readmodel.PlanOptions{Mode: o.mode, GatherAnswers: o.answer == "gather", Min: from, Max: to, Seed: o.seed})
	if err != nil {
		return seatingProblem(err)
	}
	names := report.SourceNames(record)
	byText := map[seating.ParticipantID]moot.ParticipantID{}
	for _, p := range record.People() {
		byText[seating.ParticipantID(p.ID.String())] = p.ID
	}
	name := func(id seating.ParticipantID) string {
		if p := record.Person(byText[id]); !a.json && p != nil && p.Number() > 0 {
			return words.Person(words.English, p.Number(), p.Get(moot.PersonWord))
		}
		return names.Participant(byText[id])
	}
	group := func(id seating.ParticipantID) string { return view.Group(byText[id]) }
	return a.sayTables(report.NewTablesDocument(plan, name, group))
}

// seatingProblem says what to do where a plan lacks what it needs.
func seatingProblem(err error) error {
	for lack, try := range map[error]string{
		readmodel.ErrNobody:    "let people join, or say who is present: session present ID --all",
		readmodel.ErrNoAnswers: "ask it first, or choose another --mode",
		readmodel.ErrNoMap:     "let people vote first, or choose another --mode",
	} {
		if errors.Is(err, lack) {
			return &problem{why: lack.Error(), try: try, cause: err}
		}
	}
	return err
}

// seats reads a range of seats a table.
func seats(size string) (from, to int, err error) {
	low, high, found := strings.Cut(size, "-")
	from, err1 := strconv.Atoi(strings.TrimSpace(low))
	to, err2 := from, error(nil)
	if found {
		to, err2 = strconv.Atoi(strings.TrimSpace(high))
	}
	if err1 != nil || err2 != nil || from < 1 || to < from || to > 100 {
		return 0, 0, usage(fmt.Sprintf("%.40q is no size of a table: give from-to, 4-8 say", size))
	}
	return from, to, nil
}

// instanceTables plans a stored case by its own rules.
func (a *app) instanceTables(ctx context.Context, o tablesOptions, modeSaid bool, from, to int) error {
	file, err := os.Open(o.instance)
	if err != nil {
		return &problem{why: fmt.Sprintf("%s cannot be opened", o.instance), try: "see whether it is there and may be read", cause: err}
	}
	defer file.Close()
	instance, err := seating.ReadInstance(file)
	if err != nil {
		return &problem{why: fmt.Sprintf("%s cannot be used: %v", o.instance, err), try: "see the format of the other cases", cause: err}
	}
	options := instance.Rules
	options.Seed = o.seed
	if modeSaid && o.mode != "mixed" {
		options.Mode, options.Attributes = seating.Mode(o.mode), nil
		// The case's number of tables fits its own mode; another mode chooses its own.
		options.Tables, options.MinSeats, options.MaxSeats = 0, from, to
		if o.answer == "gather" {
			options.Answer = seating.GatherAnswers
		}
	}
	plan, err := seating.Make(ctx, instance.Roster, options)
	if err != nil {
		return err
	}
	groups := map[seating.ParticipantID]string{}
	for _, p := range instance.Roster {
		groups[p.ID] = p.Group
	}
	for _, ignored := range instance.Ignored {
		fmt.Fprintln(a.Err, "note: the rule "+ignored+" of the file is not kept yet")
	}
	return a.sayTables(report.NewTablesDocument(plan, nil, func(id seating.ParticipantID) string { return groups[id] }))
}

func (a *app) sayTables(doc report.TablesDocument) error {
	if a.json {
		return report.WriteJSON(a.Out, doc)
	}
	return report.WriteTablesText(a.Out, doc)
}
