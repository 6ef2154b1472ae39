// Package readmodel gives what screens, wall, page and report show, as values,
// and turns what hosts ask for into acts for the record.
//
// Start with Build, which makes a View of a record; Desk, which keeps a View fresh
// while a session runs; and the intents (StartStep, Approve, MakePlan …), which
// give items that a replica then takes.
//
// # Words
//
// The record is a moot.View: what was said and done. A View is what follows from it
// for people to look at: the opinion map, its Scene (the map as marks, hulls and
// labels in the unit square), the Results of each statement, counts, and what is
// still missing. A Sentence is a key of the catalogue with its arguments, put into
// words by who shows it. Shown is the View that the room is given: it moves in
// batches of people, so that no late vote unmasks anyone. An intent is a host's wish
// as a function from record and time to items. A Handset is what a participants' tablet
// shows to whoever holds it, made from what a hub Told; a Touch is what they did.
//
// # Concurrency
//
// A View, like the record it came from, is never changed after it is given and may
// be read by everybody at once. All functions are pure but for Desk, which owns one
// goroutine and may be used from several.
//
// # What will bite
//
//   - Wall documents (WallTables, ShownResults, ShownMap) hold neither names nor ids
//     of people. TableFor has the names of a table's people, for that table only.
//   - The axes of a map mean nothing by themselves. Options.Last turns a new map so
//     that it lies like the last one, and lets letters follow the groups.
//   - Imported people are on the map and in the counts, and never "here" or seated
//     with a room's.
package readmodel
