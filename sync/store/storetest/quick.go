package storetest

import (
	"os"
	"reflect"

	"folkmoot/sync/store"
)

// quick is the operating system without its syncs: what is looked at is thrown away.
type quick struct{}

var _ store.System = quick{}

// OpenFile opens a file.
func (quick) OpenFile(name string, flag int, perm os.FileMode) (*os.File, error) {
	return os.OpenFile(name, flag, perm)
}

// Opened takes bbolt's syncs away.
func (quick) Opened(db any) {
	for _, field := range []string{"NoSync", "NoGrowSync"} {
		reflect.ValueOf(db).Elem().FieldByName(field).SetBool(true)
	}
}

// WriteNew writes a new file.
func (quick) WriteNew(name string, data []byte) error { return os.WriteFile(name, data, 0o600) }

// WriteStart writes over the beginning of a file.
func (quick) WriteStart(name string, data []byte) error {
	f, err := os.OpenFile(name, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = f.Write(data)
	return err
}

// Rename renames a file.
func (quick) Rename(from, to string) error { return os.Rename(from, to) }

// Remove takes a file away.
func (quick) Remove(name string) error { os.Remove(name); return nil }

// SyncFolder does nothing.
func (quick) SyncFolder(string) error { return nil }
