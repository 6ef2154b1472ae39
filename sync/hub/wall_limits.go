package hub

// wallStreams are the streams of walls, which have no token: there are few, and none is
// replaced. Those that know the digits have places that strangers do not take.
type wallStreams struct{ all, strangers int }

// openWall says whether one more wall may have a stream; closeWall ends it.
func (l *limits) openWall(invited bool) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.walls.all >= maxWalls || !invited && l.walls.strangers >= maxWalls-kept {
		return false
	}
	l.walls.add(invited, 1)
	return true
}

func (l *limits) closeWall(invited bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.walls.add(invited, -1)
}

func (s *wallStreams) add(invited bool, n int) {
	s.all += n
	if !invited {
		s.strangers += n
	}
}
