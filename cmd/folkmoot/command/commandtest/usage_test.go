package commandtest_test

import (
	"errors"
	"os"
	"runtime"
	"testing"

	"folkmoot/cmd/folkmoot/command/commandtest"
)

// A process that takes memory and computes is seen to do so.
func TestUsage(t *testing.T) {
	if runtime.GOOS != "linux" {
		if _, err := commandtest.UsageOf(os.Getpid()); !errors.Is(err, commandtest.ErrNoUsage) {
			t.Errorf("figures without /proc: %v", err)
		}
		return
	}
	before, err := commandtest.UsageOf(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	taken := make([]byte, 64<<20)
	for i := range taken {
		taken[i] = byte(i)
	}
	sum := 0
	for after := before; after.CPU == before.CPU; {
		for i := range taken {
			sum += int(taken[i])
		}
		if after, err = commandtest.UsageOf(os.Getpid()); err != nil {
			t.Fatal(err)
		}
		if grown := after.Anon - before.Anon; grown < 50 || after.Resident < after.Anon {
			t.Fatalf("64 MiB taken, %+v before and %+v after", before, after)
		}
	}
	runtime.KeepAlive(taken)
	if commandtest.Busy() <= 0 || commandtest.SocketsOf(os.Getpid()) < 3 {
		t.Errorf("busy %v, files %d", commandtest.Busy(), commandtest.SocketsOf(os.Getpid()))
	}
	if _, err := commandtest.UsageOf(1 << 30); !errors.Is(err, commandtest.ErrNoUsage) {
		t.Errorf("figures of no process: %v", err)
	}
}
