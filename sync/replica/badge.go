package replica

import (
	"context"

	"folkmoot/sync/badge"
	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
)

// AdmitBadge is Admit for a device that joined with a badge. From the same transaction
// on it is the only one of its person: whatever other tokens there are retire.
func (r *Replica) AdmitBadge(ctx context.Context, token oplog.Hash, person moot.ParticipantID, device badge.Device, items ...moot.Item) ([]moot.Outcome, error) {
	return r.items(ctx, []oplog.Token{{Hash: token, Person: person, Device: device}}, items)
}

// Device gives what is kept of a token's badge; zero for one of open mode or of nobody.
func (r *Replica) Device(token oplog.Hash) badge.Device {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.tokens[token].Device
}

// Others gives the devices from which a person takes part besides the one with this
// token, in no order.
func (r *Replica) Others(person moot.ParticipantID, token oplog.Hash) (others []oplog.Hash) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	for hash, t := range r.tokens {
		if hash != token && t.Person == person && !t.Device.Retired {
			others = append(others, hash)
		}
	}
	return others
}

// oneEach gives a batch's tokens, and with each that came by a badge the retired others
// of its person. It belongs to the goroutine that commits: all that came before is in
// r.tokens by then.
func (r *Replica) oneEach(tokens []oplog.Token) []oplog.Token {
	var out []oplog.Token
	for _, t := range tokens {
		if t.Device.Number > 0 && !t.Device.Retired {
			out = r.retire(out, t)
		}
		out = append(out, t)
	}
	return out
}

// retire adds to the batch what t makes of earlier tokens of its person, in it or
// before it.
func (r *Replica) retire(batch []oplog.Token, t oplog.Token) []oplog.Token {
	inBatch := map[oplog.Hash]bool{}
	for i, earlier := range batch {
		inBatch[earlier.Hash] = true
		if earlier.Person == t.Person && earlier.Hash != t.Hash {
			batch[i].Device.Retired = true
		}
	}
	r.mu.RLock()
	defer r.mu.RUnlock()
	for hash, old := range r.tokens {
		if old.Person == t.Person && hash != t.Hash && !old.Device.Retired && !inBatch[hash] {
			old.Device.Retired = true
			batch = append(batch, old)
		}
	}
	return batch
}
