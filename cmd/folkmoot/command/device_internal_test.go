package command

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"folkmoot/sync/link"
	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
)

func deviceApp(dir string) *app {
	return &app{Streams: Streams{Err: os.Stderr, Env: func(string) string { return "" }}, data: dir}
}

// The device's key is for its owner only, also where it was copied for everybody, and is
// the same whoever comes first.
func TestDeviceKey(t *testing.T) {
	dir := t.TempDir()
	a := deviceApp(dir)
	var ids [8]link.DeviceID
	var all sync.WaitGroup
	for i := range ids {
		all.Go(func() {
			if identity, err := deviceApp(dir).device(); err == nil {
				ids[i] = identity.ID()
			}
		})
	}
	all.Wait()
	for _, id := range ids {
		if id != ids[0] || id == "" {
			t.Fatalf("several devices in one folder: %v", ids)
		}
	}
	path := filepath.Join(dir, deviceFile)
	for _, mode := range []os.FileMode{0o600, 0o644} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		if _, err := a.device(); err != nil {
			t.Fatal(err)
		}
		if info, err := os.Stat(path); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
			t.Errorf("mode %v, %v", info.Mode(), err)
		}
	}
	if err := a.nameDevice("window table"); err != nil {
		t.Fatal(err)
	}
	if identity, err := a.device(); err != nil || identity.ID() != ids[0] || identity.Name != "window table" {
		t.Errorf("renamed: %+v, %v", identity, err)
	}
}

// A key that cannot be read is not replaced: the others would not know this device again.
func TestDeviceKeyUnreadable(t *testing.T) {
	for name, text := range map[string]string{"empty": "", "no JSON": "\x00\x01", "no key": `{"key":"","name":"x"}`, "half a key": `{"key":"00ff","name":"x"}`} {
		dir := t.TempDir()
		path := filepath.Join(dir, deviceFile)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := deviceApp(dir).device()
		var p *problem
		if !errors.As(err, &p) || !strings.Contains(p.Error(), deviceFile) {
			t.Errorf("%s: %v", name, err)
		}
		if data, err := os.ReadFile(path); err != nil || string(data) != text {
			t.Errorf("%s: it was replaced", name)
		}
	}
	// A link to nowhere is not written through.
	dir := t.TempDir()
	away := filepath.Join(t.TempDir(), "away")
	if err := os.Symlink(away, filepath.Join(dir, deviceFile)); err != nil {
		t.Fatal(err)
	}
	if _, err := deviceApp(dir).device(); err == nil {
		t.Error("a key was made through a link to nowhere")
	}
	if _, err := os.Stat(away); !errors.Is(err, fs.ErrNotExist) {
		t.Error("something was written where a link points")
	}
}

// A log says whose it is: by the device's name and key, and whether that is a tablet.
func TestLogSaysWhoseItIs(t *testing.T) {
	for _, tablet := range []bool{false, true} {
		a := deviceApp(t.TempDir())
		a.tablet = tablet
		if err := a.nameDevice("window table"); err != nil {
			t.Fatal(err)
		}
		held, err := a.create(oplog.SessionID{7})
		if err != nil {
			t.Fatal(err)
		}
		defer held.Close()
		if _, err := held.Do(context.Background(), moot.Item{CID: oplog.ItemID{1}, Payload: &moot.SetField{Field: moot.Title, Value: "T", Rev: 1}}); err != nil {
			t.Fatal(err)
		}
		var first oplog.Entry
		if err := held.Entries(held.Own(), 1, func(e oplog.Entry) bool { first = e; return false }); err != nil {
			t.Fatal(err)
		}
		var pair oplog.Pair
		if err := oplog.Unmarshal(first.Payload, &pair); err != nil {
			t.Fatal(err)
		}
		identity, err := a.device()
		if err != nil {
			t.Fatal(err)
		}
		device, role := oplog.DeviceIn(first)
		if !identity.Public().Equal(device) || (role == oplog.RoleTablet) != tablet || pair.Name != "window table" {
			t.Errorf("tablet %t: device %x, role %q, name %q", tablet, device, role, pair.Name)
		}
		if title := held.View().Session.Get(moot.Title); (title == "") != tablet {
			t.Errorf("tablet %t: the title is %q", tablet, title)
		}
		p, err := a.startPeers(held, peersOptions{listen: "127.0.0.1:0", quiet: true})
		if err != nil {
			t.Fatal(err)
		}
		if (p.node.Role() == link.Tablet) != tablet {
			t.Errorf("tablet %t: without a word in its book it is a %s", tablet, p.node.Role())
		}
		p.close()
	}
}
