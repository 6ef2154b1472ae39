package command

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/spf13/cobra"

	"folkmoot/app/readmodel"
	"folkmoot/app/report"
	"folkmoot/sync/badge"
	"folkmoot/sync/hub"
	"folkmoot/sync/moot"
	"folkmoot/sync/store"
)

// badgeKey gives what a hub asks for the session's badge key with. It is read, and made
// where there is none, once: every call of a phone asks.
func badgeKey(path string) func() (badge.Key, error) {
	var mu sync.Mutex
	var key badge.Key
	known := false
	return func() (badge.Key, error) {
		mu.Lock()
		defer mu.Unlock()
		if known {
			return key, nil
		}
		var err error
		key, err = store.BadgeKey(path, rand.Reader)
		known = err == nil
		return key, err
	}
}

type badgeOptions struct {
	count, from int
	to, address string
}

func (a *app) sessionBadges() *cobra.Command {
	var o badgeOptions
	c := &cobra.Command{Use: "badges ID --to FILE.html", Short: "Print badges: from then on only who has one can join", Args: exactly(1, "the id of a session"),
		Long: "Writes badges to print and cut, and switches the session to badges: from then on joining takes one, and counts are of people.\n" +
			"Who scans a badge is protected against those who listen on the Wi-Fi; who types its ten characters is not, as in open mode.\n" +
			"The QR code leads to one address. Print at the place, or name the address that the hub will have there; the ten characters do at any.\n" +
			"The same number always gives the same badge, so one that was lost on paper can be printed again.",
		RunE: func(c *cobra.Command, args []string) error { return a.printBadges(c.Context(), args[0], o) }}
	f := c.Flags()
	f.IntVar(&o.count, "count", 30, "how many")
	f.IntVar(&o.from, "from", 1, "number of the first; the same number is the same badge")
	f.StringVar(&o.to, "to", "", "file to write, HTML")
	f.StringVar(&o.address, "address", "", "address of the hub, as in http://192.168.1.5:8080 (default: this computer's, port 8080)")
	return c
}

func (a *app) sessionBadgeVoid() *cobra.Command {
	return &cobra.Command{Use: "badge-void ID N", Short: "Void a badge that was lost: nobody joins or answers with it any more; what was answered stays",
		Args: exactly(2, "the id of a session and the number of a badge"),
		RunE: func(c *cobra.Command, args []string) error {
			n, err := strconv.Atoi(args[1])
			if err != nil || n < 1 || n > badge.MaxNumber {
				return usage(fmt.Sprintf("badges have numbers from 1 to %d, not %.40q", badge.MaxNumber, args[1]))
			}
			return a.leading(c.Context(), args[0], func(s opened) error { return a.voidBadge(c.Context(), s, n) })
		}}
}

func (a *app) voidBadge(ctx context.Context, s opened, n int) error {
	if s.View().BadgeVoided(n) {
		a.say("Badge %d was voided before.", n)
		return nil
	}
	if err := refusals(s.Do(ctx, item(&moot.VoidBadge{Number: n, At: nowMS()}))); err != nil {
		return err
	}
	a.say("Badge %d is void: nobody joins or answers with it any more. What was answered with it stays. Give its holder a badge with another number.", n)
	return nil
}

func (a *app) printBadges(ctx context.Context, beginning string, o badgeOptions) error {
	switch {
	case o.to == "":
		return usage("say where to: --to FILE.html")
	case o.count < 1 || o.count > readmodel.MostBadges:
		return usage(fmt.Sprintf("--count is from 1 to %d, not %d", readmodel.MostBadges, o.count))
	case o.from < 1 || o.from > badge.MaxNumber:
		return usage(fmt.Sprintf("--from is from 1 to %d, not %d", badge.MaxNumber, o.from))
	}
	if o.address == "" {
		o.address = reachable(&net.TCPAddr{IP: net.IPv6zero, Port: 8080})[0]
		if strings.HasPrefix(o.address, "http://127.") { // no phone gets there
			return &problem{why: "this computer is in no network, so the QR codes would lead nowhere", try: "name the address that the hub will have: --address http://192.168.1.5:8080"}
		}
	}
	address, err := baseAddress(o.address)
	if err != nil {
		return err
	}
	o.address = address
	return a.leading(ctx, beginning, func(s opened) error { return a.badgesOf(ctx, s, o) })
}

// baseAddress checks an address that a QR code is to lead to. The hub answers to
// addresses in digits and .local names only.
func baseAddress(text string) (string, error) {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "http" || u.Hostname() == "" || u.User != nil || strings.TrimSuffix(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
		return "", usage(fmt.Sprintf("%.80q is no address of a hub: give it as in http://192.168.1.5:8080", text))
	}
	if _, err := netip.ParseAddr(u.Hostname()); err != nil && u.Hostname() != "localhost" && !strings.HasSuffix(strings.ToLower(u.Hostname()), ".local") {
		return "", usage(fmt.Sprintf("a hub answers to numbers and .local names only, not to %.80q", u.Hostname()))
	}
	return "http://" + u.Host, nil
}

// badgesOf prints badges and says what was done.
func (a *app) badgesOf(ctx context.Context, s opened, o badgeOptions) error {
	was := s.View()
	numbers, left, err := a.makeBadges(ctx, s, o)
	if err == nil {
		a.sayBadges(was, numbers, left, o)
	}
	return err
}

// makeBadges writes the file and then switches the session to badges: one that takes
// badges which nobody has would let nobody in.
func (a *app) makeBadges(ctx context.Context, s actor, o badgeOptions) (numbers, left []int, err error) {
	path, err := a.path(s.View().Session.ID)
	if err != nil {
		return nil, nil, err
	}
	key, err := store.BadgeKey(path, rand.Reader)
	if err != nil {
		return nil, nil, &problem{why: "the session's key file cannot be read or written", try: "see that " + strings.TrimSuffix(path, ".folkmoot") + ".key is there and can be written to", cause: err}
	}
	if numbers, left, err = badgeNumbers(s.View(), key, o.from, o.count); err != nil {
		return nil, nil, err
	}
	sheet, err := newBadges(s.View(), key, numbers, o.address)
	if err != nil {
		return nil, nil, err
	}
	if err := writeWhole("the file", o.to, 0o600, func(w io.Writer) error { return report.WriteBadges(w, sheet) }); err != nil {
		return nil, nil, err
	}
	items, err := readmodel.Badges(s.View(), true, rand.Reader)
	if err == nil && len(items) > 0 {
		err = refusals(s.Do(ctx, items...))
	}
	return numbers, left, err
}

func (a *app) sayBadges(was *moot.View, numbers, left []int, o badgeOptions) {
	a.say("Wrote %s, numbers %d to %d, to %s.", counted(len(numbers), "badge", "badges"), numbers[0], numbers[len(numbers)-1], o.to)
	for _, n := range left {
		a.say("Badge %d was voided and is not among them.", n)
	}
	a.say("Their QR codes lead to %s. Where the hub has another address on the day, print them again with --address.", o.address)
	a.say("Who has the file can answer as anybody in it: print it, then delete it.")
	if was.Session.On(moot.Badges) {
		return
	}
	a.say("From now on joining takes a badge. Back to the six digits: session badges-off %s", was.Session.ID.String()[:8])
	if n := was.Here(); n > 0 {
		a.say("%s in without one and may stay.", counted(n, "device is", "devices are"))
	}
}

// badgeNumbers is readmodel.BadgeNumbers with sentences for people.
func badgeNumbers(view *moot.View, key badge.Key, from, count int) (numbers, left []int, err error) {
	holds := func(id moot.ParticipantID, n int) bool { return n >= 1 && n <= badge.MaxNumber && id == key.PID(n) }
	numbers, left, err = readmodel.BadgeNumbers(view, holds, from, count)
	var taken *readmodel.BadgeTaken
	switch {
	case errors.As(err, &taken):
		err = &problem{why: taken.Error(), try: fmt.Sprintf("begin above: --from %d", taken.Above), cause: err}
	case errors.Is(err, readmodel.ErrBadgesEnd):
		err = &problem{why: err.Error(), try: fmt.Sprintf("they end at %d: print fewer, or begin lower", badge.MaxNumber), cause: err}
	}
	return numbers, left, err
}

// newBadges gives the sheet of some numbers.
func newBadges(view *moot.View, key badge.Key, numbers []int, address string) (report.Badges, error) {
	session := view.Session
	b := report.Badges{Title: map[string]string{}, Languages: slices.Clone(session.Languages()), Address: address}
	for _, lang := range b.Languages {
		b.Title[lang] = session.Text(moot.Title, lang)
	}
	if i := slices.Index(b.Languages, session.Language()); i > 0 { // the room's first
		b.Languages[0], b.Languages[i] = b.Languages[i], b.Languages[0]
	}
	for _, n := range numbers {
		code, err := key.Issue(n)
		if err != nil {
			return b, err
		}
		fragment, err := key.Fragment(n)
		if err != nil {
			return b, err
		}
		b.Badges = append(b.Badges, report.Badge{Number: n, Code: code.Print(), Link: hub.JoinLink(address, session.Get(moot.JoinCode)) + "#" + fragment})
	}
	return b, nil
}

// sessionBadgesOff goes back to open mode. The badge key stays: who joined with a badge
// goes on signing.
func (a *app) sessionBadgesOff() *cobra.Command {
	return &cobra.Command{Use: "badges-off ID", Short: "Let people in by the six digits again; badges are no longer asked for", Args: exactly(1, "the id of a session"),
		RunE: func(c *cobra.Command, args []string) error {
			return a.leading(c.Context(), args[0], func(s opened) error {
				items, err := readmodel.Badges(s.View(), false, rand.Reader)
				if err == nil && len(items) == 0 {
					a.say("The session takes the six digits already.")
					return nil
				}
				if err == nil {
					err = refusals(s.Do(c.Context(), items...))
				}
				if err != nil {
					return err
				}
				a.say("The six digits let people in again. Who joined with a badge stays in.")
				return nil
			})
		}}
}
