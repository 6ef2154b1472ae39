package peer

import (
	"bytes"
	"crypto/ed25519"
	"crypto/hmac"
	"slices"
	"time"
)

// Invitation is a secret with which one device may ask to be paired, once.
type Invitation struct {
	// Key is the host's.
	Key    ed25519.PublicKey
	Secret Secret
	// Until then it holds.
	Until time.Time
}

// invitation is one that is open.
type invitation struct {
	Invitation
	at    time.Time
	wrong int // proofs
}

// Invite makes an invitation, which ends the one before.
func (d *Door) Invite() Invitation {
	d.mu.Lock()
	defer d.mu.Unlock()
	now := d.sweep()
	if d.open != nil {
		d.end()
	}
	d.open = &invitation{at: now, Invitation: Invitation{Key: bytes.Clone(d.self), Until: now.Add(InviteLife)}}
	draw(d.options.Random, d.open.Secret[:])
	d.signal()
	return d.open.Invitation
}

// Invited gives the invitation that holds, if one does.
func (d *Door) Invited() (Invitation, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.sweep(); d.open == nil {
		return Invitation{}, false
	}
	return d.open.Invitation, true
}

// Uninvite ends the invitation, if one holds.
func (d *Door) Uninvite() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.sweep(); d.open != nil {
		d.end()
	}
}

// end closes the open invitation.
func (d *Door) end() {
	d.spent = append(d.spent, d.open.Secret)
	d.spent = d.spent[max(0, len(d.spent)-maxSpent):]
	d.open = nil
	d.signal()
}

// prove takes the proof that a joiner has the link. The first one that is right uses the
// invitation up.
func (d *Door) prove(key ed25519.PublicKey, m PairProve, now time.Time) (PairAnswer, error) {
	g := d.guests[string(key)]
	switch {
	case g == nil || !g.ByLink:
		return PairAnswer{}, refuse(NotAsking)
	case hmac.Equal(g.shown, m.Proof): // the answer did not arrive
		return PairAnswer{State: d.state(key)}, nil
	case g.state != "":
		return PairAnswer{}, refuse(SecretSpent)
	}
	right := func(s Secret) bool { return hmac.Equal(m.Proof, proofOf(s, key, d.self, g.nonce)) }
	switch {
	case g.invitation != d.open || slices.ContainsFunc(d.spent, right):
		d.drop(key)
		return PairAnswer{}, refuse(SecretSpent)
	case !right(g.invitation.Secret):
		d.drop(key)
		if g.invitation.wrong++; g.invitation.wrong >= maxWrong {
			d.end()
		}
		return PairAnswer{}, refuse(WrongSecret)
	}
	d.end() // there is room: nobody else came in by this one since start looked
	d.admit(g, m.Proof, now)
	return PairAnswer{State: PairWaiting}, nil
}
