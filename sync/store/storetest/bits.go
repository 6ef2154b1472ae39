package storetest

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"

	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
	"folkmoot/sync/store"
)

// Bits writes a log of n entries and turns over each bit of every one as it lies in the
// file: reading and checking the log names that very entry, and so it does where the
// log's end is cut off. What it makes lies below folder and is taken away.
func Bits(folder string, seed uint64, n int) error { return BitsOf(folder, seed, n, 0, n) }

// BitsOf is Bits for the entries from ≤ index < to of a log of n.
func BitsOf(folder string, seed uint64, n, from, to int) error {
	random := rand.New(rand.NewPCG(seed, 3))
	live := filepath.Join(folder, "live")
	defer os.RemoveAll(live)
	if err := os.Mkdir(live, 0o700); err != nil {
		return err
	}
	path, entries, err := writeLog(live, random, n)
	if err == nil {
		err = eachBit(path, entries, from, to)
	}
	if err == nil {
		err = cutTails(path, entries)
	}
	if err != nil {
		return fmt.Errorf("storetest: bits of seed %d: %w", seed, err)
	}
	return nil
}

// writeLog writes a log in which public and personal entries take turns.
func writeLog(folder string, random *rand.Rand, n int) (string, []oplog.Entry, error) {
	f, err := store.CreateWith(folder, session, bytesOf(random), store.Options{System: quick{}})
	if err != nil {
		return "", nil, err
	}
	defer f.Close()
	pen := oplog.NewWriter(session, f.Keys().Sign, oplog.Head{}, oplog.NewClock(oplog.Time{}), bytesOf(random))
	draft, err := pen.Open("hub")
	var entries []oplog.Entry
	for i := 0; i < n && err == nil; i++ {
		if i > 0 {
			item := moot.Item{CID: oplog.ItemID{1, byte(i >> 8), byte(i)}, Payload: &moot.NewStatement{Text: fmt.Sprintf("What was said as number %d.", i), Lang: "en", Standing: moot.Approved}}
			if i%2 == 1 {
				item.Payload = &moot.SetPerson{Person: moot.ParticipantID{byte(i >> 8), byte(i)}, Field: moot.PersonName, Value: fmt.Sprintf("Somebody %d", i), Rev: 1}
			}
			draft, err = item.Draft()
		}
		var e oplog.Entry
		if err == nil {
			e, err = pen.Write(draft, uint64(i+1))
		}
		entries = append(entries, e)
	}
	if err == nil {
		err = f.Append(entries)
	}
	return f.Path(), entries, err
}

// eachBit turns over the bits in the file itself, one at a time, while it is open for
// reading: what bbolt reads is the file.
func eachBit(path string, entries []oplog.Entry, from, to int) error {
	raw, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	file, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	defer file.Close()
	f, err := store.Open(path, store.Options{ReadOnly: true})
	if err != nil {
		return err
	}
	defer f.Close()
	chain := oplog.NewChain(session)
	for i, e := range entries[:to] {
		if i < from {
			if err := chain.Link(e); err != nil {
				return err
			}
			continue
		}
		at, size, err := placeOf(raw, e)
		if err != nil {
			return err
		}
		for bit := range 8 * size {
			offset := int64(at + bit/8)
			file.WriteAt([]byte{raw[offset] ^ 1<<(bit%8)}, offset)
			bad := checkFrom(f, chain, e)
			file.WriteAt([]byte{raw[offset]}, offset)
			if bad != e.Seq {
				return fmt.Errorf("bit %d of entry %d was turned over, and entry %d was found to be wrong (0: none)", bit, e.Seq, bad)
			}
		}
		if err := chain.Next(e); err != nil {
			return err
		}
	}
	return nil
}

// placeOf finds an entry in the file's bytes: it begins with its header and signature,
// and ends where its row does.
func placeOf(raw []byte, e oplog.Entry) (at, size int, err error) {
	data, err := e.Encode()
	if err != nil {
		return 0, 0, err
	}
	head := bytes.Index(data, e.Sig[:]) + len(e.Sig)
	at = bytes.LastIndex(raw, data[:head])
	if at < 0 || bytes.Count(raw, data[:head]) != 1 {
		return 0, 0, fmt.Errorf("entry %d lies in the file %d times", e.Seq, bytes.Count(raw, data[:head]))
	}
	size = len(data)
	if e.Class == oplog.Personal {
		size += sealed
	}
	if _, err := oplog.Decode(raw[at : at+size]); err != nil {
		return 0, 0, fmt.Errorf("entry %d as it lies in the file: %w", e.Seq, err)
	}
	return at, size, nil
}

// sealed is by how much a payload that is sealed is longer.
const sealed = 16

// checkFrom checks a log from one entry on, before which all is well, and gives the
// number of the first that is wrong, 0 for none.
func checkFrom(f *store.File, chain *oplog.Chain, e oplog.Entry) uint64 {
	bad := uint64(0)
	err := f.Entries(e.Replica, e.Seq, func(read oplog.Entry) bool {
		if chain.Next(read) != nil {
			bad = read.Seq
		}
		return false
	})
	var damaged *store.DamagedEntry
	if errors.As(err, &damaged) {
		return damaged.Seq
	}
	return bad
}

// cutTails cuts the log's end off, entry by entry: its heads tell.
func cutTails(path string, entries []oplog.Entry) error {
	f, err := store.Open(path, store.Options{System: quick{}})
	if err != nil {
		return err
	}
	defer f.Close()
	want, err := f.Heads()
	if err != nil {
		return err
	}
	last := entries[len(entries)-1]
	for _, keep := range []uint64{last.Seq - 1, last.Seq / 2, 1} {
		if err := f.Cut(last.Replica, keep+1); err != nil {
			return err
		}
		heads, err := f.Heads()
		if err != nil {
			return err
		}
		if heads[last.Replica].Seq != keep || heads[last.Replica] == want[last.Replica] {
			return fmt.Errorf("cut after entry %d, the log's head is %v", keep, heads[last.Replica])
		}
	}
	return nil
}
