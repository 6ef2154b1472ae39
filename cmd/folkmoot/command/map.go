package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"folkmoot/analysis/opinion"
	"folkmoot/app/intake"
	"folkmoot/app/picture"
	"folkmoot/app/readmodel"
	"folkmoot/app/report"
	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
)

func (a *app) mapCommand() *cobra.Command {
	var o mapOptions
	c := &cobra.Command{Use: "map", Short: "Draw the opinion map: who votes alike, and on what", Args: nothing,
		RunE: func(c *cobra.Command, _ []string) error {
			if err := o.check(a.session, c.Flags().Changed); err != nil {
				return err
			}
			return a.drawMap(c.Context(), o)
		}}
	f := c.Flags()
	f.StringVar(&o.polis, "polis", "", "a Polis export to draw the map of, instead of a session")
	f.StringVar(&o.engine, "engine", "folkmoot", "folkmoot, or polis to compute as Polis does")
	f.Var(seedFlag(&o.seed, readmodel.DefaultSeed), "seed", "start of the random choices: the same seed gives the same map")
	f.BoolVar(&o.quick, "quick", false, "leave out the test of the groups against chance")
	f.StringVar(&o.svg, "svg", "", "write the picture into this file, as SVG")
	f.StringVar(&o.png, "png", "", "write the picture into this file, as PNG of 2,000 by 1,600 pixels")
	f.StringVar(&o.language, "language", "zh-Hant", "language of the picture: zh-Hant or en")
	f.BoolVar(&o.wall, "wall", false, "paint the picture light on dark, as on the wall")
	return a.jsonFlag(a.sessionFlag(c))
}

func (a *app) drawMap(ctx context.Context, o mapOptions) error {
	stop := a.working("drawing the map")
	record, err := a.recordFor(o.polis)
	if err != nil {
		stop()
		return err
	}
	if o.engine == "polis" {
		stop()
		return a.polisMap(ctx, record, o)
	}
	view, err := readmodel.Build(ctx, record, readmodel.Options{Seed: o.seed, Quick: o.quick})
	stop()
	if err != nil {
		return err
	}
	if err := a.writePictures(o, report.MapPicture(view, o.picture())); err != nil {
		return err
	}
	if a.json {
		return report.WriteJSON(a.Out, report.NewMapDocument(view, report.SourceNames(record)))
	}
	return report.WriteMapText(a.Out, view, report.SourceNames(record))
}

// writePictures writes the files that were asked for, and says so beside the document.
func (a *app) writePictures(o mapOptions, p picture.Picture) error {
	said := a.Out
	if a.json {
		said = a.Err
	}
	for _, file := range []struct {
		name  string
		write func(io.Writer) error
	}{
		{o.svg, func(w io.Writer) error { return picture.WriteSVG(w, p) }},
		{o.png, func(w io.Writer) error { return picture.WritePNG(w, p, picture.DefaultPixels) }},
	} {
		if file.name == "" {
			continue
		}
		if err := writePicture(file.name, file.write); err != nil {
			return err
		}
		fmt.Fprintf(said, "Wrote %s.\n", report.OneLine(file.name))
	}
	return nil
}

// writePicture writes a picture as writeWhole does.
func writePicture(name string, write func(io.Writer) error) error {
	return writeWhole("the picture", name, 0o644, write)
}

// writeWhole writes a file beside its place and moves it there when it is whole: what
// stood there before is kept where that cannot be done.
func writeWhole(what, name string, mode fs.FileMode, write func(io.Writer) error) error {
	var draft *os.File
	err := replaceable(name)
	if err == nil {
		draft, err = os.CreateTemp(filepath.Dir(name), ".draft-*")
	}
	if err == nil {
		defer os.Remove(draft.Name())
		if err = write(draft); err == nil {
			err = draft.Chmod(mode)
		}
		if closed := draft.Close(); err == nil {
			err = closed
		}
		if err == nil {
			err = os.Rename(draft.Name(), name)
		}
	}
	if err != nil {
		return &problem{why: fmt.Sprintf("%s %s could not be written: %v", what, name, reason(err)), try: "see that its folder is there and can be written to", cause: err}
	}
	return nil
}

// replaceable says why nothing can take the place of a name: a folder, or a device.
func replaceable(name string) error {
	if info, err := os.Stat(name); err == nil && !info.Mode().IsRegular() {
		return errors.New("it is no file")
	}
	return nil
}

// reason gives what is behind an error of a file, without the names of files: that of a
// draft means nothing to anybody.
func reason(err error) error {
	var path *fs.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &path):
		return path.Err
	case errors.As(err, &link):
		return link.Err
	}
	return err
}

// recordFor gives the record of an export where one is named, else of the chosen
// session.
func (a *app) recordFor(polis string) (*moot.View, error) {
	if polis != "" {
		export, err := intake.OpenPolis(polis, intake.PolisOptions{})
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil, &problem{why: fmt.Sprintf("there is no Polis export at %s to draw the map of", report.OneLine(polis)), try: "choose the folder or the zip that holds comments.csv and votes.csv", cause: err}
		case err != nil:
			return nil, intakeProblem(err, "no map was drawn")
		}
		return inMemory(export.Session(), export.Items(nil)), nil
	}
	id, err := a.chosen()
	if err != nil {
		return nil, err
	}
	s, err := a.open(id)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	return s.View(), nil
}

// inMemory gives the state that items lead to without writing them down anywhere.
func inMemory(id oplog.SessionID, items []moot.Item) *moot.View {
	state := moot.NewState(id)
	for i, it := range items {
		e := oplog.Entry{Header: oplog.Header{Session: id, Seq: uint64(i + 1), Time: oplog.Time{MS: 1, Counter: uint32(i)}, CID: it.CID, Kind: it.Payload.Kind()}}
		state.ApplyPayload(e, it.Payload)
	}
	return state.View()
}

// polisMap computes as Polis does.
func (a *app) polisMap(ctx context.Context, record *moot.View, o mapOptions) error {
	matrix, err := readmodel.LayOutForPolis(record)
	if err != nil {
		return err
	}
	m, err := opinion.Polis(ctx, matrix.Votes)
	if err != nil {
		return err
	}
	if err := a.writePictures(o, report.PolisPicture(matrix, m, o.picture())); err != nil {
		return err
	}
	if a.json {
		return report.WriteJSON(a.Out, report.NewPolisDocument(matrix, m))
	}
	return report.WritePolisText(a.Out, matrix, m)
}
