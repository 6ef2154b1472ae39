package command

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// errShared: a folder that should be this user's alone may be entered by others.
var errShared = errors.New("the folder is not this user's alone")

// ownFolder gives a folder of a user's own below the one for temporary files, into which
// everybody may write: whoever made it before could answer in the place of our programs.
// Error: errShared.
func ownFolder(temporary string, user int) (string, error) {
	path := filepath.Join(temporary, fmt.Sprintf("folkmoot-%d", user))
	if err := os.Mkdir(path, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return "", err
	}
	info, err := os.Lstat(path)
	if err != nil {
		return "", err
	}
	if !info.IsDir() || !onlyOf(info, user) {
		return "", fmt.Errorf("%s: %w", path, errShared)
	}
	return path, nil
}
