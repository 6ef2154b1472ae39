package command

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"

	"folkmoot/sync/oplog"
)

// backupReply is what the program that has a session open says of a backup.
type backupReply struct {
	Doc backupDoc `json:"doc"`
	// Why and Try say why there is none.
	Why string `json:"why"`
	Try string `json:"try"`
}

// writeBackup writes a backup for another command of the same user.
func (a *app) writeBackup(w http.ResponseWriter, r *http.Request, session opened) {
	held, ok := session.(*local)
	to, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 64<<10))
	if err != nil || !ok {
		http.Error(w, "no backup can be written here", http.StatusBadRequest)
		return
	}
	var reply backupReply
	made, err := held.guarded(a).writeTo(r.Context(), string(to))
	if err == nil {
		reply.Doc = backupDocOf(made)
	} else {
		reply.Why = err.Error()
		var p *problem
		if errors.As(backupProblem(string(to), err), &p) {
			reply.Why, reply.Try = p.why, p.try
		}
	}
	json.NewEncoder(w).Encode(reply)
}

// askBackup has the program that has a session open write a backup.
func (a *app) askBackup(ctx context.Context, id oplog.SessionID, to string) (backupDoc, error) {
	path, err := a.socketPath(id)
	if err != nil {
		return backupDoc{}, err
	}
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", path)
	}
	client := http.Client{Transport: &http.Transport{DialContext: dial}}
	defer client.CloseIdleConnections()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://session/backup", bytes.NewReader([]byte(to)))
	if err != nil {
		return backupDoc{}, err
	}
	var reply backupReply
	res, err := client.Do(req)
	if err == nil {
		defer res.Body.Close()
		err = json.NewDecoder(res.Body).Decode(&reply)
	}
	if err != nil {
		return backupDoc{}, &problem{why: "the session is open in a program that does not write a backup of it", try: "close it there, then try again", cause: err}
	}
	if reply.Why != "" {
		return backupDoc{}, &problem{why: reply.Why, try: reply.Try}
	}
	return reply.Doc, nil
}
