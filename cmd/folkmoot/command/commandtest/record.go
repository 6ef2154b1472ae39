package commandtest

import (
	"fmt"
	"path/filepath"

	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
	"folkmoot/sync/store"
)

// record is what the one session's file of a folder holds.
type record struct {
	votes   map[string][]string // item id → values, as often as it stands there
	checked oplog.Heads         // how far signatures were checked
}

// read reads the file of a hub that does not run. It follows the whole chain, and
// checks the signatures of what is new since the last reading.
func (r *record) read(data string) error {
	paths, err := filepath.Glob(filepath.Join(data, "*.folkmoot"))
	if err != nil || len(paths) != 1 {
		return fmt.Errorf("one session was expected in %s: %v %v", data, paths, err)
	}
	file, err := store.Open(paths[0], store.Options{ReadOnly: true})
	if err != nil {
		return err
	}
	defer file.Close()
	chain := oplog.NewChain(file.Session())
	r.votes = map[string][]string{}
	var wrong error
	err = oplog.All(file, func(e oplog.Entry) bool {
		check := chain.Link
		if e.Seq > r.checked[e.Replica].Seq {
			check = chain.Next
		}
		if wrong = check(e); wrong != nil {
			wrong = fmt.Errorf("entry %d of %s: %w", e.Seq, e.Replica, wrong)
			return false
		}
		p, err := moot.Decode(e.Kind, e.Schema, e.Payload)
		if v, ok := p.(*moot.SetVote); ok && err == nil {
			r.votes[e.CID.String()] = append(r.votes[e.CID.String()], v.Value.String())
		}
		return true
	})
	if err == nil {
		err = wrong
	}
	if err != nil {
		return fmt.Errorf("the record after the kill: %w", err)
	}
	for replica, before := range r.checked {
		if head := chain.Heads()[replica]; head.Seq < before.Seq {
			return fmt.Errorf("the log of %s ends at entry %d, and ended at %d before", replica, head.Seq, before.Seq)
		}
	}
	r.checked = chain.Heads()
	return nil
}
