package storm

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"sync"
	"time"

	"folkmoot/sync/nettest"
	"folkmoot/sync/oplog"
)

// Device is a device's process as the test sees it. One caller at a time.
type Device struct {
	Setup Setup

	host    *nettest.Host
	program string
	ledger  *Ledger
	cmd     *exec.Cmd
	in      io.WriteCloser
	said    *tail
	states  chan *StateDoc
	ready   chan readyDoc
	over    chan struct{} // closed when the process has said its last word

	mu    sync.Mutex
	began readyDoc
	found map[string]time.Time
	// behind is since when the device does not wait for a backup; zero while it does.
	behind time.Time
}

// Start starts the process and waits until it is ready.
func (d *Device) Start() error {
	d.cmd = d.host.Command(d.program)
	d.cmd.Env = append(d.cmd.Environ(), deviceWord+"=1")
	d.said, d.states, d.ready, d.over = &tail{}, make(chan *StateDoc, 1), make(chan readyDoc, 1), make(chan struct{})
	d.found, d.behind = map[string]time.Time{}, time.Time{}
	d.cmd.Stderr = d.said
	out, err := d.cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if d.in, err = d.cmd.StdinPipe(); err != nil {
		return err
	}
	if err := d.cmd.Start(); err != nil {
		return fmt.Errorf("storm: start %s: %w", d.Setup.Name, err)
	}
	go d.hear(out)
	if err := json.NewEncoder(d.in).Encode(d.Setup); err != nil {
		return err
	}
	ready, ok := <-d.ready
	if !ok {
		return fmt.Errorf("storm: %s ended: %w\n%s", d.Setup.Name, errors.Join(d.cmd.Wait()), d.said)
	}
	d.mu.Lock()
	d.began = ready
	d.mu.Unlock()
	if ready.Route {
		return fmt.Errorf("storm: %s has a default route", d.Setup.Name)
	}
	return nil
}

// hear takes what the process says.
func (d *Device) hear(out io.Reader) {
	defer close(d.over)
	defer close(d.states)
	defer close(d.ready)
	lines := bufio.NewReader(out)
	for {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			return
		}
		var t told
		if err := json.Unmarshal(line, &t); err != nil {
			d.ledger.Wrong(fmt.Errorf("%s said %.200q: %w", d.Setup.Name, line, err))
			continue
		}
		switch {
		case t.Ready != nil:
			d.ready <- *t.Ready
		case t.Found != nil:
			d.mu.Lock()
			if d.found[t.Found.Name].IsZero() {
				d.found[t.Found.Name] = time.UnixMilli(t.Found.At)
			}
			d.mu.Unlock()
		case t.Sent != nil:
			d.ledger.Send(*t.Sent)
		case t.Saved != "":
			var cid oplog.ItemID
			if err := oplog.ParseHex(cid[:], t.Saved); err != nil {
				d.ledger.Wrong(fmt.Errorf("%s: %w", d.Setup.Name, err))
				continue
			}
			d.ledger.Save(d.Setup.Name, cid)
		case t.State != nil:
			d.states <- t.State
		case t.Behind != nil:
			d.mu.Lock()
			if d.behind = (time.Time{}); *t.Behind {
				d.behind = time.Now()
			}
			d.mu.Unlock()
		case t.Wrong != "":
			d.ledger.Wrong(fmt.Errorf("%s: %s", d.Setup.Name, t.Wrong))
		}
	}
}

// tell gives the process an order.
func (d *Device) tell(do string) error {
	if err := json.NewEncoder(d.in).Encode(order{do}); err != nil {
		return fmt.Errorf("storm: tell %s to %s: %w\n%s", d.Setup.Name, do, err, d.said)
	}
	return nil
}

// ask gives an order and waits for the answer.
func (d *Device) ask(do string) (*StateDoc, error) {
	if err := d.tell(do); err != nil {
		return nil, err
	}
	state, ok := <-d.states
	if !ok {
		return nil, fmt.Errorf("storm: %s ended while it was told to %s\n%s", d.Setup.Name, do, d.said)
	}
	return state, nil
}

// Began gives when the device was ready.
func (d *Device) Began() time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	return time.UnixMilli(d.began.At)
}

// Found gives when the device had found another one on the network.
func (d *Device) Found(name string) (time.Time, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	at, ok := d.found[name]
	return at, ok
}

// Name gives the device's name, Web where it answers phones.
func (d *Device) Name() string { return d.Setup.Name }
func (d *Device) Web() string  { return "http://" + webAddress(d) }

// InStep says whether a backup follows the device and lacks nothing.
func (d *Device) InStep() (bool, error) {
	state, err := d.State()
	return err == nil && state.Followers == 1 && state.Lacking == 0, err
}

// Promised gives until when, up to a moment, the device waited for its backup before it
// told phones that something is saved.
func (d *Device) Promised(moment time.Time) time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.behind.IsZero() && d.behind.Before(moment) {
		return d.behind
	}
	return moment
}

// Digest gives the sum of the device's state.
func (d *Device) Digest() (string, error) {
	state, err := d.State()
	if err != nil {
		return "", err
	}
	return state.Digest, nil
}

// State asks how the device stands.
func (d *Device) State() (*StateDoc, error) { return d.ask(orderState) }

// Vote lets the people of a tablet vote.
func (d *Device) Vote() error { return d.tell(orderVote) }

// Hush lets nobody vote any more, and returns once the last vote is saved or not.
func (d *Device) Hush() error {
	_, err := d.ask(orderHush)
	return err
}

// TakeOver makes the device the one that leads.
func (d *Device) TakeOver() error {
	_, err := d.ask(orderLead)
	return err
}

// Holds gives the ids of all votes in the device's record, while it runs.
func (d *Device) Holds() (map[string]bool, error) {
	state, err := d.ask(orderVotes)
	if err != nil {
		return nil, err
	}
	all := map[string]bool{}
	for _, cid := range state.CIDs {
		all[cid] = true
	}
	return all, nil
}

// Kill ends the process as a power cut would.
func (d *Device) Kill() {
	if d.cmd == nil || d.cmd.Process == nil {
		return
	}
	d.cmd.Process.Kill()
	<-d.over
	d.cmd.Wait()
	d.cmd = nil
}

// Stop ends the process in order.
func (d *Device) Stop() error {
	if d.cmd == nil {
		return nil
	}
	d.in.Close()
	<-d.over
	err := d.cmd.Wait()
	d.cmd = nil
	if err != nil {
		return fmt.Errorf("storm: %s: %w\n%s", d.Setup.Name, err, d.said)
	}
	return nil
}

// Read reads the device's file; it must not run.
func (d *Device) Read() (*Record, error) {
	var session oplog.SessionID
	if err := oplog.ParseHex(session[:], d.Setup.Session); err != nil {
		return nil, err
	}
	return Read(d.Setup.Folder, session)
}

// Said gives the end of what the process wrote on standard error.
func (d *Device) Said() string {
	if d.said == nil {
		return ""
	}
	return d.said.String()
}

// tail keeps the end of what is written.
type tail struct {
	mu   sync.Mutex
	data bytes.Buffer
}

func (t *tail) Write(data []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	const most = 16 << 10
	t.data.Write(data)
	if over := t.data.Len() - most; over > 0 {
		t.data.Next(over)
	}
	return len(data), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.data.String()
}
