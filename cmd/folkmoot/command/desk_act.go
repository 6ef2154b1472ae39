package command

import (
	"context"
	"crypto/rand"
	"errors"
	"time"

	"folkmoot/app/intake"
	"folkmoot/app/readmodel"
	"folkmoot/sync/moot"
)

// Do carries out an act; nothing of it is done where it fails.
func (s *DeskSession) Do(ctx context.Context, act readmodel.Act) error {
	ctx, done, ok := s.begin(ctx)
	if !ok {
		return errClosed()
	}
	defer done()
	s.mu.Lock()
	defer s.mu.Unlock()
	if act.Act == "plan" {
		s.catchUp(ctx)
	}
	deed, err := carryOut(ctx, s.record, s.desk.Current(), act, s.now())
	if err != nil {
		return s.explain(err)
	}
	if act.Act != "wall" && !(act.Act == "step" && act.Do == "undo") {
		s.written = append(s.written, deed)
	}
	s.keep()
	return nil
}

// catchUp waits until the newest View knows what the record knows, so that nobody is
// seated who was just said to have left. In a room that votes without a pause an older
// one has to do after a while.
func (s *DeskSession) catchUp(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	for wanted := s.record.View().Version; ctx.Err() == nil; {
		changed := s.desk.Changed()
		if s.desk.Current().Record.Version >= wanted {
			return
		}
		select {
		case <-changed:
		case <-ctx.Done():
		}
	}
}

// now gives the time for an act: later than that of any act before, since revisions
// are made of it.
func (s *DeskSession) now() uint64 {
	s.last = max(s.clock(), s.last+1)
	return s.last
}

// keep drops deeds that can no longer be taken back, and offers the last one.
func (s *DeskSession) keep() {
	now, record := s.clock(), s.record.View()
	for len(s.written) > 0 && (now >= s.written[0].at+readmodel.UndoWithin) {
		s.written = s.written[1:]
	}
	for len(s.written) > 0 {
		if items, err := s.written[len(s.written)-1].revert(record, now); err == nil && len(items) > 0 {
			break
		}
		s.written = s.written[:len(s.written)-1]
	}
	var offer *readmodel.UndoOffer
	if n := len(s.written); n > 0 {
		offer = &readmodel.UndoOffer{Act: s.written[n-1].act, Until: s.written[n-1].at + readmodel.UndoWithin}
	}
	s.state.Lock()
	s.undo = offer
	s.state.Unlock()
	s.poke()
}

// poke has the Sheet shown anew: something beside the record and the map is another.
func (s *DeskSession) poke() {
	select {
	case s.poked <- struct{}{}:
	default: // it is told already
	}
}

// Undo takes the act back that the Sheet offers; once more takes back the one before.
func (s *DeskSession) Undo(ctx context.Context) error {
	ctx, done, ok := s.begin(ctx)
	if !ok {
		return errClosed()
	}
	defer done()
	s.mu.Lock()
	defer s.mu.Unlock()
	now, n := s.now(), len(s.written)
	if n == 0 || now >= s.written[n-1].at+readmodel.UndoWithin {
		s.keep()
		return s.explain(readmodel.ErrNoUndo)
	}
	last := s.written[n-1]
	items, err := last.revert(s.record.View(), now)
	if err == nil {
		items, err = writeAll(ctx, s.record, items)
	}
	if err != nil && !errors.Is(err, readmodel.ErrNoUndo) {
		return s.explain(err) // it can be tried again
	}
	s.written = s.written[:n-1]
	after(s.written, last, items)
	s.keep()
	return s.explain(err)
}

// AddList adds statements and gives those that were not taken. They are taken back
// together, as an act "add" without a text.
func (s *DeskSession) AddList(ctx context.Context, statements []string) (added int, left []readmodel.Leftover, err error) {
	ctx, done, ok := s.begin(ctx)
	if !ok {
		return 0, nil, errClosed()
	}
	defer done()
	s.mu.Lock()
	defer s.mu.Unlock()
	deed := deed{act: readmodel.Act{Act: "add"}, before: s.record.View(), at: s.now()}
	var items []moot.Item
	for _, text := range statements {
		one, err := readmodel.AddStatement(deed.before, text, intake.Language(text), deed.at, rand.Reader)
		if err != nil {
			return 0, nil, s.explain(err)
		}
		items = append(items, one...)
	}
	outcomes, err := surely(ctx, s.record, items)
	if err != nil {
		return 0, nil, s.explain(err)
	}
	limit := deed.before.Session.StatementLimit()
	for i, o := range outcomes {
		if o.Refusal == nil {
			deed.items = append(deed.items, items[i])
			continue
		}
		left = append(left, readmodel.Leftover{Where: beginning(statements[i]), Row: i + 1, Why: leftSentence(leftCode(o.Refusal), limit)})
	}
	if len(deed.items) > 0 {
		s.written = append(s.written, deed)
	}
	s.keep()
	return len(deed.items), left, nil
}

// leftCode gives intake's word for the record's "no" to a statement.
func leftCode(r *moot.Refusal) intake.Code {
	switch r.Code {
	case moot.TooLong:
		return intake.LongText
	case moot.EmojiOnly:
		return intake.NoWords
	case moot.Duplicate:
		return intake.SameText
	}
	return intake.EmptyText
}

// explain says what stood against an act, with what the disk said of it.
func (s *DeskSession) explain(err error) error {
	if held, ok := s.record.(*local); ok {
		err = held.why(err)
	}
	return s.program.explain(err)
}
