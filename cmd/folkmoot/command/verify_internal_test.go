package command

import (
	"bytes"
	"context"
	"crypto/rand"
	"strings"
	"testing"

	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
	"folkmoot/sync/oplog/oplogtest"
	"folkmoot/sync/store"
)

// A session's file of which an unpaired device's log goes on says how much does not count.
func TestVerifySaysWhatDoesNotCount(t *testing.T) {
	for above, want := range map[int]string{0: "", 1: "1 entry of an unpaired device does not count", 3: "3 entries of an unpaired device do not count"} {
		session := oplog.SessionID{5}
		hub, tablet := oplogtest.NewPen(session, 1), oplogtest.NewPen(session, 2)
		log := []oplog.Entry{hub.Open()}
		draft, err := moot.Item{CID: hub.CID(), Payload: &moot.Unpair{Replica: tablet.Replica(), Seq: 4}}.Draft()
		if err != nil {
			t.Fatal(err)
		}
		log = append(log, hub.Write(draft))
		f, err := store.Create(t.TempDir(), session, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		if err := f.Append(append(log, tablet.Log(4+above)...)); err != nil {
			t.Fatal(err)
		}
		f.Close()
		var out, errs bytes.Buffer
		if code := Main(context.Background(), "folkmoot", []string{"verify", f.Path()}, Streams{Out: &out, Err: &errs}); code != 0 {
			t.Fatalf("%d: %s%s", code, out.String(), errs.String())
		}
		if want == "" {
			if strings.Contains(out.String(), "unpaired") {
				t.Errorf("nothing is left out, and it is said all the same:\n%s", out.String())
			}
			continue
		}
		if !strings.Contains(out.String(), want+": the log "+tablet.Replica().String()+", from entry 5 on.") {
			t.Errorf("%d above:\n%s", above, out.String())
		}
	}
}
