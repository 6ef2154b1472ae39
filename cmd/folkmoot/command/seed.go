package command

import "strconv"

// seed is a flag that starts random choices.
type seed uint64

// seedFlag gives a flag that writes into to, and is value where it is not given.
func seedFlag(to *uint64, value uint64) *seed {
	*to = value
	return (*seed)(to)
}

// Set takes what was given.
func (s *seed) Set(text string) error {
	n, err := strconv.ParseUint(text, 0, 64)
	if err != nil {
		return usage("the seed is a whole number from 0 on")
	}
	*s = seed(n)
	return nil
}

func (s *seed) String() string { return strconv.FormatUint(uint64(*s), 10) }

// Type is what the help calls the value.
func (s *seed) Type() string { return "uint" }
