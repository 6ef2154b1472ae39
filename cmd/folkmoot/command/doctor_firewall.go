package command

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"time"
)

// firewallFacts is what can be known of a firewall without being asked for a password.
type firewallFacts struct {
	system    string // as runtime.GOOS
	ufw       bool   // it is switched on
	ufwRules  string // "" where they cannot be read
	firewalld bool   // it runs
	rules     string // of nft and iptables, "" where they cannot be read
	read      bool   // they could be read
	none      bool   // neither of the two is installed
	mac       string // what macOS says of its own
}

// firewallPatience is how long one question to the system may take.
const firewallPatience = 2 * time.Second

// askFirewall asks the system. It changes nothing and asks for no password.
func askFirewall(ctx context.Context) firewallFacts {
	f := firewallFacts{system: runtime.GOOS}
	ask := func(name string, args ...string) (string, bool) {
		ctx, stop := context.WithTimeout(ctx, firewallPatience)
		defer stop()
		out, err := exec.CommandContext(ctx, name, args...).Output()
		return string(out), err == nil
	}
	switch f.system {
	case "linux":
		conf, _ := os.ReadFile("/etc/ufw/ufw.conf")
		f.ufw = strings.Contains(strings.ToLower(string(conf)), "\nenabled=yes")
		rules, _ := os.ReadFile("/etc/ufw/user.rules")
		f.ufwRules = string(rules)
		_, err := os.Stat("/run/firewalld")
		f.firewalld = err == nil
		f.none = true
		for _, question := range [][]string{{"nft", "list", "ruleset"}, {"iptables", "-S"}} {
			tool := systemTool(question[0])
			f.none = f.none && tool == ""
			if tool == "" {
				continue
			}
			if out, ok := ask(tool, question[1:]...); ok {
				f.rules, f.read = f.rules+out, true
			}
		}
	case "darwin":
		f.mac, _ = ask("/usr/libexec/ApplicationFirewall/socketfilterfw", "--getglobalstate")
	}
	return f
}

// systemTool gives where a tool of the administrator lies, also where that is in nobody
// else's path; "" where it is not installed.
func systemTool(name string) string {
	for _, at := range []string{name, "/usr/sbin/" + name, "/sbin/" + name} {
		if path, err := exec.LookPath(at); err == nil {
			return path
		}
	}
	return ""
}

// check says whether a firewall may keep phones and tablets out. A connection of this
// computer to itself passes by it, and proves nothing.
func (f firewallFacts) check(web, peers string) check {
	allow := func(command string) string {
		return fmt.Sprintf(command, web, peers)
	}
	switch {
	case f.system == "windows":
		return check{"firewall", "warning", "not looked at: Windows asks at the first start whether Folkmoot may be reached",
			allow("allow it on private networks, and make the Wi-Fi a private one; if you said no: netsh advfirewall firewall add rule name=Folkmoot dir=in action=allow protocol=TCP localport=%s,%s")}
	case f.system == "darwin" && strings.Contains(f.mac, "disabled"):
		return check{"firewall", "good", "the firewall of macOS is off", ""}
	case f.system == "darwin":
		return check{"firewall", "warning", "the firewall of macOS is on, or says nothing", "System Settings, Network, Firewall, Options: let Folkmoot take incoming connections"}
	case f.firewalld:
		return check{"firewall", "warning", "firewalld runs; which ports it lets in was not asked", allow("sudo firewall-cmd --add-service=mdns --add-port=%s/tcp --add-port=%s/tcp")}
	case f.ufw && strings.Contains(f.ufwRules, "--dport "+web+" -j ACCEPT") && strings.Contains(f.ufwRules, "--dport "+peers+" -j ACCEPT"):
		return check{"firewall", "good", "ufw is on, and lets in ports " + web + " and " + peers, ""}
	case f.ufw:
		return check{"firewall", "warning", "ufw is on, and is not known to let in ports " + web + " and " + peers, allow("sudo ufw allow %s/tcp; sudo ufw allow %s/tcp; sudo ufw allow 5353/udp")}
	case f.read && dropsInput(f.rules):
		return check{"firewall", "warning", "a rule of nft or iptables drops what comes in", allow("let in TCP ports %s and %s, and UDP port 5353")}
	case f.read:
		return check{"firewall", "good", "no rule of nft or iptables drops what comes in (looked at the rules; ufw and firewalld are off)", ""}
	case f.none:
		return check{"firewall", "good", "no firewall was found (looked for nft, iptables, ufw and firewalld)", ""}
	}
	return check{"firewall", "warning", "ufw and firewalld are off; rules of nft and iptables can be read by the administrator only", "run: sudo folkmoot doctor; or try with a phone: folkmoot doctor --phone"}
}

// dropsInput says whether rules of nft or iptables turn away anything that comes in.
func dropsInput(rules string) bool {
	input := false // within a chain of nft that what comes in goes through
	for line := range strings.Lines(rules) {
		line = strings.TrimSpace(line)
		turned := strings.Contains(line, "drop") || strings.Contains(line, "reject")
		switch {
		case strings.HasPrefix(line, "-P INPUT"):
			if !strings.HasSuffix(line, "ACCEPT") {
				return true
			}
		case strings.HasPrefix(line, "-A INPUT"):
			if strings.Contains(line, "-j DROP") || strings.Contains(line, "-j REJECT") {
				return true
			}
		case strings.HasPrefix(line, "chain "):
			input = false
		case strings.Contains(line, "hook input"):
			input = true
			if strings.Contains(line, "policy drop") {
				return true
			}
		case input && turned && !strings.Contains(line, "ct state invalid"):
			return true
		}
	}
	return false
}
