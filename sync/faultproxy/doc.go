// Package faultproxy is a bad network in one program: it forwards TCP connections and
// breaks them on command, while they are open. It is for tests.
//
// Start with New, which gives a Pair, and Pair.Serve, which forwards what comes to a
// listener; Pair.Strike switches a Fault on and Pair.Heal switches it off.
//
// Words: a pair is two devices that talk to each other, over any number of connections
// which either of them opened; a chunk is what a packet would carry, 1 460 bytes at the
// most; a frame is a TLS record with application data of a certain size, or a chunk
// where there is no TLS; a fault struck in transit when at that moment a chunk with a
// piece of a frame was in the proxy's hands, accepted from one side and not yet given to
// the other. A dead connection is one of which bytes have vanished: nothing more comes
// through it in either direction, and neither end is told.
//
// Promises: everything may be called from any goroutine, but Strike and Heal of one pair
// by one caller at a time. The same seed gives the same draws; which chunk meets which
// draw is up to the programs that send.
//
// What will bite: TCP leaves no holes, so a chunk that was dropped is sent again, as a
// real sender would: after 200 ms, doubled as long as nothing new gets through. And the
// kernel of the proxy accepts every connection; in a black hole it is never answered.
package faultproxy
