package storetest

import (
	"os"
	"path/filepath"
	"reflect"
	"unsafe"
)

// base is an open database.
type base struct {
	disk    *Disk
	number  int
	writeAt func([]byte, int64) (int, error)
	file    **os.File // bbolt's own
	real    *os.File
	pipe    *os.File // stands in place of the real one while a sync is to fail
	noSync  reflect.Value
	size    int64
	ended   bool // the last write was that of the page that makes a transaction count
}

// Opened puts the Disk between bbolt and the file.
func (d *Disk) Opened(db any) {
	d.mu.Lock()
	defer d.mu.Unlock()
	value := reflect.ValueOf(db).Elem()
	path := value.FieldByName("path").String()
	b := &base{disk: d, number: d.files[filepath.Base(path)], noSync: value.FieldByName("NoSync")}
	b.file = (**os.File)(unsafe.Pointer(value.FieldByName("file").UnsafeAddr()))
	b.real = *b.file
	hook := (*func([]byte, int64) (int, error))(unsafe.Pointer(value.FieldByName("ops").FieldByName("writeAt").UnsafeAddr()))
	b.writeAt = b.real.WriteAt
	*hook = b.write
	b.noSync.SetBool(true) // the images are made without the disk's help, and this is faster
	b.size = b.length()
	if !d.written(b.number) {
		data := make([]byte, b.size)
		b.real.ReadAt(data, 0)
		d.add(event{kind: wrote, file: b.number, data: data})
		d.add(event{kind: synced, file: b.number})
	}
	d.bases[b.number] = b
}

// written says whether any write to a file was noted: bbolt writes the first pages of a
// new one while it opens it.
func (d *Disk) written(number int) bool {
	for _, e := range d.events {
		if e.file == number && e.kind == wrote {
			return true
		}
	}
	return false
}

func (b *base) length() int64 {
	info, err := b.real.Stat()
	if err != nil {
		return 0
	}
	return info.Size()
}

// write is what bbolt calls in place of its file's WriteAt.
func (b *base) write(data []byte, offset int64) (int, error) {
	d := b.disk
	d.mu.Lock()
	defer d.mu.Unlock()
	if b.pipe != nil && b.ended { // the transaction before this one has failed
		d.syncFailed(b)
	}
	b.restore()
	if size := b.length(); size != b.size {
		b.size = size
		d.add(event{kind: grew, file: b.number, offset: size})
		d.add(event{kind: synced, file: b.number})
	}
	counts := offset < 2*int64(os.Getpagesize()) // the page that makes a transaction count
	b.ended = counts
	if counts {
		d.calls++ // the sync before it did well
		d.add(event{kind: synced, file: b.number})
	}
	err := d.call()
	if counts && d.aim == countingPage {
		err, d.aim = d.fault, nothing
	}
	if err != nil {
		half := data[:len(data)/2]
		n, _ := b.writeAt(half, offset)
		d.add(event{kind: wrote, file: b.number, offset: offset, data: append([]byte(nil), half...)})
		return n, err
	}
	n, werr := b.writeAt(data, offset)
	if werr != nil {
		return n, werr
	}
	d.add(event{kind: wrote, file: b.number, offset: offset, data: append([]byte(nil), data...)})
	b.size = max(b.size, offset+int64(len(data)))
	switch {
	case d.fails(d.calls + 1), counts && d.aim == lastSync, !counts && d.aim == firstSync:
		b.breakSync() // the next call may be a sync
	case counts:
		d.calls++
		d.add(event{kind: synced, file: b.number})
	}
	return n, nil
}

// breakSync puts a pipe in the place of bbolt's file, which cannot be synced.
func (b *base) breakSync() {
	r, w, err := os.Pipe()
	if err != nil {
		panic("storetest: " + err.Error())
	}
	w.Close()
	*b.file, b.pipe = r, r
	b.noSync.SetBool(false)
}

func (b *base) restore() {
	if b.pipe == nil {
		return
	}
	if *b.file == b.pipe { // else bbolt has closed it
		*b.file = b.real
	}
	b.pipe.Close()
	b.pipe = nil
	b.noSync.SetBool(true)
}
