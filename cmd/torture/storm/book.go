package storm

import (
	"crypto/ed25519"

	"folkmoot/sync/link"
	"folkmoot/sync/store"
)

// book is a session's file as link.Book.
type book struct{ file *store.File }

// EachPeer gives every row.
func (b book) EachPeer(yield func(key, value []byte)) error {
	all, err := b.file.Peers()
	for _, p := range all {
		yield(p.Key, p.Value)
	}
	return err
}

// PutPeer keeps a row, DropPeer takes one away.
func (b book) PutPeer(key, value []byte) error { return b.file.PutPeer(key, value) }
func (b book) DropPeer(key []byte) error       { return b.file.DropPeer(key) }

// pairWith writes those into an empty book with whom a device was paired before the
// storm, and the device itself. Where they are is not said: they are found.
func (b book) pairWith(setup Setup, own ed25519.PublicKey) error {
	if all, err := b.file.Peers(); err != nil || len(all) > 0 {
		return err
	}
	rows := append([]Row{{Name: setup.Name, Role: setup.Role, Index: setup.Index, Key: own}}, setup.Book...)
	for _, r := range rows {
		if err := link.WritePeer(b, link.Peer{Key: r.Key, Name: r.Name, Role: link.Role(r.Role), Index: r.Index}); err != nil {
			return err
		}
	}
	return nil
}
