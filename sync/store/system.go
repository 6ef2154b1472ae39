package store

import (
	"errors"
	"os"
)

// System is what a File asks of the operating system. Tests put one in its place that
// takes notes, or that fails; see package storetest.
type System interface {
	// OpenFile opens a record's file, as os.OpenFile does.
	OpenFile(name string, flag int, perm os.FileMode) (*os.File, error)
	// Opened is told of each database (a *bbolt.DB) that was opened on such a file.
	Opened(db any)
	// WriteNew writes a file that was not there, which only its owner may read, and
	// syncs it.
	WriteNew(name string, data []byte) error
	// WriteStart writes data over the beginning of a file and syncs it.
	WriteStart(name string, data []byte) error
	Rename(from, to string) error
	// Remove is content with a file that is not there.
	Remove(name string) error
	// SyncFolder makes the names in a folder outlast a power cut.
	SyncFolder(folder string) error
}

type realSystem struct{}

func (realSystem) OpenFile(name string, flag int, perm os.FileMode) (*os.File, error) {
	return os.OpenFile(name, flag, perm)
}

func (realSystem) Opened(any) {}

func (realSystem) WriteNew(name string, data []byte) error { return WriteNew(name, data) }

func (realSystem) WriteStart(name string, data []byte) error { return WriteStart(name, data) }

func (realSystem) Rename(from, to string) error { return os.Rename(from, to) }

func (realSystem) Remove(name string) error {
	if err := os.Remove(name); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

func (realSystem) SyncFolder(folder string) error { return syncFolder(folder) }

// WriteNew is what the real System does.
func WriteNew(name string, data []byte) error {
	return writeSynced(name, os.O_CREATE|os.O_EXCL, data)
}

// WriteStart is what the real System does.
func WriteStart(name string, data []byte) error { return writeSynced(name, 0, data) }

func writeSynced(name string, flag int, data []byte) error {
	f, err := os.OpenFile(name, os.O_WRONLY|flag, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	return err
}
