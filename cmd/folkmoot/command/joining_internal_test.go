package command

import (
	"crypto/rand"
	"errors"
	"net"
	"sync/atomic"
	"testing"

	"crypto/ed25519"

	"folkmoot/sync/link"
)

// Who is asked anew hears first that the attempt before was left: it is told of by this
// device's key, and would end the new one.
func TestJoinWaitsForTheOneBefore(t *testing.T) {
	identity := func() link.Identity {
		_, key, err := ed25519.GenerateKey(rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		return link.Identity{Key: key, Name: "laptop", Version: Version}
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan struct{})
	go func() { defer close(served); link.Greet(listener, identity(), link.Hub) }()
	defer func() { listener.Close(); <-served }()

	a, no := &app{Streams: Streams{Err: t.Output()}}, errors.New("no")
	before := &joining{done: make(chan struct{})}
	var left atomic.Bool
	early := make(chan bool, 1)
	at := []string{listener.Addr().String()}
	second := a.join(identity(), target{addresses: at, after: before, check: func(link.Hello) error { early <- !left.Load(); return no }}, link.Backup, func() {})
	for range 3 { // others come through meanwhile
		other := a.join(identity(), target{addresses: at, check: func(link.Hello) error { return no }}, link.Backup, func() {})
		<-other.done
	}
	left.Store(true)
	close(before.done)
	if <-early {
		t.Error("it was asked before the attempt before was over")
	}
	<-second.done
	if err := second.state().err; !errors.Is(err, no) {
		t.Errorf("%v", err)
	}
}

// A page's address is that of a laptop: others come in at another port.
func TestAddressOfAPage(t *testing.T) {
	for typed, want := range map[string]string{
		"http://192.168.1.5:8080/j/482163": "192.168.1.5:8443", "192.168.1.5:9000": "192.168.1.5:9000", " 192.168.1.5 ": "192.168.1.5:8443",
		"http://folkmoot.local:8080": "folkmoot.local:8443", "folkmoot.local": "folkmoot.local:8443", "http://[fe80::1]:8080": "[fe80::1]:8443",
	} {
		to, err := targetOf(typed)
		if err != nil || len(to.addresses) != 1 || to.addresses[0] != want {
			t.Errorf("%q is at %v, %v; want %s", typed, to.addresses, err, want)
		}
	}
}
