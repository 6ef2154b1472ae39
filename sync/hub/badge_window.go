package hub

import (
	"slices"

	"folkmoot/sync/badge"
	"folkmoot/sync/oplog"
)

// newcomer is a token that signed with a badge and is in no record yet. Only who has the
// badge can make one, so it is only their own that their next one displaces.
type newcomer struct {
	token  oplog.Hash
	window *badge.Window
}

// maxComing is how many newcomers a badge has.
const maxComing = 4

// take uses a token's counter, which signed with badge n, and gives the largest that was
// used. Only calls that were signed come here: strangers make no windows.
func (b *badges) take(token oplog.Hash, n int, recorded bool, counter uint64) (top uint64, ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	w := b.window(token, n, recorded)
	ok = b.checks.fresh(w, counter)
	return w.Top(), ok
}

// settle keeps the window of a token that has come into the record.
func (b *badges) settle(token oplog.Hash, n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.window(token, n, true)
}

func (b *badges) window(token oplog.Hash, n int, recorded bool) *badge.Window {
	if w := b.windows[token]; w != nil {
		return w
	}
	at := slices.IndexFunc(b.coming[n], func(c newcomer) bool { return c.token == token })
	w := &badge.Window{}
	if at >= 0 {
		w = b.coming[n][at].window
	}
	switch {
	case recorded:
		b.windows[token] = w
		if at >= 0 {
			b.coming[n] = slices.Delete(b.coming[n], at, at+1)
		}
	case at < 0:
		b.coming[n] = append(b.coming[n], newcomer{token, w})
		b.coming[n] = slices.Delete(b.coming[n], 0, max(len(b.coming[n])-maxComing, 0))
	}
	return w
}
