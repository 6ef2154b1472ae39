package command

import (
	"time"

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

// working shows on a terminal that something goes on whose length is not known,
// until the given stop is called.
func (a *app) working(what string) (stop func()) {
	if !a.Progress {
		return func() {}
	}
	spinner := progressbar.NewOptions(-1, progressbar.OptionSetWriter(a.Err), progressbar.OptionSetDescription(what),
		progressbar.OptionSpinnerType(14), progressbar.OptionClearOnFinish(), progressbar.OptionSetElapsedTime(true))
	ended, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		tick := time.NewTicker(100 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				spinner.Add(1)
			case <-ended:
				spinner.Finish()
				return
			}
		}
	}()
	return func() { close(ended); <-done }
}
