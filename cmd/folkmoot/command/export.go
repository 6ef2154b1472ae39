package command

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"folkmoot/app/readmodel"
	"folkmoot/app/report"
	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
)

type exportOptions struct {
	to      string
	as      []string
	zip     bool
	licence string
}

func (a *app) exportCommand() *cobra.Command {
	var o exportOptions
	c := &cobra.Command{Use: "export ID --to DIR", Short: "Write the pack: files that other tools read, and the report",
		Long: "Writes DIR/<date>-<title>/ with public/ and private/, and checks it afterwards. The log stands in private/ only.\n" +
			"Nothing is public as long as no licence was chosen.",
		Args: exactly(1, "the id of a session"),
		RunE: func(c *cobra.Command, args []string) error {
			return a.withSession(args[0], func(s opened) error { return a.export(c.Context(), s, o) })
		}}
	f := c.Flags()
	f.StringVar(&o.to, "to", "", "folder to write the pack into")
	f.StringSliceVar(&o.as, "as", nil, "formats, separated by commas: "+strings.Join(report.Formats, ", ")+" (default: all)")
	f.BoolVar(&o.zip, "zip", false, "add polis-zip.zip, the zip dialect as one archive")
	f.StringVar(&o.licence, "licence", "", "choose the licence first: CC-BY-4.0, CC0-1.0, or words of your own")
	return a.jsonFlag(c)
}

func (a *app) export(ctx context.Context, s opened, o exportOptions) error {
	if o.to == "" {
		return usage("name the folder for the pack: --to DIR")
	}
	for _, as := range o.as {
		if !slices.Contains(report.Formats, as) {
			return usage(fmt.Sprintf("there is no format %.40q: take %s", as, strings.Join(report.Formats, ", ")))
		}
	}
	if o.licence != "" {
		items, err := readmodel.SetField(s.View(), moot.Licence, o.licence, rand.Reader)
		if err == nil {
			err = refusals(s.Do(ctx, items...))
		}
		if err != nil {
			return err
		}
	}
	packed, err := a.writePack(ctx, s, o)
	if err != nil {
		return err
	}
	if a.json {
		return a.printJSON(packed)
	}
	a.say("Written and checked: %s (%d files).", packed.Folder, len(packed.Files))
	if !packed.Public {
		a.say("There is no public part, since no licence was chosen: export --licence CC-BY-4.0, say.")
	}
	if packed.Withheld > 0 {
		a.say("%s withheld from public/: hidden, removed, or not decided on. The log in private/ has them.", counted(packed.Withheld, "statement is", "statements are"))
	}
	return nil
}

func (a *app) writePack(ctx context.Context, s opened, o exportOptions) (report.Packed, error) {
	defer a.working("writing and checking the pack")()
	packed, err := a.pack(ctx, s, o)
	return packed, packProblem(o.to, err)
}

// pack builds the View of a session and writes its pack.
func (a *app) pack(ctx context.Context, s opened, o exportOptions) (report.Packed, error) {
	record, err := a.again(s)
	if err != nil {
		return report.Packed{}, err
	}
	view, err := readmodel.Build(ctx, record, readmodel.Options{})
	if err != nil {
		return report.Packed{}, err
	}
	entries := func(yield func(oplog.Entry) bool) error { return oplog.All(s.Record(), yield) }
	source, err := report.NewSource(view, report.Options{Entries: entries, Random: rand.Reader, Now: time.Now(), Software: software()})
	if err != nil {
		return report.Packed{}, err
	}
	return report.WritePack(o.to, source, report.PackOptions{As: o.as, Zip: o.zip})
}

// packProblem says why a pack could not be written.
func packProblem(dir string, err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return &problem{why: fmt.Sprintf("the pack could not be written into %s: %v", dir, path.Err), try: "choose another folder with --to DIR; nothing half-done remains", cause: err}
	}
	return err
}

// software gives the program's name and version as packs carry it.
func software() string {
	if c := commit(); c != "" {
		return Version + " (" + c + ")"
	}
	return Version
}
