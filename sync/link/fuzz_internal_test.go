package link

import (
	"bytes"
	"crypto/ed25519"
	"testing"

	"folkmoot/sync/oplog"
	"folkmoot/sync/peer"
)

// messages gives one of each message, with something in it.
func messages() []message {
	key := make([]byte, ed25519.PublicKeySize)
	known := Known{Key: key, Name: "筆電", Role: Backup, Index: 2, Addresses: []string{"10.0.0.1:8443"}}
	return []message{
		&Hello{Oldest: 1, Newest: 1, Name: "Laptop", Role: Hub, Session: oplog.SessionID{1}, Title: "A square", Version: "0.1.0"},
		&Greeting{Name: "Tablet", Role: Tablet, Oldest: 1, Newest: 1, Wall: 1_790_000_000_000, Log: oplog.ReplicaID{2}, Addresses: []string{"10.0.0.2:8443"}, Web: []string{}, Status: Status{Kept: 12, Battery: 35}, Known: []Known{known}},
		&LiveCall{Heads: []peer.LogHead{{Replica: oplog.ReplicaID{1}, Seq: 7}}},
		&LiveAnswer{Frames: [][]byte{{1, 2, 3}}, Apart: true},
		&Grant{Session: oplog.SessionID{1}, Title: "A square", Role: Tablet, Index: 3, Badge: make([]byte, 32), Known: []Known{known}},
	}
}

// FuzzMessages: whatever comes is refused, or is what encode writes.
func FuzzMessages(f *testing.F) {
	for i, m := range messages() {
		data, err := encode(m)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(uint8(i), data)
	}
	f.Fuzz(func(t *testing.T, kind uint8, data []byte) {
		all := messages()
		m := all[int(kind)%len(all)]
		if decode(data, m) != nil {
			return
		}
		if again, err := encode(m); err != nil || !bytes.Equal(again, data) {
			t.Errorf("%x became %x (%v)", data, again, err)
		}
	})
}

// FuzzBook: a row of the book that is damaged is left out.
func FuzzBook(f *testing.F) {
	key := make([]byte, ed25519.PublicKeySize)
	row, err := oplog.Marshal(Peer{Key: key, Name: "x", Role: Tablet, Addresses: []string{"10.0.0.1:8443"}})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(key, row)
	f.Fuzz(func(t *testing.T, key, value []byte) {
		rows, err := readBook(oneRow{key, value})
		if err != nil {
			t.Fatal(err)
		}
		for id, p := range rows {
			if id != DeviceOf(p.Key) || !bytes.Equal(p.Key, key) {
				t.Errorf("row %x is taken for %s", key, id)
			}
		}
	})
}

type oneRow struct{ key, value []byte }

func (r oneRow) EachPeer(yield func(key, value []byte)) error { yield(r.key, r.value); return nil }
func (oneRow) PutPeer(_, _ []byte) error                      { return nil }
func (oneRow) DropPeer([]byte) error                          { return nil }

// TestTooMuch: what is over the limits of a message is refused.
func TestTooMuch(t *testing.T) {
	long := string(make([]byte, maxText+1))
	key := make([]byte, ed25519.PublicKeySize)
	many := make([]Known, maxPeers+1)
	for i := range many {
		many[i] = Known{Key: key, Role: Hub}
	}
	for name, m := range map[string]message{
		"name":            &Hello{Name: long, Role: Hub},
		"role":            &Hello{Role: "host"},
		"known":           &Greeting{Role: Hub, Known: many},
		"key":             &Greeting{Role: Hub, Known: []Known{{Key: key[:31], Role: Hub}}},
		"addresses":       &Greeting{Role: Hub, Addresses: make([]string, maxAddresses+1)},
		"heads twice":     &LiveCall{Heads: []peer.LogHead{{Seq: 1}, {Seq: 1}}},
		"an entry":        &LiveAnswer{Frames: [][]byte{make([]byte, oplog.MaxEntry+1)}},
		"a grant of none": &Grant{Role: Tablet},
	} {
		data, err := encode(m)
		if err != nil {
			t.Fatal(err)
		}
		if err := decode(data, m); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}
