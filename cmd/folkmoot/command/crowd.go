package command

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	mathrand "math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"folkmoot/app/readmodel"
	"folkmoot/sync/moot"
)

// crowd is simulated people who use a hub as the page does.
type crowd struct {
	options    rehearseOptions
	base, code string
	session    string
	statements []string
	writes     []map[string]string // statements that the first people add
	question   bool
	client     *http.Client
	// ready waits until votes are wanted, and says whether they are; nil for at once.
	ready func(ctx context.Context) bool

	mu       sync.Mutex
	report   rehearsalReport
	millis   []float64
	progress *bar
}

// newCrowd looks at the hub: it must be a rehearsal, with statements to vote on.
func newCrowd(ctx context.Context, o rehearseOptions) (*crowd, error) {
	base, _, _ := strings.Cut(strings.TrimRight(o.url, "/"), "/j/")
	c := &crowd{options: o, base: base, report: rehearsalReport{People: o.people, Refused: map[string]int{}},
		client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 2 * o.people, IdleConnTimeout: time.Minute}}}
	var wall struct {
		Session    string
		Rehearsal  bool
		Join       struct{ Code string }
		Statements []struct{ ID string }
		Question   *struct{ ID string }
	}
	status, err := c.call(ctx, http.MethodGet, "/api/v1/wall", "", nil, &wall)
	if err != nil || status != http.StatusOK {
		return nil, &problem{why: fmt.Sprintf("no hub answers at %s", base), try: "start one: serve --rehearsal", cause: err}
	}
	if !wall.Rehearsal {
		return nil, &problem{why: fmt.Sprintf("the hub at %s holds a real session: simulated people are not let in", base), try: "start it with serve --rehearsal, or rehearse a copy with --session"}
	}
	if len(wall.Statements) == 0 {
		return nil, &problem{why: "there is no statement to vote on yet", try: "add some: statement add, or import statements"}
	}
	c.code, c.session, c.question = wall.Join.Code, wall.Session, wall.Question != nil
	for _, s := range wall.Statements {
		c.statements = append(c.statements, s.ID)
	}
	return c, nil
}

// call sends one call and reads its answer.
func (c *crowd) call(ctx context.Context, method, path, token string, body, into any) (int, error) {
	var data io.Reader
	if body != nil {
		raw, err := json.Marshal(body)
		if err != nil {
			return 0, err
		}
		data = bytes.NewReader(raw)
	}
	req, err := http.NewRequestWithContext(ctx, method, c.base+path, data)
	if err != nil {
		return 0, err
	}
	req.Header.Set("Content-Type", "application/json")
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	res, err := c.client.Do(req)
	if err != nil {
		return 0, err
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		return 0, err
	}
	if wait, err := strconv.Atoi(res.Header.Get("Retry-After")); err == nil {
		return res.StatusCode, retryAfter(time.Duration(wait) * time.Second)
	}
	return res.StatusCode, json.Unmarshal(raw, into)
}

// retryAfter is a hub's word on when to try again.
type retryAfter time.Duration

func (r retryAfter) Error() string { return "try again in " + time.Duration(r).String() }

// run lets everybody vote and gives the report.
func (c *crowd) run(ctx context.Context, progress *bar) rehearsalReport {
	c.progress = progress
	streams, stop := context.WithCancel(ctx)
	var people, listening sync.WaitGroup
	for i := range c.options.people {
		people.Add(1)
		listening.Add(1)
		joined := make(chan string, 1)
		go func() { defer people.Done(); c.person(ctx, i, joined) }()
		go func() { defer listening.Done(); c.listen(streams, joined) }()
	}
	people.Wait()
	stop()
	listening.Wait()
	slices.Sort(c.millis)
	if n := len(c.millis); n > 0 {
		c.report.LatencyMS = latencies{P50: c.millis[n/2], P99: c.millis[min(n-1, n*99/100)], Max: c.millis[n-1]}
	}
	return c.report
}

// listen holds a live stream, as an open page does.
func (c *crowd) listen(ctx context.Context, joined <-chan string) {
	var token string
	select {
	case token = <-joined:
	case <-ctx.Done():
		return
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.base+"/api/v1/live", nil)
	if err != nil {
		return
	}
	req.Header.Set("Authorization", "Bearer "+token)
	if res, err := c.client.Do(req); err == nil {
		io.Copy(io.Discard, res.Body) // until the hub or the rehearsal ends
		res.Body.Close()
	}
}

// person joins and votes on every statement, with pauses like a reader's.
func (c *crowd) person(ctx context.Context, index int, joined chan<- string) {
	defer close(joined)
	random := mathrand.New(mathrand.NewPCG(c.options.seed, uint64(index)))
	pause := time.Duration(c.options.minutes * float64(time.Minute) / c.options.speed / float64(len(c.statements)+1))
	rest(ctx, time.Duration(random.Float64()*float64(pause)))
	token, ok := c.join(ctx, random)
	if !ok {
		return
	}
	joined <- token
	if index < len(c.writes) {
		c.send(ctx, token, "statement", "", c.writes[index])
	}
	room := readmodel.Rehearsal{Seed: c.options.seed}
	if answer, ok := room.Answer(index); ok && c.question {
		c.send(ctx, token, "answer", "q1", answer)
	}
	for _, at := range random.Perm(len(c.statements)) {
		rest(ctx, time.Duration((0.5+random.Float64())*float64(pause)))
		if c.ready != nil && !c.ready(ctx) {
			return
		}
		if vote := room.Vote(index, at); vote != moot.None {
			c.send(ctx, token, "vote", c.statements[at], vote.String())
		}
		c.progress.add(1)
		if ctx.Err() != nil {
			return
		}
	}
}

func rest(ctx context.Context, d time.Duration) {
	if d <= 0 {
		return
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

func (c *crowd) join(ctx context.Context, random *mathrand.Rand) (string, bool) {
	raw := make([]byte, 32)
	rand.Read(raw)
	token := hex.EncodeToString(raw)
	lang := "zh-Hant"
	if random.IntN(4) == 0 {
		lang = "en"
	}
	var reply struct{ Session string }
	ok := c.retry(ctx, func() (bool, error) {
		status, err := c.call(ctx, http.MethodPost, "/api/v1/join", "", map[string]string{"code": c.code, "token": token, "lang": lang, "name": ""}, &reply)
		return status == http.StatusCreated && err == nil && reply.Session == c.session, err
	})
	return token, ok
}

// send sends one item until it is received or refused, and measures the first try
// that is answered.
func (c *crowd) send(ctx context.Context, token, kind, key string, value any) {
	id := itemID().String()
	item := map[string]any{"cid": id, "kind": kind, "key": key, "rev": time.Now().UnixMilli(), "value": value}
	c.count(func(r *rehearsalReport) { r.Sent++ })
	c.retry(ctx, func() (bool, error) {
		var reply struct {
			Session string
			Saved   []struct{ CID string }
			Refused []struct{ CID, Reason string }
		}
		start := time.Now()
		status, err := c.call(ctx, http.MethodPost, "/api/v1/items", token, map[string]any{"items": []any{item}, "waiting": 0}, &reply)
		if err != nil || status != http.StatusCreated || reply.Session != c.session {
			return false, err
		}
		took := float64(time.Since(start)) / float64(time.Millisecond)
		c.count(func(r *rehearsalReport) {
			for _, s := range reply.Saved {
				if s.CID == id {
					r.Acknowledged++
					c.millis = append(c.millis, took)
				}
			}
			for _, no := range reply.Refused {
				r.Refused[no.Reason]++
			}
		})
		return true, nil
	})
}

func (c *crowd) count(change func(*rehearsalReport)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	change(&c.report)
}

// retry tries again as the page does: half a second doubling to fifteen, or when
// the hub says; a minute in all.
func (c *crowd) retry(ctx context.Context, try func() (bool, error)) bool {
	wait := 500 * time.Millisecond
	for waited := time.Duration(0); waited < time.Minute && ctx.Err() == nil; waited += wait {
		ok, err := try()
		if ok {
			return true
		}
		if after, said := err.(retryAfter); said {
			wait = max(wait, time.Duration(after))
		}
		rest(ctx, wait)
		wait = min(2*wait, 15*time.Second)
	}
	return false
}
