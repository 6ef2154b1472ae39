package peer_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"folkmoot/sync/peer"
)

// someLink gives a link and its text as a folkmoot: address.
func someLink() (peer.Link, string) {
	l := newHouse(1).Invite().Link(session, []string{"192.168.1.5:8443", "[2001:db8::1]:8443", "folkmoot.local:8443"})
	return l, l.Text("")
}

func TestLinkText(t *testing.T) {
	l, text := someLink()
	if l.Session != "e0000000" || !l.Key.Equal(public(1)) || len(l.Addresses) != 3 {
		t.Fatalf("%+v", l)
	}
	if !strings.HasPrefix(text, "folkmoot://pair?v=1&a=192.168.1.5:8443,") {
		t.Errorf("%s", text)
	}
	page := l.Text("http://192.168.1.5:8080/")
	if want := "http://192.168.1.5:8080/#" + strings.TrimPrefix(text, "folkmoot://"); page != want {
		t.Errorf("got %s, want %s", page, want)
	}
	if secret := strings.Split(text, "&s=")[1]; strings.Contains(fmt.Sprint(l)+fmt.Sprintf("%+v", l), secret[:22]) || strings.Contains(fmt.Sprint(l), fmt.Sprint(l.Secret[:])) {
		t.Error("the secret is printed with the link")
	}
	if len(page) > 250 {
		t.Errorf("%d characters make a dense QR code", len(page))
	}
}

// Addresses that another device cannot use are left out, and none twice.
func TestLinkAddresses(t *testing.T) {
	given := []string{"127.0.0.1:8443", "[fe80::1%eth0]:8443", "[fe80::1]:8443", "[2001:db8::1%eth0]:8443", "folkmoot.local:0", "0.0.0.0:8443", "[::]:8443", "224.0.0.251:8443", "10.0.0.1:0", "10.0.0.1",
		"10.0.0.1:8443", "[::ffff:10.0.0.1]:8443", "Folkmoot.local:8443", "a b:1", "x&k=1:2", "name:70000", "10.0.0.300:8443", "a:b:1", ""}
	got := newHouse(1).Invite().Link(session, given).Addresses
	if want := "[127.0.0.1:8443 10.0.0.1:8443 folkmoot.local:8443]"; fmt.Sprint(got) != want {
		t.Errorf("got %v, want %s", got, want)
	}
	var many []string
	for i := range 20 {
		many = append(many, fmt.Sprintf("10.0.0.%d:8443", i+1))
	}
	if got := newHouse(1).Invite().Link(session, many).Addresses; len(got) != 8 {
		t.Errorf("%d of 20 addresses", len(got))
	}
}

// People bring links in many ways.
func TestParseLink(t *testing.T) {
	want, text := someLink()
	page := want.Text("http://192.168.1.5:8080")
	query := strings.TrimPrefix(text, "folkmoot://")
	for name, given := range map[string]string{
		"as it is":              text,
		"as a page":             page,
		"as a page with a path": strings.Replace(page, "/#", "/host/#", 1),
		"the end alone":         query,
		"blanks and breaks":     " \t" + text[:30] + "\r\n> "[:2] + text[30:60] + "\u00a0\u3000\u200b\ufeff" + text[60:] + "\n\n",
		"loud":                  "FOLKMOOT://PAIR?V=1" + strings.Replace(strings.TrimPrefix(query, "pair?v=1"), "&a=", "&A=", 1),
		"a loud host":           "HTTP://FOLKMOOT.LOCAL:8080/#" + strings.Replace(strings.ReplaceAll(query, "folkmoot.local", "FOLKMOOT.Local"), "&e=e0", "&E=E0", 1),
		"in quotes":             "「" + text + "」。",
		"at a sentence's end":   "<" + text + ">.",
		"with percent signs":    strings.NewReplacer("[", "%5B", "]", "%5D", ":8443", "%3A8443").Replace(text),
		"with padding":          text + "=",
		"in another order":      "folkmoot://pair?" + strings.Join(backwards(strings.Split(strings.TrimPrefix(query, "pair?"), "&")), "&"),
		"with more than I know": text + "&name=x",
	} {
		got, err := peer.ParseLink(given)
		if err != nil || fmt.Sprint(got) != fmt.Sprint(want) || got.Secret != want.Secret {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

func backwards(list []string) (out []string) {
	for _, s := range list {
		out = append([]string{s}, out...)
	}
	return out
}

func TestParseLinkRefuses(t *testing.T) {
	_, text := someLink()
	swap := func(old, new string) string {
		if !strings.Contains(text, old) {
			t.Fatalf("%q is not in %s", old, text)
		}
		return strings.Replace(text, old, new, 1)
	}
	for name, c := range map[string]struct {
		text string
		want error
	}{
		"nothing":              {"", peer.ErrNoLink},
		"a web address":        {"http://192.168.1.5:8080/", peer.ErrNoLink},
		"a badge":              {"http://192.168.1.5:8080/#b=0001ABCDEF&k=00000000000000000000000000", peer.ErrNoLink},
		"another program's":    {"otherapp://" + strings.TrimPrefix(text, "folkmoot://"), peer.ErrNoLink},
		"within another":       {"http://evil.example/?next=" + text, peer.ErrNoLink},
		"a script":             {"javascript:" + text, peer.ErrNoLink},
		"letters that grow":    {strings.Repeat("Ⱥ", 200) + "pair?", peer.ErrNoLink},
		"too long":             {text + strings.Repeat(" ", 2000), peer.ErrNoLink},
		"not UTF-8":            {"\xff\xfe" + text, peer.ErrNoLink},
		"a newer one":          {swap("v=1", "v=2"), peer.ErrLinkNewer},
		"no version":           {swap("v=1&", ""), peer.ErrLinkDamaged},
		"no number":            {swap("v=1", "v=x"), peer.ErrLinkDamaged},
		"cut off":              {text[:len(text)-1], peer.ErrLinkDamaged},
		"without the secret":   {swap("&s=", "&t="), peer.ErrLinkDamaged},
		"in small letters":     {strings.ToLower(text), peer.ErrLinkDamaged},
		"a secret twice":       {text + "&s=" + strings.Repeat("A", 22), peer.ErrLinkDamaged},
		"addresses twice":      {text + "&a=10.0.0.9:8443", peer.ErrLinkDamaged},
		"session too long":     {swap("e=e0000000", "e=e000000000"), peer.ErrLinkDamaged},
		"another session":      {swap("e=e0000000", "e=e0000001"), peer.ErrLinkDamaged},
		"another key":          {swap("&k="+strings.Split(text, "&k=")[1][:1], "&k=A"), peer.ErrLinkDamaged},
		"no control":           {strings.Split(text, "&c=")[0], peer.ErrLinkDamaged},
		"no session":           {swap("e=e0000000", "e=session!"), peer.ErrLinkDamaged},
		"an address of none":   {swap("192.168.1.5:8443", "192.168.1.5"), peer.ErrLinkDamaged},
		"any address":          {swap("192.168.1.5", "0.0.0.0"), peer.ErrLinkDamaged},
		"a path for a name":    {swap("folkmoot.local:8443", "folkmoot.local/../x:8443"), peer.ErrLinkDamaged},
		"too many addresses":   {swap("a=", "a="+strings.Repeat("10.0.0.1:1,", 8)), peer.ErrLinkDamaged},
		"bits after the bytes": {loose(text), peer.ErrLinkDamaged},
	} {
		if got, err := peer.ParseLink(c.text); !errors.Is(err, c.want) || got.Key != nil {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

// loose changes the last letter of the key so that it says the same bytes, and two bits
// after them that mean nothing.
func loose(text string) string {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	at := strings.Index(text, "&c=") - 1
	return text[:at] + letters[strings.IndexByte(letters, text[at])+1:][:1] + text[at+1:]
}

// Whatever is read as a link is written so that it is read the same.
func FuzzLink(f *testing.F) {
	l, text := someLink()
	f.Add(text)
	f.Add(l.Text("http://192.168.1.5:8080"))
	f.Fuzz(func(t *testing.T, text string) {
		got, err := peer.ParseLink(text)
		if err != nil {
			if !errors.Is(err, peer.ErrNoLink) && !errors.Is(err, peer.ErrLinkDamaged) && !errors.Is(err, peer.ErrLinkNewer) {
				t.Errorf("%v", err)
			}
			return
		}
		for _, web := range []string{"", "http://10.0.0.1:8080"} {
			again, err := peer.ParseLink(got.Text(web))
			if err != nil || fmt.Sprint(again) != fmt.Sprint(got) || again.Secret != got.Secret {
				t.Errorf("%+v is read again as %+v, %v", got, again, err)
			}
		}
		if host := (peer.Invitation{Key: got.Key, Secret: got.Secret}).Link(session, got.Addresses); len(host.Addresses) > len(got.Addresses) {
			t.Errorf("%v became %v", got.Addresses, host.Addresses)
		}
	})
}
