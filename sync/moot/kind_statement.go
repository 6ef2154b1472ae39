package moot

import (
	"cmp"

	"folkmoot/sync/oplog"
)

// Standing is whether a statement may be voted on.
type Standing uint8

// From mild to severe: where two hosts decide differently, the more severe wins.
const (
	Pending  Standing = iota // waits for the host
	Approved                 // may be voted on
	Hidden                   // was put aside; leaves map and exports' totals
	Removed                  // breaks the rules; its text is not shown again
)

var standings = []string{"pending", "approved", "hidden", "removed"}

// String gives the standing's name.
func (s Standing) String() string { return standings[s] }

// ParseStanding reads a standing's name.
func ParseStanding(name string) (Standing, bool) {
	for i, n := range standings {
		if n == name {
			return Standing(i), true
		}
	}
	return 0, false
}

// Source says how something came into the session.
type Source string

// The sources of people, statements and votes.
const (
	FromPhone  Source = "phone"
	FromHost   Source = "host"
	Imported   Source = "imported"
	Rehearsed  Source = "rehearsed"
	FromTablet Source = "tablet"
)

// NewStatement adds a statement; the item's id becomes the statement's. Its text
// never changes: an edit is a new statement that names the old one.
type NewStatement struct {
	Text     string        `cbor:"1,keyasint"`
	Lang     string        `cbor:"2,keyasint"`
	Author   ParticipantID `cbor:"3,keyasint"` // zero: the host
	Standing Standing      `cbor:"4,keyasint"` // at the moment it was added
	Seed     bool          `cbor:"5,keyasint"`
	Src      Source        `cbor:"6,keyasint"`
	Made     uint64        `cbor:"7,keyasint"`           // milliseconds since 1970, by the writer's clock
	SourceID string        `cbor:"8,keyasint,omitempty"` // the source's own id
	Row      int           `cbor:"9,keyasint,omitempty"` // place in the source, from 1
	Meta     bool          `cbor:"10,keyasint,omitempty"`
	Edits    StatementID   `cbor:"11,keyasint,omitzero"`
	// Pair is the statement of which this one is the other language's version; votes
	// go to that one.
	Pair StatementID `cbor:"12,keyasint,omitzero"`
	// SourceMod is the source's own word on moderation: -1, 0 or 1 in Polis.
	SourceMod int `cbor:"13,keyasint,omitempty"`
	// SourceAuthor is the source's own id of the author, who may never have voted.
	SourceAuthor string `cbor:"14,keyasint,omitempty"`
}

// Kind is "statement".
func (*NewStatement) Kind() string { return "statement" }

func (*NewStatement) class() oplog.Class { return oplog.Public }

func (n *NewStatement) bounds() error {
	if n.Standing > Removed {
		return refuse(BadValue)
	}
	return cmp.Or(checkNumbers(n.Row, n.SourceMod), checkTexts(n.Text, n.Lang, string(n.Src), n.SourceID, n.SourceAuthor))
}

func (n *NewStatement) check(s *State) error {
	if n.Src == Imported {
		return checkText(n.Text, MaxImported)
	}
	if err := checkText(n.Text, s.session().StatementLimit()); err != nil {
		return err
	}
	if !hasWords(n.Text) {
		return refuse(EmojiOnly)
	}
	if !n.Author.IsZero() && s.people.get(n.Author) == nil {
		return refuse(UnknownPerson)
	}
	if n.Standing > Approved || n.Lang != "zh-Hant" && n.Lang != "en" {
		return refuse(BadValue)
	}
	if n.Pair == (StatementID{}) && s.texts[sameText(n.Text)] > 0 { // a version may say what a statement that gives way to it said
		return refuse(Duplicate)
	}
	return nil
}

func (n *NewStatement) apply(s *State, e oplog.Entry) {
	s.touch()
	id := StatementID(e.CID)
	s.mark(RowStatement, id[:])
	rec := s.statement(id)
	hash := e.Hash()
	if rec.made != nil && string(rec.hash[:]) <= string(hash[:]) {
		rec.doubled = rec.doubled || rec.made.Text != n.Text
		return
	}
	if rec.made == nil {
		s.texts[sameText(n.Text)]++
		s.countEarly(id, rec)
	} else {
		rec.doubled = rec.doubled || rec.made.Text != n.Text
		s.texts[sameText(rec.made.Text)]--
		s.texts[sameText(n.Text)]++
	}
	rec.made, rec.hash, rec.stamp = n, hash, stampOf(e, 0)
}

// countEarly counts the votes that came before their statement.
func (s *State) countEarly(id StatementID, rec *statementRecord) {
	if rec.votes == 0 {
		return
	}
	s.votes += rec.votes
	people := s.people // writing copies shards
	for p := range people.all {
		if p.votes[id].Value != None {
			s.person(p.ID).counted++
			s.mark(RowPerson, p.ID[:])
		}
	}
}

// Statement is a statement as it stands.
type Statement struct {
	ID           StatementID
	Text         string
	Lang         string
	Author       ParticipantID
	Standing     Standing
	Reason       string
	Seed         bool
	Meta         bool
	Source       Source
	SourceID     string
	SourceMod    int
	SourceAuthor string
	Row          int
	Made         uint64
	Edits        StatementID
	Pair         StatementID
	// Texts are the texts by language where somebody paired two; else nil.
	Texts map[string]string
	// Heads are the moderation acts that the next one replaces.
	Heads []oplog.ItemID
	// Look is set when two hosts decided at once, or one id carries two texts.
	Look bool
}

// Votable says whether the statement may be voted on now: approved, and not the
// other language's version of another one.
func (s *Statement) Votable() bool { return s.Standing == Approved && s.Pair == StatementID{} }
