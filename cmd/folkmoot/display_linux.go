//go:build linux && !android && !ci

package main

/*
#cgo LDFLAGS: -lX11
#include <X11/Xlib.h>

extern void displayGone();

// Xlib ends the program when the connection to the display breaks, unless the handler
// never comes back.
static int gone(Display *d) { displayGone(); return 0; }
static void watch() { XSetIOErrorHandler(gone); }

static int opens() {
	Display *d = XOpenDisplay(NULL);
	if (d == NULL) return 0;
	XCloseDisplay(d);
	return 1;
}
*/
import "C"

// told is called when the display goes away, and never comes back.
var told func()

// display says whether there is a display that a window can be shown on.
func display() bool { return C.opens() != 0 }

// keepRunningWithoutDisplay lets the hub live on where the display goes away: phones go
// on voting, and what they send is saved. live is called on the window's thread, which
// stands still from then on: it must not come back.
func keepRunningWithoutDisplay(live func()) {
	told = live
	C.watch()
}

//export displayGone
func displayGone() { told() }
