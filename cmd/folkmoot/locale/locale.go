// Package locale gives a system that speaks no language one, English, before Fyne looks:
// Fyne complains of it on every start, of the commands too.
//
// Import it for its effect, in package main alone. It reaches only the standard library,
// and so is set up before Fyne: Go sets up packages in the order of their import paths
// as far as what they need allows.
package locale

import (
	"os"
	"slices"
)

func init() {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if value := os.Getenv(name); value != "" {
			if slices.Contains([]string{"C", "POSIX", "C.UTF-8", "C.utf8"}, value) {
				os.Setenv(name, "en_US.UTF-8")
			}
			return
		}
	}
	os.Setenv("LANG", "en_US.UTF-8")
}
