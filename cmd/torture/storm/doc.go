// Package storm lets real processes share a session over a bad network, and kills some
// of them: hubs and tablets, each with its own file in a host of its own, and pages that
// vote over HTTP. Its tests are a taste; cmd/torture runs them more often.
//
// Start with NewSea, which gives hosts, devices and pages. Sea.Storm breaks the network
// between all of them while everybody votes; Takeovers kills the hub, again and again.
//
// Words: a device is a process with a replica, as a laptop or a tablet is; a page is
// what a phone shows, and has an outbox; an acknowledged vote is one that a device or a
// hub said to be saved; the ledger is what was acknowledged and sent, and is held
// against the files that the devices leave behind.
//
// Promises: what is judged is judged from the files of processes that have ended, folded
// anew, by the rules of folkmootd rebuild. Whatever is random follows from the seed, but
// how it meets the network does not: real processes are not played back.
//
// What will bite: it needs network namespaces, see nettest. A device process is the test
// program itself, started again: TestMain has to call Main.
package storm
