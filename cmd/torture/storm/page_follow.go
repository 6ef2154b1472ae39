package storm

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"sync/atomic"
	"time"
)

// end is how a stream ended.
type end int

const (
	endFailed  end = iota // nothing was heard
	endHeard              // it had been heard before
	endSilent             // it had been heard, and then nothing
	endUnknown            // the hub does not know the token
)

// follow keeps in touch with the hub: the live stream, and questions where it ends
// before anything was heard. After two failures in a row the page looks elsewhere.
func (p *Page) follow(ctx context.Context) {
	var fails failures
	for ctx.Err() == nil {
		well := false
		switch p.stream(ctx, &fails) {
		case endHeard:
			fails, well = 0, true
			pause(ctx, 200*time.Millisecond)
		case endSilent:
			fails, well = 0, true
			p.move(ctx)
		case endUnknown:
			well = p.rejoin(ctx)
		case endFailed:
			well = p.poll(ctx)
			if well {
				fails = 0
				p.flush()
				pause(ctx, pollEvery)
			}
		}
		if well {
			continue
		}
		if fails >= 2 && p.move(ctx) {
			continue
		}
		p.mu.Lock()
		wait := fails.next(p.random, lastFollow, 0)
		p.mu.Unlock()
		pause(ctx, wait)
	}
}

// stream reads the live stream until it ends or falls silent.
func (p *Page) stream(ctx context.Context, fails *failures) end {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	base, flight := p.here()
	silent := atomic.Bool{}
	watch := time.AfterFunc(silence, func() { silent.Store(true); stop() })
	defer watch.Stop()
	doubt := time.AfterFunc(doubtful, func() { p.move(ctx) })
	defer doubt.Stop()
	go func() {
		select {
		case <-flight:
			stop()
		case <-ctx.Done():
		}
	}()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, base+"/api/v1/live", nil)
	if err != nil {
		return endFailed
	}
	req.Header.Set("Authorization", "Bearer "+p.token)
	res, err := p.client.Do(req)
	if err != nil {
		return endFailed
	}
	defer res.Body.Close()
	doubt.Stop()
	switch res.StatusCode {
	case http.StatusOK:
	case http.StatusUnauthorized:
		return endUnknown
	default:
		return endFailed
	}
	heard := endFailed
	for lines := bufio.NewScanner(res.Body); lines.Scan(); {
		watch.Reset(silence)
		if heard != endHeard {
			heard = endHeard
			*fails = 0
			p.flush()
		}
		p.take(lines.Text())
	}
	if heard == endHeard && silent.Load() {
		return endSilent
	}
	return heard
}

// take takes the session's addresses from an event.
func (p *Page) take(line string) {
	var doc struct{ Hubs []string }
	if data, ok := strings.CutPrefix(line, "data: "); ok && json.Unmarshal([]byte(data), &doc) == nil {
		p.learn(doc.Hubs)
	}
}

// poll asks for the state; false when the hub does not answer.
func (p *Page) poll(ctx context.Context) bool {
	r, _ := p.call(ctx, http.MethodGet, "/state", nil)
	var doc struct{ Hubs []string }
	if r.status != http.StatusOK || json.Unmarshal(r.body, &doc) != nil {
		return false
	}
	p.learn(doc.Hubs)
	return true
}
