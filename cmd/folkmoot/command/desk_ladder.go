package command

import (
	"folkmoot/app/readmodel"
	"folkmoot/sync/hub"
	"folkmoot/sync/moot"
)

// joinLinks gives the link to join at each address.
func joinLinks(addresses []string, code string) []string {
	links := make([]string, len(addresses))
	for i, address := range addresses {
		links[i] = hub.JoinLink(address, code)
	}
	return links
}

// lookAtRoom counts who came through on the way to join that is shown, and gives where the
// room stands. It is shown while the wall says how to join, and while check-in runs.
func (s *DeskSession) lookAtRoom(record *moot.View, venue readmodel.Venue, now uint64) readmodel.Ladder {
	running := record.Running()
	showing := readmodel.WallModeOf(record) == "join" || running != nil && running.Kind == moot.StepCheckin
	s.state.Lock()
	defer s.state.Unlock()
	s.ladder = s.ladder.At(now, showing, venue.Seen)
	if s.running != nil { // walls in browsers say what the desk's own says
		s.running.hub.JoinAt(joinAt(s.ladder, venue))
	}
	return s.ladder
}

// joinAt gives the addresses of the way to join that is shown, none for all of the hub's.
func joinAt(ladder readmodel.Ladder, venue readmodel.Venue) []string {
	if rung := ladder.Rung(); rung != readmodel.RungTyped && rung != readmodel.RungName && rung != readmodel.RungAdapter {
		return nil
	}
	_, on := ladder.Joining(0, venue)
	return on.Addresses
}

// Climb goes to the next way to join, or back to the one before.
func (s *DeskSession) Climb(by int) {
	venue := s.venue(s.record.View())
	s.state.Lock()
	s.ladder = s.ladder.Step(by, venue)
	s.state.Unlock()
	s.poke()
}

// OwnWifi notes the Wi-Fi that was opened for the room.
func (s *DeskSession) OwnWifi(wifi readmodel.OwnWifi) error {
	if err := wifi.Check(); err != nil {
		return err
	}
	s.state.Lock()
	s.ladder = s.ladder.Own(wifi)
	s.state.Unlock()
	s.poke()
	return nil
}
