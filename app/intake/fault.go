package intake

import (
	"errors"
	"fmt"
	"strings"
)

// Code says what is wrong with a file, why a row is skipped, or what a host should
// know. Codes are stable: screens choose their words by them.
type Code string

// The faults of files.
const (
	// NotPolis: no member of a Polis export was found.
	NotPolis Code = "not_polis"
	// NoComments: there is no comments.csv beside votes.csv.
	NoComments Code = "no_comments"
	// NoVotes: there is no votes.csv beside comments.csv.
	NoVotes Code = "no_votes"
	// SeveralExports: more than one export was found, and none can be preferred.
	SeveralExports Code = "several_exports"
	// BrokenFile: the zip, gzip or workbook cannot be unpacked.
	BrokenFile Code = "broken_file"
	// LockedFile: the zip or workbook is locked with a password.
	LockedFile Code = "locked_file"
	// BadPath: a member's name leads out of the folder, or is there twice.
	BadPath Code = "bad_path"
	// LinkedFile: what should be a file is a link to another one, or a device.
	LinkedFile Code = "linked_file"
	// TooManyFiles: more than MaxMembers.
	TooManyFiles Code = "too_many_files"
	// TooBig: more than may be in it, packed or unpacked; see Limit.
	TooBig Code = "too_big"
	// TooDense: more than MaxRatio bytes out of one.
	TooDense Code = "too_dense"
	// Unreadable: the disk or the system gave an error.
	Unreadable Code = "unreadable"
	// NoColumn: a needed column is not in the header.
	NoColumn Code = "no_column"
	// BadCell: a cell holds something else than its column allows.
	BadCell Code = "bad_cell"
	// ShortRow: a row ends before a needed column.
	ShortRow Code = "short_row"
	// LongRow: a row is far longer than any row of such a file, or a quote is never closed.
	LongRow Code = "long_row"
	// NotText: the bytes are no text in a known encoding.
	NotText Code = "not_text"
	// NoStatements: nothing in the file can be a statement.
	NoStatements Code = "no_statements"
	// TooManyLines: more than MaxLines lines, or a row number beyond what is read.
	TooManyLines Code = "too_many_lines"
	// TooManyColumns: a cell beyond MaxColumns.
	TooManyColumns Code = "too_many_columns"
)

// Fault is an error of a file. Nothing of the file was taken.
type Fault struct {
	Code Code
	// File is the name of the file or member.
	File string
	// Row is the row as a spreadsheet counts it, 0 where no row is meant.
	Row int
	// Column is the column's name, "" where none is meant.
	Column string
	// Found and Want are what the cell holds and what it may hold, for BadCell.
	Found, Want string
	// Limit is the size in bytes that a file may have, for TooBig.
	Limit int64
	// Err is the cause, if it was another error.
	Err error
}

// Error gives one English sentence: where, what, and what to do.
func (f *Fault) Error() string {
	where := f.File
	if f.Row > 0 {
		where += fmt.Sprintf(", row %d", f.Row)
	}
	if f.Column != "" {
		where += ", column " + f.Column
	}
	return where + ": " + f.sentence()
}

// Unwrap gives the cause.
func (f *Fault) Unwrap() error { return f.Err }

func (f *Fault) sentence() string {
	switch f.Code {
	case NotPolis:
		return "this is no Polis export; choose the folder or the zip that holds comments.csv and votes.csv"
	case NoComments:
		return "comments.csv is missing; put it beside votes.csv and choose the folder again"
	case NoVotes:
		return "votes.csv is missing; put it beside comments.csv and choose the folder again"
	case SeveralExports:
		return "there is more than one export in it; choose the folder of one of them"
	case BrokenFile:
		return "the file is damaged; copy or download it again"
	case LockedFile:
		return "the file is locked with a password; save it without one and choose it again"
	case BadPath:
		return fmt.Sprintf("it holds a file named %.60q, which an export does not; download the export again from its source", f.Found)
	case LinkedFile:
		return fmt.Sprintf("%.60q is only a link to another file; put the file itself there and choose it again", f.Found)
	case TooManyFiles:
		return fmt.Sprintf("it holds more than %d files; choose the folder of the export itself", MaxMembers)
	case TooBig:
		return fmt.Sprintf("it holds more than %d MiB; choose one list or the export of one conversation", f.Limit>>20)
	case TooDense:
		return "it unpacks into far more than an export does; download it again from its source"
	case Unreadable:
		return fmt.Sprintf("it cannot be read (%v); check that it is there and may be read", f.Err)
	case NoColumn:
		return "the first row does not name this column; export the conversation again or put the name back"
	case BadCell:
		return fmt.Sprintf("%.40q is not %s; correct the cell or export again", f.Found, f.Want)
	case ShortRow:
		return "the row ends before this column; export again or complete the row"
	case LongRow:
		return "the row does not end or is far too long; look for a quotation mark that is never closed, or export again"
	case NotText:
		return "this is not text in UTF-8; save it as text or CSV in UTF-8 and choose it again"
	case NoStatements:
		return "no statement was found; write one statement a line, or name the column of the texts comment_text"
	case TooManyLines:
		return fmt.Sprintf("it has more than %d lines; divide it and import the parts", MaxLines)
	case TooManyColumns:
		return fmt.Sprintf("it has more than %d columns; keep the one of the statements and choose it again", MaxColumns)
	}
	return string(f.Code)
}

// fileFault turns an error met while reading a file into a Fault that names it.
func fileFault(file string, err error) *Fault {
	var known *Fault
	var size sizeError
	switch {
	case errors.As(err, &known):
		return known
	case errors.As(err, &size):
		return &Fault{Code: TooBig, File: file, Limit: int64(size), Err: err}
	case errors.Is(err, errTooDense):
		return &Fault{Code: TooDense, File: file, Err: err}
	case broken(err):
		return &Fault{Code: BrokenFile, File: file, Err: err}
	}
	return &Fault{Code: Unreadable, File: file, Err: err}
}

// Reasons for which a row is skipped or a statement is not made.
const (
	// UnknownComment: a vote on a comment-id that is not in comments.csv, or whose
	// row was skipped.
	UnknownComment Code = "unknown_comment"
	// RepeatedID: a comment-id that was in comments.csv before.
	RepeatedID Code = "repeated_id"
	// EmptyText: a statement without a text.
	EmptyText Code = "empty_text"
	// LongText: a statement longer than the limit.
	LongText Code = "long_text"
	// NoWords: a statement without a letter or digit.
	NoWords Code = "no_words"
	// SameText: a statement that is in the list before.
	SameText Code = "same_text"
	// RejectedText: a statement that its source had rejected.
	RejectedText Code = "rejected_text"
)

var reasons = map[Code]string{
	UnknownComment: "the vote is on a statement that was not imported",
	RepeatedID:     "this comment-id was in the file before",
	EmptyText:      "the statement is empty",
	LongText:       "the statement is too long",
	NoWords:        "the statement has no letter in it",
	SameText:       "the list has this statement already",
	RejectedText:   "the source had rejected this statement",
}

// Skipped is a row that was not used.
type Skipped struct {
	File string `json:"file"`
	// Row is the row as a spreadsheet counts it; in a list, the line.
	Row int `json:"row"`
	// Why is one of the reasons.
	Why Code `json:"why"`
}

// String gives the row and the reason as an English sentence.
func (s Skipped) String() string {
	return fmt.Sprintf("%s, row %d: %s", s.File, s.Row, reasons[s.Why])
}

// What a host should know.
const (
	// SignReversed: the counts in comments.csv fit the votes only with agree and
	// disagree exchanged.
	SignReversed Code = "sign_reversed"
	// SignUnknown: nothing in the files can tell agree from disagree for certain.
	SignUnknown Code = "sign_unknown"
	// CountsDiffer: the counts in comments.csv differ from the votes for N statements.
	CountsDiffer Code = "counts_differ"
	// NoSummary: there is no title in the export; the name of the folder is used.
	NoSummary Code = "no_summary"
	// TextCut: a text of the summary was cut to what a field takes.
	TextCut Code = "text_cut"
	// TimesDiffer: N datetime cells cannot be written again as they were.
	TimesDiffer Code = "times_differ"
	// ReadAsBig5: the file was no UTF-8 and was read as Big5.
	ReadAsBig5 Code = "read_as_big5"
	// ReadAsUTF16: the file was read as UTF-16.
	ReadAsUTF16 Code = "read_as_utf16"
	// TextLeftOut: N lines outside of lists were left out.
	TextLeftOut Code = "text_left_out"
	// RejectedLeftOut: N statements that their source had rejected were left out.
	RejectedLeftOut Code = "rejected_left_out"
)

var notices = map[Code]string{
	SignReversed:    "the counts in comments.csv fit the votes only when agree and disagree are exchanged: look at the three most-agreed statements before going on",
	SignUnknown:     "the files cannot tell whether agree and disagree are exchanged: look at the three most-agreed statements before going on",
	CountsDiffer:    "the counts in comments.csv differ from the votes for %d statements",
	NoSummary:       "the export has no title: the name of the folder is used",
	TextCut:         "%d texts of the summary were cut to what is kept of them",
	TimesDiffer:     "%d date texts cannot be written again exactly as they were; the times themselves are kept",
	ReadAsBig5:      "the file was read as Big5: look at the texts before going on",
	ReadAsUTF16:     "the file was read as UTF-16",
	TextLeftOut:     "%d lines outside of lists were left out",
	RejectedLeftOut: "%d statements that their source had rejected were left out",
}

// Notice is something that a host should know of an import.
type Notice struct {
	Code Code
	// N is the number in it, 0 where there is none.
	N int
}

// String gives the notice as an English sentence.
func (n Notice) String() string {
	text := notices[n.Code]
	if strings.Contains(text, "%d") {
		return fmt.Sprintf(text, n.N)
	}
	return text
}
