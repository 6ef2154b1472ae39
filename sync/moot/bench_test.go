package moot_test

import (
	"testing"

	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
)

// fair gives a session of people who voted on 25 statements each, and a hub that
// goes on from there.
func fair(people, votesEach int) (*hub, []moot.StatementID) {
	h := newHub(1)
	var statements []moot.StatementID
	for i := range votesEach {
		e := h.put(&moot.NewStatement{Text: string(rune('A' + i)), Lang: "en", Standing: moot.Approved, Src: moot.FromHost})
		statements = append(statements, moot.StatementID(e.CID))
	}
	for n := range people {
		p := bigPID(n)
		h.put(&moot.SetPerson{Person: p, Field: moot.PersonNumber, Value: "1", Rev: 1})
		for i, s := range statements {
			h.vote(p, s, moot.Vote(1+(n+i)%3), 1)
		}
	}
	return h, statements
}

func bigPID(n int) moot.ParticipantID {
	return moot.ParticipantID{byte(n * 37), byte(n >> 8), byte(n), 1}
}

func BenchmarkApplyVotes(b *testing.B) {
	h, _ := fair(2000, 25)
	var votes []oplog.Entry
	for _, e := range h.log {
		if e.Kind == "vote" {
			votes = append(votes, e)
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		if v := stateOf(votes...).View(); v.PeopleCount() != 2000 {
			b.Fatal(v.PeopleCount())
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(votes)), "ns/vote")
}

// BenchmarkView is what a lone voter costs in a full room: one vote, one View.
func BenchmarkView(b *testing.B) {
	h, statements := fair(2000, 25)
	e := h.log[len(h.log)-1]
	h.view()
	rev := uint64(1)
	b.ReportAllocs()
	for b.Loop() {
		rev++
		n := int(rev) % 2000
		h.state.ApplyPayload(e, &moot.SetVote{Person: bigPID(n), Statement: statements[n%25], Value: moot.Agree, Rev: rev, Open: true})
		if h.view().Votes != 50_000 {
			b.Fatal(h.view().Votes)
		}
	}
}

// BenchmarkCheck is what the rules cost a vote.
func BenchmarkCheck(b *testing.B) {
	h, statements := fair(20, 25)
	h.put(&moot.Moderation{Statement: statements[0], Standing: moot.Approved})
	vote := &moot.SetVote{Person: bigPID(3), Statement: statements[0], Value: moot.Agree, Rev: 9, Open: true}
	b.ReportAllocs()
	for b.Loop() {
		if err := h.state.Check(vote); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDecode(b *testing.B) {
	d := draft(b, &moot.SetVote{Person: pid(1), Statement: moot.StatementID{1}, Value: moot.Agree, Rev: 1_790_000_000_000, Src: moot.FromPhone, Open: true})
	b.ReportAllocs()
	for b.Loop() {
		if _, err := moot.Decode(d.Kind, d.Schema, d.Payload); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDigest(b *testing.B) {
	h, _ := fair(2000, 25)
	view := h.view()
	for b.Loop() {
		view.Digest()
	}
}
