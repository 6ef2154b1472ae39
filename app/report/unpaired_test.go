package report_test

import (
	"bytes"
	"context"
	"encoding/json"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"folkmoot/app/readmodel"
	"folkmoot/app/readmodel/readmodeltest"
	"folkmoot/app/report"
	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
	"folkmoot/sync/oplog/oplogtest"
)

// A pack of a session with an unpaired device says which entries do not count, adds up
// without them, also where they are imported votes, and the script leaves them out.
func TestPackWithAnUnpairedDevice(t *testing.T) {
	r, pids := packed(t, "CC-BY-4.0")
	view := r.View()
	guest := r.ImportPerson("9", 1)
	tablet := oplogtest.NewPen(view.Session.ID, 9)
	more := []oplog.Entry{tablet.OpenAs(oplog.RoleTablet)}
	vote := func(p moot.ParticipantID, value moot.Vote, src moot.Source) {
		draft, err := moot.Item{CID: tablet.CID(), Payload: &moot.SetVote{Person: p, Statement: view.Statements[0].ID, Value: value, Rev: 1 << 50, Src: src, Open: true}}.Draft()
		if err != nil {
			t.Fatal(err)
		}
		more = append(more, tablet.Write(draft))
	}
	vote(pids[0], moot.Pass, moot.FromPhone)
	r.Put(&moot.Unpair{Replica: tablet.Replica(), Seq: 2, At: 7})
	vote(pids[1], moot.None, moot.FromPhone)
	vote(guest, moot.Agree, moot.Imported)
	entries := append(r.Entries, more...)
	record, err := moot.Fold(view.Session.ID, func(apply func(oplog.Entry) error) error {
		for _, e := range entries {
			if err := apply(e); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	built, err := readmodel.Build(context.Background(), record.View(), readmodel.Options{})
	if err != nil {
		t.Fatal(err)
	}
	from, err := report.NewSource(built, report.Options{Random: rand.NewChaCha8([32]byte{1}), Now: time.UnixMilli(readmodeltest.Start), Software: "test",
		Entries: func(yield func(oplog.Entry) bool) error {
			for _, e := range entries {
				if !yield(e) {
					break
				}
			}
			return nil
		}})
	if err != nil {
		t.Fatal(err)
	}
	got, err := report.WritePack(t.TempDir(), from, report.PackOptions{})
	if err != nil {
		t.Fatal(err)
	}
	found, err := report.VerifyPack(got.Folder)
	if err != nil || !found.OK || found.Digest != record.View().Digest() {
		t.Fatalf("verified %+v, %v", found, err)
	}
	if want := (report.Unpaired{Replica: tablet.Replica().String(), Seq: 2, At: 7, Above: 2}); len(found.Unpaired) != 1 || found.Unpaired[0] != want {
		t.Errorf("unpaired %+v, want %+v", found.Unpaired, want)
	}
	private := filepath.Join(got.Folder, "private")
	wantRecount(t, private, record.View())
	// A line that hides that its entry does not count is found.
	log := filepath.Join(private, "log.jsonl")
	data, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	excluded, unpair := 0, false
	for line := range bytes.Lines(data) {
		var l report.LogLine
		if err := json.Unmarshal(line, &l); err != nil {
			t.Fatal(err)
		}
		excluded += map[bool]int{true: 1}[l.Excluded]
		unpair = unpair || l.Kind == "unpair" && l.Payload != nil
	}
	if excluded != 2 || !unpair {
		t.Errorf("%d lines are excluded, want 2; the act is in words: %t", excluded, unpair)
	}
	if err := os.WriteFile(log, bytes.Replace(data, []byte(`"excluded":true,`), nil, 1), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := sumAgain(private); err != nil {
		t.Fatal(err)
	}
	if found, err := report.VerifyPack(got.Folder); err != nil || found.OK || found.FirstBad == nil {
		t.Errorf("a line that says its entry counts: %+v, %v", found, err)
	}
}
