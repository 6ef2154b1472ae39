package readmodel

import (
	"fmt"
	"io"

	"folkmoot/sync/moot"
)

// EditStatement gives a statement other words, as long as nobody has voted on it: a new
// statement that names the old one, which is put aside with the reason. Errors:
// ErrUnknownStatement, ErrVotedOn; the record refuses what is empty, too long or there
// already.
func EditStatement(record *moot.View, id moot.StatementID, text, reason string, now uint64, ids io.Reader) ([]moot.Item, error) {
	old := record.Statement(id)
	if old == nil {
		return nil, fmt.Errorf("readmodel: edit statement %s: %w", id, ErrUnknownStatement)
	}
	text = moot.CleanText(text)
	if text == old.Text {
		return nil, nil
	}
	if votedOn(record, id) || old.Source == moot.Imported {
		return nil, fmt.Errorf("readmodel: edit statement %s: %w", id, ErrVotedOn)
	}
	standing := moot.Pending
	if old.Standing == moot.Approved {
		standing = moot.Approved
	}
	m := &itemMaker{ids: ids}
	m.add(&moot.NewStatement{Text: text, Lang: old.Lang, Standing: standing, Seed: old.Seed, Src: moot.FromHost, Made: now, Edits: id})
	m.add(&moot.Moderation{Statement: id, Standing: moot.Hidden, Reason: moot.CleanText(reason), Replaces: old.Heads})
	return m.done()
}

// PairText adds the words of a statement in the other language; votes go to the
// statement. One that stands already is replaced. Error: ErrUnknownStatement.
func PairText(record *moot.View, id moot.StatementID, text string, now uint64, ids io.Reader) ([]moot.Item, error) {
	whole := record.Statement(id)
	if whole == nil {
		return nil, fmt.Errorf("readmodel: pair statement %s: %w", id, ErrUnknownStatement)
	}
	m := &itemMaker{ids: ids}
	for _, version := range versions(record, id) {
		m.add(&moot.Moderation{Statement: version.ID, Standing: moot.Hidden, Replaces: version.Heads})
	}
	m.add(&moot.NewStatement{Text: moot.CleanText(text), Lang: otherLanguage(whole.Lang), Standing: moot.Approved, Seed: whole.Seed, Src: moot.FromHost, Made: now, Pair: id})
	return m.done()
}

// PairStatements makes one statement the other language's version of another: its words
// go to that one, and it is put aside with the reason. Errors: ErrUnknownStatement,
// ErrSameLanguage, ErrVotedOn (people have voted on the one that would go).
func PairStatements(record *moot.View, id, with moot.StatementID, reason string, now uint64, ids io.Reader) ([]moot.Item, error) {
	whole, version := record.Statement(id), record.Statement(with)
	switch {
	case whole == nil || version == nil || id == with:
		return nil, fmt.Errorf("readmodel: pair statements %s and %s: %w", id, with, ErrUnknownStatement)
	case whole.Lang == version.Lang:
		return nil, fmt.Errorf("readmodel: pair statements %s and %s: %w", id, with, ErrSameLanguage)
	case votedOn(record, with):
		return nil, fmt.Errorf("readmodel: pair statements %s and %s: %w", id, with, ErrVotedOn)
	}
	items, err := PairText(record, id, version.Text, now, ids)
	if err != nil {
		return nil, err
	}
	m := &itemMaker{ids: ids, items: items}
	m.add(&moot.Moderation{Statement: with, Standing: moot.Hidden, Reason: moot.CleanText(reason), Replaces: version.Heads})
	return m.done()
}

// Unpair takes the other language's version of a statement away. Error:
// ErrUnknownStatement, also where it has none.
func Unpair(record *moot.View, id moot.StatementID, ids io.Reader) ([]moot.Item, error) {
	m := &itemMaker{ids: ids}
	for _, version := range versions(record, id) {
		m.add(&moot.Moderation{Statement: version.ID, Standing: moot.Hidden, Replaces: version.Heads})
	}
	if len(m.items) == 0 {
		return nil, fmt.Errorf("readmodel: unpair statement %s: %w", id, ErrUnknownStatement)
	}
	return m.done()
}

// versions gives the versions of a statement that stand.
func versions(record *moot.View, id moot.StatementID) []*moot.Statement {
	var list []*moot.Statement
	for _, s := range record.Statements {
		if s.Pair == id && s.Standing == moot.Approved {
			list = append(list, s)
		}
	}
	return list
}

func otherLanguage(lang string) string {
	if lang == "en" {
		return "zh-Hant"
	}
	return "en"
}

// votedOn says whether anybody has a vote on a statement, counted or late.
func votedOn(record *moot.View, id moot.StatementID) bool {
	for _, p := range record.People() {
		late, ok := p.Late()[id]
		if p.Vote(id).Value != moot.None || ok && late.Value != moot.None {
			return true
		}
	}
	return false
}
