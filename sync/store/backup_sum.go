package store

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"os"

	bolt "go.etcd.io/bbolt"
)

// A backup ends in sumMark and the SHA-256 of all before it, behind the pages of bbolt,
// which does not look there. Pages are walked in what was just copied only: of a file
// from elsewhere the sum is compared first, since bbolt's own check reads it in a
// goroutine in which a damaged page would end the program.
const (
	sumMark = "folkmoot"
	sumSize = len(sumMark) + sha256.Size
)

// addSum writes the sum behind a finished file, and syncs it.
func addSum(path string) error {
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	hash := sha256.New()
	if _, err = io.Copy(hash, file); err == nil { // which leaves it at its end
		_, err = file.Write(hash.Sum([]byte(sumMark)))
	}
	if err == nil {
		err = file.Sync()
	}
	if cerr := file.Close(); err == nil {
		err = cerr
	}
	return err
}

// CheckBackup compares a backup with the sum at its end. Errors: ErrBackup, or why it
// cannot be read.
func CheckBackup(path string) error {
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return fmt.Errorf("store: %s: %w: it is no file", path, ErrBackup)
	}
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	size := info.Size() - int64(sumSize)
	if size <= 0 {
		return fmt.Errorf("store: %s: %w: it is cut off", path, ErrBackup)
	}
	hash := sha256.New()
	if _, err := io.CopyN(hash, file, size); err != nil {
		return err
	}
	tail, err := io.ReadAll(file)
	if err != nil {
		return err
	}
	if !bytes.Equal(tail, hash.Sum([]byte(sumMark))) {
		return fmt.Errorf("store: %s: %w: its sum is another", path, ErrBackup)
	}
	return nil
}

// checkPages reads every row of a file that was just copied, and has bbolt walk its pages.
func (f *File) checkPages() error {
	return f.view(func(tx *bolt.Tx) error {
		info, err := os.Stat(f.path)
		if err != nil {
			return err
		}
		if info.Size() < tx.Size() {
			return fmt.Errorf("%w: it is cut off", ErrBackup)
		}
		// What lies beyond the file faults here, where that is caught.
		if err := tx.ForEach(func(_ []byte, b *bolt.Bucket) error { return readAll(b) }); err != nil {
			return err
		}
		var first error
		for err := range tx.Check() { // to its end: a goroutine writes it
			if first == nil {
				first = err
			}
		}
		if first != nil {
			return fmt.Errorf("%w: %v", ErrBackup, first)
		}
		return nil
	})
}

func readAll(b *bolt.Bucket) error {
	return b.ForEach(func(k, v []byte) error {
		if v == nil {
			return readAll(b.Bucket(k))
		}
		return nil
	})
}
