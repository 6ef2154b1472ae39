package peer

import (
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"folkmoot/sync/oplog"
)

func head(id byte, seq uint64, hash byte) LogHead {
	return LogHead{Replica: oplog.ReplicaID{id}, Seq: seq, Hash: Short{hash}}
}

func TestCompare(t *testing.T) {
	mine := []LogHead{head(1, 5, 15), head(2, 5, 25), head(3, 5, 35), head(4, 5, 45), head(5, 5, 55), head(6, 5, 65)}
	theirs := []LogHead{head(1, 5, 15), head(2, 3, 23), head(3, 7, 37), head(4, 5, 99), head(5, 9, 59), head(7, 2, 72)}
	if got, want := asked(mine, theirs), []Place{{Replica: oplog.ReplicaID{3}, Seq: 5}, {Replica: oplog.ReplicaID{5}, Seq: 5}}; !reflect.DeepEqual(got, want) {
		t.Errorf("asked %v", got)
	}
	told := map[Place]Short{{Replica: oplog.ReplicaID{3}, Seq: 5}: {35}, {Replica: oplog.ReplicaID{5}, Seq: 5}: {98}}
	got, err := compare(mine, theirs, told, func(at Place) (Short, error) { return Short{10*at.Replica[0] + byte(at.Seq)}, nil })
	want := plan{
		pull:  []Range{{Replica: oplog.ReplicaID{3}, From: 6, To: 7}, {Replica: oplog.ReplicaID{7}, From: 1, To: 2}},
		push:  []Range{{Replica: oplog.ReplicaID{2}, From: 4, To: 5}, {Replica: oplog.ReplicaID{6}, From: 1, To: 5}},
		apart: []Place{{Replica: oplog.ReplicaID{4}, Seq: 5}, {Replica: oplog.ReplicaID{5}, Seq: 5}},
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v\nwant %+v", got, err, want)
	}
}

// However long a log is, its split is found in a few calls.
func TestCuts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		end := rapid.Uint64Range(1, 1<<62).Draw(t, "end")
		split := rapid.Uint64Range(1, end).Draw(t, "split")
		same, differ, calls := uint64(0), end, 0
		for {
			seqs := cuts(same, differ)
			if len(seqs) == 0 {
				break
			}
			if calls++; calls > 12 || len(seqs) > MaxPlaces {
				t.Fatalf("%d calls, %d places", calls, len(seqs))
			}
			for _, seq := range seqs {
				if seq <= same || seq >= differ {
					t.Fatalf("%d is not between %d and %d", seq, same, differ)
				}
				if seq >= split {
					differ = seq
					break
				}
				same = seq
			}
		}
		if differ != split {
			t.Fatalf("split at %d, found %d", split, differ)
		}
	})
}
