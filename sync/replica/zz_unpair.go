package replica

import (
	"context"

	"folkmoot/sync/oplog"
)

func (r *Replica) Unpair(ctx context.Context, log oplog.ReplicaID) error { return nil }
