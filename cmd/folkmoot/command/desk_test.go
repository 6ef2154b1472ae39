package command_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"folkmoot/app/readmodel"
	"folkmoot/assets/words"
	"folkmoot/cmd/folkmoot/command"
	"folkmoot/sync/moot"
)

// newDesk gives a desk over a folder that lets in phones of this computer only.
func newDesk(t testing.TB, data string) *command.Desk {
	t.Helper()
	var said lockedBuffer
	d := command.NewDesk(context.Background(), "folkmoot", data, command.Streams{Out: &said, Err: &said})
	d.Host = "127.0.0.1"
	t.Cleanup(func() {
		d.Close()
		if t.Failed() && said.String() != "" {
			t.Logf("the desk logged:\n%s", said.String())
		}
	})
	return d
}

// lockedBuffer takes what several goroutines write.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// wantTrouble wants an error to be a trouble that both languages have whole words for.
func wantTrouble(t testing.TB, err error, key string) *readmodel.Trouble {
	t.Helper()
	var trouble *readmodel.Trouble
	if !errors.As(err, &trouble) {
		t.Fatalf("got %v, want the trouble %s", err, key)
	}
	if trouble.Key != key {
		t.Fatalf("got the trouble %s (%v), want %s", trouble.Key, trouble.Err, key)
	}
	wantWords(t, trouble.Key, trouble.Args)
	return trouble
}

// wantWords wants a key to have words in both languages, with all their arguments.
func wantWords(t testing.TB, key string, args map[string]any) {
	t.Helper()
	for _, lang := range words.Languages() {
		if text := words.Text(lang, key, args); text == key || text == "" || strings.Contains(text, "<no value>") {
			t.Errorf("%s in %s reads %q", key, lang, text)
		}
	}
}

func wantSentence(t testing.TB, s readmodel.Sentence, id string) {
	t.Helper()
	if s.ID != id {
		t.Errorf("got the sentence %s, want %s", s.ID, id)
	}
	args := map[string]any{}
	for name, value := range s.Args {
		args[name] = value
	}
	wantWords(t, s.ID, args)
}

func freePort(t testing.TB) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// makeOne makes a session with three statements.
func makeOne(t testing.TB, d *command.Desk, title string) string {
	t.Helper()
	id, err := d.Make(context.Background(), readmodel.Wish{Title: title, Lang: "en", Template: "opinion",
		Statements: []string{"More trees by the river.", "A path for bicycles.", "夜間要有路燈。"}})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func cards(t testing.TB, d *command.Desk) []readmodel.Card {
	t.Helper()
	list, err := d.Cards(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func cardOf(t testing.TB, d *command.Desk, id string) readmodel.Card {
	t.Helper()
	list := cards(t, d)
	i := slices.IndexFunc(list, func(c readmodel.Card) bool { return c.ID == id })
	if i < 0 {
		t.Fatalf("no card of session %s", id)
	}
	return list[i]
}

func TestDeskMakesSessions(t *testing.T) {
	d := newDesk(t, t.TempDir())
	if list := cards(t, d); len(list) != 0 {
		t.Fatalf("%d cards in an empty folder", len(list))
	}
	id := makeOne(t, d, "  The\nriverside ")
	card := cardOf(t, d, id)
	if card.Title != "The riverside" || card.Statements != 3 || card.Created == 0 || card.Running || card.Sample || card.Rehearsal || card.Elsewhere || card.Trouble != nil {
		t.Errorf("%+v", card)
	}
	if newer := makeOne(t, d, "Newer"); cards(t, d)[0].ID != newer {
		t.Error("the newest is not first")
	}
}

func TestDeskKeepsNothingOfWhatItCannotMake(t *testing.T) {
	cases := []struct {
		name string
		wish readmodel.Wish
		want string
	}{
		{"no title", readmodel.Wish{Title: " \n ", Template: "opinion"}, "desk.title_empty"},
		{"a title of 500 characters", readmodel.Wish{Title: strings.Repeat("長", 500), Template: "opinion"}, "desk.title_long"},
		{"a long notice", readmodel.Wish{Title: "T", Template: "opinion", Notice: strings.Repeat("x", moot.MaxField+1)}, "desk.notice_long"},
		{"a long licence", readmodel.Wish{Title: "T", Template: "opinion", Licence: strings.Repeat("x", moot.MaxField+1)}, "refused.too_long"},
		{"a statement twice", readmodel.Wish{Title: "T", Template: "opinion", Statements: []string{"Trees.", "TREES"}}, "refused.there_already"},
		{"a long statement", readmodel.Wish{Title: "T", Template: "opinion", Statements: []string{strings.Repeat("x", 2000)}}, "refused.too_long"},
		{"a statement without words", readmodel.Wish{Title: "T", Template: "opinion", Statements: []string{"🌳"}}, "refused.emoji_only"},
		{"an unknown template", readmodel.Wish{Title: "T", Template: "ball"}, "refused.not_possible"},
	}
	data := t.TempDir()
	d := newDesk(t, data)
	for _, c := range cases {
		_, err := d.Make(context.Background(), c.wish)
		wantTrouble(t, err, c.want)
		if files, _ := filepath.Glob(filepath.Join(data, "*.*")); len(files) > 2 { // the lock stays, and the device's key
			t.Errorf("%s: %v remain", c.name, files)
		}
	}
	gone, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := d.Make(gone, readmodel.Wish{Title: "T", Template: "opinion"}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if list := cards(t, d); len(list) != 0 {
		t.Errorf("%d sessions remain", len(list))
	}
}

func TestDeskWithoutAFolder(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o400); err != nil {
		t.Fatal(err)
	}
	d := newDesk(t, filepath.Join(file, "below"))
	_, err := d.Make(context.Background(), readmodel.Wish{Title: "T", Template: "opinion"})
	wantTrouble(t, err, "desk.data_folder")
	_, err = d.Sample(context.Background())
	wantTrouble(t, err, "desk.data_folder")
}

func TestDeskCardsOfWhatCannotBeRead(t *testing.T) {
	data := t.TempDir()
	d := newDesk(t, data)
	good, bad, keyless := makeOne(t, d, "Good"), makeOne(t, d, "Bad"), makeOne(t, d, "Keyless")
	if err := os.WriteFile(filepath.Join(data, bad+".folkmoot"), []byte("no session"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(data, keyless+".key")); err != nil {
		t.Fatal(err)
	}
	d = newDesk(t, data)
	if card := cardOf(t, d, good); card.Trouble != nil || card.Title != "Good" {
		t.Errorf("%+v", card)
	}
	wantTrouble(t, cardOf(t, d, bad).Trouble, "desk.unreadable")
	wantTrouble(t, cardOf(t, d, keyless).Trouble, "desk.no_key")
	_, err := d.Open(context.Background(), bad, freePort(t))
	wantTrouble(t, err, "desk.unreadable")
	_, err = d.Open(context.Background(), keyless, freePort(t))
	wantTrouble(t, err, "desk.no_key")
	if err := d.Delete(context.Background(), bad); err != nil {
		t.Errorf("a damaged session cannot be put aside: %v", err)
	}
}

func TestDeskDeletesAndRestores(t *testing.T) {
	d := newDesk(t, t.TempDir())
	ctx := context.Background()
	id := makeOne(t, d, "Here")
	if err := d.Delete(ctx, id); err != nil {
		t.Fatal(err)
	}
	if list := cards(t, d); len(list) != 0 {
		t.Fatal("it is still listed")
	}
	wantTrouble(t, d.Delete(ctx, id), "desk.not_found")
	_, err := d.Open(ctx, id, freePort(t))
	wantTrouble(t, err, "desk.not_found")
	if err := d.Restore(ctx, id); err != nil {
		t.Fatal(err)
	}
	if card := cardOf(t, d, id); card.Title != "Here" || card.Statements != 3 {
		t.Errorf("%+v", card)
	}
	wantTrouble(t, d.Restore(ctx, id), "desk.not_found")
	wantTrouble(t, d.Restore(ctx, "../../etc"), "desk.not_found")
	s := open(t, d, id)
	wantTrouble(t, d.Delete(ctx, id), "desk.elsewhere")
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := d.Delete(ctx, id); err != nil {
		t.Errorf("after it was closed: %v", err)
	}
}

// The newest of several that were put aside comes back, and never over one that is there.
func TestDeskRestoresTheNewest(t *testing.T) {
	data := t.TempDir()
	d := newDesk(t, data)
	ctx := context.Background()
	sample, err := d.Sample(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Delete(ctx, sample); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Sample(ctx); err != nil {
		t.Fatal(err)
	}
	wantTrouble(t, d.Restore(ctx, sample), "desk.exists")
	s := open(t, d, sample)
	if err := s.Do(ctx, readmodel.Act{Act: "set", Field: "title", Value: "Newer"}); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := d.Delete(ctx, sample); err != nil {
		t.Fatal(err)
	}
	if err := d.Restore(ctx, sample); err != nil {
		t.Fatal(err)
	}
	if card := cardOf(t, d, sample); card.Title != "Newer" || !card.Sample || card.Votes == 0 {
		t.Errorf("%+v", card)
	}
}

func TestTwoDesksOnOneFolder(t *testing.T) {
	data := t.TempDir()
	one, two := newDesk(t, data), newDesk(t, data)
	ctx := context.Background()
	id := makeOne(t, one, "Ours")
	s := open(t, one, id)
	if err := s.Do(ctx, readmodel.Act{Act: "step", Step: "checkin", Do: "start"}); err != nil {
		t.Fatal(err)
	}
	if card := cardOf(t, one, id); card.Elsewhere || !card.Running {
		t.Errorf("in the desk that has it open: %+v", card)
	}
	for range 2 { // asked, and asked again
		if card := cardOf(t, two, id); !card.Elsewhere || !card.Running || card.Title != "Ours" || card.Statements != 3 || card.Trouble != nil {
			t.Errorf("in the other: %+v", card)
		}
	}
	_, err := two.Open(ctx, id, freePort(t))
	wantTrouble(t, err, "desk.elsewhere")
	_, err = one.Open(ctx, id, freePort(t))
	wantTrouble(t, err, "desk.elsewhere")
	wantTrouble(t, two.Delete(ctx, id), "desk.elsewhere")
	copied, err := two.Rehearsal(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	if card := cardOf(t, two, copied); !card.Rehearsal || card.Statements != 3 || card.Votes != 0 {
		t.Errorf("a rehearsal of what is open elsewhere: %+v", card)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	again := open(t, two, id)
	if got := again.Sheet().Wall.Title["en"]; got != "Ours" {
		t.Errorf("title %q", got)
	}
}

func TestDeskSampleIsThereOnce(t *testing.T) {
	d := newDesk(t, t.TempDir())
	ctx := context.Background()
	first, err := d.Sample(ctx)
	if err != nil {
		t.Fatal(err)
	}
	s := open(t, d, first)
	again, err := d.Sample(ctx)
	if err != nil || again != first {
		t.Errorf("while it is open: %s, %v", again, err)
	}
	if sheet := s.Sheet(); sheet.Voting || sheet.Running() != nil {
		t.Error("a step was started by itself")
	}
	if len(cards(t, d)) != 1 {
		t.Error("there are two")
	}
	_, err = d.Rehearsal(ctx, "no id")
	wantTrouble(t, err, "desk.not_found")
}

func TestDeskPorts(t *testing.T) {
	d := newDesk(t, t.TempDir())
	ctx := context.Background()
	first, second := makeOne(t, d, "First"), makeOne(t, d, "Second")
	other, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	taken := other.Addr().(*net.TCPAddr).Port
	_, err = d.Open(ctx, first, taken)
	offered := wantTrouble(t, err, "desk.port_taken").Port
	if offered <= taken {
		t.Fatalf("port %d is offered for %d", offered, taken)
	}
	s, err := d.Open(ctx, first, offered)
	if err != nil {
		t.Fatalf("the port that was offered: %v", err)
	}
	if got, want := s.Sheet().Venue.Addresses[0], fmt.Sprintf("http://127.0.0.1:%d", offered); got != want {
		t.Errorf("address %s, want %s", got, want)
	}
	_, err = d.Open(ctx, second, offered)
	trouble := wantTrouble(t, err, "desk.port_ours")
	if trouble.Args["Title"] != "First" || trouble.Args["Port"] != fmt.Sprint(offered) || trouble.Port == 0 {
		t.Errorf("%+v", trouble)
	}
	for _, port := range []int{-1, 70000} {
		_, err = d.Open(ctx, second, port)
		if wantTrouble(t, err, "desk.port_denied").Port == 0 {
			t.Errorf("port %d: none is offered", port)
		}
	}
	if _, err := d.Open(ctx, second, trouble.Port); err != nil {
		t.Errorf("it was not let go of after it could not be opened: %v", err)
	}
}

func TestDeskHands(t *testing.T) {
	d := newDesk(t, t.TempDir())
	begun, ended := make(chan struct{}), false
	d.Go(func(ctx context.Context) {
		close(begun)
		<-ctx.Done()
		ended = true
	})
	<-begun
	d.Close()
	if !ended {
		t.Error("Close did not wait")
	}
	d.Go(func(context.Context) { t.Error("work after Close") })
	d.Close()
	if _, err := d.Open(context.Background(), strings.Repeat("0", 32), freePort(t)); err == nil {
		t.Error("a session was opened after Close")
	}
}

func wishOf(statements []string) readmodel.Wish {
	return readmodel.Wish{Title: "A list", Lang: "en", Template: "opinion", Notice: "Who asks.\nWhy.", Licence: "CC0-1.0", Statements: statements}
}
