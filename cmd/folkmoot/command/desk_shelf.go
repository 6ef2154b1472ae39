package command

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"folkmoot/app/readmodel"
	"folkmoot/sync/link"
	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
	"folkmoot/sync/store"
)

// seenCard is a session as it was when its file was read.
type seenCard struct {
	card  readmodel.Card
	size  int64
	wrote time.Time // the file's own time
	read  time.Time
}

// settled is how old a file's time must have been when it was read for an equal time
// to mean an equal file: some disks count time in steps of two seconds.
const settled = 2 * time.Second

func (s seenCard) still(info fs.FileInfo) bool {
	return s.size == info.Size() && s.wrote.Equal(info.ModTime()) && s.read.Sub(s.wrote) > settled
}

// Cards lists the sessions in the order of readmodel.CompareCards. Those that cannot be
// read say why; those that are open elsewhere are asked there.
func (d *Desk) Cards(ctx context.Context) ([]readmodel.Card, error) {
	ids, err := d.app.sessions()
	if err != nil {
		return nil, &readmodel.Trouble{Key: "desk.data_folder", Args: map[string]any{"Folder": d.folder()}, Err: err}
	}
	cards := make([]readmodel.Card, 0, len(ids))
	for _, id := range ids {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if card, ok := d.card(id); ok {
			cards = append(cards, card)
		}
	}
	slices.SortFunc(cards, readmodel.CompareCards)
	return cards, nil
}

// card gives a session's card; none where it has just been put aside.
func (d *Desk) card(id oplog.SessionID) (readmodel.Card, bool) {
	d.files.Lock()
	defer d.files.Unlock()
	if held := d.mine(id); held != nil {
		return d.app.following(cardOf(held.View()), held.file, held.View()), true
	}
	path, err := d.app.path(id)
	if err != nil {
		return d.unreadable(id, err), true
	}
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return readmodel.Card{}, false
	}
	if err != nil {
		return d.unreadable(id, err), true
	}
	seen := d.seen(id)
	known := seen.still(info)
	o := store.Options{ReadOnly: true}
	if known {
		o.Wait = time.Millisecond // only to see whether somebody has it open
	}
	file, err := store.Open(path, o)
	switch {
	case errors.Is(err, store.ErrOpenElsewhere) && known:
		seen.card.Elsewhere = true
		return seen.card, true
	case errors.Is(err, store.ErrOpenElsewhere):
		return d.cardElsewhere(id, seen.card, err), true
	case err != nil:
		return d.unreadable(id, err), true
	}
	defer file.Close()
	if known {
		return seen.card, true
	}
	read := time.Now()
	card, err := d.app.readCard(file)
	if err != nil {
		return d.unreadable(id, err), true
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.cards[id] = seenCard{card: card, size: info.Size(), wrote: info.ModTime(), read: read}
	return card, true
}

func (d *Desk) seen(id oplog.SessionID) seenCard {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.cards[id]
}

// cardElsewhere asks the program that has a session open; where it does not answer,
// what was known last has to do.
func (d *Desk) cardElsewhere(id oplog.SessionID, last readmodel.Card, cause error) readmodel.Card {
	card := last
	if asked, err := d.app.ask(id); err == nil {
		card = cardOf(asked.View())
		asked.Close()
	} else {
		card.ID, card.Trouble = id.String(), &readmodel.Trouble{Key: "desk.elsewhere", Err: cause}
	}
	card.Elsewhere = true
	return card
}

func (d *Desk) unreadable(id oplog.SessionID, err error) readmodel.Card {
	card := readmodel.Card{ID: id.String()}
	if !errors.As(d.explain(err), &card.Trouble) {
		card.Trouble = &readmodel.Trouble{Key: "desk.unreadable", Err: err}
	}
	if isDamaged(err) || errors.Is(err, store.ErrKey) {
		if found := d.app.backupsOf(id); len(found) > 0 {
			card.Backup = found[0].Path
			card.Trouble = &readmodel.Trouble{Key: "desk.unreadable_backup", Args: backupArgs(found[0]), Err: err}
		}
	}
	return card
}

// readCard adds a record up, without a writer and without looking at signatures.
func (a *app) readCard(file *store.File) (readmodel.Card, error) {
	if file.Keys().Sign == nil {
		return readmodel.Card{}, store.ErrKey
	}
	chain := oplog.NewChain(file.Session())
	state, err := moot.Fold(file.Session(), func(apply func(oplog.Entry) error) error {
		chain = oplog.NewChain(file.Session())
		var failed error
		err := oplog.All(file, func(e oplog.Entry) bool { // a bit that is wrong is seen here, not only when it is opened
			if failed = chain.Link(e); failed == nil {
				failed = apply(e)
			}
			return failed == nil
		})
		return errors.Join(err, failed)
	})
	if err == nil {
		err = sameEnds(file, chain.Heads())
	}
	if err != nil {
		return readmodel.Card{}, err
	}
	view := state.View()
	return a.following(cardOf(view), file, view), nil
}

// following adds to a session's card whom this computer follows in it.
func (a *app) following(card readmodel.Card, file *store.File, view *moot.View) readmodel.Card {
	self, err := a.knownDevice()
	if err != nil {
		return card // it never talked to others
	}
	role, name, err := link.Followed(peerBook{file}, self, link.DeviceID(view.Session.Get(moot.Lead)))
	if err == nil && role != "" {
		card.Follows, card.Room, card.Leader = true, role == link.Hub, name
	}
	return card
}

func cardOf(view *moot.View) readmodel.Card {
	s := view.Session
	card := readmodel.Card{ID: s.ID.String(), Title: s.Get(moot.Title), People: view.Here() + view.Imported(), Statements: statementCount(view),
		Votes: view.Votes, Sample: s.On(moot.Sample), Rehearsal: s.On(moot.Rehearsal)}
	card.Created, _ = strconv.ParseUint(s.Get(moot.Created), 10, 64) // 0 where it is not known
	if running := view.Running(); running != nil {
		card.Running = running.Open
	}
	return card
}

// Delete puts a session aside, into deleted/ in the data folder. One that is open
// stays; a damaged one can be put aside all the same.
func (d *Desk) Delete(ctx context.Context, id string) error {
	sid, err := sessionID(id)
	if err != nil {
		return err
	}
	d.files.Lock()
	defer d.files.Unlock()
	if d.mine(sid) != nil {
		return &readmodel.Trouble{Key: "desk.elsewhere", Err: store.ErrOpenElsewhere}
	}
	path, err := d.app.path(sid)
	if err != nil {
		return d.explain(err)
	}
	file, err := store.Open(path, store.Options{Wait: patience})
	switch {
	case errors.Is(err, store.ErrOpenElsewhere), errors.Is(err, store.ErrNotFound):
		return d.explain(err)
	case err == nil:
		file.Close()
	}
	_, err = d.app.putAside(sid)
	return d.explain(err)
}

// Restore brings back a session that was put aside, the newest of its id.
func (d *Desk) Restore(ctx context.Context, id string) error {
	sid, err := sessionID(id)
	if err != nil {
		return err
	}
	d.files.Lock()
	defer d.files.Unlock()
	dir, err := d.app.folder()
	if err != nil {
		return d.explain(err)
	}
	aside, err := newestAside(filepath.Join(dir, "deleted"), sid)
	if err != nil {
		return d.explain(err)
	}
	if _, err := os.Lstat(filepath.Join(dir, store.Name(sid))); err == nil {
		return d.explain(store.ErrExists)
	}
	if err := moveSession(aside, dir, sid); err != nil {
		return d.explain(err)
	}
	os.Remove(aside) // it may hold more; then it stays
	return nil
}

// newestAside gives the folder in which a session was put aside last. Error:
// store.ErrNotFound.
func newestAside(deleted string, id oplog.SessionID) (string, error) {
	entries, err := os.ReadDir(deleted) // by name, which ends in the time
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	for _, e := range slices.Backward(entries) {
		aside := filepath.Join(deleted, e.Name())
		if !strings.HasPrefix(e.Name(), id.String()[:8]+"-") {
			continue
		}
		if _, err := os.Lstat(filepath.Join(aside, store.Name(id))); err == nil {
			return aside, nil
		}
	}
	return "", store.ErrNotFound
}
