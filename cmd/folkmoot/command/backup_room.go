package command

import (
	"fmt"
	"os"

	"folkmoot/sync/store"
)

// makeRoom sees that a file fits into a folder for backups, and that it leaves the record
// its room where that lies on the same disk. Older backups give way, the oldest first and
// no more than have to; where that is not enough none does, since an older one is better
// than none.
func (b *backups) makeRoom(folder, file string) error {
	info, err := os.Stat(file)
	if err != nil {
		return err
	}
	needed := uint64(info.Size())
	if same, err := b.beside(folder, b.session.file.Path()); err != nil || same {
		needed += leftFree
	}
	free, err := b.room(folder)
	if err != nil || free >= needed {
		return nil // where it is not known, writing tells
	}
	keep, err := b.keepFor(folder, needed-free)
	if err != nil {
		return err
	}
	if err := store.KeepBackups(folder, b.id(), keep); err != nil {
		return err
	}
	if free, err := b.room(folder); err == nil && free < needed {
		return errNoRoom // others took it meanwhile
	}
	return nil
}

// keepFor gives how many backups can stay in a folder where so much room is lacking.
// Error: errNoRoom, where it is lacking with one alone too.
func (b *backups) keepFor(folder string, lacking uint64) (int, error) {
	there, err := store.Backups(folder, b.id())
	if err != nil {
		return 0, err
	}
	won := uint64(0)
	for keep := len(there) - 1; keep >= 1; keep-- {
		info, err := os.Stat(there[keep].Path)
		if err != nil {
			return 0, fmt.Errorf("an older backup: %w", err)
		}
		if won += uint64(info.Size()); won >= lacking {
			return keep, nil
		}
	}
	return 0, errNoRoom
}
