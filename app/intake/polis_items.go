package intake

import (
	"cmp"
	"crypto/sha256"
	"slices"
	"strconv"
	"strings"

	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
)

// id gives the first 16 bytes of SHA-256 over "polis", topic, url and the given
// words, a zero byte between each two: the same for the same file, whoever reads it.
func (p *Polis) id(words ...string) [16]byte {
	sum := sha256.Sum256([]byte("polis\x00" + p.Topic + "\x00" + p.URL + "\x00" + strings.Join(words, "\x00")))
	return [16]byte(sum[:16])
}

// Session gives the id of the session that an import makes.
func (p *Polis) Session() oplog.SessionID { return p.id("session") }

// Statement gives the id of a comment-id's statement.
func (p *Polis) Statement(comment int64) moot.StatementID {
	return p.id("statement", strconv.FormatInt(comment, 10))
}

// Person gives the id of a voter.
func (p *Polis) Person(voter int64) moot.ParticipantID {
	return p.id("person", strconv.FormatInt(voter, 10))
}

// Items gives the export as items for the record, in this order: the fields of the
// session, the statements, the people, then every row of votes.csv in its order. A
// vote's revision is the source's time in milliseconds; where two rows of a pair
// have the same, the later item holds (its entry is the later one). A writer that
// refuses equal and older revisions before they become entries would lose such
// rows: the first of two at one moment would hold. progress may be nil; see
// PolisOptions.Progress.
func (p *Polis) Items(progress func(done, total int)) []moot.Item {
	items := make([]moot.Item, 0, 10+len(p.Statements)+2*len(p.Voters)+len(p.Votes))
	items = p.fieldItems(items)
	items = p.statementItems(items)
	items = p.personItems(items)
	return p.voteItems(items, progress)
}

func (p *Polis) fieldItems(items []moot.Item) []moot.Item {
	title := moot.CleanText(p.Topic)
	cutText(&title, moot.MaxTitle)
	columns := strings.Join(p.Columns, ",")
	cutText(&columns, moot.MaxField)
	for _, f := range []struct {
		field moot.Field
		value string
	}{
		{moot.Title, title}, {moot.SourceTopic, p.Topic}, {moot.SourceURL, p.URL}, {moot.SourceInfo, p.Info},
		{moot.SourceViews, p.Views}, {moot.SourceZone, p.Zones.String()}, {moot.SourceFields, columns},
	} {
		if f.value != "" {
			items = append(items, moot.Item{CID: p.id("session", string(f.field)), Payload: &moot.SetField{Field: f.field, Value: f.value, Rev: 1}})
		}
	}
	return items
}

func (p *Polis) statementItems(items []moot.Item) []moot.Item {
	for _, s := range p.Statements {
		n := &moot.NewStatement{
			Text: s.Text, Lang: Language(s.Text), Standing: moot.Approved, Seed: s.Seed, Meta: s.Meta, Src: moot.Imported, Made: uint64(s.Made),
			SourceID: strconv.FormatInt(s.ID, 10), Row: s.Row, SourceMod: int(s.Moderated), SourceAuthor: s.Author,
		}
		if s.Moderated < 0 {
			n.Standing = moot.Hidden
		}
		if author, err := strconv.ParseInt(s.Author, 10, 64); err == nil {
			if _, voted := p.voters[author]; voted {
				n.Author = p.Person(author)
			}
		}
		items = append(items, moot.Item{CID: oplog.ItemID(p.Statement(s.ID)), Payload: n})
	}
	return items
}

func (p *Polis) personItems(items []moot.Item) []moot.Item {
	for _, voter := range p.Voters {
		person, id := p.Person(voter), strconv.FormatInt(voter, 10)
		items = append(items,
			moot.Item{CID: p.id("person", id, string(moot.PersonSource)), Payload: &moot.SetPerson{Person: person, Field: moot.PersonSource, Value: string(moot.Imported), Rev: 1}},
			moot.Item{CID: p.id("person", id, string(moot.PersonID)), Payload: &moot.SetPerson{Person: person, Field: moot.PersonID, Value: id, Rev: 1}})
	}
	return items
}

func (p *Polis) voteItems(items []moot.Item, progress func(done, total int)) []moot.Item {
	statements := make([]moot.StatementID, len(p.Statements))
	for i, s := range p.Statements {
		statements[i] = p.Statement(s.ID)
	}
	people := make([]moot.ParticipantID, len(p.Voters))
	for i, voter := range p.Voters {
		people[i] = p.Person(voter)
	}
	payloads, ranks := make([]moot.SetVote, len(p.Votes)), p.ranks()
	name := []byte("polis\x00" + p.Topic + "\x00" + p.URL + "\x00vote")
	head := len(name)
	for i, v := range p.Votes {
		name = name[:head]
		for _, n := range [...]int64{p.Voters[v.Voter], p.Statements[v.Statement].ID, int64(ranks[i]), int64(v.Value)} {
			name = strconv.AppendInt(append(name, 0), n, 10)
		}
		sum := sha256.Sum256(name)
		payloads[i] = moot.SetVote{Person: people[v.Voter], Statement: statements[v.Statement], Value: voteOf(p.turn(v.Value)), Rev: uint64(v.Time), Src: moot.Imported, Open: true}
		items = append(items, moot.Item{CID: oplog.ItemID(sum[:16]), Payload: &payloads[i]})
		if done := i + 1; progress != nil && (done%progressEvery == 0 || done == len(p.Votes)) {
			progress(done, len(p.Votes))
		}
	}
	return items
}

// ranks gives for each row the how-manieth vote it is of its person on its statement,
// by time. It names the row in both dialects, which write the time in seconds and in
// milliseconds.
func (p *Polis) ranks() []int32 {
	order := make([]int32, len(p.Votes))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortStableFunc(order, func(a, b int32) int { return cmp.Compare(p.Votes[a].Time, p.Votes[b].Time) })
	ranks, before := make([]int32, len(p.Votes)), make(map[uint64]int32, len(p.Votes))
	for _, i := range order {
		v := p.Votes[i]
		key := uint64(uint32(v.Statement))<<32 | uint64(uint32(v.Voter))
		ranks[i] = before[key]
		before[key]++
	}
	return ranks
}

func voteOf(sign int8) moot.Vote {
	switch sign {
	case 1:
		return moot.Agree
	case -1:
		return moot.Disagree
	}
	return moot.Pass
}
