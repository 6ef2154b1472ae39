package faultproxy_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"math/big"
	"math/rand/v2"
	"net"
	"runtime"
	"sync"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

	"folkmoot/sync/faultproxy"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// quick is a network whose waits are short.
var quick = faultproxy.Options{Frame: 100, Patience: 5 * time.Second, Again: time.Millisecond, Delay: 20 * time.Millisecond, Jitter: 10 * time.Millisecond, Rate: 1 << 20}

// bench is a pair with an echo at its other end: what is sent comes back.
type bench struct {
	pair *faultproxy.Pair
	at   string
}

func newBench(t *testing.T, options faultproxy.Options, wrap func(net.Listener) net.Listener) *bench {
	t.Helper()
	echo := listen(t)
	target := echo.Addr().String()
	if wrap != nil {
		echo = wrap(echo)
	}
	var served sync.WaitGroup
	served.Go(func() {
		for {
			conn, err := echo.Accept()
			if err != nil {
				return
			}
			served.Go(func() {
				defer conn.Close()
				io.Copy(conn, conn)
			})
		}
	})
	near := listen(t)
	pair := faultproxy.New("a and b", 7, options)
	pair.Serve(0, near, func(ctx context.Context) (net.Conn, error) { return (&net.Dialer{}).DialContext(ctx, "tcp", target) })
	t.Cleanup(func() {
		if err := pair.Close(); err != nil {
			t.Error(err)
		}
		echo.Close()
		served.Wait()
	})
	return &bench{pair, near.Addr().String()}
}

func listen(t *testing.T) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func (b *bench) dial(t *testing.T) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", b.at)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	conn.SetDeadline(time.Now().Add(20 * time.Second))
	return conn
}

// echoed says whether bytes come back as they were sent.
func echoed(conn net.Conn, data []byte) error {
	failed := make(chan error, 1)
	go func() {
		_, err := conn.Write(data)
		failed <- err
	}()
	back := make([]byte, len(data))
	_, err := io.ReadFull(conn, back)
	if err == nil && !bytes.Equal(back, data) {
		err = errors.New("other bytes came back")
	}
	return errors.Join(err, <-failed)
}

func noise(n int) []byte {
	data := make([]byte, n)
	random := rand.New(rand.NewPCG(1, 2))
	for i := range data {
		data[i] = byte(random.Uint32())
	}
	data[0] = 0 // not TLS
	return data
}

// strike switches a fault on while conn sends, and gives the error by which that ended;
// a system tells of a reset once.
func (b *bench) strike(t *testing.T, fault faultproxy.Fault, conn net.Conn) error {
	t.Helper()
	struck := make(chan error, 1)
	go func() { struck <- b.pair.Strike(context.Background(), fault) }()
	for back := make([]byte, 1000); ; {
		_, err := conn.Write(noise(len(back)))
		if err == nil { // no faster than the echo, so that little is under way
			conn.SetReadDeadline(time.Now().Add(10 * time.Millisecond))
			if _, err = io.ReadFull(conn, back); isTimeout(err) || errors.Is(err, io.EOF) {
				err = nil
			}
			conn.SetReadDeadline(time.Now().Add(20 * time.Second))
		}
		select {
		case failed := <-struck:
			if failed != nil {
				t.Fatal(failed)
			}
			return err
		default:
		}
	}
}

func TestForwardsWhole(t *testing.T) {
	b := newBench(t, quick, nil)
	conn := b.dial(t)
	data := noise(200_000)
	if err := echoed(conn, data); err != nil {
		t.Fatal(err)
	}
	if err := conn.(*net.TCPConn).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	if n, err := io.Copy(io.Discard, conn); n != 0 || err != nil {
		t.Errorf("after the end: %d bytes, %v", n, err)
	}
	if got := b.pair.Forwarded(); got != 2*int64(len(data)) {
		t.Errorf("%d bytes forwarded, want %d", got, 2*len(data))
	}
}

// What the network loses is sent again: nothing is missing and nothing out of order.
func TestDropArrivesWhole(t *testing.T) {
	b := newBench(t, quick, nil)
	b.strike(t, faultproxy.Drop, b.dial(t))
	before := b.pair.Hit().Touched
	conn := b.dial(t)
	if err := echoed(conn, noise(100_000)); err != nil {
		t.Fatal(err)
	}
	hit := b.pair.Heal()
	if !hit.InTransit || hit.Waiting < 1 || hit.Bytes < 1 || hit.Connections != 1 || hit.Lost != 0 || hit.Resets != 0 {
		t.Errorf("%+v", hit)
	}
	// 100 000 bytes each way are some 140 chunks, and each is lost once on average.
	if lost := hit.Touched - before; lost < 60 || lost > 280 {
		t.Errorf("%d chunks were lost of about 140", lost)
	}
	if err := echoed(conn, noise(1000)); err != nil {
		t.Errorf("after the healing: %v", err)
	}
}

func TestSlow(t *testing.T) {
	options := quick
	options.Rate = 100_000
	b := newBench(t, options, nil)
	conn := b.dial(t)
	b.strike(t, faultproxy.Slow, conn)
	other := b.dial(t)
	began := time.Now()
	if err := echoed(other, noise(10_000)); err != nil {
		t.Fatal(err)
	}
	// Each way: 100 ms for 10 000 bytes, but that both ways overlap, and twice at least
	// 10 ms of delay.
	if took := time.Since(began); took < 110*time.Millisecond {
		t.Errorf("10 000 bytes took %v", took)
	}
	if hit := b.pair.Heal(); !hit.InTransit || hit.Touched < 14 || hit.Lost != 0 {
		t.Errorf("%+v", hit)
	}
}

func TestBlackHole(t *testing.T) {
	b := newBench(t, quick, nil)
	conn := b.dial(t)
	b.strike(t, faultproxy.BlackHole, conn)
	during := b.dial(t)
	for _, c := range []net.Conn{conn, during} {
		before := b.pair.Hit().Lost
		if _, err := c.Write(noise(5000)); err != nil {
			t.Fatalf("bytes vanish, the connection stays: %v", err)
		}
		for b.pair.Hit().Lost < before+5000 {
			runtime.Gosched()
		}
	}
	hit := b.pair.Heal()
	if !hit.InTransit || hit.Touched == 0 || hit.Lost == 0 || hit.Resets != 0 {
		t.Errorf("%+v", hit)
	}
	if err := echoed(b.dial(t), noise(5000)); err != nil {
		t.Errorf("a new connection after the healing: %v", err)
	}
	during.SetReadDeadline(time.Now().Add(50 * time.Millisecond))
	during.Write(noise(1000))
	if _, err := during.Read(make([]byte, 1)); !isTimeout(err) {
		t.Errorf("a connection of the black hole woke up: %v", err)
	}
}

func wasReset(err error) bool {
	return errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE)
}

func isTimeout(err error) bool {
	late, ok := errors.AsType[net.Error](err)
	return ok && late.Timeout()
}

// The end that is left on a dead connection hears nothing of the other's leaving until
// it sends something over a network that is well.
func TestADeadConnectionEndsWithAReset(t *testing.T) {
	l := listen(t)
	taken := make(chan net.Conn, 1)
	go func() {
		conn, err := l.Accept()
		if err == nil {
			taken <- conn
		}
	}()
	pair := faultproxy.New("a and b", 1, quick)
	near := listen(t)
	pair.Serve(0, near, func(ctx context.Context) (net.Conn, error) { return net.Dial("tcp", l.Addr().String()) })
	defer pair.Close()
	defer l.Close()
	b := &bench{pair, near.Addr().String()}
	conn := b.dial(t)
	if _, err := conn.Write([]byte("hello")); err != nil {
		t.Fatal(err)
	}
	far := <-taken
	defer far.Close()
	b.strike(t, faultproxy.BlackHole, conn)
	conn.Close()
	if _, err := far.Write(noise(1000)); err != nil {
		t.Fatalf("in the black hole: %v", err)
	}
	b.pair.Heal()
	far.SetDeadline(time.Now().Add(5 * time.Second))
	var err error
	for err == nil { // the reset comes back for what was sent after the healing
		_, err = far.Write(noise(1000))
	}
	if !wasReset(err) {
		t.Errorf("after the healing: %v", err)
	}
}

func TestCut(t *testing.T) {
	b := newBench(t, quick, nil)
	conn := b.dial(t)
	err := b.strike(t, faultproxy.Cut, conn)
	if err == nil {
		_, err = io.Copy(io.Discard, conn)
	}
	if !wasReset(err) {
		t.Errorf("the connection ended with %v, want a reset", err)
	}
	hit := b.pair.Heal()
	if !hit.InTransit || hit.Resets != 1 || hit.Lost == 0 {
		t.Errorf("%+v", hit)
	}
	if err := echoed(b.dial(t), noise(5000)); err != nil {
		t.Errorf("after the healing: %v", err)
	}
}

// A reset falls into the middle of a frame, of which the beginning arrives.
func TestResetInTheMiddleOfAFrame(t *testing.T) {
	config := pairOfKeys(t)
	b := newBench(t, quick, func(l net.Listener) net.Listener { return tls.NewListener(l, config) })
	for range 5 {
		conn := tls.Client(b.dial(t), &tls.Config{InsecureSkipVerify: true})
		err := b.strike(t, faultproxy.Reset, conn)
		if err == nil {
			_, err = io.Copy(io.Discard, conn)
		}
		if !wasReset(err) {
			t.Errorf("the connection ended with %v, want a reset", err)
		}
		hit := b.pair.Heal()
		if !hit.InTransit || hit.Resets != 1 || hit.Inside != 1 || hit.Lost == 0 {
			t.Errorf("%+v", hit)
		}
	}
}

// What keeps a connection alive is no frame: a strike waits for more, and not for ever.
func TestStrikeWaitsForAFrame(t *testing.T) {
	options := quick
	options.Patience = 20 * time.Millisecond
	b := newBench(t, options, nil)
	conn := b.dial(t)
	small := make(chan error, 1)
	go func() { small <- echoed(conn, noise(50)) }()
	if err := b.pair.Strike(context.Background(), faultproxy.Reset); err != nil {
		t.Fatal(err)
	}
	if err := <-small; err != nil {
		t.Error(err)
	}
	if hit := b.pair.Heal(); hit.InTransit || hit.Took < options.Patience {
		t.Errorf("%+v", hit)
	}
	if hit := b.pair.Heal(); hit != (faultproxy.Hit{}) {
		t.Errorf("healed twice: %+v", hit)
	}
}

// What a slow line still holds is lost when it turns into a black hole.
func TestTurn(t *testing.T) {
	options := quick
	options.Delay, options.Jitter = 200*time.Millisecond, time.Millisecond
	b := newBench(t, options, nil)
	b.strike(t, faultproxy.Slow, b.dial(t))
	conn := b.dial(t)
	before := b.pair.Hit().Touched
	if _, err := conn.Write(noise(1000)); err != nil {
		t.Fatal(err)
	}
	for b.pair.Hit().Touched == before {
		runtime.Gosched()
	}
	if hit := b.pair.Turn(faultproxy.BlackHole); !hit.InTransit || hit.Fault != faultproxy.Slow {
		t.Errorf("%+v", hit)
	}
	for b.pair.Hit().Lost < 1000 {
		runtime.Gosched()
	}
	b.pair.Turn(faultproxy.Slow)
	if err := echoed(b.dial(t), noise(1000)); err != nil {
		t.Errorf("a new connection: %v", err)
	}
	if hit := b.pair.Heal(); hit.Fault != faultproxy.Slow || hit.Touched < 2 {
		t.Errorf("%+v", hit)
	}
	if hit := b.pair.Turn(faultproxy.BlackHole); hit != (faultproxy.Hit{}) {
		t.Errorf("turned without a fault: %+v", hit)
	}
}

func TestOneFaultAtATime(t *testing.T) {
	b := newBench(t, quick, nil)
	b.strike(t, faultproxy.Slow, b.dial(t))
	if err := b.pair.Strike(context.Background(), faultproxy.Drop); err == nil {
		t.Error("two faults at a time")
	}
	b.pair.Heal()
	ctx, stop := context.WithCancel(context.Background())
	stop()
	if err := b.pair.Strike(ctx, faultproxy.Drop); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want the context's end", err)
	}
	if hit := b.pair.Heal(); hit != (faultproxy.Hit{}) {
		t.Errorf("a strike that was given up is on: %+v", hit)
	}
}

func pairOfKeys(t *testing.T) *tls.Config {
	t.Helper()
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1)}
	der, err := x509.CreateCertificate(nil, template, template, public, private)
	if err != nil {
		t.Fatal(err)
	}
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: private}}}
}
