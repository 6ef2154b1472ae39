package store

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"folkmoot/sync/oplog"
)

// Keys are what a device keeps secret about a session.
type Keys struct {
	// Sign makes the entries of this device's log. It is never copied.
	Sign ed25519.PrivateKey
	// Seal closes personal payloads on the disk (AES-256-GCM).
	Seal []byte
	// Badge is what a session's badges are made with; nil where none were, see BadgeKey.
	Badge []byte
}

type keyFile struct {
	Sign string `json:"sign"`
	Seal string `json:"seal"`
	// Badge came later: files without it stay readable.
	Badge string `json:"badge,omitempty"`
}

// NewKeys makes keys from random.
func NewKeys(random io.Reader) (Keys, error) {
	seed, seal := make([]byte, ed25519.SeedSize), make([]byte, 32)
	if _, err := io.ReadFull(random, seed); err != nil {
		return Keys{}, fmt.Errorf("store: make keys: %w", err)
	}
	if _, err := io.ReadFull(random, seal); err != nil {
		return Keys{}, fmt.Errorf("store: make keys: %w", err)
	}
	return Keys{Sign: ed25519.NewKeyFromSeed(seed), Seal: seal}, nil
}

// write puts the keys into a new file that only its owner may read.
func (k Keys) write(system System, path string) error {
	data, err := json.Marshal(keyFile{Sign: hex.EncodeToString(k.Sign.Seed()), Seal: hex.EncodeToString(k.Seal), Badge: hex.EncodeToString(k.Badge)})
	if err != nil {
		return err
	}
	return system.WriteNew(path, append(data, '\n'))
}

// NewKey makes another signing key and keeps it in place of the present one: the log
// that this one signed is not continued.
func (f *File) NewKey(random io.Reader) (ed25519.PrivateKey, error) {
	fresh, err := NewKeys(random)
	if err != nil {
		return nil, err
	}
	fresh.Seal = f.Keys().Seal
	if err := f.exchange(fresh); err != nil {
		return nil, err
	}
	return fresh.Sign, nil
}

// newSeal exchanges the key that seals personal payloads.
func (f *File) newSeal() error {
	fresh, err := NewKeys(rand.Reader)
	if err != nil {
		return err
	}
	fresh.Sign = f.Keys().Sign
	if err := f.exchange(fresh); err != nil {
		return err
	}
	f.seal, err = newSealer(fresh.Seal)
	return err
}

// exchange puts keys in place of the present ones, whole or not at all. The badge key is
// taken from the file: it may have been made since, see BadgeKey. So a file that is there
// and cannot be read now is not replaced.
func (f *File) exchange(keys Keys) error {
	path, system := keyPath(f.path), f.options.system()
	err := alone(folderOf(path), func() error {
		lying, err := readKeys(path)
		if unread(err) {
			return err
		}
		if keys.Badge = f.Keys().Badge; err == nil {
			keys.Badge = lying.Badge
		}
		return replaceKeys(system, path, keys)
	})
	if err != nil {
		return fmt.Errorf("store: exchange the key file: %w", err)
	}
	f.keyMu.Lock()
	defer f.keyMu.Unlock()
	f.keys = keys
	return nil
}

// replaceKeys replaces a key file whole: whatever happens, one of the two is there.
func replaceKeys(system System, path string, keys Keys) error {
	system.Remove(path + ".new") // of a program that was killed here
	if err := keys.write(system, path+".new"); err != nil {
		return err
	}
	if err := system.Rename(path+".new", path); err != nil {
		return err
	}
	return system.SyncFolder(folderOf(path))
}

// unread says whether an error is that a file is there and cannot be read, which may pass:
// neither that it is missing, nor that it holds no keys.
func unread(err error) bool {
	var system *fs.PathError
	return errors.As(err, &system) && !errors.Is(err, fs.ErrNotExist)
}

func readKeys(path string) (Keys, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return Keys{}, fmt.Errorf("%w: %w", ErrKey, err)
	}
	var file keyFile
	if err := json.Unmarshal(data, &file); err != nil {
		return Keys{}, fmt.Errorf("%w: %s: %v", ErrKey, path, err)
	}
	seed, err1 := hex.DecodeString(file.Sign)
	seal, err2 := hex.DecodeString(file.Seal)
	badge, err3 := hex.DecodeString(file.Badge)
	if err1 != nil || err2 != nil || err3 != nil || len(seed) != ed25519.SeedSize || len(seal) != 32 || len(badge) != 0 && len(badge) != badgeKeySize {
		return Keys{}, fmt.Errorf("%w: %s holds no keys", ErrKey, path)
	}
	keys := Keys{Sign: ed25519.NewKeyFromSeed(seed), Seal: seal}
	if len(badge) > 0 {
		keys.Badge = badge
	}
	return keys, nil
}

// sealer closes and opens personal payloads. The nonce is the beginning of the
// payload's hash in the signed header, which holds a fresh salt: it never
// repeats for two payloads under one key.
type sealer struct{ aead cipher.AEAD }

func newSealer(key []byte) (sealer, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return sealer{}, fmt.Errorf("store: seal: %w", err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return sealer{}, fmt.Errorf("store: seal: %w", err)
	}
	return sealer{aead}, nil
}

// close gives the entry as it lies on the disk.
func (s sealer) close(e oplog.Entry) oplog.Entry {
	if e.Class == oplog.Personal && !e.Redacted() {
		e.Payload = s.aead.Seal(nil, e.PHash[:s.aead.NonceSize()], e.Payload, e.PHash[:])
	}
	return e
}

// open gives the entry as it was signed. Without the right key the payload
// cannot be had and the entry comes back redacted, with false.
func (s sealer) open(e oplog.Entry) (oplog.Entry, bool) {
	if e.Class != oplog.Personal || e.Redacted() {
		return e, true
	}
	if s.aead == nil {
		return e.Redact(), false
	}
	payload, err := s.aead.Open(nil, e.PHash[:s.aead.NonceSize()], e.Payload, e.PHash[:])
	if err != nil {
		return e.Redact(), false
	}
	e.Payload = payload
	return e, true
}
