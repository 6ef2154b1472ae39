package readmodel

// Trouble is something that could not be done, to be put into the reader's language:
// what happened, what was kept, what to do.
type Trouble struct {
	// Key is the key of the catalogue, Args its arguments.
	Key  string
	Args map[string]any
	// Port is a free port to offer where the wished one is taken; else 0.
	Port int
	// Err is the cause.
	Err error
}

// Error gives the cause's own words, else the key: a log's reader wants those.
func (t *Trouble) Error() string {
	if t.Err != nil {
		return t.Err.Error()
	}
	return t.Key
}

// Unwrap gives the cause.
func (t *Trouble) Unwrap() error { return t.Err }
