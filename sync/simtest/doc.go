// Package simtest runs whole sessions in a pretend world: the real rules, replicas,
// exchange and, in a share of the runs, the real file, under a network that loses,
// doubles, delays and tears, disks that fail and machines that crash, clocks that are
// wrong, people who move between hubs, tablets that people share out of everybody's reach
// and that carry what they hold from hub to hub, devices that are unpaired, hubs that stand
// in for each other, and hosts, clones and restored copies that do not know of each other.
//
// Start with Schedule: one seed gives one world, the same on every machine.
//
// Words: a schedule is a list of events, each a line of text that can be read, cut and
// run again with Run; a node is a device with its replica, a hub or a tablet; a page is what a person's
// phone keeps for one hub; a tap is one answer of a person.
//
// After the schedule everything is healed, everybody meets everybody until nothing
// moves, and then it is checked what sync.md promises: the same state everywhere, the
// one that follows from the entries; every item that a screen called saved there, and
// once; a person's last answer standing; no two branches of a log merged in silence.
//
// Several Schedules may run at once; each has its own world and waits for nothing.
//
// What will bite: an Event's Roll decides all that is random within it, so taking an
// event out changes nothing about the luck of the others.
package simtest
