package command

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
)

// copied gives an app whose data folder is a copy of another's.
func copied(t *testing.T, of *app) *app {
	t.Helper()
	to := testApp(t)
	if err := os.CopyFS(to.data, os.DirFS(of.data)); err != nil {
		t.Fatal(err)
	}
	keys, err := filepath.Glob(filepath.Join(to.data, "*.key"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range keys {
		if err := os.Chmod(path, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return to
}

// split makes a session whose log two devices wrote at once, and gives it as the second
// holds it: with one statement of its own that does not count.
func split(t *testing.T) (*app, *local) {
	t.Helper()
	first := testApp(t)
	id := oplog.SessionID{7}
	say := func(held *local, texts ...string) oplog.Entry {
		for _, text := range texts {
			if err := refusals(held.Do(t.Context(), item(&moot.NewStatement{Text: text, Lang: "en", Standing: moot.Approved}))); err != nil {
				t.Fatal(err)
			}
		}
		var last oplog.Entry
		if err := held.Entries(held.Own(), 1, func(e oplog.Entry) bool { last = e; return true }); err != nil {
			t.Fatal(err)
		}
		return last
	}
	if err := first.nameDevice("Window table"); err != nil {
		t.Fatal(err)
	}
	held, err := first.create(id)
	if err != nil {
		t.Fatal(err)
	}
	say(held, "Before.")
	if err := held.Close(); err != nil {
		t.Fatal(err)
	}
	second := copied(t, first)
	var ends [2]oplog.Entry
	for i, a := range []*app{first, second} {
		if held, err = a.hold(id); err != nil {
			t.Fatal(err)
		}
		ends[i] = say(held, []string{"Of the first.", "Of the second."}[i])
		if i == 0 {
			held.Close()
		}
	}
	t.Cleanup(func() { held.Close() })
	var start oplog.Entry
	held.Entries(ends[1].Replica, 1, func(e oplog.Entry) bool { start = e; return false })
	key, err := oplog.KeyIn(start)
	if err != nil {
		t.Fatal(err)
	}
	if err := refusals(held.Do(t.Context(), item(&moot.Fork{Proof: oplog.ProveFork(key, ends[0], ends[1])}))); err != nil {
		t.Fatal(err)
	}
	return second, held
}

// A log that two devices wrote is said wherever devices are, until somebody named the
// branch that holds.
func TestSplitIsSaid(t *testing.T) {
	a, held := split(t)
	p, err := a.startPeers(held, peersOptions{listen: "off", quiet: true})
	if err != nil {
		t.Fatal(err)
	}
	defer p.close()
	const want = "Window table. 1 answer here does not count until you say which of the two holds. In a terminal: session branch 07000000"
	if got := p.doc().Troubles; len(got) != 1 || !strings.Contains(got[0], want) {
		t.Errorf("device list: %q", got)
	}
	for _, json := range []bool{false, true} {
		var out bytes.Buffer
		a.Out, a.json = &out, json
		if err := a.showSession(held.View(), openSplits(held.View(), held.Record())); err != nil || !strings.Contains(out.String(), want) {
			t.Errorf("session show, json %v: %s, %v", json, out.String(), err)
		}
	}
	var out bytes.Buffer
	a.Out, a.json = &out, false
	a.saySplits(held.View().Splits, held.Record())
	if text := out.String(); strings.Count(text, "held here, 1 answer\n") != 1 || !strings.Contains(text, " of Window table, from entry ") {
		t.Errorf("session branch: %s", text)
	}
	sp := held.View().Splits[0]
	if err := refusals(held.Do(t.Context(), item(&moot.Branch{Replica: sp.Replica, Seq: sp.Seq, Hash: sp.Held, Rev: 1}))); err != nil {
		t.Fatal(err)
	}
	if got := p.doc().Troubles; len(got) != 0 {
		t.Errorf("after a branch was named: %q", got)
	}
}
