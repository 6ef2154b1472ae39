package command

import (
	"context"
	"crypto/rand"
	"slices"
	"strings"
	"time"

	"folkmoot/app/readmodel"
	"folkmoot/sync/moot"
)

// maxHubs is how many addresses of its hubs a session remembers; the oldest go first.
const maxHubs = 64

// hubsOf gives the base addresses at which hubs of a session were ever reached, the
// oldest first.
func hubsOf(view *moot.View) []string {
	list := view.Session.Get(moot.Hubs)
	if list == "" {
		return nil
	}
	return strings.Split(list, ",")
}

// withHubs gives the list with the addresses that it lacks, maxHubs at most.
func withHubs(known, now []string) []string {
	list := slices.Clone(known)
	for _, address := range now {
		if !slices.Contains(list, address) && !strings.Contains(address, ",") {
			list = append(list, address)
		}
	}
	return list[max(0, len(list)-maxHubs):]
}

// noteHubs writes the addresses of this hub into the record where they are not there
// yet: a page that was opened at one of them may bring its outbox to the session's hub
// at another, after a restart too.
func noteHubs(ctx context.Context, session opened, addresses []string) error {
	view := session.View()
	known := hubsOf(view)
	list := withHubs(known, addresses)
	if slices.Equal(list, known) {
		return nil
	}
	items, err := readmodel.SetField(view, moot.Hubs, strings.Join(list, ","), rand.Reader)
	if err != nil {
		return err
	}
	return refusals(session.Do(ctx, items...))
}

// hubWatch notes the addresses that a hub gets while it runs.
type hubWatch struct {
	session   opened
	addresses func() []string
	failed    func(error)
	// fetching says that the session is not here whole yet: what is written into it now would
	// stand against what comes. Nil where it always is.
	fetching func() *readmodel.Fetching
	said     string // the error that was reported last
}

// look notes what is there now. What goes wrong is reported once: the next look tries again.
func (w *hubWatch) look(ctx context.Context) {
	if w.fetching != nil {
		if f := w.fetching(); f != nil && !f.CanGoOn() {
			return
		}
	}
	err := noteHubs(ctx, w.session, w.addresses())
	if err != nil && ctx.Err() == nil && err.Error() != w.said {
		w.said = err.Error()
		w.failed(err)
	}
}

// run looks every three seconds until ctx ends.
func (w *hubWatch) run(ctx context.Context) {
	again := time.NewTicker(3 * time.Second)
	defer again.Stop()
	for {
		select {
		case <-again.C:
			w.look(ctx)
		case <-ctx.Done():
			return
		}
	}
}
