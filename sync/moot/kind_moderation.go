package moot

import (
	"unicode/utf8"

	"folkmoot/sync/oplog"
)

// Moderation decides on a statement.
type Moderation struct {
	Statement StatementID    `cbor:"1,keyasint"`
	Standing  Standing       `cbor:"2,keyasint"`
	Reason    string         `cbor:"3,keyasint"`
	Replaces  []oplog.ItemID `cbor:"4,keyasint"`
}

// Kind is "moderation".
func (*Moderation) Kind() string { return "moderation" }

func (*Moderation) class() oplog.Class { return oplog.Public }

func (m *Moderation) check(s *State) error {
	rec := s.statements[m.Statement]
	switch {
	case rec == nil || rec.made == nil:
		return refuse(UnknownStatement)
	case m.Standing > Removed:
		return refuse(BadValue)
	case utf8.RuneCountInString(m.Reason) > MaxStatementLimit:
		return &Refusal{Code: TooLong, Limit: MaxStatementLimit}
	}
	return nil
}

func (m *Moderation) apply(s *State, e oplog.Entry) {
	s.touch()
	s.statement(m.Statement).acts.add(m, e, m.Replaces)
}

// statementRecord is all that is known of a statement; made is nil as long as
// only acts on it have come.
type statementRecord struct {
	made    *NewStatement
	hash    oplog.Hash
	stamp   Stamp
	doubled bool
	acts    heads[*Moderation]
}

// value works the standing out: the most severe head, else what it was made with.
func (r *statementRecord) value(id StatementID) *Statement {
	n := r.made
	out := &Statement{ID: id, Text: n.Text, Lang: n.Lang, Author: n.Author, Standing: n.Standing, Seed: n.Seed, Meta: n.Meta,
		Source: n.Src, SourceID: n.SourceID, SourceMod: n.SourceMod, SourceAuthor: n.SourceAuthor, Row: n.Row, Made: n.Made, Pair: n.Pair, Look: r.doubled}
	heads := r.acts.current()
	for i, h := range heads {
		out.Heads = append(out.Heads, h.cid)
		if i == 0 || h.act.Standing >= out.Standing {
			out.Standing, out.Reason = h.act.Standing, h.act.Reason
		}
	}
	out.Look = out.Look || len(heads) > 1
	return out
}
