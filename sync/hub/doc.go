// Package hub is what phones and browsers talk to: the page, joining, items with
// receipts, the state as it changes, the wall; and on a listener of its own, what
// the host may do.
//
// Start with New, then serve Handler on the LAN, HostHandler on loopback or on a
// socket that only its owner may open.
//
// Words: a token is 32 random bytes that a browser makes and sends with every
// call; the hub keeps its hash only. An item is one act; its receipt says where
// in the record it stands. The room's document is what everybody may see; the
// person's part of it is added for each token. A device that scanned a badge
// signs each call (package badge); one that typed it, and one of open mode, sends its
// token, which whoever hears it can use.
//
// A session may have several hubs. Who joined without a badge follows from the token,
// so that each hub knows everybody in its record, however they came into it.
//
// Promises: what POST /api/v1/items names as saved is on the disk. Nothing that
// the LAN handler offers can moderate, close, export or show. A Hub may be used
// from any goroutine; Close ends its streams and its one goroutine.
//
// What will bite: plain HTTP on a LAN address is no secure context for browsers,
// so there is no service worker, no camera, no clipboard on the page.
package hub
