package storetest

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"syscall"

	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
	"folkmoot/sync/replica"
	"folkmoot/sync/store"
)

// imagesEach is how many images are made of one session.
const imagesEach = 50

// Images lets sessions happen on disks that now and then fail, and looks at n images of
// what may be found of them after a power cut: each opens, passes bbolt's check, holds all
// that was said to be saved, with its rows, and can be written to. What it makes lies
// below folder and is taken away again. The error names the seed.
func Images(folder string, seed uint64, n int) error {
	for done := 0; done < n; done += imagesEach {
		at := seed + uint64(done/imagesEach)
		if err := imagesOf(folder, at, min(imagesEach, n-done)); err != nil {
			return fmt.Errorf("storetest: images of seed %d: %w", at, err)
		}
	}
	return nil
}

func imagesOf(folder string, seed uint64, n int) error {
	random := rand.New(rand.NewPCG(seed, 1))
	live := filepath.Join(folder, "live")
	defer os.RemoveAll(live)
	if err := os.Mkdir(live, 0o700); err != nil {
		return err
	}
	s := &play{disk: NewDisk(), folder: live, random: random}
	defer s.disk.Close()
	if err := s.run(); err != nil {
		return fmt.Errorf("while it ran: %w", err)
	}
	return s.disk.images(folder, random, n)
}

// moments chooses when the power goes: by chance, and every other time soon after a sync
// that failed or a change of names, where the most can go wrong.
func (d *Disk) moments(random *rand.Rand, n int) []int {
	var weak []int
	for i, e := range d.events {
		if e.kind == unsynced || e.kind == renamed {
			weak = append(weak, i)
		}
	}
	moments := make([]int, n)
	for i := range moments {
		moments[i] = random.IntN(len(d.events) + 1)
		if i%2 == 0 && len(weak) > 0 {
			moments[i] = min(len(d.events), weak[random.IntN(len(weak))]+1+random.IntN(12))
		}
	}
	slices.Sort(moments)
	return moments
}

// images looks at n images of the disk.
func (d *Disk) images(folder string, random *rand.Rand, n int) error {
	moments := d.moments(random, n)
	p, next := newPlatter(), 0
	for _, at := range moments {
		for ; next < at; next++ {
			p.take(d.events[next])
		}
		if err := p.look(filepath.Join(folder, "image"), random); err != nil {
			return fmt.Errorf("after event %d of %d: %w", at, len(d.events), err)
		}
	}
	return nil
}

func (p *platter) look(folder string, random *rand.Rand) error {
	defer os.RemoveAll(folder)
	if err := os.Mkdir(folder, 0o700); err != nil {
		return err
	}
	if err := p.write(folder, random); err != nil {
		return err
	}
	return p.kept.hold(folder, random)
}

// play is a session that happens on a Disk.
type play struct {
	disk       *Disk
	folder     string
	random     *rand.Rand
	file       *store.File
	replica    *replica.Replica
	items      uint64
	statements []moot.StatementID
	people     []moot.ParticipantID
	names      []string
	unlinked   bool
	tries      int
}

func (s *play) run() error {
	if err := s.create(); err != nil {
		return err
	}
	defer func() {
		s.replica.Close()
		s.file.Close()
	}()
	for range 40 + s.random.IntN(40) {
		if err := s.step(); err != nil {
			return err
		}
	}
	return nil
}

// trouble lets something fail soon: one or two calls, or a chosen place of the next
// transaction.
func (s *play) trouble() {
	with := []error{syscall.EIO, syscall.ENOSPC}[s.random.IntN(2)]
	if what := aim(s.random.IntN(8)); what <= lastSync && what != nothing {
		s.disk.failAt(what, with)
		return
	}
	s.disk.Fail(s.disk.Calls()+1+s.random.IntN(9), 1+s.random.IntN(2), with)
}

func (s *play) create() error {
	if s.random.IntN(3) == 0 {
		s.trouble()
	}
	if err := s.make(); err != nil {
		return err
	}
	return s.open()
}

// make makes the session, and tries again where the disk did not let it.
func (s *play) make() error {
	for {
		f, err := store.CreateWith(s.folder, session, bytesOf(s.random), store.Options{System: s.disk})
		if errors.Is(err, store.ErrExists) { // it failed when all but the last was done
			f, err = store.Open(filepath.Join(s.folder, store.Name(session)), store.Options{System: s.disk})
		}
		if err == nil {
			s.file = f
			break
		}
		if s.tries++; s.tries > 20 {
			return err
		}
	}
	s.disk.note(func(p *promises) { p.made = true })
	return nil
}

func (s *play) open() (err error) {
	o := options(s.file, s.random, s.file.Unclean())
	o.Unsettled = s.file.Unsettled()
	s.replica, err = replica.Open(s.file, o)
	return err
}

func (s *play) step() error {
	if s.random.IntN(8) == 0 {
		s.trouble()
	}
	switch what := s.random.IntN(40); {
	case what == 0:
		return s.restart()
	case what == 1 && !s.disk.failing():
		s.disk.note(func(p *promises) { p.sign = nil }) // either of the two
		key, err := s.file.NewKey(bytesOf(s.random))
		if err != nil {
			return err
		}
		s.disk.note(func(p *promises) { p.sign = key })
		return s.restart()
	case what == 2 && !s.unlinked:
		return s.unlink()
	case what == 39:
		return s.peer()
	case what < 10 && !s.unlinked || len(s.people) == 0:
		return s.join()
	case what < 16 || s.unlinked || len(s.statements) == 0:
		return s.state()
	}
	return s.vote()
}

func (s *play) restart() error {
	s.replica.Close()
	s.file.Close()
	s.disk.Heal()
	f, err := store.Open(s.file.Path(), store.Options{System: s.disk})
	if err != nil {
		return err
	}
	s.file = f
	return s.open()
}

func (s *play) id() oplog.ItemID {
	s.items++
	var id oplog.ItemID
	binary.BigEndian.PutUint64(id[:], s.items)
	return id
}

func (s *play) unlink() error {
	var seal []byte
	if len(s.names) > 0 { // else there is nothing to erase
		seal = s.file.Keys().Seal
	}
	s.disk.note(func(p *promises) { p.seal = seal })
	if err := s.do(nil, moot.Item{CID: s.id(), Payload: &moot.Unlink{}}); err != nil {
		return err
	}
	s.unlinked = true
	gone := s.names
	s.disk.note(func(p *promises) { p.gone = gone })
	return nil
}

func (s *play) join() error {
	if s.unlinked {
		return nil
	}
	id := moot.ParticipantID{1, byte(len(s.people) >> 8), byte(len(s.people))}
	token := oplog.Token{Hash: oplog.Hash{2, byte(len(s.people) >> 8), byte(len(s.people))}, Person: id}
	name := fmt.Sprintf("Somebody %x", s.random.Uint64())
	set := func(field moot.PersonField, value string) moot.Item {
		return moot.Item{CID: s.id(), Payload: &moot.SetPerson{Person: id, Field: field, Value: value, Rev: 1}}
	}
	err := s.do(&token, set(moot.PersonNumber, fmt.Sprint(len(s.people)+1)), set(moot.PersonName, name), set(moot.PersonLang, "zh-Hant"))
	if err == nil {
		s.people, s.names = append(s.people, id), append(s.names, name)
		s.disk.note(func(p *promises) { p.tokens = append(p.tokens, token) })
	}
	return err
}

func (s *play) state() error {
	var items []moot.Item
	for range 1 + s.random.IntN(3) {
		id := s.id()
		s.statements = append(s.statements, moot.StatementID(id))
		items = append(items, moot.Item{CID: id, Payload: &moot.NewStatement{Text: fmt.Sprintf("What was said as number %d.", len(s.statements)), Lang: "en", Standing: moot.Approved}})
	}
	return s.do(nil, items...)
}

// peer keeps another device, or forgets it. After an error either may be there.
func (s *play) peer() error {
	key, value := fmt.Sprint("device ", s.random.IntN(3)), ""
	put := func() error { return s.file.DropPeer([]byte(key)) }
	if s.random.IntN(4) > 0 {
		value = fmt.Sprintf("seen %x", s.random.Uint64())
		put = func() error { return s.file.PutPeer([]byte(key), []byte(value)) }
	}
	s.disk.note(func(p *promises) { p.peer(key, value, false) })
	if err := put(); err == nil {
		s.disk.note(func(p *promises) { p.peer(key, value, true) })
	}
	return nil
}

func (s *play) vote() error {
	if len(s.people) == 0 || len(s.statements) == 0 {
		return nil
	}
	var items []moot.Item
	for range 1 + s.random.IntN(12) {
		items = append(items, moot.Item{CID: s.id(), Payload: &moot.SetVote{Person: s.people[s.random.IntN(len(s.people))], Statement: s.statements[s.random.IntN(len(s.statements))],
			Value: []moot.Vote{moot.Agree, moot.Disagree, moot.Pass}[s.random.IntN(3)], Rev: s.items, Open: true}})
	}
	return s.do(nil, items...)
}

// do sends items as a phone does: the same ones again until something is known of them.
func (s *play) do(token *oplog.Token, items ...moot.Item) error {
	for tries := 0; ; tries++ {
		var out []moot.Outcome
		var err error
		if token == nil {
			out, err = s.replica.Do(context.Background(), items...)
		} else {
			out, err = s.replica.Admit(context.Background(), token.Hash, token.Person, items...)
		}
		if errors.Is(err, replica.ErrAgain) && tries < 20 {
			if s.random.IntN(4) == 0 { // somebody closes it for that, and opens it again
				if err := s.restart(); err != nil {
					return err
				}
			}
			continue
		}
		if err != nil {
			return err
		}
		return s.told(items, out)
	}
}

func (s *play) told(items []moot.Item, out []moot.Outcome) error {
	receipts := map[oplog.ItemID]string{}
	for i, o := range out {
		if o.Receipt == "" {
			return fmt.Errorf("%s was answered %+v", items[i].Payload.Kind(), o)
		}
		receipts[items[i].CID] = o.Receipt
	}
	s.disk.note(func(p *promises) {
		for id, receipt := range receipts {
			p.saved(id, receipt)
		}
	})
	return nil
}
