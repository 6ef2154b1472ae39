package command

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"folkmoot/app/readmodel"
	"folkmoot/app/report"
	"folkmoot/sync/oplog"
)

// A pack of a newer version is said to be one, not to be damaged.
func TestMergeNewerPack(t *testing.T) {
	l := newLaptop(t, oplog.SessionID{6})
	l.do(base(1, 1)...)
	pack := l.pack()
	path := filepath.Join(pack, "private", logName)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var line report.LogLine
	first := text[:bytes.IndexByte(text, '\n')]
	if err := json.Unmarshal(first, &line); err != nil {
		t.Fatal(err)
	}
	raw, err := base64.StdEncoding.DecodeString(line.Entry)
	if err != nil {
		t.Fatal(err)
	}
	format := []byte{0x8c, oplog.Format} // a header of twelve parts, the first of which is its format
	if bytes.Count(raw, format) == 0 {
		t.Fatal("the header does not begin with its format")
	}
	newer := bytes.Replace(raw, format, []byte{0x8c, oplog.Format + 1}, 1)
	if _, err := oplog.Decode(newer); !errors.Is(err, oplog.ErrNewer) || !errors.Is(err, oplog.ErrMalformed) {
		t.Fatalf("decoded: %v", err)
	}
	changed := bytes.Replace(text, []byte(line.Entry), []byte(base64.StdEncoding.EncodeToString(newer)), 1)
	if err := os.WriteFile(path, changed, 0o600); err != nil {
		t.Fatal(err)
	}
	var trouble *readmodel.Trouble
	if _, err := l.a.openMerge(pack); !errors.As(err, &trouble) || trouble.Key != "merge.newer" {
		t.Errorf("%v, %+v", err, trouble)
	}
}
