package intake

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Polis is an export of a Polis conversation, read whole and checked. Statements
// and votes are as the files have them.
type Polis struct {
	// Name is the folder's or zip's, without ending.
	Name string
	// Topic is the conversation's title; Name where summary.csv has none.
	Topic string
	// URL, Info (the description) and Views are from summary.csv; "" where missing.
	URL, Info, Views string
	// Zones is how the source wrote its times.
	Zones Zones
	// Columns is the header of comments.csv, in small letters and with - for _.
	Columns []string
	// Statements is in the order of comments.csv.
	Statements []PolisStatement
	// Votes is every usable row of votes.csv in its order, votes that were changed
	// later among them. See LastVotes.
	Votes []PolisVote
	// Voters is the ids of all who voted, in the order in which votes.csv names them.
	Voters []int64
	// Counts sums up what was read.
	Counts Counts
	// Skipped is the rows that were not used.
	Skipped []Skipped
	// Warnings is what the host should know.
	Warnings []Notice
	// Reversed says that the counts in comments.csv fit the votes only with agree
	// and disagree exchanged.
	Reversed bool
	// AskSign says that nothing in the files can tell the sign for certain: they
	// look like those that the server of October 2024 wrote, reversed throughout,
	// or have no counts. Show MostAgreed and ask.
	AskSign bool
	// Flip says whether Items exchanges agree and disagree. Reading sets it to
	// Reversed; the caller may set it otherwise once the host was asked.
	Flip bool

	voters map[int64]int32 // place in Voters
}

// PolisStatement is a row of comments.csv.
type PolisStatement struct {
	// ID is the comment-id.
	ID int64
	// Author is the author-id as written; the author may never have voted.
	Author string
	// Text is verbatim.
	Text string
	// Made is in milliseconds since 1970; 0 where the file does not say.
	Made int64
	// Agrees and Disagrees are the source's own counts, re-votes counted again; -1
	// where the file has none.
	Agrees, Disagrees int64
	// Moderated is -1 rejected, 0 not moderated, 1 accepted.
	Moderated int8
	Meta      bool
	Seed      bool
	// Row is the place in comments.csv, from 1.
	Row int
}

// PolisVote is a row of votes.csv.
type PolisVote struct {
	// Time is in milliseconds since 1970.
	Time int64
	// Statement and Voter are places in Polis.Statements and Polis.Voters.
	Statement, Voter int32
	// Value is as written: 1 agree, 0 pass, -1 disagree, or reversed (see AskSign).
	Value int8
}

// Counts sums up an import.
type Counts struct {
	// Rows is the usable rows of votes.csv, Votes the last ones of each voter and
	// statement.
	Rows, Votes int
	// Statements is all that are imported, rejected ones among them.
	Statements int
	// Participants is the people who voted.
	Participants int
	// Skipped is the rows that were not used.
	Skipped int
}

// PolisOptions says how to read; the zero value is useful.
type PolisOptions struct {
	// Progress is called about every 1,000 rows of votes: while reading with total
	// 0, as the number of rows is not known yet; while items are made with their
	// number. Nil: not at all.
	Progress func(done, total int)

	down guards
}

// progressEvery is the rows between two calls of Progress.
const progressEvery = 1000

// OpenPolis reads an export: a folder, a zip, or any one file of a folder's export.
// Every error is a *Fault; nothing of the export is given then.
func OpenPolis(path string, options PolisOptions) (*Polis, error) {
	if whole, err := filepath.Abs(path); err == nil {
		path = whole // "." has a name too
	}
	name := filepath.Base(path)
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, fileFault(name, err)
	case info.IsDir():
		return ReadPolis(name, os.DirFS(path), options)
	case !info.Mode().IsRegular():
		return nil, &Fault{Code: NotPolis, File: name}
	case partOf(name) != noPart:
		folder := filepath.Dir(path)
		return readFolder(filepath.Base(folder), os.DirFS(folder), 0, options)
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, fileFault(name, err)
	}
	defer file.Close()
	head := make([]byte, 4)
	if n, _ := file.ReadAt(head, 0); !strings.HasPrefix(string(head[:n]), "PK") {
		return nil, &Fault{Code: NotPolis, File: name}
	}
	archive, err := OpenZip(name, file, info.Size(), ZipLimits{down: options.down})
	if err != nil {
		return nil, err
	}
	return readZip(name, archive, options)
}

// ReadPolis reads an export from a folder; name stands for a missing title. Every
// error is a *Fault.
func ReadPolis(name string, files fs.FS, options PolisOptions) (*Polis, error) {
	return readFolder(name, files, 2, options)
}

func readFolder(name string, files fs.FS, depth int, options PolisOptions) (*Polis, error) {
	members, err := folderMembers(name, files, depth, options.down)
	if err != nil {
		return nil, err
	}
	return readMembers(name, name, members, options)
}

func readZip(name string, archive *Zip, options PolisOptions) (*Polis, error) {
	title := name
	if strings.EqualFold(filepath.Ext(name), ".zip") {
		title = name[:len(name)-len(".zip")]
	}
	return readMembers(name, title, archive.members(), options)
}

func readMembers(name, title string, members []member, options PolisOptions) (*Polis, error) {
	parts, err := choose(name, members)
	if err != nil {
		return nil, err
	}
	title = strings.ToValidUTF8(title, "?")
	r := &polisReader{Polis: &Polis{Name: title, Topic: title, voters: map[int64]int32{}}, options: options, left: newBudget(MaxUnpacked, options.down)}
	if parts[summaryPart] != nil {
		if err := r.open(parts[summaryPart], commentRow, r.readSummary); err != nil {
			return nil, err
		}
	}
	if err := r.open(parts[commentsPart], commentRow, r.readComments); err != nil {
		return nil, err
	}
	if err := r.open(parts[votesPart], voteRow, r.readVotes); err != nil {
		return nil, err
	}
	return r.finish(parts[matrixPart] != nil), nil
}
