package link

import "time"

// GreetNever lets devices that are made from now on greet when there is a reason only.
func GreetNever() (undo func()) {
	was := greetEvery
	greetEvery = time.Hour
	return func() { greetEvery = was }
}

// Tests do not wait as long as a room does.
func init() {
	greetEvery, silence, doubt, compareEvery = 300*time.Millisecond, 2*time.Second, 300*time.Millisecond, 1500*time.Millisecond
	firstRetry, lastRetry, askEvery = 25*time.Millisecond, 300*time.Millisecond, 20*time.Millisecond
	readFor = time.Second
	firstPenance, lastPenance = 100*time.Millisecond, time.Second
}
