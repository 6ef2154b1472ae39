package peer

import (
	"context"
	"errors"
	"fmt"
	"time"

	"folkmoot/sync/oplog"
	"folkmoot/sync/replica"
)

// Code says why a call is refused. Codes are stable: other versions read them.
type Code string

// The refusals.
const (
	// Malformed: the call is none, or not in the one allowed encoding.
	Malformed Code = "malformed"
	// OtherSession: the peer holds another session.
	OtherSession Code = "other_session"
	// Forked: a log was written on two devices at once. The rest was taken.
	Forked Code = "fork"
	// TooBig: more in one call than is taken.
	TooBig Code = "too_big"
	// TooNew: the peer speaks a newer version of this protocol only.
	TooNew Code = "protocol_too_new"
	// SlowDown: too many calls, or too many bad ones.
	SlowDown Code = "slow_down"
	// Reopening: it is not known whether it was stored. Send it again.
	Reopening Code = "reopening"
	// Disk: the peer's disk has no room or cannot be written.
	Disk Code = "disk"
	// NotPaired: the key of who calls is not known.
	NotPaired Code = "not_paired"
	// Unpaired: the device was paired, and is no more.
	Unpaired Code = "unpaired"
	// SecretSpent: the link was used, has run out, or another one took its place.
	SecretSpent Code = "secret_spent"
	// WrongSecret: the link is none of this host's.
	WrongSecret Code = "wrong_secret"
	// WrongReveal: the nonce is not the one that the joiner was bound to.
	WrongReveal Code = "wrong_reveal"
	// NotAsking: pairing goes on that was not begun, or too long ago.
	NotAsking Code = "not_asking"
	// Declined: the host said no.
	Declined Code = "declined"
	// TooManyAsking: so many devices ask to be paired that there is no place for more.
	TooManyAsking Code = "too_many_asking"
	// SameDevice: who calls has the host's own key.
	SameDevice Code = "same_device"
)

// Refusal is a "no" of a peer, as against a fault of the link.
type Refusal struct {
	Code Code `cbor:"1,keyasint"`
	// Wait is how long to leave the peer alone, in milliseconds; 0 says nothing. It may
	// be anything: see Pause.
	Wait uint64 `cbor:"2,keyasint,omitempty"`
}

// Error gives the refusal as a plain English sentence.
func (r *Refusal) Error() string {
	switch r.Code {
	case Malformed:
		return "the other device cannot read what this one sends"
	case OtherSession:
		return "the other device holds another session"
	case Forked:
		return "two devices wrote the same log: a facilitator has to say which one holds"
	case TooBig:
		return "that is more than the other device takes at a time"
	case TooNew:
		return "one of the two devices has a version of Folkmoot that the other cannot talk to: update the older one"
	case SlowDown:
		return "the other device asks to be left alone for a while"
	case Reopening:
		return "the other device is opening its record again: it will be tried once more"
	case Disk:
		return "the other device's disk is full or cannot be written"
	case NotPaired:
		return "the other device does not know this one: pair them"
	case Unpaired:
		return "the other device was told not to exchange with this one any more"
	case SecretSpent:
		return "this link was used or has run out: let the other device show a new one"
	case WrongSecret:
		return "this link does not fit: let the other device show a new one"
	case WrongReveal:
		return "the digits cannot be trusted: begin pairing once more"
	case NotAsking:
		return "pairing took too long: begin once more"
	case Declined:
		return "the host said no to this device"
	case TooManyAsking:
		return "too many devices ask to be paired at once: try again in a minute"
	case SameDevice:
		return "the other device has the key of this one: it is this device, or a copy of its data folder"
	}
	return "the other device refused"
}

// Status gives the number under which HTTP knows a refusal.
func (r *Refusal) Status() int {
	switch r.Code {
	case NotPaired:
		return 401
	case Unpaired, WrongSecret, WrongReveal, Declined:
		return 403
	case OtherSession:
		return 404
	case Forked, NotAsking, SameDevice:
		return 409
	case SecretSpent:
		return 410
	case TooBig:
		return 413
	case TooNew:
		return 426
	case SlowDown, TooManyAsking:
		return 429
	case Reopening:
		return 503
	case Disk:
		return 507
	}
	return 400
}

// Pause gives Wait as far as a peer is believed: ten minutes at most.
func (r *Refusal) Pause() time.Duration {
	return time.Duration(min(r.Wait, uint64(pause.Milliseconds()))) * time.Millisecond
}

// Is lets errors.Is find a refusal by its code alone.
func (r *Refusal) Is(target error) bool {
	other, ok := target.(*Refusal)
	return ok && other.Code == r.Code
}

func refuse(code Code) *Refusal { return &Refusal{Code: code} }

// refusalOf puts a failure of the record into what a peer is told. A context that ended
// is nobody's refusal.
func refusalOf(err error) (*Refusal, error) {
	var refusal *Refusal
	switch {
	case errors.As(err, &refusal):
		return refusal, nil
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return nil, err
	case errors.Is(err, replica.ErrTooMany), errors.Is(err, oplog.ErrTooBig):
		return refuse(TooBig), nil
	case errors.Is(err, replica.ErrFull), errors.Is(err, replica.ErrReadOnly):
		return &Refusal{Code: Disk, Wait: uint64(time.Minute.Milliseconds())}, nil
	case errors.Is(err, replica.ErrAgain), errors.Is(err, replica.ErrClosed):
		return &Refusal{Code: Reopening, Wait: uint64(time.Second.Milliseconds())}, nil
	}
	return nil, fmt.Errorf("peer: %w", err)
}
