package link

import "time"

// Tests do not wait as long as a room does.
func init() {
	greetEvery, silence, doubt, compareEvery = 300*time.Millisecond, 2*time.Second, 300*time.Millisecond, 1500*time.Millisecond
	firstRetry, lastRetry, askEvery = 25*time.Millisecond, 300*time.Millisecond, 20*time.Millisecond
	firstPenance, lastPenance = 100*time.Millisecond, time.Second
}
