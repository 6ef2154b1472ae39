package command

import (
	"context"
	"crypto/sha256"
	"io"
	mathrand "math/rand/v2"
	"strconv"

	"folkmoot/app/readmodel"
	"folkmoot/assets"
	"folkmoot/assets/words"
	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
)

// samplePeople is how many rehearsed people have voted in the sample session.
const samplePeople = 36

// sampleID is the one id of the sample session, so that it is there once.
func sampleID() oplog.SessionID {
	sum := sha256.Sum256([]byte("folkmoot sample session 1"))
	return oplog.SessionID(sum[:16])
}

// holdSample opens the sample session, and makes it where it is not there yet. Its
// items always have the same ids, so that one that was cut short is completed.
func (a *app) holdSample(ctx context.Context) (*local, error) {
	held, err := a.holdOrMake(sampleID())
	if err != nil {
		return nil, err
	}
	items, err := sampleItems()
	if err == nil {
		_, err = held.Do(ctx, items...) // again is fine, and so is a newer title
	}
	if err != nil {
		held.Close()
		return nil, err
	}
	return held, nil
}

// sampleIDs gives the ids of the sample's items, the same every time.
func sampleIDs() io.Reader {
	return mathrand.NewChaCha8(sha256.Sum256([]byte("folkmoot sample items 1")))
}

// sampleItems gives the acts of the sample session: its texts in both languages,
// its agenda, its statements, and people who voted by readmodel.Rehearsal.
func sampleItems() ([]moot.Item, error) {
	s := assets.Sample()
	texts := map[moot.Field]assets.Bilingual{
		moot.Title: s.Title, moot.About: s.About, moot.Notice: s.Notice, moot.Contact: s.Contact, moot.Practice: s.Practice,
		moot.Question: s.Question.Text, moot.QuestionLo: s.Question.Low, moot.QuestionHi: s.Question.High, moot.Prompt: s.Discussion,
	}
	fields := map[moot.Field]string{moot.Licence: "CC0-1.0"}
	for f, text := range texts {
		fields[f], fields[f.In(words.Chinese)], fields[f.In(words.English)] = text.Chinese, text.Chinese, text.English
	}
	ids := sampleIDs()
	items, err := readmodel.NewSession(readmodel.NewSessionOptions{Template: "opinion", Title: s.Title.Chinese, Sample: true, Fields: fields}, nowMS(), ids)
	if err != nil {
		return nil, err
	}
	item := func(p moot.Payload) moot.Item { return itemOf(ids, p) }
	var statements []moot.StatementID
	for _, text := range s.Statements {
		whole := item(&moot.NewStatement{Text: text.Chinese, Lang: words.Chinese, Standing: moot.Approved, Seed: true, Src: moot.FromHost, Made: nowMS()})
		sid := moot.StatementID(whole.CID)
		version := item(&moot.NewStatement{Text: text.English, Lang: words.English, Standing: moot.Approved, Seed: true, Src: moot.FromHost, Made: nowMS(), Pair: sid})
		items, statements = append(items, whole, version), append(statements, sid)
	}
	return append(items, rehearsedPeople(statements, item)...), nil
}

// rehearsedPeople gives the acts of pretend people who answered and voted.
func rehearsedPeople(statements []moot.StatementID, item func(moot.Payload) moot.Item) []moot.Item {
	room := readmodel.Rehearsal{Seed: 1}
	animals := words.Animals()
	numbers := mathrand.New(mathrand.NewPCG(1, 1)).Perm(99)
	var items []moot.Item
	for i := range samplePeople {
		number := item(&moot.SetPerson{Field: moot.PersonNumber, Value: strconv.Itoa(numbers[i] + 1), Rev: 1})
		id := moot.ParticipantID(number.CID)
		number.Payload.(*moot.SetPerson).Person = id
		items = append(items, number,
			item(&moot.SetPerson{Person: id, Field: moot.PersonWord, Value: animals[numbers[i]%len(animals)], Rev: 1}),
			item(&moot.SetPerson{Person: id, Field: moot.PersonSource, Value: string(moot.Rehearsed), Rev: 1}),
			item(&moot.SetPresence{Person: id, In: true, Rev: 1, At: nowMS()}))
		if answer, ok := room.Answer(i); ok {
			items = append(items, item(&moot.SetAnswer{Person: id, Question: moot.FirstQuestion, Value: answer, Rev: 1}))
		}
		for at, sid := range statements {
			if vote := room.Vote(i, at); vote != moot.None {
				items = append(items, item(&moot.SetVote{Person: id, Statement: sid, Value: vote, Rev: 1, Src: moot.Rehearsed, Open: true}))
			}
		}
	}
	return items
}
