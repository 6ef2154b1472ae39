// Package costtest holds decoders to what they may cost: 64 MB of memory for an input
// of one megabyte, and an end in time.
//
// Start with Check, and with Hostile for inputs that fit every decoder.
//
// The cost is the largest growth of the heap at any moment. It is measured while the
// collector runs at every tenth of growth, so that it is what the decoder holds,
// and not what it has let go of. One measurement at a time: tests that use this package
// do not run in parallel.
package costtest

import (
	"bytes"
	"fmt"
	"maps"
	"math/rand/v2"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"slices"
	"strings"
	"testing"
	"time"
)

const (
	// Size is the size of an input, in bytes.
	Size = 1 << 20
	// Limit is what a decoder may hold while it reads an input of Size, in bytes.
	Limit = 64 << 20
	// Patience is how long a decoder may take on a computer that is busy with others.
	Patience = time.Minute
	// tries is how often is measured what seems too much: where others keep the
	// processors busy, the collector falls behind, and what was let go is counted too.
	tries = 5
)

// Check decodes each input and fails the test where it costs more than Limit or takes
// longer than Patience. Inputs may be smaller than Size, and not larger.
func Check(t *testing.T, inputs map[string][]byte, decode func([]byte)) {
	t.Helper()
	most, dearest := int64(-1), ""
	for _, name := range slices.Sorted(maps.Keys(inputs)) {
		data := inputs[name]
		if len(data) > Size {
			t.Fatalf("%s: an input of %d bytes", name, len(data))
		}
		begin := time.Now()
		cost := Peak(func() { decode(data) })
		took := time.Since(begin)
		for try := 1; cost > Limit && try < tries; try++ {
			cost = min(cost, Peak(func() { decode(data) }))
		}
		if cost > Limit {
			t.Errorf("%s: %d MB are held for %d bytes, at most %d MB may be", name, cost>>20, len(data), Limit>>20)
		}
		if cost > most {
			most, dearest = cost, name
		}
		if took > Patience {
			t.Errorf("%s: it took %v", name, took)
		}
	}
	t.Logf("%d inputs; most was held for %s: %d MB", len(inputs), dearest, most>>20)
}

// Peak gives by how many bytes the heap grew at most while work was done. It may be too
// much where the processors are busy, and hardly ever too little.
func Peak(work func()) int64 {
	defer debug.SetGCPercent(debug.SetGCPercent(10))
	ballast := make([]byte, 40<<20) // so that the collector runs every 4 MB, and not all the time
	defer runtime.KeepAlive(ballast)
	runtime.GC()
	base := heap()
	stop, peak := make(chan struct{}), make(chan int64)
	go func() {
		look := time.NewTicker(100 * time.Microsecond)
		defer look.Stop()
		for most := base; ; {
			most = max(most, heap())
			select {
			case <-stop:
				peak <- max(most, heap())
				return
			case <-look.C:
			}
		}
	}()
	func() {
		defer close(stop) // also where work panics
		work()
	}()
	return <-peak - base
}

// heap gives the size of what lies in the heap, in bytes.
func heap() int64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return int64(sample[0].Value.Uint64())
}

// Hostile gives inputs of Size that cost careless decoders dear: of JSON, CBOR, tables,
// marked-up text, and of nothing at all. They are the same every time.
func Hostile() map[string][]byte {
	noise := make([]byte, Size)
	rand.NewChaCha8([32]byte{1}).Read(noise)
	inputs := map[string][]byte{
		"noise":        noise,
		"digits":       fill("0123456789"),
		"lone quotes":  append([]byte("text\n\""), fill("a,b\n")[6:]...),
		"UTF-16":       append([]byte("\xff\xfe"), fill("a\x00\n\x00")[2:]...),
		"Markdown":     fill("- a\n"),
		"links":        fill("[a]("),
		"headings":     fill("# a\n"),
		"keys of JSON": fill(`{"":0},`),
		"same keys":    append([]byte("{"), fill(`"a":0,`)[1:]...),
		"NaN":          fill("NaN,"),
		"numbers":      append([]byte("[1"), fill(",1")[2:]...),
		"objects":      append([]byte(`[{"":0}`), fill(`,{"":0}`)[7:]...),
	}
	for name, text := range map[string]string{
		"zeros": "\x00", "ones": "\xff", "blanks": " ", "line breaks": "\n", "CRLF": "\r\n", "commas": ",", "semicolons": ";", "tabs": "\t", "quotes": `"`, "one letter": "a", "Chinese": "燈",
		"byte-order marks": "\ufeff", "arrays in JSON": "[", "objects in JSON": `{"":`, "tags": "<a>", "tag ends": "</a>", "escapes": `\`, "letters beyond": "\U0010ffff", "combining marks": "\u0301",
		"arrays in CBOR": "\x81", "endless arrays in CBOR": "\x9f", "endless bytes in CBOR": "\x5f", "maps in CBOR": "\xa1\x00", "tags in CBOR": "\xc1", "NaN in CBOR": "\xf9\x7e\x00",
	} {
		inputs[name] = fill(text)
	}
	// Lengths that are not there.
	for name, head := range map[string]string{"bytes": "\x5b", "text": "\x7b", "an array": "\x9b", "a map": "\xbb"} {
		for size, length := range map[string]string{"a terabyte": "\x00\x00\x01\x00\x00\x00\x00\x00", "beyond all": "\xff\xff\xff\xff\xff\xff\xff\xff", "a million": "\x00\x00\x00\x00\x00\x0f\xff\x00"} {
			inputs[fmt.Sprintf("%s of %s in CBOR", name, size)] = append([]byte(head+length), fill("\x00")[9:]...)
		}
	}
	return inputs
}

// fill gives Size bytes of a text over and over.
func fill(text string) []byte {
	return bytes.Clone([]byte(strings.Repeat(text, Size/len(text)+1))[:Size])
}
