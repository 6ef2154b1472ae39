package storetest

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"syscall"

	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
	"folkmoot/sync/replica"
	"folkmoot/sync/store"
)

const (
	senders  = 8 // devices that send at the same time
	sendEach = 5 // items of each
)

// Faults lets a session happen 2n times: in turn each of the first n writes and syncs
// fails, once for a broken disk and once for a full one. Nothing is called saved that is
// not there, everything that was sent again until it was received is there once, and the
// power may go at any moment of it. What it makes lies below folder and is taken away.
func Faults(folder string, seed uint64, n int) error {
	for call := 1; call <= n; call++ {
		if err := FaultAt(folder, seed+uint64(call), call); err != nil {
			return err
		}
	}
	return nil
}

// FaultAt is Faults for one writing or sync, numbered from 1.
func FaultAt(folder string, seed uint64, call int) error {
	for _, fault := range []error{syscall.EIO, syscall.ENOSPC} {
		if err := faultAt(folder, seed, call, fault); err != nil {
			return fmt.Errorf("storetest: seed %d, call %d fails with %q: %w", seed, call, fault, err)
		}
	}
	return nil
}

func faultAt(folder string, seed uint64, call int, fault error) error {
	random := rand.New(rand.NewPCG(seed, 2))
	live := filepath.Join(folder, "live")
	defer os.RemoveAll(live)
	if err := os.Mkdir(live, 0o700); err != nil {
		return err
	}
	s := &play{disk: NewDisk(), folder: live, random: random}
	defer s.disk.Close()
	s.disk.Fail(call, 1, fault)
	if err := s.crowd(); err != nil {
		return err
	}
	for s.disk.Calls() < call { // a session that goes on until the fault was met
		if err := s.crowd(); err != nil {
			return err
		}
	}
	if s.disk.Failed() == 0 {
		return errors.New("nothing failed")
	}
	return s.disk.images(folder, random, 2)
}

// crowd opens the session, lets several devices send at once, and closes it.
func (s *play) crowd() error {
	if s.file == nil {
		if err := s.openCreated(); err != nil {
			return err
		}
	} else if err := s.reopen(); err != nil {
		return err
	}
	failed := make(chan error, senders)
	var wait sync.WaitGroup
	for range senders {
		first := s.items
		s.items += sendEach
		wait.Go(func() { failed <- s.sender(first) })
	}
	wait.Wait()
	close(failed)
	var err error
	for one := range failed {
		err = errors.Join(err, one)
	}
	s.replica.Close()
	if cerr := s.file.Close(); err == nil {
		err = cerr
	}
	return err
}

func (s *play) openCreated() error {
	if err := s.make(); err != nil {
		return err
	}
	return s.open()
}

func (s *play) reopen() error {
	f, err := store.Open(s.file.Path(), store.Options{System: s.disk})
	if err != nil {
		return err
	}
	s.file = f
	return s.open()
}

// sender sends one item after the other, each until it is received. One that comes back
// as unknown is there afterwards, or not: what was answered decides.
func (s *play) sender(first uint64) error {
	for n := first; n < first+sendEach; n++ {
		var id oplog.ItemID
		binary.BigEndian.PutUint64(id[:], n+1)
		item := moot.Item{CID: id, Payload: &moot.NewStatement{Text: fmt.Sprintf("What was said as number %d.", n), Lang: "en", Standing: moot.Approved}}
		for tries := 0; ; tries++ {
			out, err := s.replica.Do(context.Background(), item)
			if errors.Is(err, replica.ErrAgain) && tries < 20 {
				continue
			}
			if err != nil {
				return err
			}
			if err := s.seen(id); err != nil {
				return err
			}
			if err := s.told([]moot.Item{item}, out); err != nil {
				return err
			}
			break
		}
	}
	return nil
}

// seen says whether what was called saved is in the record that everybody reads.
func (s *play) seen(id oplog.ItemID) error {
	if s.replica.View().Statement(moot.StatementID(id)) == nil {
		return fmt.Errorf("statement %s was called saved and is not in the state", id)
	}
	return nil
}
