package command_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
	"folkmoot/sync/store"
)

type backupSaid struct {
	File, Session, Title, Made, Digest string
	Entries                            int
	Encrypted, Checked                 bool
	Aside                              string
}

// served makes a session with three statements, and serves it.
func served(t *testing.T, data, address string) (id string, hub *serving) {
	t.Helper()
	list := filepath.Join(t.TempDir(), "list.txt")
	if err := os.WriteFile(list, []byte("More trees.\nMore benches.\nFewer cars.\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var made struct{ ID string }
	runJSON(t, data, &made, "session", "new", "--title", "Riverside", "--statements", list)
	return made.ID, serve(t, data, address)
}

// A laptop dies after a backup: what was received before it is there again, a phone goes
// on without joining, and what still waited in it is counted. What came between the
// backup and the loss and waits nowhere is lost, and only that.
func TestRestoreAfterTheLaptopIsLost(t *testing.T) {
	data, address, stick := t.TempDir(), freeAddress(t), t.TempDir()
	id, hub := served(t, data, address)
	r := newRampage(t, hub)
	phone := &outbox{index: 0}
	r.join(phone)
	send := func() string {
		t.Helper()
		phone.item = nil
		if !r.send(phone) {
			t.Fatal("a vote was not received")
		}
		return lastSent(r)
	}
	before := send()
	var b backupSaid
	runJSON(t, data, &b, "backup", id, "--to", stick) // while it is being served
	if b.Session != id || b.Title != "Riverside" || b.Encrypted || !b.Checked || len(b.Digest) != 64 || b.Entries == 0 {
		t.Fatalf("%+v", b)
	}
	lost := send()
	hub.kill()
	phone.item = nil
	if r.send(phone) {
		t.Fatal("a killed hub answered")
	}
	waiting := phone.item["cid"].(string)
	wreck := filepath.Join(data, id+".folkmoot")
	old := entriesOf(t, data, (*oplog.Chain).Link)
	if len(old[before]) != 1 || len(old[lost]) != 1 {
		t.Fatalf("stored before: %v", old)
	}
	for _, path := range []string{wreck, filepath.Join(data, id+".key")} {
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.RemoveAll(filepath.Join(data, "backup")); err != nil {
		t.Fatal(err)
	}
	var back backupSaid
	runJSON(t, data, &back, "restore", b.File)
	if back.Session != id || back.Entries != b.Entries || back.Digest != b.Digest || back.Aside != "" {
		t.Errorf("restored %+v", back)
	}
	hub = serve(t, data, address)
	if !r.send(phone) { // the token of before; the item that waited
		t.Fatal("the phone's outbox does not empty itself")
	}
	hub.interrupt()
	votes := entriesOf(t, data, (*oplog.Chain).Next)
	if !slices.Equal(votes[before], []string{r.sent[before]}) || !slices.Equal(votes[waiting], []string{r.sent[waiting]}) || len(votes[lost]) != 0 {
		t.Errorf("in the record: before %v, waiting %v, between %v", votes[before], votes[waiting], votes[lost])
	}
	wantAudit(t, wreck, b.Digest)
	var verified struct{ OK bool }
	runJSON(t, data, &verified, "verify", wreck)
	if !verified.OK {
		t.Error("the record does not verify")
	}
	var copied struct {
		OK     bool
		Digest string
	}
	runJSON(t, data, &copied, "verify", b.File)
	if !copied.OK || copied.Digest != b.Digest {
		t.Errorf("the backup verifies as %+v", copied)
	}
}

func lastSent(r *rampage) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	newest := ""
	for cid := range r.sent {
		newest = max(newest, cid)
	}
	return newest
}

// wantAudit wants a record to have a second log that begins with the note of a restore.
func wantAudit(t *testing.T, path, digest string) {
	t.Helper()
	file, err := store.Open(path, store.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	heads, err := file.Heads()
	if err != nil || len(heads) != 2 {
		t.Fatalf("%d logs, %v", len(heads), err)
	}
	found := false
	for id := range heads {
		file.Entries(id, 1, func(e oplog.Entry) bool {
			if p, err := moot.Decode(e.Kind, e.Schema, e.Payload); err == nil {
				if audit, ok := p.(*moot.Audit); ok {
					found = e.Seq == 2 && audit.What == "restore" && strings.Contains(audit.Detail, digest)
				}
			}
			return true
		})
	}
	if !found {
		t.Error("no note of the restore as the first act of the new log")
	}
}

func TestRestoreRefusesAndPutsAside(t *testing.T) {
	data, address := t.TempDir(), freeAddress(t)
	id, hub := served(t, data, address)
	r := newRampage(t, hub)
	phone := &outbox{index: 0}
	r.join(phone)
	if !r.send(phone) {
		t.Fatal("a vote was not received")
	}
	hub.interrupt() // which writes a backup
	files, err := filepath.Glob(filepath.Join(data, "backup", id, "*.folkmoot-backup"))
	if err != nil || len(files) != 1 {
		t.Fatalf("backups at the close: %q", files)
	}
	record := filepath.Join(data, id+".folkmoot")
	// A phone joins and votes after the backup, and the laptop is switched off.
	hub = serve(t, data, address)
	later := &outbox{index: 1}
	r.join(later)
	if !r.send(later) {
		t.Fatal("a vote was not received")
	}
	hub.kill()
	whole, err := os.ReadFile(record)
	if err != nil {
		t.Fatal(err)
	}
	if _, stderr, status := try(t, data, "restore", files[0]); status != 1 || !strings.Contains(stderr, "here already") {
		t.Errorf("over a session that can be read: %d %s", status, stderr)
	}
	if now, _ := os.ReadFile(record); len(now) != len(whole) {
		t.Error("the session was changed")
	}
	damaged := bytes.Clone(whole)
	at := bytes.Index(damaged, []byte("More trees."))
	copy(damaged[at:], "Less trees.")
	for again := at; ; {
		next := bytes.Index(damaged[again+1:], []byte("More trees."))
		if next < 0 {
			break
		}
		again += 1 + next
		copy(damaged[again:], "Less trees.")
	}
	if err := os.WriteFile(record, damaged, 0o600); err != nil {
		t.Fatal(err)
	}
	_, stderr, status := try(t, data, "session", "show", id)
	if status != 1 || !strings.Contains(stderr, "damaged") || !strings.Contains(stderr, "take the last backup: restore "+files[0]) {
		t.Errorf("a damaged session: %d %s", status, stderr)
	}
	out := run(t, data, "restore", files[0])
	aside := filepath.Join(data, "damaged")
	if !strings.Contains(out, aside) || !strings.Contains(out, "came back too") || strings.Contains(out, "is not in it") {
		t.Errorf("said %q", out)
	}
	kept, err := filepath.Glob(filepath.Join(aside, "*", id+".*"))
	if err != nil || len(kept) != 2 {
		t.Errorf("put aside: %q", kept)
	}
	if !strings.Contains(out, "could still be read") {
		t.Errorf("nothing was read of the damaged file: %s", out)
	}
	if got := len(entriesOf(t, data, (*oplog.Chain).Next)); got != 2 {
		t.Errorf("%d votes are there: the second came after the backup", got)
	}
	hub = serve(t, data, address)
	if !r.send(phone) || !r.send(later) { // both without joining again
		t.Error("a phone cannot go on")
	}
	hub.interrupt()
	// What is no backup is said, and nothing is made of it.
	junk := filepath.Join(t.TempDir(), filepath.Base(files[0]))
	if err := os.WriteFile(junk, []byte("no backup"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{junk, filepath.Join(data, "nowhere")} {
		if _, stderr, status := try(t, t.TempDir(), "restore", path); status != 1 || !strings.Contains(stderr, "nothing was changed") {
			t.Errorf("%s: %d %s", path, status, stderr)
		}
	}
}

func TestBackupCommandSaysWhatIsWrong(t *testing.T) {
	data := t.TempDir()
	var made struct{ ID string }
	runJSON(t, data, &made, "session", "new", "--title", "Riverside")
	file := filepath.Join(t.TempDir(), "one.folkmoot-backup")
	run(t, data, "backup", made.ID, "--to", file)
	for _, c := range []struct {
		to     string
		status int
		want   string
	}{
		{"", 2, "--to"},
		{file, 1, "is there already"},
		{filepath.Join(data, "gone", "x"), 1, "no folder"},
	} {
		if _, stderr, status := try(t, data, "backup", made.ID, "--to", c.to); status != c.status || !strings.Contains(stderr, c.want) {
			t.Errorf("--to %q: %d %s", c.to, status, stderr)
		}
	}
	if _, stderr, status := try(t, data, "serve", "--listen", freeAddress(t), "--backup-to", filepath.Join(data, "gone")); status != 1 || !strings.Contains(stderr, "gone") {
		t.Errorf("serve into no folder: %d %s", status, stderr)
	}
}

// The second folder of serve gets what the first one gets.
func TestServeBacksUpTo(t *testing.T) {
	data, stick := t.TempDir(), t.TempDir()
	id, hub := served(t, data, freeAddress(t))
	hub.interrupt()
	hub = serve(t, data, freeAddress(t), "--backup-to", stick)
	r := newRampage(t, hub)
	phone := &outbox{index: 0}
	r.join(phone)
	if !r.send(phone) {
		t.Fatal("a vote was not received")
	}
	hub.interrupt()
	newest := func(dir string) []byte {
		t.Helper()
		found, err := store.Backups(dir, oplog.SessionID{})
		if err != nil || len(found) == 0 {
			t.Fatalf("%s: %v, %v", dir, found, err)
		}
		raw, err := os.ReadFile(found[0].Path)
		if err != nil {
			t.Fatal(err)
		}
		return raw
	}
	if !bytes.Equal(newest(filepath.Join(data, "backup", id)), newest(stick)) {
		t.Error("the stick has another backup")
	}
}
