package report

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"folkmoot/sync/costtest"
	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
	"folkmoot/sync/oplog/oplogtest"
)

// logLines gives lines of a log as they are written.
func logLines(t testing.TB) [][]byte {
	t.Helper()
	pen := oplogtest.NewPen(oplogtest.Session, 1)
	entries := append(pen.Log(4), pen.Say(oplog.Personal, "小明").Redact())
	for _, p := range []moot.Payload{
		&moot.SetField{Field: moot.Title, Value: "=1+1 \u2028<b>", Rev: 1}, &moot.SetVote{Person: moot.ParticipantID{1}, Statement: moot.StatementID{2}, Value: moot.Agree, Rev: 7},
		&moot.NewStatement{Text: "We need lamps", Lang: "en", Standing: moot.Approved},
	} {
		draft, err := moot.Item{CID: oplog.ItemID{1}, Payload: p}.Draft()
		if err != nil {
			t.Fatal(err)
		}
		entries = append(entries, pen.Write(draft))
	}
	var lines [][]byte
	for _, e := range entries {
		line, err := logLine(e)
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		out := json.NewEncoder(&b)
		out.SetEscapeHTML(false)
		if err := out.Encode(line); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, b.Bytes())
	}
	return lines
}

// readLog reads a whole log as verify does, to the first line that is wrong.
func readLog(t testing.TB, dir string, data []byte) Verification {
	path := filepath.Join(dir, "log.jsonl")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	v := Verification{OK: true}
	if err := v.log(path, "log.jsonl"); err != nil {
		t.Fatal(err)
	}
	return v
}

// FuzzLog reads any bytes as log.jsonl. A line that is taken is the one line that its
// entry has.
func FuzzLog(f *testing.F) {
	lines := logLines(f)
	f.Add(bytes.Join(lines, nil))
	for _, line := range lines {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if v := readLog(t, t.TempDir(), data); v.OK && v.Entries == 0 && len(data) > 0 {
			t.Fatal("bytes that hold no entry are a whole log")
		}
		in := bufio.NewReader(bytes.NewReader(data))
		for {
			text, err := NextLine(in)
			if err != nil {
				return
			}
			var line LogLine
			entry, err := readLogLine(text, &line)
			if err != nil {
				continue
			}
			again, err := logLine(entry)
			if err != nil || again.Entry != line.Entry || again.Hash != line.Hash {
				t.Fatalf("read %+v, written again %+v, %v", line, again, err)
			}
		}
	})
}

func TestLogCost(t *testing.T) {
	inputs, dir := costtest.Hostile(), t.TempDir()
	for name, payload := range map[string]string{"numbers": "0,", "objects": `{"":0},`, "lists": "[],", "texts": `"",`} {
		inputs["a payload of "+name] = []byte(`{"payload":[` + strings.Repeat(payload, maxLogLine/len(payload)-10) + "0]}\n")
	}
	costtest.Check(t, inputs, func(data []byte) { readLog(t, dir, data) })
}

func TestNextLine(t *testing.T) {
	long := strings.Repeat("x", maxLogLine)
	in := bufio.NewReader(strings.NewReader("a\n\n" + long + "\n" + long[1:] + "\nlast"))
	for _, want := range []struct {
		text string
		err  error
	}{{"a\n", nil}, {"\n", nil}, {"", ErrLongLine}} {
		if got, err := NextLine(in); string(got) != want.text || !errors.Is(err, want.err) {
			t.Errorf("%q, %v, want %q, %v", got, err, want.text, want.err)
		}
	}
	in = bufio.NewReader(strings.NewReader(long[1:] + "\nlast"))
	for _, want := range []string{long[1:] + "\n", "last"} {
		if got, err := NextLine(in); string(got) != want || err != nil {
			t.Errorf("%d bytes, %v, want %d", len(got), err, len(want))
		}
	}
	if _, err := NextLine(in); err != io.EOF {
		t.Errorf("behind the last line: %v", err)
	}
}
