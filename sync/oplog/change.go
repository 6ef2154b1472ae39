package oplog

import "folkmoot/sync/badge"

// Change is what one transaction takes: entries, and what follows from them.
type Change struct {
	Entries []Entry
	// Filled are entries that are held already, without their payload, and came whole.
	Filled []Entry
	Tokens []Token
	// Rows are parts of the state; one without a value is deleted.
	Rows []Row
	// Bad is put aside, so that somebody can look at it.
	Bad []BadEntry
}

// Empty says whether there is nothing to write.
func (c Change) Empty() bool {
	return len(c.Entries)+len(c.Filled)+len(c.Tokens)+len(c.Rows)+len(c.Bad) == 0
}

// Token binds the hash of a device's token to a person.
type Token struct {
	Hash   Hash
	Person [16]byte
	// Device is about the badge by which it joined, zero in open mode.
	Device badge.Device
}

// Row is a part of the state as it lies on the disk beside the entries, written in the
// same transaction: it makes an error of merging or of the disk show, since who folds
// the record anew must come to the same rows. Personal values stand in none.
type Row struct {
	Table string
	Key   string // bytes
	Value []byte // nil: no such row
}

// BadEntry is what a peer sent as an entry and is none that the record can take.
type BadEntry struct {
	Data []byte
	Why  string
}
