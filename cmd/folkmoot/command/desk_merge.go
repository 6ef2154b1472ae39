package command

import (
	"context"
	"errors"

	"folkmoot/app/readmodel"
	"folkmoot/sync/store"
)

// LookMerge says what a pack, a backup or a session's file would add to the session that
// it is of, and changes nothing.
func (d *Desk) LookMerge(ctx context.Context, path string) (readmodel.Merge, error) {
	ctx, done := d.until(ctx)
	defer done()
	source, err := d.app.openMerge(path)
	if err != nil {
		return readmodel.Merge{}, d.explain(err)
	}
	defer source.close()
	session, letGo, err := d.forMerge(source)
	if err != nil {
		return readmodel.Merge{}, d.explain(err)
	}
	defer letGo()
	found, _, err := lookAtMerge(session, source)
	return found, d.explain(errors.Join(err, ctx.Err()))
}

// forMerge gives the session that a source is of, nil for one that is not here.
func (d *Desk) forMerge(source *mergeSource) (session opened, letGo func(), err error) {
	id := source.session()
	session, letGo, err = d.borrow(id, func() (*local, error) { return d.app.hold(id) })
	if errors.Is(err, store.ErrNotFound) {
		return nil, func() {}, nil
	}
	return session, letGo, err
}

// MergePack merges a pack, a backup or a session's file into the session that it is of,
// which is made where it is not here, and says what it added. progress is told how many
// of how many entries came. Cancelling ctx keeps what came in so far: the same once more
// goes on from there.
func (d *Desk) MergePack(ctx context.Context, path string, progress func(done, all int)) (readmodel.Merge, error) {
	ctx, done := d.until(ctx)
	defer done()
	if progress == nil {
		progress = func(int, int) {}
	}
	if err := d.ready(); err != nil {
		return readmodel.Merge{}, err
	}
	progress(0, -1)
	source, err := d.app.openMerge(path)
	if err != nil {
		return readmodel.Merge{}, d.explain(err)
	}
	defer source.close()
	found, err := d.mergeSource(ctx, source, progress)
	return found, d.explain(err)
}

func (d *Desk) mergeSource(ctx context.Context, source *mergeSource, progress func(done, all int)) (readmodel.Merge, error) {
	session, letGo, err := d.forMerge(source)
	if err != nil {
		return readmodel.Merge{}, err
	}
	defer func() { letGo() }()
	found, before, err := lookAtMerge(session, source)
	if err != nil || found.Nothing() {
		return found, err
	}
	id, fresh := source.session(), session == nil
	if fresh {
		session, letGo, err = d.borrow(id, func() (*local, error) { return d.app.holdOrMake(id) })
		if err != nil {
			letGo = func() {}
			return readmodel.Merge{}, err
		}
	}
	did, err := merge(ctx, session, source, func(done int) { progress(min(done, found.Entries), found.Entries) })
	if err != nil && fresh && isEmpty(session) {
		letGo()
		letGo = func() {}
		return readmodel.Merge{}, errors.Join(err, d.app.removeSession(id)) // nothing at all came in
	}
	var asked *problem
	if errors.As(err, &asked) { // of the program that has the session open
		err = &readmodel.Trouble{Key: "merge.cancelled", Err: err}
	}
	if err != nil {
		return readmodel.Merge{}, err
	}
	view, err := d.app.again(session)
	if err != nil {
		return readmodel.Merge{}, err
	}
	return mergedBetween(found, before, view, did), nil
}

// isEmpty says whether a session holds no entry.
func isEmpty(session opened) bool {
	heads, err := session.Record().Heads()
	return err == nil && len(heads) == 0
}
