package replicatest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"folkmoot/sync/oplog"
)

// Disk holds a record in memory. See NewDisk.
type Disk struct {
	// Fail is asked before each writing: an error is returned, and stored says whether
	// the change was taken all the same. Nil: nothing fails. It is set by SetFail.
	fail func() (stored bool, err error)

	mu     sync.Mutex
	logs   map[oplog.ReplicaID][]oplog.Entry
	tokens []oplog.Token
	rows   map[string]map[string][]byte
	bad    []oplog.BadEntry
	// unsynced says that a failed commit was stored and not recovered since.
	unsynced bool
}

// NewDisk gives an empty Disk.
func NewDisk() *Disk {
	return &Disk{logs: map[oplog.ReplicaID][]oplog.Entry{}, rows: map[string]map[string][]byte{}}
}

// SetFail sets what decides on failures.
func (d *Disk) SetFail(fail func() (stored bool, err error)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.fail = fail
}

// Unsynced says whether something that is read was never synced.
func (d *Disk) Unsynced() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.unsynced
}

func (d *Disk) failing() (bool, error) {
	if d.fail == nil {
		return false, nil
	}
	return d.fail()
}

// Append adds entries, all or none.
func (d *Disk) Append(entries []oplog.Entry) error {
	return d.Commit(oplog.Change{Entries: entries})
}

// Commit takes a change, all of it or nothing.
func (d *Disk) Commit(c oplog.Change) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	stored, failure := d.failing()
	if failure != nil && !stored {
		return failure
	}
	if err := d.take(c); err != nil {
		return err
	}
	d.unsynced = d.unsynced || failure != nil
	return failure
}

func (d *Disk) take(c oplog.Change) error {
	heads := map[oplog.ReplicaID]oplog.Head{}
	for _, e := range c.Entries {
		head, ok := heads[e.Replica]
		if !ok {
			head = d.head(e.Replica)
		}
		if err := oplog.Follows(head, e); err != nil {
			return err
		}
		heads[e.Replica] = oplog.Head{Seq: e.Seq, Hash: e.Hash()}
	}
	for _, e := range c.Entries {
		d.logs[e.Replica] = append(d.logs[e.Replica], e)
	}
	for _, e := range c.Filled {
		log := slices.Clone(d.logs[e.Replica]) // who reads holds the old one
		if e.Seq == 0 || e.Seq > uint64(len(log)) || log[e.Seq-1].Hash() != e.Hash() {
			return fmt.Errorf("replicatest: fill in entry %d of %s: %w", e.Seq, e.Replica, oplog.ErrGap)
		}
		log[e.Seq-1] = e
		d.logs[e.Replica] = log
	}
	for _, t := range c.Tokens {
		d.tokens = slices.DeleteFunc(d.tokens, func(old oplog.Token) bool { return old.Hash == t.Hash })
		d.tokens = append(d.tokens, t)
	}
	for _, row := range c.Rows {
		if d.rows[row.Table] == nil {
			d.rows[row.Table] = map[string][]byte{}
		}
		if d.rows[row.Table][row.Key] = slices.Clone(row.Value); row.Value == nil {
			delete(d.rows[row.Table], row.Key)
		}
	}
	d.bad = append(d.bad, c.Bad...)
	return nil
}

func (d *Disk) head(r oplog.ReplicaID) oplog.Head {
	log := d.logs[r]
	if len(log) == 0 {
		return oplog.Head{}
	}
	return oplog.Head{Seq: log[len(log)-1].Seq, Hash: log[len(log)-1].Hash()}
}

// Recover brings what is read to the disk.
func (d *Disk) Recover() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if _, err := d.failing(); err != nil {
		return err
	}
	d.unsynced = false
	return nil
}

// Heads says how far each log is held.
func (d *Disk) Heads() (oplog.Heads, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	heads := oplog.Heads{}
	for r := range d.logs {
		heads[r] = d.head(r)
	}
	return heads, nil
}

// Entries gives the entries of one log from number from on, until yield says no.
func (d *Disk) Entries(r oplog.ReplicaID, from uint64, yield func(oplog.Entry) bool) error {
	d.mu.Lock()
	log := slices.Clip(d.logs[r])
	d.mu.Unlock()
	for i := max(from, 1); i <= uint64(len(log)); i++ {
		if !yield(log[i-1]) {
			return nil
		}
	}
	return nil
}

// Row gives the value of a row, nil where there is none.
func (d *Disk) Row(table, key string) ([]byte, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.rows[table][key]), nil
}

// Rows gives every row of a table by ascending key, until yield says no.
func (d *Disk) Rows(table string, yield func(oplog.Row) bool) error {
	d.mu.Lock()
	var rows []oplog.Row
	for key, value := range d.rows[table] {
		rows = append(rows, oplog.Row{Table: table, Key: key, Value: slices.Clone(value)})
	}
	d.mu.Unlock()
	slices.SortFunc(rows, func(a, b oplog.Row) int { return strings.Compare(a.Key, b.Key) })
	for _, row := range rows {
		if !yield(row) {
			return nil
		}
	}
	return nil
}

// Tokens gives every token with its person.
func (d *Disk) Tokens() ([]oplog.Token, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.tokens), nil
}

// Bad gives the entries in quarantine.
func (d *Disk) Bad() []oplog.BadEntry {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.bad)
}

// Cut takes a log's entries from a number on out of the record, into quarantine.
func (d *Disk) Cut(r oplog.ReplicaID, from uint64) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if _, err := d.failing(); err != nil {
		return err
	}
	log := d.logs[r]
	if from == 0 || from > uint64(len(log)) {
		return nil
	}
	for _, e := range log[from-1:] {
		data, err := e.Encode()
		if err != nil {
			return fmt.Errorf("replicatest: %w", err)
		}
		d.bad = append(d.bad, oplog.BadEntry{Data: data, Why: "another branch of this log was named"})
	}
	if d.logs[r] = slices.Clone(log[:from-1]); from == 1 {
		delete(d.logs, r)
	}
	return nil
}

// Erase drops what is personal.
func (d *Disk) Erase() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if _, err := d.failing(); err != nil {
		return err
	}
	for r, log := range d.logs {
		log = slices.Clone(log)
		for i, e := range log {
			if e.Class == oplog.Personal {
				log[i] = e.Redact()
			}
		}
		d.logs[r] = log
	}
	d.bad = erasedBad(d.bad)
	return nil
}

// erasedBad keeps what is put aside without what is personal, as a store does; what is no
// entry may hold a name, and goes.
func erasedBad(bad []oplog.BadEntry) []oplog.BadEntry {
	var kept []oplog.BadEntry
	for _, b := range bad {
		e, err := oplog.Decode(b.Data)
		if err == nil && e.Class == oplog.Personal {
			b.Data, err = e.Redact().Encode()
		}
		if err == nil {
			kept = append(kept, b)
		}
	}
	return kept
}

// Copy gives a Disk that holds the same: a clone, or a backup.
func (d *Disk) Copy() *Disk {
	d.mu.Lock()
	defer d.mu.Unlock()
	c := NewDisk()
	for r, log := range d.logs {
		c.logs[r] = slices.Clone(log)
	}
	for table, rows := range d.rows {
		c.rows[table] = map[string][]byte{}
		for k, v := range rows {
			c.rows[table][k] = slices.Clone(v)
		}
	}
	c.tokens, c.bad = slices.Clone(d.tokens), slices.Clone(d.bad)
	return c
}

// Spoil overwrites a row without an entry that says so, as a fault of the disk may do.
func (d *Disk) Spoil(table, key string, value []byte) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if _, ok := d.rows[table][key]; !ok {
		return errors.New("replicatest: there is no such row")
	}
	d.rows[table][key] = value
	return nil
}
