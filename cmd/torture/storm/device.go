package storm

import (
	"bufio"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"folkmoot/sync/hub"
	"folkmoot/sync/link"
	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
	"folkmoot/sync/peer"
	"folkmoot/sync/replica"
	"folkmoot/sync/store"
)

// deviceWord is set in the environment of a device's process.
const deviceWord = "FOLKMOOT_STORM_DEVICE"

// Main is what TestMain calls first: in a device's process it is the device, and does
// not come back.
func Main() {
	if os.Getenv(deviceWord) == "" {
		return
	}
	if err := runDevice(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// device is a device's process.
type device struct {
	setup   Setup
	speaker *speaker
	file    *store.File
	record  *replica.Replica
	node    *link.Node
	log     *slog.Logger
	work    sync.WaitGroup
}

// runDevice runs a device until standard input ends: its first line is the Setup, each
// further one an order.
func runDevice(in io.Reader, out io.Writer) error {
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 1<<20)
	if !lines.Scan() {
		return errors.New("storm: no setup")
	}
	d := &device{speaker: newSpeaker(out), log: slog.New(slog.NewTextHandler(os.Stderr, nil))}
	if err := json.Unmarshal(lines.Bytes(), &d.setup); err != nil {
		return fmt.Errorf("storm: setup: %w", err)
	}
	ctx, stop := context.WithCancel(context.Background())
	err := d.start(ctx)
	if err == nil {
		err = d.obey(ctx, lines)
	}
	stop()
	return errors.Join(err, d.close())
}

// start opens the file and joins the network.
func (d *device) start(ctx context.Context) (err error) {
	var session oplog.SessionID
	if err = oplog.ParseHex(session[:], d.setup.Session); err != nil {
		return err
	}
	if d.file, err = store.Open(filepath.Join(d.setup.Folder, store.Name(session)), store.Options{Wait: 5 * time.Second}); err != nil {
		return err
	}
	if d.record, err = openRecord(d.file, d.setup.Name, d.setup.Role == string(link.Tablet)); err != nil {
		return err
	}
	if err = d.join(); err != nil {
		return err
	}
	if d.setup.Role != string(link.Tablet) {
		if err = d.answerPhones(ctx); err != nil {
			return err
		}
	}
	return d.look(ctx)
}

// join talks to peers.
func (d *device) join() error {
	key := ed25519.NewKeyFromSeed(d.setup.Key)
	if err := (book{d.file}).pairWith(d.setup, publicOf(key)); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", fmt.Sprintf("%s:%d", d.setup.Host, SyncPort))
	if err != nil {
		return err
	}
	var instance [8]byte
	rand.Read(instance[:])
	d.node, err = link.New(link.Options{
		Identity: link.Identity{Key: key, Name: d.setup.Name, Version: "storm"},
		Record:   d.record, Side: peer.New(d.record, peer.Options{Instance: uint64(instance[0]) | uint64(instance[1])<<8 | uint64(instance[2])<<16 | 1<<24}),
		Book: book{d.file}, Now: time.Now, Random: rand.Reader, Log: d.log,
		Addresses: func() []string { return []string{listener.Addr().String()} },
		Web:       d.web,
	})
	if err != nil {
		return err
	}
	d.work.Go(func() {
		if err := d.node.Serve(listener); err != nil {
			d.speaker.say(told{Wrong: err.Error()})
		}
	})
	d.node.Run()
	return nil
}

func (d *device) web() []string {
	if d.setup.Role == string(link.Tablet) {
		return nil
	}
	return []string{fmt.Sprintf("http://%s:%d", d.setup.Host, WebPort)}
}

// answerPhones is a hub. What it tells phones to be saved, a backup that is in step holds
// as well.
func (d *device) answerPhones(ctx context.Context) error {
	listener, err := net.Listen("tcp", fmt.Sprintf("%s:%d", d.setup.Host, WebPort))
	if err != nil {
		return err
	}
	h := hub.New(inStep{d.record, d.node}, hub.Options{Random: rand.Reader, Now: time.Now, Addresses: d.web, Log: d.log,
		Siblings: func() []string { return hubsOf(d.record.View()) }})
	server := hub.Server(h.Handler())
	d.work.Go(func() {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			d.speaker.say(told{Wrong: err.Error()})
		}
	})
	d.work.Go(func() {
		<-ctx.Done()
		h.Close()
		server.Close()
	})
	d.work.Go(func() { d.noteHub(ctx) })
	return nil
}

func hubsOf(view *moot.View) []string {
	return strings.FieldsFunc(view.Session.Get(moot.Hubs), func(r rune) bool { return r == ',' })
}

// noteHub writes where this hub answers phones into the record, as the program does, so
// that pages know where else to look. Two who write at the same time do so again.
func (d *device) noteHub(ctx context.Context) {
	for {
		changed, view := d.record.Changed(), d.record.View()
		list := view.Session.Get(moot.Hubs)
		if own := d.web()[0]; view.Session.Get(moot.JoinCode) != "" && !strings.Contains(list+",", own+",") {
			it := moot.Item{Payload: &moot.SetField{Field: moot.Hubs, Value: strings.TrimPrefix(list+","+own, ","), Rev: view.Session.Rev(moot.Hubs) + 1}}
			rand.Read(it.CID[:])
			d.record.Do(ctx, it)
			continue
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return
		}
	}
}

// inStep is a record whose answers wait for the backups.
type inStep struct {
	*replica.Replica
	node *link.Node
}

// Do is Replica.Do.
func (s inStep) Do(ctx context.Context, items ...moot.Item) ([]moot.Outcome, error) {
	out, err := s.Replica.Do(ctx, items...)
	if err == nil {
		s.node.Await(ctx)
	}
	return out, err
}

// Admit is Replica.Admit.
func (s inStep) Admit(ctx context.Context, token oplog.Hash, person moot.ParticipantID, items ...moot.Item) ([]moot.Outcome, error) {
	out, err := s.Replica.Admit(ctx, token, person, items...)
	if err == nil {
		s.node.Await(ctx)
	}
	return out, err
}

// obey does what it is told until standard input ends.
func (d *device) obey(ctx context.Context, lines *bufio.Scanner) error {
	hush := func() {}
	defer func() { hush() }()
	for lines.Scan() {
		var o order
		if err := json.Unmarshal(lines.Bytes(), &o); err != nil {
			return fmt.Errorf("storm: order: %w", err)
		}
		switch o.Do {
		case orderVote:
			voting, stop := context.WithCancel(ctx)
			var over sync.WaitGroup
			over.Go(func() { newVoter(d.setup, d.record, d.speaker.say).run(voting) })
			hush = func() { stop(); over.Wait() }
			continue
		case orderHush:
			hush()
		case orderLead:
			if err := d.node.TakeOver(ctx); err != nil {
				return err
			}
		}
		state, err := d.state(o.Do == orderVotes)
		if err != nil {
			return err
		}
		d.speaker.say(told{State: state})
	}
	return lines.Err()
}

func (d *device) state(votes bool) (*StateDoc, error) {
	view := d.record.View()
	s := &StateDoc{Digest: view.Digest(), Votes: view.Votes}
	for _, other := range d.node.Devices() {
		if other.State == link.StateHere {
			s.Here++
		}
		if other.Follows {
			s.Followers++
		}
		if other.Behind {
			s.Lacking++
		}
	}
	var err error
	if votes {
		s.CIDs, err = votesIn(d.record)
	}
	return s, err
}

// close ends the device in order.
func (d *device) close() error {
	if d.node != nil {
		d.node.Close()
	}
	d.work.Wait()
	if d.record == nil {
		return nil
	}
	d.record.Close()
	return d.file.Close()
}

// defaultRoute says whether this host has one.
func defaultRoute() (bool, error) {
	table, err := os.ReadFile("/proc/net/route")
	if err != nil {
		return false, err
	}
	for line := range strings.Lines(string(table)) {
		if fields := strings.Fields(line); len(fields) > 1 && fields[1] == "00000000" {
			return true, nil
		}
	}
	return false, nil
}
