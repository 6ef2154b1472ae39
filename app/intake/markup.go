package intake

import (
	"bufio"
	"encoding/xml"
	"errors"
	"io"
)

const (
	// maxToken is the size of one tag or text of a workbook's part, in bytes. A cell
	// holds 32,767 characters at most.
	maxToken = 256 << 10
	// maxDepth is how deep the tags of a part may lie in each other; workbooks need ten.
	maxDepth = 64
)

var (
	errLongToken = errors.New("a tag or text that does not end")
	errDeep      = errors.New("tags within tags without end")
)

// markup reads the tags and texts of a part of a workbook. It keeps none of them, so
// that what a part costs does not depend on what is in it.
type markup struct {
	in     *bufio.Reader
	left   int // bytes that the token being read may still have
	tokens *xml.Decoder
	depth  int
	down   guards
}

func newMarkup(r io.Reader, down guards) *markup {
	m := &markup{in: bufio.NewReaderSize(r, 32<<10), down: down}
	m.tokens = xml.NewDecoder(m)
	return m
}

// ReadByte keeps the decoder from holding a token of any length.
func (m *markup) ReadByte() (byte, error) {
	if m.left--; m.left < 0 && m.down.up(markupGuard) {
		return 0, errLongToken
	}
	return m.in.ReadByte()
}

// Read is there because a decoder wants an io.Reader; it calls ReadByte.
func (m *markup) Read([]byte) (int, error) { return 0, errors.ErrUnsupported }

// next gives the next tag or text, io.EOF after the last; it holds until the call
// after. Errors: those of the file, and a *Fault for what is no XML.
func (m *markup) next() (xml.Token, error) {
	m.left = maxToken
	token, err := m.tokens.RawToken()
	switch token.(type) {
	case xml.StartElement:
		m.depth++
	case xml.EndElement:
		m.depth--
	}
	var size sizeError
	switch {
	case err == io.EOF && m.depth > 0:
		return nil, &Fault{Code: BrokenFile, Err: io.ErrUnexpectedEOF}
	case err == io.EOF || errors.As(err, &size) || errors.Is(err, errTooDense):
		return nil, err
	case err == nil && m.depth > maxDepth && m.down.up(markupGuard):
		err = errDeep
	}
	if err != nil {
		return nil, &Fault{Code: BrokenFile, Err: err}
	}
	return token, nil
}

// attribute gives the value of a tag's attribute, "" where it has none of that name.
func attribute(tag xml.StartElement, name string) string {
	for _, a := range tag.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// has says whether a tag has an attribute.
func has(tag xml.StartElement, name string) bool {
	for _, a := range tag.Attr {
		if a.Name.Local == name {
			return true
		}
	}
	return false
}
