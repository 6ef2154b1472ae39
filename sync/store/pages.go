package store

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"os"

	bolt "go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"
)

// bbolt follows the pages of a file wherever they lead. One that leads back to itself
// makes it run out of stack, which ends the program and cannot be guarded against, and
// one that states a false length makes it take gigabytes. So the pages are looked over
// before it sees them: each lies within the file, in one place of the tree only, and
// what it holds lies within it.

// checkPages looks over the pages of a file that bbolt is to open. Where something is
// wrong, it looks again once no other program writes. Errors: ErrNotSession,
// ErrOpenElsewhere, or why the file cannot be read.
func checkPages(path string, options Options) error {
	switch err := lookOver(path); {
	case err == nil:
		return nil
	case errors.Is(err, errPageSize): // which nobody changes while he writes
		return fmt.Errorf("store: open %s: %w: %v", path, ErrNotSession, err)
	case !damaged(err):
		return fmt.Errorf("store: open %s: %w", path, err)
	}
	db, err := bolt.Open(path, 0o600, &bolt.Options{Timeout: options.Wait, ReadOnly: true}) // which follows no page
	if errors.Is(err, bolterrors.ErrTimeout) {
		return fmt.Errorf("store: open %s: %w", path, ErrOpenElsewhere)
	}
	if err != nil {
		return nil // bbolt says the same again, and why
	}
	defer db.Close()
	switch err := lookOver(path); {
	case damaged(err):
		return fmt.Errorf("store: open %s: %w: %v", path, ErrNotSession, err)
	case err != nil:
		return fmt.Errorf("store: open %s: %w", path, err)
	}
	return nil
}

// damaged says whether an error is about what lies in the file, as against whether it
// can be read: then it may be whole.
func damaged(err error) bool {
	return errors.Is(err, errPages) || errors.Is(err, errPageSize) || errors.Is(err, io.EOF)
}

const (
	pageHead    = 16 // number, kind, count, overflow
	elementSize = 16
	branchPage  = 0x01
	leafPage    = 0x02
	bucketFlag  = 0x01
)

var (
	errPages    = errors.New("its pages are damaged")
	errPageSize = errors.New("its pages have a size that no system writes")
)

// Pages of the systems that we run on have from 4 KiB to 64 KiB. bbolt would take any.
const minPage, maxPage = 4 << 10, 64 << 10

// maxDepth is how many pages may lie above one another, those of buckets within buckets
// counted together: a branch leads to dozens, but bbolt calls itself once for each.
const maxDepth = 64

// pages is a file of bbolt's as it lies on the disk.
type pages struct {
	file io.ReaderAt
	size int64
	page int64 // size of a page
	seen []bool
	todo []lead
	// failed is why a head could not be read, nil where the file only ends before it.
	failed error
}

// lead is a page that another one leads to.
type lead struct {
	id    uint64
	depth int
}

func lookOver(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return nil // bbolt says so too
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil
	}
	return lookOverPages(file, info.Size())
}

func lookOverPages(file io.ReaderAt, size int64) error {
	p := &pages{file: file, size: size}
	meta, err := p.meta()
	if p.failed != nil {
		return p.failed
	}
	if err != nil {
		return err
	}
	root, freelist, end := number(meta[16:]), number(meta[32:]), number(meta[40:])
	if end > uint64(p.size/p.page) {
		return errPages
	}
	p.seen, p.todo = make([]bool, end), []lead{{root, 1}}
	// We never leave the list out. Without one bbolt looks for it in a goroutine, in which
	// a damaged page would end the program.
	if err := p.freelist(freelist); err != nil {
		return err
	}
	for len(p.todo) > 0 {
		next := p.todo[len(p.todo)-1]
		p.todo = p.todo[:len(p.todo)-1]
		if err := p.visit(next); err != nil {
			return err
		}
	}
	return nil
}

func number(b []byte) uint64 { return binary.LittleEndian.Uint64(b) }
func short(b []byte) uint32  { return binary.LittleEndian.Uint32(b) }

// meta finds the head that bbolt takes, and the size of the pages. bbolt reads that size
// in the first head or, where its sum is wrong, in the first right one after it, wherever
// that lies; but it then takes the newer of the heads of the first two pages of that size.
func (p *pages) meta() ([]byte, error) {
	sized := p.metaAt(0)
	for at := int64(1024); at <= 1024<<14 && sized == nil; at *= 2 {
		sized = p.metaAt(at)
	}
	if sized == nil {
		return nil, errPages // no file of bbolt's, or half written
	}
	p.page = int64(short(sized[8:]))
	if p.page < minPage || p.page > maxPage || p.page&(p.page-1) != 0 {
		return nil, errPageSize
	}
	first, second := p.metaAt(0), p.metaAt(p.page)
	switch {
	case first == nil && second == nil:
		return nil, errPages
	case first == nil || second != nil && number(second[48:]) > number(first[48:]):
		return second, nil
	}
	return first, nil
}

// metaAt reads the head in the page at a place, nil where there is none.
func (p *pages) metaAt(at int64) []byte {
	head := make([]byte, 64)
	if _, err := p.file.ReadAt(head, at+pageHead); err != nil {
		if !errors.Is(err, io.EOF) {
			p.failed = err
		}
		return nil
	}
	sum := fnv.New64a()
	sum.Write(head[:56])
	if short(head) != 0xed0cdaed || short(head[4:]) != 2 || sum.Sum64() != number(head[56:]) {
		return nil
	}
	return head
}

// claim marks a page and its overflow as used, and gives its head and its size in bytes.
func (p *pages) claim(id uint64) (head []byte, size int64, err error) {
	head = make([]byte, pageHead)
	if id < 2 || id >= uint64(len(p.seen)) {
		return nil, 0, errPages
	}
	if _, err := p.file.ReadAt(head, int64(id)*p.page); err != nil {
		return nil, 0, err
	}
	overflow := uint64(short(head[12:]))
	if number(head) != id || id+overflow >= uint64(len(p.seen)) {
		return nil, 0, errPages
	}
	for i := id; i <= id+overflow; i++ {
		if p.seen[i] {
			return nil, 0, errPages
		}
		p.seen[i] = true
	}
	return head, int64(overflow+1) * p.page, nil
}

// freelist looks that the list of free pages is not longer than its page.
func (p *pages) freelist(id uint64) error {
	head, size, err := p.claim(id)
	if err != nil {
		return err
	}
	count := uint64(binary.LittleEndian.Uint16(head[10:]))
	if count == 0xffff { // the number itself then comes first
		first := make([]byte, 8)
		if _, err := p.file.ReadAt(first, int64(id)*p.page+pageHead); err != nil {
			return err
		}
		count = number(first) + 1
	}
	if count > uint64(size-pageHead)/8 {
		return errPages
	}
	return nil
}

func (p *pages) visit(to lead) error {
	head, size, err := p.claim(to.id)
	if err != nil {
		return err
	}
	if to.depth > maxDepth {
		return errPages
	}
	return p.elements(head, int64(to.id)*p.page, size, to.depth, false)
}

// elements looks at what a page holds, of size bytes at a place in the file, and notes
// the pages that it leads to. A small page within another one leads nowhere.
func (p *pages) elements(head []byte, at, size int64, depth int, small bool) error {
	kind, count := binary.LittleEndian.Uint16(head[8:]), int64(binary.LittleEndian.Uint16(head[10:]))
	if kind != branchPage && kind != leafPage || pageHead+count*elementSize > size || kind == branchPage && count == 0 {
		return errPages
	}
	list := make([]byte, count*elementSize)
	if _, err := p.file.ReadAt(list, at+pageHead); err != nil {
		return err
	}
	for i := range count {
		one, place := list[i*elementSize:][:elementSize], pageHead+i*elementSize
		if kind == branchPage {
			if place+int64(short(one))+int64(short(one[4:])) > size {
				return errPages
			}
			p.todo = append(p.todo, lead{number(one[8:]), depth + 1})
			continue
		}
		value := place + int64(short(one[4:])) + int64(short(one[8:]))
		if value+int64(short(one[12:])) > size {
			return errPages
		}
		if short(one)&bucketFlag == 0 {
			continue
		}
		if small {
			return errPages
		}
		if err := p.bucket(at+value, int64(short(one[12:])), depth); err != nil {
			return err
		}
	}
	return nil
}

// bucket looks at a bucket within a leaf: its root, or the small page in its place.
func (p *pages) bucket(at, size int64, depth int) error {
	head := make([]byte, 16+pageHead)
	if size < 16 {
		return errPages
	}
	if _, err := p.file.ReadAt(head[:min(size, int64(len(head)))], at); err != nil {
		return err
	}
	if root := number(head); root != 0 {
		p.todo = append(p.todo, lead{root, depth + 1})
		return nil
	}
	if size < int64(len(head)) || size-16 > p.page/4 { // bbolt makes them no larger
		return errPages
	}
	return p.elements(head[16:], at+16, size-16, depth, true)
}
