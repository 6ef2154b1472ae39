// Package command is the command line: it opens sessions, joins the packages
// that do not know each other, and closes them again.
//
// Start with Main. There is one file a command; data.go finds sessions, opened.go
// opens them, serve.go runs a hub, wiring.go fits the parts together.
//
// Words: a problem is something that could not be done (exit status 1: one line
// says why, a second what to try); a usage error is a wrong call (exit status 2).
// A session is opened here, or asked of the process that has it open over a
// socket in the data folder.
//
// Promises: standard output carries what was asked for, and with --json one JSON
// document and nothing else; progress and errors go to standard error.
package command
