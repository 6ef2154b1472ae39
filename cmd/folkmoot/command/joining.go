package command

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"time"

	"folkmoot/app/readmodel"
	"folkmoot/sync/badge"
	"folkmoot/sync/link"
	"folkmoot/sync/moot"
	"folkmoot/sync/peer"
	"folkmoot/sync/store"
)

// target is the device that this one asks to be paired with: by its addresses, or by a
// link that it showed.
type target struct {
	addresses []string
	link      *peer.Link
	// check looks at who answered before it is asked; nil asks everybody.
	check func(link.Hello) error
	// after is an attempt that was left: the other device hears first that it was. Nil for none.
	after *joining
}

// targetOf reads what somebody typed or scanned: an address, or a link.
func targetOf(text string) (target, error) {
	l, err := peer.ParseLink(text)
	switch {
	case err == nil:
		return target{link: &l}, nil
	case !errors.Is(err, peer.ErrNoLink):
		return target{}, err
	}
	address := addressOf(text)
	if host, _, err := net.SplitHostPort(address); err != nil || host == "" {
		if strings.ContainsAny(address, " :/#") || address == "" {
			return target{}, fmt.Errorf("%.60q is no address: it looks like 192.168.1.5, as the other device shows it", text)
		}
		address = net.JoinHostPort(address, fmt.Sprint(peersPort))
	}
	return target{addresses: []string{address}}, nil
}

// joining is an attempt to be paired, which goes on by itself. Changed tells of it.
type joining struct {
	cancel  context.CancelFunc
	done    chan struct{}
	changed func()

	mu        sync.Mutex
	inner     *link.Joining
	confirmed bool
	cancelled bool
	grant     *link.Grant
	err       error
}

// join asks another device to be paired with it; changed is called, from a goroutine,
// whenever there is something new.
func (a *app) join(identity link.Identity, to target, role link.Role, changed func()) *joining {
	ctx, cancel := context.WithCancel(context.Background())
	j := &joining{cancel: cancel, done: make(chan struct{}), changed: changed}
	go func() {
		defer close(j.done)
		if to.after != nil {
			<-to.after.done
		}
		grant, err := j.run(ctx, link.JoinOptions{Identity: identity, Role: role, Addresses: to.addresses, Link: to.link, Check: to.check, Now: time.Now, Random: rand.Reader})
		j.mu.Lock()
		j.grant, j.err = grant, err
		j.mu.Unlock()
		if err != nil && !errors.Is(err, context.Canceled) {
			a.log().Warn("be let in by another device", "error", err)
		}
		changed()
	}()
	return j
}

func (j *joining) run(ctx context.Context, o link.JoinOptions) (*link.Grant, error) {
	inner, err := link.Join(ctx, o)
	if err != nil {
		return nil, err
	}
	j.mu.Lock()
	j.inner = inner
	confirmed := j.confirmed
	j.mu.Unlock()
	if confirmed {
		inner.Confirm()
	}
	over := make(chan struct{})
	go func() {
		defer close(over)
		for {
			changed := inner.Changed()
			j.changed()
			select {
			case <-changed:
			case <-ctx.Done():
				return
			}
		}
	}()
	grant, err := inner.Wait(ctx)
	if ctx.Err() != nil {
		inner.Cancel()
	}
	j.cancel()
	<-over
	if err != nil {
		return nil, err
	}
	return &grant, nil
}

// Confirm says that both screens show the same digits.
func (j *joining) Confirm() {
	j.mu.Lock()
	j.confirmed = true
	inner := j.inner
	j.mu.Unlock()
	if inner != nil {
		inner.Confirm()
	}
	j.changed()
}

// Cancel gives up and tells the other side, in the background.
func (j *joining) Cancel() {
	j.mu.Lock()
	j.cancelled = true
	j.mu.Unlock()
	j.cancel()
}

// joinState is how an attempt stands.
type joinState struct {
	stand       readmodel.PairingStand
	digits      string
	host, title string
	grant       *link.Grant
	err         error
}

// state says how the attempt stands.
func (j *joining) state() joinState {
	j.mu.Lock()
	defer j.mu.Unlock()
	s := joinState{stand: readmodel.PairingAsking, grant: j.grant, err: j.err}
	if j.inner != nil {
		hello := j.inner.Hello()
		s.digits, s.host, s.title, s.stand = j.inner.Digits(), hello.Name, hello.Title, readmodel.PairingWaiting
		if s.digits != "" && !j.confirmed {
			s.stand = readmodel.PairingCompare
		}
	}
	var refusal *peer.Refusal
	switch {
	case j.err == nil:
	case errors.As(j.err, &refusal) && refusal.Code == peer.Declined:
		s.stand = readmodel.PairingDeclined
	case errors.As(j.err, &refusal) && (refusal.Code == peer.NotAsking || refusal.Code == peer.SecretSpent):
		s.stand = readmodel.PairingExpired
	default:
		s.stand = readmodel.PairingFailed
	}
	return s
}

// adopt makes this device one of a session: its record is opened, or made where there is
// none, and knows whom it talks to. Errors: those of store.Open.
func (a *app) adopt(identity link.Identity, grant link.Grant) (*local, error) {
	held, err := a.holdOrMake(grant.Session)
	if err != nil {
		return nil, err
	}
	if err := a.acceptGrant(identity, grant, held); err != nil {
		held.Close()
		return nil, err
	}
	return held, nil
}

// acceptGrant keeps with a session's record what this device was granted.
func (a *app) acceptGrant(identity link.Identity, grant link.Grant, held *local) error {
	if len(grant.Badge) > 0 {
		if len(grant.Badge) != len(badge.Key{}) {
			return fmt.Errorf("the badge key that came has %d bytes", len(grant.Badge))
		}
		err := store.SetBadgeKey(held.file.Path(), badge.Key(grant.Badge))
		if err != nil && !errors.Is(err, store.ErrBadgeKey) {
			return err
		}
		if err != nil { // badges of the two are told apart: those made here are not known elsewhere
			a.log().Error("badges of this session were made on two devices with different keys: those made here are not known elsewhere")
		}
	}
	return link.Accept(peerBook{held.file}, identity, grant, time.Now())
}

// joinProblem puts what stands against being paired into words.
func joinProblem(err error) error {
	var refusal *peer.Refusal
	p := &problem{why: "the other device cannot be reached", try: "see that both are on the same Wi-Fi and that it is running, or type the address that its Devices screen shows", cause: err}
	switch {
	case errors.Is(err, context.Canceled):
		return err
	case errors.As(err, &refusal):
		p.why, p.try = refusal.Error(), "start anew here; on the other laptop look at its Devices screen, or at: device list"
		if refusal.Code == peer.Declined {
			p.why = "the other laptop said no"
		}
	case errors.Is(err, link.ErrImpostor):
		p.why, p.try = "at that address answers another device than the one that showed the link", "show a new link, and see that both are on the same Wi-Fi"
	case errors.Is(err, peer.ErrOwnKey):
		p.why, p.try = peer.ErrOwnKey.Error(), "use another computer or another data folder (--data DIR); in a copy of a data folder, move "+deviceFile+" away"
	}
	return p
}

// titleOrID gives what people call a session.
func titleOrID(view *moot.View) string {
	if title := view.Session.Get(moot.Title); title != "" {
		return title
	}
	return view.Session.ID.String()[:8]
}
