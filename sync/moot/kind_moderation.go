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

func (m *Moderation) bounds() error {
	if m.Standing > Removed {
		return refuse(BadValue)
	}
	return checkTexts(m.Reason)
}

func (m *Moderation) check(s *State) error {
	rec := s.statements[m.Statement]
	switch {
	case rec == nil || rec.made == nil:
		return refuse(UnknownStatement)
	case utf8.RuneCountInString(m.Reason) > MaxStatementLimit:
		return &Refusal{Code: TooLong, Limit: MaxStatementLimit}
	}
	return nil
}

func (m *Moderation) apply(s *State, e oplog.Entry) {
	s.touch()
	s.mark(RowStatement, m.Statement[:])
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
	votes   int // votes on it that are not None, whether or not made is there
}

// decided gives the standing with its reason, and the heads from which it comes:
// the most severe one, else what the statement was made with.
func (r *statementRecord) decided() (Standing, string, []headAct[*Moderation]) {
	standing, reason, heads := r.made.Standing, "", r.acts.current()
	for i, h := range heads {
		if i == 0 || h.act.Standing >= standing {
			standing, reason = h.act.Standing, h.act.Reason
		}
	}
	return standing, reason, heads
}

// value gives the statement as it stands.
func (r *statementRecord) value(id StatementID) *Statement {
	n := r.made
	standing, reason, heads := r.decided()
	out := &Statement{ID: id, Text: n.Text, Lang: n.Lang, Author: n.Author, Standing: standing, Reason: reason, Seed: n.Seed, Meta: n.Meta,
		Source: n.Src, SourceID: n.SourceID, SourceMod: n.SourceMod, SourceAuthor: n.SourceAuthor, Row: n.Row, Made: n.Made, Edits: n.Edits, Pair: n.Pair,
		Look: r.doubled || len(heads) > 1}
	for _, h := range heads {
		out.Heads = append(out.Heads, h.cid)
	}
	return out
}
