//go:build !linux || android || ci

package main

// display says whether there is a display that a window can be shown on: these systems
// always have one.
func display() bool { return true }

// keepRunningWithoutDisplay does nothing: these systems do not end a program whose
// display goes away.
func keepRunningWithoutDisplay(func()) {}
