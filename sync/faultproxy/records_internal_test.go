package faultproxy

import (
	"reflect"
	"testing"
)

// record gives a TLS record of a type with so many bytes of body.
func record(kind byte, size int) []byte {
	return append([]byte{kind, 3, 3, byte(size >> 8), byte(size)}, make([]byte, size)...)
}

// Frames are found whatever the pieces in which the stream comes.
func TestRecords(t *testing.T) {
	var stream []byte
	want := map[int]bool{} // after these bytes a frame has begun and not ended
	for _, r := range []struct {
		kind  byte
		size  int
		frame bool
	}{{recordHandshake, 300, false}, {recordData, 40, false}, {recordData, 200, true}, {recordData, 2000, true}, {21, 500, false}, {recordData, 160, true}} {
		from := len(stream)
		stream = append(stream, record(r.kind, r.size)...)
		for at := from + 1; r.frame && at < len(stream); at++ {
			want[at] = true
		}
	}
	for _, piece := range []int{len(stream), 1460, 333, 206, 7} {
		r, found := records{}, map[int]bool{}
		for from := 0; from < len(stream); from += piece {
			frames := r.take(stream[from:min(from+piece, len(stream))], 160)
			for n := range cuts(frames) {
				found[from+cutAt(frames, n)] = true
			}
		}
		for at := range found {
			if !want[at] {
				t.Errorf("pieces of %d: a cut behind byte %d is in no frame", piece, at)
			}
		}
		if len(found) < len(want)/2 {
			t.Errorf("pieces of %d: %d places to cut, of %d", piece, len(found), len(want))
		}
	}
}

func TestPlainStreams(t *testing.T) {
	var r records
	if got := r.take([]byte("GET / HTTP/1.1\r\n"), 100); got != nil {
		t.Errorf("a short chunk is a frame: %v", got)
	}
	if got := r.take(make([]byte, 120), 100); !reflect.DeepEqual(got, []span{{0, 120}}) {
		t.Errorf("frames %v", got)
	}
}
