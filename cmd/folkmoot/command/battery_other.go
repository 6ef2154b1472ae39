//go:build !linux

package command

// battery gives the charge of this computer's battery in per cent, and whether it has
// one. Here the system tells only programs that ask in its own language.
func battery() (percent int, ok bool) { return 0, false }
