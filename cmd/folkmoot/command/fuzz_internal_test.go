package command

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"folkmoot/app/intake"
	"folkmoot/app/readmodel"
	"folkmoot/app/report"
	"folkmoot/sync/costtest"
	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
	"folkmoot/sync/oplog/oplogtest"
	"folkmoot/sync/store"
)

// framed gives entries as sendRecord sends them.
func framed(t testing.TB, entries []oplog.Entry) []byte {
	t.Helper()
	var b []byte
	for _, e := range entries {
		data, err := e.Encode()
		if err != nil {
			t.Fatal(err)
		}
		b = append(binary.BigEndian.AppendUint32(b, uint32(len(data))), data...)
	}
	return append(b, 0, 0, 0, 0)
}

// readStream reads a whole stream as fetch does, and gives its entries and why it ends.
func readStream(data []byte) (entries []oplog.Entry, err error) {
	in := bytes.NewReader(data)
	state, log := moot.NewState(oplogtest.Session), oplog.NewMemory()
	for {
		e, err := readEntry(in)
		if err == nil {
			err = state.Apply(e)
		}
		if err == nil {
			err = log.Append([]oplog.Entry{e})
		}
		if err != nil {
			return entries, err
		}
		entries = append(entries, e)
	}
}

// FuzzReadEntry reads any bytes as the record that comes over the socket.
func FuzzReadEntry(f *testing.F) {
	log := oplogtest.NewPen(oplogtest.Session, 1).Log(4)
	whole := framed(f, log)
	f.Add(whole)
	f.Add(whole[:len(whole)-5])
	f.Add(framed(f, log[1:]))
	f.Add([]byte{0xff, 0xff, 0xff, 0xff})
	f.Add([]byte{0, 0, 0x80, 0, 1})
	f.Fuzz(func(t *testing.T, data []byte) {
		entries, err := readStream(data)
		if again := framed(t, entries); errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) && !bytes.HasPrefix(data, again) {
			t.Errorf("read and sent again\n got %x\nwant %x", again, data)
		}
	})
}

func TestReadEntryCost(t *testing.T) {
	inputs := costtest.Hostile()
	inputs["lengths that are not there"] = bytes.Repeat([]byte{0, 0, 0x80, 0}, costtest.Size/4)
	inputs["empty entries"] = bytes.Repeat([]byte{0, 0, 0, 1, 0x80}, costtest.Size/5)
	costtest.Check(t, inputs, func(data []byte) { readStream(data) })
}

// noted is a session that notes what is done in it, and does nothing.
type noted struct {
	opened
	items []moot.Item
}

func (n *noted) Do(_ context.Context, items ...moot.Item) ([]moot.Outcome, error) {
	n.items = items
	return make([]moot.Outcome, len(items)), nil
}

// socketItems has any bytes taken as items that come over the socket.
func socketItems(data []byte) (status int, items []moot.Item) {
	session := &noted{}
	w := httptest.NewRecorder()
	takeItems(w, httptest.NewRequest(http.MethodPost, "/items", bytes.NewReader(data)), session)
	return w.Code, session.items
}

// FuzzSocketItems reads any bytes as items that another command sends, and the answer
// as the outcomes that it gets.
func FuzzSocketItems(f *testing.F) {
	for _, payload := range []moot.Payload{&moot.SetField{Field: moot.Title, Value: "x", Rev: 1}, &moot.SetVote{Value: moot.Agree, Rev: 1}} {
		draft, err := moot.Item{CID: oplog.ItemID{1}, Payload: payload}.Draft()
		if err != nil {
			f.Fatal(err)
		}
		data, err := oplog.Marshal([]wireItem{{CID: oplog.ItemID{1}, Kind: draft.Kind, Schema: draft.Schema, Payload: draft.Payload}})
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	data, err := oplog.Marshal([]wireOutcome{{Receipt: "abc", Stale: true, Rev: 5, Refused: moot.BadValue}})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Fuzz(func(t *testing.T, data []byte) {
		status, items := socketItems(data)
		if status != http.StatusOK && len(items) > 0 {
			t.Errorf("%d items were taken of a call that was refused", len(items))
		}
		outcomes, err := readOutcomes(data)
		if err != nil && outcomes != nil {
			t.Error("outcomes came with an error")
		}
	})
}

func TestSocketItemsCost(t *testing.T) {
	inputs := costtest.Hostile()
	inputs["many items"] = append([]byte{0x9a, 0, 1, 0xff, 0xff}, bytes.Repeat([]byte{0xa0}, costtest.Size-5)...)
	costtest.Check(t, inputs, func(data []byte) { socketItems(data); readOutcomes(data) })
}

// FuzzAct reads any bytes as an act of the host's page, as the host's handler does.
func FuzzAct(f *testing.F) {
	for _, act := range []string{`{"act":"start","step":"opinion"}`, `{"act":"set","field":"title","value":"x"}`, `{"act":`, `{"act":{"act":{}}}`, `{"act":"start"}{}`, "\ufeff{}", `{"act":"a","act":"b"}`, `{"minutes":1e999}`, `null`} {
		f.Add([]byte(act))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var act readmodel.Act
		dec := json.NewDecoder(bytes.NewReader(data))
		dec.DisallowUnknownFields()
		if dec.Decode(&act) != nil {
			return
		}
		if _, err := json.Marshal(act); err != nil {
			t.Errorf("%+v was read and cannot be written: %v", act, err)
		}
	})
}

// packZip zips the files of a pack.
func packZip(t testing.TB, files map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		f, err := w.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(f, files[name])
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// openPack finds a pack in a file, checks it and reads its log as the import does, and
// says how many entries it has.
func openPack(t testing.TB, path string) int {
	found, err := findPack(path, store.Free)
	var fault *intake.Fault
	if err != nil && !errors.As(err, &fault) {
		t.Fatalf("error %v", err)
	}
	defer found.remove()
	if err != nil || found.log == "" {
		return 0
	}
	verified, err := verifyPart(found.log)
	var trouble *readmodel.Trouble
	if err != nil && !errors.As(err, &trouble) {
		t.Fatalf("error %v", err)
	}
	if err != nil {
		return 0
	}
	return verified.Entries
}

// FuzzPack reads any bytes as a zipped pack.
func FuzzPack(f *testing.F) {
	f.Add(packZip(f, map[string]string{"private/SHA256SUMS": "", "private/log.jsonl": "{}\n"}))
	f.Add(packZip(f, map[string]string{"a/public/SHA256SUMS": strings.Repeat("0", 64) + "  polis/votes.csv\n", "a/public/polis/votes.csv": "timestamp,comment-id,voter-id,vote\n", "a/public/datapackage.json": `{"counts":{"votes":1e9}}`}))
	f.Add(packZip(f, map[string]string{"SHA256SUMS": "x  ../../etc/passwd\n", "log.jsonl": "[[[["}))
	f.Fuzz(func(t *testing.T, data []byte) {
		path := filepath.Join(t.TempDir(), "pack.zip")
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		openPack(t, path)
	})
}

// Every file of a pack may be hostile.
func TestPackCost(t *testing.T) {
	inputs := costtest.Hostile()
	dir := t.TempDir()
	for _, name := range []string{"log.jsonl", sumsName, "datapackage.json", "polis/votes.csv"} {
		t.Run(name, func(t *testing.T) {
			costtest.Check(t, inputs, func(data []byte) {
				files := map[string]string{sumsName: "", "log.jsonl": "", "datapackage.json": "{}", "polis/comments.csv": "comment-id,comment-body\n1,x\n"}
				files[name] = string(data)
				part := filepath.Join(dir, "private")
				for name, text := range files {
					path := filepath.Join(part, name)
					if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(text), 0o600)); err != nil {
						t.Fatal(err)
					}
				}
				report.VerifyPack(part)
			})
			os.RemoveAll(dir)
		})
	}
}
