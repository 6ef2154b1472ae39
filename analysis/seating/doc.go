// Package seating makes group plans: who sits at which table, with the reasons.
//
// Start with Make, which takes a Roster and Options and gives a Plan. Measure
// judges a seating that somebody else made by the same figures, and ReadInstance
// reads the JSON of the reference instances.
//
// # Words
//
// An attribute is something known of people (opinion group, band of an answer, a
// role …) that a plan mixes over the tables or gathers at them. Its unevenness U is
// 1 on average when lots are drawn and 0 when every table is the room in small; E is
// the sum of U over the attributes, each times its weight, gathered ones counted
// negative. A bound is the unevenness that whole people cannot go below at these
// table sizes. The mix gap of a table is the share of its seats that would have to
// change for it to mirror the room as well as its number of seats allows. A rule is
// hard (sizes, locks, together, apart, needs); what cannot be kept is listed in
// Fairness.Unmet, never hidden, and never makes a plan fail. A unit is what the
// search moves: one person, or people who must stay together.
//
// # How a plan is found
//
// People are sorted by id. Rules are checked before the search and those that cannot
// hold are named. People kept together become one unit. Units are dealt over the
// tables like cards, then simulated annealing and after it iterated descent change
// the seating by swaps and moves. All sums of the search are integers, so no figure
// drifts and the same seed gives the same plan on every machine.
//
// # Concurrency
//
// All functions are pure and may be called from several goroutines. Make starts two
// workers, with lots of their own, that have ended when it returns; which of them
// wins does not depend on which is faster. The context serves only to cancel.
//
// # What will bite
//
//   - The budget is counted in steps (changes looked at), so a slow machine takes
//     longer but finds the same plan. Options.Steps = FirstDescent gives a usable
//     plan at once; the same seed with the full budget then gives the better one.
//   - An unknown value ("") is a value of its own and is mixed like one. A person
//     without a position sits at the mean of the map and adds nothing to its share.
//   - Table sizes may differ by as much as the minimum and maximum allow, when that
//     mixes better, unless Options.EqualSizes is set.
//   - Rules that name people who are not in the roster are listed as unmet with
//     WhyAbsent; the others are kept. Filter first if that should not be shown.
package seating
