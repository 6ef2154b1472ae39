// Package opinion computes the opinion map: who in a room votes alike, how sure
// that is, and which statements unite or divide.
//
// Start with NewVotes, which checks and sorts the votes, and Compute, which gives the
// Map; Examine adds to a quick one what takes time. Polis and PolisUpdate compute the
// same questions exactly as the Polis software does, for comparison only.
//
// # Words
//
// A vote is agree (+1), pass (0) or disagree (-1) by a participant on a statement;
// unseen means that there is no vote and is never the same as pass. Participants
// and statements are named by their index (0, 1, 2 …) in the Votes; the caller
// turns indices into ids. A participant is on the map who has cast at least
// Map.VotesNeeded votes. An axis is a principal direction of the votes; an opinion
// group is a set of participants who vote alike, found by clustering; silhouette
// says how well people sit in their groups (-1 to 1). Common ground is what every
// group holds, divisive what sets two groups apart.
//
// # Stages
//
// Participants with enough votes are taken; unseen cells are filled with the mean
// of the votes cast on that statement; the leading axes of the centred votes are
// found, and once more with the unseen cells filled by what they say; each person is placed by the votes they did cast, pulled to the middle
// the fewer they are; the number of axes that carry more than chance is decided by
// parallel analysis; and people are grouped on those axes. So far a quick map goes.
// Then the groups are shown only if votes dealt anew hardly ever give the like
// (GroupTest); a tenth of the votes is dropped time and again to see how stable they
// are, and who lies between them; and what sets them apart is named only if statements
// without meaning hardly ever seem to. The comments at each stage name the source of its
// formula.
//
// # Concurrency
//
// All functions are pure and may be called from several goroutines. Compute starts
// workers of its own that have ended when it returns; their number never changes a
// digit of the result. The context serves only to cancel.
//
// # What will bite
//
//   - The result depends on the votes and on Options.Seed, Quick and Permutations,
//     on nothing else. Seeded work runs in an order of rows made from the votes
//     themselves, so that reordering the participants changes neither positions nor
//     groups.
//   - Axes have no meaning of their own. Their sign follows a stated rule (the
//     loading of largest size is positive), which keeps one result stable but may
//     flip when votes are added; aligning to the map last shown is the caller's.
//   - Above GroupingSample people the candidate groups are sought on a sample that
//     is spread evenly over the voting patterns, then carried to everybody; the
//     silhouettes and the test against chance are of the sample.
//   - The share of rooms without groups that show some is kept below 5 in 100 for one look.
//     Who looks often, with a map after each few votes, sees more; see Options.After.
//   - Above 2,000 people stability and calibration are measured on 500 of them.
//   - One shared leaning, without any gap in it, is cut into groups too, since votes dealt
//     anew have no leaning at all: many of its people are then said to lie between, and
//     the groups to be tentative.
//   - A map that is made after another (Options.After) depends on it: on its number of
//     groups, and a quick one on its verdict.
package opinion
