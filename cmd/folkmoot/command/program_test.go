package command_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	bolt "go.etcd.io/bbolt"

	"folkmoot/cmd/folkmoot/command"
	"folkmoot/cmd/folkmoot/command/commandtest"
	"folkmoot/cmd/folkmoot/crowd"
	"folkmoot/sync/store"
)

var (
	buildOnce sync.Once
	built     string
	buildErr  error
)

// program gives the path of folkmootd, built once a test run.
func program(t testing.TB) string {
	t.Helper()
	buildOnce.Do(func() {
		dir, err := os.MkdirTemp("", "folkmootd")
		if err != nil {
			buildErr = err
			return
		}
		built = filepath.Join(dir, "folkmootd")
		_, buildErr = commandtest.Build(context.Background(), dir)
	})
	if buildErr != nil {
		t.Fatal(buildErr)
	}
	return built
}

// run runs a command and gives what it printed; it must succeed.
func run(t testing.TB, data string, args ...string) string {
	t.Helper()
	out, stderr, status := try(t, data, args...)
	if status != 0 {
		t.Fatalf("folkmootd %s: exit status %d\n%s", strings.Join(args, " "), status, stderr)
	}
	return out
}

// try runs a command and gives what it printed and its exit status.
func try(t testing.TB, data string, args ...string) (out, stderr string, status int) {
	t.Helper()
	cmd := exec.Command(program(t), append([]string{"--data", data}, args...)...)
	var o, e bytes.Buffer
	cmd.Stdout, cmd.Stderr = &o, &e
	if err := cmd.Run(); err != nil && cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return o.String(), e.String(), cmd.ProcessState.ExitCode()
}

// runJSON runs a command with --json and reads its document.
func runJSON(t testing.TB, data string, into any, args ...string) {
	t.Helper()
	out := run(t, data, append(args, "--json")...)
	if err := json.Unmarshal([]byte(out), into); err != nil {
		t.Fatalf("folkmootd %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

// serving is a running "folkmootd serve" of a test.
type serving struct {
	t          testing.TB
	server     *commandtest.Server
	base, code string
	host       string
}

// serve starts a hub and waits until it says whether voting is open.
func serve(t testing.TB, data, listen string, args ...string) *serving {
	t.Helper()
	server, err := commandtest.Program(program(t)).Serve(data, listen, args...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Kill)
	return &serving{t: t, server: server, base: server.Base, code: server.Code, host: server.Host}
}

// kill ends the hub like a power cut would, as far as a process goes.
func (s *serving) kill() { s.server.Kill() }

// interrupt ends the hub as Ctrl-C does.
func (s *serving) interrupt() {
	s.t.Helper()
	if err := s.server.Interrupt(); err != nil {
		s.t.Error(err)
	}
}

// freeAddress gives a loopback address that nobody listens on.
func freeAddress(t testing.TB) string {
	t.Helper()
	address, err := commandtest.FreeAddress()
	if err != nil {
		t.Fatal(err)
	}
	return address
}

// lookAt gives a hub as phones see it.
func lookAt(t testing.TB, s *serving) *crowd.Hub {
	t.Helper()
	hub, err := crowd.Look(context.Background(), s.base)
	if err != nil {
		t.Fatal(err)
	}
	hub.Code = s.code // which the wall tells nobody who does not know it
	return hub
}

// joined gives a new phone that was let in.
func joined(t testing.TB, hub *crowd.Hub) *crowd.Phone {
	t.Helper()
	phone := hub.Phone(crowd.NewID() + crowd.NewID())
	t.Cleanup(phone.Close)
	if err := phone.Join(context.Background(), "en"); err != nil {
		t.Fatal(err)
	}
	return phone
}

// deliver sends an item, which must be received.
func deliver(t testing.TB, phone *crowd.Phone, item crowd.Item) {
	t.Helper()
	receipts, err := phone.Send(context.Background(), item)
	if err != nil || !receipts.Has(item.CID) {
		t.Fatalf("%+v was not received: %+v %v", item, receipts, err)
	}
}

// runner cleans up after all tests.
type runner struct{ *testing.M }

func (r runner) Run() int {
	code := r.M.Run()
	if built != "" {
		os.RemoveAll(filepath.Dir(built))
	}
	stopBrowser()
	return code
}

func TestMain(m *testing.M) {
	programs := map[string]func(){"folkmootd": func() {
		os.Exit(command.Main(context.Background(), "folkmootd", os.Args[1:], command.Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Env: os.Getenv}))
	}}
	maps.Copy(programs, benchPrograms)
	testscript.Main(runner{m}, programs)
}

// TestScripts runs the manual pages in testdata.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata",
		Setup: func(e *testscript.Env) error {
			e.Setenv("FOLKMOOT_DATA", e.WorkDir+"/data")
			e.Setenv("LONG", strings.Repeat("長", 5000))
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits":    exits,
			"noise":    noise,
			"session":  rememberSession,
			"newer":    makeNewer,
			"busy":     keepBusy,
			"lines":    countLines,
			"readonly": makeReadOnly,
			"spoil":    spoilRow,
			"sheet":    rememberSheet,
			"found":    findWritten,
			"zipped":   zipFolder,
			"damage":   damage,
		},
	})
}

// exits runs a program that must end with a status: exits 2 folkmootd serve. It
// must say why in one or two lines, but for the lists that a wrong call is given.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	got := 0
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		got = exit.ExitCode()
	}
	if got != want {
		ts.Fatalf("exit status %d, want %d", got, want)
	}
	said := strings.TrimSpace(ts.ReadFile("stderr"))
	if strings.Contains(said, "panic") || strings.Contains(said, "goroutine") {
		ts.Fatalf("a fault instead of a sentence:\n%s", said)
	}
	if lines := strings.Count(said, "\n") + 1; got == 1 && (said == "" || lines > 2) {
		ts.Fatalf("%d lines say why, want one or two:\n%s", lines, said)
	}
}

// noise writes random bytes into a file: noise FILE MIB.
func noise(ts *testscript.TestScript, neg bool, args []string) {
	mib, err := strconv.Atoi(args[1])
	ts.Check(err)
	file, err := os.Create(ts.MkAbs(args[0]))
	ts.Check(err)
	_, err = io.CopyN(file, rand.Reader, int64(mib)<<20)
	ts.Check(err)
	ts.Check(file.Close())
}

// rememberSession puts the id of the newest session of a title into a variable:
// session NAME TITLE.
func rememberSession(ts *testscript.TestScript, neg bool, args []string) {
	ts.Check(ts.Exec("folkmootd", "session", "list", "--json"))
	var doc struct {
		Sessions []struct{ ID, Title string }
	}
	ts.Check(json.Unmarshal([]byte(ts.ReadFile("stdout")), &doc))
	for _, s := range doc.Sessions {
		if s.Title == args[1] {
			ts.Setenv(args[0], s.ID)
			return
		}
	}
	ts.Fatalf("no session %q in %v", args[1], doc.Sessions)
}

// makeNewer gives a session's file the next format's number: newer FILE.
func makeNewer(ts *testscript.TestScript, neg bool, args []string) {
	db, err := bolt.Open(ts.MkAbs(args[0]), 0o600, nil)
	ts.Check(err)
	ts.Check(db.Update(func(tx *bolt.Tx) error {
		return tx.Bucket([]byte("meta")).Put([]byte("format"), []byte(strconv.Itoa(store.Format+1)))
	}))
	ts.Check(db.Close())
}

// keepBusy opens a file as another program would, or listens on a port, until the
// script ends: busy file PATH, busy port NAME.
func keepBusy(ts *testscript.TestScript, neg bool, args []string) {
	if args[0] == "port" {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		ts.Check(err)
		ts.Setenv(args[1], l.Addr().String())
		ts.Defer(func() { l.Close() })
		return
	}
	db, err := bolt.Open(ts.MkAbs(args[1]), 0o600, nil)
	ts.Check(err)
	ts.Defer(func() { db.Close() })
}

// countLines compares the number of lines of the last output that hold a text:
// lines N TEXT.
func countLines(ts *testscript.TestScript, neg bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	for line := range strings.Lines(ts.ReadFile("stdout")) {
		if strings.Contains(line, args[1]) {
			got++
		}
	}
	if got != want {
		ts.Fatalf("%d lines hold %q, want %d", got, args[1], want)
	}
}

// makeReadOnly makes a folder that nobody can write into, root neither: a file
// stands where the folder would have to be made.
func makeReadOnly(ts *testscript.TestScript, neg bool, args []string) {
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), nil, 0o400))
}

// spoilRow changes a row of the stored state, as a fault of the disk may: spoil FILE.
func spoilRow(ts *testscript.TestScript, _ bool, args []string) {
	db, err := bolt.Open(ts.MkAbs(args[0]), 0o600, nil)
	ts.Check(err)
	ts.Check(db.Update(func(tx *bolt.Tx) error {
		steps := tx.Bucket([]byte("rows")).Bucket([]byte("st_step"))
		key, _ := steps.Cursor().First()
		return steps.Put(bytes.Clone(key), []byte{0xf6})
	}))
	ts.Check(db.Close())
}

// rememberSheet puts the line of the closing sheet in a folder's pack into SHEET.
func rememberSheet(ts *testscript.TestScript, _ bool, args []string) {
	found, err := filepath.Glob(filepath.Join(ts.MkAbs(args[0]), "*", "private", "closing.html"))
	ts.Check(err)
	if len(found) != 1 {
		ts.Fatalf("%d closing sheets", len(found))
	}
	ts.Setenv("SHEET", regexp.MustCompile("FOLKMOOT1:[0-9A-F:-]+").FindString(ts.ReadFile(found[0])))
}
