package badge_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"
	"testing"

	"folkmoot/sync/badge"
)

// key is the bytes 0 to 31.
func key() (k badge.Key) {
	for i := range k {
		k[i] = byte(i)
	}
	return k
}

// The figures are of an independent computation: hmac and hashlib of Python 3.11,
// with the base-32 writing done on its whole numbers.
func TestReferenceFigures(t *testing.T) {
	cases := []struct {
		number                      int
		code, pid, callKey, written string
	}{
		{1, "001N9EC02Q", "1c0d7d08cd35c651217607a24dcf980b", "c0332e10b681d4b89c8cb07861b3bab1", "R0SJW45PG7ABH74CP1W63CXTP4"},
		{12, "00CWBCZGNJ", "83ac4280ff034d2b861b7987630a2388", "5a370679004746a4e5f2d59fae409f0a", "B8VGCY808X3A9SFJTPFTWG4Z18"},
		{1000, "0Z8Z10GZPC", "67d5c8dae85e6109b11fd1731efc2326", "3c6cf94f07ef840caf9320bde9ce590f", "7HPFJKR7XY20SBWK42YYKKJS1W"},
		{badge.MaxNumber, "ZZZ6JEW9JE", "e7328c2072eff71f10b8aaa4c624ddee", "e35214e73e5a1d80162493da03688771", "WD919SSYB8ER05H4JFD06T47E4"},
	}
	for _, c := range cases {
		code, err := key().Issue(c.number)
		if err != nil || code.String() != c.code || code.Number != c.number {
			t.Errorf("badge %d: %v, %v, want %s", c.number, code, err, c.code)
		}
		if pid := key().PID(c.number); hex.EncodeToString(pid[:]) != c.pid {
			t.Errorf("badge %d: person %x, want %s", c.number, pid, c.pid)
		}
		if k := key().CallKey(c.number); hex.EncodeToString(k[:]) != c.callKey || k.String() != c.written {
			t.Errorf("badge %d: call key %x %s, want %s %s", c.number, k, k, c.callKey, c.written)
		}
		if f, err := key().Fragment(c.number); err != nil || f != "b="+c.code+"&k="+c.written {
			t.Errorf("badge %d: fragment %q, %v", c.number, f, err)
		}
	}
}

// RFC 4231, test cases 1, 2 and 6: the sum that all of this stands on.
func TestHMAC(t *testing.T) {
	cases := []struct{ key, text, want string }{
		{strings.Repeat("\x0b", 20), "Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
		{"Jefe", "what do ya want for nothing?", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
		{strings.Repeat("\xaa", 131), "Test Using Larger Than Block-Size Key - Hash Key First", "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
	}
	for _, c := range cases {
		mac := hmac.New(sha256.New, []byte(c.key))
		mac.Write([]byte(c.text))
		if got := hex.EncodeToString(mac.Sum(nil)); got != c.want {
			t.Errorf("%q: %s, want %s", c.text, got, c.want)
		}
	}
}

func TestIssueBounds(t *testing.T) {
	for _, n := range []int{-1, 0, badge.MaxNumber + 1} {
		if code, err := key().Issue(n); err == nil || code != (badge.Code{}) {
			t.Errorf("badge %d was issued: %v", n, code)
		}
	}
	if key().Check(badge.Code{}) {
		t.Error("no badge is a badge")
	}
}

func TestParseAsTyped(t *testing.T) {
	want, _ := key().Issue(1) // 001N9EC02Q
	for _, text := range []string{"001N9EC02Q", "001n9ec02q", "OO1N9 EC02Q", "ool-n9e-co2q", "00I N9EC O2Q", "００１Ｎ９　ＥＣ０２Ｑ", "００ｌｎ９ｅｃｏ２ｑ", " 001N9\u00a0EC02Q\n", "001N9–EC02Q"} {
		if got, err := badge.Parse(text); err != nil || got != want || !key().Check(got) {
			t.Errorf("%q: %v, %v", text, got, err)
		}
	}
	if got, err := badge.Parse(want.Print()); err != nil || got != want {
		t.Errorf("as printed, %q: %v, %v", want.Print(), got, err)
	}
	for _, text := range []string{"", "001N9EC02", "001N9EC02QQ", "001N9EC02U", "001N9EC0é2", "0000000000", "石虎石虎石虎石虎石虎", "001N9EC02\xff"} {
		if got, err := badge.Parse(text); !errors.Is(err, badge.ErrCode) || got != (badge.Code{}) {
			t.Errorf("%q is a badge: %v, %v", text, got, err)
		}
	}
}

func TestCheckTellsForgeries(t *testing.T) {
	const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	good, _ := key().Issue(12)
	text := good.String()
	for i := range text {
		for _, other := range alphabet {
			forged := text[:i] + string(other) + text[i+1:]
			code, err := badge.Parse(forged)
			if forged != text && err == nil && key().Check(code) {
				t.Errorf("%s passes, of %s", forged, text)
			}
		}
	}
	other := key()
	other[31] ^= 1
	if other.Check(good) {
		t.Error("a badge of one session passes in another")
	}
}

func call() badge.Call {
	return badge.Call{Method: "POST", Path: "/api/v1/items?x=1", Session: "04" + strings.Repeat("00", 15), Epoch: strings.Repeat("ab", 16),
		Token: strings.Repeat("cd", 32), Counter: 7, Body: []byte(`{"items":[],"名":"石虎"}`)}
}

// The figures are of the same independent computation; the page's tests hold the first too.
func TestCallMAC(t *testing.T) {
	c := call()
	if got, want := c.MAC(key().CallKey(12)), "107cf61216fe382fe3a7797491d4fdb8d3a1b75dccd9664d5fe9692f87b6a965"; got != want {
		t.Errorf("with a body: %s, want %s", got, want)
	}
	c.Method, c.Path, c.Counter, c.Body = "GET", "/api/v1/live", badge.MaxCounter, nil
	if got, want := c.MAC(key().CallKey(12)), "95b21b792b9176733ec85ff09aa8d2496fb8b182aa320298df9894a0206749b9"; got != want {
		t.Errorf("without: %s, want %s", got, want)
	}
}

func TestCallHoldsEveryPart(t *testing.T) {
	k := key().CallKey(12)
	mac := call().MAC(k)
	if !call().Check(k, mac) {
		t.Fatal("a call does not pass")
	}
	changes := map[string]func(*badge.Call){
		"method": func(c *badge.Call) { c.Method = "GET" }, "path": func(c *badge.Call) { c.Path += "2" }, "session": func(c *badge.Call) { c.Session = "05" + c.Session[2:] },
		"epoch": func(c *badge.Call) { c.Epoch = "ac" + c.Epoch[2:] }, "token": func(c *badge.Call) { c.Token = "ce" + c.Token[2:] },
		"counter": func(c *badge.Call) { c.Counter++ }, "body": func(c *badge.Call) { c.Body[len(c.Body)-1] = ']' },
	}
	for name, change := range changes {
		c := call()
		if change(&c); c.Check(k, mac) {
			t.Errorf("the %s may be exchanged", name)
		}
	}
	if call().Check(key().CallKey(13), mac) {
		t.Error("another badge's key passes")
	}
	for _, wrong := range []string{"", mac[:63], mac + "0", strings.ToUpper(mac)} {
		if call().Check(k, wrong) {
			t.Errorf("%q passes", wrong)
		}
	}
}

func TestWindow(t *testing.T) {
	var w badge.Window
	steps := []struct {
		counter uint64
		good    bool
	}{
		{0, false}, {1, true}, {1, false}, {3, true}, {2, true}, {2, false}, {3, false},
		{66, true}, {2, false}, {3, false}, {4, true}, {4, false}, // 63 behind is the last
		{67, true}, {3, false}, {5, true}, {66, false},
		{1000, true}, {67, false}, {936, false}, {937, true}, {999, true}, {999, false}, {1000, false},
		{badge.MaxCounter + 1, false}, {badge.MaxCounter, true}, {badge.MaxCounter, false}, {1001, false},
	}
	for i, s := range steps {
		if got := w.Take(s.counter); got != s.good {
			t.Errorf("step %d: counter %d: %t, want %t", i, s.counter, got, s.good)
		}
	}
	if w.Top() != badge.MaxCounter {
		t.Errorf("top %d", w.Top())
	}
}

// Whatever order: no counter is good twice, and one less than 64 behind the newest is
// good when it comes first.
func TestWindowAgainstASet(t *testing.T) {
	var w badge.Window
	used, top, seed := map[uint64]bool{}, uint64(0), uint64(1)
	for range 20000 {
		seed = seed*6364136223846793005 + 1442695040888963407
		counter := max(top, 80) + 3 - seed>>33%80
		want := !used[counter] && counter+64 > top
		if got := w.Take(counter); got != want {
			t.Fatalf("counter %d with %d as the newest: %t, want %t", counter, top, got, want)
		}
		used[counter], top = true, max(top, counter)
	}
}

func FuzzParse(f *testing.F) {
	for _, text := range []string{"001N9EC02Q", "oil-01 oil 01", "００ｌｎ９ｅｃｏ２ｑ", "", "UUUUUUUUUU", "\xff\xfe", "ZZZZZZZZZZ"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		code, err := badge.Parse(text)
		if err != nil {
			if code != (badge.Code{}) {
				t.Errorf("%q: %v with an error", text, code)
			}
			return
		}
		if code.Number < 1 || code.Number > badge.MaxNumber {
			t.Errorf("%q has number %d", text, code.Number)
		}
		for _, form := range []string{code.String(), code.Print(), strings.ToLower(code.String())} {
			if again, err := badge.Parse(form); err != nil || again != code {
				t.Errorf("%q: %q gives %v, %v", text, form, again, err)
			}
		}
		if key().Check(code) {
			if issued, _ := key().Issue(code.Number); issued != code {
				t.Errorf("%q passes and was not issued", text)
			}
		}
	})
}
