package opinion_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"folkmoot/analysis/opinion"
)

func TestNewVotesRefuses(t *testing.T) {
	agree := opinion.Vote{Participant: 1, Statement: 1, Value: opinion.Agree}
	cases := []struct {
		name                     string
		participants, statements int
		votes                    []opinion.Vote
		want                     error
	}{
		{"nothing", 0, 0, nil, nil},
		{"a vote that fits", 2, 2, []opinion.Vote{agree}, nil},
		{"negative count", -1, 2, nil, opinion.ErrIndex},
		{"too many statements", 2, 1 << 31, nil, opinion.ErrIndex},
		{"participant outside", 1, 2, []opinion.Vote{agree}, opinion.ErrIndex},
		{"statement outside", 2, 1, []opinion.Vote{agree}, opinion.ErrIndex},
		{"negative participant", 2, 2, []opinion.Vote{{Participant: -1}}, opinion.ErrIndex},
		{"negative statement", 2, 2, []opinion.Vote{{Statement: -1}}, opinion.ErrIndex},
		{"value", 2, 2, []opinion.Vote{{Value: 2}}, opinion.ErrValue},
		{"same vote twice", 2, 2, []opinion.Vote{agree, agree}, opinion.ErrTwice},
		{"changed vote", 2, 2, []opinion.Vote{agree, {Participant: 1, Statement: 1, Value: opinion.Pass}}, opinion.ErrTwice},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if _, err := opinion.NewVotes(c.participants, c.statements, c.votes); !errors.Is(err, c.want) {
				t.Errorf("got %v, want %v", err, c.want)
			}
		})
	}
}

func TestVotesAreSortedAndApartFromTheGivenSlice(t *testing.T) {
	given := []opinion.Vote{{1, 2, opinion.Disagree}, {1, 0, opinion.Agree}, {0, 1, opinion.Pass}}
	before := slices.Clone(given)
	votes := mustVotes(t, 3, 3, given)
	if !slices.Equal(given, before) {
		t.Errorf("the given slice became %v", given)
	}
	given[1].Value = opinion.Disagree
	var got []string
	for p := range votes.Participants() {
		for s, value := range votes.Of(p) {
			got = append(got, fmt.Sprint(p, s, value))
		}
	}
	if want := []string{"0 1 0", "1 0 1", "1 2 -1"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if votes.Len() != 3 || votes.Statements() != 3 || votes.CastBy(1) != 2 || votes.CastBy(2) != 0 {
		t.Errorf("counts %d, %d, %d, %d", votes.Len(), votes.Statements(), votes.CastBy(1), votes.CastBy(2))
	}
}
