package readmodel

import (
	"context"
	"fmt"
	"math"
	"slices"

	"folkmoot/analysis/opinion"
	"folkmoot/sync/moot"
)

// DefaultSeed starts the random choices of a map where nobody chose another.
const DefaultSeed = 1

// Options say how a View is made. The zero value is ready to use.
type Options struct {
	// Seed of the map, 0 for DefaultSeed. The same record and seed give the same View.
	Seed uint64
	// Quick leaves out the test of the groups against chance and their stability; what
	// Last knew of them is carried on.
	Quick bool
	// Fresh lets Last serve for the map's turn and the letters alone: what it knew of the
	// groups is not carried on, nor is their number kept.
	Fresh bool
	// Now is the time, in milliseconds since 1970, for View.Examined; 0 for none.
	Now uint64
	// Workers is how many goroutines may work at once, 0 for one a processor.
	Workers int
	// Last is the View shown before: the new map is turned to lie like it, letters
	// follow its groups, and what did not change is taken over. Where nil, the map
	// that the host showed last is taken as far as the record tells.
	Last *View
}

// View is all that screens, wall, page and report show of a session, worked out of
// one record. Nothing in it ever changes, so it may be read by everybody at once;
// nobody writes to its slices and maps.
type View struct {
	// Record is what the View was made of.
	Record *moot.View
	// Seed is the seed of the map.
	Seed uint64
	// People are the map's rows, Statements its columns: opinion.Map names both by
	// their place here. See SortedPeople for the order.
	People     []*moot.Person
	Statements []*moot.Statement
	// Map is what the engine found.
	Map opinion.Map
	// Letters are the names of Map.Groups, in their order.
	Letters []string
	// Scene is the map as it is painted; nil where there is no map.
	Scene *Scene
	// Results are the votes on each statement and what stands out.
	Results Results
	// Counts are the people and votes.
	Counts Counts
	// Light says how far the map may be trusted.
	Light Light
	// Missing says what would turn the light greener; empty where it is green.
	Missing []Sentence

	// Examined is when the groups were tested and their stability measured, in
	// milliseconds since 1970; 0 while they were not, or where no clock was given. A quick
	// View has that of the View before.
	Examined uint64

	layout  layout
	quick   bool
	after   *opinion.Map                 // the map that the engine was given to go on from
	at      map[moot.ParticipantID]point // turned like the last map
	letter  map[moot.ParticipantID]string
	between map[moot.ParticipantID]bool
	places  map[moot.ParticipantID]Place
	onMap   []moot.ParticipantID
	voted   []int // counted votes on each of Statements
	listing []*moot.Statement
}

// Counts are the people and votes of a session.
type Counts struct {
	// Here are the people of the room, Imported those of an import.
	Here, Imported int
	// Voters are the people with at least one counted vote.
	Voters int
	// Votes are the counted votes on statements that may be voted on.
	Votes int
	// OnMap are the people on the map.
	OnMap int
}

// Build works a View out of a record. Its only errors are that of a ctx that is
// done, and a fault in our own code; too few people or votes are an ordinary View
// with a nil Scene. What Last holds for the same votes is taken over, not computed.
func Build(ctx context.Context, record *moot.View, o Options) (*View, error) {
	if o.Seed == 0 {
		o.Seed = DefaultSeed
	}
	rows, err := layOut(record)
	if err != nil {
		return nil, err
	}
	v := &View{Record: record, Seed: o.Seed, People: rows.people, Statements: rows.statements, layout: rows, quick: o.Quick}
	last := o.Last
	if last == nil {
		last = anchored(record)
	}
	if last.serves(v) {
		v.takeOver(last)
	} else {
		if err := v.compute(ctx, last, o); err != nil {
			return nil, fmt.Errorf("readmodel: compute map: %w", err)
		}
		v.draw(last)
	}
	v.count()
	v.Results = v.results()
	v.Light, v.Missing = v.judge()
	return v, nil
}

// compute has the engine work out the map, going on from the last one. Where that is the
// quick View of the same votes, it is only examined.
func (v *View) compute(ctx context.Context, last *View, o Options) (err error) {
	options := opinion.Options{Seed: o.Seed, Quick: o.Quick, Workers: o.Workers}
	quick := last != nil && last.quick && last.layout.sum == v.layout.sum && last.Seed == v.Seed
	switch {
	case o.Fresh:
	case quick:
		v.after = last.after
	case last != nil && last.Map.K > 0:
		before := last.Map // a copy: it must not hold the View before, and that its own
		v.after = &before
	}
	options.After = v.after
	if quick && !o.Quick {
		v.Map, err = opinion.Examine(ctx, v.layout.votes, last.Map, options)
	} else {
		v.Map, err = opinion.Compute(ctx, v.layout.votes, options)
	}
	switch {
	case v.Map.GroupsTested:
		v.Examined = o.Now
	case v.Map.Carried && last != nil:
		v.Examined = last.Examined
	}
	return err
}

// serves says whether the map of last is that of v.
func (last *View) serves(v *View) bool {
	return last != nil && last.layout.sum == v.layout.sum && last.Seed == v.Seed && (v.quick || !last.quick)
}

func (v *View) takeOver(last *View) {
	v.Map, v.Letters, v.Scene = last.Map, last.Letters, last.Scene
	v.quick, v.Examined, v.after, v.between = last.quick, last.Examined, last.after, last.between
	v.at, v.letter, v.places, v.onMap = last.at, last.letter, last.places, last.onMap
}

// draw lays the map like the last one, names the groups and paints the Scene.
func (v *View) draw(last *View) {
	v.onMap = make([]moot.ParticipantID, len(v.Map.OnMap))
	for i, row := range v.Map.OnMap {
		v.onMap[i] = v.People[row].ID
	}
	if v.Map.Shortfall.Kind != opinion.Ready {
		if last != nil {
			v.at, v.letter = last.at, last.letter // a map that comes back lies as before
		}
		return
	}
	v.at = map[moot.ParticipantID]point{}
	for _, p := range v.Map.Positions {
		v.at[v.People[p.Participant].ID] = point{p.X, p.Y}
	}
	if last != nil {
		t := align(last.at, v.at, v.onMap)
		for id, p := range v.at {
			v.at[id] = t.apply(p)
		}
	}
	v.nameGroups(last)
	v.keepStability(last)
	scene, places := sceneOf(v.onMap, v.at, v.groupOf(), v.doubts())
	v.Scene, v.places = &scene, places
}

// nameGroups gives the groups their letters. Where none are found the letters of the
// last map are kept in mind, so that groups that come back are called as before.
func (v *View) nameGroups(last *View) {
	var before map[moot.ParticipantID]string
	if last != nil {
		before = last.letter
	}
	if !v.Map.GroupsFound {
		v.letter = before
		return
	}
	groups := make([][]moot.ParticipantID, len(v.Map.Groups))
	for g, group := range v.Map.Groups {
		for _, row := range group.Members {
			groups[g] = append(groups[g], v.People[row].ID)
		}
	}
	v.Letters = letterGroups(groups, before)
	v.letter = map[moot.ParticipantID]string{}
	for g, members := range groups {
		for _, id := range members {
			v.letter[id] = v.Letters[g]
		}
	}
}

// keepStability takes over what the last map knew of how stable its groups are, where
// this one has as many that were not examined: by letter, and by person who lies between
// groups.
func (v *View) keepStability(last *View) {
	v.between = map[moot.ParticipantID]bool{}
	if !v.Map.Carried || last == nil {
		for _, p := range v.Map.Positions {
			if p.Between {
				v.between[v.People[p.Participant].ID] = true
			}
		}
		return
	}
	if v.Map.K != last.Map.K {
		return
	}
	v.between = last.between
	known := map[string]opinion.Group{}
	for g, letter := range last.Letters {
		known[letter] = last.Map.Groups[g]
	}
	for g, letter := range v.Letters {
		v.Map.Groups[g].Stability, v.Map.Groups[g].Word = known[letter].Stability, known[letter].Word
	}
}

// littleKnown is the share of what was open about a place before any vote that is still
// open, as a variance, from which on the place is painted as uncertain.
const littleKnown = 0.5

// doubts gives what is uncertain of the places.
func (v *View) doubts() map[moot.ParticipantID]doubt {
	doubts := map[moot.ParticipantID]doubt{}
	before := v.Map.Variance[0] + v.Map.Variance[1]
	for _, p := range v.Map.Positions {
		id := v.People[p.Participant].ID
		d := doubt{between: v.between[id] && v.letter[id] != ""}
		if now := p.SD[0]*p.SD[0] + p.SD[1]*p.SD[1]; before > 0 && now > littleKnown*before {
			d.spread = math.Sqrt(now / 2)
		}
		if d != (doubt{}) {
			doubts[id] = d
		}
	}
	return doubts
}

// groupOf gives the letters of the people on the map; nil where no groups are found.
func (v *View) groupOf() map[moot.ParticipantID]string {
	if !v.Map.GroupsFound {
		return nil
	}
	return v.letter
}

// count fills in Counts and the votes of each statement.
func (v *View) count() {
	for _, s := range v.Record.Statements {
		if s.Votable() {
			v.listing = append(v.listing, s)
		}
	}
	votable := make(map[moot.StatementID]bool, len(v.listing))
	for _, s := range v.listing {
		votable[s.ID] = true
	}
	v.voted = make([]int, len(v.Statements))
	for _, p := range v.People {
		cast := 0
		for id, cell := range p.Votes() {
			if cell.Value == moot.None || !votable[id] {
				continue
			}
			cast++
			if column, ok := v.layout.column[id]; ok {
				v.voted[column]++
			}
		}
		v.Counts.Votes += cast
		v.Counts.Voters += btoi(cast > 0)
		v.Counts.Here += btoi(p.Here())
		v.Counts.Imported += btoi(!p.Here())
	}
	v.Counts.OnMap = len(v.onMap)
}

// You gives where a person stands on the map, and false for those who are not on it.
func (v *View) You(id moot.ParticipantID) (Place, bool) {
	place, ok := v.places[id]
	return place, ok
}

// Group gives the letter of a person's opinion group, "" for none.
func (v *View) Group(id moot.ParticipantID) string { return v.places[id].Group }

// Between says that a person lies between two groups.
func (v *View) Between(id moot.ParticipantID) bool { return v.places[id].Between }

// GroupsByLetter gives the places in Map.Groups in the order of their letters.
func (v *View) GroupsByLetter() []int {
	order := make([]int, len(v.Map.Groups))
	for g := range order {
		order[g] = g
	}
	slices.SortFunc(order, func(a, b int) int {
		if v.Letters[a] < v.Letters[b] {
			return -1
		}
		return 1
	})
	return order
}

// Listed gives the statements that may be voted on, in the order of the record.
// The caller must not change the slice.
func (v *View) Listed() []*moot.Statement { return v.listing }
