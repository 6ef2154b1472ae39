package storetest

import (
	"bytes"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
)

// sector is what a disk writes whole or not at all.
const sector = 512

// content is a file as the disk has it for certain, and what it may have besides.
type content struct {
	sure    []byte
	doubt   map[int64][][]byte // by sector: what was written before a sync that failed
	pending []event            // since the last sync
}

// platter is what a disk knows at some moment.
type platter struct {
	files   map[int]*content
	names   map[string]int // for certain
	pending []event        // done to names since the folder was synced
	kept    promises
}

func newPlatter() *platter { return &platter{files: map[int]*content{}, names: map[string]int{}} }

func (p *platter) take(e event) {
	switch e.kind {
	case created:
		p.files[e.file] = &content{doubt: map[int64][][]byte{}}
		p.pending = append(p.pending, e)
	case renamed, removed:
		p.pending = append(p.pending, e)
	case folderSynced:
		for _, done := range p.pending {
			rename(p.names, done)
		}
		p.pending = nil
	case wrote, grew:
		p.files[e.file].pending = append(p.files[e.file].pending, e)
	case synced:
		p.files[e.file].sync()
	case unsynced:
		p.files[e.file].failSync()
	case noted:
		e.note(&p.kept)
	}
}

func rename(names map[string]int, e event) {
	switch e.kind {
	case created:
		names[e.name] = e.file
	case renamed:
		names[e.to] = names[e.name]
		delete(names, e.name)
	case removed:
		delete(names, e.name)
	}
}

// sectors cuts a write where the disk may tear it.
func sectors(e event, each func(at int64, offset int64, data []byte)) {
	for offset, data := e.offset, e.data; len(data) > 0; {
		n := min(int64(len(data)), sector-offset%sector)
		each(offset/sector, offset, data[:n])
		offset, data = offset+n, data[n:]
	}
}

func put(file []byte, offset int64, data []byte) []byte {
	if more := offset + int64(len(data)) - int64(len(file)); more > 0 {
		file = append(file, make([]byte, more)...)
	}
	copy(file[offset:], data)
	return file
}

func (c *content) sync() {
	for _, e := range c.pending {
		if e.kind == grew {
			c.sure = put(c.sure, e.offset, nil)
			continue
		}
		sectors(e, func(at, offset int64, data []byte) {
			c.sure = put(c.sure, offset, data)
			delete(c.doubt, at)
		})
	}
	c.pending = nil
}

func (c *content) failSync() {
	for _, e := range c.pending {
		if e.kind == grew {
			c.sure = put(c.sure, e.offset, nil)
			continue
		}
		sectors(e, func(at, offset int64, data []byte) {
			c.sure = put(c.sure, offset+int64(len(data)), nil) // a hole where nothing arrives
			c.doubt[at] = append(c.doubt[at], data)
		})
	}
	c.pending = nil
}

// image gives one of the files that may be found after the power went.
func (c *content) image(random *rand.Rand) []byte {
	file := bytes.Clone(c.sure)
	chance := []float64{0, 0.1, 0.5, 0.9, 1}[random.IntN(5)]
	for _, at := range slices.Sorted(maps.Keys(c.doubt)) {
		if random.Float64() < chance {
			versions := c.doubt[at]
			file = put(file, at*sector, versions[random.IntN(len(versions))])
		}
	}
	type piece struct {
		offset int64
		data   []byte
	}
	var pieces []piece
	for _, e := range c.pending {
		if e.kind == grew {
			if random.Float64() < chance {
				file = put(file, e.offset, nil)
			}
			continue
		}
		sectors(e, func(_, offset int64, data []byte) {
			if random.Float64() < chance {
				pieces = append(pieces, piece{offset, data})
			}
		})
	}
	random.Shuffle(len(pieces), func(i, j int) { pieces[i], pieces[j] = pieces[j], pieces[i] })
	for _, p := range pieces {
		file = put(file, p.offset, p.data)
	}
	return file
}

// write puts an image of all files into a folder.
func (p *platter) write(folder string, random *rand.Rand) error {
	names := maps.Clone(p.names)
	for _, e := range p.pending[:random.IntN(len(p.pending)+1)] {
		rename(names, e)
	}
	images := map[int][]byte{}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		number := names[name]
		if images[number] == nil {
			images[number] = p.files[number].image(random)
		}
		if err := os.WriteFile(filepath.Join(folder, name), images[number], 0o600); err != nil {
			return err
		}
	}
	return nil
}
