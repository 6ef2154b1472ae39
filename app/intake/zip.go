package intake

import (
	"archive/zip"
	"compress/flate"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"
)

// Zip is an archive of which nothing is believed: what it says of its sizes is not
// looked at, and all is counted while it is unpacked.
type Zip struct {
	name     string
	archive  *zip.Reader
	left     *budget
	consumed int64 // packed bytes that were read so far
}

// ZipLimits are what a zip may hold; 0 stands for MaxPacked and MaxUnpacked.
type ZipLimits struct {
	Packed, Unpacked int64

	down guards
}

// OpenZip reads a zip's list of members and refuses what no export and no pack does:
// too many members, names that lead elsewhere or are there twice, links, passwords.
// Every error is a *Fault; name is what it calls the file.
func OpenZip(name string, r io.ReaderAt, size int64, limits ZipLimits) (*Zip, error) {
	if limits.Packed == 0 {
		limits.Packed = MaxPacked
	}
	if limits.Unpacked == 0 {
		limits.Unpacked = MaxUnpacked
	}
	if size > limits.Packed && limits.down.up(packedGuard) {
		return nil, &Fault{Code: TooBig, File: name, Limit: limits.Packed}
	}
	z := &Zip{name: name, left: newBudget(limits.Unpacked, limits.down)}
	from := newDirectoryReader(r, limits.down)
	var err error
	if z.archive, err = zip.NewReader(from, size); errors.Is(err, errDirectory) {
		return nil, &Fault{Code: TooManyFiles, File: name, Err: err}
	} else if err != nil {
		return nil, &Fault{Code: BrokenFile, File: name, Err: err}
	}
	from.open = true
	z.archive.RegisterDecompressor(zip.Store, func(r io.Reader) io.ReadCloser { return io.NopCloser(counter{r, &z.consumed}) })
	z.archive.RegisterDecompressor(zip.Deflate, func(r io.Reader) io.ReadCloser { return flate.NewReader(counter{r, &z.consumed}) })
	if err := z.check(limits.down); err != nil {
		return nil, err
	}
	return z, nil
}

func (z *Zip) check(down guards) error {
	if len(z.archive.File) > MaxMembers && down.up(membersGuard) {
		return &Fault{Code: TooManyFiles, File: z.name}
	}
	seen := map[string]bool{}
	for _, f := range z.archive.File {
		name := strings.ToLower(f.Name)
		switch {
		case (leadsOut(f.Name) || seen[name]) && down.up(pathGuard):
			return &Fault{Code: BadPath, File: z.name, Found: f.Name}
		case !f.Mode().IsRegular() && !f.Mode().IsDir() && down.up(linkGuard):
			return &Fault{Code: LinkedFile, File: z.name, Found: f.Name}
		case f.Flags&1 != 0:
			return &Fault{Code: LockedFile, File: z.name}
		}
		seen[name] = true
	}
	return nil
}

// leadsOut says whether a member's name is no plain path below the folder. Names
// in an old encoding (Big5 has bytes that look like backslashes) are let through
// here: they are never written anywhere, see Unpack.
func leadsOut(name string) bool {
	if !utf8.ValidString(name) {
		name = strings.ReplaceAll(strings.ToValidUTF8(name, "?"), "\\", "?")
	}
	drive := len(name) > 1 && name[1] == ':'
	return drive || strings.ContainsAny(name, "\\\x00") || !fs.ValidPath(strings.TrimSuffix(name, "/"))
}

// open unpacks a member, without a budget.
func (z *Zip) open(f *zip.File) (source, error) {
	file, err := f.Open()
	if err != nil {
		return source{}, err
	}
	start := z.consumed
	return source{ReadCloser: file, packed: func() int64 { return z.consumed - start }}, nil
}

// members gives the files whose names are those of an export.
func (z *Zip) members() []member {
	var out []member
	for _, f := range z.archive.File {
		if !f.Mode().IsDir() && !hidden(f.Name) && !strings.HasPrefix(f.Name, "__MACOSX/") && partOf(f.Name) != noPart {
			out = append(out, member{name: f.Name, open: func() (source, error) { return z.open(f) }})
		}
	}
	return out
}

// Names gives the paths of the files in the zip, with slashes.
func (z *Zip) Names() []string {
	var names []string
	for _, f := range z.archive.File {
		if !f.Mode().IsDir() {
			names = append(names, f.Name)
		}
	}
	return names
}

// Unpack writes the files of the zip below a folder, and nothing outside of it. What
// was written before an error stays there. Errors: a *Fault, and what the disk says.
func (z *Zip) Unpack(folder string) error {
	for _, f := range z.archive.File {
		if f.Mode().IsDir() {
			continue
		}
		if err := z.unpack(f, folder); err != nil {
			return err
		}
	}
	return nil
}

func (z *Zip) unpack(f *zip.File, folder string) error {
	name := filepath.FromSlash(f.Name)
	if (!filepath.IsLocal(name) || !utf8.ValidString(name)) && z.left.down.up(pathGuard) {
		return &Fault{Code: BadPath, File: z.name, Found: f.Name}
	}
	to := filepath.Join(folder, name)
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return err
	}
	in, err := z.open(f)
	if err != nil {
		return fileFault(z.name, err)
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return &Fault{Code: BadPath, File: z.name, Found: f.Name}
	}
	if err != nil {
		return err
	}
	defer out.Close()
	_, err = io.Copy(out, &meter{from: in, budget: z.left, packed: in.packed})
	var size sizeError
	if errors.As(err, &size) || errors.Is(err, errTooDense) || broken(err) {
		return fileFault(z.name, err)
	}
	return err
}
