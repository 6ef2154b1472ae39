package command

import (
	"context"

	"folkmoot/app/readmodel"
	"folkmoot/sync/oplog"
)

// Replay gives the maps of the session from its first votes on, see readmodel.Replay.
// Cancelling ctx, or closing the session, ends it.
func (s *DeskSession) Replay(ctx context.Context, progress func(done, all int)) ([]readmodel.Frame, error) {
	ctx, done, ok := s.begin(ctx)
	if !ok {
		return nil, errClosed()
	}
	defer done()
	log := func(yield func(oplog.Entry) bool) error { return oplog.All(s.record.Record(), yield) }
	frames, err := readmodel.Replay(ctx, log, s.desk.Current(), progress)
	if err != nil {
		return nil, s.explain(err)
	}
	return frames, nil
}
