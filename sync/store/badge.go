package store

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"folkmoot/sync/badge"
	"folkmoot/sync/oplog"
)

const badgeKeySize = len(badge.Key{})

// BadgeKey gives the key that the badges of the session at path are made with. With
// random it is made where there is none yet, without it is an error. The hub that has
// the session open and a command that prints badges may ask at the same moment: they
// get the same key. Error: ErrKey where there is none, or the key file cannot be read.
func BadgeKey(path string, random io.Reader) (key badge.Key, err error) {
	if _, err := os.Stat(path); err != nil { // else a session that is not there would get a key
		return key, fmt.Errorf("store: badge key of %s: %w", path, ErrNotFound)
	}
	keys, err := readKeys(keyPath(path))
	if err == nil && keys.Badge == nil && random != nil {
		err = alone(filepath.Dir(path), func() error { keys, err = addBadgeKey(keyPath(path), random); return err })
	}
	if err == nil && keys.Badge == nil {
		err = fmt.Errorf("%w: no badges were made", ErrKey)
	}
	if err != nil {
		return key, fmt.Errorf("store: badge key of %s: %w", path, err)
	}
	return badge.Key(keys.Badge), nil
}

// addBadgeKey makes a badge key where there is none, and gives all keys. The file is
// replaced whole: whatever happens, the keys that were there are not lost.
func addBadgeKey(path string, random io.Reader) (Keys, error) {
	keys, err := readKeys(path)
	if err != nil || keys.Badge != nil {
		return keys, err
	}
	keys.Badge = make([]byte, badgeKeySize)
	if _, err := io.ReadFull(random, keys.Badge); err != nil {
		return Keys{}, err
	}
	return keys, replaceKeys(realSystem{}, path, keys)
}

// ErrBadgeKey: the session's badges are made with another key already.
var ErrBadgeKey = errors.New("the badges of this session are made with another key")

// SetBadgeKey puts a key that another device of the session told into the key file, so
// that badges can be checked here too. Where it lies there already nothing happens. Errors:
// ErrBadgeKey where another one does, since badges were printed with that; ErrNotFound;
// ErrKey for no key, and for a key file that cannot be read.
func SetBadgeKey(path string, key badge.Key) error {
	_, err := os.Stat(path)
	switch {
	case err != nil:
		err = ErrNotFound
	case key == badge.Key{}:
		err = fmt.Errorf("%w: this is none", ErrKey)
	default:
		var got badge.Key
		if got, err = BadgeKey(path, bytes.NewReader(key[:])); err == nil && got != key {
			err = ErrBadgeKey
		}
	}
	if err != nil {
		return fmt.Errorf("store: set the badge key of %s: %w", path, err)
	}
	return nil
}

// Flags of a token's row.
const (
	flagSigned  = 1
	flagRetired = 2
)

// tokenRow gives what lies on the disk behind a token's hash: the person, and with a badge
// its number and the flags.
func tokenRow(t oplog.Token) []byte {
	row := append([]byte(nil), t.Person[:]...)
	if t.Device == (badge.Device{}) {
		return row
	}
	flags := byte(0)
	if t.Device.Signed {
		flags |= flagSigned
	}
	if t.Device.Retired {
		flags |= flagRetired
	}
	return append(binary.BigEndian.AppendUint16(row, uint16(t.Device.Number)), flags)
}

func readToken(hash, row []byte) (t oplog.Token, ok bool) {
	long := len(row) == len(t.Person)+3
	if len(hash) != len(t.Hash) || len(row) != len(t.Person) && !long {
		return t, false
	}
	copy(t.Hash[:], hash)
	copy(t.Person[:], row)
	if long {
		rest := row[len(t.Person):]
		t.Device = badge.Device{Number: int(binary.BigEndian.Uint16(rest)), Signed: rest[2]&flagSigned != 0, Retired: rest[2]&flagRetired != 0}
	}
	return t, true
}
