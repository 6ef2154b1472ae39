package tablet

import (
	"strings"

	"fyne.io/fyne/v2"

	"folkmoot/app/look"
	"folkmoot/app/readmodel"
)

// start lists what can be joined, and says what to do where there is nothing.
func (w *Window) start() fyne.CanvasObject {
	offers := w.shown.Start
	parts := []fyne.CanvasObject{w.title(w.say("tablet.start"))}
	if len(offers.Kept) > 0 {
		parts = append(parts, w.offers("tablet.start_kept", readmodel.TouchOpen, offers.Kept))
	}
	switch {
	case !offers.Looking && len(offers.Kept) == 0:
		parts = append(parts, w.note(w.text(w.say("tablet.no_link_none"))))
	case !offers.Looking:
		parts = append(parts, w.quiet(w.say("tablet.no_link")))
	case len(offers.Found) > 0:
		parts = append(parts, w.offers("tablet.start_found", readmodel.TouchOffer, offers.Found), w.quiet(w.say("tablet.start_help")))
	default:
		parts = append(parts, w.card(w.strong(w.say("tablet.nothing")), w.text(w.say("tablet.nothing_help"))))
	}
	if offers.Looking {
		parts = append(parts, w.address())
	}
	if offers.Name != "" {
		parts = append(parts, w.device(offers.Name))
	}
	return look.Middle(page, look.Column(gap, parts...))
}

func (w *Window) offers(key string, does readmodel.TouchKind, list []readmodel.HandsetOffer) fyne.CanvasObject {
	parts := []fyne.CanvasObject{w.strong(w.say(key))}
	for _, o := range list {
		b := w.button(o.Title, outline, readmodel.Touch{Kind: does, Key: o.ID})
		b.left, b.disabled = true, o.Full
		switch {
		case o.Unpaired:
			b.small = w.say("tablet.offer_unpaired")
		case o.Full:
			b.small = w.say("tablet.host_full", look.Args{"Host": o.Host})
		case o.Host != "" && o.Address != "":
			b.small = w.say("tablet.host_at", look.Args{"Host": o.Host, "Address": o.Address})
		case o.Host != "":
			b.small = w.say("tablet.host", look.Args{"Host": o.Host})
		}
		b.least = 72
		parts = append(parts, b)
	}
	return look.Column(2*look.Gap, parts...)
}

// address takes an address that was typed, or a link that was scanned or sent.
func (w *Window) address() fyne.CanvasObject {
	entry := w.field("address", "", "", 1, nil)
	connect := w.meant(func() {
		w.touch(readmodel.Touch{Kind: readmodel.TouchAddress, Text: strings.TrimSpace(w.value("address"))})
	})
	w.onEnter("address", connect)
	return w.card(w.strong(w.say("tablet.address")), w.quiet(w.say("tablet.address_hint", look.Args{"Address": "192.168.1.20:8443"})), entry, w.press(w.say("tablet.connect"), outline, connect))
}

// longestDevice is how many characters the name of a tablet may have.
const longestDevice = 40

// device says what this tablet is called, and takes another name: tablets of one make have
// the same until then.
func (w *Window) device(name string) fyne.CanvasObject {
	help := w.quiet("")
	tell := func(text string) {
		help.Set(w.say("tablet.name_help"))
		if n := len([]rune(strings.TrimSpace(text))); n == 0 || n > longestDevice {
			help.Set(w.say("tablet.name_long", look.Args{"N": longestDevice}))
		}
	}
	entry := w.field("device", name, "", 1, tell)
	tell(w.value("device"))
	save := w.meant(func() {
		if text := strings.TrimSpace(w.value("device")); text != "" && len([]rune(text)) <= longestDevice {
			w.touch(readmodel.Touch{Kind: readmodel.TouchDevice, Text: text})
		}
	})
	w.onEnter("device", save)
	return w.card(w.quiet(w.say("tablet.called", look.Args{"Name": name})), look.Row(3*look.Gap, 0, entry, short(w.press(w.say("devices.rename_go"), outline, save))), help)
}

// pairing compares the digits of both screens, waits, or says why nothing came of it.
func (w *Window) pairing() fyne.CanvasObject {
	p := w.shown.Pairing
	cancel := func(key string, k kind) *Press {
		return w.button(w.say(key), k, readmodel.Touch{Kind: readmodel.TouchCancel})
	}
	heads := []fyne.CanvasObject{}
	if p.Title != "" {
		heads = append(heads, w.strong(p.Title))
	}
	if p.Host != "" {
		heads = append(heads, w.quiet(w.say("tablet.host", look.Args{"Host": p.Host})))
	}
	switch p.Stand {
	case readmodel.PairingAsking:
		return w.lone(append(heads, w.text(w.say("tablet.pair_asking")), cancel("page.cancel", outline))...)
	case readmodel.PairingCompare:
		return w.lone(append(heads, w.title(w.say("tablet.pair")), w.digits(p.Digits), w.text(w.say("tablet.pair_help")),
			pair(cancel("tablet.pair_no", outline), w.button(w.say("tablet.pair_yes"), filled, readmodel.Touch{Kind: readmodel.TouchConfirm})))...)
	case readmodel.PairingWaiting:
		heads = append(heads, w.title(w.say("tablet.pair_waiting")))
		if p.Digits != "" {
			heads = append(heads, w.digits(p.Digits))
		}
		return w.lone(append(heads, w.text(w.say("tablet.pair_waiting_help")), cancel("page.cancel", outline))...)
	}
	what, help := w.failed(*p)
	return w.lone(append(heads, w.title(what), w.text(help), cancel("tablet.pair_again", filled))...)
}

// failed says why a pairing came to nothing, and what to do.
func (w *Window) failed(p readmodel.HandsetPairing) (what, help string) {
	switch p.Reason {
	case readmodel.ReasonDamaged:
		return w.say("tablet.pair_damaged"), w.say("tablet.pair_damaged_help")
	case readmodel.ReasonNoLink:
		return w.say("tablet.pair_no_link"), w.say("tablet.pair_no_link_help")
	case readmodel.ReasonLinkNewer, readmodel.ReasonVersion:
		return w.say("tablet.pair_version"), w.say("tablet.pair_version_help")
	case readmodel.ReasonSpent:
		return w.say("tablet.pair_spent"), w.say("tablet.pair_spent_help")
	case readmodel.ReasonImpostor:
		return w.say("tablet.pair_impostor"), w.say("tablet.pair_impostor_help")
	case readmodel.ReasonOwn:
		return w.say("tablet.pair_own"), w.say("tablet.pair_own_help")
	case readmodel.ReasonCrowd:
		return w.say("tablet.pair_crowd"), w.say("tablet.pair_crowd_help")
	}
	switch p.Stand {
	case readmodel.PairingDeclined:
		return w.say("tablet.pair_declined"), w.say("tablet.pair_declined_wait")
	case readmodel.PairingExpired:
		return w.say("tablet.pair_expired"), w.say("tablet.pair_expired_help")
	}
	return w.say("tablet.pair_failed"), w.say("tablet.pair_failed_help")
}

// digits draws six digits so that they can be compared across a room.
func (w *Window) digits(digits string) fyne.CanvasObject {
	if len(digits) == 6 {
		digits = digits[:3] + " " + digits[3:]
	}
	return w.single(digits, look.TextOptions{Size: 64, Bold: true, Align: fyne.TextAlignCenter, Role: look.Action})
}

// fetching waits for the session to come here.
func (w *Window) fetching() fyne.CanvasObject {
	return w.lone(w.title(w.say("tablet.fetching")), w.text(w.say("tablet.fetching_help")),
		w.button(w.say("tablet.pair_again"), plain, readmodel.Touch{Kind: readmodel.TouchLeave}))
}

// unpaired says that this tablet takes no further answers, and what was kept.
func (w *Window) unpaired() fyne.CanvasObject {
	parts := []fyne.CanvasObject{w.title(w.say("tablet.unpaired")), w.text(w.say("tablet.unpaired_help"))}
	if w.shown.Kept > 0 {
		parts = append(parts, w.note(w.text(w.say("tablet.unpaired_kept", look.Args{"N": w.shown.Kept}))))
	}
	return w.lone(append(parts, w.button(w.say("tablet.pair_again"), filled, readmodel.Touch{Kind: readmodel.TouchLeave}))...)
}
