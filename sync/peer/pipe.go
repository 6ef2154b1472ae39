package peer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
)

// Dial gives the asking end of a pipe, whose other end is served. Calls come one after
// the other. The context ends no call: who made the pipe closes it.
func Dial(pipe io.ReadWriter) Ask {
	var one sync.Mutex
	return func(ctx context.Context, q Request) (Response, error) {
		one.Lock()
		defer one.Unlock()
		if err := ctx.Err(); err != nil {
			return Response{}, err
		}
		data, err := Encode(&q)
		if err == nil {
			err = WriteFrame(pipe, data)
		}
		if err != nil {
			return Response{}, err
		}
		if data, err = ReadFrame(pipe); err != nil {
			if errors.Is(err, io.EOF) {
				err = fmt.Errorf("peer: receive: %w", io.ErrUnexpectedEOF)
			}
			return Response{}, err
		}
		var p Response
		err = Decode(data, &p)
		return p, err
	}
}

// Serve answers the calls of a peer, whom the caller names, until the pipe ends or the
// context does; then it gives nil. Errors: what the pipe gives, a fault of the record,
// and a *Refusal for a message that is too big, after which nothing can be read.
func (s *Side) Serve(ctx context.Context, who string, pipe io.ReadWriter) error {
	for ctx.Err() == nil {
		data, err := ReadFrame(pipe)
		if errors.Is(err, io.EOF) {
			return nil
		}
		var refusal *Refusal
		if errors.As(err, &refusal) {
			if answer, bad := Encode(&Response{Refused: refusal}); bad == nil {
				WriteFrame(pipe, answer) // it may not be read any more
			}
		}
		if err != nil {
			return err
		}
		answer, err := s.AnswerBytes(ctx, who, data)
		if err == nil {
			err = WriteFrame(pipe, answer)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
