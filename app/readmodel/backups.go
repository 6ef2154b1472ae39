package readmodel

// Backups says how the backups of a session stand. The zero value is: none was made yet,
// and nothing stands against one.
type Backups struct {
	// Last is when the newest one was made and checked, in milliseconds since 1970; 0 for none.
	Last uint64
	// Places is in how many folders that one lies.
	Places int
	// Working says that one is being written.
	Working bool
	// Second is the second folder, "" for none.
	Second string
	// Trouble stands against this computer's folder, SecondTrouble against the second one;
	// each is tried again with the next backup.
	Trouble, SecondTrouble *Trouble
}

// BackupState is how backups stand, in a word.
type BackupState string

// How backups stand.
const (
	// BackupNone: there is none yet, and none was due.
	BackupNone BackupState = "none"
	// BackupFine: the newest one lies wherever it should.
	BackupFine BackupState = "fine"
	// BackupPartly: it lacks a place.
	BackupPartly BackupState = "partly"
	// BackupWrong: the last one could be written nowhere.
	BackupWrong BackupState = "wrong"
)

// State says in a word how the backups stand.
func (b Backups) State() BackupState {
	switch {
	case b.Trouble != nil && (b.Second == "" || b.SecondTrouble != nil):
		return BackupWrong
	case b.Trouble != nil || b.SecondTrouble != nil:
		return BackupPartly
	case b.Last == 0:
		return BackupNone
	}
	return BackupFine
}

// Troubles gives what stands against backups, the gravest first.
func (b Backups) Troubles() []*Trouble {
	var all []*Trouble
	for _, t := range []*Trouble{b.Trouble, b.SecondTrouble} {
		if t != nil {
			all = append(all, t)
		}
	}
	return all
}

// MinutesAgo says how long ago the newest one was made, in whole minutes; -1 where there is
// none. A clock that was set back counts as no time.
func (b Backups) MinutesAgo(now uint64) int {
	if b.Last == 0 {
		return -1
	}
	return int((now - min(now, b.Last)) / 60_000)
}

// BackupFile is a backup that a session can be brought back from.
type BackupFile struct {
	Path, Title string
	// Made is when it was made, in milliseconds since 1970.
	Made    uint64
	Entries int
	// Here says that the session is on this computer and can be read: then it is not
	// brought back.
	Here bool
}

// ClockJump is that this computer's clock went another way than time did.
type ClockJump struct {
	// By is how far it went, in milliseconds; less than 0 is back.
	By int64
	// At is when that was seen, in milliseconds since 1970, by the clock as it is now.
	At uint64
}
