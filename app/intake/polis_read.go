package intake

import (
	"bytes"
	"io"
	"strings"
	"unicode/utf8"

	"folkmoot/sync/moot"
)

// polisReader fills a Polis from its files.
type polisReader struct {
	*Polis
	options    PolisOptions
	left       *budget
	statements map[int64]int32 // place in Statements
	zones      zoneCollector
	seconds    bool // a time was written in seconds
	millis     bool // a time was written in milliseconds
	titled     bool // summary.csv has a topic
	tally      []tally
}

// open reads a member, whose rows take so many packed bytes, with one of the functions
// below.
func (r *polisReader) open(m *member, row int64, read func(*table) error) error {
	in, file, err := m.read(r.left)
	if err != nil {
		return err
	}
	defer file.Close()
	t := newTable(m.base(), in, ',')
	if file.packed != nil && r.left.down.up(ratioGuard) {
		t.tooDense = func(rows int) bool { return rows > freeRows && int64(rows)*row > file.packed() }
	}
	return read(t)
}

func (r *polisReader) skip(t *table, why Code) {
	r.Skipped = append(r.Skipped, Skipped{File: t.file, Row: t.row, Why: why})
}

// readSummary reads rows of key and value; keys that are not known here are passed
// over, and a value with bare commas is put together again.
func (r *polisReader) readSummary(t *table) error {
	topic := ""
	keys := map[string]*string{"topic": &topic, "url": &r.URL, "views": &r.Views, "conversation-description": &r.Info}
	for {
		fields, err := t.next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		to := keys[columnName(string(fields[0]))]
		if to == nil {
			continue
		}
		if *to = t.cellText(joinRest(fields, 1)); !utf8.ValidString(*to) {
			return &Fault{Code: NotText, File: t.file, Row: t.row}
		}
	}
	if strings.TrimSpace(topic) != "" {
		r.Topic, r.titled = topic, true
	}
	cut := cutText(&r.Topic, moot.MaxField) + cutText(&r.URL, moot.MaxField) + cutText(&r.Info, moot.MaxField) + cutText(&r.Views, moot.MaxField)
	if cut > 0 {
		r.warn(TextCut, cut)
	}
	return nil
}

func (r *polisReader) warn(code Code, n int) { r.Warnings = append(r.Warnings, Notice{code, n}) }

// joinRest gives the fields from one on as the text that they were cut from.
func joinRest(fields [][]byte, from int) []byte {
	if from >= len(fields) {
		return nil
	}
	return bytes.Join(fields[from:], []byte(","))
}

// cutText keeps the first limit characters and gives 1 where some were lost.
func cutText(text *string, limit int) int {
	if utf8.RuneCountInString(*text) <= limit {
		return 0
	}
	*text = string([]rune(*text)[:limit])
	return 1
}

// commentColumns is the places of the columns of comments.csv.
type commentColumns struct {
	id, text                                int
	time, datetime, author, agrees, against int
	moderated, meta, seed                   int
}

func findCommentColumns(t *table) (c commentColumns, err error) {
	if err = t.readHeader(); err != nil {
		return c, err
	}
	if c.id, err = t.need("comment-id"); err != nil {
		return c, err
	}
	if c.text, err = t.need("comment-body", "comment-text"); err != nil {
		return c, err
	}
	find := t.header.find
	c.time, c.datetime, c.author = find("timestamp"), find("datetime"), find("author-id")
	c.agrees, c.against = find("agrees"), find("disagrees")
	c.moderated, c.meta, c.seed = find("moderated"), find("is-meta"), find("is-seed")
	return c, nil
}

func (r *polisReader) readComments(t *table) error {
	columns, err := findCommentColumns(t)
	if err != nil {
		return err
	}
	r.Columns = t.header
	r.statements = map[int64]int32{}
	for row := 1; ; row++ {
		fields, err := t.next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		s, err := r.comment(t, fields, columns)
		if err != nil {
			return err
		}
		s.Row = row
		_, known := r.statements[s.ID]
		switch {
		case known:
			r.skip(t, RepeatedID)
		case strings.TrimSpace(s.Text) == "":
			r.skip(t, EmptyText)
		case utf8.RuneCountInString(s.Text) > moot.MaxImported:
			r.skip(t, LongText)
		default:
			r.statements[s.ID] = int32(len(r.Statements))
			r.Statements = append(r.Statements, s)
		}
	}
}

func (r *polisReader) comment(t *table, fields [][]byte, c commentColumns) (s PolisStatement, err error) {
	if s.ID, err = t.id(fields, c.id); err != nil {
		return s, err
	}
	text, err := t.cell(fields, c.text)
	if err != nil {
		return s, err
	}
	// The server of October 2024 wrote the last column without quotes, commas and all.
	if c.text == len(t.header)-1 && len(fields) > len(t.header) {
		text = joinRest(fields, c.text)
	}
	author, err := t.cell(fields, c.author)
	if err != nil {
		return s, err
	}
	if !utf8.Valid(text) || !utf8.Valid(author) {
		return s, &Fault{Code: NotText, File: t.file, Row: t.row}
	}
	s.Text, s.Author = t.cellText(text), strings.TrimSpace(string(author))
	if s.Made, err = r.time(t, fields, c.time, c.datetime); err != nil {
		return s, err
	}
	const many = 1 << 40
	if s.Agrees, err = t.number(fields, c.agrees, 0, many, -1, "a whole number from 0"); err != nil {
		return s, err
	}
	if s.Disagrees, err = t.number(fields, c.against, 0, many, -1, "a whole number from 0"); err != nil {
		return s, err
	}
	if s.Moderated, err = t.sign(fields, c.moderated); err != nil {
		return s, err
	}
	if s.Meta, err = t.truth(fields, c.meta); err != nil {
		return s, err
	}
	s.Seed, err = t.truth(fields, c.seed)
	return s, err
}

// time reads a moment and takes its text in for the zones.
func (r *polisReader) time(t *table, fields [][]byte, at, text int) (int64, error) {
	ms, seconds, err := t.time(fields, at)
	if err != nil || at < 0 {
		return ms, err
	}
	r.seconds = r.seconds || seconds
	r.millis = r.millis || !seconds
	if text >= 0 && text < len(fields) {
		r.zones.add(ms, fields[text])
	}
	return ms, nil
}

func (r *polisReader) readVotes(t *table) error {
	if err := t.readHeader(); err != nil {
		return err
	}
	var at [4]int
	for i, name := range []string{"timestamp", "comment-id", "voter-id", "vote"} {
		var err error
		if at[i], err = t.need(name); err != nil {
			return err
		}
	}
	datetime := t.header.find("datetime")
	r.tally = make([]tally, len(r.Statements))
	for n := 1; ; n++ {
		fields, err := t.next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if err := r.vote(t, fields, at, datetime); err != nil {
			return err
		}
		if n%progressEvery == 0 && r.options.Progress != nil {
			r.options.Progress(n, 0)
		}
	}
}

func (r *polisReader) vote(t *table, fields [][]byte, at [4]int, datetime int) error {
	comment, err := t.id(fields, at[1])
	if err != nil {
		return err
	}
	voter, err := t.id(fields, at[2])
	if err != nil {
		return err
	}
	value, err := t.sign(fields, at[3])
	if err != nil {
		return err
	}
	ms, err := r.time(t, fields, at[0], datetime)
	if err != nil {
		return err
	}
	statement, ok := r.statements[comment]
	if !ok {
		r.skip(t, UnknownComment)
		return nil
	}
	place, ok := r.voters[voter]
	if !ok {
		place = int32(len(r.Voters))
		r.voters[voter] = place
		r.Voters = append(r.Voters, voter)
	}
	r.Votes = append(r.Votes, PolisVote{Time: ms, Statement: statement, Voter: place, Value: value})
	r.tally[statement].add(value)
	return nil
}

// finish sums up and compares, once all was read.
func (r *polisReader) finish(matrix bool) *Polis {
	p := r.Polis
	if !r.titled {
		r.warn(NoSummary, 0)
	}
	var missed int
	if p.Zones, missed = r.zones.result(r.seconds && !r.millis); missed > 0 {
		r.warn(TimesDiffer, missed)
	}
	r.checkSign(matrix)
	p.Flip = p.Reversed
	p.Counts = Counts{Rows: len(p.Votes), Votes: len(p.LastVotes()), Statements: len(p.Statements), Participants: len(p.Voters), Skipped: len(p.Skipped)}
	return p
}
