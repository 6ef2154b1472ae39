package shell_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"folkmoot/app/readmodel"
	"folkmoot/app/readmodel/readmodeltest"
	"folkmoot/app/shell"
	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
)

// fake is a program behind the window that does everything at once and writes down what
// it was asked.
type fake struct {
	cards    []readmodel.Card
	offers   []readmodel.ListOffer
	brought  readmodel.Brought
	session  *fakeSession
	fails    error // what everything but Cards fails with, nil for nothing
	ports    []int
	wishes   []readmodel.Wish
	deleted  []string
	restored []string
	penned   []readmodel.PenAsk
	imported []string // paths
	looked   []string // paths that were to be merged
	merged   []string // paths
	merge    readmodel.Merge
	during   func(ctx context.Context) // what happens while something is imported, nil for nothing
	hand     func(string)              // hands a written text over

	backups     []readmodel.BackupFile
	broughtBack []string // paths

	follow readmodel.Follow // how far following another laptop is
	asks   []readmodel.FollowWish
	news   func()   // tells the window that follow is another
	done   []string // what was asked of it besides
}

func (f *fake) Cards(context.Context) ([]readmodel.Card, error) { return f.cards, nil }
func (f *fake) Delete(_ context.Context, id string) error {
	f.deleted = append(f.deleted, id)
	return f.fails
}
func (f *fake) Restore(_ context.Context, id string) error {
	f.restored = append(f.restored, id)
	return f.fails
}
func (f *fake) BackupFiles(context.Context) ([]readmodel.BackupFile, error) {
	return f.backups, f.fails
}
func (f *fake) BringBack(_ context.Context, path string) (readmodel.Brought, error) {
	f.broughtBack = append(f.broughtBack, path)
	return f.brought, f.fails
}
func (f *fake) Make(_ context.Context, w readmodel.Wish) (string, error) {
	f.wishes = append(f.wishes, w)
	return "made", f.fails
}
func (f *fake) Lists(_ context.Context, _, text string) ([]readmodel.ListOffer, error) {
	if f.offers != nil {
		return f.offers, f.fails
	}
	return []readmodel.ListOffer{{Statements: strings.Split(text, "\n")}}, f.fails
}
func (f *fake) Import(ctx context.Context, path string, progress func(done, all int)) (readmodel.Brought, error) {
	f.imported = append(f.imported, path)
	progress(1, 2)
	if f.during != nil {
		f.during(ctx)
		if ctx.Err() != nil {
			return readmodel.Brought{}, ctx.Err()
		}
	}
	return f.brought, f.fails
}
func (f *fake) LookMerge(_ context.Context, path string) (readmodel.Merge, error) {
	f.looked = append(f.looked, path)
	return f.merge, f.fails
}
func (f *fake) MergePack(ctx context.Context, path string, progress func(done, all int)) (readmodel.Merge, error) {
	f.merged = append(f.merged, path)
	progress(1, 2)
	if f.during != nil {
		f.during(ctx)
	}
	return f.merge, errors.Join(f.fails, ctx.Err())
}
func (f *fake) Open(_ context.Context, _ string, port int) (shell.Session, error) {
	f.ports = append(f.ports, port)
	if f.fails != nil {
		return nil, f.fails
	}
	return f.session, nil
}
func (f *fake) Rehearsal(context.Context, string) (string, error) { return "copy", f.fails }
func (f *fake) Sample(context.Context) (string, error)            { return "sample", f.fails }
func (f *fake) Go(work func(context.Context))                     { work(context.Background()) }
func (f *fake) Write(ask readmodel.PenAsk, done func(string)) (string, error) {
	f.penned, f.hand = append(f.penned, ask), done
	return "http://127.0.0.1:1/w/x", f.fails
}

func (f *fake) Follow(changed func()) (shell.Following, error) {
	if f.fails != nil {
		return nil, f.fails
	}
	f.news = changed
	return fakeFollowing{f}, nil
}

// fakeFollowing is what looks for laptops.
type fakeFollowing struct{ of *fake }

func (f fakeFollowing) State() readmodel.Follow { return f.of.follow }
func (f fakeFollowing) Ask(w readmodel.FollowWish) {
	f.of.asks = append(f.of.asks, w)
	f.of.comes(readmodel.Follow{Looking: true, Asked: &readmodel.FollowAsked{Stand: readmodel.PairingAsking, Wish: w}})
}
func (f fakeFollowing) Confirm() { f.of.done = append(f.of.done, "confirm") }
func (f fakeFollowing) Cancel()  { f.of.done, f.of.follow.Asked = append(f.of.done, "cancel"), nil }
func (f fakeFollowing) Close()   { f.of.done = append(f.of.done, "close") }

// comes has following another laptop come so far.
func (f *fake) comes(state readmodel.Follow) {
	f.follow = state
	f.news()
}

func (f *fake) program() shell.Program {
	return shell.Program{Shelf: f, Maker: f, Opener: f, Pen: f, Hands: f, Follower: f}
}

// fakeSession is an open session: a Room, whose Sheets are handed over when asked.
type fakeSession struct {
	t      testing.TB
	room   *readmodeltest.Room
	venue  readmodel.Venue
	show   func(*readmodel.Sheet)
	acts   []readmodel.Act
	undone int
	fails  error
	packed readmodel.PackWish
	badges []readmodel.BadgeWish
	closed bool
	undo   *readmodel.UndoOffer
	disk   *readmodel.Disk
	last   *readmodel.View
	shown  *readmodel.View

	backups  readmodel.Backups
	jump     *readmodel.ClockJump
	backedUp int
	seconds  []string
	unbacked error // what backups fail with

	devices  readmodel.Devices
	fetching *readmodel.Fetching
	ladder   readmodel.Ladder
	asked    []string // what was asked of devices, each with its argument

	meanwhile func() // what happens while one is written, nil for nothing

	replays int
	during  func(ctx context.Context) // what happens while a replay is made, nil for nothing
}

func (s *fakeSession) Follow(show func(*readmodel.Sheet)) {
	s.show = show
	s.push()
}

// push shows the session as it stands.
func (s *fakeSession) push() { s.show(s.sheet()) }

func (s *fakeSession) sheet() *readmodel.Sheet {
	s.t.Helper()
	record := s.room.View()
	view, err := readmodel.Build(context.Background(), record, readmodel.Options{Last: s.last})
	if err != nil {
		s.t.Fatal(err)
	}
	s.last, s.shown = view, readmodel.NextShown(s.shown, view)
	return readmodel.NewSheet(view, record, s.room.Now, readmodel.SheetOptions{Venue: s.venue, Undo: s.undo, Shown: s.shown, Emblem: "石虎-03", Backups: s.backups, Jump: s.jump, Disk: s.disk, Devices: s.devices, Ladder: s.ladder, Fetching: s.fetching})
}

func (s *fakeSession) Do(ctx context.Context, act readmodel.Act) error {
	s.acts = append(s.acts, act)
	if s.fails != nil {
		return s.fails
	}
	items, err := act.Items(ctx, s.last, s.room.View(), s.room.Now, s.room.IDs)
	if err != nil {
		return err
	}
	s.room.Do(items, nil)
	s.push()
	return nil
}

func (s *fakeSession) askedFor(what, of string) error {
	s.asked = append(s.asked, strings.TrimSpace(what+" "+of))
	return s.fails
}
func (s *fakeSession) Pair(_ context.Context, id string) error    { return s.askedFor("pair", id) }
func (s *fakeSession) Decline(_ context.Context, id string) error { return s.askedFor("decline", id) }
func (s *fakeSession) Unpair(_ context.Context, id string) error  { return s.askedFor("unpair", id) }
func (s *fakeSession) TakeOver(context.Context) error             { return s.askedFor("take over", "") }
func (s *fakeSession) NameDevice(_ context.Context, name string) error {
	return s.askedFor("name", name)
}
func (s *fakeSession) Climb(by int) { s.ladder = s.ladder.Step(by, s.venue); s.push() }
func (s *fakeSession) OwnWifi(wifi readmodel.OwnWifi) error {
	if s.fails == nil {
		s.ladder = s.ladder.Own(wifi)
		s.push()
	}
	return s.fails
}
func (s *fakeSession) Invite(context.Context) error {
	if s.fails == nil {
		s.devices.Invitation = &readmodel.Invitation{Link: "folkmoot://pair/192.168.1.20:8443#k=0a1b2c3d4e5f60718293a4b5c6d7e8f9&s=00112233445566778899aabbccddeeff", Until: s.room.Now + 120_000}
		s.push()
	}
	return s.askedFor("invite", "")
}

func (s *fakeSession) Undo(context.Context) error { s.undone++; return s.fails }
func (s *fakeSession) AddList(_ context.Context, list []string) (int, []readmodel.Leftover, error) {
	for _, text := range list {
		s.room.Statement(text)
	}
	return len(list), nil, s.fails
}
func (s *fakeSession) Pack(_ context.Context, w readmodel.PackWish) (readmodel.PackDone, error) {
	s.packed = w
	return readmodel.PackDone{Folder: w.Folder + "/2026-06-14-riverside", Files: 14, Public: true, Withheld: 1}, s.fails
}
func (s *fakeSession) Badges(_ context.Context, w readmodel.BadgeWish) (readmodel.BadgesDone, error) {
	s.badges = append(s.badges, w)
	return readmodel.BadgesDone{Folder: w.Folder, File: "badges.html", First: 1, Last: w.Count}, s.fails
}
func (s *fakeSession) Replay(ctx context.Context, progress func(done, all int)) ([]readmodel.Frame, error) {
	s.replays++
	progress(3, 30)
	if s.during != nil {
		s.during(ctx)
	}
	if s.fails != nil {
		return nil, s.fails
	}
	log := func(yield func(oplog.Entry) bool) error {
		for _, e := range s.room.Entries {
			if !yield(e) {
				return nil
			}
		}
		return nil
	}
	return readmodel.Replay(ctx, log, s.last, progress)
}
func (s *fakeSession) Crowd(context.Context, int) error { return s.fails }
func (s *fakeSession) Close() error                     { s.closed = true; return nil }
func (s *fakeSession) Backups() readmodel.Backups       { return s.backups }
func (s *fakeSession) BackUp(context.Context) error {
	s.backedUp++
	if s.meanwhile != nil {
		s.meanwhile()
	}
	return s.unbacked
}
func (s *fakeSession) SecondFolder(_ context.Context, folder string) error {
	s.seconds = append(s.seconds, folder)
	return s.unbacked
}

// venue is a room's network in which phones get through.
var venue = readmodel.Venue{Addresses: []string{"http://192.168.0.10:8080", "http://10.0.0.7:8080"}, JoinLink: "http://192.168.0.10:8080/j/482163",
	JoinLinks: []string{"http://192.168.0.10:8080/j/482163", "http://10.0.0.7:8080/j/482163"}, NameAddress: "http://folkmoot.local:8080", NameLink: "http://folkmoot.local:8080/j/482163",
	WallLink: "http://192.168.0.10:8080/wall#482163", Seen: 31, Waiting: 7, Devices: 3}

// desk opens a window in the test's own driver. Its session is room's.
func desk(t *testing.T, lang string, dark bool, room *readmodeltest.Room) (*shell.Shell, *fake) {
	t.Helper()
	a := test.NewTempApp(t)
	a.Preferences().SetBool("dark", dark)
	f := &fake{session: &fakeSession{t: t, room: room, venue: venue}}
	s := shell.New(a, f.program(), shell.Options{Lang: lang, Folder: "/tmp/packs"})
	s.Window().Resize(fyne.NewSize(1280, 800))
	s.Show()
	t.Cleanup(s.Window().Close)
	return s, f
}

// inSession opens a session in a desk's window.
func inSession(t *testing.T, lang string, dark bool, room *readmodeltest.Room) (*shell.Shell, *fake) {
	t.Helper()
	s, f := desk(t, lang, dark, room)
	f.cards = []readmodel.Card{{ID: "0102", Title: "T", Created: readmodeltest.Start, People: 3}}
	tap(t, s, say(lang, "desk.sample"))
	return s, f
}

var errDisk = &readmodel.Trouble{Key: "desk.disk_full", Err: errors.New("no space left on device")}

// newRoom makes a session with an agenda and nothing else.
func newRoom(t testing.TB, title string) *readmodeltest.Room {
	t.Helper()
	r := readmodeltest.New(t)
	r.Do(readmodel.NewSession(readmodel.NewSessionOptions{Template: "opinion", Title: title}, r.Now, r.IDs))
	return r
}

// fullRoom makes a session in which people voted, with what a facilitator may meet: long
// texts, a statement that waits, one put aside, two languages, tables.
func fullRoom(t testing.TB, people int) *readmodeltest.Room {
	t.Helper()
	r := newRoom(t, "多元利害關係人治理：我們怎麼一起決定河岸的用法？")
	for field, value := range map[moot.Field]string{moot.Question: "你覺得理想的治理機制有可能達成嗎？", moot.QuestionLo: "做不到", moot.QuestionHi: "做得到", moot.Wifi: "NPO-HUB-4F", moot.Moderated: "on"} {
		r.Do(readmodel.SetField(r.View(), field, value, r.IDs))
	}
	r.Do(readmodel.StartStep(r.View(), "opinion", r.Now, r.IDs))
	_, sids := r.Rehearse(readmodel.Rehearsal{Seed: 3}, people, 12)
	long := strings.Repeat("公開的資料在沒有隱私權疑慮的情形下應該要公開透明", 5)
	r.Statement(long)
	r.Put(&moot.NewStatement{Text: "Meetings should be announced a month ahead, with all documents attached to the invitation.", Lang: "en", Standing: moot.Pending, Src: moot.FromPhone, Made: r.Now - 120_000})
	r.Put(&moot.NewStatement{Text: "我覺得開會時間應該提前一個月公告。", Lang: "zh-Hant", Standing: moot.Pending, Src: moot.FromPhone, Made: r.Now - 60_000})
	r.Do(readmodel.Hide(r.View(), sids[2], "這一則有兩個想法，請分成兩則再寫一次。", r.IDs))
	r.Do(readmodel.PairText(r.View(), sids[0], "The first statement, as it reads in English for those who prefer it.", r.Now, r.IDs))
	view, err := readmodel.Build(context.Background(), r.View(), readmodel.Options{})
	if err != nil {
		t.Fatal(err)
	}
	r.Do(readmodel.MakePlan(context.Background(), view, readmodel.PlanOptions{Min: 4, Max: 8, Seed: 1, Quick: true}, r.Now, r.IDs))
	r.Now += 7*60_000 + 20_000
	return r
}

func key(n int) fyne.KeyName { return fyne.KeyName(fmt.Sprint(n)) }

// manyCards are sessions as a list of them has them: new and old, marked, unreadable.
func manyCards() []readmodel.Card {
	cards := []readmodel.Card{
		{ID: "01", Title: strings.Repeat("多元利害關係人一起決定河岸的用法", 12), Created: readmodeltest.Start, People: 1207, Statements: 197, Votes: 49_997, Running: true},
		{ID: "02", Title: "The riverside: cars, trees and benches", Created: readmodeltest.Start - 1000, People: 36, Statements: 14, Votes: 432, Sample: true},
		{ID: "03", Title: "排演：河岸怎麼用", Created: readmodeltest.Start - 2000, People: 30, Statements: 14, Votes: 400, Rehearsal: true, Elsewhere: true},
		{ID: "04", Trouble: &readmodel.Trouble{Key: "desk.elsewhere"}},
		{ID: "05", Title: "The riverside, evening", Created: readmodeltest.Start - 2000, People: 12, Follows: true, Leader: "Front desk"},
		{ID: "06", Follows: true, Room: true, Leader: "Front desk"},
	}
	for i := range 20 {
		cards = append(cards, readmodel.Card{ID: fmt.Sprint("1", i), Title: fmt.Sprint("Session ", i), Created: readmodeltest.Start - 9000, People: i})
	}
	return cards
}

// offers are two lists of one file, with lines that are not taken.
var offers = []readmodel.ListOffer{
	{Heading: "Seed statements", Statements: []string{"A.", "B."}, Left: []readmodel.Leftover{{Where: "seeds.md", Row: 7, Why: readmodel.Sentence{ID: "refused.duplicate"}}}},
	{Heading: "種子意見（中文）", Statements: []string{"甲。", "乙。", "丙。"}},
}
