package command_test

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"folkmoot/sync/oplog"
	"folkmoot/sync/store"
)

// I14: after unlink no name is left: not in the files as they lie on the disk, not behind
// a seal whose key is there, not in a backup here or on a stick, not in a pack; and the
// chain holds.
func TestUnlinkLeavesNoName(t *testing.T) {
	const name = "石小虎的本名"
	data, stick := t.TempDir(), t.TempDir()
	id, hub := served(t, data, freeAddress(t))
	hub.interrupt()
	hub = serve(t, data, freeAddress(t), "--backup-to", stick)
	r := newRampage(t, hub)
	var joined map[string]any
	token := fmt.Sprintf("%064x", 7)
	status, err := r.call(context.Background(), "POST", "/api/v1/join", "", map[string]string{"code": r.code, "token": token, "lang": "en", "name": name}, &joined)
	if status != http.StatusCreated || err != nil {
		t.Fatalf("join: %d %v %v", status, joined, err)
	}
	if c := (&outbox{token: token}); !r.send(c) {
		t.Fatal("a vote was not received")
	}
	hub.interrupt() // which writes a backup to both places
	record := filepath.Join(data, id+".folkmoot")
	if before := namesIn(t, record); before == 0 {
		t.Fatal("there is no name to erase")
	}
	run(t, data, "session", "unlink", id, "--yes")
	if left := namesIn(t, record); left > 0 {
		t.Errorf("%d personal entries are left in the record", left)
	}
	backups := 0
	for _, dir := range []string{data, stick} {
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			raw, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			if bytes.Contains(raw, []byte(name)) {
				t.Errorf("the name stands in %s", path)
			}
			if strings.HasSuffix(path, store.BackupSuffix) {
				backups++
				if left := namesIn(t, path); left > 0 {
					t.Errorf("%d personal entries are left in %s", left, path)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if backups == 0 {
		t.Error("no backup was made anew")
	}
	var verified struct {
		OK       bool
		Redacted int
	}
	runJSON(t, data, &verified, "verify", record)
	if !verified.OK || verified.Redacted == 0 {
		t.Errorf("verify says %+v", verified)
	}
	packs := t.TempDir()
	run(t, data, "export", id, "--to", packs)
	err = filepath.WalkDir(packs, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if raw, _ := os.ReadFile(path); bytes.Contains(raw, []byte(name)) {
			t.Errorf("the name stands in %s", path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// namesIn counts the personal entries of a record or backup that can be read.
func namesIn(t *testing.T, path string) (n int) {
	t.Helper()
	open := func() (*store.File, error) { return store.Open(path, store.Options{ReadOnly: true}) }
	if strings.HasSuffix(path, store.BackupSuffix) {
		open = func() (*store.File, error) { f, _, err := store.OpenBackup(path); return f, err }
	}
	f, err := open()
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	err = oplog.All(f, func(e oplog.Entry) bool {
		if e.Class == oplog.Personal && !e.Redacted() {
			n++
		}
		return true
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}
