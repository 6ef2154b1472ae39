package command

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"folkmoot/sync/link"
)

// deviceFile holds this installation's key and name, in the data folder. The key is what
// other devices know it by, over all sessions; see package link.
const deviceFile = "device.key"

type deviceDoc struct {
	Key  string `json:"key"`  // the seed, in hexadecimal digits
	Name string `json:"name"` // "" for the computer's own
}

// device gives what this installation is to others; its key is made on first use.
func (a *app) device() (link.Identity, error) {
	dir, err := a.writable()
	if err != nil {
		return link.Identity{}, err
	}
	path := filepath.Join(dir, deviceFile)
	doc, err := readDevice(path)
	if errors.Is(err, fs.ErrNotExist) {
		if err = makeDevice(path); err == nil || errors.Is(err, fs.ErrExist) {
			doc, err = readDevice(path) // another program may have been the first
		}
	}
	if err != nil {
		return link.Identity{}, &problem{why: fmt.Sprintf("%s, by which other devices know this one, cannot be read: %v", path, err), try: "bring it back from a backup of the folder, or move it away: then other devices have to be paired again", cause: err}
	}
	seed, _ := hex.DecodeString(doc.Key)
	name := doc.Name
	if name == "" {
		name = computerName()
	}
	return link.Identity{Key: ed25519.NewKeyFromSeed(seed), Name: name, Version: Version}, nil
}

// knownDevice gives this installation's id, and makes nothing. Error: fs.ErrNotExist where
// there is none yet.
func (a *app) knownDevice() (link.DeviceID, error) {
	dir, err := a.folder()
	if err != nil {
		return "", err
	}
	doc, err := readDevice(filepath.Join(dir, deviceFile))
	if err != nil {
		return "", err
	}
	seed, _ := hex.DecodeString(doc.Key)
	return link.DeviceOf(ed25519.NewKeyFromSeed(seed).Public().(ed25519.PublicKey)), nil
}

func readDevice(path string) (doc deviceDoc, err error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return doc, err
	}
	if info, err := os.Stat(path); err == nil && info.Mode().Perm()&0o077 != 0 {
		os.Chmod(path, 0o600) // a copy may be for everybody; where it cannot be changed it is used all the same
	}
	if err := json.Unmarshal(data, &doc); err != nil {
		return doc, err
	}
	if seed, err := hex.DecodeString(doc.Key); err != nil || len(seed) != ed25519.SeedSize {
		return doc, errors.New("it holds no key")
	}
	return doc, nil
}

func makeDevice(path string) error {
	seed := make([]byte, ed25519.SeedSize)
	if _, err := rand.Read(seed); err != nil {
		return err
	}
	return writeDevice(path, deviceDoc{Key: hex.EncodeToString(seed)}, placeNew)
}

// placeNew puts a file where there is none. Some file systems know no hard links; there
// the last of two programs that do so at the same moment wins.
func placeNew(from, to string) error {
	err := os.Link(from, to)
	if err == nil || errors.Is(err, fs.ErrExist) {
		return err
	}
	if _, there := os.Lstat(to); there == nil {
		return fs.ErrExist
	}
	return os.Rename(from, to)
}

// writeDevice writes the file whole and puts it in its place.
func writeDevice(path string, doc deviceDoc, place func(from, to string) error) error {
	data, err := json.Marshal(doc)
	if err != nil {
		return err
	}
	file, err := os.CreateTemp(filepath.Dir(path), ".device-*") // for its owner only
	if err != nil {
		return err
	}
	defer os.Remove(file.Name())
	_, err = file.Write(append(data, '\n'))
	err = errors.Join(err, file.Sync(), file.Close())
	if err == nil {
		err = place(file.Name(), path)
	}
	return err
}

// nameDevice changes what others call this installation.
func (a *app) nameDevice(name string) error {
	if _, err := a.device(); err != nil { // so that there is one
		return err
	}
	dir, err := a.folder()
	if err != nil {
		return err
	}
	path := filepath.Join(dir, deviceFile)
	doc, err := readDevice(path)
	if err == nil {
		doc.Name = name
		err = writeDevice(path, doc, os.Rename)
	}
	return err
}

// computerName gives what the system calls this computer, without its domain.
func computerName() string {
	name, err := os.Hostname()
	name, _, _ = strings.Cut(name, ".")
	if err != nil || name == "" || name == "localhost" {
		return "Folkmoot"
	}
	return name
}
