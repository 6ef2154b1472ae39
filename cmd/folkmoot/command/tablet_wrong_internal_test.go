package command

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"folkmoot/app/readmodel"
	"folkmoot/sync/link"
	"folkmoot/sync/moot"
	"folkmoot/sync/peer"
)

// answering lets a tablet's own hub answer calls that bring items with a status.
func (r *tabletRig) answering(status int) (calls *int) {
	calls = new(int)
	before := r.it.session.handler
	r.it.session.handler = http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		if q.URL.Path == "/api/v1/items" && status != 0 {
			*calls++
			w.WriteHeader(status)
			w.Write([]byte(`{"error":{"code":"full"}}`))
			return
		}
		before.ServeHTTP(w, q)
	})
	r.t.Cleanup(func() { r.it.session.handler = before })
	return calls
}

func TestTabletFull(t *testing.T) {
	r := newRig(t, false).paired()
	h := r.voting("")
	id, whole := h.Ballot.ID, r.it.session.handler
	r.answering(http.StatusInsufficientStorage)
	h = r.do(readmodel.TouchVote, "agree", id)
	if h.Notice == nil || h.Notice.Key != "tablet.not_kept" || h.Banner[0].Key != "tablet.full" {
		t.Errorf("notice %+v, banner %+v", h.Notice, h.Banner)
	}
	if h.Ballot == nil || h.Ballot.ID != id || h.Answered != 0 {
		t.Errorf("it goes on as if it had been kept: %+v", h.Ballot)
	}
	h = r.do(readmodel.TouchWrite, "河岸應該有廁所。")
	if h.Draft != "河岸應該有廁所。" {
		t.Errorf("what was written is gone: %q", h.Draft)
	}
	r.it.session.handler = whole
	if h = r.do(readmodel.TouchVote, "agree", id); h.Answered != 1 || len(h.Banner) != 0 || h.Notice != nil {
		t.Errorf("with room again: %d answered, banner %+v, notice %+v", h.Answered, h.Banner, h.Notice)
	}
}

func TestTabletTriesOnceMore(t *testing.T) {
	r := newRig(t, false).paired()
	id := r.voting("").Ballot.ID
	calls := r.answering(http.StatusServiceUnavailable)
	if h := r.do(readmodel.TouchVote, "agree", id); h.Notice == nil || h.Notice.Key != "tablet.try_again" || *calls != 2 {
		t.Errorf("notice %+v after %d calls", h.Notice, *calls)
	}
}

func TestTabletRefusals(t *testing.T) {
	r := newRig(t, false).paired()
	r.voting("")
	r.do(readmodel.TouchWant, string(readmodel.AtWrite))
	h := r.at(r.do(readmodel.TouchWrite, "河岸應該種樹。"), readmodel.AtWrite)
	if h.Notice == nil || h.Notice.Arg != "refused.duplicate" || h.Draft != "河岸應該種樹。" {
		t.Errorf("notice %+v, draft %q", h.Notice, h.Draft)
	}
	for _, text := range []string{"One thing.", "Another thing.", "A third.", "A fourth."} {
		h = r.do(readmodel.TouchWrite, text)
	}
	if h.Notice == nil || h.Notice.Arg != "refused.too_many_statements" {
		t.Errorf("four in a minute: %+v", h.Notice)
	}
	if h = r.do(readmodel.TouchVote, "agree", "no id"); h.Notice == nil || h.Notice.Arg != "refused.unknown_statement" {
		t.Errorf("a statement that is not there: %+v", h.Notice)
	}
	if h = r.do(readmodel.TouchClose); h.Notice != nil {
		t.Errorf("the notice stays: %+v", h.Notice)
	}
}

func TestTabletSessionThatCannotBeOpened(t *testing.T) {
	r := newRig(t, false).paired()
	id := r.it.memory.Session
	r.do(readmodel.TouchLeave)
	a := &app{Streams: r.it.app.Streams, data: r.data}
	sid, _ := sessionOf(id)
	other, err := a.hold(sid)
	if err != nil {
		t.Fatal(err)
	}
	if h := r.at(r.do(readmodel.TouchOpen, id), readmodel.AtStart); h.Notice == nil || h.Notice.Key != "tablet.elsewhere" || h.Notice.Args["Title"] != "河岸怎麼用" {
		t.Errorf("open elsewhere: %+v", h.Notice)
	}
	if err := other.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(r.data, id+".folkmoot"), []byte("not a record"), 0o600); err != nil {
		t.Fatal(err)
	}
	if h := r.at(r.do(readmodel.TouchOpen, id), readmodel.AtStart); h.Notice == nil || h.Notice.Key != "tablet.unreadable" {
		t.Errorf("damaged: %+v", h.Notice)
	}
}

// TestTabletWritesWhereItCameFrom: the record tells tablets from phones.
func TestTabletWritesWhereItCameFrom(t *testing.T) {
	r := newRig(t, false).paired()
	h := r.voting("")
	r.do(readmodel.TouchVote, "agree", h.Ballot.ID)
	r.do(readmodel.TouchWrite, "河岸應該有廁所。")
	r.link.exchange()
	statements := r.link.hub.View().Statements
	if got := statements[len(statements)-1].Source; got != moot.FromTablet {
		t.Errorf("the statement came from %q", got)
	}
}

// TestTabletLeavesWriters: nobody is taken from the middle of a statement.
func TestTabletLeavesWriters(t *testing.T) {
	r := newRig(t, false).paired()
	r.voting("")
	r.do(readmodel.TouchWant, string(readmodel.AtWrite))
	r.do(readmodel.TouchDraft, "Half")
	hubDo(t, r.link.hub, []moot.Item{item(&moot.SetField{Field: moot.ShowTables, Value: "on", Rev: 1})}, nil)
	r.link.exchange()
	if h := r.at(r.look(), readmodel.AtWrite); h.Draft != "Half" {
		t.Errorf("draft %q", h.Draft)
	}
}

// TestTabletSaysWhyItIsNotLetIn: what is wrong with a link is not said to be the network's.
func TestTabletSaysWhyItIsNotLetIn(t *testing.T) {
	n := &TabletNetwork{}
	for text, want := range map[string]readmodel.PairingReason{
		"folkmoot://pair#p=1": readmodel.ReasonNoLink, "nonsense with blanks": readmodel.ReasonNoLink, "https://example.org/a/b": readmodel.ReasonNoLink,
	} {
		if got := n.AskByLink(text).State(); got.Stand != readmodel.PairingFailed || got.Reason != want {
			t.Errorf("%q: %+v, want %q", text, got, want)
		}
	}
	for _, c := range []struct {
		err  error
		want readmodel.PairingReason
	}{
		{peer.ErrLinkDamaged, readmodel.ReasonDamaged}, {peer.ErrLinkNewer, readmodel.ReasonLinkNewer},
		{&peer.Refusal{Code: peer.SecretSpent}, readmodel.ReasonSpent}, {&peer.Refusal{Code: peer.SameDevice}, readmodel.ReasonOwn}, {peer.ErrOwnKey, readmodel.ReasonOwn},
		{&peer.Refusal{Code: peer.TooNew}, readmodel.ReasonVersion}, {fmt.Errorf("link: %w", link.ErrImpostor), readmodel.ReasonImpostor},
		{&peer.Refusal{Code: peer.Declined}, ""}, {context.DeadlineExceeded, ""}, {errors.New("no route"), ""}, {nil, ""},
	} {
		if got := reasonOf(c.err); got != c.want {
			t.Errorf("%v: %q, want %q", c.err, got, c.want)
		}
	}
	if got := n.ask(target{}, peer.ErrLinkDamaged).State(); got.Reason != readmodel.ReasonDamaged {
		t.Errorf("a damaged link: %+v", got)
	}
}

// TestTabletCountsWhatWaitsAfterAStart: what a hub held before a tablet was switched off does
// not wait on it, and what came after does.
func TestTabletCountsWhatWaitsAfterAStart(t *testing.T) {
	r := newRig(t, false).paired()
	h := r.voting("") // one answer, to the question
	r.do(readmodel.TouchVote, "agree", h.Ballot.ID)
	r.link.exchange()
	if h = r.look(); h.Kept != 0 {
		t.Fatalf("%d wait though all was held", h.Kept)
	}
	away := func() { r.link.tell(func() { r.link.status = TabletStatus{Reach: readmodel.ReachAway} }) }
	confirmed := r.link.status.Confirmed
	r.link.tell(func() { r.link.status.Reach = readmodel.ReachAway })
	r.do(readmodel.TouchVote, "pass", h.Ballot.ID)
	r.do(readmodel.TouchWrite, "河岸應該有廁所。")
	r.it.leaveSession()
	away()
	r.start()
	if h = r.look(); h.Kept != 2 {
		t.Errorf("%d wait, want 2", h.Kept)
	}
	if own := h.Own; len(own) != 1 || own[0].State != readmodel.OwnHere {
		t.Errorf("the statement nobody has seen: %+v", own)
	}
	r.link.tell(func() { r.link.status = TabletStatus{Reach: readmodel.ReachHere, Confirmed: confirmed - 1} })
	if h = r.look(); h.Kept != 3 {
		t.Errorf("%d wait, want 3: the hub lost one", h.Kept)
	}
	if own := h.Own; len(own) != 1 || own[0].State == readmodel.OwnHere {
		t.Errorf("the statement while it is sent: %+v", own)
	}
}

// TestTabletSaysWhichSessionItWasTakenOutOf: in the list too.
func TestTabletSaysWhichSessionItWasTakenOutOf(t *testing.T) {
	r := newRig(t, false).paired()
	if r.look(); r.do(readmodel.TouchLeave).Start.Kept[0].Unpaired {
		t.Fatal("nobody took it out")
	}
	id := r.look().Start.Kept[0].ID
	r.link.tell(func() { r.link.status = TabletStatus{Reach: readmodel.ReachUnpaired} })
	r.at(r.do(readmodel.TouchOpen, id), readmodel.AtUnpaired)
	if h := r.do(readmodel.TouchLeave); !h.Start.Kept[0].Unpaired {
		t.Errorf("%+v", h.Start.Kept)
	}
	r.link.tell(func() { r.link.status = TabletStatus{Reach: readmodel.ReachHere} })
	r.do(readmodel.TouchOpen, id)
	if h := r.do(readmodel.TouchLeave); h.Start.Kept[0].Unpaired {
		t.Error("it was let in again")
	}
}

// TestTabletIsNamed: two tablets of one make have one name until somebody gives them others.
func TestTabletIsNamed(t *testing.T) {
	r := newRig(t, false)
	if got := r.look().Start.Name; got != computerName() {
		t.Errorf("it is called %q", got)
	}
	h := r.do(readmodel.TouchDevice, "  Window   table ")
	if h.Start.Name != "Window table" || r.link.name != "Window table" || h.Notice == nil || !h.Notice.Good {
		t.Errorf("it is called %q, to others %q, notice %+v", h.Start.Name, r.link.name, h.Notice)
	}
	if h = r.do(readmodel.TouchDevice, strings.Repeat("n", 41)); h.Start.Name != "Window table" {
		t.Errorf("it is called %q", h.Start.Name)
	}
	r.start()
	if got := r.look().Start.Name; got != "Window table" {
		t.Errorf("after a start it is called %q", got)
	}
}
