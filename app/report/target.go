package report

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
)

// Target takes files by slash-separated path. Closing a file finishes it.
type Target interface {
	Create(path string) (io.WriteCloser, error)
}

// Memory is a Target in memory. The zero value is empty and ready.
type Memory struct {
	files map[string][]byte
}

// Create starts a file, which takes the place of one of the same path.
func (m *Memory) Create(path string) (io.WriteCloser, error) {
	return &memoryFile{memory: m, path: path}, nil
}

// Paths gives the paths of all finished files, ascending.
func (m *Memory) Paths() []string {
	paths := make([]string, 0, len(m.files))
	for path := range m.files {
		paths = append(paths, path)
	}
	slices.Sort(paths)
	return paths
}

// File gives the bytes of a finished file, nil where there is none. The caller must
// not change them.
func (m *Memory) File(path string) []byte { return m.files[path] }

type memoryFile struct {
	bytes.Buffer
	memory *Memory
	path   string
}

func (f *memoryFile) Close() error {
	if f.memory.files == nil {
		f.memory.files = map[string][]byte{}
	}
	f.memory.files[f.path] = f.Bytes()
	return nil
}

// Folder is a Target on disk.
type Folder string

// Create starts a file below the folder, and the folders that it lies in.
func (f Folder) Create(path string) (io.WriteCloser, error) {
	if !filepath.IsLocal(filepath.FromSlash(path)) {
		return nil, fmt.Errorf("report: create %q: not below the folder", path)
	}
	full := filepath.Join(string(f), filepath.FromSlash(path))
	if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
		return nil, fmt.Errorf("report: create %s: %w", path, err)
	}
	file, err := os.Create(full)
	if err != nil {
		return nil, fmt.Errorf("report: create %s: %w", path, err)
	}
	return file, nil
}

// put writes a whole file.
func put(to Target, path string, data []byte) error {
	return write(to, path, func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
}

// write makes a file with what fill writes.
func write(to Target, path string, fill func(io.Writer) error) error {
	file, err := to.Create(path)
	if err != nil {
		return err
	}
	if err := fill(file); err != nil {
		file.Close()
		return fmt.Errorf("report: write %s: %w", path, err)
	}
	if err := file.Close(); err != nil {
		return fmt.Errorf("report: write %s: %w", path, err)
	}
	return nil
}

// below is a folder of a Target.
type below struct {
	to     Target
	folder string
}

func (b below) Create(path string) (io.WriteCloser, error) { return b.to.Create(b.folder + "/" + path) }
