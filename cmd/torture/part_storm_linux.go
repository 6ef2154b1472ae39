package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"
)

// stormPart breaks the network between real processes: a step is a round.
func stormPart(w *workshop) Part {
	return Part{
		Name: "storm", What: "two hubs, three tablets and two pages vote while each network between two is broken by every fault in each round: all end with one digest, nothing acknowledged is missing, nothing is there twice",
		Short: 20, Release: 500, Chunk: 5,
		Run: func(ctx context.Context, from, to int, note func(string, float64)) error {
			return w.stormTest(ctx, "TestStorm", from, to, note)
		},
	}
}

// takeoverChunk is how many kills one session sees at the most.
const takeoverChunk = 10

// takeoverPart kills the hub while pages vote: a step is a kill.
func takeoverPart(w *workshop) Part {
	return Part{
		Name: "takeover", What: "the hub is killed under load and its backup goes on: everything acknowledged is there, pages are saving again within 15 s, the killed laptop comes back as the backup",
		Short: 20, Release: 500, Chunk: takeoverChunk,
		Run: func(ctx context.Context, from, to int, note func(string, float64)) error {
			test := "TestTakeover" // with a tablet, and by turns the program itself
			if from/takeoverChunk%2 == 0 {
				test = "TestTakeoverOfTheProgram"
			}
			return w.stormTest(ctx, test, from, to, note)
		},
	}
}

// stormTest runs a test of the storm package with so many rounds, in its own program:
// that one knows how to become root in a namespace, and to be a device.
func (w *workshop) stormTest(ctx context.Context, test string, from, to int, note func(string, float64)) error {
	program := filepath.Join(w.scratch, "storm.test")
	if _, err := os.Stat(program); errors.Is(err, os.ErrNotExist) {
		out, err := exec.CommandContext(ctx, "go", "test", "-c", "-tags", "ci", "-o", program, "./cmd/torture/storm").CombinedOutput()
		if err != nil {
			return fmt.Errorf("build the storm: %w\n%s", err, out)
		}
	}
	folder, err := w.folder("storm")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	kept := filepath.Join(folder, "figures.json")
	cmd := exec.CommandContext(ctx, program, "-test.run", "^"+test+"$", "-test.v", "-test.timeout", "0",
		"-seed", strconv.Itoa(from+1), "-rounds", strconv.Itoa(to-from), "-figures", kept)
	cmd.Env = append(os.Environ(), "TMPDIR="+folder)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 10 * time.Second
	out, err := cmd.CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s: %w\n%s", test, err, out)
	}
	data, err := os.ReadFile(kept)
	if err != nil {
		return err
	}
	var figures map[string][]float64
	if err := json.Unmarshal(data, &figures); err != nil {
		return err
	}
	for key, values := range figures {
		for _, value := range values {
			note(key, value)
		}
	}
	return nil
}
