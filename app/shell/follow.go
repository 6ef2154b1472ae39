package shell

import (
	"context"

	"folkmoot/app/readmodel"
	"folkmoot/app/screen"
)

// follows is the screen on which this laptop is made to follow another one.
type follows struct {
	screen *screen.Follow
	from   Following
}

// showFollow begins to look for laptops, and shows them.
func (s *Shell) showFollow() {
	if s.program.Follower == nil || s.follows != nil {
		return
	}
	f := &follows{}
	from, err := s.program.Follower.Follow(func() { s.later(func() { s.following(f) }) })
	if err != nil {
		s.tell(err)
		return
	}
	f.from = from
	s.follows = f
	s.drawFollow()
	s.showContent()
}

// drawFollow makes the screen in the shell's style, with what was typed.
func (s *Shell) drawFollow() {
	f := s.follows
	v := screen.NewFollow(s.style)
	v.OnAsk, v.OnConfirm, v.OnBack = f.from.Ask, f.from.Confirm, func() { f.from.Cancel(); s.following(f) }
	v.OnGone = s.endFollow
	v.OnOpen = s.openFollowed
	if f.screen != nil {
		v.Take(f.screen)
	}
	f.screen = v
	v.Show(f.from.State())
}

// following shows how far it has come, and opens the session once there is one.
func (s *Shell) following(f *follows) {
	if s.follows != f {
		return
	}
	state := f.from.State()
	if state.Session != "" {
		s.openFollowed(state.Session)
		return
	}
	f.screen.Show(state)
}

// openFollowed leaves the screen for a session that this laptop follows.
func (s *Shell) openFollowed(id string) {
	s.endFollow()
	s.openSession(id, s.options.Port)
}

// endFollow goes back to the list of sessions.
func (s *Shell) endFollow() {
	s.leaveFollow()
	s.goHome()
}

// leaveFollow ends the search, beside the window: who was asked is told.
func (s *Shell) leaveFollow() {
	if f := s.follows; f != nil {
		s.follows = nil
		s.work(func(context.Context) func() { f.from.Close(); return nil })
	}
}

// showFetching shows that the session is still on its way, and says whether that is all
// that is to be shown: nobody should work in a part of it.
func (r *room) showFetching(f *readmodel.Fetching) bool {
	was := r.fetching != nil
	if f == nil || r.anyway {
		r.fetching = nil
		if was {
			r.shell.showContent()
		}
		return false
	}
	if !was {
		r.fetching = screen.NewFetching(r.shell.style)
		r.fetching.OnLeave, r.fetching.OnGoOn = r.leave, func() { r.anyway = true }
		r.shell.showContent()
	}
	r.fetching.Show(*f)
	return true
}
