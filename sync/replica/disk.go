package replica

import (
	"folkmoot/sync/oplog"
)

// Disk holds the record for good.
type Disk interface {
	oplog.Log
	// Commit returns once the change is synced: all of it or nothing. Any error but
	// oplog.ErrGap and oplog.ErrChain means "unknown".
	Commit(oplog.Change) error
	// Recover opens the record anew after a failed Commit and syncs all that can be
	// read, which may be more than what was synced. After an error it can still be read.
	Recover() error
	// Row gives the value of a row, nil where there is none. The caller owns it.
	Row(table, key string) ([]byte, error)
	// Tokens gives every token with its person.
	Tokens() ([]oplog.Token, error)
	// Rows gives every row of a table by ascending key, until yield says no.
	Rows(table string, yield func(oplog.Row) bool) error
	// Cut takes a log's entries from a number on out of the record, into quarantine.
	Cut(replica oplog.ReplicaID, from uint64) error
	// Erase drops salt and payload of every personal entry, so that no trace is left.
	Erase() error
}
