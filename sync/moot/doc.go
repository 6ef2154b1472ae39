// Package moot is what the record means: the kinds of acts, the rules by which
// they are merged, and the state of a session that follows from them.
//
// Start with State (fold entries into it with Apply, ask Check whether an act is
// allowed) and View (what it gives: an immutable picture for everybody to read).
//
// Words: an item is an act on its way into the record; a cell is a value that
// its newest writing decides, by (rev, time, replica); heads are the acts on one
// thing that no later act names as replaced; a refusal is a "no" with a code
// that a screen puts into words.
//
// Promises: the state is a function of the set of entries, whatever the order in
// which they came and however often. No rule reads a clock, the arrival order or
// a local setting. A State belongs to one goroutine; a View may be shared.
//
// What will bite: votes may come before the statement they are about. They are
// kept, and count once the statement is there.
package moot
