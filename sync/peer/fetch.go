package peer

import "context"

// fetching is a call for entries on its way.
type fetching struct {
	answer  func() (Response, error)
	running bool // and nobody has taken the answer
	cancel  context.CancelFunc
}

// begin asks for a range of entries: at once where the exchange asks early, else when the
// answer is wanted.
func (x *exchange) begin(ctx context.Context, call Call, at Range) *fetching {
	ctx, cancel := context.WithCancel(ctx)
	f := &fetching{cancel: cancel, answer: func() (Response, error) { return x.call(ctx, Request{Call: call, Range: &at}) }}
	if !x.early {
		return f
	}
	type came struct {
		p   Response
		err error
	}
	done := make(chan came, 1)
	ask := f.answer
	go func() {
		p, err := ask()
		done <- came{p, err}
	}()
	f.running = true
	f.answer = func() (Response, error) {
		c := <-done
		return c.p, c.err
	}
	return f
}

// wait gives the answer. It is called once.
func (f *fetching) wait() (Response, error) {
	f.running = false
	defer f.cancel()
	return f.answer()
}

// drop gives up a call of which nobody wants the answer, and waits for its end.
func (f *fetching) drop() {
	f.cancel()
	if f.running {
		f.wait()
	}
}
