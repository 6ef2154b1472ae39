package pagetest_test

import (
	"strings"
	"testing"

	"folkmoot/assets/pagetest"
)

// withBadges switches the pretend session to badges, and back.
func (p *phone) withBadges(on bool) {
	p.hub.Change(func(_, wall, host object) { wall["badges"], host["badges"] = on, on })
}

// With badges the wall shows neither digits nor a QR code of its own, and counts people.
func TestWallWithBadges(t *testing.T) {
	p := newPhone(t, look{width: 1280, height: 720})
	p.open("/wall#" + pagetest.Code)
	p.says("482 163")
	p.says("台裝置")
	p.withBadges(true)
	p.says("掃你名牌上的 QR 碼")
	if text := p.run(`() => document.body.innerText`); strings.Contains(text, "482 163") || strings.Contains(text, "台裝置") {
		t.Errorf("the wall says: %s", text)
	}
	if p.run(`() => document.querySelectorAll("svg.qr").length`) != "0" {
		t.Error("the wall has a QR code by which nobody joins")
	}
	p.picture("wall-badges")
	p.withBadges(false)
	p.says("482 163")
}

func TestHostWithBadges(t *testing.T) {
	p := newHost(t)
	p.tap("報到")
	p.says("台裝置")
	p.withBadges(true)
	p.says("憑名牌加入")
	p.says("掃你名牌上的 QR 碼")
	if text := p.run(`() => document.body.innerText`); strings.Contains(text, "482 163") || strings.Contains(text, "台裝置") {
		t.Errorf("the host's page says: %s", text)
	}
	p.picture("host-badges")
}
