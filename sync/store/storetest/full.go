package storetest

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"syscall"

	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
	"folkmoot/sync/replica"
	"folkmoot/sync/store"
)

// Full lets n sessions run out of room on the disk on which folder lies, which must be
// small: some megabytes. What was said to be saved stays, the record can be read, what was
// sent meanwhile is saved once there is room, and counts once.
func Full(folder string, seed uint64, n int) error {
	for i := range n {
		if err := fullOnce(folder, rand.New(rand.NewPCG(seed+uint64(i), 4))); err != nil {
			return fmt.Errorf("storetest: full disk, seed %d: %w", seed+uint64(i), err)
		}
	}
	return nil
}

func fullOnce(folder string, random *rand.Rand) error {
	live := filepath.Join(folder, "live")
	defer os.RemoveAll(live)
	if err := os.Mkdir(live, 0o700); err != nil {
		return err
	}
	f, err := store.CreateWith(live, session, bytesOf(random), store.Options{})
	if err != nil {
		return err
	}
	defer f.Close()
	r, err := replica.Open(f, options(f, random, false))
	if err != nil {
		return err
	}
	defer r.Close()
	s := &sending{replica: r, random: random}
	ballast := filepath.Join(live, "ballast")
	for range 3 {
		if err := s.send(1 + random.IntN(20)); err != nil {
			return err
		}
		if err := fill(ballast, random.IntN(200)<<10); err != nil {
			return err
		}
		if err := s.sendUntilFull(f); err != nil {
			return err
		}
		if err := os.Remove(ballast); err != nil {
			return err
		}
	}
	if err := s.send(1); err != nil {
		return err
	}
	if err := f.CheckPages(); err != nil {
		return err
	}
	return s.kept.whole(f, true)
}

// fill takes all room of a disk but so many bytes.
func fill(name string, leave int) error {
	file, err := os.Create(name)
	if err != nil {
		return err
	}
	defer file.Close()
	block, size := make([]byte, 4096), int64(0)
	for range 1 << 16 {
		n, err := file.Write(block)
		size += int64(n)
		if errors.Is(err, syscall.ENOSPC) {
			return file.Truncate(max(0, size-int64(leave)))
		}
		if err != nil {
			return err
		}
	}
	return errors.New("the disk has more than 256 MiB free: it is not small")
}

// sending is a device that sends one statement after the other.
type sending struct {
	replica *replica.Replica
	random  *rand.Rand
	next    int
	kept    promises
}

// send sends the next n statements, the one that was not received before among them.
func (s *sending) send(n int) error {
	for range n {
		id := oplog.ItemID{1, byte(s.next >> 16), byte(s.next >> 8), byte(s.next)}
		out, err := s.replica.Do(context.Background(), moot.Item{CID: id, Payload: &moot.NewStatement{Text: fmt.Sprintf("What was said as number %d.", s.next), Lang: "en", Standing: moot.Approved}})
		if err != nil {
			return err
		}
		if out[0].Receipt == "" {
			return fmt.Errorf("a statement was answered %+v", out[0])
		}
		s.kept.saved(id, out[0].Receipt)
		s.next++
	}
	return nil
}

func (s *sending) sendUntilFull(f *store.File) error {
	for tries := 0; ; tries++ {
		err := s.send(1)
		switch {
		case err == nil && tries < 1<<16:
			continue
		case err == nil:
			return errors.New("the disk does not become full")
		case !errors.Is(err, replica.ErrAgain) || !store.NoRoom(err):
			return err
		}
		break
	}
	for range 2 { // once more, in vain: nothing is lost by that
		if err := s.send(1); err == nil {
			break
		}
	}
	if len(s.replica.View().Statements) < len(s.kept.items) {
		return errors.New("the state has lost something")
	}
	return s.kept.whole(f, false)
}
