//go:build !linux

package main

// stormPart and takeoverPart have no steps here: they need network namespaces.
func stormPart(*workshop) Part {
	return Part{Name: "storm", What: "real processes on a bad network (on Linux only)"}
}

func takeoverPart(*workshop) Part {
	return Part{Name: "takeover", What: "the hub is killed and its backup goes on (on Linux only)"}
}
