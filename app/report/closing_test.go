package report_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"folkmoot/app/report"
	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
)

// The script in the pack counts what the program counts, votes that were changed, taken
// back and came late among them.
func TestRecountScript(t *testing.T) {
	r, pids := packed(t, "")
	first := r.View().Statements[0].ID
	for i, p := range pids[:6] {
		r.Put(&moot.SetVote{Person: p, Statement: first, Value: []moot.Vote{moot.None, moot.Pass}[i%2], Rev: 1 << 51, Src: moot.FromPhone, Open: true})
	}
	r.Put(&moot.SetVote{Person: pids[7], Statement: first, Value: moot.Agree, Rev: 1 << 51, Src: moot.FromPhone}) // after the close
	r.Put(&moot.NewStatement{Text: "two\nlines\tand a tab", Lang: "en", Standing: moot.Approved, Src: moot.Imported})
	dir := t.TempDir()
	got, err := report.WritePack(dir, source(t, r, 1), report.PackOptions{As: []string{"log"}})
	if err != nil {
		t.Fatal(err)
	}
	dir = filepath.Join(got.Folder, "private")
	wantRecount(t, dir, r.View())
	log := filepath.Join(dir, "log.jsonl")
	data, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	all := bytes.SplitAfter(data, []byte("\n"))
	if err := os.WriteFile(log, bytes.Join(append(slices.Clone(all[:9]), all[10:]...), nil), 0o600); err != nil {
		t.Fatal(err)
	}
	again := exec.Command("python3", "recount.py")
	again.Dir = dir
	if out, err := again.CombinedOutput(); err == nil || !strings.Contains(string(out), "line 10 does not follow") {
		t.Errorf("a line is missing: %v, %s", err, out)
	}
}

// wantRecount runs the script in the private part of a pack.
func wantRecount(t *testing.T, dir string, view *moot.View) {
	t.Helper()
	c := exec.Command("python3", "recount.py")
	c.Dir = dir
	out, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	want := []string{"agree\tdisagree\tpass\tstatement"}
	for _, s := range view.Statements {
		counts := map[moot.Vote]int{}
		for _, p := range view.People() {
			counts[p.Vote(s.ID).Value]++
		}
		want = append(want, strings.Join([]string{strconv.Itoa(counts[moot.Agree]), strconv.Itoa(counts[moot.Disagree]), strconv.Itoa(counts[moot.Pass]), strings.Join(strings.Fields(s.Text), " ")}, "\t"))
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	slices.Sort(lines)
	slices.Sort(want)
	if !slices.Equal(lines, want) {
		t.Errorf("recounted\n%s\nwant\n%s", strings.Join(lines, "\n"), strings.Join(want, "\n"))
	}
}

func TestClosingSheet(t *testing.T) {
	r, pids := packed(t, "")
	walk := func(n int) func(func(oplog.Entry) bool) error {
		return func(yield func(oplog.Entry) bool) error {
			for _, e := range r.Entries[:n] {
				if !yield(e) {
					return nil
				}
			}
			return nil
		}
	}
	n := len(r.Entries)
	sheet, err := report.SheetOf(r.View(), walk(n))
	if err != nil {
		t.Fatal(err)
	}
	line, session := sheet.Code(), r.View().Session.ID
	hashes := func(n int) func(oplog.ReplicaID, uint64) oplog.Hash {
		return func(id oplog.ReplicaID, seq uint64) oplog.Hash {
			if seq == 0 || seq > uint64(n) || id != r.Entries[0].Replica {
				return oplog.Hash{}
			}
			return r.Entries[seq-1].Hash()
		}
	}
	other := func(oplog.ReplicaID, uint64) oplog.Hash { return oplog.Hash{1} }
	whole := func(line string) string { // the sum is right whatever was done
		sum := sha256.Sum256([]byte(strings.ToLower(line)))
		return line + ":" + strings.ToUpper(hex.EncodeToString(sum[:2]))
	}
	bare := line[:strings.LastIndex(line, ":")]
	for _, c := range []struct {
		name, line string
		log        func(oplog.ReplicaID, uint64) oplog.Hash
		want       string
	}{
		{"as it was", line, hashes(n), ""},
		{"typed from paper", " " + strings.ToLower(line[:40]) + "\n " + line[40:], hashes(n), ""},
		{"the tail cut off", line, hashes(n - 1), "ends before entry " + strconv.Itoa(n)},
		{"another last entry", line, other, "entry " + strconv.Itoa(n) + " of"},
		{"no sheet", "hello", hashes(n), "not the line of a closing sheet"},
		{"half a line", line[:len(line)-20], hashes(n), "typing error, or is not whole"},
		{"a digit wrong", strings.Replace(line, "FOLKMOOT1:", "FOLKMOOT1:F", 1), hashes(n), "typing error"},
		{"heads that are none", whole(bare + ":XYZ"), hashes(n), "cannot be read at xyz"},
		{"another session's", whole(strings.Replace(bare, strings.ToUpper(session.String()), strings.Repeat("0", 32), 1)), hashes(n), "of another session"},
	} {
		if got := report.CheckSheet(c.line, session, c.log); c.want == "" && got != "" || !strings.Contains(got, c.want) {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	for _, since := range []int{0, 3} {
		heads := func() (oplog.Heads, error) {
			return oplog.Heads{r.Entries[0].Replica: {Seq: uint64(n + since)}}, nil
		}
		if got, err := report.AfterSheet(line, heads); got != since || err != nil {
			t.Errorf("%d entries came since: %d, %v", since, got, err)
		}
	}
	var page bytes.Buffer
	if err := report.WriteClosing(&page, source(t, r, 1)); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(page.String(), sheet.Code()) || !strings.Contains(page.String(), "<svg") || strings.Contains(page.String(), secret) || len(pids) == 0 {
		t.Error("the page lacks the line or the code, or holds a name")
	}
}
