package moot

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"folkmoot/sync/oplog"
)

// Digest gives a sum over everything that the session means, as 64 hexadecimal
// digits. Two replicas that hold the same entries have the same digest. It is
// SHA-256 over the record's encoding of each part in turn, so that no property
// can be forgotten; numbers of Views and of unknown entries, which belong to the
// program and not to the session, stay out.
func (v *View) Digest() string {
	sum := sha256.New()
	add := func(part any) {
		data, err := oplog.Marshal(part)
		if err != nil {
			panic(fmt.Sprintf("moot: digest: %v", err)) // our own types, which encode
		}
		sum.Write(data)
	}
	add("folkmoot state 1")
	add(v.Session.ID)
	add(v.Session.fields)
	add(v.Steps)
	add(v.Statements)
	add(v.Plans)
	add(v.Votes)
	for _, sp := range v.Splits { // which branch lies here is the device's own matter
		add([]any{sp.Replica, sp.Seq, sp.Prev, sp.Branches, sp.Named})
	}
	for _, u := range v.unpaired {
		add([]any{"unpaired", u.Replica, u.Seq})
	}
	if v.Unlinked {
		add("names erased")
	}
	if len(v.voided) > 0 { // so that sessions without badges keep their digests
		add(v.voided)
	}
	for _, p := range v.People() {
		add(p.sum())
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// personSum is what the digest takes of a person.
type personSum struct {
	_       struct{} `cbor:",toarray"`
	ID      ParticipantID
	In      Cell[bool]
	Arrived uint64
	Fields  map[PersonField]Cell[string]
	Answers map[QuestionID]Cell[int]
	Votes   map[StatementID]Cell[Vote]
	Late    map[StatementID]Cell[Vote]
	Counted int
}

func (p *Person) sum() personSum {
	return personSum{ID: p.ID, In: p.in, Arrived: p.arrived, Fields: p.fields, Answers: p.answers, Votes: p.votes, Late: p.late, Counted: p.counted}
}
