package command

import (
	"strconv"

	"folkmoot/app/intake"
	"folkmoot/app/readmodel"
	"folkmoot/assets/words"
)

// faultKeys are the catalogue's keys for what is wrong with a file.
var faultKeys = map[intake.Code]string{
	intake.NotPolis:       "fault.not_polis",
	intake.NoComments:     "fault.no_comments",
	intake.NoVotes:        "fault.no_votes",
	intake.SeveralExports: "fault.several_exports",
	intake.BrokenFile:     "fault.broken_file",
	intake.LockedFile:     "fault.locked_file",
	intake.BadPath:        "fault.bad_path",
	intake.LinkedFile:     "fault.linked_file",
	intake.TooManyFiles:   "fault.too_many_files",
	intake.TooBig:         "fault.too_big",
	intake.TooDense:       "fault.too_dense",
	intake.Unreadable:     "fault.unreadable",
	intake.NoColumn:       "fault.no_column",
	intake.BadCell:        "fault.bad_cell",
	intake.ShortRow:       "fault.short_row",
	intake.LongRow:        "fault.long_row",
	intake.NotText:        "fault.not_text",
	intake.NoStatements:   "fault.no_statements",
	intake.TooManyLines:   "fault.too_many_lines",
	intake.TooManyColumns: "fault.too_many_columns",
}

// badCells are the keys for what a cell was to hold, by intake's own words for it.
var badCells = map[string]string{
	"a whole number from 0": "fault.bad_cell_count",
	"-1, 0 or 1":            "fault.bad_cell_sign",
	"a time in seconds or milliseconds since 1970": "fault.bad_cell_time",
	"true or false": "fault.bad_cell_truth",
}

// leftKeys are the keys for why a line or row was not used.
var leftKeys = map[intake.Code]string{
	intake.UnknownComment: "left.unknown_comment",
	intake.RepeatedID:     "left.repeated_id",
	intake.EmptyText:      "left.empty_text",
	intake.LongText:       "left.long_text",
	intake.NoWords:        "left.no_words",
	intake.SameText:       "left.same_text",
	intake.RejectedText:   "left.rejected_text",
}

// noteKeys are the keys for what a facilitator should know of a file.
var noteKeys = map[intake.Code]string{
	intake.SignReversed:    "note.sign_reversed",
	intake.SignUnknown:     "note.sign_unknown",
	intake.CountsDiffer:    "note.counts_differ",
	intake.NoSummary:       "note.no_summary",
	intake.TextCut:         "note.text_cut",
	intake.TimesDiffer:     "note.times_differ",
	intake.ReadAsBig5:      "note.read_as_big5",
	intake.ReadAsUTF16:     "note.read_as_utf16",
	intake.TextLeftOut:     "note.text_left_out",
	intake.RejectedLeftOut: "note.rejected_left_out",
}

// leftSentence says why a line or row was not used. limit is that of a statement.
func leftSentence(why intake.Code, limit int) readmodel.Sentence {
	return readmodel.Sentence{ID: leftKeys[why], Args: map[string]string{"Limit": words.Number(limit)}}
}

// noteSentences says what a facilitator should know of a file.
func noteSentences(notices []intake.Notice) []readmodel.Sentence {
	var out []readmodel.Sentence
	for _, n := range notices {
		out = append(out, readmodel.Sentence{ID: noteKeys[n.Code], Args: map[string]string{"N": words.Number(n.N)}})
	}
	return out
}

// faultTrouble says what is wrong with a file.
func faultTrouble(f *intake.Fault) *readmodel.Trouble {
	key := faultKeys[f.Code]
	if f.Code == intake.BadCell && badCells[f.Want] != "" {
		key = badCells[f.Want]
	}
	return &readmodel.Trouble{Key: key, Err: f, Args: map[string]any{
		"File": f.File, "Row": strconv.Itoa(f.Row), "Column": f.Column, "Found": beginning(f.Found),
		"Files": intake.MaxMembers, "Lines": intake.MaxLines, "Columns": intake.MaxColumns, "Limit": f.Limit >> 20}}
}
