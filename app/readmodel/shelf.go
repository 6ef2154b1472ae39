package readmodel

import "cmp"

// Card is a session as the list of sessions shows it.
type Card struct {
	ID, Title string
	// Created is when it was made, in milliseconds since 1970; 0 where that is not known.
	Created uint64
	// People are those of the room and of an import together.
	People, Statements, Votes int
	Sample, Rehearsal         bool
	// Elsewhere says that another program has it open, Running that a step runs.
	Elsewhere, Running bool
	// Follows says that this computer follows another laptop in it, whose name is Leader, ""
	// for not known; Room that it holds a room of its own there.
	Follows, Room bool
	Leader        string
	// Trouble says why it cannot be read; nil where it can.
	Trouble *Trouble
	// Backup is the backup to bring it back from where its file is damaged; "" for none.
	Backup string
}

// CompareCards puts the newest session first, the sample behind the others of its time.
func CompareCards(a, b Card) int {
	return cmp.Or(cmp.Compare(b.Created, a.Created), cmp.Compare(btoi(a.Sample), btoi(b.Sample)), cmp.Compare(a.ID, b.ID))
}

// Wish is what a new session is to be.
type Wish struct {
	Title string
	// Lang is the room's language, zh-Hant or en.
	Lang     string
	Template string
	// Statements are the seeds; see ListOffer.
	Statements []string
	Notice     string
	Licence    string // "" is undecided
}

// ListOffer is a list of statements found in a file or a pasted text.
type ListOffer struct {
	// Heading is the list's heading or sheet; "" for one without.
	Heading string
	// All says that this is all lists of the file as one, without what they share.
	All        bool
	Statements []string
	// Left are the lines that are not taken, each with the reason.
	Left []Leftover
	// Notes are what the facilitator should know of the file.
	Notes []Sentence
}

// Leftover is a line or row that was not used.
type Leftover struct {
	// Where is the file or the beginning of the line; Row its number, from 1, 0 for none.
	Where string
	Row   int
	// Why is a key of the catalogue with its arguments.
	Why Sentence
}

// Brought says what an import added.
type Brought struct {
	// ID is the session that it is in.
	ID, Title                 string
	People, Statements, Votes int
	// Already says that everything of it was there.
	Already bool
	Left    []Leftover
	Notes   []Sentence
	// Agreed are the statements agreed to most, to be looked at: in some exports agree
	// and disagree are exchanged. Empty where the counts decided.
	Agreed []string
}

// PackWish is what a pack is to hold.
type PackWish struct {
	// Folder is where it is written.
	Folder string
	// Formats are names of report.Formats; all where empty.
	Formats []string
	Zip     bool
}

// PackDone says what was written and checked.
type PackDone struct {
	Folder string
	Files  int
	// Public says that there is a public part: a licence was chosen.
	Public bool
	// Withheld are the statements that stay out of the public part.
	Withheld int
}

// PenAsk is a text that somebody is to write in the browser.
type PenAsk struct {
	// Label says what is written, Text is what is there already, Lang the page's language.
	Label, Text, Lang string
	// Lines says that it may have several.
	Lines bool
	// Limit is how many characters it may have, 0 for no limit.
	Limit int
}
