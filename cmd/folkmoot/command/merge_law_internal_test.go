package command

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
	"folkmoot/sync/replica"
	"folkmoot/sync/store"
)

// laptop is a computer with one session.
type laptop struct {
	t    testing.TB
	a    *app
	id   oplog.SessionID
	held *local
}

func newLaptop(t testing.TB, id oplog.SessionID) *laptop {
	t.Helper()
	return &laptop{t: t, id: id, a: &app{Streams: Streams{Out: t.Output(), Err: t.Output(), Env: func(string) string { return "" }}, data: t.TempDir()}}
}

func (l *laptop) open() *local {
	l.t.Helper()
	if l.held == nil {
		held, err := l.a.holdOrMake(l.id)
		if err != nil {
			l.t.Fatal(err)
		}
		l.held = held
		l.t.Cleanup(l.close)
	}
	return l.held
}

func (l *laptop) close() {
	l.t.Helper()
	if l.held != nil {
		if err := l.held.Close(); err != nil {
			l.t.Error(err)
		}
		l.held = nil
	}
}

func (l *laptop) do(items ...moot.Item) {
	l.t.Helper()
	if len(items) == 0 {
		return
	}
	outcomes, err := l.open().Do(context.Background(), items...)
	if err != nil {
		l.t.Fatal(err)
	}
	for i, o := range outcomes {
		if o.Refusal != nil {
			l.t.Fatalf("item %d, %T: %v", i, items[i].Payload, o.Refusal)
		}
	}
}

// pack writes a pack that holds the log, and gives its folder.
func (l *laptop) pack() string {
	l.t.Helper()
	packed, err := l.a.pack(context.Background(), l.open(), exportOptions{to: l.t.TempDir(), as: []string{"log"}})
	if err != nil {
		l.t.Fatal(err)
	}
	return packed.Folder
}

// merge merges a file, and gives what it did, which has to be what was said before.
func (l *laptop) merge(path string) merged {
	l.t.Helper()
	source, err := l.a.openMerge(path)
	if err != nil {
		l.t.Fatalf("open %s: %v", path, err)
	}
	defer source.close()
	said, before, err := lookAtMerge(l.open(), source)
	if err != nil {
		l.t.Fatalf("look at %s: %v", path, err)
	}
	did, err := merge(context.Background(), l.open(), source, func(int) {})
	if err != nil {
		l.t.Fatalf("merge %s: %v", path, err)
	}
	after := mergedBetween(said, before, l.open().View(), did)
	if fmt.Sprint(after) != fmt.Sprint(said) {
		l.t.Errorf("merge %s: it added %+v, and was to add %+v", path, after, said)
	}
	if did.Bad+did.Left != 0 {
		l.t.Errorf("merge %s: %+v", path, did)
	}
	return did
}

// rebuilt gives the digest of the state that the entries on the disk add up to, each of
// them checked, and wants the stored rows to be the same.
func (l *laptop) rebuilt() string {
	l.t.Helper()
	shown := l.open().View().Digest()
	l.close()
	path, err := l.a.path(l.id)
	if err != nil {
		l.t.Fatal(err)
	}
	file, err := store.Open(path, store.Options{})
	if err != nil {
		l.t.Fatal(err)
	}
	defer file.Close()
	found, state := verifyLog(l.id, file)
	if !found.OK || found.Digest != shown {
		l.t.Fatalf("%+v, shown was %s", found, shown)
	}
	change, err := replica.Differences(file, state)
	if err != nil || !change.Empty() {
		l.t.Errorf("the stored rows differ: %d, %v", len(change.Rows), err)
	}
	return found.Digest
}

// base is what all laptops hold before they part: people, a statement or more, a title.
func base(people, statements int) []moot.Item {
	items := []moot.Item{item(&moot.SetField{Field: moot.Title, Value: "A market square", Rev: 1}), item(&moot.SetField{Field: moot.Created, Value: "1790000000000", Rev: 1})}
	for p := range people {
		items = append(items, item(&moot.SetPerson{Person: someone(p), Field: moot.PersonNumber, Value: fmt.Sprint(p + 1), Rev: 1}),
			item(&moot.SetPresence{Person: someone(p), In: true, Rev: 1, At: 1790000000000}))
	}
	for s := range statements {
		it := item(&moot.NewStatement{Text: fmt.Sprintf("statement %d", s), Lang: "en", Standing: moot.Approved})
		it.CID = oplog.ItemID(somewhat(s))
		items = append(items, it)
	}
	return items
}

func someone(n int) moot.ParticipantID { return moot.ParticipantID{0xaa, byte(n >> 8), byte(n)} }
func somewhat(n int) moot.StatementID  { return moot.StatementID{0xbb, byte(n >> 8), byte(n)} }

// events gives what people do afterwards; every one may happen on any laptop.
func events(r *rand.Rand, n, people, statements int) []moot.Item {
	var items []moot.Item
	for i := range n {
		who, rev := someone(r.IntN(people)), uint64(i+2)
		var act moot.Payload
		switch r.IntN(12) {
		case 0:
			act = &moot.NewStatement{Text: fmt.Sprintf("a thought %d", r.Uint64()), Lang: "en", Author: who, Standing: moot.Pending}
		case 1:
			act = &moot.SetPerson{Person: who, Field: moot.PersonName, Value: fmt.Sprintf("Ann %d", i), Rev: rev}
		case 2:
			act = &moot.SetPresence{Person: who, In: r.IntN(2) == 0, Rev: rev, At: 1790000000000 + rev}
		case 3:
			act = &moot.Moderation{Statement: somewhat(r.IntN(statements)), Standing: []moot.Standing{moot.Approved, moot.Hidden}[r.IntN(2)], Reason: "for now"}
		default:
			act = &moot.SetVote{Person: who, Statement: somewhat(r.IntN(statements)), Value: moot.Vote(1 + r.IntN(3)), Rev: rev, Open: true}
		}
		items = append(items, item(act))
	}
	return items
}

// part deals events to three laptops; one in ten is sent to two of them, as a page does
// that has lost its hub.
func part(r *rand.Rand, items []moot.Item) (parts [3][]moot.Item) {
	for _, it := range items {
		at := r.IntN(3)
		parts[at] = append(parts[at], it)
		if r.IntN(10) == 0 {
			parts[(at+1)%3] = append(parts[(at+1)%3], it)
		}
	}
	return parts
}

var orders = [][]int{{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}}

// threeLaptops parts a session of n events over three laptops and gives them with what
// each exports, and the session's digest when one laptop had seen it all.
func threeLaptops(t *testing.T, r *rand.Rand, n, people, statements int) (laptops [3]*laptop, packs [3]string) {
	t.Helper()
	id := oplog.SessionID{0xd3, byte(r.IntN(256))}
	for i := range laptops {
		laptops[i] = newLaptop(t, id)
	}
	laptops[0].do(base(people, statements)...)
	start := laptops[0].pack()
	for _, l := range laptops[1:] {
		l.merge(start)
	}
	for i, items := range part(r, events(r, n, people, statements)) {
		laptops[i].do(items...)
	}
	for i, l := range laptops {
		packs[i] = l.pack()
	}
	return laptops, packs
}

// A session of 2,000 events that three laptops took is the same on each of them, in
// whatever order packs come, and however often.
func TestMergeThreeLaptops(t *testing.T) {
	const seed = 2000
	r := rand.New(rand.NewPCG(seed, 1))
	laptops, packs := threeLaptops(t, r, 2000, 40, 25)
	want := ""
	same := func(what string, l *laptop) {
		t.Helper()
		digest := l.rebuilt()
		if want == "" {
			want = digest
		}
		if digest != want {
			t.Errorf("%s: the digest is %s, want %s", what, digest, want)
		}
	}
	for _, order := range orders {
		fresh := newLaptop(t, laptops[0].id)
		for range 2 {
			for _, i := range order {
				fresh.merge(packs[i])
			}
		}
		if votes := fresh.open().View().Votes; votes == 0 {
			t.Fatal("nobody voted")
		}
		same(fmt.Sprint("in the order ", order), fresh)
	}
	for i, l := range laptops {
		for _, j := range []int{(i + 1) % 3, (i + 2) % 3, (i + 1) % 3, i} {
			l.merge(packs[j])
		}
		same(fmt.Sprint("laptop ", i), l)
		if did := l.merge(l.pack()); did != (merged{}) {
			t.Errorf("its own pack: %+v", did)
		}
	}
}

// The same for sessions that are parted otherwise: backups and mailed files without their
// key among the packs, some of them older, and names erased in some.
func TestMergeParted(t *testing.T) {
	for seed := range uint64(12) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			r := rand.New(rand.NewPCG(seed, 2))
			laptops, packs := threeLaptops(t, r, 20+r.IntN(100), 1+r.IntN(8), 1+r.IntN(6))
			files := slices.Clone(packs[:])
			laptops[r.IntN(3)].do(item(&moot.SetField{Field: moot.Place, Value: "Riverside", Rev: 1}))
			if seed%3 == 0 {
				laptops[r.IntN(3)].do(item(&moot.Unlink{At: 1}))
			}
			nameless := []string{}
			for _, l := range laptops {
				made, err := l.open().file.Backup(context.Background(), t.TempDir(), store.BackupOptions{Now: time.UnixMilli(1_790_000_000_000)})
				if err != nil {
					t.Fatal(err)
				}
				files = append(files, made.Path)
				l.close()
				nameless = append(nameless, mailed(t, l))
			}
			digests := map[string]bool{}
			for range 4 {
				fresh := newLaptop(t, laptops[0].id)
				queue := slices.Concat(files, nameless, files[r.IntN(len(files)):])
				r.Shuffle(len(queue), func(i, j int) { queue[i], queue[j] = queue[j], queue[i] })
				for _, path := range queue {
					fresh.merge(path)
				}
				digests[fresh.rebuilt()] = true
			}
			if len(digests) != 1 {
				t.Errorf("%d digests of one session", len(digests))
			}
		})
	}
}

// mailed copies a session's file without its key.
func mailed(t testing.TB, l *laptop) string {
	t.Helper()
	from, err := l.a.path(l.id)
	if err != nil {
		t.Fatal(err)
	}
	to := filepath.Join(t.TempDir(), "mailed.folkmoot")
	data, err := os.ReadFile(from)
	if err == nil {
		err = os.WriteFile(to, data, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	return to
}

// A session's file without its key brings votes and no names; a later pack with names
// makes it whole, so that both laptops mean the same.
func TestMergeWithoutNames(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 3))
	first := newLaptop(t, oplog.SessionID{7})
	first.do(base(5, 5)...)
	first.do(events(r, 60, 5, 5)...)
	votes := first.open().View().Votes
	want := first.rebuilt()
	second := newLaptop(t, first.id)
	second.merge(mailed(t, first))
	held := second.open()
	if got := held.View().Votes; got != votes || len(held.Bare()) == 0 {
		t.Errorf("%d votes, want %d; %d names are missing", got, votes, len(held.Bare()))
	}
	third := newLaptop(t, first.id)
	third.merge(second.pack()) // what is passed on without names
	if got := third.open().View().Votes; got != votes {
		t.Errorf("passed on: %d votes, want %d", got, votes)
	}
	pack := first.pack()
	for _, l := range []*laptop{second, third} {
		if did := l.merge(pack); did.Filled == 0 || len(l.open().Bare()) != 0 {
			t.Errorf("with names: %+v, %d are missing", did, len(l.open().Bare()))
		}
		if l.rebuilt() != want {
			t.Error("with names the session is another")
		}
	}
}

// Two file ballots by mail, each twice: the second time adds nothing, and the record is
// the same before and after.
func TestMergeBallotTwice(t *testing.T) {
	room := newLaptop(t, oplog.SessionID{9})
	room.do(base(3, 3)...)
	start := room.pack()
	var ballots []string
	for p := range 2 {
		home := newLaptop(t, room.id)
		home.merge(start)
		for s := range 3 {
			home.do(item(&moot.SetVote{Person: someone(p), Statement: somewhat(s), Value: moot.Agree, Rev: 1, Open: true}))
		}
		ballots = append(ballots, home.pack())
	}
	for _, path := range ballots {
		if did := room.merge(path); did.Entries != 4 { // three votes, and the first entry of the log
			t.Errorf("the first time: %+v", did)
		}
	}
	before := room.rebuilt()
	for _, path := range ballots {
		source, err := room.a.openMerge(path)
		if err != nil {
			t.Fatal(err)
		}
		found, _, err := lookAtMerge(room.open(), source)
		source.close()
		if err != nil || !found.Nothing() {
			t.Errorf("the second time: %+v, %v", found, err)
		}
		if did := room.merge(path); did != (merged{}) {
			t.Errorf("the second time: %+v", did)
		}
	}
	if room.rebuilt() != before {
		t.Error("the record is another after the second time")
	}
	if got := room.open().View().Votes; got != 6 {
		t.Errorf("%d votes, want 6", got)
	}
}

// pulledStick is a log whose stick is pulled out behind an entry.
type pulledStick struct {
	oplog.Log
	last uint64
}

var errPulled = errors.New("the stick is gone")

func (p pulledStick) Entries(id oplog.ReplicaID, from uint64, yield func(oplog.Entry) bool) error {
	gone := false
	err := p.Log.Entries(id, from, func(e oplog.Entry) bool {
		if gone = e.Seq > p.last; gone {
			return false
		}
		return yield(e)
	})
	if gone {
		err = errPulled
	}
	return err
}

// A merge that ends in the middle keeps the pieces that came in, and goes on from there.
func TestMergeGoesOn(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	first := newLaptop(t, oplog.SessionID{8})
	first.do(base(10, 5)...)
	first.do(events(r, replica.MaxReceived+300, 10, 5)...)
	want, pack := first.rebuilt(), first.pack()
	second := newLaptop(t, first.id)
	source, err := second.a.openMerge(pack)
	if err != nil {
		t.Fatal(err)
	}
	whole := source.log
	defer source.close()
	source.log = pulledStick{whole, replica.MaxReceived + 1} // the one behind a piece is looked at with it
	if _, err := merge(context.Background(), second.open(), source, func(int) {}); !errors.Is(err, errPulled) {
		t.Fatalf("stopped in the middle: %v", err)
	}
	second.close()
	heads, err := second.open().Heads()
	if err != nil || len(heads) != 1 || heads[heads.Replicas()[0]].Seq != replica.MaxReceived {
		t.Fatalf("what came in before: %v, %v", heads, err)
	}
	if did := second.merge(pack); did.Entries == 0 || did.Entries >= replica.MaxReceived {
		t.Errorf("once more: %+v", did)
	}
	if second.rebuilt() != want {
		t.Error("the session is another")
	}
}

// A computer's folder that was copied writes one log twice. The pack of the copy shows
// it, said before; afterwards both count the same, and so they do once a branch is named.
func TestMergeFork(t *testing.T) {
	first := newLaptop(t, oplog.SessionID{0xf0})
	first.do(base(3, 3)...)
	first.close()
	copied := newLaptop(t, first.id)
	if err := os.CopyFS(copied.a.data, os.DirFS(first.a.data)); err != nil {
		t.Fatal(err)
	}
	first.do(item(&moot.SetVote{Person: someone(0), Statement: somewhat(0), Value: moot.Agree, Rev: 1, Open: true}))
	copied.do(item(&moot.SetVote{Person: someone(1), Statement: somewhat(0), Value: moot.Agree, Rev: 1, Open: true}),
		item(&moot.SetVote{Person: someone(1), Statement: somewhat(1), Value: moot.Pass, Rev: 1, Open: true}))
	pack := copied.pack()
	source, err := first.a.openMerge(pack)
	if err != nil {
		t.Fatal(err)
	}
	defer source.close()
	said, _, err := lookAtMerge(first.open(), source)
	if err != nil || said.Splits != 1 || said.Entries != 0 || said.Nothing() {
		t.Errorf("before: %+v, %v", said, err)
	}
	bring := func(l *laptop, path string) {
		t.Helper()
		if _, err := l.a.mergePath(context.Background(), l.open(), path, func(int) {}); err != nil {
			t.Fatal(err)
		}
	}
	same := func(want int) {
		t.Helper()
		for range 2 { // what each has written of the split goes to the other
			bring(first, copied.pack())
			bring(copied, first.pack())
		}
		if a, b := first.open().View().Votes, copied.open().View().Votes; a != want || b != want {
			t.Errorf("%d and %d votes count, want %d", a, b, want)
		}
		if first.rebuilt() != copied.rebuilt() {
			t.Error("the two mean different things")
		}
	}
	bring(first, pack)
	splits := first.open().View().Splits
	if len(splits) != 1 || len(splits[0].Branches) != 2 {
		t.Fatalf("splits %+v", splits)
	}
	same(0)
	sp := copied.open().View().Splits[0]
	first.do(item(&moot.Branch{Replica: sp.Replica, Seq: sp.Seq, Hash: sp.Held, Rev: 1}))
	same(2)
}
