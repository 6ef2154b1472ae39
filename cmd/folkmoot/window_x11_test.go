package main_test

import (
	"encoding/binary"
	"fmt"
	"image"
	"io"
	"net"
	"path/filepath"
	"testing"
)

// x11 talks to a display as any program does. It does the two things for which there is
// no tool on every system: to press a window's close button, which is the window
// manager's, and to see what stands on the screen.
//
// The numbers are those of the X11 protocol, release 7.7: https://www.x.org/releases/X11R7.7/doc/xproto/x11protocol.html
type x11 struct {
	t    *testing.T
	conn net.Conn
	root uint32
}

// Requests and their numbers.
const (
	internAtom = 16
	sendEvent  = 25
	getImage   = 73

	clientMessage = 33 // an event
	bitmapZ       = 2  // a format of pictures: one number a pixel
)

var little = binary.LittleEndian

// dialX11 opens a display that asks for no key, by its number.
func dialX11(t *testing.T, display string) *x11 {
	t.Helper()
	conn, err := net.Dial("unix", filepath.Join("/tmp/.X11-unix", "X"+display))
	if err != nil {
		t.Fatalf("the pretend display: %v", err)
	}
	t.Cleanup(func() { conn.Close() })
	x := &x11{t: t, conn: conn}
	x.send([]byte{'l', 0, 11, 0, 0, 0, 0, 0, 0, 0, 0, 0})
	head := x.read(8)
	setup := x.read(4 * int(little.Uint16(head[6:])))
	if head[0] != 1 {
		t.Fatalf("the pretend display lets nobody in: %q", setup)
	}
	vendor, formats := int(little.Uint16(setup[16:])), int(setup[21])
	x.root = little.Uint32(setup[32+(vendor+3)/4*4+8*formats:])
	return x
}

func (x *x11) send(request []byte) {
	x.t.Helper()
	if _, err := x.conn.Write(request); err != nil {
		x.t.Fatalf("the pretend display: %v", err)
	}
}

func (x *x11) read(n int) []byte {
	x.t.Helper()
	data := make([]byte, n)
	if _, err := io.ReadFull(x.conn, data); err != nil {
		x.t.Fatalf("the pretend display: %v", err)
	}
	return data
}

// reply reads the answer to a request: its first 32 bytes and what follows.
func (x *x11) reply(to string) (head, rest []byte) {
	x.t.Helper()
	head = x.read(32)
	for head[0] > 1 { // an event that every program is sent: other keys, say
		head = x.read(32)
	}
	if head[0] != 1 {
		x.t.Fatalf("the pretend display refused: %s, error %d", to, head[1])
	}
	return head, x.read(4 * int(little.Uint32(head[4:])))
}

func (x *x11) atom(name string) uint32 {
	x.t.Helper()
	request := little.AppendUint16([]byte{internAtom, 0}, uint16(2+(len(name)+3)/4))
	request = little.AppendUint16(request, uint16(len(name)))
	request = append(append(request, 0, 0), name...)
	x.send(append(request, make([]byte, (4-len(name)%4)%4)...))
	head, _ := x.reply("the name " + name)
	return little.Uint32(head[8:])
}

// closeWindow does what a window's close button does.
func (x *x11) closeWindow(window uint32) {
	x.t.Helper()
	protocols, closing := x.atom("WM_PROTOCOLS"), x.atom("WM_DELETE_WINDOW")
	request := little.AppendUint16([]byte{sendEvent, 0}, 11)
	for _, n := range []uint32{window, 0} { // to the window itself, whatever it listens to
		request = little.AppendUint32(request, n)
	}
	request = append(request, clientMessage, 32, 0, 0)
	for _, n := range []uint32{window, protocols, closing, 0, 0, 0, 0} {
		request = little.AppendUint32(request, n)
	}
	x.send(request)
}

// see gives what stands on the screen now. Parts outside of it are an error.
func (x *x11) see(area image.Rectangle) *image.RGBA {
	x.t.Helper()
	request := little.AppendUint16([]byte{getImage, bitmapZ}, 5)
	request = little.AppendUint32(request, x.root)
	for _, n := range []int{area.Min.X, area.Min.Y, area.Dx(), area.Dy()} {
		request = little.AppendUint16(request, uint16(n))
	}
	x.send(little.AppendUint32(request, 0xFFFFFFFF))
	_, pixels := x.reply(fmt.Sprintf("a picture of %v", area))
	img := image.NewRGBA(image.Rect(0, 0, area.Dx(), area.Dy()))
	if len(pixels) != len(img.Pix) {
		x.t.Fatalf("a picture of %v has %d bytes, want four a pixel", area, len(pixels))
	}
	for i := 0; i < len(pixels); i += 4 {
		img.Pix[i], img.Pix[i+1], img.Pix[i+2], img.Pix[i+3] = pixels[i+2], pixels[i+1], pixels[i], 0xFF
	}
	return img
}
