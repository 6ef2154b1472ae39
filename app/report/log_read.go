package report

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
)

// ErrLongLine occurs where a line of log.jsonl is longer than any entry makes it.
var ErrLongLine = errors.New("the line is longer than any entry")

const (
	// maxLogLine is the size of a line of log.jsonl, in bytes: an entry of 32 KiB in
	// base64, and its payload in words with every letter escaped.
	maxLogLine = 512 << 10
	// maxAbout is the size of a file that says what is in a pack, in bytes.
	maxAbout = 16 << 20
)

// NextLine gives the next line of log.jsonl with its end, io.EOF behind the last.
// Errors: ErrLongLine, and what the disk says.
func NextLine(lines *bufio.Reader) ([]byte, error) {
	var text []byte
	for {
		piece, err := lines.ReadSlice('\n')
		text = append(text, piece...)
		switch {
		case len(text) > maxLogLine:
			return nil, ErrLongLine
		case err == bufio.ErrBufferFull:
			continue
		case err == io.EOF && len(text) > 0:
			return text, nil
		}
		return text, err
	}
}

// readAbout reads a file that says what is in a pack.
func readAbout(path string) ([]byte, error) {
	info, err := os.Lstat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > maxAbout {
		return nil, fmt.Errorf("report: read %s: it is no file, or too big", path)
	}
	return os.ReadFile(path)
}
