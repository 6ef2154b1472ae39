package hub

import "testing"

func TestNames(t *testing.T) {
	for host, want := range map[string]struct{ known, loopback bool }{
		"127.0.0.1:4000": {true, true}, "127.8.8.8": {true, true}, "[::1]:80": {true, true}, "LOCALHOST:80": {true, true}, "[::ffff:127.0.0.1]:80": {true, true},
		"192.168.7.7:8080": {true, false}, "[fe80::1]": {true, false}, "hub.local:80": {true, false},
		"localhost.evil.example": {}, "evil.example": {}, "": {}, "local": {},
	} {
		if got := knownHost(host); got != want.known {
			t.Errorf("%s: known %t", host, got)
		}
		if got := loopback(host); got != want.loopback {
			t.Errorf("%s: this computer %t", host, got)
		}
	}
}
