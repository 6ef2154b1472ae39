package report

import (
	"archive/zip"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"time"

	"folkmoot/app/intake"
	"folkmoot/sync/moot"
)

// dialect is one of the two ways in which Polis writes an export. They are never
// mixed.
type dialect struct {
	matrix string // name of the file of participants and votes
	zip    bool
}

var (
	reportDialect = dialect{matrix: "participant-votes.csv"}
	zipDialect    = dialect{matrix: "participants-votes.csv", zip: true}
)

// WritePolis writes the five files of Polis's report export: times in seconds, a
// blank for each line break in a text.
func WritePolis(to Target, s *Source) error {
	if err := s.writePolis(to, reportDialect); err != nil {
		return err
	}
	return s.writeCommentGroups(to)
}

// WritePolisZip writes the five files of Polis's zip export: times in milliseconds,
// line breaks as they are, and the columns is-meta, is-seed and
// group-informed-consensus.
func WritePolisZip(to Target, s *Source) error {
	if err := s.writePolis(to, zipDialect); err != nil {
		return err
	}
	return s.writeStatsHistory(to)
}

// ZipPolis writes the files of WritePolisZip as one archive.
func ZipPolis(w io.Writer, s *Source) error {
	var files Memory
	if err := WritePolisZip(&files, s); err != nil {
		return err
	}
	archive := zip.NewWriter(w)
	for _, path := range files.Paths() {
		member, err := archive.CreateHeader(&zip.FileHeader{Name: path, Method: zip.Deflate, Modified: s.Now})
		if err != nil {
			return fmt.Errorf("report: zip %s: %w", path, err)
		}
		if _, err := member.Write(files.File(path)); err != nil {
			return fmt.Errorf("report: zip %s: %w", path, err)
		}
	}
	if err := archive.Close(); err != nil {
		return fmt.Errorf("report: finish zip: %w", err)
	}
	return nil
}

func (s *Source) writePolis(to Target, d dialect) error {
	for _, part := range []func(Target, dialect) error{s.writeSummary, s.writeComments, s.writeVotes, s.writeMatrix} {
		if err := part(to, d); err != nil {
			return err
		}
	}
	return nil
}

// topicLimit is what readers of the files accept as a topic, in characters.
const topicLimit = 140

// writeSummary writes key and value a row, without a header. voters-in-conv counts
// the people on the map, as Polis means it.
func (s *Source) writeSummary(to Target, d dialect) error {
	session := s.record.Session
	topic := cmp.Or(session.Get(moot.SourceTopic), session.Get(moot.Title))
	about := cmp.Or(session.Get(moot.SourceInfo), session.Get(moot.About))
	if !d.zip {
		topic, about = shorten(oneLine(topic), topicLimit), oneLine(about)
	}
	authors := map[string]bool{}
	for _, st := range s.comments {
		authors[s.author(st)] = true
	}
	return table(to, "summary.csv", func(row func(...string)) {
		row("topic", topic)
		row("url", session.Get(moot.SourceURL))
		if d.zip {
			row("views", cmp.Or(session.Get(moot.SourceViews), itoa(len(s.people))))
		}
		row("voters", itoa(s.voters()))
		row("voters-in-conv", itoa(s.View.Counts.OnMap))
		row("commenters", itoa(len(authors)))
		row("comments", itoa(len(s.comments)))
		row("groups", itoa(len(s.View.Map.Groups)))
		row("conversation-description", about)
	})
}

// voters counts the people of the files with at least one vote.
func (s *Source) voters() int {
	n := 0
	for _, p := range s.people {
		if p.Counted() > 0 {
			n++
		}
	}
	return n
}

func shorten(text string, limit int) string {
	if letters := []rune(text); len(letters) > limit {
		return string(letters[:limit-1]) + "…"
	}
	return text
}

// removedText stands for the text of a statement that was removed for good reason,
// unreleasedText for one that the room never saw or was not to see any more.
const (
	removedText    = "（主持人已移除 · removed by the facilitator）"
	unreleasedText = "（主持人沒有放出 · not released by the facilitator）"
)

// withheld says whether a statement's text stays with the host: what was removed, and
// what the facilitator decided against, or has not decided on yet. What was imported
// is public elsewhere already, and comes out as it went in.
func withheld(st *moot.Statement) bool {
	return st.Standing == moot.Removed || st.Standing != moot.Approved && st.Source != moot.Imported
}

// text gives a statement as it may leave the session.
func (s *Source) text(st *moot.Statement) string {
	switch {
	case st.Standing == moot.Removed:
		return removedText
	case withheld(st):
		return unreleasedText
	}
	return st.Text
}

// Withheld counts the statements whose text is not given out.
func (s *Source) Withheld() int {
	n := 0
	for _, st := range s.comments {
		n += btoi(withheld(st))
	}
	return n
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// moderated gives 1 accepted, 0 not looked at, -1 rejected. Imported statements keep
// the source's word unless the host decided otherwise here.
func moderated(st *moot.Statement) string {
	switch {
	case st.Standing == moot.Hidden || withheld(st): // a text that is not there is nothing to vote on
		return "-1"
	case st.Source == moot.Imported && st.SourceMod >= 0:
		return itoa(st.SourceMod)
	case st.Standing == moot.Approved:
		return "1"
	}
	return "0"
}

func (s *Source) writeComments(to Target, d dialect) error {
	return table(to, "comments.csv", func(row func(...string)) {
		if d.zip {
			row("timestamp", "comment-id", "author-id", "agrees", "disagrees", "moderated", "is-meta", "is-seed", "group-informed-consensus", "comment-body")
		} else {
			row("timestamp", "datetime", "comment-id", "author-id", "agrees", "disagrees", "moderated", "comment-body")
		}
		for _, st := range s.comments {
			at, t := s.statementTime(st), s.tallies[st.ID]
			if d.zip {
				row(d.timestamp(at), s.comment[st.ID], s.author(st), itoa(t.Agree), itoa(t.Disagree), moderated(st),
					strconv.FormatBool(st.Meta), strconv.FormatBool(st.Seed), s.consensus(st), s.text(st))
			} else {
				row(d.timestamp(at), s.datetime(d, at, st.Source == moot.Imported), s.comment[st.ID], s.author(st), itoa(t.Agree), itoa(t.Disagree), moderated(st), oneLine(s.text(st)))
			}
		}
	})
}

// statementTime gives the time under which a statement stands.
func (s *Source) statementTime(st *moot.Statement) uint64 {
	if st.Source == moot.Imported {
		return st.Made
	}
	return s.roomStart
}

// consensus gives Polis's group-informed consensus: the product over the groups of
// (agrees + 1)/(votes + 2), to six digits; "" for what is not on the map.
func (s *Source) consensus(st *moot.Statement) string {
	column := slices.Index(s.View.Statements, st)
	if column < 0 || len(s.View.Map.Tallies) == 0 {
		return ""
	}
	product := 1.0
	for _, tallies := range s.View.Map.Tallies {
		product *= float64(tallies[column].Agree+1) / float64(tallies[column].Voted()+2)
	}
	return strconv.FormatFloat(product, 'g', 6, 64)
}

// castVotes gives the rows of votes.csv by statement, person and time: every
// imported row, and the last vote of everybody in the room at the start of the round.
func (s *Source) castVotes() []castVote {
	rows := slices.Clone(s.imported)
	for _, p := range s.people {
		if !p.Here() {
			continue
		}
		for _, vote := range lastVotes(p) {
			vote.at = s.roomStart
			rows = append(rows, vote)
		}
	}
	rows = slices.DeleteFunc(rows, func(v castVote) bool { return s.comment[v.statement] == "" })
	numbers := func(v castVote) (comment, person uint64) {
		comment, _ = whole(s.comment[v.statement])
		person, _ = whole(s.number[v.person])
		return comment, person
	}
	slices.SortStableFunc(rows, func(a, b castVote) int {
		comment, person := numbers(a)
		other, others := numbers(b)
		return cmp.Or(cmp.Compare(comment, other), cmp.Compare(person, others), cmp.Compare(a.at, b.at))
	})
	return rows
}

func (s *Source) writeVotes(to Target, d dialect) error {
	return table(to, "votes.csv", func(row func(...string)) {
		row("timestamp", "datetime", "comment-id", "voter-id", "vote")
		for _, v := range s.castVotes() {
			row(d.timestamp(v.at), s.datetime(d, v.at, v.imported), s.comment[v.statement], s.number[v.person], itoa(v.value.Sign()))
		}
	})
}

// writeMatrix writes a row for each person and a column for each statement. An empty
// cell is no vote; group-id is empty for those who are not on the map.
func (s *Source) writeMatrix(to Target, d dialect) error {
	columns := s.columns()
	wrote := map[string]int{}
	for _, st := range s.comments {
		wrote[s.author(st)]++
	}
	return table(to, d.matrix, func(row func(...string)) {
		head := []string{"participant", "group-id", "n-comments", "n-votes", "n-agree", "n-disagree"}
		for _, st := range columns {
			head = append(head, s.comment[st.ID])
		}
		row(head...)
		for _, p := range s.people {
			row(s.matrixRow(p, columns, wrote[s.number[p.ID]])...)
		}
	})
}

func (s *Source) matrixRow(p *moot.Person, columns []*moot.Statement, wrote int) []string {
	cells := make([]string, len(columns))
	votes, agree, disagree := 0, 0, 0
	for i, st := range columns {
		value := p.Vote(st.ID).Value
		if value == moot.None {
			continue
		}
		cells[i] = itoa(value.Sign())
		votes++
		agree += max(0, value.Sign())
		disagree += max(0, -value.Sign())
	}
	return append([]string{s.number[p.ID], s.groupID(p.ID), itoa(wrote), itoa(votes), itoa(agree), itoa(disagree)}, cells...)
}

// columns gives the statements in the order of their numbers.
func (s *Source) columns() []*moot.Statement {
	columns := slices.Clone(s.comments)
	slices.SortFunc(columns, func(a, b *moot.Statement) int {
		x, _ := whole(s.comment[a.ID])
		y, _ := whole(s.comment[b.ID])
		return cmp.Compare(x, y)
	})
	return columns
}

// letters gives the letters of the groups, ascending.
func (s *Source) letters() []string {
	letters := slices.Clone(s.View.Letters)
	slices.Sort(letters)
	return letters
}

// groupID numbers the groups from 0 in the order of their letters.
func (s *Source) groupID(id moot.ParticipantID) string {
	if letter := s.View.Group(id); letter != "" {
		return itoa(slices.Index(s.letters(), letter))
	}
	return ""
}

// writeCommentGroups writes the votes on each statement by group, letters from a.
func (s *Source) writeCommentGroups(to Target) error {
	groups := len(s.View.Letters)
	return table(to, "comment-groups.csv", func(row func(...string)) {
		head := []string{"comment-id", "comment", "total-votes", "total-agrees", "total-disagrees", "total-passes"}
		for g := range groups {
			name := "group-" + string(rune('a'+g))
			head = append(head, name+"-votes", name+"-agrees", name+"-disagrees", name+"-passes")
		}
		row(head...)
		counts := s.byGroup()
		for _, st := range s.columns() {
			t := s.tallies[st.ID]
			cells := []string{s.comment[st.ID], oneLine(s.text(st)), itoa(t.Voted()), itoa(t.Agree), itoa(t.Disagree), itoa(t.Pass)}
			for g := range groups {
				t := counts[g][st.ID]
				cells = append(cells, itoa(t.Voted()), itoa(t.Agree), itoa(t.Disagree), itoa(t.Pass))
			}
			row(cells...)
		}
	})
}

// timestamp writes a time as whole seconds or milliseconds since 1970.
func (d dialect) timestamp(ms uint64) string {
	if d.zip {
		return utoa(ms)
	}
	return utoa(ms / 1000)
}

// datetime writes a time as the dialect does: as JavaScript or as Java, in UTC; for
// imported rows in the source's zone, where the source wrote in the same way.
func (s *Source) datetime(d dialect, ms uint64, imported bool) string {
	style, layout := intake.JavaScript, "Mon Jan 02 2006 15:04:05 GMT+0000 (Coordinated Universal Time)"
	if d.zip {
		style, layout = intake.Java, "Mon Jan 02 15:04:05 UTC 2006"
	}
	if imported && s.zones.Style == style {
		return s.zones.Format(int64(ms))
	}
	return time.UnixMilli(int64(ms)).UTC().Format(layout)
}
