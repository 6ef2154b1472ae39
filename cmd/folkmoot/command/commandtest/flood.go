package commandtest

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"folkmoot/cmd/folkmoot/crowd"
)

const (
	floodOthers = 50
	// Votes of the others a second, all together: half of what the hub lets them send.
	floodRate = 100
)

// Flooded is what fifty people saw before and while one device sent as fast as it could.
type Flooded struct {
	Calm, Flood crowd.Tally
	// Calls is how many calls of the one device were answered, Refused how many of them with "slow down".
	Calls, Refused int64
	// Seconds is how long it flooded.
	Seconds float64
	Hub     Measured // while flooded
}

// Ratio is how many times longer 99 of 100 votes took at the most while one device flooded.
func (f *Flooded) Ratio() float64 { return f.Flood.Latency().P99 / f.Calm.Latency().P99 }

// Flood lets fifty people vote, a hundred times a second all together, in turns of so
// long: with and without one device that sends as fast as it can over so many
// connections (a browser opens six).
func Flood(ctx context.Context, program Program, data string, turn time.Duration, turns, sockets int) (*Flooded, error) {
	room, err := OpenRoom(ctx, program, data, floodOthers+1)
	if err != nil {
		return nil, err
	}
	defer room.Kill()
	if err := room.Hold(ctx); err != nil {
		return nil, err
	}
	f := &Flooded{}
	interval := time.Second * floodOthers / floodRate
	count := max(1, int(turn/interval))
	for range turns {
		calm, err := room.Load(ctx, floodOthers, interval, count)
		if err != nil {
			return f, err
		}
		f.Calm.Add(calm.Tally)
		flooding, stop := context.WithCancel(ctx)
		var ended sync.WaitGroup
		var wrong error
		ended.Go(func() { wrong = f.flood(flooding, room.Hub, tokenOf(floodOthers), sockets) })
		flood, err := room.Load(ctx, floodOthers, interval, count)
		stop()
		ended.Wait()
		if err := errors.Join(err, wrong); err != nil {
			return f, err
		}
		f.Flood.Add(flood.Tally)
		f.Hub, f.Seconds = flood.Hub, f.Seconds+(time.Duration(count)*interval).Seconds()
	}
	return f, nil
}

// flood sends the same full call again and again over all sockets, whatever the answer.
func (f *Flooded) flood(ctx context.Context, hub *crowd.Hub, token string, sockets int) error {
	body, err := json.Marshal(map[string]any{"items": []crowd.Item{crowd.Vote(hub.Statements[0], 0)}, "waiting": 0})
	if err != nil {
		return err
	}
	host := strings.TrimPrefix(hub.Base, "http://")
	call := fmt.Appendf(nil, "POST /api/v1/items HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nAuthorization: Bearer %s\r\nContent-Length: %d\r\n\r\n%s", host, token, len(body), body)
	errs := make([]error, sockets)
	var all sync.WaitGroup
	for i := range sockets {
		all.Go(func() { errs[i] = f.pour(ctx, host, call) })
	}
	all.Wait()
	return errors.Join(errs...)
}

// pour is flood over one socket. A hub that ends the connection is dialled again.
func (f *Flooded) pour(ctx context.Context, host string, call []byte) error {
	for ctx.Err() == nil {
		conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", host)
		if err != nil {
			if ctx.Err() != nil {
				return nil
			}
			return fmt.Errorf("the flooding device: %w", err)
		}
		stop := context.AfterFunc(ctx, func() { conn.Close() })
		answers := bufio.NewReader(conn)
		for {
			if _, err := io.Copy(conn, bytes.NewReader(call)); err != nil {
				break
			}
			res, err := http.ReadResponse(answers, nil)
			if err != nil {
				break
			}
			if _, err := io.Copy(io.Discard, res.Body); err != nil {
				break
			}
			atomic.AddInt64(&f.Calls, 1)
			if res.StatusCode == http.StatusTooManyRequests {
				atomic.AddInt64(&f.Refused, 1)
			}
		}
		stop()
		conn.Close()
	}
	return nil
}
