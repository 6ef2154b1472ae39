// Package readmodeltest makes small sessions for tests: real entries, signed and
// chained, folded into a real state.
//
// Start with New; Room's methods say what happens in the session.
//
// A Room belongs to one goroutine. It fails its test where the rules refuse an act.
package readmodeltest

import (
	"crypto/ed25519"
	"crypto/sha256"
	"math/rand/v2"
	"strconv"
	"testing"

	"folkmoot/app/readmodel"
	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
)

// Start is the time at which a Room begins: 14 June 2026, 06:00 UTC, in milliseconds
// since 1970.
const Start = 1_781_416_800_000

// Room is a session in the making.
type Room struct {
	t      testing.TB
	state  *moot.State
	writer *oplog.Writer
	// Entries is the log so far.
	Entries []oplog.Entry
	// Now is the wall clock in milliseconds since 1970; tests move it.
	Now uint64
	// IDs gives the same bytes in every run.
	IDs *rand.ChaCha8
}

// New starts an empty session.
func New(t testing.TB) *Room {
	t.Helper()
	seed := [32]byte{7}
	session := oplog.SessionID{1, 2, 3}
	r := &Room{t: t, state: moot.NewState(session), Now: Start, IDs: rand.NewChaCha8(seed)}
	r.writer = oplog.NewWriter(session, ed25519.NewKeyFromSeed(seed[:]), oplog.Head{}, oplog.NewClock(oplog.Time{}), r.IDs)
	draft, err := r.writer.Open("test")
	if err != nil {
		t.Fatal(err)
	}
	r.write(draft)
	return r
}

// NewOpen starts a session from the template "opinion" with voting open.
func NewOpen(t testing.TB) *Room {
	t.Helper()
	r := New(t)
	r.Do(readmodel.NewSession(readmodel.NewSessionOptions{Template: "opinion", Title: "河岸怎麼用 · The riverside"}, r.Now, r.IDs))
	r.Do(readmodel.StartStep(r.View(), "opinion", r.Now, r.IDs))
	return r
}

// Do takes what an intent gave.
func (r *Room) Do(items []moot.Item, err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
	for _, item := range items {
		if err := r.state.Check(item.Payload); err != nil {
			r.t.Fatalf("%s: %v", item.Payload.Kind(), err)
		}
		draft, err := item.Draft()
		if err != nil {
			r.t.Fatal(err)
		}
		r.write(draft)
	}
}

// Put takes one act and gives its id.
func (r *Room) Put(p moot.Payload) oplog.ItemID {
	r.t.Helper()
	var id oplog.ItemID
	r.IDs.Read(id[:])
	r.Do([]moot.Item{{CID: id, Payload: p}}, nil)
	return id
}

// Join lets a person of the room in; name may be empty.
func (r *Room) Join(number int, name string) moot.ParticipantID {
	r.t.Helper()
	var id moot.ParticipantID
	r.IDs.Read(id[:])
	fields := []moot.PersonField{moot.PersonNumber, moot.PersonWord, moot.PersonName}
	for i, value := range []string{strconv.Itoa(number), "otter", name} {
		if value != "" {
			r.Put(&moot.SetPerson{Person: id, Field: fields[i], Value: value, Rev: 1})
		}
	}
	r.Put(&moot.SetPresence{Person: id, In: true, Rev: 1, At: r.Now})
	return id
}

// Statement adds a statement that is open to votes.
func (r *Room) Statement(text string) moot.StatementID {
	r.t.Helper()
	return moot.StatementID(r.Put(&moot.NewStatement{Text: text, Lang: "zh-Hant", Standing: moot.Approved, Src: moot.FromPhone, Made: r.Now}))
}

// Vote votes, or votes anew.
func (r *Room) Vote(p moot.ParticipantID, s moot.StatementID, vote moot.Vote) {
	r.t.Helper()
	rev := uint64(1)
	if person := r.View().Person(p); person != nil {
		rev += person.Vote(s).Stamp.Rev
	}
	r.Put(&moot.SetVote{Person: p, Statement: s, Value: vote, Rev: rev, Src: moot.FromPhone, Open: true})
}

// Rehearse lets people join, adds statements and has everybody vote by the choice
// model, and answer the 0–5 question where there is one.
func (r *Room) Rehearse(model readmodel.Rehearsal, people, statements int) ([]moot.ParticipantID, []moot.StatementID) {
	r.t.Helper()
	var pids []moot.ParticipantID
	var sids []moot.StatementID
	for i := range statements {
		sids = append(sids, r.Statement("這是第 "+strconv.Itoa(i+1)+" 則意見。"))
	}
	question := r.View().Session.Get(moot.Question) != ""
	for i := range people {
		p := r.Join(i+1, "")
		pids = append(pids, p)
		for j, s := range sids {
			if vote := model.Vote(i, j); vote != moot.None {
				r.Put(&moot.SetVote{Person: p, Statement: s, Value: vote, Rev: 1, Src: moot.FromPhone, Open: true})
			}
		}
		if answer, ok := model.Answer(i); ok && question {
			r.Put(&moot.SetAnswer{Person: p, Question: moot.FirstQuestion, Value: answer, Rev: 1})
		}
	}
	return pids, sids
}

// View gives the record as it stands.
func (r *Room) View() *moot.View { return r.state.View() }

func (r *Room) write(draft oplog.Draft) {
	r.t.Helper()
	e, err := r.writer.Write(draft, r.Now)
	if err != nil {
		r.t.Fatal(err)
	}
	r.Entries = append(r.Entries, e)
	if err := r.state.Apply(e); err != nil {
		r.t.Fatal(err)
	}
}

// ImportPerson adds a person of an import under the source's own id.
func (r *Room) ImportPerson(sourceID string, place int) moot.ParticipantID {
	r.t.Helper()
	id := moot.ParticipantID(derived("person", sourceID))
	fields := []moot.PersonField{moot.PersonNumber, moot.PersonSource, moot.PersonID}
	for i, value := range []string{strconv.Itoa(place), string(moot.Imported), sourceID} {
		r.Put(&moot.SetPerson{Person: id, Field: fields[i], Value: value, Rev: 1})
	}
	return id
}

// ImportStatement adds a statement of an import; mod is -1, 0 or 1.
func (r *Room) ImportStatement(sourceID, author, text string, row, mod int, at uint64) moot.StatementID {
	r.t.Helper()
	standing := moot.Approved
	if mod < 0 {
		standing = moot.Hidden
	}
	id := derived("statement", sourceID)
	r.Do([]moot.Item{{CID: id, Payload: &moot.NewStatement{Text: text, Lang: "zh-Hant", Standing: standing, Src: moot.Imported, Made: at,
		SourceID: sourceID, SourceAuthor: author, SourceMod: mod, Row: row}}}, nil)
	return moot.StatementID(id)
}

// ImportVote adds a row of an import's votes.
func (r *Room) ImportVote(p moot.ParticipantID, s moot.StatementID, vote moot.Vote, at uint64) {
	r.t.Helper()
	r.Put(&moot.SetVote{Person: p, Statement: s, Value: vote, Rev: at, Src: moot.Imported, Open: true})
}

// derived gives an id that follows from a source's id.
func derived(kind, sourceID string) oplog.ItemID {
	sum := sha256.Sum256([]byte(kind + "/" + sourceID))
	return oplog.ItemID(sum[:16])
}
