// Package commandtest runs the real program as a process of its own and does to it
// what tests cannot do to themselves: it is killed, loaded, flooded and measured. Both
// the tests of the commands and cmd/torture use it.
//
// Start with Build, which gives a Program, and Program.Serve, which gives a Server.
// Kills is the driver of the kills, Load that of the load, Flood that of the flood.
//
// Words: a server is a running "folkmootd serve"; an item is acknowledged once a call
// with it was answered "saved"; calm is the time in which nobody floods.
//
// Promises: nothing here needs a testing.T; what goes wrong comes back as an error. A
// Server belongs to one goroutine, its Usage may be asked for by others.
//
// What bites: Usage reads /proc, so there are figures on Linux only.
package commandtest
