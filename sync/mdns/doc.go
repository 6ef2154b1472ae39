// Package mdns makes devices find each other on a local network without anybody typing an
// address: multicast DNS (RFC 6762) and service discovery (RFC 6763).
//
// Start with Announce, which tells the network of a Service until it is closed, and
// Browse, which keeps a list of the services that others announce. Adapters and Look say
// whether this machine has a network at all.
//
// Words: an adapter is a network interface of this machine; a line is what is going on at
// one adapter; a claim is the names that an announcement wants for itself alone; a
// goodbye is the last word of an announcement, which makes others forget it at once.
//
// Promises: Announcer and Browser may be used from any goroutine. Each has a goroutine of
// its own and one per socket, which Close ends and waits for. Whatever arrives is taken for a hint: it
// is bounded, checked, and never makes this package panic.
//
// What will bite: both find services of this machine too, own ones included. A service that is reachable by
// two adapters is found twice. Records are those of hashicorp/mdns, but its Server is not
// used: on Linux every one of several servers hears what arrives at any adapter, so
// a phone on the Wi-Fi was told the address of the cable too; it also never
// announces, answers the wrong port, and takes answers for questions.
package mdns
