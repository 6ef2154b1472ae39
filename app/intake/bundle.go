package intake

import (
	"archive/zip"
	"compress/flate"
	"compress/gzip"
	"errors"
	"io"
	"io/fs"
	"path"
	"strings"
)

// member is a file of an import: in a folder, or in a zip.
type member struct {
	name string // path with slashes
	open func() (source, error)
}

// source is a file as it is read.
type source struct {
	io.ReadCloser
	packed func() int64 // bytes of the packed file that were read; nil for what is not packed
}

// broken says whether an error means that packed data is damaged.
func broken(err error) bool {
	var corrupt flate.CorruptInputError
	for _, known := range []error{zip.ErrFormat, zip.ErrAlgorithm, zip.ErrChecksum, gzip.ErrHeader, gzip.ErrChecksum, io.ErrUnexpectedEOF} {
		if errors.Is(err, known) {
			return true
		}
	}
	return errors.As(err, &corrupt)
}

// read opens a member, unpacked and counted; the name's ".gz" says whether there
// is a second packing. What comes of both packings together is held against the
// file itself. The caller closes what it gets.
func (m member) read(left *budget) (in io.Reader, from source, err error) {
	if from, err = m.open(); err != nil {
		return nil, from, fileFault(m.base(), err)
	}
	in = &meter{from: from, budget: left, packed: from.packed}
	if !strings.HasSuffix(strings.ToLower(m.name), ".gz") {
		return in, from, nil
	}
	if from.packed == nil {
		read := new(int64)
		in, from.packed = counter{from, read}, func() int64 { return *read }
	}
	unpacked, err := gzip.NewReader(in)
	if err != nil {
		from.Close()
		if err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		return nil, from, fileFault(m.base(), err)
	}
	return &meter{from: unpacked, budget: left, packed: from.packed}, from, nil
}

func (m member) base() string { return path.Base(m.name) }

// folderMembers gives the files of a folder and of the folders in it, down to
// depth levels, whose names are those of an export.
func folderMembers(name string, files fs.FS, depth int, down guards) ([]member, error) {
	var out []member
	visited := 0
	err := fs.WalkDir(files, ".", func(at string, entry fs.DirEntry, err error) error {
		if visited++; visited > maxVisited {
			return &Fault{Code: TooManyFiles, File: name}
		}
		switch {
		case err != nil && at == ".":
			return err
		case err != nil:
			return nil // a folder that may not be read holds no export for us
		case entry.IsDir() && (strings.Count(at, "/") >= depth && at != "." || hidden(at)):
			return fs.SkipDir
		case entry.IsDir() || hidden(at) || partOf(at) == noPart:
			return nil
		case !entry.Type().IsRegular() && down.up(linkGuard):
			// A link leads to what nobody chose, and a pipe never ends.
			return &Fault{Code: LinkedFile, File: name, Found: at}
		}
		out = append(out, member{name: at, open: func() (source, error) {
			file, err := files.Open(at)
			return source{ReadCloser: file}, err
		}})
		return nil
	})
	if err != nil {
		return nil, fileFault(name, err)
	}
	return out, nil
}

// hidden says whether a file is one that systems leave behind.
func hidden(name string) bool {
	base := path.Base(name)
	return base != "." && strings.HasPrefix(base, ".") || base == "__MACOSX"
}
