package oplog_test

import (
	"encoding"
	"strings"
	"testing"

	"folkmoot/sync/oplog"
)

func TestIDsAsText(t *testing.T) {
	hex := strings.Repeat("0123456789abcdef", 2)
	for name, id := range map[string]encoding.TextUnmarshaler{
		"session": &oplog.SessionID{}, "replica": &oplog.ReplicaID{}, "item": &oplog.ItemID{}, "hash": &oplog.Hash{},
	} {
		text := hex
		if name == "hash" {
			text += hex
		}
		if err := id.UnmarshalText([]byte(text)); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		got, err := id.(encoding.TextMarshaler).MarshalText()
		if err != nil || string(got) != text {
			t.Errorf("%s: %q %v, want %q", name, got, err, text)
		}
	}
}

func TestParseHexRefuses(t *testing.T) {
	hex := strings.Repeat("ab", 16)
	for name, text := range map[string]string{
		"nothing": "", "too short": hex[:30], "odd": hex[:31], "too long": hex + "ab",
		"upper case": strings.ToUpper(hex), "no digits": strings.Repeat("xy", 16), "blanks": " " + hex[:30] + " ",
	} {
		id := oplog.ItemID{7}
		if err := id.UnmarshalText([]byte(text)); err == nil || id != (oplog.ItemID{7}) {
			t.Errorf("%s: id %s, error %v; want it left alone and an error", name, id, err)
		}
	}
}
