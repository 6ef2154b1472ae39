package hub

import (
	"testing"
	"time"
)

// One device that says what cannot be does not fill the host's figures, nor for long.
func TestWaitingIsPlausible(t *testing.T) {
	s := newSite(t, "", alter{})
	liar, _ := s.join("")
	honest, _ := s.join("")
	s.call("POST", "/api/v1/items", liar, `{"items":[],"waiting":1000000}`)
	s.call("POST", "/api/v1/items", honest, `{"items":[],"waiting":7}`)
	if answers, holding, seen := s.hub.Waiting(); answers != maxWaiting+7 || holding != 2 || seen != 2 {
		t.Errorf("%d answers in %d of %d devices", answers, holding, seen)
	}
	s.setNow(s.at().Add(silent))
	s.call("GET", "/api/v1/state", honest, "")
	s.setNow(s.at().Add(time.Second))
	if answers, holding, seen := s.hub.Waiting(); answers != 7 || holding != 1 || seen != 2 {
		t.Errorf("ten minutes of silence later: %d answers in %d of %d devices", answers, holding, seen)
	}
	if got := s.hub.counts(s.record.View()); got.Waiting != 7 || got.WaitingDevices != 1 {
		t.Errorf("told to the room: %+v", got)
	}
}
