package peer

import (
	"context"

	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
	"folkmoot/sync/replica"
)

// Still is a record at rest: a pack that came on a stick, a file that came by mail. It
// answers an exchange like a device would, but takes nothing, so that what it holds goes
// the same way into a replica as what a device brings: rules first, gaps, forks and
// limits as ever. See NewStill.
type Still struct {
	record readable
	view   *moot.View
	digest string
	given  func(entries int)
}

// NewStill gives the answers of a record; view is the state that its entries add up to.
// given is told how many entries were handed out, each time that some were; nil is silent.
func NewStill(record oplog.Log, view *moot.View, given func(entries int)) *Still {
	if given == nil {
		given = func(int) {}
	}
	return &Still{record: record, view: view, digest: view.Digest(), given: given}
}

// Answer answers a call; it is the Ask of an exchange with this record. What is refused
// is in the Response; the error is the context's, or why the record cannot be read.
func (s *Still) Answer(ctx context.Context, q Request) (Response, error) {
	if err := ctx.Err(); err != nil {
		return Response{}, err
	}
	switch {
	case q.Protocol != Protocol:
		return Response{Refused: refuse(TooNew)}, nil
	case q.Session != s.view.Session.ID:
		return Response{Refused: refuse(OtherSession)}, nil
	}
	switch q.Call {
	case CallHello:
		hello, err := s.hello()
		return Response{Hello: &hello}, err
	case CallHashes:
		hashes, err := hashesOf(s.record, q.Places)
		return Response{Hashes: hashes}, err
	case CallEntries, CallSnapshot:
		frames, more, err := framesOf(s.record, *q.Range, q.Call == CallSnapshot, MaxFrames, MaxBytes)
		s.given(len(frames))
		return Response{Frames: frames, More: more}, err
	case CallMoreRules:
		rules := piece(s.view.Rules, q.Piece)
		return Response{Rules: &rules}, nil
	}
	return Response{Taken: &Taken{Heads: []LogHead{}}}, nil // what is brought to it is not taken
}

func (s *Still) hello() (Hello, error) {
	heads, err := s.record.Heads()
	if err != nil {
		return Hello{}, err
	}
	list := headList(heads)
	list = list[:min(len(list), 2*replica.MaxReplicas)] // as many as a hello carries; a session holds fewer
	return Hello{Oldest: Protocol, Newest: Protocol, Schema: moot.Schema, Heads: list, Digest: s.digest,
		Rules: piece(s.view.Rules, 0), MoreRules: pieces(s.view.Rules) - 1}, nil
}
