package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
)

// renames gives files other names, and takes that back.
type renames struct {
	rename func(from, to string) error
	done   [][2]string
}

func (r *renames) to(from, to string) error {
	rename := os.Rename
	if r.rename != nil {
		rename = r.rename
	}
	if err := rename(from, to); err != nil {
		return err
	}
	r.done = append(r.done, [2]string{from, to})
	return nil
}

// aside moves files into a folder, those that are there. Without a folder they get another
// name where they lie.
func (r *renames) aside(folder string, paths ...string) error {
	for _, path := range paths {
		if _, err := os.Lstat(path); errors.Is(err, os.ErrNotExist) {
			continue
		}
		to := freeName(path)
		if folder != "" {
			if err := os.MkdirAll(folder, 0o700); err != nil {
				return err
			}
			to = filepath.Join(folder, filepath.Base(path))
		}
		if err := r.to(path, to); err != nil {
			return err
		}
	}
	return nil
}

// freeName gives the name under which a file is set aside where it lies.
func freeName(path string) string {
	for n := 1; ; n++ {
		aside := fmt.Sprintf("%s.%d", path, n)
		if _, err := os.Lstat(aside); err != nil {
			return aside
		}
	}
}

// back gives the files their names again, the last one first.
func (r *renames) back() (err error) {
	for _, moved := range slices.Backward(r.done) {
		if rerr := os.Rename(moved[1], moved[0]); rerr != nil {
			err = errors.Join(err, fmt.Errorf("bring back what was there: %w", rerr))
		}
	}
	return err
}
