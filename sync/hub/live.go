package hub

import (
	"encoding/json"
	"net/http"
	"sync"
	"time"

	"folkmoot/sync/oplog"
)

// Beat is how often a stream shows that it is alive: pages believe in one for twice that
// and a second, and have to be at another hub 15 s after theirs went, however it went. A
// thousand streams cost 250 small packets a second. Pause is how far apart counts
// and new statements are sent at the least. After each new statement every page asks
// for the whole document: a room that writes must not be busy with that alone.
const (
	Beat  = 4 * time.Second
	Pause = time.Second
)

// readWithin is how long an event may be on its way to who does not read.
const readWithin = 20 * time.Second

// feed follows the record with one goroutine and tells all streams when there is
// something to send, so that a thousand streams cost one look at the record.
type feed struct {
	hub     *Hub
	stop    chan struct{}
	ended   chan struct{}
	once    sync.Once
	mu      sync.Mutex
	changed chan struct{} // closed and replaced when streams should send
	told    uint64        // how often
	live    liveDoc       // what devices are told, worked out once for all of them
}

func newFeed(h *Hub) *feed {
	f := &feed{hub: h, stop: make(chan struct{}), ended: make(chan struct{}), changed: make(chan struct{}), live: h.liveDoc(),
		told: uint64(h.options.Now().UnixMilli())} // so that a restarted hub never repeats a number
	go f.follow()
	return f
}

func (f *feed) close() {
	f.once.Do(func() { close(f.stop) })
	<-f.ended
}

func (f *feed) next() <-chan struct{} {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.changed
}

func (f *feed) tell() {
	live := f.hub.liveDoc()
	f.mu.Lock()
	defer f.mu.Unlock()
	f.live = live
	f.told++
	close(f.changed)
	f.changed = make(chan struct{})
}

// follow tells streams when there is something new: at once when a step, a text or a
// picture changed, and at most once in Pause when only votes and statements did.
func (f *feed) follow() {
	defer close(f.ended)
	urgency := f.hub.urgency()
	for {
		recorded, pictured := f.hub.record.Changed(), f.hub.pictured()
		if u := f.hub.urgency(); u != urgency {
			urgency = u
			f.tell()
		}
		select {
		case <-recorded:
		case <-pictured:
		case <-f.stop:
			return
		}
		if f.hub.urgency() != urgency {
			continue
		}
		if !f.pause(urgency) {
			return
		}
		urgency = f.hub.urgency()
		f.tell()
	}
}

// pause waits until the counts may be sent, or something urgent changed meanwhile; it
// says no when the hub closes.
func (f *feed) pause(urgency uint64) bool {
	timer := time.NewTimer(Pause)
	defer timer.Stop()
	for {
		recorded := f.hub.record.Changed()
		if f.hub.urgency() != urgency {
			return true
		}
		select {
		case <-timer.C:
			return true
		case <-recorded:
		case <-f.stop:
			return false
		}
	}
}

// pictured gives a channel that is closed at the next picture; nil without any.
func (h *Hub) pictured() <-chan struct{} {
	if h.options.Pictures == nil {
		return nil
	}
	return h.options.Pictures.Changed()
}

type liveDoc struct {
	Version uint64    `json:"version"`
	Now     int64     `json:"now"`
	Step    *stepDoc  `json:"step"`
	Counts  countsDoc `json:"counts"`
	Hubs    []string  `json:"hubs"`
}

// live streams to a device what changes: the number of the document to ask for,
// the step with its clock, the counts.
func (h *Hub) live(w http.ResponseWriter, r *http.Request) {
	token, _, ok := h.caller(w, r)
	if !ok || !h.mayAsk(w, r, token) {
		return
	}
	h.stream(w, r, token, func() any {
		h.devices.heard(token, h.options.Now())
		doc, _ := h.feed.last()
		doc.Now = h.options.Now().UnixMilli()
		return doc
	})
}

func (h *Hub) liveDoc() liveDoc {
	doc, _ := h.document()
	return liveDoc{Version: doc.Version, Now: doc.Now, Step: doc.Step, Counts: doc.Counts, Hubs: doc.Hubs}
}

// last gives what devices were told last, and a number that grows with every telling.
func (f *feed) last() (liveDoc, uint64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.live, f.told
}

// stream sends document now, at each change, and a beat where nothing changes.
func (h *Hub) stream(w http.ResponseWriter, r *http.Request, token oplog.Hash, document func() any) {
	replaced, ok := h.limits.openStream(token, h.on(guardStreams))
	if !ok {
		tooManyStreams(w)
		return
	}
	defer h.limits.closeStream(token, replaced)
	h.pour(w, r, replaced, document)
}

func tooManyStreams(w http.ResponseWriter) {
	wait(w, http.StatusServiceUnavailable, "streams", "too many streams: ask now and then instead", 30*time.Second)
}

// mayAsk says whether a device may ask for a document now, or answers that it may not.
func (h *Hub) mayAsk(w http.ResponseWriter, r *http.Request, token oplog.Hash) bool {
	left, again, ok := h.limits.takeAsk(token)
	if !ok && h.on(guardAsking) {
		if again {
			h.hold(r, token)
		}
		wait(w, http.StatusTooManyRequests, "slow_down", "this device is asking too fast", left)
		return false
	}
	return true
}

// pour is stream for whom no limit holds: the host. It ends when replaced is closed,
// which may be nil.
func (h *Hub) pour(w http.ResponseWriter, r *http.Request, replaced <-chan struct{}, document func() any) {
	keepOpen(r)
	control := http.NewResponseController(w)
	control.SetReadDeadline(time.Time{}) // a stream outlives the limit for reading a call
	head := w.Header()
	head.Set("Content-Type", "text/event-stream; charset=utf-8")
	head.Set("Cache-Control", "no-store")
	head.Set("X-Accel-Buffering", "no")
	w.WriteHeader(http.StatusOK)
	beat := time.NewTicker(Beat)
	defer beat.Stop()
	for send := true; ; {
		next := h.feed.next()
		if err := h.push(w, control, send, document); err != nil {
			return
		}
		select {
		case <-next:
			send = true
		case <-beat.C:
			send = false
		case <-r.Context().Done():
			return
		case <-replaced:
			return
		case <-h.feed.stop:
			return
		}
	}
}

// ready gives a document as JSON: one that is already is not copied.
func ready(document any) ([]byte, error) {
	if data, ok := document.(json.RawMessage); ok {
		return data, nil
	}
	return json.Marshal(document)
}

// push writes one event or a beat; who does not take it within readWithin is let go, so that a sleeping phone holds nothing.
func (h *Hub) push(w http.ResponseWriter, control *http.ResponseController, send bool, document func() any) error {
	deadline := time.Now().Add(readWithin) // the network knows no other clock
	if !h.on(guardReader) {
		deadline = time.Time{}
	}
	control.SetWriteDeadline(deadline)
	text := [][]byte{[]byte(": beat\n\n")}
	if send {
		data, err := ready(document())
		if err != nil {
			return err
		}
		text = [][]byte{[]byte("event: state\ndata: "), data, []byte("\n\n")}
	}
	for _, part := range text {
		if _, err := w.Write(part); err != nil {
			return err
		}
	}
	return control.Flush()
}
