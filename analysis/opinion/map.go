package opinion

// EngineVersion names the rules by which Compute works. It changes whenever the
// same votes may give another result.
const EngineVersion = "2"

// PeopleNeeded is the smallest number of people for whom a map is drawn.
const PeopleNeeded = 8

// Options say how to compute a map. The zero value is ready to use.
type Options struct {
	// Seed starts every random choice. Any number is as good as another; the same
	// number gives the same map.
	Seed uint64
	// Quick leaves out what takes most of the time, the test of the groups against
	// permuted votes and the resamples: see Examine. Map.GroupsTested is then false, and
	// Map.GroupsFound says only that the first axis is stronger than in any of 20
	// permuted votes, or above 500 people than random votes would have it.
	Quick bool
	// Permutations is how many permuted votes the groups are tested against, and how many
	// resamples and calibrations are taken: 0 for 200. At least 33 are: with fewer nothing
	// is beyond 97 of 100.
	Permutations int
	// After is the map of the same room that was shown before this one, nil for none. Its
	// number of groups is kept unless another fits better by more than its resampling
	// noise; groups that it found stay a little longer than new ones take to appear, and
	// where it was examined and found none, new ones need two maps in a row. Until the
	// new map is examined, After's verdict and calibration serve. Only K and GroupsFound
	// are asked of one that was neither examined nor carried on.
	After *Map
	// Workers is how many goroutines may work at once, 0 for one a processor. It
	// changes nothing but the time.
	Workers int
}

// Map is the opinion map of a room. Participants and statements are indices into
// the Votes it was computed from. Where Shortfall.Kind is not Ready, only the counts,
// VotesNeeded, OnMap and Shortfall are filled.
type Map struct {
	// Participants, Statements and Votes count what went in.
	Participants, Statements, Votes int
	// Seed is the seed of the options.
	Seed uint64
	// VotesNeeded is how many votes put a participant on the map:
	// max(3, min(7, ⌈statements/3⌉)).
	VotesNeeded int
	// OnMap are the participants on the map, ascending.
	OnMap []int
	// Shortfall says what is missing where there is no map.
	Shortfall Shortfall

	// Explained is the share of the variance of the filled votes that lies on each of
	// the two axes drawn, 0 … 1.
	Explained [2]float64
	// Loadings are the two axes drawn: for each statement the weight of an agree,
	// each axis of length 1. Both 0 for a statement on which the votes do not differ.
	Loadings [][2]float64
	// Residual is the variance of a vote around what the axes explain, and Variance that
	// of people's places along each of the two axes drawn: with Loadings, all that says
	// how uncertain the place of a person with given votes is.
	Residual float64
	Variance [2]float64
	// Axes is how many axes the groups were sought on, 2 … 4.
	Axes int
	// AxesBeyondChance is how many axes carry more than those of permuted votes, 0 … 4.
	AxesBeyondChance int
	// Positions of the people on the map, in the order of OnMap.
	Positions []Position

	// GroupsTested says whether the groups were compared with permuted votes.
	GroupsTested bool
	// Carried says that GroupsFound, the calibration and the noise of the fits are those
	// of Options.After: of a quick map that nobody has examined yet.
	Carried bool
	// GroupsFound says whether there are distinct groups; see GroupTest, or for a quick
	// map Options.Quick. When false Groups is empty: no distinct groups is a result.
	GroupsFound bool
	// Agreement is the mean adjusted Rand index of the groups of resamples with these;
	// 0 where Resampled is false.
	Agreement float64
	// Resampled says whether stability was measured: Group.Stability, Position.Between.
	Resampled bool
	// K is the number of groups that fits best, whether or not it is better than
	// chance; 0 if no division was possible.
	K int
	// Silhouettes of each number of groups tried, ascending in K.
	Silhouettes []Silhouette
	// Test holds the figures of that comparison, 0 where there was nothing to test.
	Test GroupTest
	// Null97 is Test.SilhouetteNull97.
	Null97 float64
	// Groups in order of size, the largest first; equal sizes by their first member.
	Groups []Group
	// Unnamed are the people on the map of groups that turned out too unstable to be
	// named (see NotNamed), ascending. They are in none of Groups.
	Unnamed []int

	// Calibrated says whether the q-values of the statements allow for the groups having
	// been made from the same votes.
	Calibrated bool
	// Tallies are the votes by group and statement: Tallies[g][s], g as in Groups. A
	// last row holds the votes of Unnamed where there are any. It has one row for all
	// people on the map where no groups were found.
	Tallies [][]Tally
	// CommonGround are the statements that every group holds, the surest first. Where
	// no groups were found, those that the people on the map hold.
	CommonGround []CommonGround
	// Divisive are the statements that set two groups apart, the widest first.
	Divisive []Divisive

	division [][]int      // members by group of the division into K, found or not
	chance   *calibration // nil until examined
}

// ShortfallKind tells why there is no map.
type ShortfallKind string

// The kinds of Shortfall.
const (
	// Ready means that nothing is missing.
	Ready ShortfallKind = ""
	// TooFewStatements means that there are fewer statements than the votes a person
	// needs to be on the map.
	TooFewStatements ShortfallKind = "too few statements"
	// TooFewPeople means that fewer than PeopleNeeded participants cast enough votes.
	TooFewPeople ShortfallKind = "too few people"
)

// Shortfall says what is missing for a map to be drawn.
type Shortfall struct {
	// Kind is Ready when nothing is missing.
	Kind ShortfallKind
	// Statements is how many more statements are needed.
	Statements int
	// People is how many more people are needed on the map.
	People int
	// Votes is the smallest number of further votes by which participants already
	// there could make up for People; 0 where there are too few participants for it.
	Votes int
}

// Position is the place of one person on the map. The unit is votes along an axis of
// length 1 over the statements; people with few votes are drawn towards (0, 0), the
// average voter.
type Position struct {
	// Participant is the row in the votes.
	Participant int
	// X and Y are the place on the first and second axis.
	X, Y float64
	// SD is how uncertain X and Y are, as standard deviations.
	SD [2]float64
	// Group is the index in Map.Groups, -1 where no groups were found.
	Group int
	// Between says that the person falls into the same group in fewer than 80 of 100
	// resamples (see Map.Resampled): they lie between two groups.
	Between bool
}

// Silhouette says how well the best division into K groups fits.
type Silhouette struct {
	K int
	// Mean is the mean silhouette, -1 … 1.
	Mean float64
	// Fit is Mean times the fifth root of the variance ratio of Calinski and Harabasz: the
	// K with the greatest is taken. +Inf where everybody stands on their group's centre, and
	// Mean itself where that is not above 0.
	//
	// The silhouette alone merges groups that lie near each other, the ratio splits large
	// ones. In 400 rooms each of 40 people, the right number was taken of two, three and
	// four planted groups in 99, 94 and 95 of 100 by the silhouette alone, in 99, 95 and
	// 96 by their product with this root, and with the square root likewise; of 35 and 5
	// people in 90, 83 and 66.
	Fit float64
	// Noise is by how much Fit wanders from resample to resample against that of Map.K:
	// the standard deviation of the logarithm of their quotient. 0 for Map.K itself, and
	// where it was not measured; a quick map has that of Options.After.
	Noise float64
}

// Group is an opinion group.
type Group struct {
	// Members are participants, ascending.
	Members []int
	// Stability is the mean Jaccard coefficient of the group with its like in resamples
	// of the votes, 0 … 1, and Word puts it in a word; 0 and "" where Map.Resampled is
	// false, unless the caller knows better.
	Stability float64
	Word      StabilityWord
	// Representative are the statements that the group holds more than the others do,
	// the surest difference first. May be empty.
	Representative []Representative
}

// StabilityWord says how stable a group is (Hennig, Cluster-wise assessment of cluster
// stability, 2007).
type StabilityWord string

// The words for a group's Stability: from 0.85, from 0.75, from 0.6, and below. None is
// more than tentative where the groups of resamples agree with those of the map by less
// than 0.9 (adjusted Rand, mean). A group that would be NotNamed is none: its people are
// in Map.Unnamed.
const (
	Solid     StabilityWord = "solid"
	Stable    StabilityWord = "stable"
	Tentative StabilityWord = "tentative"
	NotNamed  StabilityWord = "not named"
)

// Direction is the side of a statement.
type Direction string

// The two sides of a statement.
const (
	ForAgree    Direction = "agree"
	ForDisagree Direction = "disagree"
)
