package peer

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
	"folkmoot/sync/replica"
)

const (
	// strikes is how many malformed calls a peer may send before it is left alone.
	strikes = 3
	// pause is for how long it is then left alone.
	pause = 10 * time.Minute
)

// Options for New.
type Options struct {
	// Now gives the wall clock; nil is time.Now.
	Now func() time.Time
	// Free gives the bytes left on the disk; nil says nothing.
	Free func() uint64
	// Frames and Bytes are what one answer carries; 0 is MaxFrames and MaxBytes.
	Frames, Bytes int
	// Instance is a random number of this run of the program: by it a device that meets
	// itself is told from one that meets its own copy. 0: copies show once both wrote.
	Instance uint64
	// Random gives random bytes; nil is crypto/rand's.
	Random io.Reader
	// Calls is how many calls a peer may make in a minute; 0 is 6 000.
	Calls int
}

// Side is one replica's side of exchanges. See New.
type Side struct {
	record  *replica.Replica
	options Options
	trust   Trust

	mu      sync.Mutex
	manners map[string]*manner // by the name of the peer
	turn    atomic.Uint64      // of the ranges that fill asks for
	view    *moot.View         // of which digest is
	digest  string
}

// manner is how a peer has behaved.
type manner struct {
	bad    int
	paused time.Time // until then
	since  time.Time
	calls  int
}

// New gives the side of a replica.
func New(record *replica.Replica, options Options) *Side {
	if options.Now == nil {
		options.Now = time.Now
	}
	if options.Frames <= 0 || options.Frames > MaxFrames {
		options.Frames = MaxFrames
	}
	if options.Bytes <= 0 || options.Bytes > MaxBytes {
		options.Bytes = MaxBytes
	}
	if options.Random == nil {
		options.Random = rand.Reader
	}
	if options.Calls <= 0 {
		options.Calls = 6000
	}
	return &Side{record: record, options: options, manners: map[string]*manner{}}
}

func (s *Side) session() oplog.SessionID { return s.record.View().Session.ID }

// AnswerBytes is Answer for an encoded Request.
func (s *Side) AnswerBytes(ctx context.Context, who string, data []byte) ([]byte, error) {
	var q Request
	err := Decode(data, &q)
	p, err := s.AnswerDecoded(ctx, who, q, err)
	if err != nil {
		return nil, err
	}
	return Encode(&p)
}

// AnswerDecoded is Answer for a Request that Decode gave, with its error.
func (s *Side) AnswerDecoded(ctx context.Context, who string, q Request, err error) (Response, error) {
	if err == nil {
		return s.Answer(ctx, who, q)
	}
	if refusal := s.greet(who); refusal != nil {
		return Response{Refused: refusal}, nil
	}
	return s.refused(who, err)
}

// Answer answers a call of a peer, whom the caller names. What is refused is in the
// Response; the error is the context's, or a fault of the record.
func (s *Side) Answer(ctx context.Context, who string, q Request) (Response, error) {
	if refusal := s.greet(who); refusal != nil {
		return Response{Refused: refusal}, nil
	}
	p, err := s.answer(ctx, who, q)
	if err != nil {
		return s.refused(who, err)
	}
	return p, nil
}

func (s *Side) refused(who string, err error) (Response, error) {
	refusal, err := refusalOf(err)
	if err != nil {
		return Response{}, err
	}
	if refusal.Code == Malformed {
		s.strike(who)
	}
	return Response{Refused: refusal}, nil
}

func (s *Side) answer(ctx context.Context, who string, q Request) (Response, error) {
	switch {
	case q.Protocol != Protocol:
		return Response{}, refuse(TooNew)
	case q.Session != s.session():
		return Response{}, refuse(OtherSession)
	}
	if err := q.check(); err != nil {
		return Response{}, err
	}
	switch q.Call {
	case CallHello:
		hello, err := s.hello()
		if err == nil && len(q.Nonce) == sum {
			hello.Replica, hello.Proof = s.record.Vouch(s.twinMessage(q.Nonce, s.options.Instance))
		}
		return Response{Hello: &hello}, err
	case CallHashes:
		hashes, err := s.hashes(q.Places)
		return Response{Hashes: hashes}, err
	case CallEntries, CallSnapshot:
		if q.Range == nil {
			return Response{}, malformed("no range")
		}
		frames, more, err := s.frames(*q.Range, q.Call == CallSnapshot, int(min(q.Most, MaxBytes)))
		return Response{Frames: frames, More: more}, err
	case CallPush:
		return s.push(ctx, who, q.Frames)
	case CallMoreRules:
		rules := piece(s.record.View().Rules, q.Piece)
		return Response{Rules: &rules}, nil
	case CallRules:
		if q.Rules == nil {
			return Response{}, malformed("no rules")
		}
		news, err := s.obey(ctx, who, *q.Rules)
		return Response{Taken: &Taken{New: uint64(news), Heads: []LogHead{}}}, err
	}
	return Response{}, malformed("call %.20q", q.Call)
}

// greet says whether a peer is to be left alone, nil where not.
func (s *Side) greet(who string) *Refusal {
	s.mu.Lock()
	defer s.mu.Unlock()
	m, now := s.manner(who), s.options.Now()
	if left := m.paused.Sub(now); left > 0 && left <= pause { // else the clock was set back
		return &Refusal{Code: SlowDown, Wait: uint64(left.Milliseconds())}
	}
	if since := now.Sub(m.since); since < 0 || since >= time.Minute {
		m.since, m.calls = now, 0
	}
	if m.calls++; m.calls > s.options.Calls {
		return &Refusal{Code: SlowDown, Wait: uint64((time.Minute - now.Sub(m.since)).Milliseconds())}
	}
	return nil
}

func (s *Side) manner(who string) *manner {
	m := s.manners[who]
	if m == nil {
		m = &manner{}
		s.manners[who] = m
	}
	return m
}

// strike notes that a peer sent something malformed.
func (s *Side) strike(who string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m := s.manner(who)
	if m.bad++; m.bad >= strikes {
		m.bad, m.paused = 0, s.options.Now().Add(pause)
	}
}

func (s *Side) hello() (Hello, error) {
	heads, err := s.record.Heads()
	if err != nil {
		return Hello{}, err
	}
	view := s.record.View()
	hello := Hello{Replica: s.record.Own(), Oldest: Protocol, Newest: Protocol, Schema: moot.Schema,
		Heads: headList(heads), Digest: s.sum(view), Rules: piece(view.Rules, 0), MoreRules: pieces(view.Rules) - 1, Wall: uint64(s.options.Now().UnixMilli()), Instance: s.options.Instance}
	if s.options.Free != nil {
		hello.Free = s.options.Free()
	}
	return hello, nil
}

const twinTag = "folkmoot copy 1\x00"

// twinMessage is what a device signs with its log's key when it is asked with a nonce:
// tag ‖ session ‖ nonce ‖ instance. The tag keeps it from being taken for an entry.
func (s *Side) twinMessage(nonce []byte, instance uint64) []byte {
	session := s.session()
	message := append([]byte(twinTag), session[:]...)
	return binary.BigEndian.AppendUint64(append(message, nonce...), instance)
}

// nonce gives a fresh one.
func (s *Side) nonce() []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	return draw(s.options.Random, make([]byte, sum))
}

// sum gives a View's digest, which is worked out once.
func (s *Side) sum(view *moot.View) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.view != view {
		s.view, s.digest = view, view.Digest()
	}
	return s.digest
}

func (s *Side) hashes(places []Place) ([]Short, error) { return hashesOf(s.record, places) }

// frames gives encoded entries of a range as far as one answer goes, most bytes of them
// at most where that is not 0, and whether there are more. on says to go on with the logs
// that come after.
func (s *Side) frames(at Range, on bool, most int) (frames [][]byte, more bool, err error) {
	return framesOf(s.record, at, on, s.options.Frames, s.bytes(most))
}

// push takes entries of a peer.
func (s *Side) push(ctx context.Context, who string, frames [][]byte) (Response, error) {
	got, err := s.Receive(ctx, who, frames)
	if err != nil {
		return Response{}, fmt.Errorf("take entries: %w", err)
	}
	if got.Bad > 0 { // who checks before passing on has none such
		s.strike(who)
	}
	out := Response{Taken: &Taken{New: uint64(got.New), Held: uint64(got.Held), Bad: uint64(got.Bad), Gaps: uint64(got.Gaps),
		Forks: got.Forks, Heads: headList(got.Heads)}}
	if len(got.Forks) > 0 {
		rules := about(s.record.View().Rules, got.Forks)
		out.Refused, out.Rules = refuse(Forked), &rules
	}
	return out, nil
}
