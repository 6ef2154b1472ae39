package peer

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"folkmoot/sync/oplog"
)

// Ask brings a request to the other side and gives its response. Side.Answer in the same
// program is one, see Dial for another.
type Ask func(ctx context.Context, q Request) (Response, error)

// rounds is how often an exchange compares anew: once for entries, once more for what
// they say about others, and some for what came in the meantime.
const rounds = 8

// Report is what an exchange did.
type Report struct {
	// Pulled and Pushed entries were new to one side or the other.
	Pulled, Pushed int
	// Filled entries were held here without their payload.
	Filled int
	// Bad entries came from the peer.
	Bad int
	// Forks are logs of which the two hold different branches.
	Forks []oplog.ReplicaID
	// Peer is how the other side stood when it was last asked.
	Peer Hello
	// Twin says that the other side is a copy of this device, with its key; this one has
	// gone on under a new key.
	Twin bool
	// Same says that both sides then had the same state.
	Same bool
	// Ahead is by how much the other side's clock runs ahead of ours.
	Ahead time.Duration
}

// exchange is one on its way.
type exchange struct {
	side   *Side
	who    string // the other side, see Trust
	ask    Ask
	most   func() int // bytes of entries in a message; nil is as many as one carries
	early  bool       // the next piece is asked for while the last one is taken
	report Report
	mine   Hello
	nonce  []byte // of the last hello
}

// Exchange asks the other side until both hold the same, as far as there are not two
// branches of a log. What was reached before an error stays. Errors: a *Refusal of the
// other side or of the own record, or what Ask gives.
func (s *Side) Exchange(ctx context.Context, ask Ask) (Report, error) {
	return s.ExchangeAs(ctx, "", ask, nil)
}

// ExchangeAs is Exchange with a peer of a name, by which Trust knows it. Over a link that is
// slow or often cut most gives, before each call, how many bytes of entries it carries;
// then what is fetched is asked for while the piece before is being taken, from another
// goroutine, never two calls at a time.
func (s *Side) ExchangeAs(ctx context.Context, who string, ask Ask, most func() int) (Report, error) {
	x := &exchange{side: s, who: who, ask: ask, most: most, early: most != nil}
	for range rounds {
		moved, err := x.round(ctx)
		if err != nil {
			return x.report, err
		}
		if !moved {
			break
		}
	}
	return x.report, nil
}

// call asks and turns a "no" into an error; a fork is none, since the rest was taken.
func (x *exchange) call(ctx context.Context, q Request) (Response, error) {
	q.Protocol, q.Session = Protocol, x.side.session()
	if q.Call == CallEntries || q.Call == CallSnapshot {
		q.Most = uint64(x.size())
	}
	p, err := x.ask(ctx, q)
	if err != nil {
		return p, err
	}
	if err := p.check(); err != nil {
		return p, err
	}
	if p.Refused != nil && p.Refused.Code != Forked {
		return p, fmt.Errorf("peer: %s: %w", q.Call, p.Refused)
	}
	return p, nil
}

// size gives how many bytes of entries the next call carries; 0 is as many as one does.
func (x *exchange) size() int {
	if x.most == nil {
		return 0
	}
	return max(1, x.most())
}

// round compares and moves what is missing; it says whether anything was.
func (x *exchange) round(ctx context.Context) (moved bool, err error) {
	if err := x.hello(ctx); err != nil {
		return false, err
	}
	if moved, err = x.twin(ctx); err != nil || moved {
		return moved, err
	}
	if moved, err = x.rules(ctx); err != nil || moved {
		return moved, err
	}
	if len(x.mine.Heads) == 0 && len(x.report.Peer.Heads) > 0 {
		return x.snapshot(ctx)
	}
	todo, err := x.compare(ctx)
	if err != nil {
		return false, err
	}
	x.report.Forks = nil
	for _, act := range []struct {
		ranges []Range
		do     func(context.Context, Range) (bool, error)
	}{{todo.pull, x.pull}, {todo.push, x.push}} {
		for _, r := range act.ranges {
			m, err := act.do(ctx, r)
			if moved = moved || m; err != nil {
				return moved, err
			}
		}
	}
	for _, at := range todo.apart {
		m, err := x.settle(ctx, at)
		if moved = moved || m; err != nil {
			return moved, err
		}
	}
	if !moved && !x.report.Same {
		return x.fill(ctx)
	}
	return moved, nil
}

func (x *exchange) hello(ctx context.Context) (err error) {
	nonce := x.side.nonce()
	p, err := x.call(ctx, Request{Call: CallHello, Nonce: nonce})
	switch {
	case err != nil:
		return err
	case p.Hello == nil:
		return malformed("no hello")
	case p.Hello.Oldest > Protocol || p.Hello.Newest < Protocol:
		return fmt.Errorf("peer: %w", refuse(TooNew))
	}
	x.report.Peer = *p.Hello
	if x.mine, err = x.side.hello(); err != nil {
		return fmt.Errorf("peer: %w", err)
	}
	x.nonce = nonce
	x.report.Same = x.mine.Digest == p.Hello.Digest
	x.report.Ahead = ahead(p.Hello.Wall, x.mine.Wall)
	return nil
}

// ahead gives by how much a clock runs ahead of ours, a century at most: a peer may say
// any time, and a duration holds three.
func ahead(theirs, mine uint64) time.Duration {
	const century = 100 * 365 * 24 * time.Hour
	if theirs < mine {
		return -ahead(mine, theirs)
	}
	return time.Duration(min(theirs-mine, uint64(century.Milliseconds()))) * time.Millisecond
}

// twin goes on under a new key where the other side is a copy of this device: better
// now than once both have written. Each new key takes one of the session's few logs, so
// the other side has to prove that it has the present one. It signs what we would sign
// ourselves if we were it: an ed25519 signature is the same each time.
func (x *exchange) twin(ctx context.Context) (bool, error) {
	p := x.report.Peer
	if p.Replica != x.mine.Replica || p.Instance == x.mine.Instance || p.Instance == 0 || x.mine.Instance == 0 {
		return false, nil
	}
	if own, proof := x.side.record.Vouch(x.side.twinMessage(x.nonce, p.Instance)); own != p.Replica || !bytes.Equal(proof, p.Proof) {
		return false, nil
	}
	if err := x.side.record.Renew(ctx, "there is a copy of this device"); err != nil {
		return false, x.ours(err)
	}
	x.report.Twin = true
	return true, nil
}

// ours gives a failure of the own record the form of a refusal.
func (x *exchange) ours(err error) error {
	refusal, err := refusalOf(err)
	if err != nil {
		return err
	}
	return fmt.Errorf("peer: this device: %w", refusal)
}

func (x *exchange) compare(ctx context.Context) (plan, error) {
	mine, theirs, told := x.mine.Heads, x.report.Peer.Heads, map[Place]Short{}
	for places := range slices.Chunk(asked(mine, theirs), MaxPlaces) {
		hashes, err := x.hashes(ctx, places)
		if err != nil {
			return plan{}, err
		}
		for i, at := range places {
			told[at] = hashes[i]
		}
	}
	return compare(mine, theirs, told, func(at Place) (Short, error) {
		hashes, err := x.side.hashes([]Place{at})
		if err != nil {
			return Short{}, fmt.Errorf("peer: %w", err)
		}
		return hashes[0], nil
	})
}

func (x *exchange) hashes(ctx context.Context, places []Place) ([]Short, error) {
	p, err := x.call(ctx, Request{Call: CallHashes, Places: places})
	if err == nil && len(p.Hashes) != len(places) {
		err = malformed("%d hashes for %d places", len(p.Hashes), len(places))
	}
	return p.Hashes, err
}

// take takes entries of the other side, and says whether any was new.
func (x *exchange) take(ctx context.Context, frames [][]byte) (bool, error) {
	rules := len(x.side.record.View().Rules.Proofs)
	got, err := x.side.Receive(ctx, x.who, frames)
	if err != nil {
		return false, x.ours(err)
	}
	x.report.Pulled += got.New
	x.report.Bad += got.Bad
	x.report.Filled += got.Filled
	return got.New+got.Filled > 0 || len(x.side.record.View().Rules.Proofs) > rules, nil
}

// pull fetches a range, answer by answer, as long as what comes is taken.
func (x *exchange) pull(ctx context.Context, r Range) (moved bool, err error) {
	return x.fetch(ctx, CallEntries, r, func(frames [][]byte) (Range, error) {
		r.From += uint64(len(frames))
		return r, nil
	})
}

// snapshot fetches everything for a replica that holds nothing. Cut off, the next
// exchange compares heads and goes on from there.
func (x *exchange) snapshot(ctx context.Context) (moved bool, err error) {
	return x.fetch(ctx, CallSnapshot, Range{}, func(frames [][]byte) (Range, error) {
		last, err := oplog.Decode(frames[len(frames)-1])
		if err != nil {
			return Range{}, malformed("%v", err)
		}
		return Range{Replica: last.Replica, From: last.Seq + 1}, nil
	})
}

// fetch takes what a call brings, beginning with one range; after gives the range that
// follows on what came.
func (x *exchange) fetch(ctx context.Context, call Call, at Range, after func(frames [][]byte) (Range, error)) (moved bool, err error) {
	next := x.begin(ctx, call, at)
	defer func() { next.drop() }()
	for {
		p, err := next.wait()
		if err != nil || len(p.Frames) == 0 {
			return moved, err
		}
		if p.More {
			at, err = after(p.Frames)
			if err == nil {
				next = x.begin(ctx, call, at)
			}
		}
		news, failed := x.take(ctx, p.Frames)
		if moved = moved || news; failed != nil || err != nil || !news || !p.More {
			return moved, cmp.Or(failed, err)
		}
	}
}

// push brings a range, call by call, as long as what comes is taken.
func (x *exchange) push(ctx context.Context, r Range) (moved bool, err error) {
	for {
		frames, more, err := x.side.frames(r, false, x.size())
		if err != nil {
			return moved, fmt.Errorf("peer: %w", err)
		}
		if len(frames) == 0 {
			return moved, nil
		}
		p, err := x.call(ctx, Request{Call: CallPush, Frames: frames})
		if err != nil {
			return moved, err
		}
		if p.Taken == nil {
			return moved, malformed("no receipt")
		}
		x.report.Pushed += int(min(p.Taken.New, MaxFrames))
		moved = moved || p.Taken.New > 0
		if p.Rules != nil {
			news, err := x.side.obey(ctx, x.who, *p.Rules)
			if err != nil {
				return moved, x.ours(err)
			}
			return moved || news > 0, nil
		}
		if p.Taken.New == 0 || !more {
			return moved, nil
		}
		r.From += uint64(len(frames))
	}
}
