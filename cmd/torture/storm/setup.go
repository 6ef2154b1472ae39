package storm

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"folkmoot/app/readmodel"
	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
	"folkmoot/sync/replica"
	"folkmoot/sync/store"
)

// Setup is what a device's process is told when it starts.
type Setup struct {
	Name    string `json:"name"`
	Folder  string `json:"folder"`
	Session string `json:"session"`
	// Role is hub, backup or tablet; Index its number among the session's devices, 0
	// for the laptop that made the session.
	Role  string `json:"role"`
	Index uint   `json:"index"`
	// Key is the seed of the device's own key, Book whom it knows.
	Key  []byte `json:"key"`
	Book []Row  `json:"book"`
	// Host is the device's address; it answers peers at SyncPort and phones at WebPort.
	Host string `json:"host"`
	Seed uint64 `json:"seed"`
	// People is how many pretend people answer on a tablet, one of them every Pace.
	People int           `json:"people"`
	Pace   time.Duration `json:"pace"`
}

// Row is another device, as it was paired.
type Row struct {
	Name  string `json:"name"`
	Role  string `json:"role"`
	Index uint   `json:"index"`
	Key   []byte `json:"key"` // public
}

// The ports of a device.
const (
	SyncPort = 8443
	WebPort  = 8080
)

// keyOf gives a device's own key.
func keyOf(seed uint64, name string) ed25519.PrivateKey {
	sum := sha256.Sum256(fmt.Appendf(nil, "storm %d device %s", seed, name))
	return ed25519.NewKeyFromSeed(sum[:])
}

func publicOf(key ed25519.PrivateKey) ed25519.PublicKey { return key.Public().(ed25519.PublicKey) }

// makeFolder makes a device's folder with an empty file of the session.
func makeFolder(root, name string, session oplog.SessionID) (string, error) {
	folder := filepath.Join(root, name)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return "", err
	}
	file, err := store.Create(folder, session, rand.Reader)
	if err != nil {
		return "", err
	}
	return folder, file.Close()
}

// statements is how many there are to vote on.
const statements = 12

// makeSession writes a session into a device's file, with its voting open, and gives its
// code and its statements.
func makeSession(ctx context.Context, folder string, session oplog.SessionID) (code string, ids []string, err error) {
	file, err := store.Open(filepath.Join(folder, store.Name(session)), store.Options{})
	if err != nil {
		return "", nil, err
	}
	defer file.Close()
	record, err := openRecord(file, "hub", false)
	if err != nil {
		return "", nil, err
	}
	defer record.Close()
	var seeds []readmodel.Seed
	for i := range statements {
		seeds = append(seeds, readmodel.Seed{Text: fmt.Sprintf("Statement %d of the storm", i+1), Lang: "en"})
	}
	now := uint64(time.Now().UnixMilli())
	items, err := readmodel.NewSession(readmodel.NewSessionOptions{Template: "opinion", Title: "Storm", Statements: seeds}, now, rand.Reader)
	if err == nil {
		err = do(ctx, record, items)
	}
	if err != nil {
		return "", nil, err
	}
	for _, s := range record.View().Steps {
		if s.Kind == moot.StepOpinion {
			if items, err = readmodel.StartStep(record.View(), s.ID, now, rand.Reader); err == nil {
				err = do(ctx, record, items)
			}
			break
		}
	}
	view := record.View()
	if err == nil && !view.Voting() {
		err = fmt.Errorf("storm: voting did not open")
	}
	for _, s := range view.Statements {
		ids = append(ids, s.ID.String())
	}
	return view.Session.Get(moot.JoinCode), ids, err
}

func do(ctx context.Context, record *replica.Replica, items []moot.Item) error {
	outcomes, err := record.Do(ctx, items...)
	if err != nil {
		return err
	}
	for i, o := range outcomes {
		if o.Refusal != nil || o.Stale != nil {
			return fmt.Errorf("storm: %s: %v %v", items[i].Payload.Kind(), o.Refusal, o.Stale)
		}
	}
	return nil
}

func openRecord(file *store.File, name string, tablet bool) (*replica.Replica, error) {
	return replica.Open(file, replica.Options{
		Session: file.Session(), Key: file.Keys().Sign, Name: name, Tablet: tablet, Now: time.Now, Random: rand.Reader,
		NewKey:  func() (ed25519.PrivateKey, error) { return file.NewKey(rand.Reader) },
		Unclean: file.Unclean(), Unsettled: file.Unsettled(),
	})
}
