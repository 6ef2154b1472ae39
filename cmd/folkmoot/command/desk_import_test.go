package command_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"folkmoot/app/readmodel"
	"folkmoot/cmd/folkmoot/command"
)

// polisExport writes a small export of some people into a folder, and gives it.
func polisExport(t testing.TB, people int) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "riverside")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	var votes strings.Builder
	votes.WriteString("timestamp,comment-id,voter-id,vote\n")
	for p := range people {
		for c := range 3 {
			fmt.Fprintf(&votes, "%d,%d,%d,%d\n", 1700000000000+1000*(3*p+c), c, p, []int{1, -1, 0}[(p+c)%3])
		}
	}
	votes.WriteString("1700000900000,77,0,1\n") // on a comment that is not there
	files := map[string]string{
		"summary.csv":  "topic,The riverside\nurl,https://pol.is/1\n",
		"comments.csv": "timestamp,comment-id,author-id,agrees,disagrees,moderated,comment-body\n1700000000000,0,0,2,2,1,More trees.\n1700000000000,1,0,2,2,1,A path.\n1700000000000,2,1,2,2,0,Street lights.\n",
		"votes.csv":    votes.String(),
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestImportPolis(t *testing.T) {
	d := newDesk(t, t.TempDir())
	ctx := context.Background()
	dir := polisExport(t, 6)
	last := [2]int{}
	brought, err := d.Import(ctx, dir, func(done, all int) { last = [2]int{done, all} })
	if err != nil {
		t.Fatal(err)
	}
	if brought.Title != "The riverside" || brought.People != 6 || brought.Statements != 3 || brought.Votes != 18 || brought.Already || len(brought.Left) != 1 {
		t.Errorf("%+v", brought)
	}
	if last[0] != last[1] || last[1] < 18 {
		t.Errorf("progress ended at %v", last)
	}
	wantSentence(t, brought.Left[0].Why, "left.unknown_comment")
	if len(brought.Agreed) == 0 || len(brought.Notes) == 0 {
		t.Errorf("the sign is not asked for: %+v", brought)
	}
	for _, n := range brought.Notes {
		wantSentence(t, n, n.ID)
	}
	if card := cardOf(t, d, brought.ID); card.People != 6 || card.Votes != 18 {
		t.Errorf("%+v", card)
	}
	again, err := d.Import(ctx, dir, nil)
	if err != nil || !again.Already || again.ID != brought.ID || again.Title != "The riverside" {
		t.Errorf("again: %+v, %v", again, err)
	}
	s := open(t, d, brought.ID) // more of it comes while it is open
	more, err := d.Import(ctx, polisExport(t, 8), nil)
	if err != nil || more.People != 2 || more.Votes != 6 || more.Already {
		t.Errorf("more: %+v, %v", more, err)
	}
	if s.Sheet().Wall.Imported != 8 {
		t.Errorf("%d people", s.Sheet().Wall.Imported)
	}
}

func TestImportsThatCannotBe(t *testing.T) {
	data := t.TempDir()
	d := newDesk(t, data)
	ctx := context.Background()
	_, err := d.Import(ctx, filepath.Join(t.TempDir(), "gone"), nil)
	wantTrouble(t, err, "fault.unreadable")
	_, err = d.Import(ctx, t.TempDir(), nil)
	wantTrouble(t, err, "fault.not_polis")
	text := filepath.Join(t.TempDir(), "a.zip")
	if err := os.WriteFile(text, []byte("PK, but no zip"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = d.Import(ctx, text, nil)
	wantTrouble(t, err, "fault.broken_file")
	if list := cards(t, d); len(list) != 0 {
		t.Errorf("%+v", list)
	}
	dir := polisExport(t, 6)
	gone, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := d.Import(gone, dir, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if list := cards(t, d); len(list) != 0 {
		t.Errorf("cancelled before it began: %+v", list)
	}
	brought, err := d.Import(ctx, dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	comments := filepath.Join(dir, "comments.csv")
	old, err := os.ReadFile(comments)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(comments, bytes.Replace(old, []byte("A path."), []byte("A road."), 1), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = d.Import(ctx, dir, nil)
	if trouble := wantTrouble(t, err, "desk.other_import"); trouble.Args["Title"] != "The riverside" {
		t.Errorf("%+v", trouble)
	}
	if err := d.Delete(ctx, brought.ID); err != nil {
		t.Errorf("it is still held: %v", err)
	}
}

// What came in before an import was cancelled stays, and the rest can follow.
func TestImportCancelledMidway(t *testing.T) {
	d := newDesk(t, t.TempDir())
	dir := polisExport(t, 3000)
	ctx, cancel := context.WithCancel(context.Background())
	brought, err := d.Import(ctx, dir, func(done, all int) {
		if all > 0 && done > 5000 {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) || brought.ID == "" || brought.Statements != 3 || brought.Votes >= 9000 {
		t.Fatalf("%+v, %v", brought, err)
	}
	rest, err := d.Import(context.Background(), dir, nil)
	if err != nil || rest.Already || rest.Votes+brought.Votes != 9000 || cardOf(t, d, brought.ID).Votes != 9000 {
		t.Errorf("the rest: %+v, %v", rest, err)
	}
}

// packed gives the folder of a pack of a session in which three people voted, with
// their session's id.
func packed(t testing.TB, d *command.Desk, wish readmodel.PackWish) (folder, id string) {
	t.Helper()
	id = makeOne(t, d, "The riverside")
	s := open(t, d, id)
	do(t, s, readmodel.Act{Act: "set", Field: "licence", Value: "CC0-1.0"})
	do(t, s, readmodel.Act{Act: "step", Step: "opinion", Do: "start"})
	for i := range 3 {
		p := join(t, s, i)
		for _, one := range s.Sheet().Statements {
			p.send("vote", one.ID, []string{"agree", "disagree", "pass"}[i])
		}
	}
	wish.Folder = t.TempDir()
	done, err := s.Pack(context.Background(), wish)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return done.Folder, id
}

// A pack with its log comes back as the session it was, from each of its places.
func TestImportPack(t *testing.T) {
	ctx := context.Background()
	here := newDesk(t, t.TempDir())
	folder, id := packed(t, here, readmodel.PackWish{})
	zipped := zipOf(t, folder)
	for _, path := range []string{folder, filepath.Dir(folder), filepath.Join(folder, "private"), filepath.Join(folder, "private", "log.jsonl"), zipped} {
		there := newDesk(t, t.TempDir())
		brought, err := there.Import(ctx, path, nil)
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		if brought.ID != id || brought.Title != "The riverside" || brought.People != 3 || brought.Statements != 3 || brought.Votes != 9 || brought.Already {
			t.Errorf("%s: %+v", path, brought)
		}
		for _, n := range brought.Notes {
			wantSentence(t, n, n.ID)
		}
		again, err := there.Import(ctx, path, nil)
		if err != nil || !again.Already || again.ID != id || again.Votes != 0 {
			t.Errorf("%s again: %+v, %v", path, again, err)
		}
		s := open(t, there, id) // and it goes on
		sheet := s.Sheet()
		if len(sheet.Names) != 3 || sheet.Wall.Votes != 9 || !sheet.Voting {
			t.Errorf("%s: %d names, %d votes", path, len(sheet.Names), sheet.Wall.Votes)
		}
		do(t, s, readmodel.Act{Act: "add", Text: "Benches.", Lang: "en"})
		join(t, s, 7).send("vote", s.Sheet().Statements[3].ID, "agree")
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if card := cardOf(t, there, id); card.Statements != 4 || card.Votes != 10 {
			t.Errorf("%s: %+v", path, card)
		}
	}
	again, err := here.Import(ctx, folder, nil)
	if err != nil || !again.Already || again.ID != id {
		t.Errorf("where it was made: %+v, %v", again, err)
	}
}

func zipOf(t testing.TB, folder string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "pack.zip")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	archive := zip.NewWriter(file)
	if err := archive.AddFS(os.DirFS(filepath.Dir(folder))); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(archive.Close(), file.Close()); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestImportPackWithoutItsLog(t *testing.T) {
	here := newDesk(t, t.TempDir())
	folder, id := packed(t, here, readmodel.PackWish{Formats: []string{"polis", "polis-zip"}})
	there := newDesk(t, t.TempDir())
	brought, err := there.Import(context.Background(), folder, nil)
	if err != nil || brought.ID == id || brought.People != 3 || brought.Statements != 3 || brought.Votes != 9 {
		t.Errorf("%+v, %v", brought, err)
	}
	folder, _ = packed(t, here, readmodel.PackWish{Formats: []string{"html"}})
	_, err = there.Import(context.Background(), folder, nil)
	wantTrouble(t, err, "desk.pack_empty")
}

func TestImportDamagedPacks(t *testing.T) {
	here := newDesk(t, t.TempDir())
	ctx := context.Background()
	cases := []struct {
		name string
		harm func(t *testing.T, private string)
		want string // "" where it comes back all the same
	}{
		{"a line less", func(t *testing.T, p string) {
			rewrite(t, filepath.Join(p, "log.jsonl"), func(b []byte) []byte { return b[:bytes.LastIndexByte(b[:len(b)-1], '\n')+1] })
		}, "desk.pack_damaged"},
		{"another vote", func(t *testing.T, p string) {
			rewrite(t, filepath.Join(p, "log.jsonl"), func(b []byte) []byte { return bytes.Replace(b, []byte(`"agree"`), []byte(`"pass"`), 1) })
		}, "desk.pack_damaged"},
		{"no log but a word", func(t *testing.T, p string) {
			rewrite(t, filepath.Join(p, "log.jsonl"), func(b []byte) []byte { return []byte("{}\n") })
		}, "desk.pack_damaged"},
		{"an empty log", func(t *testing.T, p string) {
			rewrite(t, filepath.Join(p, "log.jsonl"), func(b []byte) []byte { return nil })
		}, "desk.pack_damaged"},
		{"a word in the names", func(t *testing.T, p string) {
			rewrite(t, filepath.Join(p, "names.csv"), func(b []byte) []byte { return append(b, "x\n"...) })
		}, ""},
	}
	for _, c := range cases {
		folder, id := packed(t, here, readmodel.PackWish{})
		c.harm(t, filepath.Join(folder, "private"))
		there := newDesk(t, t.TempDir())
		brought, err := there.Import(ctx, folder, nil)
		if c.want != "" {
			wantTrouble(t, err, c.want)
			if list := cards(t, there); len(list) != 0 {
				t.Errorf("%s: %+v remains", c.name, list)
			}
			continue
		}
		if err != nil || brought.ID != id || len(brought.Notes) != 2 {
			t.Errorf("%s: %+v, %v", c.name, brought, err)
			continue
		}
		wantSentence(t, brought.Notes[1], "note.pack_files")
	}
	folder, _ := packed(t, here, readmodel.PackWish{})
	data := t.TempDir()
	there := newDesk(t, data)
	stopped, cancel := context.WithCancel(ctx)
	if _, err := there.Import(stopped, folder, func(int, int) { cancel() }); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if files, _ := filepath.Glob(filepath.Join(data, "*.*")); len(files) > 1 {
		t.Errorf("cancelled: %v remain", files)
	}
}

func rewrite(t *testing.T, path string, change func([]byte) []byte) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, change(data), 0o600); err != nil {
		t.Fatal(err)
	}
}

// A zip that would write outside of its folder, or holds too much, writes nothing.
func TestImportHostileZips(t *testing.T) {
	d := newDesk(t, t.TempDir())
	ctx := context.Background()
	cases := []struct {
		name  string
		files []string
		want  string
	}{
		{"outside", []string{"private/SHA256SUMS", "../outside"}, "fault.bad_path"},
		{"twice", []string{"private/SHA256SUMS", "private/x", "private/x"}, "fault.bad_path"},
		{"many", append([]string{"private/SHA256SUMS"}, make([]string, 1001)...), "fault.too_many_files"},
		{"nothing in it", []string{"private/SHA256SUMS"}, "desk.pack_empty"},
	}
	for _, c := range cases {
		dir := t.TempDir()
		path := filepath.Join(dir, "in", "pack.zip")
		var b bytes.Buffer
		archive := zip.NewWriter(&b)
		for i, name := range c.files {
			if name == "" {
				name = fmt.Sprint("private/", i)
			}
			w, err := archive.Create(name)
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprint(w, "x")
		}
		if err := archive.Close(); err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(os.Mkdir(filepath.Dir(path), 0o700), os.WriteFile(path, b.Bytes(), 0o600)); err != nil {
			t.Fatal(err)
		}
		_, err := d.Import(ctx, path, nil)
		wantTrouble(t, err, c.want)
		if _, err := os.Stat(filepath.Join(os.TempDir(), "outside")); err == nil {
			t.Errorf("%s: a file was written outside", c.name)
		}
	}
}
