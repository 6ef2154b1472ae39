package command

import (
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/image/font/sfnt"

	"folkmoot/app/readmodel"
	"folkmoot/assets/font"
	"folkmoot/assets/words"
)

// checkPeers looks whether other devices can come in at their usual port; ours are those at
// which sessions that are open here are reached already, with their titles.
func checkPeers(port int, ours map[int]string) check {
	if title, open := ours[port]; open {
		return check{"devices", "good", fmt.Sprintf("tablets and other laptops come in at port %d, to the session %q, which is open", port, title), ""}
	}
	for free := port; free < port+10; free++ {
		listener, err := net.Listen("tcp", ":"+strconv.Itoa(free))
		if err != nil {
			continue
		}
		listener.Close()
		if free == port {
			return check{"devices", "good", fmt.Sprintf("port %d is free for tablets and other laptops", port), ""}
		}
		return check{"devices", "good", fmt.Sprintf("port %d is taken, so tablets and other laptops come in at %d", port, free), "there is nothing to do: they find that out by themselves"}
	}
	return check{"devices", "warning", fmt.Sprintf("ports %d to %d are taken, so tablets and other laptops cannot come in", port, port+9), "close what holds them, or choose another: serve --peers :9443"}
}

// checkFonts looks whether the typeface that is built in draws both languages.
func checkFonts() check {
	sample := words.Text("zh-Hant", "host.question_private", nil) + words.Text("en", "host.question_private", nil) + "✓"
	for name, data := range map[string][]byte{"regular": font.Regular, "bold": font.Bold} {
		face, err := sfnt.Parse(data)
		if err != nil {
			return check{"fonts", "bad", fmt.Sprintf("the built-in typeface (%s) cannot be read: %v", name, err), "install Folkmoot again: its file is damaged"}
		}
		var buffer sfnt.Buffer
		for _, r := range sample {
			if at, err := face.GlyphIndex(&buffer, r); err != nil || at == 0 {
				return check{"fonts", "bad", fmt.Sprintf("the built-in typeface (%s) has no %q", name, r), "install Folkmoot again: its file is damaged"}
			}
		}
	}
	return check{"fonts", "good", "Traditional Chinese and Latin are built in: nothing has to be installed", ""}
}

// wouldReach gives the addresses at which phones would reach a hub that listens as it is
// told; none for an address that is none.
func wouldReach(listen string) []string {
	addr, err := net.ResolveTCPAddr("tcp", listen)
	if err != nil {
		return nil
	}
	if addr.IP == nil { // every one of this computer
		addr.IP = net.IPv6unspecified
	}
	return reachable(addr)
}

// checkWays lists the ways to join that there are here, in the order in which they are
// tried, with the addresses. An address of this computer alone is none for phones.
func checkWays(addresses []string, name string) check {
	v := readmodel.Venue{Addresses: addresses, NameAddress: name, NameLink: name}
	kinds := map[readmodel.Rung]string{readmodel.RungQR: "QR code", readmodel.RungTyped: "typed", readmodel.RungName: "name", readmodel.RungAdapter: "next address",
		readmodel.RungRouter: "own Wi-Fi (pocket router or hotspot)", readmodel.RungTablets: "shared tablets", readmodel.RungPaper: "paper"}
	var ways []string
	alone := len(addresses) == 0 || !slices.ContainsFunc(addresses, func(a string) bool { return !thisOnly(a) })
	for l := (readmodel.Ladder{}); ; {
		j, on := l.Joining(0, v)
		if !alone || j.Rung > readmodel.RungAdapter {
			way := fmt.Sprintf("%d %s", len(ways)+1, kinds[j.Rung])
			if j.Rung <= readmodel.RungAdapter && len(on.Addresses) > 0 {
				way += " " + strings.TrimPrefix(on.Addresses[0], "http://")
			}
			ways = append(ways, way)
		}
		if !j.Next {
			break
		}
		l = l.Step(1, v)
	}
	if alone {
		return check{"joining", "warning", "no phone can join over this network; what is left: " + strings.Join(ways, "; "), "join a Wi-Fi, or open one with this computer or a pocket router"}
	}
	return check{"joining", "good", strings.Join(ways, "; "), "where no phone gets through within a minute, take the next"}
}

// thisOnly says whether an address leads to this computer alone.
func thisOnly(base string) bool {
	host, _, err := net.SplitHostPort(strings.TrimPrefix(base, "http://"))
	ip, _ := netip.ParseAddr(host)
	return err == nil && (host == "localhost" || ip.IsLoopback())
}
