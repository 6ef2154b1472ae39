package peer

import (
	"errors"
	"fmt"

	"folkmoot/sync/oplog"
)

// Heads gives how far this side holds each log, synced, as a peer is told.
func (s *Side) Heads() ([]LogHead, error) {
	heads, err := s.record.Heads()
	return headList(heads), err
}

// Missing gives encoded entries that a peer with some heads lacks, as many as one answer
// carries, most bytes at most where that is not 0. apart says that its entry at one of
// those heads is another than ours: then Exchange has something to do.
func (s *Side) Missing(theirs []LogHead, most int) (frames [][]byte, apart bool, err error) {
	heads, err := s.record.Heads()
	if err != nil {
		return nil, false, err
	}
	held, out := headsOf(theirs), &answer{frames: s.options.Frames, bytes: s.bytes(most)}
	for _, r := range heads.Replicas() {
		h := held[r]
		if h.Seq > heads[r].Seq || h.Seq == heads[r].Seq && h.Hash == short(heads[r].Hash) {
			continue
		}
		same, err := s.after(r, h, out)
		if err != nil {
			return nil, false, fmt.Errorf("peer: %w", err)
		}
		if apart = apart || !same; out.more {
			break
		}
	}
	return out.list, apart, nil
}

// after adds the entries of a log that follow on a head, and says whether ours at that
// head is the same.
func (s *Side) after(r oplog.ReplicaID, h LogHead, out *answer) (same bool, err error) {
	same = true
	err = s.record.Entries(r, max(h.Seq, 1), func(e oplog.Entry) bool {
		if e.Seq == h.Seq {
			same = short(e.Hash()) == h.Hash
			return same
		}
		return out.add(e)
	})
	return same, errors.Join(err, out.err)
}

// answer is entries on their way into a message.
type answer struct {
	frames, bytes int // as many as it takes
	list          [][]byte
	total         int
	more          bool // there was one more than it takes
	err           error
}

// add takes an entry, and says whether there may be room for the next one. The first
// always fits.
func (a *answer) add(e oplog.Entry) bool {
	data, err := e.Encode()
	if a.err = err; err != nil {
		return false
	}
	if a.more = len(a.list) > 0 && (len(a.list) >= a.frames || a.total+len(data) > a.bytes); a.more {
		return false
	}
	a.list, a.total = append(a.list, data), a.total+len(data)
	return true
}

// bytes gives how many bytes of entries one answer carries, where most are wished for; 0
// is no wish.
func (s *Side) bytes(most int) int {
	if most <= 0 {
		return s.options.Bytes
	}
	return min(most, s.options.Bytes)
}

// HeadsFit says whether a list of heads is one that a message may carry.
func HeadsFit(heads []LogHead) bool { return headsFit(heads) }

// FramesFit says whether frames are no more than a message may carry.
func FramesFit(frames [][]byte) bool { return framesFit(frames) == nil }

// Push gives the call that brings frames outside of an exchange.
func (s *Side) Push(frames [][]byte) Request {
	return Request{Protocol: Protocol, Session: s.session(), Call: CallPush, Frames: frames}
}
