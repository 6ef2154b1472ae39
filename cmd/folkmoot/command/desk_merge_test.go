package command_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"folkmoot/app/readmodel"
	"folkmoot/cmd/folkmoot/command"
	"folkmoot/sync/store"
)

// twoDesks gives two desks of which the second has the first one's session and a pack
// of it from before, and what each has added since.
func twoDesks(t *testing.T) (here, there *command.Desk, hereData, id, start string) {
	t.Helper()
	ctx := context.Background()
	hereData = t.TempDir()
	here, there = newDesk(t, hereData), newDesk(t, t.TempDir())
	id, err := here.Make(ctx, readmodel.Wish{Title: "Riverside", Lang: "en", Template: "opinion", Statements: []string{"More trees.", "A path."}})
	if err != nil {
		t.Fatal(err)
	}
	start = deskPack(t, here, id)
	return here, there, hereData, id, start
}

// deskPack writes a pack of a session's log and gives its folder.
func deskPack(t *testing.T, d *command.Desk, id string) string {
	t.Helper()
	s := open(t, d, id)
	packed, err := s.Pack(context.Background(), readmodel.PackWish{Folder: t.TempDir(), Formats: []string{"log"}})
	if err == nil {
		err = s.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return packed.Folder
}

func add(t *testing.T, s *command.DeskSession, texts ...string) {
	t.Helper()
	if n, left, err := s.AddList(context.Background(), texts); err != nil || n != len(texts) {
		t.Fatalf("%d added, left %v, %v", n, left, err)
	}
}

// A pack makes the session where it is not, after one has looked; what is added on each
// side comes to the other, also while the session is open.
func TestDeskMerge(t *testing.T) {
	here, there, _, id, start := twoDesks(t)
	ctx := context.Background()
	look, err := there.LookMerge(ctx, start)
	if err != nil || !look.New || look.ID != id || look.Title != "Riverside" || look.Statements != 2 || look.Entries == 0 || len(look.Devices) != 1 || look.Newest == 0 {
		t.Fatalf("looked at: %+v, %v", look, err)
	}
	if list := cards(t, there); len(list) != 0 {
		t.Fatalf("looking made %+v", list)
	}
	last := [2]int{}
	added, err := there.MergePack(ctx, start, func(done, all int) { last = [2]int{done, all} })
	if err != nil || added.Statements != 2 || added.Entries != look.Entries || last[0] != look.Entries || last[1] != look.Entries {
		t.Errorf("merged: %+v, %v; progress ended at %v", added, err, last)
	}
	if card := cardOf(t, there, id); card.Statements != 2 || card.Title != "Riverside" {
		t.Errorf("%+v", card)
	}
	far := open(t, there, id)
	add(t, far, "Street lights.", "A ferry.")
	if err := far.Close(); err != nil {
		t.Fatal(err)
	}
	back := deskPack(t, there, id)
	near := open(t, here, id)
	add(t, near, "A bridge.")
	look, err = here.LookMerge(ctx, back)
	if err != nil || look.New || look.Statements != 2 || near.Sheet().Wall.Votes != 0 || len(near.Sheet().Statements) != 3 {
		t.Errorf("looked at while it is open: %+v, %v", look, err)
	}
	if added, err = here.MergePack(ctx, back, nil); err != nil || added.Statements != 2 || added.Left+added.Bad != 0 {
		t.Errorf("merged while it is open: %+v, %v", added, err)
	}
	if got := len(near.Sheet().Statements); got != 5 {
		t.Errorf("the open session shows %d statements, want 5", got)
	}
	if added, err = here.MergePack(ctx, back, nil); err != nil || !added.Nothing() {
		t.Errorf("once more: %+v, %v", added, err)
	}
}

// What cannot be merged is a sentence in both languages, and nothing is made or changed.
func TestDeskMergeWrong(t *testing.T) {
	here, there, data, id, start := twoDesks(t)
	ctx := context.Background()
	dir := t.TempDir()
	write := func(name string, text []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	own := filepath.Join(data, id+".folkmoot")
	mailed, err := os.ReadFile(own)
	if err != nil {
		t.Fatal(err)
	}
	torn := filepath.Join(t.TempDir(), "pack")
	if err := os.CopyFS(torn, os.DirFS(start)); err != nil {
		t.Fatal(err)
	}
	log := filepath.Join(torn, "private", "log.jsonl")
	text, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	open := filepath.Join(t.TempDir(), "open")
	if err := os.CopyFS(filepath.Join(open, "public"), os.DirFS(filepath.Join(start, "private"))); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(open, "public", "log.jsonl")); err != nil {
		t.Fatal(err)
	}
	var traversal bytes.Buffer
	archive := zip.NewWriter(&traversal)
	for _, name := range []string{"private/SHA256SUMS", "../../evil"} {
		if _, err := archive.Create(name); err != nil {
			t.Fatal(err)
		}
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	flipped := slices.Clone(mailed)
	for i := len(flipped) / 4; i < len(flipped); i += 97 { // pages that are not in use may hold anything
		flipped[i] ^= 1
	}
	for _, c := range []struct {
		name, path, key string
	}{
		{"nowhere", filepath.Join(dir, "gone"), "fault.unreadable"},
		{"an empty folder", t.TempDir(), "merge.not_known"},
		{"a text", write("list.txt", []byte("a\nb\n")), "merge.not_known"},
		{"an empty file", write("empty.folkmoot", nil), "merge.not_known"},
		{"half a session's file", write("half.folkmoot", mailed[:len(mailed)/2]), ""},
		{"a session's file with flipped bytes", write("flipped.folkmoot", flipped), ""},
		{"half a backup", write("half"+store.BackupSuffix, mailed[:len(mailed)/2]), "merge.damaged"},
		{"a pack without its private part", open, "merge.no_log"},
		{"names that lead out", write("out.zip", traversal.Bytes()), "fault.bad_path"},
	} {
		before := digestOf(t, data, id)
		for _, d := range []*command.Desk{here, there} {
			_, err := d.LookMerge(ctx, c.path)
			wantMergeTrouble(t, c.name, err, c.key)
			_, err = d.MergePack(ctx, c.path, nil)
			wantMergeTrouble(t, c.name, err, c.key)
		}
		if list := cards(t, there); len(list) != 0 {
			t.Errorf("%s made %+v", c.name, list)
		}
		if digestOf(t, data, id) != before {
			t.Errorf("%s changed the session", c.name)
		}
	}
	_, err = here.MergePack(ctx, own, nil)
	wantTrouble(t, err, "merge.own")
	half := bytes.LastIndexByte(text[:len(text)/2], '\n') + 1
	for name, changed := range map[string][]byte{"a flipped byte": bytes.Replace(text, []byte(`"seq":2,`), []byte(`"seq":3,`), 1), "half its lines": text[:half], "half a line": text[:half+9], "no line": nil} {
		if err := os.WriteFile(log, changed, 0o600); err != nil {
			t.Fatal(err)
		}
		_, err = there.MergePack(ctx, torn, nil)
		if wantTrouble(t, err, "merge.damaged"); len(cards(t, there)) != 0 {
			t.Errorf("%s made a session", name)
		}
	}
	gone, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := there.MergePack(gone, start, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if list := cards(t, there); len(list) != 0 {
		t.Errorf("cancelled before it began: %+v", list)
	}
}

// wantMergeTrouble wants a trouble; key is "" where any that names the file will do.
func wantMergeTrouble(t *testing.T, what string, err error, key string) {
	t.Helper()
	var trouble *readmodel.Trouble
	if !errors.As(err, &trouble) || key != "" && trouble.Key != key || trouble.Key == "desk.fault" {
		t.Errorf("%s: %v (%+v), want the trouble %s", what, err, trouble, key)
		return
	}
	wantWords(t, trouble.Key, trouble.Args)
}

// digestOf gives the digest of a session that nobody has open.
func digestOf(t *testing.T, data, id string) string {
	t.Helper()
	var doc struct{ Digest string }
	runJSON(t, data, &doc, "verify", filepath.Join(data, id+".folkmoot"))
	return doc.Digest
}
