package command

import (
	"context"
	"errors"
	"io/fs"

	"folkmoot/app/readmodel"
)

// Pack writes the pack and checks it.
func (s *DeskSession) Pack(ctx context.Context, wish readmodel.PackWish) (readmodel.PackDone, error) {
	ctx, done, ok := s.begin(ctx)
	if !ok {
		return readmodel.PackDone{}, errClosed()
	}
	defer done()
	if wish.Folder == "" {
		return readmodel.PackDone{}, &readmodel.Trouble{Key: "desk.no_folder"}
	}
	packed, err := s.program.app.pack(ctx, s.record, exportOptions{to: wish.Folder, as: wish.Formats, zip: wish.Zip})
	var path *fs.PathError
	switch {
	case err == nil:
		return readmodel.PackDone{Folder: packed.Folder, Files: len(packed.Files), Public: packed.Public, Withheld: packed.Withheld}, nil
	case errors.As(err, &path) && !diskFull(err):
		return readmodel.PackDone{}, &readmodel.Trouble{Key: "desk.folder", Args: map[string]any{"Folder": wish.Folder}, Err: err}
	}
	return readmodel.PackDone{}, s.explain(err)
}
