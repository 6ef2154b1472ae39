// Package oplogtest helps to test what holds or reads the record.
//
// Start with Conform, the one test that every oplog.Log passes, and Pen, which
// makes signed entries from a seed.
//
// Words: a pen writes one log; the same seed gives the same bytes everywhere, so
// that a failing test can be repeated.
//
// Nothing here may be used by several goroutines at once.
//
// What will bite: a Pen panics where it cannot write, since that is a mistake in
// the test.
package oplogtest
