// Package peer is how two replicas of a session come to hold the same entries: one asks,
// the other answers, and both end with what either had.
//
// Start with New, which gives a replica's Side; Exchange asks, Answer answers, and Dial
// and Serve join the two over a pipe.
//
// Words: a call is one request with its response; a frame is one encoded entry; a place
// is a number in a log; a short hash is the first eight bytes of an entry's hash, enough
// to see whether two logs are the same so far; rules are what is known about which
// entries count, see moot.Rules.
//
// Pairing is apart from that: a Door is the host's side, a Knock the joiner's, and what
// they say to each other is carried by the caller, who knows from TLS which keys talk.
// Digits are six that both screens show and people compare; a Link is a QR code with a
// secret in it. Both end with a person at the host who lets the joiner in.
//
// Promises: what a response calls taken was committed before. An exchange may be cut off
// anywhere and loses nothing: the next one goes on from what both hold. Whoever asks
// passes on the entries of everybody, so two replicas need never meet. A log of which
// two branches are found is proven to be one on both sides and not exchanged further
// until a facilitator names a branch. A Side may be used from any goroutine.
//
// Whom to believe, Trust says: without it every peer's word about which entries count, and
// every log it brings.
//
// What will bite: there is no network here and no proof of who is at the other end. Who
// builds on it says by a name of its own (a pinned key) whose calls these are.
package peer
