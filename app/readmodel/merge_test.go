package readmodel_test

import (
	"crypto/ed25519"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"folkmoot/app/readmodel"
	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
	"folkmoot/sync/replica"
)

var mergeSession = oplog.SessionID{0x4d}

// deviceLog gives the log of a device of that name that has written some acts.
func deviceLog(t *testing.T, seed byte, name string, acts ...moot.Payload) []oplog.Entry {
	t.Helper()
	random := rand.NewChaCha8([32]byte{seed})
	raw := make([]byte, ed25519.SeedSize)
	raw[0] = seed
	w := oplog.NewWriter(mergeSession, ed25519.NewKeyFromSeed(raw), oplog.Head{}, oplog.NewClock(oplog.Time{}), random)
	var entries []oplog.Entry
	write := func(draft oplog.Draft, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		e, err := w.Write(draft, 1_790_000_000_000+uint64(len(entries)))
		if err != nil {
			t.Fatal(err)
		}
		entries = append(entries, e)
	}
	write(w.Open(name))
	for i, act := range acts {
		write(moot.Item{CID: oplog.ItemID{seed, byte(i + 1)}, Payload: act}.Draft())
	}
	return entries
}

func memory(t *testing.T, logs ...[]oplog.Entry) *oplog.Memory {
	t.Helper()
	m := oplog.NewMemory()
	for _, entries := range logs {
		if err := m.Append(entries); err != nil {
			t.Fatal(err)
		}
	}
	return m
}

func look(t *testing.T, ours, theirs oplog.Log) readmodel.Merge {
	t.Helper()
	state, err := moot.FoldLog(mergeSession, ours)
	if err != nil {
		t.Fatal(err)
	}
	found, err := readmodel.PreviewMerge(ours, state.View(), theirs)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func vote(person byte, statement moot.StatementID, rev uint64) *moot.SetVote {
	return &moot.SetVote{Person: moot.ParticipantID{person}, Statement: statement, Value: moot.Agree, Rev: rev, Open: true}
}

func TestPreviewMerge(t *testing.T) {
	tree := moot.StatementID{1, 3}
	mine := deviceLog(t, 1, "laptop A", &moot.SetPerson{Person: moot.ParticipantID{1}, Field: moot.PersonNumber, Value: "1", Rev: 1},
		&moot.SetPresence{Person: moot.ParticipantID{1}, In: true, Rev: 1, At: 1}, &moot.NewStatement{Text: "More trees.", Lang: "en", Standing: moot.Approved}, vote(1, tree, 1))
	other := deviceLog(t, 2, "laptop B", vote(1, tree, 2), &moot.SetPresence{Person: moot.ParticipantID{2}, In: true, Rev: 1, At: 1}, vote(2, tree, 1))
	tablet := deviceLog(t, 3, "tablet 3", &moot.NewStatement{Text: "A path.", Lang: "en", Standing: moot.Approved})
	got := look(t, memory(t, mine), memory(t, mine[:2], other, tablet))
	if got.Entries != 6 || got.People != 1 || got.Votes != 1 || got.Statements != 1 || got.Same != 1 || got.Badges || got.Newest != 1_790_000_000_003 || got.Nothing() {
		t.Errorf("%+v", got)
	}
	if names := got.DeviceNames(); !slices.Equal(names, []string{"laptop B", "tablet 3"}) || got.Devices[0].Entries != 4 {
		t.Errorf("from %v, %+v", names, got.Devices)
	}
	if got := look(t, memory(t, mine, other), memory(t, mine[:2], other[:1])); !got.Nothing() || got.Newest != 0 || len(got.Devices) != 0 {
		t.Errorf("what is here already: %+v", got)
	}
}

// Names that are missing are counted, in what comes and in what it fills in.
func TestPreviewMergeNames(t *testing.T) {
	whole := deviceLog(t, 1, "hub", &moot.SetPerson{Person: moot.ParticipantID{1}, Field: moot.PersonName, Value: "Ada", Rev: 1}, &moot.NewStatement{Text: "More trees.", Lang: "en", Standing: moot.Approved})
	bare := slices.Clone(whole)
	bare[1] = bare[1].Redact()
	if got := look(t, memory(t), memory(t, bare)); got.Nameless != 1 || got.Statements != 1 || got.Filled != 0 {
		t.Errorf("without names: %+v", got)
	}
	if got := look(t, memory(t, bare), memory(t, whole)); got.Filled != 1 || got.Entries != 0 || got.Nothing() {
		t.Errorf("with names: %+v", got)
	}
	if got := look(t, memory(t, bare), memory(t, bare)); !got.Nothing() {
		t.Errorf("without names twice: %+v", got)
	}
	unlink := deviceLog(t, 2, "hub", &moot.Unlink{At: 1})
	if got := look(t, memory(t, whole), memory(t, bare, unlink)); !got.Erases || got.Nameless != 0 || got.Filled != 0 || got.Nothing() {
		t.Errorf("erased there: %+v", got)
	}
	if got := look(t, memory(t, bare, unlink), memory(t, whole)); got.Erases || !got.Nothing() {
		t.Errorf("erased here: %+v", got)
	}
}

// Two branches of one log are said; what lies here is counted, and said once only.
func TestPreviewMergeSplit(t *testing.T) {
	mine := deviceLog(t, 1, "hub", &moot.NewStatement{Text: "More trees.", Lang: "en", Standing: moot.Approved})
	theirs := deviceLog(t, 1, "hub", &moot.NewStatement{Text: "A path.", Lang: "en", Standing: moot.Approved}, &moot.NewStatement{Text: "A ferry.", Lang: "en", Standing: moot.Approved})
	if mine[0].Hash() != theirs[0].Hash() || mine[1].Hash() == theirs[1].Hash() {
		t.Fatal("these are no two branches")
	}
	got := look(t, memory(t, mine), memory(t, theirs))
	if got.Splits != 1 || got.Entries != 0 || got.Statements != 0 || got.Nothing() {
		t.Errorf("%+v", got)
	}
	proof := oplog.ProveFork(ed25519.NewKeyFromSeed(append([]byte{1}, make([]byte, 31)...)).Public().(ed25519.PublicKey), mine[1], theirs[1])
	if got := look(t, memory(t, mine, deviceLog(t, 2, "hub", &moot.Fork{Proof: proof})), memory(t, theirs)); got.Splits != 0 || !got.Nothing() {
		t.Errorf("known: %+v", got)
	}
}

// A session holds so many logs and no more; the others are said.
func TestPreviewMergeLogs(t *testing.T) {
	theirs := memory(t)
	for i := range byte(replica.MaxReplicas + 5) {
		if err := theirs.Append(deviceLog(t, i+2, "tablet")); err != nil {
			t.Fatal(err)
		}
	}
	got := look(t, memory(t, deviceLog(t, 1, "hub")), theirs)
	if got.Over != 6 || got.Entries != replica.MaxReplicas-1 || len(got.DeviceNames()) != replica.MaxReplicas-1 {
		t.Errorf("%d over, %d entries", got.Over, got.Entries)
	}
	seen := map[string]bool{}
	for _, name := range got.DeviceNames() {
		seen[name] = true
	}
	if len(seen) < replica.MaxReplicas-3 { // four digits may be the same by chance
		t.Errorf("devices of one name are not told apart: %d names", len(seen))
	}
}

// A record that cannot be read to its end is an error, not less.
func TestPreviewMergeTorn(t *testing.T) {
	torn := tornMemory{memory(t, deviceLog(t, 1, "hub"))}
	state := moot.NewState(mergeSession)
	if _, err := readmodel.PreviewMerge(memory(t), state.View(), torn); err == nil {
		t.Error("a torn record was read")
	}
	if _, err := readmodel.PreviewMerge(torn, state.View(), memory(t)); err == nil {
		t.Error("a torn record here was read")
	}
}

type tornMemory struct{ *oplog.Memory }

func (tornMemory) Entries(oplog.ReplicaID, uint64, func(oplog.Entry) bool) error {
	return fmt.Errorf("torn")
}
