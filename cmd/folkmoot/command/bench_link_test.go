package command_test

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"fmt"
	mathrand "math/rand/v2"
	"net"
	"strconv"
	"testing"
	"time"

	"folkmoot/sync/link"
	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
	"folkmoot/sync/peer"
	"folkmoot/sync/replica"
	"folkmoot/sync/store"
)

// benchSession is the session of the benchmarks with several devices.
var benchSession = oplog.SessionID{0xbe}

// benchDevice is a device with a record on the disk, which talks over loopback.
type benchDevice struct {
	identity link.Identity
	file     *store.File
	record   *replica.Replica
	node     *link.Node
	at       string // where it answers
	served   chan error
}

// benchIdentity gives the same device every time.
func benchIdentity(seed byte) link.Identity {
	raw := make([]byte, ed25519.SeedSize)
	raw[0], raw[1] = seed, 0xde
	return link.Identity{Key: ed25519.NewKeyFromSeed(raw), Name: fmt.Sprintf("device %d", seed), Version: "0.1.0"}
}

// openBenchDevice opens the record in a file that was opened before.
func openBenchDevice(file *store.File, seed byte, role link.Role) (*benchDevice, error) {
	record, err := replica.Open(file, replica.Options{Session: file.Session(), Key: file.Keys().Sign, Name: "bench", Device: benchIdentity(seed).Key, Tablet: role == link.Tablet, Now: time.Now, Random: rand.Reader})
	if err != nil {
		return nil, err
	}
	return &benchDevice{identity: benchIdentity(seed), file: file, record: record}, nil
}

// newBenchDevice makes a device with an empty record.
func newBenchDevice(dir string, seed byte, role link.Role) (*benchDevice, error) {
	file, err := store.Create(dir, benchSession, rand.Reader)
	if err != nil {
		return nil, err
	}
	return openBenchDevice(file, seed, role)
}

// know puts another device into the book, as if the two had been paired.
func (d *benchDevice) know(seed byte, role link.Role, addresses ...string) error {
	return link.WritePeer(benchBook{d.file}, link.Peer{Key: benchIdentity(seed).Public(), Name: "peer", Role: role, Index: uint(seed), Addresses: addresses})
}

// listen opens the port at which start answers.
func (d *benchDevice) listen() (net.Listener, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err == nil {
		d.at = listener.Addr().String()
	}
	return listener, err
}

// start lets the device talk.
func (d *benchDevice) start(listener net.Listener) (err error) {
	d.node, err = link.New(link.Options{Identity: d.identity, Record: d.record, Side: peer.New(d.record, peer.Options{}), Book: benchBook{d.file},
		Now: time.Now, Random: rand.Reader, Addresses: func() []string { return []string{d.at} }})
	if err != nil {
		return err
	}
	d.node.Run()
	d.served = make(chan error, 1)
	go func() { d.served <- d.node.Serve(listener) }()
	return nil
}

func (d *benchDevice) close() error {
	if d.node != nil {
		d.node.Close()
		if err := <-d.served; err != nil {
			return err
		}
	}
	d.record.Close()
	return d.file.Close()
}

// entries gives how many entries of a device are synced.
func (d *benchDevice) entries() int {
	heads, err := d.record.Heads()
	if err != nil {
		panic(err) // it never is
	}
	n := 0
	for _, h := range heads {
		n += int(h.Seq)
	}
	return n
}

// until waits for a record to come to something.
func until(ctx context.Context, record *replica.Replica, holds func() bool) error {
	for {
		changed := record.Changed()
		if holds() {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// benchBook fits a session's file to link.Book.
type benchBook struct{ *store.File }

func (b benchBook) EachPeer(yield func(key, value []byte)) error {
	all, err := b.Peers()
	for _, p := range all {
		yield(p.Key, p.Value)
	}
	return err
}

// room is what the people of a benchmark's session do.
type room struct {
	people, statements int
	random             *mathrand.Rand
	votes              int
}

func newRoom(people, statements int) *room {
	return &room{people: people, statements: statements, random: mathrand.New(mathrand.NewPCG(6, 1))}
}

func (r *room) person(i int) moot.ParticipantID  { return moot.ParticipantID(benchID(9, i)) }
func (r *room) statement(i int) moot.StatementID { return moot.StatementID(benchID(2, i)) }
func (r *room) texts() (texts []string) {
	return []string{"There should be a quiet room for %d", "河岸的自行車道應該與步道分開，第 %d 段", "Let us plant %d more trees along the embankment before the summer"}
}
func (r *room) language(i int) string { return []string{"en", "zh-Hant", "en"}[i%3] }
func (r *room) name(i int) (field, name moot.Item) {
	set := func(kind byte, f moot.PersonField, value string) moot.Item {
		return moot.Item{CID: benchID(kind, i), Payload: &moot.SetPerson{Person: r.person(i), Field: f, Value: value, Rev: 1}}
	}
	return set(1, moot.PersonNumber, strconv.Itoa(i+1)), set(4, moot.PersonName, "陳小明 "+strconv.Itoa(i+1))
}

// base gives people with names, and statements.
func (r *room) base() (items []moot.Item) {
	items = append(items, moot.Item{CID: benchID(5, 1), Payload: &moot.SetField{Field: moot.Title, Value: "The riverside", Rev: 1}})
	for i := range r.people {
		number, name := r.name(i)
		items = append(items, number, name)
	}
	for i := range r.statements {
		items = append(items, moot.Item{CID: benchID(2, i), Payload: &moot.NewStatement{Text: fmt.Sprintf(r.texts()[i%3], i), Lang: r.language(i), Standing: moot.Approved, Src: moot.FromHost}})
	}
	return items
}

// vote gives the next vote: there are three groups of people, and one answer in five is
// one's own.
func (r *room) vote(src moot.Source) moot.Item {
	n := r.votes
	r.votes++
	p, s := n%r.people, (n/r.people+n)%r.statements
	value := moot.Vote(1 + (s+s/3*(p%3))%2)
	if r.random.IntN(5) == 0 {
		value = moot.Vote(1 + r.random.IntN(3))
	}
	vote := &moot.SetVote{Person: r.person(p), Statement: r.statement(s), Value: value, Rev: uint64(1_790_000_000_000 + n), Src: src, Open: true}
	return moot.Item{CID: benchID(3, n), Payload: vote}
}

// takeAll writes items into a record; all have to be taken.
func takeAll(record *replica.Replica, items ...moot.Item) error {
	out, err := record.Do(context.Background(), items...)
	for _, o := range out {
		if err == nil && o.Refusal != nil {
			err = o.Refusal
		}
	}
	return err
}

// fill brings a hub's record to that many entries, a fifth of them by two tablets, which
// have logs of their own.
func fill(hub *benchDevice, scratch func() string, entries int) error {
	r := newRoom(300, max(60, entries/330))
	if err := takeAll(hub.record, r.base()...); err != nil {
		return err
	}
	for range 2 {
		tablet, err := newBenchDevice(scratch(), 0, link.Tablet)
		if err != nil {
			return err
		}
		other := peer.New(hub.record, peer.Options{})
		side := peer.New(tablet.record, peer.Options{})
		ask := func(ctx context.Context, q peer.Request) (peer.Response, error) {
			return other.Answer(ctx, "tablet", q)
		}
		if _, err = side.Exchange(context.Background(), ask); err == nil {
			err = votes(tablet.record, r, entries/10, moot.FromTablet)
		}
		if err == nil {
			_, err = side.Exchange(context.Background(), ask)
		}
		if err != nil {
			return err
		}
		if err := tablet.close(); err != nil {
			return err
		}
	}
	return votes(hub.record, r, entries-hub.entries(), moot.FromPhone)
}

func votes(record *replica.Replica, r *room, n int, src moot.Source) error {
	items := make([]moot.Item, n)
	for i := range items {
		items[i] = r.vote(src)
	}
	return takeAll(record, items...)
}

func noErr(b *testing.B, err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}
