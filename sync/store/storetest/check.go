package storetest

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"time"

	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
	"folkmoot/sync/replica"
	"folkmoot/sync/store"
)

var session = oplog.SessionID{0x70}

// promises are what somebody was told.
type promises struct {
	made   bool // the session is there
	items  map[oplog.ItemID]string
	tokens []oplog.Token
	sign   ed25519.PrivateKey  // the key exchanged last, nil for none
	gone   []string            // names that were erased
	seal   []byte              // the key that sealed them
	peers  map[string][]string // by key, what may lie there; "" is nothing
}

// peer takes note that a value may lie under a key, or that no other does.
func (p *promises) peer(key, value string, sure bool) {
	if p.peers == nil {
		p.peers = map[string][]string{}
	}
	if old := p.peers[key]; sure {
		p.peers[key] = []string{value}
	} else if old == nil {
		p.peers[key] = []string{"", value}
	} else {
		p.peers[key] = append(slices.Clip(old), value)
	}
}

func (p *promises) holdPeers(f *store.File) error {
	peers, err := f.Peers()
	if err != nil {
		return err
	}
	found := map[string]string{}
	for _, peer := range peers {
		found[string(peer.Key)] = string(peer.Value)
	}
	for key, values := range p.peers {
		if !slices.Contains(values, found[key]) {
			return fmt.Errorf("peer %q is %q, and may be one of %q", key, found[key], values)
		}
	}
	return nil
}

func (p *promises) saved(id oplog.ItemID, receipt string) {
	if p.items == nil {
		p.items = map[oplog.ItemID]string{}
	}
	p.items[id] = receipt
}

// hold says whether the session in a folder keeps its promises, and goes on with it.
func (p *promises) hold(folder string, random *rand.Rand) error {
	path := filepath.Join(folder, store.Name(session))
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		if p.made {
			return errors.New("the session is not there")
		}
		return again(folder, random)
	}
	f, err := store.Open(path, store.Options{System: quick{}})
	if err != nil {
		return err
	}
	defer f.Close()
	if f.Unsettled() {
		return errors.New("the record is unsettled though its disk does well")
	}
	if p.sign != nil && !p.sign.Equal(f.Keys().Sign) {
		return errors.New("the key that was exchanged is back")
	}
	if err := f.CheckPages(); err != nil {
		return err
	}
	if err := p.whole(f, random.IntN(20) == 0); err != nil {
		return err
	}
	unlinked, err := goOn(f, random)
	if err == nil && unlinked && bytes.Equal(f.Keys().Seal, p.seal) {
		err = errors.New("the key that sealed erased names is still there")
	}
	return errors.Join(err, p.noNames(folder))
}

// again makes the session whose making was broken off.
func again(folder string, random *rand.Rand) error {
	f, err := store.CreateWith(folder, session, bytesOf(random), store.Options{System: quick{}})
	if err != nil {
		return fmt.Errorf("make the session once more: %w", err)
	}
	return f.Close()
}

// whole looks at entries, rows and tokens. Signatures take long, so they are checked
// where that is wished for.
func (p *promises) whole(f *store.File, signatures bool) error {
	chain, state := oplog.NewChain(session), moot.NewState(session)
	check := chain.Link
	if signatures {
		check = chain.Next
	}
	found := map[oplog.ItemID]string{}
	var failed error
	err := oplog.All(f, func(e oplog.Entry) bool {
		if failed = errors.Join(check(e), state.Apply(e)); failed != nil {
			return false
		}
		if found[e.CID] != "" {
			failed = fmt.Errorf("item %s stands in the record twice", e.CID)
		}
		found[e.CID] = moot.ReceiptOf(e).Outcome().Receipt
		return failed == nil
	})
	if err := errors.Join(err, failed); err != nil {
		return err
	}
	for id, receipt := range p.items {
		if found[id] != receipt {
			return fmt.Errorf("item %s was said to be saved as %s and is %q", id, receipt, found[id])
		}
	}
	heads, err := f.Heads()
	if err != nil {
		return err
	}
	for id, head := range heads {
		if chain.Heads()[id] != head {
			return fmt.Errorf("log of %s ends at %v, not at %v", id, chain.Heads()[id], head)
		}
	}
	if !state.Unlinked() { // that changes what is held already: rows follow when it is opened
		if err := sameRows(f, state); err != nil {
			return err
		}
	}
	return errors.Join(p.holdTokens(f), p.holdPeers(f))
}

func sameRows(f *store.File, state *moot.State) error {
	change, err := replica.Differences(f, state)
	if err == nil && !change.Empty() {
		err = fmt.Errorf("%d rows are not those of the entries", len(change.Rows))
	}
	return err
}

func (p *promises) holdTokens(f *store.File) error {
	tokens, err := f.Tokens()
	if err != nil {
		return err
	}
	held := map[oplog.Token]bool{}
	for _, t := range tokens {
		held[t] = true
	}
	for _, t := range p.tokens {
		if !held[t] {
			return errors.New("a token is not there")
		}
	}
	return nil
}

// goOn opens the record for use, and sometimes writes to it. It says whether names were
// erased.
func goOn(f *store.File, random *rand.Rand) (unlinked bool, err error) {
	r, err := replica.Open(f, options(f, random, f.Unclean()))
	if err != nil {
		return false, err
	}
	defer r.Close()
	state := moot.NewState(session)
	if err := oplog.All(f, func(e oplog.Entry) bool { state.Apply(e); return true }); err != nil {
		return false, err
	}
	if err := sameRows(f, state); err != nil {
		return false, fmt.Errorf("after opening: %w", err)
	}
	if random.IntN(4) > 0 {
		return state.Unlinked(), nil
	}
	out, err := r.Do(context.Background(), moot.Item{CID: oplog.ItemID{0xff}, Payload: &moot.SetField{Field: moot.Title, Value: "afterwards", Rev: 1 << 40}})
	if err == nil && out[0].Receipt == "" {
		err = fmt.Errorf("writing goes on with %+v", out[0])
	}
	return state.Unlinked(), err
}

// noNames looks for names that were erased, in the bytes of all files.
func (p *promises) noNames(folder string) error {
	if len(p.gone) == 0 {
		return nil
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		return err
	}
	for _, e := range entries {
		data, err := os.ReadFile(filepath.Join(folder, e.Name()))
		if err != nil {
			return err
		}
		for _, name := range p.gone {
			if bytes.Contains(data, []byte(name)) {
				return fmt.Errorf("%s still holds the name %q", e.Name(), name)
			}
		}
	}
	return nil
}

func options(f *store.File, random *rand.Rand, unclean bool) replica.Options {
	clock := time.UnixMilli(1_790_000_000_000)
	return replica.Options{Session: session, Key: f.Keys().Sign, Name: "hub", Unclean: unclean, Random: bytesOf(random),
		Now: func() time.Time { clock = clock.Add(time.Hour); return clock }} // two failures are never close to each other
}

// bytesOf gives randomness that its seed repeats.
func bytesOf(random *rand.Rand) io.Reader {
	var seed [32]byte
	for i := range seed {
		seed[i] = byte(random.Uint32())
	}
	return rand.NewChaCha8(seed)
}
