package command

import (
	"context"
	"path/filepath"

	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
	"folkmoot/sync/replica"
	"folkmoot/sync/store"
)

// readRest brings into a restored session what came after its backup and can still be
// read of the damaged file: each log as far as it is whole, checked like what a peer
// sends. It gives how many entries that were.
func (a *app) readRest(ctx context.Context, held *local, aside string) (int, error) {
	damaged, err := store.Open(filepath.Join(aside, store.Name(held.file.Session())), store.Options{ReadOnly: true})
	if err != nil {
		return 0, nil // nothing of it can be read
	}
	defer damaged.Close()
	if err := damaged.OpenNames(held.file.Keys().Seal); err != nil {
		return 0, err
	}
	logs, err := damaged.Heads()
	if err != nil {
		return 0, nil
	}
	have, err := held.Heads()
	if err != nil {
		return 0, err
	}
	found := 0
	for id := range logs {
		n, err := receiveRest(ctx, held, damaged, id, have[id].Seq+1)
		found += n
		if err != nil {
			return found, err
		}
	}
	if found == 0 {
		return 0, nil
	}
	return found, restTokens(held, damaged)
}

// receiveRest takes one log's entries from number from on, until one is not whole.
func receiveRest(ctx context.Context, held *local, damaged *store.File, id oplog.ReplicaID, from uint64) (int, error) {
	found := 0
	for {
		var frames [][]byte
		damaged.Entries(id, from, func(e oplog.Entry) bool { // its error is where the log ends
			data, err := e.Encode()
			if err != nil {
				return false
			}
			frames = append(frames, data)
			return len(frames) < replica.MaxReceived
		})
		if len(frames) == 0 {
			return found, nil
		}
		got, err := held.Receive(ctx, frames)
		found += got.New
		if err != nil || got.New < len(frames) {
			return found, err
		}
		from += uint64(len(frames))
	}
}

// restTokens lets the phones go on that joined after the backup, where their people came
// along.
func restTokens(held *local, damaged *store.File) error {
	all, err := damaged.Tokens()
	if err != nil {
		return nil // they join again
	}
	var fresh []oplog.Token
	for _, t := range all {
		if _, known := held.Person(t.Hash); !known && held.View().Person(moot.ParticipantID(t.Person)) != nil {
			fresh = append(fresh, t)
		}
	}
	if len(fresh) == 0 {
		return nil
	}
	return held.file.Commit(oplog.Change{Tokens: fresh}) // it is read at the next opening
}
