// Package intake reads what others made into items of the record: exports of
// Polis, and lists of statements as text, Markdown, CSV or XLSX.
//
// Start with OpenPolis and Polis.Items for an export, with ReadList and ListItems
// for a list; OpenZip is for a pack of our own.
//
// Words: a dialect is one of the two ways in which Polis writes its files (the
// zip export in milliseconds, the report export in seconds); a row is counted as
// a spreadsheet counts it, the header being row 1; a fault is an error of the
// file, for which nothing is imported; a skipped row is one that cannot be used
// without the file being wrong; a notice is something that the host should know.
//
// Promises: a file is read whole and checked before the first item is made, in
// bounded memory (64 MB for a file of one) and within the limits of limits.go, which
// are counted while reading and never taken from what a file says of itself; nothing is
// written to the disk but by Zip.Unpack. All ids of a Polis import follow from the file alone, so that a second
// import of the same file adds nothing. Values of this package belong to one
// goroutine; distinct ones may be used at once.
//
// What will bite: the sign of a Polis export. Files that a server of October 2024
// wrote are reversed and agree with themselves; see Polis.AskSign. And rows of
// votes.csv may repeat a moment, or go back in time for one pair; see Polis.Items.
package intake
