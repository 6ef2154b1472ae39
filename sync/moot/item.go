package moot

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"unicode/utf8"

	"folkmoot/sync/oplog"
)

// Payload is what an act says. Each kind has one type, in a file of its own.
type Payload interface {
	// Kind gives the name under which the act stands in the record.
	Kind() string
	class() oplog.Class
	// bounds refuses values that no state of any session allows. Decode asks it, so
	// that the state never meets them.
	bounds() error
	// check refuses what the rules do not allow in the given state.
	check(*State) error
	// apply folds the act into the state.
	apply(*State, oplog.Entry)
}

// Item is an act on its way into the record.
type Item struct {
	CID     oplog.ItemID
	Payload Payload
}

// Schema is the version of the payloads below.
const Schema = 1

var makers = map[string]func() Payload{}

func register(make func() Payload) { makers[make().Kind()] = make }

func init() {
	register(func() Payload { return &SetField{} })
	register(func() Payload { return &StepAct{} })
	register(func() Payload { return &NewStatement{} })
	register(func() Payload { return &Moderation{} })
	register(func() Payload { return &SetPerson{} })
	register(func() Payload { return &SetPresence{} })
	register(func() Payload { return &SetAnswer{} })
	register(func() Payload { return &SetVote{} })
	register(func() Payload { return &NewPlan{} })
	register(func() Payload { return &Fork{} })
	register(func() Payload { return &Branch{} })
	register(func() Payload { return &Unlink{} })
	register(func() Payload { return &Audit{} })
}

// ErrUnknownKind: an act of a kind that this program does not know. It is kept
// and passed on, and not applied.
var ErrUnknownKind = errors.New("unknown kind of act")

// IsAnswer says whether acts of a kind are what a participant gives: what a device has to
// bring to a laptop before it may be lost.
func IsAnswer(kind string) bool {
	return kind == (*SetVote)(nil).Kind() || kind == (*SetAnswer)(nil).Kind() || kind == (*NewStatement)(nil).Kind()
}

// Draft gives an item in the form that oplog.Writer takes. Error: a *Refusal for
// what Decode would not take.
func (i Item) Draft() (oplog.Draft, error) {
	if err := i.Payload.bounds(); err != nil {
		return oplog.Draft{}, fmt.Errorf("moot: encode %s: %w", i.Payload.Kind(), err)
	}
	data, err := oplog.Marshal(i.Payload)
	if err != nil {
		return oplog.Draft{}, fmt.Errorf("moot: encode %s: %w", i.Payload.Kind(), err)
	}
	return oplog.Draft{CID: i.CID, Kind: i.Payload.Kind(), Schema: Schema, Class: i.Payload.class(), Payload: data}, nil
}

// Decode gives the payload of an act. Errors: ErrUnknownKind for a kind or schema
// that is not known here; oplog.ErrMalformed for bytes that Draft would not have
// written, so that an act has one encoding and its values are within bounds.
func Decode(kind string, schema uint, data []byte) (Payload, error) {
	make, ok := makers[kind]
	if !ok || schema != Schema {
		return nil, fmt.Errorf("moot: %w: %.40q, schema %d", ErrUnknownKind, kind, schema)
	}
	p := make()
	if err := oplog.Unmarshal(data, p); err != nil {
		return nil, fmt.Errorf("moot: decode %s: %w", kind, err)
	}
	if err := p.bounds(); err != nil {
		return nil, fmt.Errorf("moot: decode %s: %w: %w", kind, oplog.ErrMalformed, err)
	}
	if again, err := oplog.Marshal(p); err != nil || !bytes.Equal(again, data) {
		return nil, fmt.Errorf("moot: decode %s: %w: not in deterministic form", kind, oplog.ErrMalformed)
	}
	return p, nil
}

// CheckEntry refuses an entry of a peer of which the act cannot be read, or stands in
// another class than such acts have: a name sent as public would outlast its erasing, and
// erasing would take with it what counts, or a log's key. An act that is not known here
// passes. Error: oplog.ErrMalformed.
func CheckEntry(e oplog.Entry) error {
	want := oplog.Public
	if make, known := makers[e.Kind]; known && e.Schema == Schema {
		p := make()
		if !e.Redacted() {
			var err error
			if p, err = Decode(e.Kind, e.Schema, e.Payload); err != nil {
				return err
			}
		}
		want = p.class()
	} else if e.Kind != oplog.KindPair {
		return nil
	}
	if e.Class != want {
		return fmt.Errorf("moot: %s: %w: class %d", e.Kind, oplog.ErrMalformed, e.Class)
	}
	return nil
}

// checkRev refuses a revision of MaxRev or more.
func checkRev(rev uint64) error {
	if rev >= MaxRev {
		return refuse(BadRev)
	}
	return nil
}

// checkTexts refuses what is not UTF-8, which the record's encoding has no place for.
func checkTexts(texts ...string) error {
	for _, text := range texts {
		if !utf8.ValidString(text) {
			return refuse(BadValue)
		}
	}
	return nil
}

// checkNumbers refuses what an int of 32 bits does not hold: all processors must
// read a record alike.
func checkNumbers(numbers ...int) error {
	for _, n := range numbers {
		if int64(n) < math.MinInt32 || int64(n) > math.MaxInt32 {
			return refuse(BadValue)
		}
	}
	return nil
}
