package oplog_test

import (
	"testing"

	"folkmoot/sync/costtest"
	"folkmoot/sync/oplog"
)

// An entry is refused by its size before it is looked into; a payload is not, and may
// come from elsewhere.
func TestDecodeCost(t *testing.T) {
	costtest.Check(t, costtest.Hostile(), func(data []byte) {
		oplog.Decode(data)
		oplog.Decode(data[:oplog.MaxEntry])
		var pair oplog.Pair
		oplog.Unmarshal(data, &pair)
		var rows []map[uint64]string
		oplog.Unmarshal(data, &rows)
	})
}
