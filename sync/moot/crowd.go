package moot

import "maps"

// shards is near the root of the number of people in a large session: the sum of
// what a View copies and what a vote after it copies is then smallest.
const shards = 64

// crowd holds people in shards. A View takes the shards as they are; who writes
// to one afterwards copies it first.
type crowd [shards]map[ParticipantID]*Person

// shardOf spreads ids, which are random or a hash, over the shards.
func shardOf(id ParticipantID) int { return int(id[0]^id[len(id)-1]) % shards }

func (c *crowd) get(id ParticipantID) *Person { return c[shardOf(id)][id] }

func (c *crowd) count() int {
	n := 0
	for _, shard := range c {
		n += len(shard)
	}
	return n
}

// all goes through everybody in no order.
func (c *crowd) all(yield func(*Person) bool) {
	for _, shard := range c {
		for _, p := range shard {
			if !yield(p) {
				return
			}
		}
	}
}

// person gives a person's record for writing, made where there is none. What a
// View may hold, shard and person, is copied before.
func (s *State) person(id ParticipantID) *Person {
	p := s.people.get(id)
	switch {
	case p == nil:
		s.mark(RowPerson, id[:])
		p = &Person{ID: id, gen: s.gen, fields: map[PersonField]Cell[string]{}, answers: map[QuestionID]Cell[int]{}, votes: map[StatementID]Cell[Vote]{}}
	case p.gen != s.gen:
		p = p.clone()
		p.gen = s.gen
	default:
		return p
	}
	i := shardOf(id)
	if s.people[i] == nil {
		s.people[i] = map[ParticipantID]*Person{}
	} else if s.shardGen[i] != s.gen {
		s.people[i] = maps.Clone(s.people[i])
	}
	s.shardGen[i] = s.gen
	s.people[i][id] = p
	return p
}
