package report

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
)

// LogFile is the log of a pack as an oplog.Log for reading: it holds where each entry
// stands, and reads the file as it is asked. It is for one goroutine.
type LogFile struct {
	file  *os.File
	lines map[oplog.ReplicaID][]int64 // by number, from 1
	heads oplog.Heads
}

// OpenLog opens a log.jsonl. It looks at the order of the entries only: VerifyPack says
// whether they are right. Errors: oplog.ErrGap, oplog.ErrChain, ErrLongLine, or what a line
// or the disk says.
func OpenLog(path string) (*LogFile, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("report: open log: %w", err)
	}
	l := &LogFile{file: file, lines: map[oplog.ReplicaID][]int64{}, heads: oplog.Heads{}}
	if err := l.index(); err != nil {
		file.Close()
		return nil, fmt.Errorf("report: read log: %w", err)
	}
	return l, nil
}

func (l *LogFile) index() error {
	lines, at := bufio.NewReaderSize(l.file, 1<<16), int64(0)
	for {
		text, err := NextLine(lines)
		if err == io.EOF {
			return nil
		}
		var e oplog.Entry
		if err == nil {
			e, err = entryOf(text)
		}
		if err == nil {
			err = oplog.Follows(l.heads[e.Replica], e)
		}
		if err != nil {
			return err
		}
		l.heads[e.Replica] = oplog.Head{Seq: e.Seq, Hash: e.Hash()}
		l.lines[e.Replica] = append(l.lines[e.Replica], at)
		at += int64(len(text))
	}
}

// entryOf gives the entry of a line.
func entryOf(text []byte) (oplog.Entry, error) {
	var line struct {
		Entry string `json:"entry"`
	}
	if err := json.Unmarshal(text, &line); err != nil {
		return oplog.Entry{}, err
	}
	raw, err := base64.StdEncoding.DecodeString(line.Entry)
	if err != nil {
		return oplog.Entry{}, err
	}
	return oplog.Decode(raw)
}

// Close lets go of the file.
func (l *LogFile) Close() error { return l.file.Close() }

// Append is refused: a pack stays as it was written.
func (l *LogFile) Append([]oplog.Entry) error {
	return errors.New("report: the log of a pack is not written to")
}

// Heads says how far each log goes. The caller owns the map.
func (l *LogFile) Heads() (oplog.Heads, error) {
	heads := oplog.Heads{}
	for id, head := range l.heads {
		heads[id] = head
	}
	return heads, nil
}

// Entries gives the entries of one log from number from on, until yield says no. An error
// says that the file is no longer the one that was opened, or cannot be read.
func (l *LogFile) Entries(replica oplog.ReplicaID, from uint64, yield func(oplog.Entry) bool) error {
	var lines *bufio.Reader
	next := int64(-1)
	offsets := l.lines[replica]
	for seq := max(from, 1); seq <= uint64(len(offsets)); seq++ {
		if at := offsets[seq-1]; at != next { // entries of one log mostly stand behind each other
			if _, err := l.file.Seek(at, io.SeekStart); err != nil {
				return fmt.Errorf("report: read log: %w", err)
			}
			lines, next = bufio.NewReaderSize(l.file, 1<<16), at
		}
		text, err := NextLine(lines)
		var e oplog.Entry
		if err == nil {
			e, err = entryOf(text)
		}
		if err == nil && (e.Replica != replica || e.Seq != seq) {
			err = oplog.ErrChain
		}
		if err != nil {
			return fmt.Errorf("report: read entry %d of %s: %w", seq, replica, err)
		}
		next += int64(len(text))
		if !yield(e) {
			return nil
		}
	}
	return nil
}

// State gives what the log of a pack adds up to, nil where there is none or it is wrong.
func (v *Verification) State() *moot.View { return v.state }
