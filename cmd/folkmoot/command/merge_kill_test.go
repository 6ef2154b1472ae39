package command_test

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A merge that is killed, at any moment, goes on when it is repeated, and comes to what it
// would have come to.
func TestMergeKilled(t *testing.T) {
	data := t.TempDir()
	var made struct{ ID string }
	runJSON(t, data, &made, "import", "polis", polisExport(t, 700))
	pack := packOf(t, data, made.ID)
	want := digestOf(t, data, made.ID)
	inTheMiddle := 0
	for round := range 3 {
		other := t.TempDir()
		path := filepath.Join(other, made.ID+".folkmoot")
		cmd := exec.Command(program(t), "--data", other, "import", "pack", pack)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		ended := make(chan struct{})
		go func() { // the last line comes before the merge begins, the end once it is over
			defer close(ended)
			lines := bufio.NewScanner(out)
			for lines.Scan() {
				if round == 0 && strings.Contains(lines.Text(), "The newest entry") {
					return
				}
			}
		}()
		waitUntil(ended, func() bool {
			info, err := os.Stat(path)
			return round > 0 && err == nil && info.Size() > int64(round)*100<<10
		})
		cmd.Process.Kill()
		cmd.Wait()
		<-ended
		if _, err := os.Stat(path); err == nil {
			if out, _, status := try(t, other, "session", "show", made.ID, "--json"); status == 0 && !strings.Contains(out, `"votes": 2100`) {
				inTheMiddle++
			}
		}
		run(t, other, "import", "pack", pack)
		if got := digestOf(t, other, made.ID); got != want {
			t.Errorf("round %d: the digest is %s, want %s", round, got, want)
		}
	}
	t.Logf("%d of the kills hit in the middle", inTheMiddle)
}

// waitUntil looks again and again until something is so, or has ended.
func waitUntil(ended <-chan struct{}, so func() bool) {
	for {
		select {
		case <-ended:
			return
		default:
			if so() {
				return
			}
		}
	}
}
