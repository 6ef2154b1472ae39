package command

import (
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"time"

	"folkmoot/app/readmodel"
)

// sendDevices tells another command of the same user what is known of other devices.
func sendDevices(list func() []readmodel.Device) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		json.NewEncoder(w).Encode(append([]readmodel.Device{}, list()...)) // who asked may be gone
	}
}

// devicesPatience is how long a process that has a session open may take to say which
// devices it knows.
const devicesPatience = time.Second

// openDevices gives the other devices of the sessions that are open on this computer; none
// where nothing is open.
func (a *app) openDevices(ctx context.Context) []readmodel.Device {
	var all []readmodel.Device
	sessions, err := a.sessions()
	if err != nil {
		return nil // doctor's check of the disk says what is wrong with the folder
	}
	for _, id := range sessions {
		if path, err := a.socketPath(id); err == nil {
			all = append(all, askDevices(ctx, path)...)
		}
	}
	return all
}

// peerPorts gives where other devices come in to the sessions that are open on this
// computer, with their titles.
func (a *app) peerPorts(ctx context.Context) map[int]string {
	ports := map[int]string{}
	sessions, _ := a.sessions() // doctor's check of the disk says what is wrong with the folder
	for _, id := range sessions {
		asking, stop := context.WithTimeout(ctx, devicesPatience)
		if doc, err := a.askDevices(asking, id, deviceCall{Do: "list"}); err == nil && doc.Port > 0 {
			ports[doc.Port] = doc.Title
		}
		stop()
	}
	return ports
}

// askDevices asks one process; nil where none listens at that socket.
func askDevices(ctx context.Context, path string) []readmodel.Device {
	ctx, stop := context.WithTimeout(ctx, devicesPatience)
	defer stop()
	transport := &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", path)
	}}
	defer transport.CloseIdleConnections()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://session/devices", nil)
	if err != nil {
		return nil
	}
	res, err := (&http.Client{Transport: transport}).Do(req)
	if err != nil {
		return nil
	}
	defer res.Body.Close()
	var list []readmodel.Device
	if res.StatusCode != http.StatusOK || json.NewDecoder(io.LimitReader(res.Body, 4<<20)).Decode(&list) != nil {
		return nil
	}
	return list
}
