//go:build unix

package crowd

import (
	"math"

	"golang.org/x/sys/unix"
)

// openLimit gives how many files and connections this program may have. Go has raised
// the limit as far as the system lets a program do that itself.
func openLimit() int {
	var l unix.Rlimit
	if unix.Getrlimit(unix.RLIMIT_NOFILE, &l) != nil || l.Cur > math.MaxInt32 {
		return 0
	}
	return int(l.Cur)
}
