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
	"unicode/utf8"
)

// member is a file of an import: in a folder, or in a zip.
type member struct {
	name string // path with slashes
	open func() (io.ReadCloser, error)
	// packed is the member's size in the zip; 0 where it is not in one.
	packed int64
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
// is a second packing. The caller closes what it gets.
func (m member) read(left *budget) (io.Reader, io.Closer, error) {
	file, err := m.open()
	if err != nil {
		return nil, nil, fileFault(m.base(), err)
	}
	var in io.Reader = file
	if m.packed > 0 {
		in = &meter{from: in, budget: left, packed: func() int64 { return m.packed }}
	}
	if strings.HasSuffix(strings.ToLower(m.name), ".gz") {
		packed := &counter{from: in}
		unpacked, err := gzip.NewReader(packed)
		if err != nil {
			file.Close()
			if err == io.EOF {
				err = io.ErrUnexpectedEOF
			}
			return nil, nil, fileFault(m.base(), err)
		}
		return &meter{from: unpacked, budget: left, packed: func() int64 { return packed.n }}, file, nil
	}
	if m.packed == 0 {
		in = &meter{from: in, budget: left}
	}
	return in, file, nil
}

func (m member) base() string { return path.Base(m.name) }

// folderMembers gives the files of a folder and of the folders in it, down to
// depth levels, whose names are those of an export.
func folderMembers(name string, files fs.FS, depth int) ([]member, error) {
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
		}
		out = append(out, member{name: at, open: func() (io.ReadCloser, error) { return files.Open(at) }})
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

// openZip reads a zip's list of members and refuses what no export does: too many
// members, names that lead elsewhere, names that are there twice, passwords.
func openZip(name string, r io.ReaderAt, size int64) (*zip.Reader, error) {
	if size > MaxPacked {
		return nil, &Fault{Code: TooBig, File: name}
	}
	archive, err := zip.NewReader(r, size)
	if err != nil {
		return nil, &Fault{Code: BrokenFile, File: name, Err: err}
	}
	if len(archive.File) > MaxMembers {
		return nil, &Fault{Code: TooManyFiles, File: name}
	}
	seen := map[string]bool{}
	for _, f := range archive.File {
		if leadsOut(f.Name) || seen[strings.ToLower(f.Name)] {
			return nil, &Fault{Code: BadPath, File: name, Found: f.Name}
		}
		seen[strings.ToLower(f.Name)] = true
		if f.Flags&1 != 0 {
			return nil, &Fault{Code: LockedFile, File: name}
		}
	}
	return archive, nil
}

// leadsOut says whether a member's name is no plain path below the folder. Names
// in an old encoding (Big5 has bytes that look like backslashes) are let through:
// they are never written anywhere.
func leadsOut(name string) bool {
	if !utf8.ValidString(name) {
		name = strings.ReplaceAll(strings.ToValidUTF8(name, "?"), "\\", "?")
	}
	drive := len(name) > 1 && name[1] == ':'
	return drive || strings.ContainsAny(name, "\\\x00") || !fs.ValidPath(strings.TrimSuffix(name, "/"))
}

func zipMembers(archive *zip.Reader) []member {
	var out []member
	for _, f := range archive.File {
		if f.Mode().IsRegular() && !hidden(f.Name) && !strings.HasPrefix(f.Name, "__MACOSX/") && partOf(f.Name) != noPart {
			out = append(out, member{name: f.Name, open: f.Open, packed: max(1, int64(f.CompressedSize64))})
		}
	}
	return out
}
