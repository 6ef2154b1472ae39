package command

import (
	"github.com/schollz/progressbar/v3"
)

// bar shows how far a long task is, on a terminal; elsewhere it shows nothing.
type bar struct{ inner *progressbar.ProgressBar }

func (a *app) progress(what string, total int) *bar {
	if !a.Progress {
		return &bar{}
	}
	return &bar{progressbar.NewOptions(total, progressbar.OptionSetWriter(a.Err), progressbar.OptionSetDescription(what),
		progressbar.OptionShowCount(), progressbar.OptionSetWidth(30), progressbar.OptionClearOnFinish(), progressbar.OptionThrottle(65e6))}
}

func (b *bar) add(n int) {
	if b.inner != nil {
		b.inner.Add(n)
	}
}

func (b *bar) set(n int) {
	if b.inner != nil {
		b.inner.Set(n)
	}
}

func (b *bar) done() {
	if b.inner != nil {
		b.inner.Finish()
	}
}
