package report_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"folkmoot/app/report"
	"folkmoot/sync/oplog"
	"folkmoot/sync/oplog/oplogtest"
)

// writeLog writes entries as log.jsonl has them, as far as reading them again goes.
func writeLog(t *testing.T, entries ...oplog.Entry) string {
	t.Helper()
	var text bytes.Buffer
	for _, e := range entries {
		raw, err := e.Encode()
		if err != nil {
			t.Fatal(err)
		}
		if err := json.NewEncoder(&text).Encode(report.LogLine{Seq: e.Seq, Entry: base64.StdEncoding.EncodeToString(raw)}); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(t.TempDir(), "log.jsonl")
	if err := os.WriteFile(path, text.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// Logs are read whole and from any place, also where their lines are mixed.
func TestOpenLog(t *testing.T) {
	session := oplog.SessionID{5}
	a, b := oplogtest.NewPen(session, 1).Log(30), oplogtest.NewPen(session, 2).Log(20)
	mixed := slices.Concat(a[:3], b[:7], a[3:29], b[7:], a[29:])
	log, err := report.OpenLog(writeLog(t, mixed...))
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	heads, err := log.Heads()
	if err != nil || len(heads) != 2 || heads[a[0].Replica] != (oplog.Head{Seq: 30, Hash: a[29].Hash()}) {
		t.Errorf("%v, %v", heads, err)
	}
	for _, want := range [][]oplog.Entry{a, b} {
		for from := range len(want) + 2 {
			at := max(from, 1) - 1
			err := log.Entries(want[0].Replica, uint64(from), func(e oplog.Entry) bool {
				if e.Hash() != want[at].Hash() {
					t.Errorf("from %d: entry %d is another", from, at+1)
				}
				at++
				return at < from+5
			})
			if want := min(max(from+5, 1), len(want)); err != nil || at != max(want, from-1) {
				t.Errorf("from %d: read up to %d, want %d; %v", from, at, want, err)
			}
		}
	}
	if err := log.Append(a[:1]); err == nil {
		t.Error("a pack was written to")
	}
}

func TestOpenLogWrong(t *testing.T) {
	log := oplogtest.NewPen(oplog.SessionID{5}, 1).Log(9)
	if _, err := report.OpenLog(writeLog(t, log[0], log[2])); !errors.Is(err, oplog.ErrGap) {
		t.Errorf("a gap: %v", err)
	}
	if _, err := report.OpenLog(filepath.Join(t.TempDir(), "gone")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
	path := writeLog(t, log...)
	open, err := report.OpenLog(path)
	if err != nil {
		t.Fatal(err)
	}
	defer open.Close()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for name, now := range map[string][]byte{"cut off": text[:len(text)/2], "overwritten": bytes.Repeat([]byte{'x'}, len(text))} {
		if err := os.WriteFile(path, now, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := open.Entries(log[0].Replica, 1, func(oplog.Entry) bool { return true }); err == nil {
			t.Errorf("%s while it was open: no error", name)
		}
	}
}
