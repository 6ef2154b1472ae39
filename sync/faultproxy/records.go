package faultproxy

// records follows a TLS stream from its first byte, so that it is known which bytes
// stand inside a frame. A stream that does not begin like TLS has none.
type records struct {
	begun, plain bool
	head         []byte // of the record that is being read, five bytes when whole
	left         int    // bytes of its body that have not come
	size         int    // of its body
}

const (
	recordHead      = 5
	recordHandshake = 22
	recordData      = 23 // application data
)

// span is a part of a chunk: the bytes from ≤ i < to.
type span struct{ from, to int }

// take goes over a chunk and gives the parts of it that belong to frames of at least
// so many bytes. A cut behind any byte of such a part but its last leaves a frame that was
// begun and not ended.
func (r *records) take(data []byte, least int) (frames []span) {
	if !r.begun && len(data) > 0 {
		r.begun, r.plain = true, data[0] != recordHandshake
	}
	if r.plain {
		if len(data) < max(least, 2) {
			return nil
		}
		return []span{{0, len(data)}}
	}
	for i := 0; i < len(data); {
		from := i
		for len(r.head) < recordHead && i < len(data) {
			r.head = append(r.head, data[i])
			if i++; len(r.head) == recordHead {
				r.size = int(r.head[3])<<8 | int(r.head[4])
				r.left = r.size
			}
		}
		if len(r.head) < recordHead {
			break // its size is not known yet
		}
		n := min(r.left, len(data)-i)
		i, r.left = i+n, r.left-n
		if r.head[0] == recordData && r.size >= least && i-from > 1 {
			frames = append(frames, span{from, i})
		}
		if r.left == 0 {
			r.head = r.head[:0]
		}
	}
	return frames
}

// cuts gives how many places there are to cut into the frames.
func cuts(frames []span) int {
	n := 0
	for _, s := range frames {
		n += s.to - s.from - 1
	}
	return n
}

// cutAt gives after how many bytes of the chunk the place of a number lies.
func cutAt(frames []span, number int) int {
	for _, s := range frames {
		if n := s.to - s.from - 1; number >= n {
			number -= n
			continue
		}
		return s.from + 1 + number
	}
	panic("faultproxy: no such place")
}
