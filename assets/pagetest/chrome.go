package pagetest

import (
	"errors"
	"fmt"
	"os"
	"os/exec"

	"github.com/go-rod/rod"
	"github.com/go-rod/rod/lib/launcher"
	"github.com/go-rod/rod/lib/launcher/flags"
)

// chrome finds a Chromium or Chrome: FOLKMOOT_CHROME, else by its usual names.
func chrome() (string, error) {
	if path := os.Getenv("FOLKMOOT_CHROME"); path != "" {
		return path, nil
	}
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errors.New("no Chromium or Chrome: apt-get install chromium, or name one in FOLKMOOT_CHROME")
}

// StartBrowser starts a headless browser with an empty profile. stop ends it and
// removes the profile; it is never nil.
func StartBrowser() (browser *rod.Browser, stop func(), err error) {
	stop = func() {}
	bin, err := chrome()
	if err != nil {
		return nil, stop, err
	}
	folder, err := os.MkdirTemp("", "folkmoot-browser")
	if err != nil {
		return nil, stop, err
	}
	run := launcher.New().Bin(bin).Leakless(false).NoSandbox(true).HeadlessNew(true).UserDataDir(folder)
	for _, name := range []string{"disable-gpu", "disable-quic", "no-first-run", "disable-background-networking", "disable-component-update", "disable-sync"} {
		run.Set(flags.Flag(name))
	}
	address, err := run.Launch()
	if err != nil {
		os.RemoveAll(folder)
		return nil, stop, fmt.Errorf("start %s: %w", bin, err)
	}
	browser = rod.New().ControlURL(address)
	stop = func() {
		browser.Close()
		run.Kill()
		run.Cleanup()
		os.RemoveAll(folder)
	}
	return browser, stop, browser.Connect()
}
