package moot

import "fmt"

// Code says why an act is refused. Codes are stable: pages and catalogues use them.
type Code string

// The refusals.
const (
	// Closed: the session takes no more acts of this kind.
	Closed Code = "closed"
	// UnknownStatement: there is no such statement to vote on.
	UnknownStatement Code = "unknown_statement"
	// UnknownQuestion: there is no such question to answer.
	UnknownQuestion Code = "unknown_question"
	// UnknownPerson: nobody of this id takes part.
	UnknownPerson Code = "unknown_person"
	// BadValue: a value outside what the kind allows.
	BadValue Code = "bad_value"
	// TooLong: more characters than Refusal.Limit.
	TooLong Code = "too_long"
	// Empty: nothing is left of the text without blanks.
	Empty Code = "empty"
	// EmojiOnly: a statement without a letter or digit.
	EmojiOnly Code = "emoji_only"
	// TooMany: more statements than one person may add in a minute.
	TooMany Code = "too_many_statements"
	// BadRev: a revision of MaxRev or more.
	BadRev Code = "bad_rev"
	// NotYours: a cell of another person.
	NotYours Code = "not_yours"
	// TooManyPeople: a plan for more people than Refusal.Limit.
	TooManyPeople Code = "too_many_people"
	// NamesErased: nothing personal is taken once the session's names were erased.
	NamesErased Code = "names_erased"
	// DiskLow: little room is left on the hub's disk, which is kept for votes.
	DiskLow Code = "disk_low"
	// Duplicate: a statement of the same text is there.
	Duplicate Code = "duplicate"
)

// Refusal is a "no" by the rules, as against a fault.
type Refusal struct {
	Code  Code
	Limit int // TooLong: characters allowed; TooManyPeople: people allowed
}

// Error gives the refusal as a plain English sentence.
func (r *Refusal) Error() string {
	switch r.Code {
	case Closed:
		return "this is closed"
	case UnknownStatement:
		return "there is no such statement to vote on"
	case UnknownQuestion:
		return "there is no such question"
	case UnknownPerson:
		return "nobody of this id takes part"
	case TooLong:
		return fmt.Sprintf("the text is longer than %d characters", r.Limit)
	case Empty:
		return "the text is empty"
	case EmojiOnly:
		return "the statement has no letter in it: say it in words"
	case TooMany:
		return "too many statements in a short time"
	case TooManyPeople:
		return fmt.Sprintf("a plan is for %d people at most", r.Limit)
	case BadRev:
		return "the revision is too large"
	case NotYours:
		return "this belongs to somebody else"
	case NamesErased:
		return "the names of this session were erased, and no new ones are taken"
	case DiskLow:
		return "the hub's disk is nearly full: it takes votes only"
	case Duplicate:
		return "a statement of the same text is already there"
	}
	return "the value is not allowed"
}

func refuse(code Code) error { return &Refusal{Code: code} }

// Outcome is what became of an item.
type Outcome struct {
	// Receipt says where the item stands in the record; "" when it does not.
	Receipt string
	// Again is set when the item was there before: its first receipt is given.
	Again bool
	// Late is set for a vote that came when voting was closed: kept, not counted.
	Late bool
	// Stale is set when the cell holds an equal or newer revision; nothing was written.
	Stale *Stale
	// Refusal is set when the rules say no; nothing was written.
	Refusal *Refusal
}

// Stale is what a cell holds instead of the older value that was sent.
type Stale struct {
	Rev   uint64
	Value any
}
