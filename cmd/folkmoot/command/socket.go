package command

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"folkmoot/app/readmodel"
	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
)

// socketPath gives where the process that has a session open can be asked: in the
// data folder, or in a folder of this user's below the one for temporary files where that
// path would be too long for a socket's address.
func (a *app) socketPath(id oplog.SessionID) (string, error) {
	dir, err := a.folder()
	if err != nil {
		return "", err
	}
	path, err := filepath.Abs(filepath.Join(dir, id.String()+".sock"))
	if err == nil && len(path) > 100 {
		sum := sha256.Sum256([]byte(path))
		own, err := ownFolder(os.TempDir(), os.Getuid())
		return filepath.Join(own, hex.EncodeToString(sum[:12])+".sock"), err
	}
	return path, err
}

// askPatience is how long a program that has a session open may take to begin its
// answer: one that was stopped must not hold up who asks.
const askPatience = 5 * time.Second

// wireItem is an item on its way over the socket.
type wireItem struct {
	CID     oplog.ItemID `cbor:"1,keyasint"`
	Kind    string       `cbor:"2,keyasint"`
	Schema  uint         `cbor:"3,keyasint"`
	Payload []byte       `cbor:"4,keyasint"`
}

type wireOutcome struct {
	Receipt string    `cbor:"1,keyasint"`
	Again   bool      `cbor:"2,keyasint"`
	Late    bool      `cbor:"3,keyasint"`
	Stale   bool      `cbor:"4,keyasint"`
	Rev     uint64    `cbor:"5,keyasint"`
	Refused moot.Code `cbor:"6,keyasint"`
	Limit   int       `cbor:"7,keyasint"`
}

// listenSocket answers other commands of the same user about a session that is
// open here, until the given stop is called; with others about its other devices too.
func (a *app) listenSocket(session opened, others *peers) (stop func(), err error) {
	path, err := a.socketPath(session.View().Session.ID)
	if err != nil {
		return nil, err
	}
	os.Remove(path) // of a process that was killed; the file's lock says that none lives
	listener, err := net.Listen("unix", path)
	if err != nil {
		return nil, fmt.Errorf("socket %s: %w", path, err)
	}
	if err := os.Chmod(path, 0o600); err != nil {
		listener.Close()
		return nil, fmt.Errorf("socket %s: %w", path, err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /record", func(w http.ResponseWriter, _ *http.Request) { sendRecord(w, session.Record()) })
	mux.HandleFunc("POST /items", func(w http.ResponseWriter, r *http.Request) { takeItems(w, r, session) })
	mux.HandleFunc("POST /backup", func(w http.ResponseWriter, r *http.Request) { a.writeBackup(w, r, session) })
	if others != nil {
		mux.HandleFunc("POST /devices", func(w http.ResponseWriter, r *http.Request) { serveDevices(w, r, others) })
		mux.HandleFunc("GET /devices", sendDevices(func() []readmodel.Device { return others.Devices(nowMS()).List }))
	}
	mux.HandleFunc("POST /merge", func(w http.ResponseWriter, r *http.Request) { a.takeMerge(w, r, session) })
	mux.HandleFunc("POST /leave", a.orphan.leave)
	server := &http.Server{Handler: mux}
	done := make(chan struct{})
	go func() { defer close(done); server.Serve(listener) }()
	return func() { server.Close(); <-done }, nil
}

// sendRecord streams all entries, each behind its length, and ends with a zero.
func sendRecord(w http.ResponseWriter, log oplog.Log) {
	var failed error
	err := oplog.All(log, func(e oplog.Entry) bool {
		var data []byte
		if data, failed = e.Encode(); failed == nil {
			_, failed = w.Write(binary.BigEndian.AppendUint32(nil, uint32(len(data))))
		}
		if failed == nil {
			_, failed = w.Write(data)
		}
		return failed == nil
	})
	if err == nil && failed == nil {
		w.Write(make([]byte, 4))
	}
}

func takeItems(w http.ResponseWriter, r *http.Request, session opened) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 64<<20))
	var wire []wireItem
	if err == nil {
		err = oplog.Unmarshal(body, &wire)
	}
	items := make([]moot.Item, len(wire))
	for i, in := range wire {
		if err == nil {
			items[i].CID = in.CID
			items[i].Payload, err = moot.Decode(in.Kind, in.Schema, in.Payload)
		}
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	outcomes, err := session.Do(r.Context(), items...)
	if err != nil {
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
		return
	}
	out := make([]wireOutcome, len(outcomes))
	for i, o := range outcomes {
		out[i] = wireOutcome{Receipt: o.Receipt, Again: o.Again, Late: o.Late}
		if o.Stale != nil {
			out[i].Stale, out[i].Rev = true, o.Stale.Rev
		}
		if o.Refusal != nil {
			out[i].Refused, out[i].Limit = o.Refusal.Code, o.Refusal.Limit
		}
	}
	data, err := oplog.Marshal(out)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Write(data)
}

// remote is a session that another process of the same user has open.
type remote struct {
	client *http.Client
	log    *oplog.Memory
	view   *moot.View
}

// ask fetches the record of a session from the process that has it open.
func (a *app) ask(id oplog.SessionID) (*remote, error) {
	path, err := a.socketPath(id)
	if err != nil {
		return nil, err
	}
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", path)
	}
	r := &remote{client: &http.Client{Transport: &http.Transport{DialContext: dial}}}
	return r, r.fetch(id)
}

func (r *remote) fetch(id oplog.SessionID) error {
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	patience := time.AfterFunc(askPatience, stop)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://session/record", nil)
	if err != nil {
		return err
	}
	res, err := r.client.Do(req)
	if err != nil {
		return err
	}
	patience.Stop() // it answers: the rest may take its time
	defer res.Body.Close()
	log := oplog.NewMemory()
	for err == nil {
		var e oplog.Entry
		if e, err = readEntry(res.Body); err == nil {
			err = log.Append([]oplog.Entry{e})
		}
	}
	if !errors.Is(err, io.EOF) {
		return fmt.Errorf("ask for the record: %w", err)
	}
	state, err := moot.FoldLog(id, log)
	if err != nil {
		return fmt.Errorf("ask for the record: %w", err)
	}
	r.view, r.log = state.View(), log
	return nil
}

// readEntry reads one entry behind its length; io.EOF at the closing zero.
func readEntry(from io.Reader) (oplog.Entry, error) {
	var size [4]byte
	if _, err := io.ReadFull(from, size[:]); err != nil {
		return oplog.Entry{}, fmt.Errorf("%w: the stream was cut off", io.ErrUnexpectedEOF)
	}
	n := binary.BigEndian.Uint32(size[:])
	if n == 0 {
		return oplog.Entry{}, io.EOF
	}
	if n > oplog.MaxEntry {
		return oplog.Entry{}, oplog.ErrTooBig
	}
	data := make([]byte, n)
	if _, err := io.ReadFull(from, data); err != nil {
		return oplog.Entry{}, fmt.Errorf("%w: the stream was cut off", io.ErrUnexpectedEOF)
	}
	return oplog.Decode(data)
}

// View gives the session as it stood when it was asked for.
func (r *remote) View() *moot.View { return r.view }

// Record gives the entries as they were then.
func (r *remote) Record() oplog.Log { return r.log }

// Close lets the other process be.
func (r *remote) Close() error { r.client.CloseIdleConnections(); return nil }

// Do has the other process take items into the record.
func (r *remote) Do(ctx context.Context, items ...moot.Item) ([]moot.Outcome, error) {
	wire := make([]wireItem, len(items))
	for i, it := range items {
		draft, err := it.Draft()
		if err != nil {
			return nil, err
		}
		wire[i] = wireItem{CID: it.CID, Kind: draft.Kind, Schema: draft.Schema, Payload: draft.Payload}
	}
	body, err := oplog.Marshal(wire)
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://session/items", bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	res, err := r.client.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, err
	}
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the process that has the session open says: %s", bytes.TrimSpace(data))
	}
	return readOutcomes(data)
}

func readOutcomes(data []byte) ([]moot.Outcome, error) {
	var wire []wireOutcome
	if err := oplog.Unmarshal(data, &wire); err != nil {
		return nil, err
	}
	out := make([]moot.Outcome, len(wire))
	for i, o := range wire {
		out[i] = moot.Outcome{Receipt: o.Receipt, Again: o.Again, Late: o.Late}
		if o.Stale {
			out[i].Stale = &moot.Stale{Rev: o.Rev}
		}
		if o.Refused != "" {
			out[i].Refusal = &moot.Refusal{Code: o.Refused, Limit: o.Limit}
		}
	}
	return out, nil
}
