package command

import (
	"context"
	"crypto/rand"
	"io"
	"sync"
	"testing"
	"time"

	"folkmoot/app/readmodel"
	"folkmoot/sync/badge"
	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
	"folkmoot/sync/peer"
)

// fakeLink is a TabletLink without a network: hubs of the test are found, and entries go
// over when the test says so.
type fakeLink struct {
	t    *testing.T
	hub  *local
	mu   sync.Mutex
	next chan struct{}

	found   []TabletFound
	pairing *fakePairing
	status  TabletStatus
	carried *local
	key     badge.Key
	name    string
}

func newFakeLink(t *testing.T, hub *local) *fakeLink {
	l := &fakeLink{t: t, hub: hub, next: make(chan struct{}), status: TabletStatus{Reach: readmodel.ReachHere, Hub: "Amy’s laptop"}}
	l.found = []TabletFound{{ID: "one", Title: "The riverside", Host: "Amy’s laptop", Address: "192.168.1.20"}, {ID: "two", Title: "Another", Host: "Bo", Full: true}}
	return l
}

func (l *fakeLink) Found() []TabletFound { return l.found }

func (l *fakeLink) Ask(f TabletFound) TabletPairing {
	return l.begin(TabletPairingState{Stand: readmodel.PairingCompare, Digits: "123456", Host: f.Host, Title: f.Title})
}

func (l *fakeLink) AskByLink(string) TabletPairing {
	return l.begin(TabletPairingState{Stand: readmodel.PairingWaiting})
}

func (l *fakeLink) AskAt(address string) TabletPairing {
	if address == "10.0.0.9" {
		return l.begin(TabletPairingState{Stand: readmodel.PairingFailed})
	}
	return l.begin(TabletPairingState{Stand: readmodel.PairingCompare, Digits: "654321"})
}

func (l *fakeLink) Rename(name string) { l.name = name }

func (l *fakeLink) begin(state TabletPairingState) TabletPairing {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.pairing = &fakePairing{of: l, state: state}
	return l.pairing
}

func (l *fakeLink) Carry(session *local, _ TabletGrant) TabletCarrier {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.carried = session
	return fakeCarrier{l}
}

func (l *fakeLink) Changed() <-chan struct{} {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.next
}

// tell says that something changed.
func (l *fakeLink) tell(change func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	change()
	close(l.next)
	l.next = make(chan struct{})
}

// letIn is the facilitator's confirming.
func (l *fakeLink) letIn() {
	grant := &TabletGrant{Session: l.hub.View().Session.ID, Title: "河岸怎麼用", BadgeKey: l.key, Index: 3, Hub: "Amy’s laptop"}
	l.tell(func() { l.pairing.state.Grant = grant })
}

// exchange brings everything both ways, and confirms it.
func (l *fakeLink) exchange() {
	l.t.Helper()
	l.mu.Lock()
	carried := l.carried
	l.mu.Unlock()
	side, other := peer.New(carried.Replica, peer.Options{}), peer.New(l.hub.Replica, peer.Options{})
	_, err := side.Exchange(context.Background(), func(ctx context.Context, q peer.Request) (peer.Response, error) {
		return other.Answer(ctx, "tablet", q)
	})
	if err != nil {
		l.t.Fatal(err)
	}
	heads, err := l.hub.Heads()
	if err != nil {
		l.t.Fatal(err)
	}
	l.tell(func() { l.status.Confirmed = heads[carried.Own()].Seq })
}

type fakePairing struct {
	of    *fakeLink
	state TabletPairingState
}

func (p *fakePairing) State() TabletPairingState {
	p.of.mu.Lock()
	defer p.of.mu.Unlock()
	return p.state
}

func (p *fakePairing) Confirm() {
	p.of.mu.Lock()
	defer p.of.mu.Unlock()
	p.state.Stand = readmodel.PairingWaiting
}

func (p *fakePairing) Cancel() {}

type fakeCarrier struct{ of *fakeLink }

func (c fakeCarrier) Status() TabletStatus {
	c.of.mu.Lock()
	defer c.of.mu.Unlock()
	return c.of.status
}

func (fakeCarrier) Leave() {}

// hubOf makes a facilitator's session in a folder of its own, with statements and voting open.
func hubOf(t *testing.T, badges bool) *local {
	t.Helper()
	a := &app{Streams: Streams{Err: io.Discard, Out: io.Discard, Env: func(string) string { return "" }}, data: t.TempDir()}
	var id oplog.SessionID
	rand.Read(id[:])
	held, err := a.create(id)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { held.Close() })
	items, err := readmodel.NewSession(readmodel.NewSessionOptions{Template: "opinion", Title: "河岸怎麼用", Fields: map[moot.Field]string{
		moot.Practice: "我喜歡吃芒果。", moot.Question: "你對河岸滿意嗎？", moot.Notice: "答案只用來畫意見地圖。"}}, nowMS(), rand.Reader)
	hubDo(t, held, items, err)
	for _, text := range []string{"河岸應該種樹。", "自行車應該走車道。", "夜間應該開燈。"} {
		hubDo(t, held, []moot.Item{item(&moot.NewStatement{Text: text, Lang: "zh-Hant", Standing: moot.Approved, Src: moot.FromHost, Made: nowMS()})}, nil)
	}
	if badges {
		hubDo(t, held, []moot.Item{item(&moot.SetField{Field: moot.Badges, Value: "on", Rev: 1})}, nil)
	}
	items, err = readmodel.StartStep(held.View(), "opinion", nowMS(), rand.Reader)
	hubDo(t, held, items, err)
	return held
}

func hubDo(t *testing.T, held *local, items []moot.Item, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	if err := refusals(held.Do(context.Background(), items...)); err != nil {
		t.Fatal(err)
	}
}

// tabletClock is a clock that tests move.
type tabletClock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *tabletClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *tabletClock) move(by time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(by)
}

// tabletRig is a tablet that works only when the test says so, with its link.
type tabletRig struct {
	t     *testing.T
	it    *Tablet
	link  *fakeLink
	clock *tabletClock
	data  string
}

func newRig(t *testing.T, badges bool) *tabletRig {
	r := &tabletRig{t: t, link: newFakeLink(t, hubOf(t, badges)), clock: &tabletClock{now: time.Now()}, data: t.TempDir()}
	r.start()
	return r
}

// start starts the tablet, on the same folder as before.
func (r *tabletRig) start() {
	r.t.Helper()
	it, err := newTablet(context.Background(), TabletOptions{Data: r.data, Link: r.link, Lang: "en", Now: r.clock.Now}, Streams{Err: io.Discard, Env: func(string) string { return "" }})
	if err != nil {
		r.t.Fatal(err)
	}
	r.it = it
	r.t.Cleanup(it.leaveSession)
}

// do touches the tablet and gives what it shows then.
func (r *tabletRig) do(kind readmodel.TouchKind, text ...string) *readmodel.Handset {
	r.t.Helper()
	touch := readmodel.Touch{Kind: kind}
	if len(text) > 0 {
		touch.Text = text[0]
	}
	if len(text) > 1 {
		touch.Key = text[1]
	}
	if kind == readmodel.TouchOffer || kind == readmodel.TouchOpen {
		touch.Key = touch.Text
	}
	r.it.take(touch)
	return r.look()
}

// look gives what is shown, as of now.
func (r *tabletRig) look() *readmodel.Handset {
	r.it.linked()
	r.it.stale = true
	return r.it.handset()
}

// at fails where another screen is shown.
func (r *tabletRig) at(h *readmodel.Handset, want readmodel.HandsetPlace) *readmodel.Handset {
	r.t.Helper()
	if h.Place != want {
		r.t.Fatalf("the tablet is at %q (notice %+v), want %q", h.Place, h.Notice, want)
	}
	return h
}

// paired lets the tablet in and brings the session over.
func (r *tabletRig) paired() *tabletRig {
	r.t.Helper()
	r.do(readmodel.TouchOffer, "one")
	r.do(readmodel.TouchConfirm)
	r.link.letIn()
	r.look()
	r.link.exchange()
	return r
}

// voting lets a person come as far as the statements.
func (r *tabletRig) voting(name string) *readmodel.Handset {
	r.t.Helper()
	r.at(r.do(readmodel.TouchJoin), readmodel.AtNotice)
	r.at(r.do(readmodel.TouchBegin), readmodel.AtName)
	r.at(r.do(readmodel.TouchName, name), readmodel.AtPractice)
	r.do(readmodel.TouchPractise, "agree")
	r.at(r.do(readmodel.TouchReady), readmodel.AtQuestion)
	r.it.take(readmodel.Touch{Kind: readmodel.TouchAnswer, Number: 3})
	return r.at(r.look(), readmodel.AtVote)
}
