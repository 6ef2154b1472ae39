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

type mapOptions struct {
	polis, engine, svg, png, language string
	seed                              uint64
	quick, wall                       bool
}

func (a *app) mapCommand() *cobra.Command {
	var o mapOptions
	c := &cobra.Command{Use: "map", Short: "Draw the opinion map: who votes alike, and on what", Args: nothing,
		RunE: func(c *cobra.Command, _ []string) error { return a.drawMap(c.Context(), o) }}
	f := c.Flags()
	f.StringVar(&o.polis, "polis", "", "a Polis export to draw the map of, instead of a session")
	f.StringVar(&o.engine, "engine", "folkmoot", "folkmoot, or polis to compute as Polis does")
	f.Uint64Var(&o.seed, "seed", readmodel.DefaultSeed, "start of the random choices: the same seed gives the same map")
	f.BoolVar(&o.quick, "quick", false, "leave out the test of the groups against chance")
	f.StringVar(&o.svg, "svg", "", "write the picture into this file, as SVG")
	f.StringVar(&o.png, "png", "", "write the picture into this file, as PNG of 2,000 by 1,600 pixels")
	f.StringVar(&o.language, "language", "zh-Hant", "language of the picture: zh-Hant or en")
	f.BoolVar(&o.wall, "wall", false, "paint the picture light on dark, as on the wall")
	return a.jsonFlag(a.sessionFlag(c))
}

func (a *app) drawMap(ctx context.Context, o mapOptions) error {
	if o.polis != "" && a.session != "" {
		return usage("give either --session or --polis")
	}
	if o.engine != "folkmoot" && o.engine != "polis" {
		return usage("the engine is folkmoot or polis")
	}
	if o.language != "zh-Hant" && o.language != "en" {
		return usage("the language is zh-Hant or en")
	}
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
	if err := o.writePictures(report.MapPicture(view, o.picture())); err != nil {
		return err
	}
	if a.json {
		return report.WriteJSON(a.Out, report.NewMapDocument(view, report.SourceNames(record)))
	}
	return report.WriteMapText(a.Out, view, report.SourceNames(record))
}

func (o mapOptions) picture() report.PictureOptions {
	return report.PictureOptions{Lang: o.language, Wall: o.wall, Software: Version}
}

// writePictures writes the files that were asked for.
func (o mapOptions) writePictures(p picture.Picture) error {
	if err := writePicture(o.svg, func(w io.Writer) error { return picture.WriteSVG(w, p) }); err != nil {
		return err
	}
	return writePicture(o.png, func(w io.Writer) error { return picture.WritePNG(w, p, picture.DefaultPixels) })
}

// writePicture writes a file beside its place and moves it there when it is whole: what
// stood there before is kept where that cannot be done. "" is no file.
func writePicture(name string, write func(io.Writer) error) error {
	if name == "" {
		return nil
	}
	var draft *os.File
	err := replaceable(name)
	if err == nil {
		draft, err = os.CreateTemp(filepath.Dir(name), ".picture-*")
	}
	if err == nil {
		defer os.Remove(draft.Name())
		if err = write(draft); err == nil {
			err = draft.Chmod(0o644)
		}
		if closed := draft.Close(); err == nil {
			err = closed
		}
		if err == nil {
			err = os.Rename(draft.Name(), name)
		}
	}
	if err != nil {
		return &problem{why: fmt.Sprintf("the picture %s could not be written: %v", name, reason(err)), try: "see that its folder is there and can be written to", cause: err}
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
		if err != nil {
			return nil, intakeProblem(err)
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
	if err := o.writePictures(report.PolisPicture(matrix, m, o.picture())); err != nil {
		return err
	}
	if a.json {
		return report.WriteJSON(a.Out, report.NewPolisDocument(matrix, m))
	}
	return report.WritePolisText(a.Out, matrix, m)
}
