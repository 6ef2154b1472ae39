// Package crowd is simulated phones: they use a hub as the page does, over the real
// interface, and cost so little themselves that a thousand fit beside the hub on one
// computer.
//
// Start with Look, which finds a hub, and Hub.Phone; Enter and Open let many in, Load lets
// them vote by the clock and measures how long it takes until they are told "saved".
//
// Words: a phone's pace is when it sends; what it was told is counted in a Tally.
// Latency is counted from the moment at which a phone meant to send, so that a crowd
// that is held up shows as a slow hub and never as a quiet one.
//
// Promises: a Hub may be used by everybody at once, a Phone by one caller of Send and
// one of Hold. Nothing is tried again here but a join.
//
// What bites: every phone that holds its stream needs two sockets, see Sockets.
package crowd
