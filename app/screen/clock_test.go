package screen_test

import (
	"time"

	"folkmoot/app/look"
)

// Presses of a test are far apart: none is the second of a double click.
func init() {
	var now time.Time
	look.Clock = func() time.Time {
		now = now.Add(time.Second)
		return now
	}
}
