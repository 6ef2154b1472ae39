package shell

import (
	"context"
	"time"

	"folkmoot/app/look"
)

// saidAfter is how long work goes on before its progress is shown.
const saidAfter = time.Second

// replay has the maps of the session's past made, beside the window, and hands them to the
// map's screen; one at a time.
func (r *room) replay() {
	r.endReplay()
	s, session := r.shell, r.session
	ctx, stop := context.WithCancel(context.Background())
	r.stopReplay = stop
	began := look.Clock()
	s.work(func(program context.Context) func() {
		defer stop()
		defer context.AfterFunc(program, stop)()
		frames, err := session.Replay(ctx, func(done, all int) {
			if look.Clock().Sub(began) >= saidAfter {
				s.later(func() {
					if now := s.room; now != nil && now.session == session && ctx.Err() == nil {
						now.opinions.Replay.Making(done, all)
					}
				})
			}
		})
		cancelled := ctx.Err() != nil
		return func() {
			now := s.room
			if now == nil || now.session != session || cancelled {
				return
			}
			now.opinions.Replay.Take(frames)
			s.tell(err)
		}
	})
}

// endReplay gives up waiting for the past; without any on its way it does nothing.
func (r *room) endReplay() {
	if r.stopReplay != nil {
		r.stopReplay()
		r.stopReplay = nil
	}
}
