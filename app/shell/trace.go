package shell

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"time"

	"fyne.io/fyne/v2"

	"folkmoot/app/look"
)

// traceEvery is how often the file of Options.Trace is looked after.
const traceEvery = 100 * time.Millisecond

// trace keeps the file of Options.Trace up to date until ctx ends.
func (s *Shell) trace(ctx context.Context) {
	ticker := time.NewTicker(traceEvery)
	defer ticker.Stop()
	var written []byte
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		seen := make(chan []look.Sight, 1)
		s.later(func() { seen <- look.Sights(s.windows()) })
		select {
		case <-ctx.Done():
			return
		case sights := <-seen:
			data, err := json.Marshal(sights)
			if err == nil && !bytes.Equal(data, written) && replaceFile(s.options.Trace, data) == nil {
				written = data
			}
		}
	}
}

func (s *Shell) windows() []fyne.Window {
	windows := []fyne.Window{s.window}
	if s.wall != nil {
		windows = append(windows, s.wall.window)
	}
	return windows
}

// replaceFile writes a file that nobody ever reads half of.
func replaceFile(path string, data []byte) error {
	if err := os.WriteFile(path+".part", data, 0o600); err != nil {
		return err
	}
	return os.Rename(path+".part", path)
}
