package storm

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"folkmoot/sync/nettest"
	"folkmoot/sync/oplog"
	"folkmoot/sync/store"
)

// Program is a laptop that runs the real program. One caller at a time.
type Program struct {
	name    string
	path    string // of folkmootd
	folder  string
	session oplog.SessionID
	host    *nettest.Host
	other   *Program
	begin   []string // how it starts the first time, and
	again   []string // after that
	started bool
	cmd     *exec.Cmd
	in      io.WriteCloser
	said    *tail
	over    chan struct{} // closed when it has said its last word
	began   time.Time
	found   map[string]time.Time
}

// Name gives its name, Web where it answers phones, Said what it wrote on standard error.
func (p *Program) Name() string { return p.name }
func (p *Program) Web() string  { return fmt.Sprintf("http://%s:%d", p.host.Addr(), WebPort) }
func (p *Program) Said() string { return p.said.String() }

// readyWord begins the line by which the program says that it answers.
const readyWord = "Voting is "

// launch starts the program; ready is closed when it answers, and over when it has ended.
func (p *Program) launch() (ready <-chan struct{}, err error) {
	args := p.begin
	if p.started {
		args = p.again
	}
	p.started, p.began, p.found = true, time.Now(), map[string]time.Time{}
	p.cmd = p.host.Command(p.path, append([]string{"--data", p.folder}, args...)...)
	p.said, p.over = &tail{}, make(chan struct{})
	p.cmd.Stderr = p.said
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if p.in, err = p.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	if err := p.cmd.Start(); err != nil {
		return nil, fmt.Errorf("storm: start %s: %w", p.name, err)
	}
	answers, over := make(chan struct{}), p.over
	go func() {
		defer close(over)
		told := false
		for lines := bufio.NewScanner(out); lines.Scan(); {
			if !told && strings.HasPrefix(lines.Text(), readyWord) {
				told = true
				close(answers)
			}
		}
	}()
	return answers, nil
}

// Began gives when the program was started, Found when another device was first seen to be
// in reach.
func (p *Program) Began() time.Time { return p.began }

func (p *Program) Found(name string) (time.Time, bool) {
	if at, ok := p.found[name]; ok {
		return at, true
	}
	_, all, err := p.devices()
	for _, d := range all {
		if _, known := p.found[d.Name]; err == nil && !known && d.State == "paired" {
			p.found[d.Name] = time.Now()
		}
	}
	at, ok := p.found[name]
	return at, ok
}

// Start starts the program and waits until it answers.
func (p *Program) Start() error {
	ready, err := p.launch()
	if err != nil {
		return err
	}
	return p.wait(ready)
}

func (p *Program) wait(ready <-chan struct{}) error {
	select {
	case <-ready:
		return nil
	case <-p.over:
		return fmt.Errorf("storm: %s ended: %w\n%s", p.name, errors.Join(p.cmd.Wait()), p.said)
	}
}

// Kill ends the program as a power cut would.
func (p *Program) Kill() {
	if p.cmd == nil {
		return
	}
	p.cmd.Process.Kill()
	<-p.over
	p.cmd.Wait()
	p.cmd = nil
}

// Stop ends the program as Ctrl-C does.
func (p *Program) Stop() error {
	if p.cmd == nil {
		return nil
	}
	p.cmd.Process.Signal(os.Interrupt)
	<-p.over
	err := p.cmd.Wait()
	p.cmd = nil
	if err != nil {
		return fmt.Errorf("storm: %s: %w\n%s", p.name, err, p.said)
	}
	return nil
}

// run runs another command of the program on its folder.
func (p *Program) run(args ...string) ([]byte, error) {
	cmd := exec.Command(p.path, append([]string{"--data", p.folder}, args...)...)
	var out, said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &said
	if err := cmd.Run(); err != nil {
		return out.Bytes(), fmt.Errorf("storm: %s: folkmootd %s: %w\n%s", p.name, strings.Join(args, " "), err, &said)
	}
	return out.Bytes(), nil
}

// otherDevice is what "device list --json" says of another device.
type otherDevice struct {
	ID, Name, Role, State string
	Behind                int
}

// devices says whether the laptop follows another one, and how others stand.
func (p *Program) devices() (follows bool, all []otherDevice, err error) {
	out, err := p.run("device", "list", "--json")
	if err != nil {
		return false, nil, err
	}
	var doc struct {
		Follows bool
		Devices []otherDevice
	}
	err = json.Unmarshal(out, &doc)
	return doc.Follows, doc.Devices, err
}

// letIn waits until another laptop asks to be paired, and lets it in.
func (p *Program) letIn() error {
	for limit := time.Now().Add(stepWithin); time.Now().Before(limit); {
		_, all, err := p.devices()
		if err != nil {
			return err
		}
		for _, d := range all {
			if d.State == "asking" {
				_, err := p.run("device", "pair", d.ID)
				return err
			}
		}
	}
	return fmt.Errorf("storm: nobody asked %s to be paired", p.name)
}

// InStep says whether the other laptop is there, says that it follows, and lacks nothing.
func (p *Program) InStep() (bool, error) {
	follows, _, err := p.other.devices()
	if err != nil || !follows {
		return false, err
	}
	_, all, err := p.devices()
	return err == nil && len(all) == 1 && all[0].State == "paired" && all[0].Behind == 0, err
}

// TakeOver makes the laptop the one that leads.
func (p *Program) TakeOver() error {
	_, err := p.run("device", "take-over", "--anyway") // also before it is sure that the other one is gone
	return err
}

// Digest gives the sum of the state that its entries give, while it runs.
func (p *Program) Digest() (string, error) {
	out, err := p.run("verify", filepath.Join(p.folder, store.Name(p.session)), "--json")
	if err != nil {
		return "", err
	}
	var doc struct{ Digest string }
	err = json.Unmarshal(out, &doc)
	return doc.Digest, err
}

// Holds gives the ids of all votes in the laptop's file while it runs; at a moment at
// which nobody writes to it, so that a copy of the file is whole.
func (p *Program) Holds() (map[string]bool, error) {
	copied, err := os.MkdirTemp(p.folder, "copy")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(copied)
	for _, name := range []string{store.Name(p.session), p.session.String() + ".key"} {
		data, err := os.ReadFile(filepath.Join(p.folder, name))
		if err == nil {
			err = os.WriteFile(filepath.Join(copied, name), data, 0o600)
		}
		if err != nil {
			return nil, err
		}
	}
	record, err := Read(copied, p.session)
	if err != nil {
		return nil, err
	}
	all := map[string]bool{}
	for cid := range record.votes {
		all[cid.String()] = true
	}
	return all, nil
}

// Read reads the laptop's file, and has the program rebuild it; it must not run.
func (p *Program) Read() (*Record, error) {
	record, err := Read(p.folder, p.session)
	if err != nil {
		return nil, err
	}
	out, err := p.run("rebuild", p.session.String(), "--json")
	var doc struct{ Digest string }
	if err == nil {
		err = json.Unmarshal(out, &doc)
	}
	if err == nil && doc.Digest != record.Digest {
		err = fmt.Errorf("storm: %s: rebuild gives the digest %s, not %s", p.name, doc.Digest, record.Digest)
	}
	return record, err
}

// NewPrograms gives two laptops that run the real program, not started yet: the first
// holds the session, the second has nothing, and will follow it.
func (s *Sea) NewPrograms(path string) [2]Laptop {
	first, second := s.newProgram(path, s.Hubs[0], "serve"), s.newProgram(path, s.Hubs[1], "follow")
	first.other, second.other = second, first
	second.folder += " with the program"
	second.begin = append(slices.Clone(second.begin), syncAddress(s.Hubs[0]), "--same-digits")
	return [2]Laptop{first, second}
}

// newProgram gives the program in place of a device. The port for peers is its host's
// only: in front of others' the bad network listens.
func (s *Sea) newProgram(path string, d *Device, command string) *Program {
	args := []string{command, "--listen", webAddress(d), "--peers", syncAddress(d)}
	return &Program{name: d.Setup.Name, path: path, folder: d.Setup.Folder, session: s.session, host: d.host, said: &tail{}, begin: args, again: args}
}

// pairedPrograms gives two laptops that run the real program, not started yet, and were
// paired with everybody before.
func (s *Sea) pairedPrograms(path string) (pair []Laptop, err error) {
	for i, d := range s.Hubs {
		key := keyOf(s.Spec.Seed, d.Setup.Name)
		doc, err := json.Marshal(map[string]string{"key": hex.EncodeToString(key.Seed()), "name": d.Setup.Name})
		if err == nil {
			err = os.WriteFile(filepath.Join(d.Setup.Folder, "device.key"), doc, 0o600)
		}
		if err != nil {
			return nil, err
		}
		file, err := store.Open(filepath.Join(d.Setup.Folder, store.Name(s.session)), store.Options{})
		if err != nil {
			return nil, err
		}
		if err := errors.Join(book{file}.pairWith(d.Setup, publicOf(key)), file.Close()); err != nil {
			return nil, err
		}
		pair = append(pair, s.newProgram(path, d, []string{"serve", "follow"}[i]))
	}
	return pair, nil
}

// startPrograms starts both, and pairs them.
func startPrograms(pair [2]Laptop) error {
	first, second := pair[0].(*Program), pair[1].(*Program)
	if err := first.Start(); err != nil {
		return err
	}
	ready, err := second.launch()
	if err != nil {
		return err
	}
	if err := first.letIn(); err != nil {
		return err
	}
	return second.wait(ready)
}
