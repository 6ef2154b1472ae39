package peer

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"reflect"

	"folkmoot/sync/oplog"
)

// message is what travels.
type message interface {
	*Request | *Response | *PairStart | *PairReveal | *PairProve | *PairAsk | *PairAnswer
	check() error
}

// Encode gives the bytes of a message.
func Encode[M message](m M) ([]byte, error) {
	data, err := oplog.Marshal(m)
	if err != nil {
		return nil, fmt.Errorf("peer: encode a message: %w", err)
	}
	return data, nil
}

// Decode reads a message into m. It refuses what Encode would not have
// written and what is over the limits. Errors: a *Refusal, Malformed or TooBig.
func Decode[M message](data []byte, m M) error {
	if len(data) > MaxMessage {
		return fmt.Errorf("peer: message of %d bytes: %w", len(data), refuse(TooBig))
	}
	reflect.ValueOf(m).Elem().SetZero() // what it held would stay where data says nothing
	if err := oplog.Unmarshal(data, m); err != nil {
		return malformed("%v", err)
	}
	if err := m.check(); err != nil {
		return err
	}
	if again, err := oplog.Marshal(m); err != nil || !bytes.Equal(again, data) {
		return malformed("not in deterministic form")
	}
	return nil
}

// WriteFrame writes a message with its length before it.
func WriteFrame(w io.Writer, data []byte) error {
	if len(data) > MaxMessage {
		return fmt.Errorf("peer: message of %d bytes: %w", len(data), refuse(TooBig))
	}
	framed := append(binary.BigEndian.AppendUint32(make([]byte, 0, 4+len(data)), uint32(len(data))), data...)
	if _, err := w.Write(framed); err != nil {
		return fmt.Errorf("peer: send: %w", err)
	}
	return nil
}

// ReadFrame reads a message. It takes no more memory than bytes have come, whatever
// length was announced. Errors: io.EOF where nothing more comes, io.ErrUnexpectedEOF in
// the middle, a *Refusal TooBig.
func ReadFrame(r io.Reader) ([]byte, error) {
	var prefix [4]byte
	if _, err := io.ReadFull(r, prefix[:]); err == io.EOF {
		return nil, io.EOF
	} else if err != nil {
		return nil, fmt.Errorf("peer: receive: %w", err)
	}
	length := int64(binary.BigEndian.Uint32(prefix[:]))
	if length > MaxMessage {
		return nil, fmt.Errorf("peer: message of %d bytes: %w", length, refuse(TooBig))
	}
	var data bytes.Buffer
	n, err := io.Copy(&data, io.LimitReader(r, length))
	if err == nil && n < length {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return nil, fmt.Errorf("peer: receive: %w", err)
	}
	return data.Bytes(), nil
}
