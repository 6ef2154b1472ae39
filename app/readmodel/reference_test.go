package readmodel_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"folkmoot/app/intake"
	"folkmoot/app/readmodel"
	"folkmoot/app/readmodel/readmodeltest"
	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
)

// referenceLog gives a real conversation as the entries of a record, unsigned.
func referenceLog(t testing.TB, name string) ([]oplog.Entry, *moot.View) {
	t.Helper()
	root := os.Getenv("FOLKMOOT_REFERENCE")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared", "reference")
	}
	export, err := intake.OpenPolis(filepath.Join(root, "polis", "exports", name), intake.PolisOptions{})
	if err != nil {
		t.Fatal(err)
	}
	state := moot.NewState(export.Session())
	var entries []oplog.Entry
	for i, item := range export.Items(nil) {
		draft, err := item.Draft()
		if err != nil {
			t.Fatal(err)
		}
		e := oplog.Entry{Header: oplog.Header{Session: export.Session(), Seq: uint64(i + 1), Kind: draft.Kind, Schema: draft.Schema, CID: draft.CID, Time: oplog.Time{MS: readmodeltest.Start}}, Payload: draft.Payload}
		entries = append(entries, e)
		if err := state.Apply(e); err != nil {
			t.Fatal(err)
		}
	}
	return entries, state.View()
}

// Going back through real conversations, the later half of the frames stands still: as long
// as there are as many groups, the marks of one lie within 3 % of the width from marks of
// their group in the next (measured: 0.023 at most, mostly under 0.01).
func TestReferenceReplay(t *testing.T) {
	for _, name := range []string{"15-per-hour-seattle", "brexit-consensus", "scoop-hivemind.ubi", "vtaiwan.uberx"} {
		entries, record := referenceLog(t, name)
		now := build(t, record, readmodel.Options{Quick: true})
		frames, err := readmodel.Replay(context.Background(), func(yield func(oplog.Entry) bool) error {
			for _, e := range entries {
				if !yield(e) {
					break
				}
			}
			return nil
		}, now, nil)
		if err != nil {
			t.Fatal(err)
		}
		if last := frames[len(frames)-1]; last.Votes != now.Counts.Votes || last.Map.Scene != now.Scene || last.At >= readmodeltest.Start {
			t.Errorf("%s: the last frame has %d of %d votes, at %d", name, last.Votes, now.Counts.Votes, last.At)
		}
		for i := len(frames) - 1; i > len(frames)/2; i-- {
			earlier, later := frames[i-1].Map, frames[i].Map
			if earlier.Scene == nil || later.Scene == nil {
				t.Errorf("%s: frame %d or the one after has no map", name, i-1)
				continue
			}
			if got := meanWay(earlier.Scene.Marks, later.Scene.Marks); got > 0.03 && len(earlier.Scene.Hulls) == len(later.Scene.Hulls) {
				t.Errorf("%s: frame %d lies %.3f from the next", name, i-1, got)
			}
		}
	}
}
