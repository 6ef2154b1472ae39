package command

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"net"
	"strconv"

	"folkmoot/app/readmodel"
	"folkmoot/assets/words"
	"folkmoot/sync/moot"
)

// mostPretended is how many pretend people are let in at a time.
const mostPretended = 1000

// Crowd lets pretend people join a rehearsal or the sample, and vote once voting is
// open, until all have, ctx ends or the session is closed.
func (s *DeskSession) Crowd(ctx context.Context, people int) error {
	ctx, done, ok := s.begin(ctx)
	if !ok {
		return errClosed()
	}
	defer done()
	if err := s.mayRehearse(ctx, people); err != nil {
		return s.explain(err)
	}
	c, err := newCrowd(ctx, rehearseOptions{url: s.own(), people: people, minutes: 1, speed: 1, seed: newSeed()})
	if ctx.Err() != nil {
		return nil
	}
	if err != nil {
		return s.explain(err)
	}
	c.ready = s.untilVoting
	c.writes = pretended(s.record.View().Session.Language())
	c.run(ctx, &bar{})
	return nil
}

// pretended gives the statements that pretend people add, so that deciding on them can
// be rehearsed too.
func pretended(lang string) []map[string]string {
	var list []map[string]string
	for _, text := range []string{words.Text(lang, "rehearse.first", nil), words.Text(lang, "rehearse.second", nil)} {
		list = append(list, map[string]string{"text": text, "lang": lang})
	}
	return list
}

// mayRehearse refuses pretend people where real ones are, and where there is nothing
// for them to do. The sample is marked as a rehearsal from then on.
func (s *DeskSession) mayRehearse(ctx context.Context, people int) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	view := s.record.View()
	switch {
	case people < 1 || people > mostPretended:
		return &readmodel.Trouble{Key: "desk.crowd_size", Args: map[string]any{"Limit": mostPretended}}
	case view.Session.On(moot.Rehearsal):
	case view.Session.On(moot.Sample):
		mark := item(&moot.SetField{Field: moot.Rehearsal, Value: "on", Rev: view.Session.Rev(moot.Rehearsal) + 1})
		if _, err := writeAll(ctx, s.record, []moot.Item{mark}); err != nil {
			return err
		}
	default:
		return &readmodel.Trouble{Key: "desk.not_rehearsal"}
	}
	for _, one := range view.Statements {
		if one.Votable() {
			return nil
		}
	}
	return &readmodel.Trouble{Key: "desk.no_statements"}
}

// own gives the address at which this computer reaches its own hub.
func (s *DeskSession) own() string {
	host := s.program.Host
	if ip := net.ParseIP(host); ip == nil || ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return "http://" + net.JoinHostPort(host, strconv.Itoa(s.port))
}

// untilVoting waits until votes count, and says whether it came to that.
func (s *DeskSession) untilVoting(ctx context.Context) bool {
	for {
		changed := s.record.Changed()
		if s.record.View().Voting() {
			return ctx.Err() == nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return false
		}
	}
}

// newSeed gives a number by which pretend people differ from those before.
func newSeed() uint64 {
	var raw [8]byte
	rand.Read(raw[:])
	return binary.BigEndian.Uint64(raw[:])
}
