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

// tested gives when the groups of a View were tested, in milliseconds since 1970; 0 where
// they are not. A View that takes the map of another over keeps its time.
func (s *DeskSession) tested(v *readmodel.View, now uint64) uint64 {
	s.state.Lock()
	defer s.state.Unlock()
	if v.Scene == nil || !v.Map.GroupsTested {
		return 0
	}
	if s.testedScene != v.Scene {
		s.testedScene, s.testedAt = v.Scene, now
	}
	return s.testedAt
}
