// Package routing says which statement a person of a room is asked next, and which
// statements will lack votes when the time is up.
//
// Start with Order, for one person, and Forecast, for the room; Shares is what Order
// comes to over many people.
//
// # Words
//
// A statement's target is how many votes it should have at the end of the step; its
// need is what it lacks of that. It is open to a person who has not voted on it. A
// person is active who voted lately or has just come. The pace is how many votes the
// room casts in a minute, and its capacity is pace times the time left. What a vote
// would tell is by how much it would shrink the uncertainty of a person's place on
// the opinion map.
//
// # The rule
//
// Statements below their target come before those that have it, and the seeds among
// them first as long as a person is not on the map. Within each of these the order is
// drawn by lots (Efraimidis and Spirakis, Weighted random sampling with a reservoir,
// 2006): u uniform in (0, 1), the smallest −ln u / weight first, which draws without
// replacement in proportion to the weights, so that people who ask at the same moment
// are told different statements. With need n of a target T, o active people to whom
// the statement is open, the gain g of one more vote on it relative to the largest
// gain (0 … 1) and d for how much it divides (0 … 1), the weights are
//
//	below the target  (n/T · min(1, n/o))^a · (1 + g/2 + d/8)
//	target reached    (g + d/4 + 0.02)³
//
// n/o is the gap per remaining capacity of the statement: the share of those who still
// could vote on it who have to. n/T · n/o makes a statement that was just approved
// catch up: at 15 of 15 votes lacking it is drawn some nine times as often as at 5 of
// 15. The exponent a is 1 while there is time, and rises to 3 as the capacity falls from
// twice the needs to the needs themselves: then a lot hardly ever goes against the
// largest gap (least laxity first: Mok, Fundamental design problems of distributed
// systems for the hard-real-time environment, 1983).
//
// Where few votes are lacking in all, not everybody is sent there at once: while there is
// time, a person is asked a statement below its target first with the chance
// 3/2 · needs / active people, else one that tells most about their place. The lots are
// drawn anew after every vote, so that everybody's turn comes soon. In the same way who
// is not on the map is asked seeds first with the chance needs of the seeds / active
// people, less in a hurry.
//
// The gain is the reduction of the trace of the posterior covariance of the person's
// place, P = σ²(WᵀW + σ²S⁻¹)⁻¹ with W the loadings of the statements voted on, σ² the
// residual variance of a vote and S the variances along the axes (Tipping and Bishop,
// Probabilistic principal component analysis, 1999). One more vote with loadings w
// takes away P w wᵀ P / (σ² + wᵀ P w) (Sherman and Morrison 1950), of which the trace is
// ‖P w‖² / (σ² + wᵀ P w). Choosing by it is the A-optimal design of one more
// measurement (Chaloner and Verdinelli, Bayesian experimental design, 1995).
//
// # Concurrency
//
// All functions are pure, keep nothing and change nothing that they are given. They
// may be called from several goroutines.
//
// # What will bite
//
//   - Lots depend on Seed, Person.Lot, the number of votes the person has cast and
//     Statement.Lot, on no order of arrival. The same values give the same order.
//   - Where capacity does not suffice, all statements end equally far below their
//     target, rather than some with it and others with next to nothing.
//   - Forecast spreads the pace as it is now. It knows nothing of statements that are
//     still to be written or of people who are about to leave.
package routing
