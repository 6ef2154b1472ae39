package screen

import (
	"regexp"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"folkmoot/app/look"
)

// The measures of the two steps, in sizes of their text.
const (
	wallWaysSize  = 1.9
	wallRingSize  = 1.7
	wallRingGap   = 0.7
	wallWaysGap   = 0.9
	wallValueSize = 1.18
	wallCodeSize  = 2.6
	wallCodeAbove = 0.5
)

// join draws how to take part: two numbered steps, and the QR code large.
func (w *Wall) join(p *wallPen, a wallArea) {
	fine := p.set(p.say("wall.no_internet"), 1.2, a.w, wallInk{role: look.Quiet})
	if fine.height > 4*p.rem {
		fine = p.set(p.say("wall.no_internet"), 1, a.w, wallInk{role: look.Quiet})
	}
	p.put(fine, fyne.TextAlignLeading, wallArea{a.x, a.y + a.h - fine.height, a.w, fine.height})
	a.h -= fine.height + p.rem

	left := a
	if own := w.ownCode(); own != nil {
		left.w -= w.twoCodes(p, a, own) + 3*p.rem
	} else if code := w.code(); code != nil {
		side := min(a.h, 0.64*p.size.Height, (a.w-3*p.rem)*0.47)
		left.w -= side + 3*p.rem
		p.add(code, wallArea{a.x + a.w - side, a.y + (a.h-side)/2, side, side})
	}
	scale := wallLargest(wallWaysSize, 1, func(scale float32) bool {
		parts, unbroken := w.ways(p, scale, left)
		return unbroken && wallStacked(parts, wallWaysGap*scale*p.rem) <= left.h
	})
	parts, _ := w.ways(p, scale, left)
	if wallStacked(parts, wallWaysGap*scale*p.rem) > left.h {
		parts = parts[p.turn(len(parts)):][:1]
	}
	wallDrawStack(parts, wallWaysGap*scale*p.rem, left)
}

// twoCodes draws the QR code of the Wi-Fi above the one to join, each with the number of its
// step, and gives how wide they are.
func (w *Wall) twoCodes(p *wallPen, a wallArea, own *canvas.Image) float32 {
	ring, gap := wallRingSize*p.rem, 2*p.rem
	codes := []*canvas.Image{own}
	if code := w.code(); code != nil {
		codes = append(codes, code)
	}
	n := float32(len(codes))
	side := min((a.h-(n-1)*gap)/n, 0.64*p.size.Height, (a.w-3*p.rem)*0.47-ring-gap)
	y := a.y + (a.h-n*side-(n-1)*gap)/2
	for i, code := range codes {
		x := a.x + a.w - side
		p.ring(i+1, 1, wallArea{x - gap - ring, y + (side-ring)/2, ring, ring})
		p.add(code, wallArea{x, y, side, side})
		y += side + gap
	}
	return side + gap + ring
}

// ownCode gives the QR code of the Wi-Fi that was opened for the room, nil where none was.
func (w *Wall) ownCode() *canvas.Image {
	link := w.sheet.Own.WifiLink()
	if link == "" {
		return nil
	}
	if w.own == nil || w.ownLink != link {
		w.own, w.ownLink = look.NewQR(link, 0), link
	}
	return w.own
}

// wallWaysRoom is how high a step may be, in rems, where it does not fit at any size.
const wallWaysRoom = 9

// ways gives the two steps at a size in rems, and whether no word is broken.
func (w *Wall) ways(p *wallPen, scale float32, a wallArea) (parts []wallPart, unbroken bool) {
	ring := wallRingSize * scale * p.rem
	text := wallArea{a.x + ring + wallRingGap*scale*p.rem, a.y, a.w - ring - wallRingGap*scale*p.rem, a.h}
	unbroken = true
	value := func(b *wallBlock, value string) {
		said, size := wallSaid{text: value}, wallValueSize*scale
		unbroken = unbroken && p.unbroken(said, size, text.w, wallInk{bold: true})
		b.under(p.set(said, size, text.w, wallInk{bold: true}), 0)
	}
	wifi := p.set(p.say("wall.wifi_here"), scale, text.w, wallInk{})
	if w.sheet.Wifi != "" {
		wifi = p.set(p.say("wall.wifi"), scale, text.w, wallInk{})
		value(&wifi, w.sheet.Wifi)
	}
	scan := p.set(p.say("wall.scan"), scale, text.w, wallInk{})
	if w.sheet.Badges {
		scan = p.set(p.say("wall.badge_scan"), scale, text.w, wallInk{})
		scan.under(p.set(p.say("wall.badge_type"), scale, text.w, wallInk{}), 0)
	}
	for _, address := range w.addresses() {
		value(&scan, address)
	}
	if w.sheet.Code != "" && !w.sheet.Badges {
		scan.under(p.set(p.say("wall.code"), scale, text.w, wallInk{}), wallCodeAbove*scale*p.rem)
		code := p.set(wallSaid{text: wallSpacedCode(w.sheet.Code)}, wallCodeSize*scale, text.w, wallInk{bold: true})
		unbroken = unbroken && len(code.lines) == 1
		scan.under(code, 0)
	}
	for i, b := range []wallBlock{wifi, scan} {
		if scale == 1 && b.height > wallWaysRoom*p.rem && i == 0 {
			b = p.turning(b, wallWaysRoom*p.rem)
		}
		parts = append(parts, wallPart{max(ring, b.height), func(y float32) {
			line := b.lines[0].height
			p.ring(i+1, scale, wallArea{a.x, y + max(0, (line-ring)/2), ring, ring})
			p.put(b, fyne.TextAlignLeading, wallArea{text.x, y + max(0, (ring-line)/2), text.w, b.height})
		}})
	}
	return parts, unbroken
}

// ring draws a number in a circle; its text has a size in rems.
func (p *wallPen) ring(number int, size float32, a wallArea) {
	circle := canvas.NewCircle(nil)
	circle.StrokeColor, circle.StrokeWidth = p.style.Colour(look.Ink), max(0.75, 0.09*size*p.rem)
	p.add(circle, a)
	digit := p.set(wallSaid{text: strconv.Itoa(number)}, size, a.w, wallInk{})
	p.put(digit, fyne.TextAlignCenter, wallArea{a.x, a.y + (a.h-digit.height)/2, a.w, digit.height})
}

// wallCornerWidth is the width of the corner in rems, cornerCode that of its QR code.
const (
	wallCornerWidth = 15
	wallCornerCode  = 13.8
)

// corner draws, beside the map, how to take part for those who come late.
func (w *Wall) corner(p *wallPen, a wallArea) {
	const gap, leastCode = 0.4, 9
	side := float32(wallCornerCode)
	fits := func(size float32) bool {
		first, second, unbroken := w.cornerParts(p, size, side, a)
		return unbroken && wallStacked(append(first, second...), gap*p.rem) <= a.h
	}
	size := wallLargest(1.33, 1, fits)
	for side > leastCode && !fits(size) {
		side -= 0.5
	}
	first, second, _ := w.cornerParts(p, size, side, a)
	parts := append(first[:len(first):len(first)], second...)
	if wallStacked(parts, gap*p.rem) > a.h {
		parts = [][]wallPart{first, second}[p.turn(2)]
	}
	wallDrawStack(parts, gap*p.rem, a)
}

// cornerParts gives the parts of the two steps at a size of text and a side of the QR
// code, both in rems, and whether no word is broken.
func (w *Wall) cornerParts(p *wallPen, size, side float32, a wallArea) (first, second []wallPart, unbroken bool) {
	const wifiRoom, addressRoom = 9, 5
	unbroken = true
	part := func(text string, size, room float32, ink wallInk) wallPart {
		said := wallSaid{text: text}
		unbroken = unbroken && p.unbroken(said, size, a.w, ink)
		b := p.set(said, size, a.w, ink)
		if size == 1 {
			b = p.turning(b, room*p.rem)
		}
		return p.block(b, fyne.TextAlignCenter, a)
	}
	if w.sheet.Wifi == "" {
		first = append(first, p.numberedPart(1, p.say("wall.wifi_here"), size, a))
	} else {
		first = append(first, p.numberedPart(1, p.say("wall.wifi"), size, a), part(w.sheet.Wifi, size, wifiRoom, wallInk{bold: true}))
	}
	if code := w.code(); code != nil {
		side *= p.rem
		second = append(second, p.numberedPart(2, p.say("wall.scan_short"), size, a),
			wallPart{side, func(y float32) { p.add(code, wallArea{a.x + (a.w-side)/2, y, side, side}) }})
	}
	if w.sheet.Badges {
		second = append(second, p.numberedPart(2, p.say("wall.badge_scan"), size, a))
	}
	if addresses := w.addresses(); len(addresses) > 0 {
		second = append(second, part(addresses[0], size, addressRoom, wallInk{}))
	}
	if w.sheet.Badges {
		return first, second, unbroken
	}
	return first, append(second, part(wallSpacedCode(w.sheet.Code), 2.1, 0, wallInk{bold: true})), unbroken
}

// numberedPart gives a short text with its number before it.
func (p *wallPen) numberedPart(number int, s wallSaid, size float32, a wallArea) wallPart {
	ring, gap := wallRingSize*size*p.rem, 0.4*size*p.rem
	b := p.set(s, size, a.w-ring-gap, wallInk{})
	height := max(ring, b.height)
	return wallPart{height, func(y float32) {
		x := a.x + (a.w-ring-gap-b.width)/2
		p.ring(number, size, wallArea{x, y + (height-ring)/2, ring, ring})
		p.put(b, fyne.TextAlignLeading, wallArea{x + ring + gap, y + (height-b.height)/2, b.width, b.height})
	}}
}

// code gives the QR code of the link to join, nil where there is none, or each badge
// has its own.
func (w *Wall) code() *canvas.Image {
	link := w.sheet.Venue.JoinLink
	if link == "" || w.sheet.Badges {
		return nil
	}
	if w.qr == nil || w.qrLink != link {
		w.qr, w.qrLink = look.NewQR(link, 0), link
	}
	return w.qr
}

// addresses gives the first two addresses as one types them: without their beginning,
// and without port 80.
func (w *Wall) addresses() []string {
	var typed []string
	for _, address := range w.sheet.Venue.Addresses[:min(2, len(w.sheet.Venue.Addresses))] {
		typed = append(typed, strings.TrimRight(strings.TrimSuffix(strings.TrimPrefix(strings.TrimRight(address, "/"), "http://"), ":80"), "/"))
	}
	return typed
}

var wallSixDigits = regexp.MustCompile(`^(\d{3})(\d{3})$`)

// wallSpacedCode gives six digits in two threes.
func wallSpacedCode(code string) string { return wallSixDigits.ReplaceAllString(code, "$1 $2") }
