package simtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"

	"folkmoot/sync/peer"
)

// errLost is what who asks sees of a message that did not come through.
var errLost = errors.New("the connection was lost")

// letter is a message that is still on its way.
type letter struct {
	from, to *node
	data     []byte
}

type pair [2]int

func pairOf(a, b *node) pair { return pair{min(a.number, b.number), max(a.number, b.number)} }

// meet lets one node exchange with another over a network as bad as the dice say.
func (w *world) meet(a, b *node, random *rand.Rand) error {
	if !w.reach(a, b) {
		return nil
	}
	dice := []int{1, 100, 40}[random.IntN(3)] // a good, a poor and a terrible network
	_, err := a.side.ExchangeAs(context.Background(), b.name(), w.link(a, b, func() int { return random.IntN(dice) }, random), nil)
	var refusal *peer.Refusal
	if err != nil && !errors.Is(err, errLost) && !errors.As(err, &refusal) {
		return fmt.Errorf("nodes %d and %d: %w", a.number, b.number, err)
	}
	return nil
}

// link brings messages from a to b as bytes in frames. luck gives 1 to 9 for what goes
// wrong, and anything else for nothing.
func (w *world) link(a, b *node, luck func() int, random *rand.Rand) peer.Ask {
	name := a.name()
	return func(ctx context.Context, q peer.Request) (peer.Response, error) {
		data, err := peer.Encode(&q)
		if err != nil {
			return peer.Response{}, err
		}
		times := 1
		what := luck()
		switch what {
		case 1, 2:
			return peer.Response{}, errLost
		case 3:
			w.letters = append(w.letters, letter{a, b, data})
			return peer.Response{}, errLost
		case 4:
			if _, err := peer.ReadFrame(bytes.NewReader(torn(data, random))); err == nil {
				return peer.Response{}, errors.New("half a frame was read as a whole one")
			}
			return peer.Response{}, errLost
		case 5, 6:
			times = 2
		case 7:
			if len(q.Frames) > 0 {
				data[len(data)/2] ^= 1 << random.IntN(8)
			}
		}
		var answer []byte
		for range times {
			if answer, err = b.side.AnswerBytes(ctx, name, data); err != nil {
				return peer.Response{}, fmt.Errorf("node %d answers: %w", b.number, err)
			}
		}
		var framed bytes.Buffer
		if err := peer.WriteFrame(&framed, answer); err != nil {
			return peer.Response{}, err
		}
		if what == 8 || what == 9 {
			framed.Truncate(random.IntN(framed.Len()))
		}
		if answer, err = peer.ReadFrame(&framed); err != nil {
			return peer.Response{}, errLost
		}
		var p peer.Response
		return p, peer.Decode(answer, &p)
	}
}

// torn gives a frame of data that ends too early.
func torn(data []byte, random *rand.Rand) []byte {
	var framed bytes.Buffer
	peer.WriteFrame(&framed, data)
	return framed.Bytes()[:random.IntN(framed.Len())]
}

// deliver brings letters that are still on their way to a node, all of them for nil.
// Their answers are lost.
func (w *world) deliver(to *node) error {
	var left []letter
	for _, l := range w.letters {
		if to != nil && l.to != to {
			left = append(left, l)
		} else if _, err := l.to.side.AnswerBytes(context.Background(), l.from.name(), l.data); err != nil {
			return err
		}
	}
	w.letters = left
	return nil
}

// direct is a network on which nothing goes wrong.
func direct(from, to *node) peer.Ask {
	return func(ctx context.Context, q peer.Request) (peer.Response, error) {
		return to.side.Answer(ctx, from.name(), q)
	}
}

// exchange lets one node exchange with another where nothing goes wrong.
func (n *node) exchange(with *node) error {
	_, err := n.side.ExchangeAs(context.Background(), with.name(), direct(n, with), nil)
	return err
}

func (n *node) name() string { return fmt.Sprint("node ", n.number) }

// isTablet says of the name of a node that it is a tablet's, whose word about others is
// not believed.
func (w *world) isTablet(name string) bool {
	for _, n := range w.nodes {
		if n.name() == name {
			return n.tablet
		}
	}
	return true
}
