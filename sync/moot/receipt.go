package moot

import (
	"bytes"
	"encoding/hex"
	"strconv"

	"folkmoot/sync/oplog"
)

// Receipt says where an act stands in the record.
type Receipt struct {
	_       struct{} `cbor:",toarray"`
	Replica oplog.ReplicaID
	Seq     uint64
	// Late is set for a vote that came when voting was closed: kept, not counted.
	Late bool
}

// ReceiptOf gives the receipt of an entry.
func ReceiptOf(e oplog.Entry) Receipt {
	at := Receipt{Replica: e.Replica, Seq: e.Seq}
	if e.Kind != (*SetVote)(nil).Kind() || e.Redacted() {
		return at
	}
	if p, err := Decode(e.Kind, e.Schema, e.Payload); err == nil {
		at.Late = !p.(*SetVote).Open
	}
	return at
}

// Before says whether p is the receipt of an act which stands in two: the one in
// the log with the smaller id.
func (p Receipt) Before(q Receipt) bool {
	if p.Replica != q.Replica {
		return bytes.Compare(p.Replica[:], q.Replica[:]) < 0
	}
	return p.Seq < q.Seq
}

// Outcome gives what a sender is told about an act that stands there.
func (p Receipt) Outcome() Outcome {
	return Outcome{Receipt: hex.EncodeToString(p.Replica[:4]) + "-" + strconv.FormatUint(p.Seq, 10), Late: p.Late}
}

// Row gives the receipt of an item as a row.
func (p Receipt) Row(cid oplog.ItemID) oplog.Row {
	value, err := oplog.Marshal(p)
	if err != nil {
		panic("moot: receipt: " + err.Error()) // a type of ours, which encodes
	}
	return oplog.Row{Table: RowReceipt, Key: string(cid[:]), Value: value}
}

// ReadReceipt reads the value of a receipt's row. Error: oplog.ErrMalformed.
func ReadReceipt(value []byte) (Receipt, error) {
	var p Receipt
	err := oplog.Unmarshal(value, &p)
	return p, err
}
