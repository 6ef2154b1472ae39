package store

import (
	"cmp"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	bolt "go.etcd.io/bbolt"

	"folkmoot/sync/oplog"
)

// BackupSuffix is how the name of a finished backup ends. One that is being written has
// another ending, so that it is never taken for a backup.
const BackupSuffix = ".folkmoot-backup"

const partSuffix = BackupSuffix + ".part"

// ErrBackup: a backup is not whole, or it is none.
var ErrBackup = errors.New("this is no whole backup of a session")

var metaBackup = []byte("backup")

// Backup says what is known of a backup. It is not encrypted: what seals names in the
// record lies in it. The key that signs this device's log does not.
type Backup struct {
	// Path is where it lies.
	Path    string
	Session oplog.SessionID
	// Title is the session's, for lists.
	Title string
	// N counts the backups of a session, so that their order needs no clock.
	N       uint64
	Made    time.Time
	Entries int
	Heads   oplog.Heads
	// Digest is the digest of the state of its entries.
	Digest string
}

// Newer says whether a backup is newer than another of its session.
func (b Backup) Newer(other Backup) bool { return compareBackups(b, other) > 0 }

func compareBackups(a, b Backup) int {
	return cmp.Or(cmp.Compare(a.N, b.N), a.Made.Compare(b.Made), cmp.Compare(a.Path, b.Path))
}

// backupMeta is what lies in the meta bucket of a backup.
type backupMeta struct {
	_         struct{} `cbor:",toarray"`
	N         uint64
	Made      uint64 // milliseconds since 1970
	Entries   uint64
	Digest    string
	Title     string
	Encrypted bool
	Keys      []byte // as in the .key file, but for the signing key
}

// BackupOptions say how a backup is made.
type BackupOptions struct {
	// Now is when it is made; it stands in its name, in the time zone that it has.
	Now time.Time
	// N is its number; see Backup.
	N uint64
	// Title of the session.
	Title string
	// Name of the file; "" makes one of the time and the session. Nothing may have it yet.
	Name string
	// Check reads the finished copy and gives the digest of its state, or what is wrong.
	Check func(copied *File) (digest string, err error)

	create func(path string) (part, error) // nil makes a file; tests have it fail
}

// part is a file that is being written.
type part interface {
	io.Writer
	Sync() error
	Close() error
}

func createPart(path string) (part, error) {
	return os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
}

// Backup writes a copy of the record into folder, which must be there, while others go on
// writing into the record: whole, synced, opened again and checked, or not at all. The
// copy holds all that is needed to go on elsewhere but the signing key. An error leaves
// nothing behind.
func (f *File) Backup(ctx context.Context, folder string, o BackupOptions) (made Backup, err error) {
	if o.create == nil {
		o.create = createPart
	}
	sweep(folder, f.session)
	path := freeBackup(folder, f.session, o.Now)
	if o.Name != "" {
		path = filepath.Join(folder, strings.TrimSuffix(o.Name, BackupSuffix)+BackupSuffix)
	}
	if _, err := os.Lstat(path); err == nil {
		return Backup{}, fmt.Errorf("store: backup into %s: %w", folder, os.ErrExist)
	}
	beside := strings.TrimSuffix(path, BackupSuffix) + partSuffix
	defer func() {
		if err != nil {
			os.Remove(beside)
			err = fmt.Errorf("store: backup into %s: %w", folder, err)
		}
	}()
	os.Remove(beside) // of one that was cut short
	heads, err := f.stream(ctx, beside, o.create)
	if err != nil {
		return Backup{}, err
	}
	if err := f.finish(beside, heads, &o); err != nil {
		return Backup{}, err
	}
	if err := settle(beside, path); err != nil {
		return Backup{}, err
	}
	made, err = reread(path)
	if err == nil && !maps.Equal(made.Heads, heads) {
		err = fmt.Errorf("%w: it ends elsewhere than it should", ErrBackup)
	}
	if err != nil {
		os.Remove(path)
	}
	return made, err
}

// stream writes the pages of the record as one transaction sees them, and gives the heads
// that it sees. Nothing is read into memory, and the transaction ends before the sync.
func (f *File) stream(ctx context.Context, path string, create func(string) (part, error)) (oplog.Heads, error) {
	out, err := create(path)
	if err != nil {
		return nil, err
	}
	heads := oplog.Heads{}
	err = f.view(func(tx *bolt.Tx) error {
		if err := readHeads(tx, heads); err != nil {
			return err
		}
		to := &until{ctx: ctx, to: out}
		_, err := tx.WriteTo(to)
		return cmp.Or(to.failed, err) // bbolt gives the words only
	})
	if err == nil {
		err = out.Sync()
	}
	if cerr := out.Close(); err == nil {
		err = cerr
	}
	return heads, err
}

// until writes as long as ctx has not ended, and keeps what went wrong.
type until struct {
	ctx    context.Context
	to     io.Writer
	failed error
}

func (u *until) Write(p []byte) (n int, err error) {
	if err = u.ctx.Err(); err == nil {
		n, err = u.to.Write(p)
	}
	u.failed = err
	return n, err
}

func readHeads(tx *bolt.Tx, heads oplog.Heads) error {
	return tx.Bucket(bucketHeads).ForEach(func(k, _ []byte) error {
		var r oplog.ReplicaID
		if len(k) != len(r) {
			return fmt.Errorf("heads: %w", ErrNotSession)
		}
		copy(r[:], k)
		head, err := readHead(tx, r)
		heads[r] = head
		return err
	})
}

// finish opens what was streamed, checks it, and makes a backup of it: it gets the keys
// and what is known of it, and loses the marks of an open record.
func (f *File) finish(path string, heads oplog.Heads, o *BackupOptions) error {
	db, err := openBolt(path, Options{Wait: lockWait})
	if err != nil {
		return err
	}
	copied := &File{db: db, path: path, session: f.session, seal: f.sealNow()}
	err = copied.checkPages()
	if err == nil {
		err = copied.checkWhole(heads, (*oplog.Chain).Link)
	}
	meta := backupMeta{N: o.N, Made: uint64(o.Now.UnixMilli()), Title: o.Title}
	if err == nil {
		meta.Keys, err = f.keysToKeep()
	}
	if err == nil && o.Check != nil {
		meta.Digest, err = o.Check(copied)
	}
	if err == nil {
		for _, head := range heads {
			meta.Entries += head.Seq
		}
		err = copied.putBackupMeta(meta)
	}
	if cerr := db.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return err
	}
	return addSum(path)
}

func (f *File) putBackupMeta(meta backupMeta) error {
	data, err := oplog.Marshal(meta)
	if err != nil {
		return err
	}
	return f.update(func(tx *bolt.Tx) error {
		bucket := tx.Bucket(bucketMeta)
		if err := errors.Join(bucket.Delete(markClean), dropPeers(tx)); err != nil {
			return err
		}
		return bucket.Put(metaBackup, data)
	})
}

// sealNow gives what seals names at this moment.
func (f *File) sealNow() sealer {
	f.mu.RLock()
	defer f.mu.RUnlock()
	return f.seal
}

// keysToKeep gives the key file without the signing key: whatever else belongs to the
// session goes along. What was read at the opening stands in for a file that is missing
// or no key file; one that cannot be read now may hold more.
func (f *File) keysToKeep() ([]byte, error) {
	data, err := os.ReadFile(keyPath(f.path))
	if unread(err) {
		return nil, fmt.Errorf("%w: %w", ErrKey, err)
	}
	keys, held := f.Keys(), map[string]any{}
	if json.Unmarshal(data, &held) != nil {
		held = map[string]any{}
		if keys.Badge != nil {
			held["badge"] = hex.EncodeToString(keys.Badge)
		}
	}
	delete(held, "sign")
	held["seal"] = hex.EncodeToString(keys.Seal)
	kept, err := json.Marshal(held)
	if err != nil {
		panic("store: keys have no JSON: " + err.Error()) // they came from JSON
	}
	return kept, nil
}

// checkWhole checks a copy of a record: every entry, and that the logs end at heads. step is the check of an entry: Chain.Next with its signature, Link without.
func (f *File) checkWhole(heads oplog.Heads, step func(*oplog.Chain, oplog.Entry) error) error {
	chain := oplog.NewChain(f.session)
	var failed error
	err := oplog.All(f, func(e oplog.Entry) bool {
		check := step
		if e.Seq == heads[e.Replica].Seq {
			check = (*oplog.Chain).Next
		}
		failed = check(chain, e)
		return failed == nil
	})
	if err = errors.Join(err, failed); err != nil {
		return fmt.Errorf("%w: %w", ErrBackup, err)
	}
	if !maps.Equal(chain.Heads(), heads) {
		return fmt.Errorf("%w: its logs do not end where they should", ErrBackup)
	}
	return nil
}

// settle gives a finished file its name, so that it is there after a power cut.
func settle(beside, path string) error {
	if err := os.Rename(beside, path); err != nil {
		return err
	}
	if err := syncFolder(filepath.Dir(path)); err != nil && !cannotSync(err) {
		os.Remove(path)
		return err
	}
	return nil
}

// reread opens a finished backup again and reads it to its end.
func reread(path string) (Backup, error) {
	if err := CheckBackup(path); err != nil {
		return Backup{}, err
	}
	file, found, err := OpenBackup(path)
	if err != nil {
		return Backup{}, err
	}
	file.closeQuietly()
	return found, nil
}

// closeQuietly lets go of a file that was only read.
func (f *File) closeQuietly() { f.db.Close() }

// OpenBackup opens a backup for reading, its names too. Errors: ErrNotFound, ErrBackup,
// ErrNewerFormat, or why it cannot be read.
func OpenBackup(path string) (*File, Backup, error) {
	file, meta, err := openBackup(path)
	if err != nil {
		return nil, Backup{}, err
	}
	found := Backup{Path: path, Session: file.session, Title: meta.Title, N: meta.N, Made: time.UnixMilli(int64(meta.Made)), Entries: int(meta.Entries), Digest: meta.Digest}
	if found.Heads, err = file.Heads(); err != nil {
		file.closeQuietly()
		return nil, Backup{}, fmt.Errorf("%w: %w", ErrBackup, err)
	}
	return file, found, nil
}

func openBackup(path string) (*File, backupMeta, error) {
	var meta backupMeta
	file, err := Open(path, Options{ReadOnly: true, Wait: 2 * time.Second})
	switch {
	case errors.Is(err, ErrNotSession):
		return nil, meta, fmt.Errorf("store: %s: %w: %w", path, ErrBackup, err)
	case err != nil:
		return nil, meta, err
	}
	err = file.view(func(tx *bolt.Tx) error {
		return oplog.Unmarshal(tx.Bucket(bucketMeta).Get(metaBackup), &meta)
	})
	var keys keyFile
	if err == nil {
		err = json.Unmarshal(meta.Keys, &keys)
	}
	if err == nil {
		err = file.openSeal(keys.Seal)
	}
	if err != nil {
		file.closeQuietly()
		return nil, meta, fmt.Errorf("store: %s: %w", path, ErrBackup)
	}
	return file, meta, nil
}

// openSeal takes the key that opens names.
func (f *File) openSeal(text string) error {
	key, err := hex.DecodeString(text)
	if err != nil || len(key) != 32 {
		return ErrKey
	}
	f.keys.Seal = key
	f.seal, err = newSealer(key)
	return err
}

// CopyBackup writes a finished backup into another folder too, which must be there: whole,
// synced and read again, or not at all.
func CopyBackup(ctx context.Context, from Backup, folder string) (made Backup, err error) {
	sweep(folder, from.Session)
	path := filepath.Join(folder, filepath.Base(from.Path))
	if _, err := os.Stat(path); err == nil {
		path = freeBackup(folder, from.Session, from.Made)
	}
	beside := strings.TrimSuffix(path, BackupSuffix) + partSuffix
	defer func() {
		if err != nil {
			os.Remove(beside)
			err = fmt.Errorf("store: copy the backup into %s: %w", folder, err)
		}
	}()
	if err := copyFile(ctx, from.Path, beside); err != nil {
		return Backup{}, err
	}
	if err := settle(beside, path); err != nil {
		return Backup{}, err
	}
	if made, err = reread(path); err != nil {
		os.Remove(path)
	}
	return made, err
}

func copyFile(ctx context.Context, from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := createPart(to)
	if err != nil {
		return err
	}
	_, err = io.Copy(&until{ctx: ctx, to: out}, in)
	if err == nil {
		err = out.Sync()
	}
	if cerr := out.Close(); err == nil {
		err = cerr
	}
	return err
}

// backupTail is how the names of a session's backups end.
func backupTail(id oplog.SessionID) string { return "-" + id.String()[:8] }

// freeBackup gives a name that no file has.
func freeBackup(folder string, id oplog.SessionID, now time.Time) string {
	stamp := now.Format("2006-01-02-150405")
	for n := 1; ; n++ {
		more := ""
		if n > 1 {
			more = fmt.Sprintf(".%d", n)
		}
		path := filepath.Join(folder, stamp+more+backupTail(id)+BackupSuffix)
		if _, err := os.Lstat(path); errors.Is(err, os.ErrNotExist) || n > 1000 {
			return path
		}
	}
}

// sweep removes what is left of backups of a session that did not come to their end.
func sweep(folder string, id oplog.SessionID) {
	parts, _ := filepath.Glob(filepath.Join(globbed(folder), "*"+backupTail(id)+partSuffix))
	for _, path := range parts {
		os.Remove(path)
	}
}

// globbed takes a folder's name as it stands.
func globbed(folder string) string {
	if filepath.Separator == '\\' {
		return folder // nothing is escaped there
	}
	return strings.NewReplacer(`\`, `\\`, "*", `\*`, "?", `\?`, "[", `\[`).Replace(folder)
}

// Backups gives the backups in a folder, the newest of each session first; of one session
// where id is not zero. What cannot be read is left out, and so is what is no file: a stick
// may hold links and pipes of any name. A folder that is not there holds none.
func Backups(folder string, id oplog.SessionID) ([]Backup, error) {
	entries, err := os.ReadDir(folder)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("store: list backups: %w", err)
	}
	var found []Backup
	for _, e := range entries {
		name, ok := strings.CutSuffix(e.Name(), BackupSuffix)
		if !ok || !e.Type().IsRegular() || id != (oplog.SessionID{}) && !strings.HasSuffix(name, backupTail(id)) {
			continue
		}
		file, one, err := OpenBackup(filepath.Join(folder, e.Name()))
		if err != nil {
			continue
		}
		file.closeQuietly()
		if id == (oplog.SessionID{}) || one.Session == id {
			found = append(found, one)
		}
	}
	slices.SortFunc(found, func(a, b Backup) int {
		return cmp.Or(strings.Compare(a.Session.String(), b.Session.String()), compareBackups(b, a))
	})
	return found, nil
}

// KeepBackups deletes the oldest backups of a session in a folder, so that n are left. The
// newest one stays, and so does what cannot be read: it is not counted.
func KeepBackups(folder string, id oplog.SessionID, n int) error {
	found, err := Backups(folder, id)
	if err != nil {
		return err
	}
	for _, old := range found[min(max(n, 1), len(found)):] {
		if rerr := os.Remove(old.Path); rerr != nil && !errors.Is(rerr, os.ErrNotExist) {
			err = errors.Join(err, fmt.Errorf("store: delete an old backup: %w", rerr))
		}
	}
	return err
}

// RemoveBackups deletes every backup of a session in a folder, also those that cannot be
// read, and what is left of unfinished ones.
func RemoveBackups(folder string, id oplog.SessionID) error {
	sweep(folder, id)
	paths, all := filepath.Glob(filepath.Join(globbed(folder), "*"+BackupSuffix))
	for _, path := range paths {
		mine := strings.HasSuffix(path, backupTail(id)+BackupSuffix)
		if info, err := os.Lstat(path); err == nil && info.Mode().IsRegular() {
			file, one, err := OpenBackup(path)
			switch {
			case err == nil:
				file.closeQuietly()
				mine = one.Session == id // whatever its name
			case !mine && errors.Is(err, ErrOpenElsewhere):
				all = errors.Join(all, fmt.Errorf("store: whose is that backup: %w", err)) // it may be one
			}
		}
		if !mine {
			continue
		}
		if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
			all = errors.Join(all, fmt.Errorf("store: delete a backup: %w", err))
		}
	}
	if err := syncFolder(folder); err != nil && !cannotSync(err) {
		all = errors.Join(all, err)
	}
	return all
}
