package shell

import (
	"context"

	"folkmoot/app/readmodel"
)

// Program is what the window needs of the program behind it. Errors that a person can
// do something about are *readmodel.Trouble.
type Program struct {
	Shelf  Shelf
	Maker  Maker
	Opener Opener
	Pen    Pen
	Hands  Hands
	// Follower may be nil: then no other laptop can be followed.
	Follower Follower
}

// Shelf is the sessions on this computer.
type Shelf interface {
	// Cards lists the sessions in the order of readmodel.CompareCards.
	Cards(ctx context.Context) ([]readmodel.Card, error)
	// Delete puts a session aside, Restore brings it back.
	Delete(ctx context.Context, id string) error
	Restore(ctx context.Context, id string) error
	// BackupFiles lists the backups that sessions can be brought back from, the newest first.
	BackupFiles(ctx context.Context) ([]readmodel.BackupFile, error)
	// BringBack makes a session again from a backup.
	BringBack(ctx context.Context, path string) (readmodel.Brought, error)
}

// Maker makes sessions, and reads what they are made of.
type Maker interface {
	// Make makes a session and gives its id.
	Make(ctx context.Context, wish readmodel.Wish) (id string, err error)
	// Lists reads the lists of statements in the file at path, or in text where path is "".
	Lists(ctx context.Context, path, text string) ([]readmodel.ListOffer, error)
	// Import takes a Polis export or a pack of ours in; progress says how far it is, all
	// is -1 where that is not known. Cancelling ctx keeps what came in so far.
	Import(ctx context.Context, path string, progress func(done, all int)) (readmodel.Brought, error)
	// LookMerge says what a pack, a backup or a session's file would add to the session
	// that it is of, and changes nothing.
	LookMerge(ctx context.Context, path string) (readmodel.Merge, error)
	// MergePack merges it, and says what it added. Cancelling ctx keeps what came in so far.
	MergePack(ctx context.Context, path string, progress func(done, all int)) (readmodel.Merge, error)
}

// Opener opens sessions.
type Opener interface {
	// Open holds a session and lets phones in at a port, 0 for the usual one. Where that
	// is taken the Trouble has a free one.
	Open(ctx context.Context, id string, port int) (Session, error)
	// Rehearsal makes a copy of a session, its statements without its people, and gives its id.
	Rehearsal(ctx context.Context, id string) (copied string, err error)
	// Sample gives the id of the sample session, which is made where it is not there.
	Sample(ctx context.Context) (id string, err error)
}

// Session is a session that is open: phones can join.
type Session interface {
	// Follow calls show with the Sheet, at once, after every change and once a second,
	// from a goroutine of its own, until Close. It is called once.
	Follow(show func(*readmodel.Sheet))
	// Do carries out an act. Nothing of it is done where it fails.
	Do(ctx context.Context, act readmodel.Act) error
	// Undo takes the act back that the Sheet offers.
	Undo(ctx context.Context) error
	// AddList adds statements, and gives those that were not taken.
	AddList(ctx context.Context, statements []string) (added int, left []readmodel.Leftover, err error)
	// Pack writes the pack and checks it.
	Pack(ctx context.Context, wish readmodel.PackWish) (readmodel.PackDone, error)
	// Badges writes badges to print; from then on joining takes one.
	Badges(ctx context.Context, wish readmodel.BadgeWish) (readmodel.BadgesDone, error)
	// Replay gives the maps of the session's past, see readmodel.Replay; progress says how
	// many of all are made. Cancelling ctx ends it.
	Replay(ctx context.Context, progress func(done, all int)) ([]readmodel.Frame, error)
	// Crowd lets pretend people join a rehearsal and vote, until ctx ends.
	Crowd(ctx context.Context, people int) error
	// Backups says how the session's backups stand, also after Close.
	Backups() readmodel.Backups
	// BackUp writes a backup now.
	BackUp(ctx context.Context) error
	// SecondFolder has backups written into another folder too; "" ends that.
	SecondFolder(ctx context.Context, folder string) error
	// Devices are the session's other tablets and laptops, which stand in the Sheet.
	Devices
	// Climb goes to the next way to join, or back to the one before: by is 1 or -1.
	Climb(by int)
	// OwnWifi notes the Wi-Fi that was opened for the room, which is then the way to join.
	OwnWifi(wifi readmodel.OwnWifi) error
	// Close lets phones' calls come to their end and lets go of the session; it
	// writes the last backup.
	Close() error
}

// Devices lets other devices into a session, and changes who leads it. What came of a call
// stands in the next Sheet.
type Devices interface {
	// Pair lets a device in that asks, Decline turns it away, each by its id.
	Pair(ctx context.Context, id string) error
	Decline(ctx context.Context, id string) error
	// Unpair ends it: what it sent so far counts, and nothing that comes later.
	Unpair(ctx context.Context, id string) error
	// Invite makes a secret that lets one device in within two minutes.
	Invite(ctx context.Context) error
	// TakeOver makes this computer the one that leads.
	TakeOver(ctx context.Context) error
	// NameDevice changes what other devices call this computer.
	NameDevice(ctx context.Context, name string) error
}

// Follower has this computer follow another laptop.
type Follower interface {
	// Follow begins to look for laptops; changed is called, from goroutines of the Follower,
	// whenever there is something new.
	Follow(changed func()) (Following, error)
}

// Following is what a Follower began. Its methods return at once.
type Following interface {
	// State says how far it has come.
	State() readmodel.Follow
	// Ask asks a laptop to let this one in; Confirm says that both screens show the same
	// digits, Cancel leaves the one that was asked.
	Ask(wish readmodel.FollowWish)
	Confirm()
	Cancel()
	// Close ends it, and waits: it is called beside the window.
	Close()
}

// Pen lets a longer text be written in the browser, where every keyboard and every way
// of typing Chinese works.
type Pen interface {
	// Write gives a link to a page on this computer; done is called, from a goroutine of
	// the Pen, each time the text is handed over there.
	Write(ask readmodel.PenAsk, done func(text string)) (link string, err error)
}

// Hands do work beside the window.
type Hands interface {
	// Go runs work; its ctx ends when the program does, and the program waits for it.
	Go(work func(ctx context.Context))
}
