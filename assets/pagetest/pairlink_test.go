package pagetest_test

import (
	"strings"
	"testing"
)

// A tablet's camera opens the link that pairs it in a browser, which holds it ready to be
// copied; it does not stay in the address, and from there people can take part as always.
func TestPairingLink(t *testing.T) {
	p := newPhone(t, look{width: 390, height: 844})
	const mark = "#pair?v=1&a=10.0.0.1:8443&e=01020304&s=c2VjcmV0&k=a2V5"
	p.open("/" + mark)
	p.says("這是給平板上的 Folkmoot 用的連結")
	if same := p.run(`(mark) => document.getElementById("pairlink").value === location.origin + "/" + mark`, mark); same != "true" {
		t.Error("what is there to copy is not the link")
	}
	if at := p.run(`() => location.href + history.length`); strings.Contains(at, "pair") {
		t.Errorf("the address keeps the secret: %s", at)
	}
	p.picture("page-pairlink")
	p.tap("直接在瀏覽器參加")
	p.until("the six digits", `() => document.getElementById("code") !== null`)
}
