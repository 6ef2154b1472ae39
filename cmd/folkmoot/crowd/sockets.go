package crowd

// Sockets says whether this program may have as many connections as so many phones
// need: one to send on and one for the stream, and as many again where the hub runs in
// the same program. limit is how many files and connections it may have; 0 where the
// system knows none.
func Sockets(phones int, hubInside bool) (limit int, ok bool) {
	need := 2*phones + 64 // and the record, the program's own files
	if hubInside {
		need += 2 * phones
	}
	limit = openLimit()
	return limit, limit == 0 || need <= limit
}
